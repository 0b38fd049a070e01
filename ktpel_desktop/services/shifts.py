"""The working day: opened once, closed by a blind double count of the blanks (room.md 6.3)."""

from __future__ import annotations

from collections.abc import Mapping

from ktpel_desktop.core import roles
from ktpel_desktop.core.daily import OpenedFrom
from ktpel_desktop.core.errors import PolicyError
from ktpel_desktop.core.issuance import OPEN, JobState
from ktpel_desktop.core.records import Shift, UnitOfWork
from ktpel_desktop.core.roles import Action, Actor
from ktpel_desktop.core.stock import PhysicalCount
from ktpel_desktop.services import accounts, counting, signing
from ktpel_desktop.services.approvals import Approval
from ktpel_desktop.services.desk import Desk

COUNTED = "shift.counted"
HINDERING = OPEN - {JobState.REPORTING}
"""A report on its way to SIAK is the outbox's and may stay over night; every other open job hinders closing."""

SUPPLIES = ("ribbon_left", "film_left")
"""What the operator reads off the printer at closing, in percent."""


def subject(shift: Shift) -> str:
    """Subject of the shift's events, and of the approval of a difference (STOCK_CORRECTION)."""
    return f"shift-{shift.id}"


def open_shift(desk: Desk, actor: Actor) -> Shift:
    """Open the day from the figures that were signed of the one before; an unsigned one is told of, not waited for.

    Raises PolicyError "role.not_allowed", "shift.already_open".
    """
    roles.require(actor, Action.OPEN_DAY)
    with desk.unit(actor) as unit:
        return unit.shifts.open(signing.taken_over(unit))


def opened_from(desk: Desk, actor: Actor) -> OpenedFrom | None:
    """The day before the open one, as it was signed when this one was opened; None on the first day or between days.

    Raises PolicyError "role.not_allowed".
    """
    roles.require(actor, Action.OPEN_DAY)
    with desk.unit(actor) as unit:
        shift = unit.shifts.current()
        if shift is None:
            return None
        names = accounts.names(unit)
        opened = unit.events.of(subject(shift))[0]
        return signing.opened_from(opened.data, names)


def current(desk: Desk, actor: Actor) -> Shift | None:
    """The open day, if there is one. Everybody in the office may know."""
    with desk.unit(actor) as unit:
        return unit.shifts.current()


def can_close(desk: Desk, actor: Actor) -> list[str]:
    """Codes of what still hinders closing; empty when only the count is missing.

    Raises PolicyError "role.not_allowed".
    """
    roles.require(actor, Action.CLOSE_DAY)
    with desk.unit(actor) as unit:
        return _hindrances(unit)


def close(
    desk: Desk,
    actor: Actor,
    count: PhysicalCount,
    reason: str = "",
    approval: Approval | None = None,
    *,
    second_counter: str,
    supplies: Mapping[str, int] | None = None,
) -> Shift:
    """Close the day with the cabinet counted by the actor and by `second_counter` (a username).

    `supplies` are percents of SUPPLIES, as far as they were read.

    What `count` says of the books is not believed: they are read again. Both counts must agree; a difference to
    the books needs a written reason and the approval of STOCK_CORRECTION on `subject(shift)`. It does not correct
    the books. Raises PolicyError "role.not_allowed", "shift.not_open", "shift.jobs_open", "shift.count_negative",
    "shift.second_counter", "shift.counts_disagree", "shift.reason_missing", "shift.supplies", "approval.missing",
    "approval.for_another".
    """
    roles.require(actor, Action.CLOSE_DAY)
    left = dict(supplies or {})
    if not set(left) <= set(SUPPLIES) or not all(0 <= percent <= 100 for percent in left.values()):
        raise PolicyError("shift.supplies")
    with desk.unit(actor) as unit:
        shift = unit.shifts.current()
        if shift is None:
            raise PolicyError("shift.not_open")
        if "shift.jobs_open" in _hindrances(unit):
            raise PolicyError("shift.jobs_open")
        said, approver = counting.settled(
            unit,
            actor,
            count,
            reason,
            approval,
            second_counter=second_counter,
            subject=subject(shift),
        )
        unit.record(COUNTED, subject(shift), {**said, **left}, approver=approver)
        return unit.shifts.close(approver)


def _hindrances(unit: UnitOfWork) -> list[str]:
    found = []
    if unit.shifts.current() is None:
        found.append("shift.not_open")
    if unit.jobs.in_states(HINDERING):
        found.append("shift.jobs_open")
    return found
