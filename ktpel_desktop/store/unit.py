"""One transaction of one actor at one instant, with every repository over the same connection."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from argon2 import PasswordHasher
from sqlalchemy import Connection, bindparam, select

from ktpel_desktop.core import records
from ktpel_desktop.core.audit import Event
from ktpel_desktop.core.errors import PolicyError
from ktpel_desktop.core.ports import Answer
from ktpel_desktop.core.records import Handover
from ktpel_desktop.core.roles import Actor
from ktpel_desktop.store.chain import Chain
from ktpel_desktop.store.columns import json_strings, json_text, moment, moment_text, utc
from ktpel_desktop.store.deliveries import Deliveries
from ktpel_desktop.store.destructions import Destructions
from ktpel_desktop.store.journal import Journal
from ktpel_desktop.store.people import People
from ktpel_desktop.store.requests import Requests
from ktpel_desktop.store.room_log import RoomLog
from ktpel_desktop.store.schema import handover as table
from ktpel_desktop.store.shifts import Shifts
from ktpel_desktop.store.statements import Statement, insert_into
from ktpel_desktop.store.stock import Stock

_C = table.c
_HANDOVER = Statement(
    select(
        *(_C.request_id, _C.collector, _C.relation, _C.identity),
        *(_C.withdrawn, _C.chip_answers, _C.at, _C.by),
    ).where(_C.request_id == bindparam("request_id"))
)
_INSERT = insert_into(table)


class SqlUnit:
    """Implements core.records.UnitOfWork. Made by SqlStore only."""

    def __init__(self, connection: Connection, actor: Actor, at: datetime, hasher: PasswordHasher) -> None:
        self._connection = connection
        self.actor = actor
        self.at = utc(at)
        self.chain = Chain(connection, actor, self.at)
        self.accounts = People(connection, self.chain, hasher)
        self.people: records.People = self.accounts
        self.requests: records.Requests = Requests(connection, self.chain)
        self.jobs: records.Jobs = Journal(connection, self.chain)
        self.stock: records.Stock = Stock(connection, self.chain)
        self.outbox: records.Outbox = Deliveries(connection, self.chain)
        self.shifts: records.Shifts = Shifts(connection, self.chain)
        self.destructions: records.Destructions = Destructions(connection, self.chain)
        self.room: records.RoomLog = RoomLog(connection)
        self.events: records.Events = self.chain

    def record(
        self,
        kind: str,
        subject: str,
        data: Mapping[str, object] | None = None,
        approver: str | None = None,
    ) -> Event:
        """Add an event of its own to the chain."""
        return self.chain.record(kind, subject, data, approver)

    def add_handover(self, handover: Handover) -> None:
        """Keep who took the result. Raises PolicyError "handover.exists"."""
        if self.handover(handover.request_id) is not None:
            raise PolicyError("handover.exists", request=handover.request_id)
        said = {
            "relation": handover.relation,
            "withdrawn": list(handover.withdrawn),
            "chip_answers": handover.chip_answers.value,
        }
        event = self.chain.record("handover", handover.request_id, said)
        _INSERT.run(
            self._connection,
            request_id=handover.request_id,
            collector=handover.collector,
            relation=handover.relation,
            identity=handover.identity,
            withdrawn=json_text(handover.withdrawn),
            chip_answers=handover.chip_answers.value,
            at=moment_text(handover.at),
            by=handover.by,
            event_seq=event.seq,
        )

    def handover(self, request_id: str) -> Handover | None:
        """Who took the result of this request."""
        row = _HANDOVER.run(self._connection, request_id=request_id).first()
        if row is None:
            return None
        found, collector, relation, identity, withdrawn, chip_answers, at, by = row
        return Handover(
            found,
            collector,
            relation,
            identity,
            json_strings(withdrawn),
            Answer(chip_answers),
            moment(at),
            by,
        )
