"""The outbox: deliveries waiting and done. What was delivered never changes again."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, bindparam, func, select, update

from ktpel_desktop.core.errors import PolicyError
from ktpel_desktop.core.issuance import JobState
from ktpel_desktop.core.outbox import Delivery, DeliveryKind
from ktpel_desktop.store.chain import Chain
from ktpel_desktop.store.columns import (
    json_object,
    json_text,
    moment,
    moment_text,
    optional_moment,
    optional_moment_text,
)
from ktpel_desktop.store.schema import delivery as table
from ktpel_desktop.store.schema import job
from ktpel_desktop.store.statements import Statement, insert_into

_C = table.c
_READ = select(
    *(_C.id, _C.kind, _C.request_id, _C.created_at, _C.payload, _C.attempts),
    *(_C.next_at, _C.last_error, _C.delivered_at),
)
_GET = Statement(_READ.where(_C.id == bindparam("id")))
_WAITING = Statement(_READ.where(_C.delivered_at.is_(None)).order_by(_C.created_at, _C.id))
_OF_REQUEST = Statement(_READ.where(_C.request_id == bindparam("request_id")).order_by(_C.created_at, _C.id))
_CONFIRMED = Statement(
    select(func.count())
    .select_from(job)
    .join(table, _C.id == job.c.id)
    .where(
        job.c.state == JobState.ISSUED.value,
        job.c.event_seq > bindparam("after"),
        job.c.event_seq <= bindparam("until"),
        _C.delivered_at.is_not(None),
    )
)
_INSERT = insert_into(table)
_UNDELIVERED = update(table).where(_C.id == bindparam("delivery_id"), _C.delivered_at.is_(None))
_DELIVERED = Statement(_UNDELIVERED.values(delivered_at=bindparam("at")))
_FAILED = Statement(
    _UNDELIVERED.values(attempts=_C.attempts + 1, last_error=bindparam("error"), next_at=bindparam("next"))
)
_REPLACED = Statement(_UNDELIVERED.values(payload=bindparam("new_payload"), next_at=bindparam("next")))


class Deliveries:
    """Implements core.records.Outbox."""

    def __init__(self, connection: Connection, chain: Chain) -> None:
        self._connection = connection
        self._chain = chain

    def put(self, delivery: Delivery) -> None:
        """Keep a delivery until it has arrived.

        The same one put again is kept once. One that has not arrived may be replaced under its id (a card withdrawn
        while its result was on the way). Raises PolicyError "outbox.delivered" where another content has arrived.
        """
        row = _GET.run(self._connection, id=delivery.id).first()
        if row is not None:
            self._put_again(_delivery(row), delivery)
            return
        said = {"delivery": delivery.id, "kind": delivery.kind.value}
        self._chain.record("delivery.queued", delivery.request_id, said)
        _INSERT.run(
            self._connection,
            id=delivery.id,
            kind=delivery.kind.value,
            request_id=delivery.request_id,
            created_at=moment_text(delivery.created_at),
            payload=json_text(delivery.payload),
            attempts=delivery.attempts,
            next_at=optional_moment_text(delivery.next_at),
            last_error=delivery.last_error,
            delivered_at=optional_moment_text(delivery.delivered_at),
        )

    def get(self, delivery_id: str) -> Delivery:
        """Raises PolicyError "outbox.unknown"."""
        row = _GET.run(self._connection, id=delivery_id).first()
        if row is None:
            raise PolicyError("outbox.unknown", delivery=delivery_id)
        return _delivery(row)

    def waiting(self) -> Sequence[Delivery]:
        """What has not arrived, oldest first, due or not."""
        return [_delivery(row) for row in _WAITING.run(self._connection)]

    def of_request(self, request_id: str) -> Sequence[Delivery]:
        """All deliveries of a request, oldest first."""
        return [_delivery(row) for row in _OF_REQUEST.run(self._connection, request_id=request_id)]

    def confirmed(self, after: int, until: int) -> int:
        """Told from jobs and deliveries alone, apart from the chain."""
        return int(_CONFIRMED.run(self._connection, after=after, until=until).scalar() or 0)

    def delivered(self, delivery_id: str) -> None:
        """It has arrived; told twice (an answer that came late) it stays as it was."""
        found = self.get(delivery_id)
        if found.delivered_at is not None:
            return
        self._chain.record("delivery.delivered", found.request_id, {"delivery": delivery_id})
        _DELIVERED.run(self._connection, delivery_id=delivery_id, at=moment_text(self._chain.at))

    def failed(self, delivery_id: str, error: str, next_at: datetime) -> None:
        """One more attempt that failed. Not an event: a day off line would fill the chain with them."""
        noted = _FAILED.run(self._connection, delivery_id=delivery_id, error=error, next=moment_text(next_at))
        if noted.rowcount != 1:
            self.get(delivery_id)  # one already delivered stays so: the failure was of a second sending

    def _put_again(self, kept: Delivery, delivery: Delivery) -> None:
        if (kept.kind, kept.request_id) != (delivery.kind, delivery.request_id):
            raise PolicyError("outbox.delivered", delivery=kept.id)
        if dict(kept.payload) == dict(delivery.payload):
            return
        if kept.delivered_at is not None:
            raise PolicyError("outbox.delivered", delivery=kept.id)
        self._chain.record("delivery.replaced", kept.request_id, {"delivery": kept.id})
        _REPLACED.run(
            self._connection,
            delivery_id=kept.id,
            new_payload=json_text(delivery.payload),
            next=optional_moment_text(delivery.next_at),
        )


def _delivery(row: Sequence[Any]) -> Delivery:
    id_, kind, request_id, created_at, payload, attempts, next_at, last_error, delivered_at = row
    return Delivery(
        id_,
        DeliveryKind(kind),
        request_id,
        moment(created_at),
        json_object(payload),
        attempts,
        optional_moment(next_at),
        last_error,
        optional_moment(delivered_at),
    )
