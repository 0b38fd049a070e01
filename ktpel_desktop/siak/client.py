"""The gateway to SIAK over HTTP: core.ports.Siak by the contract in resources/siak/kontrak.yaml.

Each call is sent once. A refusal (4xx, or an error inside the look-up's answer) did nothing; after a time-out, a
broken answer or a server error of a call that changes something, the effect is UNKNOWN, and the caller asks again
under the same job or delivery id, which SIAK knows.
"""

from __future__ import annotations

from typing import NoReturn

import httpx

from ktpel_desktop.core.errors import Effect, GatewayError
from ktpel_desktop.core.nik import Nik
from ktpel_desktop.core.outbox import Delivery, DeliveryKind
from ktpel_desktop.core.ports import Answer, Health, Reception, SiakRecord
from ktpel_desktop.core.print_order import PrintOrder
from ktpel_desktop.siak import payloads, refusals
from ktpel_desktop.siak.transport import HttpAnswer, SiakAccess, Wire

HEALTH_SECONDS = 1.0
"""A lamp may not wait longer (design.md 7)."""

_DELIVERIES = {DeliveryKind.PRINT_RESULT: "/v1/print-results/", DeliveryKind.STATUS: "/v1/statuses/"}
_NO_ANSWER = {"siak.offline", "siak.tls"}


def _refused(answer: HttpAnswer, effect: Effect) -> NoReturn:
    problem = payloads.read_problem(answer.body) if 400 <= answer.status <= 499 else None
    if problem is not None:
        refusals.refuse(answer.status, problem.code, problem.enrolment)
    refusals.refuse_status(answer.status, effect)


class SiakClient:
    """SIAK by HTTP; implements core.ports.Siak."""

    def __init__(self, access: SiakAccess, transport: httpx.BaseTransport | None = None) -> None:
        """`transport` replaces the network in tests. Raises GatewayError as `Wire` does."""
        self._access = access
        self._wire = Wire(access, transport)

    def close(self) -> None:
        """Close kept connections."""
        self._wire.close()

    def health(self) -> Health:
        """Whether SIAK can be reached: NO where nobody answers, UNKNOWN where the answer says nothing."""
        try:
            answer = self._wire.ask("GET", "/v1/health", timeout=HEALTH_SECONDS)
            if answer.status != 200:
                _refused(answer, Effect.NONE)
            word = payloads.read_health(answer.body)
        except GatewayError as error:
            ready = Answer.NO if error.code in _NO_ANSWER or error.effect is Effect.NONE else Answer.UNKNOWN
            return Health(ready, (error.code,))
        return Health(Answer.YES) if word == "ok" else Health(Answer.NO, ("siak.not_ready",))

    def look_up(self, nik: Nik) -> SiakRecord:
        """The record of a NIK.

        `fields` has the names of the Dukcapil web service, dates as yyyy-mm-dd, RT and RW as three digits, an
        unknown blood group as "-". Raises GatewayError; a login, quota or address refusal must not be repeated.
        """
        body = {
            "NIK": nik.reveal(),
            "user_id": self._access.user_id,
            "password": self._access.password,
            "ip_user": self._access.ip_user,
        }
        answer = self._wire.ask("POST", f"/dukcapil/get_json/{self._access.agency}/CALL_NIK", body)
        if answer.status != 200:
            _refused(answer, Effect.NONE)
        return payloads.read_record(answer.body, nik)

    def print_order(self, job_id: str, request_id: str, nik: Nik, service: str) -> PrintOrder:
        """The print order for this job, not yet believed (`core.print_order.verify`). Raises GatewayError."""
        body = {"request_id": request_id, "nik": nik.reveal(), "service": service}
        answer = self._wire.ask("PUT", f"/v1/print-orders/{job_id}", body)
        if answer.status not in (200, 201):
            _refused(answer, Effect.UNKNOWN)
        return payloads.read_order(answer.body)

    def deliver(self, delivery: Delivery) -> Reception:
        """Deliver a print result or a status: 201 is new to SIAK, 200 it already has. Raises GatewayError."""
        path = _DELIVERIES[delivery.kind] + delivery.id
        answer = self._wire.ask("PUT", path, delivery.payload)
        if answer.status not in (200, 201):
            _refused(answer, Effect.UNKNOWN)
        return payloads.read_reception(answer.body, delivery.id)
