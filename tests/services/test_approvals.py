"""The second person: proves who they are by their own password, for one act on one subject."""

from __future__ import annotations

import pytest

from ktpel_desktop.core.roles import SECOND_PERSON, Action, Actor
from ktpel_desktop.services.approvals import Approval, approve, demand
from tests.services.office import AGUS, BUDI, GONE, JOKO, PASSWORD, RATNA, SARI, TONO, World, refused

ACT = Action.REPRINT
TICKET = "TICKET"
LEAVE = Approval(ACT, TICKET, "budi", "ratna")


@pytest.mark.parametrize("action", sorted(SECOND_PERSON))
def test_a_penyelia_gives_leave_and_both_names_are_journalled(world: World, action: Action) -> None:
    assert approve(world.desk, BUDI, "ratna", PASSWORD, action, TICKET) == Approval(
        action, TICKET, "budi", "ratna"
    )
    with world.desk.unit(BUDI) as unit:
        (event,) = [event for event in unit.events.all() if event.kind == "approval.given"]
    assert (event.subject, event.actor, event.approver, event.pc) == (TICKET, "budi", "ratna", "PC-1")
    assert event.data == {"action": action.value}


def test_a_wrong_password_is_no_leave(world: World) -> None:
    with refused("login.wrong"):
        approve(world.desk, BUDI, "ratna", "salah", ACT, TICKET)
    assert world.events("approval.given") == []
    assert world.events("login.failed") == [("ratna", {})]


def test_a_person_who_is_gone_gives_no_leave(world: World) -> None:
    with refused("login.inactive"):
        approve(world.desk, BUDI, GONE, PASSWORD, ACT, TICKET)


def test_guessing_the_penyelias_password_locks_it(world: World) -> None:
    for code in ("login.wrong", "login.wrong", "login.wrong", "login.wrong", "login.locked"):
        with refused(code):
            approve(world.desk, BUDI, "ratna", "salah", ACT, TICKET)
    with refused("login.locked"):
        approve(world.desk, BUDI, "ratna", PASSWORD, ACT, TICKET)


@pytest.mark.parametrize("username", ["ratna", "RATNA", " ratna "])
def test_nobody_approves_their_own_act(world: World, username: str) -> None:
    with refused("role.second_person_same"):
        approve(world.desk, RATNA, username, PASSWORD, ACT, TICKET)


@pytest.mark.parametrize("second", [AGUS, SARI, JOKO, TONO])
def test_only_who_may_approve_approves(world: World, second: Actor) -> None:
    with refused("role.not_allowed"):
        approve(world.desk, BUDI, second.username, PASSWORD, ACT, TICKET)
    assert world.events("approval.given") == []


@pytest.mark.parametrize("first", [SARI, JOKO, TONO])
def test_leave_makes_nobody_an_operator(world: World, first: Actor) -> None:
    with refused("role.not_allowed"):
        approve(world.desk, first, "ratna", PASSWORD, ACT, TICKET)


def test_leave_is_for_exactly_one_act_of_one_person() -> None:
    assert demand(LEAVE, ACT, TICKET, BUDI) == "ratna"
    with refused("approval.missing"):
        demand(None, ACT, TICKET, BUDI)
    for action, subject, actor in (
        (Action.NOT_PRINTED, TICKET, BUDI),
        (ACT, "OTHER", BUDI),
        (ACT, TICKET, AGUS),
    ):
        with refused("approval.for_another"):
            demand(LEAVE, action, subject, actor)
