"""A count by two persons, blind: each counts alone, and the books are shown only then (room.md 6.3)."""

from __future__ import annotations

from collections.abc import Mapping

from ktpel_desktop.core.errors import PolicyError
from ktpel_desktop.core.nik import mask_nik
from ktpel_desktop.core.records import UnitOfWork
from ktpel_desktop.core.roles import Action, Actor
from ktpel_desktop.core.stock import BLANK, PhysicalCount
from ktpel_desktop.services.approvals import Approval, demand


def settled(
    unit: UnitOfWork,
    actor: Actor,
    count: PhysicalCount,
    reason: str,
    approval: Approval | None,
    *,
    second_counter: str,
    subject: str,
    item: str = BLANK,
) -> tuple[Mapping[str, object], str | None]:
    """What the event of the count says, and who approved its difference.

    What `count` says of the books is not believed: they are read again. Raises PolicyError "shift.count_negative",
    "shift.second_counter", "shift.counts_disagree", "shift.reason_missing", "approval.missing",
    "approval.for_another".
    """
    agreed(unit, actor, count, second_counter)
    found = PhysicalCount(count.first, count.second, unit.stock.left(item))
    approver = None
    if not found.agrees:
        if not reason.strip():
            raise PolicyError("shift.reason_missing", difference=found.difference)
        approver = demand(approval, Action.STOCK_CORRECTION, subject, actor)
    said = {
        "first": found.first,
        "second": found.second,
        "books": found.books,
        "second_counter": second_counter,
        "reason": mask_nik(reason.strip()),
    }
    return said, approver


def agreed(unit: UnitOfWork, actor: Actor, count: PhysicalCount, second_counter: str) -> None:
    """Two different persons found the same. Raises PolicyError as `settled`."""
    if count.first < 0 or count.second < 0:
        raise PolicyError("shift.count_negative")
    active = {person.username for person in unit.people.list() if person.active}
    if second_counter == actor.username or second_counter not in active:
        raise PolicyError("shift.second_counter")
    if count.first != count.second:
        raise PolicyError("shift.counts_disagree")
