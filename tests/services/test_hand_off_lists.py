"""The list of a hand-off is what the journal says of it, and no printer stops a hand-off."""

from __future__ import annotations

from dataclasses import replace

import pytest

from ktpel_desktop.core.roles import Action, Actor
from ktpel_desktop.devices.simulator.dot_matrix_printer import SimulatedDotMatrixPrinter
from ktpel_desktop.services import hand_off_lists, handing_over, intake
from tests.services.office import BUDI, JOKO, NIK, RATNA, SARI, TONO, World, nik, refused


def printed(world: World) -> list[bytes]:
    assert isinstance(world.desk.dot_matrix, SimulatedDotMatrixPrinter)
    return list(world.desk.dot_matrix.printed)


def handed(world: World, *residents: int) -> list[str]:
    ids = [world.accepted(resident=nik(number)).id for number in residents]
    intake.hand_to_operator(world.desk, SARI, ids, "budi")
    return ids


def test_the_list_says_who_gave_what_to_whom_and_names_nobody(day: World) -> None:
    ids = handed(day, 1, 2)
    found = hand_off_lists.hand_off_list(day.desk, SARI, ids[1])
    assert (found.giver, found.receiver, found.results) == ("Sari Dewi", "Budi Santoso", False)
    assert [row.ticket for row in found.rows] == ids
    assert [row.number for row in found.rows] == [day.get(one).number for one in ids]
    assert (found.at, found.copy, found.training) == (day.clock.now(), 0, True)
    for row in found.rows:
        assert (row.name_masked, row.nik_masked) == ("S••• R•••••", day.get(row.ticket).nik.masked)
        assert row.service == day.desk.catalogue.get("KTP-BARU").name


def test_each_hand_off_has_a_list_of_its_own_and_the_last_one_counts(day: World) -> None:
    first = handed(day, 1, 2)
    day.clock.advance(1)
    second = handed(day, 3)
    day.clock.advance(1)
    made = day.produced("PINDAH", nik(4))
    day.clock.advance(1)
    handing_over.hand_to_counter(day.desk, BUDI, [made.id], "sari")

    def tickets(request_id: str) -> list[str]:
        return [row.ticket for row in hand_off_lists.hand_off_list(day.desk, BUDI, request_id).rows]

    assert (tickets(first[0]), tickets(second[0]), tickets(made.id)) == (first, second, [made.id])
    back = hand_off_lists.hand_off_list(day.desk, BUDI, made.id)
    assert (back.results, back.giver, back.receiver) == (True, "Budi Santoso", "Sari Dewi")


def test_a_second_print_is_a_copy_whichever_file_it_is_asked_for(day: World) -> None:
    ids = handed(day, 1, 2)
    outcomes = [hand_off_lists.print_list(day.desk, SARI, one) for one in (ids[1], ids[0])]
    assert [(one.printed, one.error, one.copy) for one in outcomes] == [(True, None, 0), (True, None, 1)]
    assert printed(day) == [b"Sari Dewi Budi Santoso 2 0", b"Sari Dewi Budi Santoso 2 1"]
    assert [(subject, data["copy"]) for subject, data in day.events("handoff.list_printed")] == [
        (ids[0], 0),
        (ids[0], 1),
    ]


@pytest.mark.parametrize(
    ("fault", "code", "next_copy"),
    [
        ("form_off", "page.off", 0),
        ("form_no_paper", "page.no_paper", 0),
        ("form_answer_lost", "page.answer_lost", 1),
    ],
)
def test_a_printer_that_fails_is_told_and_two_lists_never_say_they_are_the_first(
    day: World, fault: str, code: str, next_copy: int
) -> None:
    (request_id,) = handed(day, 1)
    day.bench.faults.script(fault)
    outcome = hand_off_lists.print_list(day.desk, SARI, request_id)
    assert (outcome.printed, outcome.error, outcome.copy) == (False, code, 0)
    kind = "handoff.list_printed" if next_copy else "handoff.list_failed"
    assert [(subject, data["error"]) for subject, data in day.events(kind)] == [(request_id, code)]
    assert hand_off_lists.print_list(day.desk, SARI, request_id).copy == next_copy


def test_what_never_changed_hands_has_no_list(day: World) -> None:
    request = day.accepted(resident=NIK)
    with refused("handoff.never"):
        hand_off_lists.print_list(day.desk, SARI, request.id)
    assert printed(day) == []


def test_an_office_without_the_printer_is_told_so(day: World) -> None:
    (request_id,) = handed(day, 1)
    with refused("handoff.no_printer"):
        hand_off_lists.print_list(replace(day.desk, dot_matrix=None), SARI, request_id)


@pytest.mark.parametrize("actor", [JOKO, TONO])
def test_who_sees_no_residents_prints_no_list(day: World, actor: Actor) -> None:
    (request_id,) = handed(day, 1)
    with refused("role.not_allowed") as told:
        hand_off_lists.print_list(day.desk, actor, request_id)
    assert told.value.params["action"] == Action.HAND_RESULTS_OVER
    with refused("role.not_allowed"):
        hand_off_lists.hand_off_list(day.desk, actor, request_id)
    assert hand_off_lists.print_list(day.desk, RATNA, request_id).printed
