"""The room check: every item of the standard measured, attested or unknown, and what keeps the room from printing."""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import datetime

from ktpel_desktop.core import roles, room
from ktpel_desktop.core.errors import DeviceError, PolicyError
from ktpel_desktop.core.ports import Sensor
from ktpel_desktop.core.records import UnitOfWork
from ktpel_desktop.core.roles import Action, Actor
from ktpel_desktop.core.room import ItemId, Kind, RoomCheck, RoomItem, RoomVerdict
from ktpel_desktop.core.room_limits import Status
from ktpel_desktop.services.approvals import Approval, demand
from ktpel_desktop.services.desk import Desk

log = logging.getLogger(__name__)

SUBJECT = "ruangan"
CHECKED = "room.checked"
NOT_CHECKED = "not_checked"
"""Stands in `blocks_printing` for a room check that was not run today."""


def run(
    desk: Desk, actor: Actor, on_result: Callable[[RoomCheck], None] | None = None
) -> tuple[RoomCheck, ...]:
    """Walk through the room: read every sensor, each isolated from the others, and take the rest as it counts.

    An item without a sensor keeps its typed or attested result while that is valid. Results are told one by one
    to `on_result` and kept in one transaction. Raises PolicyError "role.not_allowed".
    """
    roles.require(actor, Action.ROOM_CHECK)
    with desk.unit(actor) as unit:
        known = {check.item: check for check in unit.room.latest()}
    measured, results = [], []
    for item in room.ITEMS:
        sensor = desk.sensors.get(item.id)
        if item.kind is Kind.MEASURED and sensor is not None:
            result = _read(item, sensor, desk.clock.now())
            measured.append(result)
        elif item.id in known:
            result = room.as_of(known[item.id], desk.clock.now())
        else:
            result = room.unknown(item.id, at=desk.clock.now())
        results.append(result)
        if on_result is not None:
            on_result(result)
    with desk.unit(actor) as unit:
        for check in measured:
            unit.room.add(check)
        unit.record(CHECKED, SUBJECT, {check.item.value: check.status.value for check in results})
    return tuple(results)


def attest(
    desk: Desk, actor: Actor, item: str, value: bool | float, note: str, *, unit: str = ""
) -> RoomCheck:
    """A person's word for an item: True or False with what was seen, or a typed reading with its instrument.

    Raises PolicyError "role.not_allowed", "room.item_unknown", "room.value_needed", "room.word_needed",
    "room.evidence_missing".
    """
    roles.require(actor, Action.ROOM_CHECK)
    wanted = _item(item)
    at = desk.clock.now()
    if wanted.kind is Kind.ATTESTED:
        if not isinstance(value, bool):
            raise PolicyError("room.word_needed", item=wanted.id)
        check = room.attested(wanted.id, value, seen=note, by=actor.name, at=at)
    else:
        if isinstance(value, bool):
            raise PolicyError("room.value_needed", item=wanted.id)
        if not note.strip():
            raise PolicyError("room.evidence_missing", item=wanted.id)
        check = room.measured(
            wanted.id,
            float(value),
            unit or wanted.unit,
            at=at,
            source=note.strip(),
            method="typed",
            by=actor.name,
        )
    _keep(desk, actor, check, "room.attested", None)
    return check


def waive(desk: Desk, actor: Actor, item: str, reason: str, approval: Approval | None) -> RoomCheck:
    """A penyelia answers for an item that stands in the way, for the day (approval of WAIVE_ROOM on the item).

    Raises PolicyError "role.not_allowed", "room.item_unknown", "approval.missing", "approval.for_another",
    "room.nothing_to_waive", "room.reason_missing".
    """
    roles.require(actor, Action.WAIVE_ROOM)
    wanted = _item(item)
    approver = demand(approval, Action.WAIVE_ROOM, wanted.id.value, actor)
    with desk.unit(actor) as unit:
        standing = room.overall(unit.room.latest(), unit.at)
    now = next(check for check in standing.checks if check.item is wanted.id)
    check = room.waive(now, by=approver, reason=reason, at=desk.clock.now())
    _keep(desk, actor, check, "room.waived", approver)
    return check


def blocks_printing(desk: Desk, unit: UnitOfWork) -> tuple[str, ...]:
    """Items that keep the room from printing; empty when nothing does.

    Only a must-item that failed and is not waived blocks: what nobody could measure warns. A day without any
    room check blocks as a whole (`NOT_CHECKED`). Intake and handover are never blocked (design.md, section 8).
    """
    today = _day(desk, unit.at)
    runs = [event for event in unit.events.of(SUBJECT) if event.kind == CHECKED]
    if not runs or _day(desk, runs[-1].at) != today:
        return (NOT_CHECKED,)
    standing = room.overall(unit.room.latest(), unit.at)
    return tuple(check.item.value for check in standing.blocking if check.status is Status.CRITICAL)


def latest(desk: Desk, actor: Actor) -> tuple[RoomCheck, ...]:
    """Every item as it counts now. Raises PolicyError "role.not_allowed"."""
    return verdict(desk, actor).checks


def verdict(desk: Desk, actor: Actor) -> RoomVerdict:
    """The room as a whole as it counts now. Raises PolicyError "role.not_allowed"."""
    roles.require(actor, Action.SEE_READINESS)
    with desk.unit(actor) as unit:
        return room.overall(unit.room.latest(), unit.at)


def history(desk: Desk, actor: Actor, item: str, limit: int = 100) -> tuple[RoomCheck, ...]:
    """Past results of one item. Raises PolicyError "role.not_allowed", "room.item_unknown"."""
    roles.require(actor, Action.SEE_READINESS)
    wanted = _item(item)
    with desk.unit(actor) as unit:
        return tuple(unit.room.history(wanted.id, limit))


def _read(item: RoomItem, sensor: Sensor, at: datetime) -> RoomCheck:
    """One reading; whatever goes wrong with it is this item's alone."""
    try:
        reading = sensor.read()
        return room.measured(
            item.id,
            float(reading.value),
            reading.unit,
            at=at,
            source=reading.source,
            evidence=(reading.evidence,) if reading.evidence else (),
        )
    except DeviceError as error:
        return room.unknown(item.id, at=at, advice=error.code)
    except Exception:  # a bug in one sensor must not hide the other items (design.md, section 8)
        log.exception("sensor of %s failed unexpectedly", item.id)
        return room.unknown(item.id, at=at, advice="sensor.bug")


def _keep(desk: Desk, actor: Actor, check: RoomCheck, kind: str, approver: str | None) -> None:
    with desk.unit(actor) as unit:
        unit.room.add(check)
        data = {"item": check.item.value, "status": check.status.value}
        unit.record(kind, SUBJECT, data, approver=approver)


def _item(item: str) -> RoomItem:
    """The item of an id. Raises PolicyError "room.item_unknown"."""
    if item not in set(ItemId):
        raise PolicyError("room.item_unknown")
    return room.ITEM[ItemId(item)]


def _day(desk: Desk, moment: datetime) -> object:
    return moment.astimezone(desk.office.timezone).date()
