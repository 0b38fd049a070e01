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
from ktpel_desktop.core.roles import Action, Actor
from ktpel_desktop.core.stock import balance as arithmetic
from ktpel_desktop.services import blanks
from ktpel_desktop.services.blanks import SUBJECT
from ktpel_desktop.store.sql_store import SqlStore
from tests.services import office
from tests.services.desks import MORNING
from tests.services.office import (
    BLANKS,
    BUDI,
    JOKO,
    RATNA,
    SARI,
    TONO,
    World,
    approved,
    refused,
)
from tests.store.database import QUICK

LEAVE = approved(Action.STOCK_CORRECTION, SUBJECT)


@contextmanager
def new_office() -> Iterator[World]:
    """An office without any blank, whose register is empty."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "template.db"
        SqlStore.open(path, at=MORNING, hasher=QUICK, synchronous="OFF").close()
        world = office.copy(path, Path(folder))
        try:
            yield world
        finally:
            world.store.close()


def test_blanks_come_in(world: World) -> None:
    balance = blanks.receive(world.desk, BUDI, 500, " BAST-7 ")
    assert (balance.received, balance.left) == (500, BLANKS + 500)
    assert world.events("stock.TERIMA") == [("blangko", {"quantity": 500, "document": "BAST-7"})]


def test_blanks_go_back(world: World) -> None:
    balance = blanks.give_back(world.desk, BUDI, BLANKS, "BAST-8")
    assert (balance.returned, balance.left) == (BLANKS, 0)


def test_no_more_goes_back_than_there_is(world: World) -> None:
    with refused("stock.more_than_left"):
        blanks.give_back(world.desk, BUDI, BLANKS + 1, "BAST-8")


@pytest.mark.parametrize("quantity", [0, -1])
def test_a_movement_has_a_quantity(world: World, quantity: int) -> None:
    with refused("stock.quantity"):
        blanks.receive(world.desk, BUDI, quantity, "BAST-7")
    with refused("stock.quantity"):
        blanks.give_back(world.desk, BUDI, quantity, "BAST-7")


def test_a_movement_has_a_document(world: World) -> None:
    with refused("stock.document_missing"):
        blanks.receive(world.desk, BUDI, 5, "  ")


def test_a_correction_is_made_by_two_persons(world: World) -> None:
    balance = blanks.correct(world.desk, BUDI, -2, "dua lembar hilang", LEAVE)
    assert (balance.corrected, balance.left) == (-2, BLANKS - 2)
    with world.desk.unit(BUDI) as unit:
        kept = unit.stock.movements()[-1]
    assert (kept.by, kept.approver) == ("budi", "ratna")


def test_a_correction_without_leave_is_refused(world: World) -> None:
    with refused("approval.missing"):
        blanks.correct(world.desk, BUDI, -2, "hilang", None)
    with refused("approval.for_another"):
        blanks.correct(world.desk, BUDI, -2, "hilang", approved(Action.WAIVE_ROOM, SUBJECT))


def test_nobody_corrects_with_their_own_leave(world: World) -> None:
    with refused("stock.second_person_missing"):
        blanks.correct(
            world.desk, RATNA, 1, "ketemu", approved(Action.STOCK_CORRECTION, SUBJECT, RATNA, RATNA)
        )


def test_a_correction_has_a_reason(world: World) -> None:
    with refused("stock.document_missing"):
        blanks.correct(world.desk, BUDI, -2, "", LEAVE)


def test_the_first_stock_is_booked_once_by_two_persons() -> None:
    with new_office() as world:
        with refused("approval.missing"):
            blanks.opening(world.desk, BUDI, 40, "BA-1", None)
        balance = blanks.opening(world.desk, BUDI, 40, "BA-1", LEAVE)
        assert (balance.opening, balance.left) == (40, 40)
        with refused("stock.opened_already"):
            blanks.opening(world.desk, BUDI, 40, "BA-1", LEAVE)


def test_the_balance_is_told(world: World) -> None:
    assert blanks.balance(world.desk, RATNA).left == BLANKS


@pytest.mark.parametrize("actor", [SARI, JOKO, TONO])
def test_blanks_are_the_print_rooms(world: World, actor: Actor) -> None:
    for act in (blanks.receive, blanks.give_back):
        with refused("role.not_allowed"):
            act(world.desk, actor, 1, "BAST-1")
    for act_of_two in (blanks.correct, blanks.opening):
        with refused("role.not_allowed"):
            act_of_two(world.desk, actor, 1, "BAST-1", LEAVE)
    with refused("role.not_allowed"):
        blanks.balance(world.desk, actor)


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
            before = blanks.balance(world.desk, BUDI)
            with suppress(PolicyError):
                if name == "opening":
                    after = blanks.opening(world.desk, BUDI, quantity, document, LEAVE)
                elif name == "receive":
                    after = blanks.receive(world.desk, BUDI, quantity, document)
                elif name == "give_back":
                    after = blanks.give_back(world.desk, BUDI, quantity, document)
                else:
                    after = blanks.correct(world.desk, BUDI, quantity, document, LEAVE)
                expected += -quantity if name == "give_back" else quantity
                assert after.left == expected
                continue
            assert blanks.balance(world.desk, BUDI) == before
        assert blanks.balance(world.desk, BUDI).left == expected >= 0
        with world.desk.unit(BUDI) as unit:
            assert arithmetic(unit.stock.movements(), unit.jobs.counts()) == unit.stock.balance()
