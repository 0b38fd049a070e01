"""The second person: logs in beside the first, for one act on one subject (design.md, section 4)."""

from __future__ import annotations

from dataclasses import dataclass

from ktpel_desktop.core import roles
from ktpel_desktop.core.errors import PolicyError
from ktpel_desktop.core.roles import Action, Actor
from ktpel_desktop.services.desk import Desk


@dataclass(frozen=True, slots=True)
class Approval:
    """Leave given by `approver` to `requester` for one act on one subject."""

    action: Action
    subject: str
    requester: str
    approver: str


def approve(
    desk: Desk, requester: Actor, username: str, password: str, action: Action, subject: str
) -> Approval:
    """Leave of a second person, who proves who they are by their own password.

    Raises PolicyError "login.wrong", "login.locked", "login.inactive",
    "role.second_person_same", "role.not_allowed" (who asks may not do it, or who approves may not approve).
    """
    if username.strip().casefold() == requester.username.casefold():
        raise PolicyError("role.second_person_same", action=action)
    with desk.unit(requester) as unit:
        person = unit.people.authenticate(username, password)
    second = Actor(person.username, person.name, person.role, requester.pc)
    roles.require_approved(requester, second, action)
    with desk.unit(requester) as unit:
        unit.record("approval.given", subject, {"action": action.value}, approver=second.username)
    return Approval(action, subject, requester.username, second.username)


def demand(approval: Approval | None, action: Action, subject: str, actor: Actor) -> str:
    """The approver's name, if the approval is for exactly this act of this actor.

    Raises PolicyError "approval.missing" where there is none, "approval.for_another" where it is for another
    act, subject or person.
    """
    if approval is None:
        raise PolicyError("approval.missing", action=action.value)
    if (approval.action, approval.subject, approval.requester) != (action, subject, actor.username):
        raise PolicyError("approval.for_another", action=action.value)
    return approval.approver
