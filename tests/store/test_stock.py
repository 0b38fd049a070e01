"""Blanks: the database's sums, the core's arithmetic and the view for independent checks say the same."""

from collections import Counter
from contextlib import suppress
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from ktpel_desktop.core.errors import PolicyError
from ktpel_desktop.core.issuance import TERMINAL, TRANSITIONS, JobState
from ktpel_desktop.core.stock import BLANK_KINDS, LOANS, BlankBalance, Movement, MovementKind, balance
from ktpel_desktop.store.sql_store import SqlStore
from tests.store.database import MORNING, OPERATOR, add_blanks, add_request, fresh_store, open_job
from tests.store.raw import attacker, refusal
from tests.store.test_transitions import details, way

_K = MovementKind


def movement(kind: MovementKind, quantity: int, approver: str | None = "ratna") -> Movement:
    partner = "Kelurahan Senen" if kind in LOANS else ""
    return Movement(kind, quantity, "BAST-7", MORNING, "sari", approver, partner)


def test_movements_come_back_in_their_order(store: SqlStore) -> None:
    told = [movement(_K.OPENING, 5), movement(_K.RECEIVED, 100, None), movement(_K.CORRECTION, -2)]
    with store.unit(OPERATOR, MORNING) as unit:
        for line in told:
            unit.stock.add(line)
        assert unit.stock.movements() == told
        assert [event.kind for event in unit.events.of("blangko")] == [
            "stock.SALDO_AWAL", "stock.TERIMA", "stock.KOREKSI",
        ]  # fmt: skip
        assert unit.stock.balance().left == 103


def test_the_rules_of_the_core_are_asked(store: SqlStore) -> None:
    with store.unit(OPERATOR, MORNING) as unit:
        for line, code in (
            (movement(_K.RETURNED, 1), "stock.more_than_left"),
            (movement(_K.RECEIVED, 0), "stock.quantity"),
            (movement(_K.CORRECTION, 1, None), "stock.second_person_missing"),
            (movement(_K.CORRECTION, 1, "sari"), "stock.second_person_missing"),
        ):
            with refusal(code):
                unit.stock.add(line)
        assert unit.events.head() is None


def view(store: SqlStore) -> BlankBalance:
    """The balance as an auditor reads it, in plain SQL."""
    with attacker(store) as db:
        asked = "SELECT awal, terima, koreksi, terbit, rusak, retur, dipegang, pinjaman, akhir FROM v_blangko"
        *figures, akhir = db.execute(asked).fetchone()
    found = BlankBalance(*figures)
    assert found.left == akhir
    return found


LINES = st.lists(st.tuples(st.sampled_from(sorted(BLANK_KINDS)), st.integers(-20, 40)), max_size=12)
ENDS = st.lists(st.sampled_from(JobState), max_size=8)


@settings(max_examples=60)
@given(lines=LINES, ends=ENDS)
def test_the_sums_are_those_of_the_core(
    tmp_path_factory: object, lines: list[tuple[MovementKind, int]], ends: list[JobState]
) -> None:
    folder: Path = tmp_path_factory.mktemp("sums")  # type: ignore[attr-defined]
    with fresh_store(folder) as store:
        with store.unit(OPERATOR, MORNING) as unit:
            for kind, quantity in lines:
                with suppress(PolicyError):
                    unit.stock.add(movement(kind, quantity))
            for place, end in enumerate(ends):
                request = add_request(unit, f"TICKET{place}")
                if unit.stock.balance().left == 0:
                    with refusal("issuing.no_blank"):
                        open_job(unit, request.id)
                    continue
                job = open_job(unit, request.id)
                for to in way(TRANSITIONS, JobState.RESERVED, end):
                    more = {"chip_serial": f"chip-{place}"} if to is JobState.ENCODING else details(to)
                    job = unit.jobs.move(job, to, **more)
            counted = unit.stock.balance()
            assert counted.left >= 0
            assert counted == balance(unit.stock.movements(), unit.jobs.counts())
        assert view(store) == counted


def test_requests_by_state_for_an_auditor(store: SqlStore) -> None:
    with store.unit(OPERATOR, MORNING) as unit:
        add_blanks(unit)
        for place in range(3):
            add_request(unit, f"T{place}")
        counted = Counter({state.value: number for state, number in unit.requests.count().items()})
    with attacker(store) as db:
        assert Counter(dict(db.execute("SELECT keadaan, jumlah FROM v_permohonan"))) == counted


def test_an_open_job_holds_its_blank(store: SqlStore) -> None:
    with store.unit(OPERATOR, MORNING) as unit:
        add_blanks(unit, 1)
        add_request(unit)
        job = open_job(unit)
        assert job.state not in TERMINAL
        assert (unit.stock.balance().open, unit.stock.balance().left) == (1, 0)
        with refusal("stock.more_than_left"):
            unit.stock.add(movement(_K.RETURNED, 1))
