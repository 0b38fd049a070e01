"""A hand-off's list: who gave what to whom, told from the journal, printed as often as it is needed."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from ktpel_desktop.core.errors import DeviceError
from ktpel_desktop.core.request import RequestState
from ktpel_desktop.core.stock import PhysicalCount
from ktpel_desktop.devices.simulator.dot_matrix_printer import SimulatedDotMatrixPrinter
from ktpel_desktop.services import hand_off_lists, intake, shifts, stock
from tests.services.office import AGUS, BUDI, JOKO, NAME, SARI, World, nik, refused


@pytest.fixture
def day(world: World) -> World:
    world.open_day()
    return world


def hand(day: World, *residents: int, to: str = BUDI.username) -> list[str]:
    ids = [day.accepted(resident=nik(one)).id for one in residents]
    intake.hand_to_operator(day.desk, SARI, ids, to)
    return ids


def test_what_was_handed_over_at_once_is_one_hand_off(day: World) -> None:
    first = hand(day, 1, 2, 3)
    day.clock.advance(5)
    second = hand(day, 4)
    newest, oldest = hand_off_lists.recent(day.desk, SARI)
    assert list(oldest.requests) == first
    assert list(newest.requests) == second
    assert (oldest.giver, oldest.receiver, oldest.state) == (
        SARI.username,
        BUDI.username,
        RequestState.WITH_OPERATOR,
    )


def test_two_receivers_at_the_same_moment_are_two_hand_offs(day: World) -> None:
    hand(day, 1)
    hand(day, 2, to=AGUS.username)
    assert [one.receiver for one in hand_off_lists.recent(day.desk, BUDI)] == [AGUS.username, BUDI.username]


def test_the_list_names_people_and_masks_residents(day: World) -> None:
    hand(day, 1, 2)
    (found,) = hand_off_lists.recent(day.desk, SARI)
    told = hand_off_lists.sheet(day.desk, BUDI, found.number)
    assert (told.giver, told.receiver, told.to_operator) == (SARI.name, BUDI.name, True)
    assert [one.number for one in told.files] == ["A-001", "A-002"]
    assert told.files[0].nik_masked == nik(1).masked
    assert not set(NAME.split()) & set(told.files[0].name_masked.split())
    assert told.files[0].papers > 0
    assert (told.at, told.copy, told.training) == (day.clock.now(), 0, True)


def test_results_go_the_other_way(day: World) -> None:
    day.at_counter()
    newest = hand_off_lists.recent(day.desk, SARI)[0]
    told = hand_off_lists.sheet(day.desk, SARI, newest.number)
    assert (told.to_operator, told.giver, told.receiver) == (False, BUDI.name, SARI.name)


def test_each_further_print_is_a_numbered_copy(day: World) -> None:
    hand(day, 1, 2)
    (found,) = hand_off_lists.recent(day.desk, SARI)
    for copy in range(3):
        assert hand_off_lists.sheet(day.desk, SARI, found.number).copy == copy
        hand_off_lists.print_out(day.desk, SARI, found.number)
    subject = f"serah-{found.number}"
    told = [(of, data["count"], data["copy"]) for of, data in day.events(hand_off_lists.PRINTED)]
    assert told == [(subject, 2, copy) for copy in range(3)]


def test_a_printer_that_is_off_costs_no_number(day: World) -> None:
    hand(day, 1)
    (found,) = hand_off_lists.recent(day.desk, SARI)
    day.bench.faults.script("page_off")
    with pytest.raises(DeviceError):
        hand_off_lists.print_out(day.desk, SARI, found.number)
    assert hand_off_lists.sheet(day.desk, SARI, found.number).copy == 0


def test_yesterdays_are_not_listed_and_can_still_be_told(day: World) -> None:
    hand(day, 1)
    (found,) = hand_off_lists.recent(day.desk, SARI)
    left = stock.balance(day.desk, BUDI).left
    shifts.close(day.desk, BUDI, PhysicalCount(left, left, left), second_counter=AGUS.username)
    day.clock.advance(timedelta(days=1).total_seconds() / 60)
    day.open_day()
    assert hand_off_lists.recent(day.desk, SARI) == ()
    assert len(hand_off_lists.sheet(day.desk, SARI, found.number).files) == 1


def test_no_such_hand_off_and_who_may_not(day: World) -> None:
    hand(day, 1)
    (found,) = hand_off_lists.recent(day.desk, SARI)
    with refused("handoff.unknown"):
        hand_off_lists.sheet(day.desk, SARI, found.number + 1)
    for act in (hand_off_lists.sheet, hand_off_lists.pdf, hand_off_lists.print_out):
        with refused("role.not_allowed"):
            act(day.desk, JOKO, found.number)
    with refused("role.not_allowed"):
        hand_off_lists.recent(day.desk, JOKO)


def test_the_form_is_printed_and_counted_like_any_other_print(day: World) -> None:
    hand(day, 1, 2)
    (found,) = hand_off_lists.recent(day.desk, SARI)
    hand_off_lists.print_form(day.desk, SARI, found.number)
    assert isinstance(day.desk.dot_matrix, SimulatedDotMatrixPrinter)
    assert len(day.desk.dot_matrix.printed) == 1
    assert hand_off_lists.sheet(day.desk, SARI, found.number).copy == 1
    day.bench.faults.script("form_off")
    with pytest.raises(DeviceError):
        hand_off_lists.print_form(day.desk, SARI, found.number)
    assert hand_off_lists.sheet(day.desk, SARI, found.number).copy == 1


def test_an_office_without_a_dot_matrix_printer_is_told_so(day: World) -> None:
    hand(day, 1)
    (found,) = hand_off_lists.recent(day.desk, SARI)
    with refused("handoff.no_printer"):
        hand_off_lists.print_form(replace(day.desk, dot_matrix=None), SARI, found.number)
