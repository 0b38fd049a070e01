"""SIAK in the process, for crash tests: signs orders, remembers results, and fails as a network fails."""

from __future__ import annotations

import hashlib
from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import TypeVar

from ktpel_desktop.core import chip_files
from ktpel_desktop.core.errors import Effect, GatewayError
from ktpel_desktop.core.nik import Nik
from ktpel_desktop.core.outbox import CardOutcome, Delivery, DeliveryKind
from ktpel_desktop.core.ports import Answer, Clock, Health, Reception, SiakRecord
from ktpel_desktop.core.print_order import PrintOrder, VerifiedOrder, verify
from ktpel_desktop.core.security_object import SecurityObject, digests_of
from ktpel_desktop.core.subject import Subject, content_digest
from ktpel_desktop.resource_files import load_profile
from tests.residents import subject

AUTHORITY = "Uji"
PROFILE = load_profile("acuan-8k")
T = TypeVar("T")


def sign(message: bytes) -> bytes:
    return hashlib.sha256(b"test authority" + message).digest()


class TestAuthority:
    """A stand-in for the pinned key: the signature's mathematics is tested in tests/siak."""

    __test__ = False

    def knows(self, authority: str) -> bool:
        return authority == AUTHORITY

    def valid(self, authority: str, message: bytes, signature: bytes) -> bool:
        return signature == sign(message)


def security_object(subject: Subject, order_id: str) -> SecurityObject:
    """What SIAK signs of the chip of this subject."""
    digest, files = content_digest(subject.to_content()), chip_files.build(PROFILE, subject)
    made = SecurityObject(order_id, digest, PROFILE.name, digests_of(files), AUTHORITY)
    return replace(made, signature=sign(made.signed_bytes()))


def signed_order(subject: Subject, order_id: str, job_id: str, now: datetime, chip: bytes) -> PrintOrder:
    """An order of the test authority with this security object."""
    content = subject.to_content()
    expires = now + timedelta(hours=8)
    order = PrintOrder(
        order_id,
        job_id,
        subject.nik,
        content,
        content_digest(content),
        now,
        expires,
        AUTHORITY,
        b"",
        chip,
    )
    return replace(order, signature=sign(order.signed_bytes()))


def ordered(subject: Subject, order_id: str = "ORDER-1", chip: bytes | None = None) -> VerifiedOrder:
    """A believed order for the subject's card; `chip` another security object than SIAK's."""
    now = datetime(2026, 11, 25, 3, tzinfo=UTC)
    made = security_object(subject, order_id).encode() if chip is None else chip
    order = signed_order(subject, order_id, "TICKET-1", now, made)
    return verify(order, job_id="TICKET-1", nik=subject.nik, now=now, check=TestAuthority())


class FakeSiak:
    """Truth (`orders`, `results`, `statuses`) apart from the line to it, which `faults` disturbs in turn."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self.orders: dict[str, str] = {}
        self.results: dict[str, Mapping[str, str]] = {}
        self.statuses: dict[str, str] = {}
        self.deliveries = 0
        self.faults: dict[str, deque[str]] = {"print_order": deque(), "deliver": deque()}

    def health(self) -> Health:
        return Health(Answer.YES)

    def look_up(self, nik: Nik) -> SiakRecord:
        return SiakRecord(nik, {}, "PRINT_READY_RECORD")

    def issued_for(self, request_id: str) -> list[str]:
        """Delivery ids of cards that SIAK believes issued for the request."""
        return [
            key
            for key, body in self.results.items()
            if body["request_id"] == request_id and body["outcome"] == CardOutcome.ISSUED
        ]

    def print_order(self, job_id: str, request_id: str, nik: Nik, service: str) -> PrintOrder:
        return self._over_the_line("print_order", lambda: self._order(job_id, request_id, nik))

    def deliver(self, delivery: Delivery) -> Reception:
        return self._over_the_line("deliver", lambda: self._receive(delivery))

    def _over_the_line(self, verb: str, act: Callable[[], T]) -> T:
        fault = self.faults[verb].popleft() if self.faults[verb] else ""
        if fault == "offline":
            raise GatewayError("siak.offline")
        if fault == "lost_without_acting":
            raise GatewayError("siak.connection_lost", Effect.UNKNOWN)
        if fault == "no_entry":
            raise GatewayError("siak.quota_spent")
        if fault == "refused":
            raise GatewayError("siak.refused_unknown", number="99")
        answer = act()
        if fault == "lost_after_acting":
            raise GatewayError("siak.timeout", Effect.UNKNOWN)
        if fault == "arrives_twice":
            return act()
        return answer

    def _order(self, job_id: str, request_id: str, nik: Nik) -> PrintOrder:
        order_id = self.orders.setdefault(job_id, f"ORDER-{len(self.orders) + 1}")
        resident = subject(nik=nik)
        chip = security_object(resident, order_id).encode()
        return signed_order(resident, order_id, job_id, self._clock.now(), chip)

    def _receive(self, delivery: Delivery) -> Reception:
        self.deliveries += 1
        if delivery.kind is DeliveryKind.STATUS:
            self.statuses[delivery.id] = delivery.payload["status"]
            return Reception.ACCEPTED
        known = self.results.get(delivery.id)
        if known is not None:
            if known != dict(delivery.payload):
                raise GatewayError("siak.result_conflict")
            return Reception.ALREADY_HAD
        if delivery.payload["outcome"] == CardOutcome.ISSUED and self.issued_for(delivery.request_id):
            raise GatewayError("siak.already_issued")
        self.results[delivery.id] = dict(delivery.payload)
        return Reception.ACCEPTED
