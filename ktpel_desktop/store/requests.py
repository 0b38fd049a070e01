"""Requests: guarded moves, leases, the queue and the look-up. The one place where a NIK goes in and out in clear."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Integer, bindparam, cast, func, null, select, update

from ktpel_desktop.core.errors import PolicyError
from ktpel_desktop.core.nik import FamilyCardNumber, Nik
from ktpel_desktop.core.records import RequestFilter
from ktpel_desktop.core.request import (
    TRANSITIONS,
    Claim,
    Priority,
    Request,
    RequestState,
    StateChange,
)
from ktpel_desktop.store import queue
from ktpel_desktop.store.chain import Chain
from ktpel_desktop.store.columns import json_strings, json_text, moment, moment_text
from ktpel_desktop.store.schema import request as table
from ktpel_desktop.store.statements import Statement, insert_into

_C = table.c
_READ = queue.READ
_GET = Statement(_READ.where(_C.id == bindparam("id")))
_OF_NIK = Statement(queue.in_order(queue.still_open(_READ.where(_C.nik == bindparam("nik")))))
_COUNT = Statement(select(_C.state, func.count()).group_by(_C.state))
_INSERT = insert_into(table)
_SAME = (_C.id == bindparam("request_id"), _C.state == bindparam("before"))
_MOVE = Statement(
    update(table)
    .where(*_SAME)
    .values({name: bindparam(name) for name in ("state", "reasons", "result", "event_seq")})
)
_DOCUMENTS = Statement(
    update(table).where(*_SAME).values({name: bindparam(name) for name in ("documents", "event_seq")})
)
_CLAIM = Statement(
    update(table)
    .where(_C.id == bindparam("request_id"))
    .values({name: bindparam(name) for name in ("claim_by", "claim_until")})
)
_RELEASE = Statement(
    update(table).where(_C.id == bindparam("request_id")).values(claim_by=null(), claim_until=null())
)
_LAST_NUMBER = Statement(
    select(func.max(cast(func.substr(_C.number, bindparam("skip", type_=Integer)), Integer))).where(
        _C.accepted_at >= bindparam("day"),
        _C.accepted_at < bindparam("next_day"),
        func.substr(_C.number, 1, bindparam("length", type_=Integer)) == bindparam("prefix"),
    )
)


class Requests:
    """Implements core.records.Requests."""

    def __init__(self, connection: Connection, chain: Chain) -> None:
        self._connection = connection
        self._chain = chain

    def add(self, request: Request) -> None:
        """Raises PolicyError "request.exists" for a ticket code that is taken."""
        if _GET.run(self._connection, id=request.id).first() is not None:
            raise PolicyError("request.exists", request=request.id)
        said = {"number": request.number, "service": request.service, "priority": request.priority.value}
        event = self._chain.record(_kind(request.state), request.id, said)
        claim = request.claim
        _INSERT.run(
            self._connection,
            id=request.id,
            number=request.number,
            service=request.service,
            nik=request.nik.reveal(),
            name=request.name,
            accepted_at=moment_text(request.accepted_at),
            accepted_by=request.accepted_by,
            state=request.state.value,
            kk=None if request.kk is None else request.kk.reveal(),
            phone=request.phone,
            documents=json_text(sorted(request.documents)),
            priority=request.priority.value,
            reasons=json_text(request.reasons),
            result=request.result,
            claim_by=None if claim is None else claim.by,
            claim_until=None if claim is None else moment_text(claim.until),
            event_seq=event.seq,
        )

    def get(self, request_id: str) -> Request:
        """Raises PolicyError "request.unknown"."""
        row = _GET.run(self._connection, id=request_id).first()
        if row is None:
            raise PolicyError("request.unknown", request=request_id)
        return _request(row)

    def move(
        self,
        request: Request,
        to: RequestState,
        *,
        reasons: Sequence[str] = (),
        result: str | None = None,
        data: Mapping[str, object] | None = None,
        approver: str | None = None,
    ) -> Request:
        """The moved request; `reasons` are those of the new state, `result` None keeps what stands.

        Raises PolicyError "request.not_allowed", "request.moved_meanwhile".
        """
        if (request.state, to) not in TRANSITIONS:
            raise PolicyError("request.not_allowed", state=request.state, to=to)
        now = self._unmoved(request)
        said: dict[str, object] = {**(data or {}), "from": request.state.value}
        if reasons:
            said["reasons"] = list(reasons)
        if result is not None:
            said["result"] = result
        after = replace(
            now, state=to, reasons=tuple(reasons), result=now.result if result is None else result
        )
        event = self._chain.record(_kind(to), request.id, said, approver)
        moved = _MOVE.run(
            self._connection,
            request_id=request.id,
            before=request.state.value,
            state=to.value,
            reasons=json_text(after.reasons),
            result=after.result,
            event_seq=event.seq,
        )
        _one_row(moved.rowcount)
        return after

    def set_documents(self, request: Request, documents: frozenset[str]) -> Request:
        """The request with these requirement codes in its file. Raises PolicyError "request.moved_meanwhile"."""
        now = self._unmoved(request)
        if now.documents == documents:
            return now
        event = self._chain.record("request.documents", request.id, {"documents": sorted(documents)})
        changed = _DOCUMENTS.run(
            self._connection,
            request_id=request.id,
            before=request.state.value,
            documents=json_text(sorted(documents)),
            event_seq=event.seq,
        )
        _one_row(changed.rowcount)
        return replace(now, documents=documents)

    def claim(self, request: Request, until: datetime) -> Request:
        """The request under the actor's lease; renewing one's own running lease is no event.

        Raises PolicyError "request.claimed" naming the holder.
        """
        now = self._free_of_others(request)
        me = self._chain.actor.username
        renewed = now.claim is not None and now.claim.by == me and self._chain.at < now.claim.until
        if not renewed:
            self._chain.record("claim.taken", request.id)
        leased = _CLAIM.run(
            self._connection, request_id=request.id, claim_by=me, claim_until=moment_text(until)
        )
        _one_row(leased.rowcount)
        return replace(now, claim=Claim(me, until))

    def release(self, request: Request, approver: str | None = None) -> Request:
        """The request without a lease. Another's running lease takes an approver.

        Raises PolicyError "request.claimed" naming the holder.
        """
        now = self.get(request.id) if approver else self._free_of_others(request)
        if now.claim is None:
            return now
        self._chain.record("claim.released", request.id, {"holder": now.claim.by}, approver)
        _one_row(_RELEASE.run(self._connection, request_id=request.id).rowcount)
        return replace(now, claim=None)

    def find(self, wanted: RequestFilter, limit: int = 100, offset: int = 0) -> Sequence[Request]:
        """Lawful priorities first, then by time of acceptance."""
        statement, asked = queue.search(wanted)
        return [
            _request(row) for row in statement.rows(self._connection, limit=limit, offset=offset, **asked)
        ]

    def count(self) -> Mapping[RequestState, int]:
        """How many requests are in each state; a state without requests is left out."""
        return {RequestState(state): number for state, number in _COUNT.run(self._connection)}

    def open_of(self, nik: Nik, service: str | None = None) -> Sequence[Request]:
        """The resident's requests that have not ended."""
        found = [_request(row) for row in _OF_NIK.run(self._connection, nik=nik.reveal())]
        return [request for request in found if service is None or request.service == service]

    def next_number(self, prefix: str, day_start: datetime) -> str:
        """The number after the day's highest: a function of the day's requests, so no counter can run off.

        Race-free because the unit that asks holds the write lock until it has added its request.
        """
        highest: int | None = _LAST_NUMBER.run(
            self._connection,
            skip=len(prefix) + 2,
            length=len(prefix) + 1,
            prefix=f"{prefix}-",
            day=moment_text(day_start),
            next_day=moment_text(day_start + timedelta(days=1)),
        ).scalar()
        return f"{prefix}-{(highest or 0) + 1:03d}"

    def history(self, request_id: str) -> Sequence[StateChange]:
        """When the request came into each of its states, by the chain."""
        changes = (event for event in self._chain.of(request_id) if event.kind in _STATE_OF_KIND)
        return [StateChange(_STATE_OF_KIND[event.kind], event.at, event.actor) for event in changes]

    def _unmoved(self, request: Request) -> Request:
        now = self.get(request.id)
        if now.state is not request.state:
            raise PolicyError("request.moved_meanwhile", request=request.id, state=now.state)
        return now

    def _free_of_others(self, request: Request) -> Request:
        now = self.get(request.id)
        if now.claim is not None and now.claimed_by_other(self._chain.actor.username, self._chain.at):
            raise PolicyError("request.claimed", holder=now.claim.by, until=now.claim.until)
        return now


def _one_row(rows: int) -> None:
    if rows != 1:
        raise AssertionError("a request moved while its unit held the write lock")


def _kind(state: RequestState) -> str:
    return f"request.{state.value}"


_STATE_OF_KIND = {_kind(state): state for state in RequestState}


def _request(row: Sequence[Any]) -> Request:
    id_, number, service, nik, name, accepted_at, accepted_by, state = row[:8]
    kk, phone, documents, priority, reasons, result, claim_by, claim_until = row[8:]
    return Request(
        id=id_,
        number=number,
        service=service,
        nik=Nik.parse(nik),
        name=name,
        accepted_at=moment(accepted_at),
        accepted_by=accepted_by,
        state=RequestState(state),
        kk=None if kk is None else FamilyCardNumber.parse(kk),
        phone=phone,
        documents=frozenset(json_strings(documents)),
        priority=Priority(priority),
        reasons=json_strings(reasons),
        result=result,
        claim=None if claim_by is None else Claim(claim_by, moment(claim_until)),
    )
