"""The blind count by two: who may count, and when the books are told."""

from __future__ import annotations

import pytest

from ktpel_desktop.core.roles import Actor
from ktpel_desktop.core.stock import PhysicalCount
from ktpel_desktop.services import counting, stock
from tests.services.office import BLANKS, BUDI, GONE, JOKO, RATNA, SARI, TONO, World, refused


def test_the_second_to_count_is_one_of_the_others_of_counter_and_print_room(world: World) -> None:
    found = {person.username for person in counting.second_counters(world.desk, BUDI)}
    assert {SARI.username, RATNA.username, "agus"} <= found
    assert not found & {BUDI.username, GONE, JOKO.username, TONO.username}


def test_the_books_are_told_only_when_both_counted_the_same(world: World) -> None:
    same = BLANKS - 1
    assert counting.compare(world.desk, BUDI, same, same) == PhysicalCount(same, same, BLANKS)
    with refused("shift.counts_disagree"):
        counting.compare(world.desk, BUDI, BLANKS, same)


def test_an_item_is_held_against_its_own_books(world: World) -> None:
    stock.receive(world.desk, BUDI, 2, "BAST-7", item="pita")
    assert counting.compare(world.desk, BUDI, 2, 2, item="pita").agrees


@pytest.mark.parametrize(("first", "second"), [(-1, 5), (5, -1), (-1, -1)])
def test_a_count_is_not_negative(world: World, first: int, second: int) -> None:
    with refused("shift.count_negative"):
        counting.compare(world.desk, BUDI, first, second)


@pytest.mark.parametrize("actor", [SARI, JOKO, TONO])
def test_counting_is_the_print_rooms(world: World, actor: Actor) -> None:
    with refused("role.not_allowed"):
        counting.compare(world.desk, actor, 1, 1)
    with refused("role.not_allowed"):
        counting.second_counters(world.desk, actor)
