"""Working days: at most one open, each with its first and last event, which the day's report names."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, bindparam, func, select, update

from ktpel_desktop.core.errors import PolicyError
from ktpel_desktop.core.records import Shift
from ktpel_desktop.store.chain import Chain
from ktpel_desktop.store.columns import moment, moment_text, optional_moment
from ktpel_desktop.store.schema import shift as table
from ktpel_desktop.store.statements import Statement, insert_into

_C = table.c
_READ = select(_C.id, _C.opened_at, _C.opened_by, _C.first_event, _C.closed_at, _C.closed_by, _C.last_event)
_CURRENT = Statement(_READ.where(_C.closed_at.is_(None)))
_LATEST = Statement(_READ.order_by(_C.id.desc()).limit(1))
_LAST_ID = Statement(select(func.coalesce(func.max(_C.id), 0)))
_INSERT = insert_into(table)
_CLOSE = Statement(
    update(table)
    .where(_C.id == bindparam("shift_id"), _C.closed_at.is_(None))
    .values(closed_at=bindparam("at"), closed_by=bindparam("who"), last_event=bindparam("event"))
)


class Shifts:
    """Implements core.records.Shifts."""

    def __init__(self, connection: Connection, chain: Chain) -> None:
        self._connection = connection
        self._chain = chain

    def open(self, data: Mapping[str, object] | None = None) -> Shift:
        """Raises PolicyError "shift.already_open"."""
        current = self.current()
        if current is not None:
            raise PolicyError("shift.already_open", sif=current.id, oleh=current.opened_by)
        number = int(_LAST_ID.run(self._connection).scalar() or 0) + 1
        event = self._chain.record("shift.opened", _subject(number), data)
        shift = Shift(number, self._chain.at, self._chain.actor.username, event.seq)
        _INSERT.run(
            self._connection,
            id=shift.id,
            opened_at=moment_text(shift.opened_at),
            opened_by=shift.opened_by,
            first_event=shift.first_event,
            closed_at=None,
            closed_by=None,
            last_event=None,
        )
        return shift

    def current(self) -> Shift | None:
        """The open working day."""
        return _shift(_CURRENT.run(self._connection).first())

    def latest(self) -> Shift | None:
        """The newest working day, open or closed."""
        return _shift(_LATEST.run(self._connection).first())

    def close(self, approver: str | None = None) -> Shift:
        """Raises PolicyError "shift.not_open"."""
        current = self.current()
        if current is None:
            raise PolicyError("shift.not_open")
        event = self._chain.record("shift.closed", _subject(current.id), approver=approver)
        who = self._chain.actor.username
        _CLOSE.run(
            self._connection,
            shift_id=current.id,
            at=moment_text(self._chain.at),
            who=who,
            event=event.seq,
        )
        return Shift(
            current.id,
            current.opened_at,
            current.opened_by,
            current.first_event,
            self._chain.at,
            who,
            event.seq,
        )


def _subject(number: int) -> str:
    return f"shift-{number}"


def _shift(row: Sequence[Any] | None) -> Shift | None:
    if row is None:
        return None
    number, opened_at, opened_by, first_event, closed_at, closed_by, last_event = row
    return Shift(
        number,
        moment(opened_at),
        opened_by,
        first_event,
        optional_moment(closed_at),
        closed_by,
        last_event,
    )
