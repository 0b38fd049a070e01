"""The day's handovers as a list: who took what, masked, each in its own day, prints counted."""

from __future__ import annotations

from datetime import timedelta

import pytest

from ktpel_desktop.core.roles import Actor
from ktpel_desktop.services import handing_over, handover_lists
from tests.services.office import BUDI, JOKO, SARI, TONO, World, nik, refused
from tests.services.test_handing_over import HIMSELF
from tests.services.test_reports import close


def handed(world: World, number: int) -> None:
    request = world.at_counter("PINDAH", nik(number))
    handing_over.hand_over(world.desk, SARI, request.id, HIMSELF)


def test_each_handover_is_a_line_of_its_own_day(day: World) -> None:
    handed(day, 1)
    handed(day, 2)
    close(day)
    day.clock.moment += timedelta(days=1)
    day.open_day()
    handed(day, 3)
    assert [(one.number, one.count) for one in handover_lists.days(day.desk, SARI)] == [(2, 1), (1, 2)]
    first = handover_lists.sheet(day.desk, BUDI, 1)
    assert [line.nik_masked for line in first.results] == [nik(1).masked, nik(2).masked]
    line = first.results[0]
    assert (line.service, line.relation, line.by) == ("Pindah WNI", "SENDIRI", "Sari Dewi")
    assert "•" in line.name_masked
    assert "•" in line.collector_masked
    assert len(handover_lists.sheet(day.desk, BUDI, 2).results) == 1


def test_a_day_without_handovers_has_no_list(day: World) -> None:
    assert handover_lists.days(day.desk, SARI) == ()
    for number in (0, 1, 2):
        with refused("handover.no_list"):
            handover_lists.sheet(day.desk, SARI, number)


def test_before_the_first_day_there_is_nothing(world: World) -> None:
    assert handover_lists.days(world.desk, SARI) == ()


def test_a_print_is_journalled_and_the_next_one_is_a_copy(day: World) -> None:
    handed(day, 1)
    handover_lists.print_out(day.desk, SARI, 1)
    ((subject, said),) = day.events(handover_lists.PRINTED)
    assert (subject, said["count"], said["copy"]) == ("penyerahan-1", 1, 0)
    assert handover_lists.sheet(day.desk, SARI, 1).copy == 1


@pytest.mark.parametrize("actor", [JOKO, TONO])
def test_who_sees_no_residents_sees_no_list(day: World, actor: Actor) -> None:
    with refused("role.not_allowed"):
        handover_lists.days(day.desk, actor)
    with refused("role.not_allowed"):
        handover_lists.pdf(day.desk, actor, 1)
