"""Results of room checks and waivers, kept as they were found, and the line's probes of the last month."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, bindparam, delete, func, select

from ktpel_desktop.core.availability import MONTH, LineState, Moment
from ktpel_desktop.core.room import RoomCheck
from ktpel_desktop.core.room_items import ItemId
from ktpel_desktop.core.room_limits import Status
from ktpel_desktop.store.columns import (
    json_strings,
    json_text,
    moment,
    moment_text,
    optional_moment,
    optional_moment_text,
)
from ktpel_desktop.store.schema import line_moment
from ktpel_desktop.store.schema import room_check as table
from ktpel_desktop.store.statements import Statement, insert_into

_C = table.c
_READ = select(
    *(_C.item, _C.status, _C.advice, _C.measured_at, _C.value, _C.unit, _C.text, _C.source),
    *(_C.method, _C.evidence, _C.by, _C.blocking, _C.waived_by, _C.waived_reason),
    *(_C.document, _C.valid_until),
)
_NEWEST = select(func.max(_C.id)).group_by(_C.item)
_LATEST = Statement(_READ.where(_C.id.in_(_NEWEST)).order_by(_C.item))
_HISTORY = Statement(
    _READ.where(_C.item == bindparam("item")).order_by(_C.id.desc()).limit(bindparam("limit"))
)
_INSERT = insert_into(table, without=["id"])
_M = line_moment.c
_MOMENTS = Statement(select(_M.at, _M.state).where(_M.at >= bindparam("since")).order_by(_M.at))
_FORGET = Statement(
    delete(line_moment).where((_M.at < bindparam("month_ago")) | (_M.at == bindparam("same")))
)
_INSERT_MOMENT = insert_into(line_moment)


class RoomLog:
    """Implements core.records.RoomLog. Waivers are journalled by who grants them, readings are not events."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def add(self, check: RoomCheck) -> None:
        """Keep one result."""
        _INSERT.run(
            self._connection,
            item=check.item.value,
            status=check.status.value,
            advice=check.advice,
            measured_at=moment_text(check.measured_at),
            value=check.value,
            unit=check.unit,
            text=check.text,
            source=check.source,
            method=check.method,
            evidence=json_text(check.evidence),
            by=check.by,
            blocking=int(check.blocking),
            waived_by=check.waived_by,
            waived_reason=check.waived_reason,
            document=check.document,
            valid_until=optional_moment_text(check.valid_until),
        )

    def latest(self) -> Sequence[RoomCheck]:
        """The newest result of each item: the one kept last, whatever its clock said."""
        return [_check(row) for row in _LATEST.run(self._connection)]

    def history(self, item: str, limit: int = 100) -> Sequence[RoomCheck]:
        """The item's results, newest first."""
        rows = _HISTORY.run(self._connection, item=str(item), limit=limit)
        return [_check(row) for row in rows]

    def add_moment(self, found: Moment) -> None:
        """Keep the probe of a minute; a second one of the same instant takes its place."""
        at = moment_text(found.at)
        _FORGET.run(self._connection, month_ago=moment_text(found.at - MONTH), same=at)
        _INSERT_MOMENT.run(self._connection, at=at, state=found.state.value)

    def moments(self, since: datetime) -> Sequence[Moment]:
        """Probes since then, oldest first."""
        rows = _MOMENTS.rows(self._connection, since=moment_text(since))
        return [Moment(moment(at), LineState(state)) for at, state in rows]


def _check(row: Sequence[Any]) -> RoomCheck:
    item, status, advice, measured_at, value, unit, text, source = row[:8]
    method, evidence, by, blocking, waived_by, waived_reason, document, valid_until = row[8:]
    return RoomCheck(
        item=ItemId(item),
        status=Status(status),
        advice=advice,
        measured_at=moment(measured_at),
        value=value,
        unit=unit,
        text=text,
        source=source,
        method=method,
        evidence=json_strings(evidence),
        by=by,
        blocking=bool(blocking),
        waived_by=waived_by,
        waived_reason=waived_reason,
        document=document,
        valid_until=optional_moment(valid_until),
    )
