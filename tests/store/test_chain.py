"""The chain: what raw SQL cannot do to it, and what the check sees when somebody did it all the same."""

import json
from datetime import timedelta, timezone

import pytest

from ktpel_desktop.core.audit import GENESIS, ChainReport, check_chain
from ktpel_desktop.core.issuance import SpoilReason
from ktpel_desktop.store.sql_store import SqlStore
from tests.store.database import MORNING, OPERATOR, OTHER, later
from tests.store.raw import Attacker, attacker, drop_rules, refused


@pytest.fixture
def ten(store: SqlStore) -> SqlStore:
    """A store with ten events."""
    for number in range(10):
        with store.unit(OPERATOR, later(number)) as unit:
            unit.record("test.kind", f"subject-{number % 3}", {"number": number}, approver="ratna")
    return store


def report(store: SqlStore) -> ChainReport:
    with store.unit(OPERATOR, MORNING) as unit:
        return check_chain(unit.events.all())


EVENT = "INSERT {or_} INTO event VALUES (?, 't', 'x', 'OPERATOR', 'PC', 'k', 's', '{{}}', NULL, ?, ?)"


def test_events_come_back_as_they_were_told(store: SqlStore) -> None:
    jakarta = MORNING.astimezone(timezone(timedelta(hours=7))) + timedelta(microseconds=1)
    data = {
        "codes": ("b", "a"),
        "reason": SpoilReason.DAMAGED,
        "quantity": -3,
        "who": "Ñandú ’x’",
        "none": None,
    }
    with store.unit(OPERATOR, jakarta) as unit:
        told = unit.record("test.kind", "one", data, approver="ratna")
        assert unit.events.head() == told
    with store.unit(OTHER, MORNING) as unit:
        assert list(unit.events.all()) == [told]
        assert told.at == jakarta
        assert (told.seq, told.previous, told.actor, told.pc) == (1, GENESIS, "sari", "PC-1")
        assert told.data == {
            "codes": ["b", "a"],
            "reason": "RUSAK_FISIK",
            "quantity": -3,
            "who": "Ñandú ’x’",
            "none": None,
        }
    assert report(store).intact


def test_an_empty_chain_is_intact(store: SqlStore) -> None:
    assert report(store) == ChainReport(0, GENESIS, None)


def test_parts_of_the_chain(ten: SqlStore) -> None:
    with ten.unit(OPERATOR, MORNING) as unit:
        assert [event.seq for event in unit.events.all(after=3, until=6)] == [4, 5, 6]
        assert [event.data["number"] for event in unit.events.of("subject-1")] == [1, 4, 7]
    assert report(ten).intact
    assert report(ten).count == 10


def test_the_events_of_some_kinds(store: SqlStore) -> None:
    with store.unit(OPERATOR, MORNING) as unit:
        for kind in ("a.one", "b.two", "c.three", "a.one"):
            unit.record(kind, "any")
        assert [event.seq for event in unit.events.of_kinds(frozenset({"a.one", "b.two"}))] == [1, 2, 4]
        assert [event.seq for event in unit.events.of_kinds(frozenset({"a.one"}), after=1)] == [4]
        assert list(unit.events.of_kinds(frozenset({"a"}))) == []


@pytest.mark.parametrize("seq", [None, 0, 5, 10, 12])
@pytest.mark.parametrize("or_", ["", "OR REPLACE"])
def test_numbers_have_no_gap_and_are_used_once(ten: SqlStore, seq: int | None, or_: str) -> None:
    with attacker(ten) as db:
        head = db.execute("SELECT hash FROM event WHERE seq = 10").fetchone()[0]
        refused(db, "event_without_gap", EVENT.format(or_=or_), seq, head, "f" * 64)
    assert report(ten).count == 10


def test_a_link_fits_the_newest_event(ten: SqlStore) -> None:
    with attacker(ten) as db:
        older = db.execute("SELECT hash FROM event WHERE seq = 9").fetchone()[0]
        for previous in (older, GENESIS):
            refused(db, "event_chained", EVENT.format(or_=""), 11, previous, "f" * 64)


def test_events_are_neither_changed_nor_taken_away(ten: SqlStore) -> None:
    with attacker(ten) as db:
        for or_ in ("", "OR IGNORE", "OR REPLACE"):
            refused(db, "event_update_refused", f"UPDATE {or_} event SET data = '{{}}' WHERE seq = 4")
        refused(db, "event_delete_refused", "DELETE FROM event WHERE seq = 10")
        refused(db, "event_delete_refused", "DELETE FROM event")


@pytest.mark.parametrize(
    "column", ["at", "actor", "role", "pc", "kind", "subject", "data", "approver", "hash", "previous"]
)
def test_an_altered_event_is_seen(ten: SqlStore, column: str) -> None:
    with attacker(ten) as db:
        drop_rules(db)
        other = {
            "at": "2026-01-05T09:09:09.000000+00:00",
            "data": '{"number":99}',
            "hash": "e" * 64,
            "previous": "e" * 64,
        }
        db.execute(f"UPDATE event SET {column} = ? WHERE seq = 4", (other.get(column, "other"),))
    assert report(ten).first_bad == 4


def test_a_removed_event_is_seen(ten: SqlStore) -> None:
    with attacker(ten) as db:
        drop_rules(db)
        db.execute("DELETE FROM event WHERE seq = 4")
    assert report(ten).first_bad == 5


def test_an_inserted_event_is_seen(ten: SqlStore) -> None:
    with attacker(ten) as db:
        drop_rules(db)
        shift(db, 4)
        link = db.execute("SELECT hash FROM event WHERE seq = 3").fetchone()[0]
        db.execute(EVENT.format(or_="").replace("'t'", f"'{MORNING.isoformat()}'"), (4, link, "f" * 64))
    assert report(ten).first_bad == 4


def test_a_cut_tail_is_seen_by_the_head_noted_elsewhere(ten: SqlStore) -> None:
    noted = report(ten)
    with attacker(ten) as db:
        drop_rules(db)
        db.execute("DELETE FROM event WHERE seq > 8")
    assert report(ten).intact
    assert (report(ten).count, report(ten).head) != (noted.count, noted.head)


def test_a_chain_forged_by_sql_passes_the_rules_and_fails_the_check(ten: SqlStore) -> None:
    with attacker(ten) as db:
        head = db.execute("SELECT hash FROM event WHERE seq = 10").fetchone()[0]
        forged = EVENT.format(or_="").replace("'t'", f"'{MORNING.isoformat()}'")
        db.execute(forged, (11, head, "f" * 64))
    assert report(ten).first_bad == 11


def test_data_is_canonical_json(ten: SqlStore) -> None:
    with attacker(ten) as db:
        for (text,) in db.execute("SELECT data FROM event"):
            assert text == json.dumps(
                json.loads(text), sort_keys=True, separators=(",", ":"), ensure_ascii=False
            )


def shift(db: Attacker, first: int) -> None:
    """Make room for an event at `first`."""
    for (seq,) in db.execute("SELECT seq FROM event WHERE seq >= ? ORDER BY seq DESC", (first,)).fetchall():
        db.execute("UPDATE event SET seq = ? WHERE seq = ?", (seq + 1, seq))
