"""A count by two persons, blind: each counts alone, and the books are shown only then (room.md 6.3)."""

from __future__ import annotations

from collections.abc import Mapping

from ktpel_desktop.core import roles
from ktpel_desktop.core.errors import PolicyError
from ktpel_desktop.core.nik import mask_nik
from ktpel_desktop.core.records import Person, UnitOfWork
from ktpel_desktop.core.roles import ALLOWED, Action, Actor
from ktpel_desktop.core.stock import BLANK, PhysicalCount
from ktpel_desktop.services.approvals import Approval, demand
from ktpel_desktop.services.desk import Desk

_OF_THE_OFFICE = frozenset({Action.RECEIVE_FILES, Action.RECEIVE_RESULTS})
"""Who is handed files or cards here may count; who only looks on or sets up may not."""


def second_counters(desk: Desk, actor: Actor) -> tuple[Person, ...]:
    """Who may be the second to count: people of the counter and the print room, other than the actor.

    Raises PolicyError "role.not_allowed".
    """
    roles.require(actor, Action.STOCK_COUNT)
    with desk.unit(actor) as unit:
        return _others(unit, actor)


def compare(desk: Desk, actor: Actor, first: int, second: int, *, item: str = BLANK) -> PhysicalCount:
    """Both counts against the books, which are told to nobody whose counts differ: the count is blind until then.

    Raises PolicyError "role.not_allowed", "shift.count_negative", "shift.counts_disagree".
    """
    roles.require(actor, Action.STOCK_COUNT)
    _same(first, second)
    with desk.unit(actor) as unit:
        return PhysicalCount(first, second, unit.stock.left(item))


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
    if second_counter not in {person.username for person in _others(unit, actor)}:
        raise PolicyError("shift.second_counter")
    _same(count.first, count.second)


def _others(unit: UnitOfWork, actor: Actor) -> tuple[Person, ...]:
    return tuple(
        person
        for person in unit.people.list()
        if person.active and person.username != actor.username and _OF_THE_OFFICE & ALLOWED[person.role]
    )


def _same(first: int, second: int) -> None:
    if first < 0 or second < 0:
        raise PolicyError("shift.count_negative")
    if first != second:
        raise PolicyError("shift.counts_disagree")
