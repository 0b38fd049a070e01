"""The register of blanks, and that its sums always hold."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ktpel_desktop.core.errors import PolicyError
from ktpel_desktop.core.records import Person
from ktpel_desktop.core.roles import Action, Actor
from ktpel_desktop.core.serials import SerialRange
from ktpel_desktop.core.stock import Loan, MovementKind, PhysicalCount
from ktpel_desktop.core.stock import balance as arithmetic
from ktpel_desktop.services import counting, stock
from ktpel_desktop.services.stock import SUBJECT
from ktpel_desktop.store.sql_store import SqlStore
from tests.services import office
from tests.services.desks import MORNING
from tests.services.office import (
    AGUS,
    BLANKS,
    BUDI,
    JOKO,
    RATNA,
    SARI,
    TONO,
    World,
    approved,
    nik,
    refused,
)
from tests.store.database import QUICK

LEAVE = approved(Action.STOCK_CORRECTION, SUBJECT)
FORTY = PhysicalCount(40, 40, 0)


@contextmanager
def new_office() -> Iterator[World]:
    """An office without any blank, whose register is empty."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "template.db"
        SqlStore.open(path, at=MORNING, hasher=QUICK, synchronous="OFF").close()
        world = office.copy(path, Path(folder))
        with world.desk.unit(TONO) as unit:
            for person in (BUDI, AGUS):
                unit.people.add(Person(person.username, person.name, person.role), office.PASSWORD)
        try:
            yield world
        finally:
            world.store.close()


def test_blanks_come_in(world: World) -> None:
    balance = stock.receive(world.desk, BUDI, 500, " BAST-7 ")
    assert (balance.received, balance.left) == (500, BLANKS + 500)
    assert world.events("stock.TERIMA") == [("blangko", {"quantity": 500, "document": "BAST-7"})]


def test_blanks_go_back(world: World) -> None:
    balance = stock.give_back(world.desk, BUDI, BLANKS, "BAST-8")
    assert (balance.returned, balance.left) == (BLANKS, 0)


def test_no_more_goes_back_than_there_is(world: World) -> None:
    with refused("stock.more_than_left"):
        stock.give_back(world.desk, BUDI, BLANKS + 1, "BAST-8")


@pytest.mark.parametrize("quantity", [0, -1])
def test_a_movement_has_a_quantity(world: World, quantity: int) -> None:
    with refused("stock.quantity"):
        stock.receive(world.desk, BUDI, quantity, "BAST-7")
    with refused("stock.quantity"):
        stock.give_back(world.desk, BUDI, quantity, "BAST-7")


def test_a_movement_has_a_document(world: World) -> None:
    with refused("stock.document_missing"):
        stock.receive(world.desk, BUDI, 5, "  ")


def test_a_correction_is_made_by_two_persons(world: World) -> None:
    balance = stock.correct(world.desk, BUDI, -2, "dua lembar hilang", LEAVE)
    assert (balance.corrected, balance.left) == (-2, BLANKS - 2)
    with world.desk.unit(BUDI) as unit:
        kept = unit.stock.movements()[-1]
    assert (kept.by, kept.approver) == ("budi", "ratna")


def test_a_correction_without_leave_is_refused(world: World) -> None:
    with refused("approval.missing"):
        stock.correct(world.desk, BUDI, -2, "hilang", None)
    with refused("approval.for_another"):
        stock.correct(world.desk, BUDI, -2, "hilang", approved(Action.WAIVE_ROOM, SUBJECT))


def test_nobody_corrects_with_their_own_leave(world: World) -> None:
    with refused("stock.second_person_missing"):
        stock.correct(
            world.desk, RATNA, 1, "ketemu", approved(Action.STOCK_CORRECTION, SUBJECT, RATNA, RATNA)
        )


def test_a_correction_has_a_reason(world: World) -> None:
    with refused("stock.document_missing"):
        stock.correct(world.desk, BUDI, -2, "", LEAVE)


def test_the_first_stock_is_booked_once_by_two_persons() -> None:
    with new_office() as world:
        with refused("approval.missing"):
            stock.opening(world.desk, BUDI, FORTY, "BA-1", None, second_counter="agus")
        balance = stock.opening(world.desk, BUDI, FORTY, "BA-1", LEAVE, second_counter="agus")
        assert (balance.opening, balance.left) == (40, 40)
        ((_subject, said),) = world.events(stock.COUNTED)
        assert (said["first"], said["second_counter"]) == (40, "agus")
        with refused("stock.opened_already"):
            stock.opening(world.desk, BUDI, FORTY, "BA-1", LEAVE, second_counter="agus")


def test_the_first_stock_is_counted_by_two_who_agree(world: World) -> None:
    with new_office() as fresh:
        for count, second, code in (
            (PhysicalCount(40, 41, 0), "agus", "shift.counts_disagree"),
            (FORTY, "budi", "shift.second_counter"),
            (FORTY, "nobody", "shift.second_counter"),
            (PhysicalCount(-1, -1, 0), "agus", "shift.count_negative"),
        ):
            with refused(code):
                stock.opening(fresh.desk, BUDI, count, "BA-1", LEAVE, second_counter=second)
        assert stock.balance(fresh.desk, BUDI).left == 0


# ---------------------------------------------------------------- loans, counts, serials


def test_a_loan_stays_open_until_it_is_given_back(world: World) -> None:
    stock.loan(world.desk, BUDI, MovementKind.LENT, 5, "BAST-P1", " Kelurahan Senen ")
    assert stock.loans(world.desk, RATNA) == (Loan(MovementKind.LENT, "Kelurahan Senen", 5),)
    assert stock.balance(world.desk, BUDI).left == BLANKS - 5
    with refused("stock.more_than_owed"):
        stock.loan(world.desk, BUDI, MovementKind.LENT_BACK, 6, "BAST-P2", "Kelurahan Senen")
    stock.loan(world.desk, BUDI, MovementKind.LENT_BACK, 5, "BAST-P2", "kelurahan  SENEN")
    assert stock.loans(world.desk, RATNA) == ()
    assert stock.balance(world.desk, BUDI).left == BLANKS
    with refused("stock.kind_wrong"):
        stock.loan(world.desk, BUDI, MovementKind.RECEIVED, 5, "BAST-P1", "Kelurahan Senen")


def test_a_nik_typed_as_an_office_is_masked(world: World) -> None:
    stock.loan(world.desk, BUDI, MovementKind.LENT, 1, "BAST-P1", f"Pak {nik(1).reveal()}")
    assert nik(1).reveal() not in str(world.events("stock.PINJAM_KELUAR"))
    assert nik(1).reveal() not in str(stock.loans(world.desk, BUDI))


def test_printed_serials_are_kept_where_blanks_have_them(world: World) -> None:
    stock.receive(world.desk, BUDI, 10, "BAST-7", serials=SerialRange("A01", "A10"))
    with refused("stock.range_wrong"):
        stock.receive(world.desk, BUDI, 9, "BAST-8", serials=SerialRange("A01", "A10"))
    with world.desk.unit(BUDI) as unit:
        assert unit.stock.movements()[-1].serials == SerialRange("A01", "A10")
    assert world.events("stock.TERIMA")[0][1]["serial_last"] == "A10"


def test_a_count_at_any_time_is_journalled_and_corrects_nothing(world: World) -> None:
    right = counting.compare(world.desk, BUDI, BLANKS, BLANKS)
    assert right.agrees
    stock.count(world.desk, BUDI, right, second_counter="agus")
    wrong = counting.compare(world.desk, BUDI, BLANKS - 2, BLANKS - 2)
    assert wrong.difference == -2
    with refused("shift.reason_missing"):
        stock.count(world.desk, BUDI, wrong, second_counter="agus")
    with refused("approval.missing"):
        stock.count(world.desk, BUDI, wrong, "terselip", second_counter="agus")
    stock.count(world.desk, BUDI, wrong, "terselip", LEAVE, second_counter="agus")
    first, second = world.events(stock.COUNTED)
    assert first[1]["first"] == first[1]["books"] == BLANKS
    assert (second[1]["first"], second[1]["books"], second[1]["reason"]) == (BLANKS - 2, BLANKS, "terselip")
    assert stock.balance(world.desk, BUDI).left == BLANKS


def test_an_item_has_its_own_books(world: World) -> None:
    stock.receive(world.desk, BUDI, 4, "BAST-7", item="pita")
    stock.take_out(world.desk, BUDI, MovementKind.USED, 1, "dipasang", item="pita")
    stock.take_out(world.desk, BUDI, MovementKind.LOST, 1, "sobek", item="pita")
    with refused("stock.more_than_left"):
        stock.take_out(world.desk, BUDI, MovementKind.USED, 3, "dipasang", item="pita")
    assert counting.compare(world.desk, BUDI, 2, 2, item="pita").agrees
    assert stock.balance(world.desk, BUDI).left == BLANKS
    with refused("stock.item_unknown"):
        stock.receive(world.desk, BUDI, 4, "BAST-7", item="emas")
    with refused("stock.kind_wrong"):
        stock.take_out(world.desk, BUDI, MovementKind.USED, 1, "dipakai", item="blangko")


def test_the_balance_is_told(world: World) -> None:
    assert stock.balance(world.desk, RATNA).left == BLANKS


@pytest.mark.parametrize("actor", [SARI, JOKO, TONO])
def test_blanks_are_the_print_rooms(world: World, actor: Actor) -> None:
    for act in (stock.receive, stock.give_back):
        with refused("role.not_allowed"):
            act(world.desk, actor, 1, "BAST-1")
    with refused("role.not_allowed"):
        stock.correct(world.desk, actor, 1, "BAST-1", LEAVE)
    with refused("role.not_allowed"):
        stock.opening(world.desk, actor, FORTY, "BAST-1", LEAVE, second_counter="agus")
    with refused("role.not_allowed"):
        stock.loan(world.desk, actor, MovementKind.LENT, 1, "BAST-1", "Kelurahan Senen")
    with refused("role.not_allowed"):
        stock.take_out(world.desk, actor, MovementKind.USED, 1, "dipasang", item="pita")
    with refused("role.not_allowed"):
        stock.count(world.desk, actor, FORTY, second_counter="agus")
    with refused("role.not_allowed"):
        stock.loans(world.desk, actor)
    with refused("role.not_allowed"):
        stock.balance(world.desk, actor)


MOVES = st.lists(
    st.tuples(
        st.sampled_from(["opening", "receive", "give_back", "correct"]),
        st.integers(min_value=-60, max_value=60),
        st.sampled_from(["BA-1", ""]),
    ),
    max_size=12,
)


@settings(max_examples=40)
@given(MOVES)
def test_the_sums_hold_whatever_is_tried(moves: list[tuple[str, int, str]]) -> None:
    with new_office() as world:
        expected = 0
        for name, quantity, document in moves:
            before = stock.balance(world.desk, BUDI)
            with suppress(PolicyError):
                if name == "opening":
                    same = PhysicalCount(quantity, quantity, 0)
                    after = stock.opening(world.desk, BUDI, same, document, LEAVE, second_counter="agus")
                elif name == "receive":
                    after = stock.receive(world.desk, BUDI, quantity, document)
                elif name == "give_back":
                    after = stock.give_back(world.desk, BUDI, quantity, document)
                else:
                    after = stock.correct(world.desk, BUDI, quantity, document, LEAVE)
                expected += -quantity if name == "give_back" else quantity
                assert after.left == expected
                continue
            assert stock.balance(world.desk, BUDI) == before
        assert stock.balance(world.desk, BUDI).left == expected >= 0
        with world.desk.unit(BUDI) as unit:
            assert arithmetic(unit.stock.movements(), unit.jobs.counts()) == unit.stock.balance()
