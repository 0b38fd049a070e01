"""Results of room checks and waivers, kept as they were found."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection, bindparam, func, select

from ktpel_desktop.core.room import ItemId, RoomCheck
from ktpel_desktop.core.room_limits import Status
from ktpel_desktop.store.columns import json_strings, json_text, moment, moment_text
from ktpel_desktop.store.schema import room_check as table
from ktpel_desktop.store.statements import Statement, insert_into

_C = table.c
_READ = select(
    *(_C.item, _C.status, _C.advice, _C.measured_at, _C.value, _C.unit, _C.text, _C.source),
    *(_C.method, _C.evidence, _C.by, _C.blocking, _C.waived_by, _C.waived_reason),
)
_NEWEST = select(func.max(_C.id)).group_by(_C.item)
_LATEST = Statement(_READ.where(_C.id.in_(_NEWEST)).order_by(_C.item))
_HISTORY = Statement(
    _READ.where(_C.item == bindparam("item")).order_by(_C.id.desc()).limit(bindparam("limit"))
)
_INSERT = insert_into(table, without=["id"])


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
        )

    def latest(self) -> Sequence[RoomCheck]:
        """The newest result of each item: the one kept last, whatever its clock said."""
        return [_check(row) for row in _LATEST.run(self._connection)]

    def history(self, item: str, limit: int = 100) -> Sequence[RoomCheck]:
        """The item's results, newest first."""
        rows = _HISTORY.run(self._connection, item=str(item), limit=limit)
        return [_check(row) for row in rows]


def _check(row: Sequence[Any]) -> RoomCheck:
    item, status, advice, measured_at, value, unit, text, source = row[:8]
    method, evidence, by, blocking, waived_by, waived_reason = row[8:]
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
    )
