"""The room check: every item measured, asked, attested or unknown, and what keeps the room from printing."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Mapping
from datetime import date, datetime, timedelta
from functools import partial
from types import MappingProxyType

from ktpel_desktop.core import roles, room
from ktpel_desktop.core.audit import Event
from ktpel_desktop.core.errors import DeviceError, PolicyError
from ktpel_desktop.core.records import UnitOfWork
from ktpel_desktop.core.roles import Action, Actor
from ktpel_desktop.core.room import RoomCheck, RoomVerdict
from ktpel_desktop.core.room_items import ITEM, ITEMS, ItemId, Kind, RoomItem
from ktpel_desktop.core.room_limits import Status
from ktpel_desktop.services import accounts, room_looks
from ktpel_desktop.services.approvals import Approval, demand
from ktpel_desktop.services.asking import Question
from ktpel_desktop.services.desk import Desk

log = logging.getLogger(__name__)

SUBJECT = "ruangan"
CHECKED = "room.checked"
NOT_CHECKED = "not_checked"
"""Stands in `blocks_printing` for a room check that was not run today."""
ON_BATTERY = frozenset({"ups.on_battery", "ups.low_battery", "ups.off"})
"""Advices of the UPS item during which no new card is begun."""
KEEP_EVERY = timedelta(minutes=10)
"""How often a result that does not change is kept, where it is looked at in the background."""


def run(
    desk: Desk,
    actor: Actor,
    on_result: Callable[[RoomCheck], None] | None = None,
    items: Iterable[ItemId] | None = None,
    *,
    by_person: bool = True,
) -> tuple[RoomCheck, ...]:
    """Walk through the room, or look at some items again: each isolated from the others, the rest as it counts.

    An item that nothing looks at keeps its typed or attested result while that is valid. Results are told one by one
    to `on_result` as they come, in this thread, and kept in one transaction. Only a walk `by_person` counts as the
    day's room check; a scheduled one measures. Raises PolicyError "role.not_allowed".
    """
    roles.require(actor, Action.ROOM_CHECK)
    wanted = set(ItemId) if items is None else set(items)
    looked, results = _looked(desk, actor, wanted, _known(desk, actor), on_result)
    with desk.unit(actor) as unit:
        for check in looked:
            unit.room.add(check)
        if by_person and wanted >= MEASURES:
            unit.record(CHECKED, SUBJECT, {check.item.value: check.status.value for check in results})
    return results


def watch(desk: Desk, actor: Actor, items: Iterable[ItemId]) -> tuple[RoomCheck, ...]:
    """Look at items in the background; what changed nothing is not kept each time.

    Raises PolicyError "role.not_allowed".
    """
    roles.require(actor, Action.ROOM_CHECK)
    known = _known(desk, actor)
    looked, results = _looked(desk, actor, set(items), known)
    news = [check for check in looked if _is_news(known.get(check.item), check)]
    if news:
        with desk.unit(actor) as unit:
            for check in news:
                unit.room.add(check)
    return results


def watchable(desk: Desk) -> tuple[RoomItem, ...]:
    """What is looked at in the background here: has its own interval, and something to look with."""
    looks = room_looks.all_of(desk)
    return tuple(item for item in ITEMS if item.every is not None and item.id in looks)


def attest(
    desk: Desk,
    actor: Actor,
    item: str,
    value: bool | float,
    note: str,
    *,
    unit: str = "",
    document: str = "",
    valid_until: datetime | None = None,
) -> RoomCheck:
    """A person's word for an item: True or False with what was seen, or a typed reading with its instrument.

    `document` and its expiry where the word stands on one. Raises PolicyError "role.not_allowed", "room.item_unknown",
    "room.value_needed", "room.word_needed", "room.evidence_missing", "room.not_typed", "room.document_expired".
    """
    roles.require(actor, Action.ROOM_CHECK)
    wanted = _item(item)
    at = desk.clock.now()
    if valid_until is not None and valid_until <= at:
        raise PolicyError("room.document_expired", item=wanted.id)
    if wanted.kind is Kind.ASKED:
        raise PolicyError("room.not_typed", item=wanted.id)
    if wanted.kind is Kind.ATTESTED:
        if not isinstance(value, bool):
            raise PolicyError("room.word_needed", item=wanted.id)
        check = room.attested(
            wanted.id,
            value,
            seen=note,
            by=actor.name,
            at=at,
            must=desk.room_must,
            document=document,
            valid_until=valid_until,
        )
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
            must=desk.room_must,
            document=document.strip(),
            valid_until=valid_until,
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
        standing = room.overall(unit.room.latest(), unit.at, desk.room_must)
        name = accounts.names(unit)[approver]
    now = next(check for check in standing.checks if check.item is wanted.id)
    check = room.waive(now, by=name, reason=reason, at=desk.clock.now())
    _keep(desk, actor, check, "room.waived", approver)
    return check


def walk_of_today(desk: Desk, unit: UnitOfWork) -> Event | None:
    """The newest whole walk through the room by a person, where it was today."""
    runs = [event for event in unit.events.of(SUBJECT) if event.kind == CHECKED]
    return runs[-1] if runs and _day(desk, runs[-1].at) == _day(desk, unit.at) else None


def blocks_printing(desk: Desk, unit: UnitOfWork) -> tuple[str, ...]:
    """Items that keep the room from printing; empty when nothing does.

    Only a must-item that failed and is not waived blocks: what nobody could measure warns. A day without any
    room check blocks as a whole (`NOT_CHECKED`). Intake and handover are never blocked (design.md, section 8).
    """
    if walk_of_today(desk, unit) is None:
        return (NOT_CHECKED,)
    standing = room.overall(unit.room.latest(), unit.at, desk.room_must)
    return tuple(check.item.value for check in standing.blocking if check.status is Status.CRITICAL)


def on_battery(unit: UnitOfWork) -> bool:
    """Whether the mains were gone when the UPS was last heard: the card in work is finished, none is begun.

    A UPS that is not heard any more brings no mains back. A penyelia may waive the item.
    """
    heard = (check for check in unit.room.history(ItemId.UPS) if check.status is not Status.UNKNOWN)
    ups = next(heard, None)
    if ups is None or room.as_of(ups, unit.at).status is not Status.CRITICAL:
        return False
    return ups.advice in ON_BATTERY


def latest(desk: Desk, actor: Actor) -> tuple[RoomCheck, ...]:
    """Every item as it counts now. Raises PolicyError "role.not_allowed"."""
    return verdict(desk, actor).checks


def verdict(desk: Desk, actor: Actor) -> RoomVerdict:
    """The room as a whole as it counts now. Raises PolicyError "role.not_allowed"."""
    roles.require(actor, Action.SEE_READINESS)
    with desk.unit(actor) as unit:
        return room.overall(unit.room.latest(), unit.at, desk.room_must)


def history(desk: Desk, actor: Actor, item: str, limit: int = 100) -> tuple[RoomCheck, ...]:
    """Past results of one item. Raises PolicyError "role.not_allowed", "room.item_unknown"."""
    roles.require(actor, Action.SEE_READINESS)
    wanted = _item(item)
    with desk.unit(actor) as unit:
        return tuple(unit.room.history(wanted.id, limit))


MEASURES: frozenset[ItemId] = frozenset(item.id for item in ITEMS if item.kind is Kind.MEASURED)
"""A walk that looks at all of these counts as the day's room check."""


def _looked(
    desk: Desk,
    actor: Actor,
    wanted: set[ItemId],
    known: Mapping[ItemId, RoomCheck],
    on_result: Callable[[RoomCheck], None] | None = None,
) -> tuple[tuple[RoomCheck, ...], tuple[RoomCheck, ...]]:
    """What is new, and the result of each wanted item, in the order of the room."""
    looks = room_looks.all_of(desk)
    now, found, questions = desk.clock.now(), dict[ItemId, RoomCheck](), list[Question]()

    def told(check: RoomCheck) -> None:
        before = known.get(check.item)
        if before is not None and _stands(before, check, desk.clock.now()):
            check = before
        found[check.item] = check
        if on_result is not None:
            on_result(check)

    for item in ITEMS:
        if item.id not in wanted:
            continue
        before = known.get(item.id)
        if (look := looks.get(item.id)) is not None:
            ask = partial(_seen, desk, item, partial(look, desk, actor), before)
            questions.append(Question(item, ask, partial(_nothing, desk, item)))
        elif before is not None:
            told(room.as_of(before, now))
        else:
            told(room.unknown(item.id, at=now, must=desk.room_must))
    desk.asking.ask(questions, told)
    ordered = tuple(found[item.id] for item in ITEMS if item.id in wanted)
    asked_for = {question.item.id for question in questions}
    new = (check for check in ordered if check.item in asked_for and check is not known.get(check.item))
    return tuple(new), ordered


def _stands(before: RoomCheck, fresh: RoomCheck, now: datetime) -> bool:
    """Whether an older result goes on to count: a waiver while the item is no better, a person's word while the
    program cannot see for itself.
    """
    if room.as_of(before, now) is not before:
        return False
    if before.status is Status.WAIVED:
        return fresh.status in (Status.CRITICAL, Status.UNKNOWN)
    return fresh.status is Status.UNKNOWN and before.method in ("typed", "attested")


def _seen(desk: Desk, item: RoomItem, look: Callable[[], room.Look], before: RoomCheck | None) -> RoomCheck:
    """One look; whatever goes wrong with it is this item's alone."""
    try:
        found, at = look(), desk.clock.now()
        last = room.as_of(before, at).status if before is not None else None
        return room.seen(item.id, found, at=at, before=last, must=desk.room_must)
    except (DeviceError, PolicyError) as error:  # PolicyError: the role of who walks may not see it
        return _nothing(desk, item, error.code, error.params)
    except Exception:  # a bug in one look must not hide the other items (design.md, section 8)
        log.exception("sensor of %s failed unexpectedly", item.id)
        return _nothing(desk, item, "sensor.bug")


def _nothing(
    desk: Desk, item: RoomItem, advice: str, told: Mapping[str, object] = MappingProxyType({})
) -> RoomCheck:
    evidence = tuple(f"{name}={value}" for name, value in told.items())
    return room.unknown(item.id, at=desk.clock.now(), must=desk.room_must, advice=advice, evidence=evidence)


def _known(desk: Desk, actor: Actor) -> dict[ItemId, RoomCheck]:
    with desk.unit(actor) as unit:
        return {check.item: check for check in unit.room.latest()}


def _is_news(before: RoomCheck | None, check: RoomCheck) -> bool:
    if before is None or (before.status, before.advice) != (check.status, check.advice):
        return True
    return check.measured_at - before.measured_at >= KEEP_EVERY


def _keep(desk: Desk, actor: Actor, check: RoomCheck, kind: str, approver: str | None) -> None:
    with desk.unit(actor) as unit:
        unit.room.add(check)
        data = {"item": check.item.value, "status": check.status.value}
        unit.record(kind, SUBJECT, data, approver=approver)


def _item(item: str) -> RoomItem:
    """The item of an id. Raises PolicyError "room.item_unknown"."""
    if item not in set(ItemId):
        raise PolicyError("room.item_unknown")
    return ITEM[ItemId(item)]


def _day(desk: Desk, moment: datetime) -> date:
    return moment.astimezone(desk.office.timezone).date()
