"""The audit chain in the store: every record is hashed onto the one before it, inside the unit's transaction."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import Connection, bindparam, select, text

from ktpel_desktop.core.audit import GENESIS, Event, event_hash
from ktpel_desktop.core.roles import Actor
from ktpel_desktop.store.columns import json_object, json_text, moment, moment_text
from ktpel_desktop.store.schema import event as table
from ktpel_desktop.store.schema import listed
from ktpel_desktop.store.statements import Statement, insert_into

_COLUMNS = table.c
_INSERT = insert_into(table)
_HEAD = Statement(select(table).order_by(_COLUMNS.seq.desc()).limit(1))
_LINK = Statement(select(_COLUMNS.seq, _COLUMNS.hash).order_by(_COLUMNS.seq.desc()).limit(1))
_AFTER = select(table).where(_COLUMNS.seq > bindparam("after")).order_by(_COLUMNS.seq)
_ALL, _UNTIL = Statement(_AFTER), Statement(_AFTER.where(_COLUMNS.seq <= bindparam("until")))
_OF = Statement(select(table).where(_COLUMNS.subject == bindparam("subject")).order_by(_COLUMNS.seq))
_CHUNK = 500


class Chain:
    """The chain as one unit sees it, with the unit's actor and instant for what it records."""

    def __init__(self, connection: Connection, actor: Actor, at: datetime) -> None:
        self._connection = connection
        self.actor = actor
        self.at = at
        self._link: tuple[int, str] | None = None

    def record(
        self,
        kind: str,
        subject: str,
        data: Mapping[str, object] | None = None,
        approver: str | None = None,
    ) -> Event:
        """Add an event. Its place is safe: the unit holds the write lock since its beginning."""
        seq, previous = self._link or self._newest()
        text = json_text(data or {})
        event = Event(
            seq=seq + 1,
            at=self.at,
            actor=self.actor.username,
            role=self.actor.role.value,
            pc=self.actor.pc,
            kind=kind,
            subject=subject,
            data=json.loads(text),  # hashed as it will be read: a tuple comes back as a list, a code as text
            approver=approver,
            previous=previous,
        )
        event = replace(event, hash=event_hash(event))
        _INSERT.run(
            self._connection,
            seq=event.seq,
            at=moment_text(event.at),
            actor=event.actor,
            role=event.role,
            pc=event.pc,
            kind=event.kind,
            subject=event.subject,
            data=text,
            approver=event.approver,
            previous=event.previous,
            hash=event.hash,
        )
        self._link = event.seq, event.hash
        return event

    def all(self, after: int = 0, until: int | None = None) -> Iterator[Event]:
        """Events in order, `after` excluded and `until` included; read in portions, for a year is long."""
        if until is None:
            found = _ALL.run(self._connection, after=after)
        else:
            found = _UNTIL.run(self._connection, after=after, until=until)
        for rows in found.partitions(_CHUNK):
            yield from map(_event, rows)

    def of(self, subject: str) -> Sequence[Event]:
        """The events about one subject, oldest first."""
        return [_event(row) for row in _OF.run(self._connection, subject=subject)]

    def of_kinds(self, kinds: frozenset[str], after: int = 0) -> Sequence[Event]:
        """The events of these kinds, `after` excluded, oldest first; the others never leave the database."""
        return [_event(row) for row in _of_kinds(kinds).run(self._connection, after=after)]

    def head(self) -> Event | None:
        """The newest event."""
        row = _HEAD.run(self._connection).first()
        return None if row is None else _event(row)

    def _newest(self) -> tuple[int, str]:
        row = _LINK.run(self._connection).first()
        return (0, GENESIS) if row is None else (row[0], row[1])


@cache
def _of_kinds(kinds: frozenset[str]) -> Statement:
    return Statement(_AFTER.where(text(f"kind IN ({listed(kinds)})")))


def _event(row: Sequence[Any]) -> Event:
    seq, at, actor, role, pc, kind, subject, data, approver, previous, digest = row
    return Event(
        seq, moment(at), actor, role, pc, kind, subject, json_object(data), approver, previous, digest
    )
