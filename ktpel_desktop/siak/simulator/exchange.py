"""The contract's HTTP without sockets: a request in, an answer (or its loss) out.

The server puts sockets around it; `in_process` puts it straight behind the real client, for tests that cut power
thousands of times. Both meet the same decisions (`registry`) and the same faults.
"""

from __future__ import annotations

import base64
import binascii
import json
import secrets
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

from ktpel_desktop.core.errors import GatewayError
from ktpel_desktop.core.ports import Clock, Reception
from ktpel_desktop.core.print_order import PrintOrder
from ktpel_desktop.siak.simulator.faults import Call, Fault, FaultBoard, FaultKind
from ktpel_desktop.siak.simulator.registry import Refusal, Registry

_JSON, _PROBLEM = "application/json", "application/problem+json"
_ROUTES = {
    ("PUT", "/v1/print-orders/"): Call.PRINT_ORDER,
    ("PUT", "/v1/print-results/"): Call.PRINT_RESULT,
    ("PUT", "/v1/statuses/"): Call.STATUS,
}
_QUOTA_TEXT = "Kuota Akses Hari ini telah Habis"
_LOOK_UP_TEXTS = {
    FaultKind.QUOTA: _QUOTA_TEXT,
    FaultKind.LOGIN: "Login Gagal",
    FaultKind.ADDRESS: "IP Address Tidak Sesuai",
}
_REFUSED = {
    FaultKind.QUOTA: (429, "quota_spent"),
    FaultKind.LOGIN: (401, "login_refused"),
    FaultKind.ADDRESS: (403, "caller_not_listed"),
}


@dataclass(frozen=True, slots=True)
class Account:
    """What the training SIAK asks of a caller."""

    user_id: str = "latihan"
    password: str = "latihan"  # noqa: S105


@dataclass(frozen=True, slots=True, repr=False)
class Asked:
    """A request as it came in."""

    method: str
    path: str
    authorization: str
    body: bytes


@dataclass(frozen=True, slots=True, repr=False)
class Reply:
    """An answer to send."""

    status: int
    body: bytes
    media: str = _JSON


Wait = Callable[[float], bool]
"""Waits so many seconds; False where the program is ending and nothing more shall happen."""


class Exchange:
    """Routes, checks the account, meets the faults, asks the registry."""

    def __init__(
        self,
        registry: Registry,
        clock: Clock,
        account: Account | None = None,
        faults: FaultBoard | None = None,
    ) -> None:
        self.registry = registry
        self.faults = FaultBoard() if faults is None else faults
        self._clock = clock
        self._account = Account() if account is None else account
        self._lock = threading.Lock()

    def handle(self, asked: Asked, wait: Wait) -> Reply | None:
        """The answer; None where the line breaks instead."""
        call, name = _route(asked)
        if call is None:
            return _problem(404, "unknown_path")
        fault = self.faults.take(call)
        kind = fault.kind if fault is not None else None
        if fault is not None and kind is FaultKind.SLOW and not wait(fault.seconds):
            return None
        if kind is FaultKind.DROP_BEFORE:
            return None
        if kind is FaultKind.SERVER_ERROR:
            return _problem(500, "server_error")
        with self._lock:  # the registry is one book, and the server has many hands
            reply = self._answer(call, name, asked, fault)
        if kind is FaultKind.DROP_AFTER:
            return None
        if kind is FaultKind.SERVER_ERROR_AFTER:
            return _problem(500, "server_error")
        if kind is FaultKind.MALFORMED:
            return replace(reply, body=reply.body[: len(reply.body) // 2])
        return reply

    def _answer(self, call: Call, name: str, asked: Asked, fault: Fault | None) -> Reply:
        kind = fault.kind if fault is not None else None
        if call is Call.HEALTH:
            return _json(200, {"status": "ok", "training": True})
        body = _body(asked.body)
        before, self.registry.stuck = self.registry.stuck, self.registry.stuck or kind is FaultKind.STUCK_SFE
        try:
            if call is Call.LOOK_UP:
                return self._look_up(body, kind)
            self._admit(asked.authorization, kind)
            if body is None:
                raise Refusal(422, "malformed")
            if call is Call.PRINT_ORDER:
                return self._order(name, body, kind)
            report = self.registry.result if call is Call.PRINT_RESULT else self.registry.status
            return _received(name, report(name, body), kind)
        except Refusal as refusal:
            return _problem(refusal.status, refusal.code, refusal.enrolment)
        except GatewayError:
            return _problem(500, "server_error")  # its disk refused, so nothing was kept
        finally:
            self.registry.stuck = before

    def _look_up(self, body: Mapping[str, str] | None, kind: FaultKind | None) -> Reply:
        """Errors stand inside a normal answer (domain.md 4)."""
        if body is None:
            return _page({"RESPONSE_CODE": "15", "RESPON": "Format NIK Tidak Sesuai"})
        if kind in _LOOK_UP_TEXTS:
            return _page({"RESPON": _LOOK_UP_TEXTS[kind]})
        if not self._knows(body.get("user_id", ""), body.get("password", "")):
            return _page({"RESPON": _LOOK_UP_TEXTS[FaultKind.LOGIN]})
        if not body.get("ip_user"):
            return _page({"RESPON": _LOOK_UP_TEXTS[FaultKind.ADDRESS]})
        if kind is FaultKind.DUPLICATE_RECORD:
            return _page({"RESPONSE_CODE": "12", "RESPON": "Data Ditemukan, Status Data Ganda"})
        row = self.registry.look_up(body.get("NIK", ""))
        if kind is FaultKind.OTHER_NIK and "NIK" in row:
            row = {**row, "NIK": "3171014101909999"}
        return _page(*([row, row] if kind is FaultKind.DUPLICATE_ANSWER else [row]))

    def _order(self, job_id: str, body: Mapping[str, str], kind: FaultKind | None) -> Reply:
        if set(body) != {"request_id", "nik", "service"}:
            raise Refusal(422, "malformed")
        if kind is FaultKind.DUPLICATE_RECORD:
            raise Refusal(409, "duplicate_record", "DUPLICATE_RECORD")
        order, new = self.registry.order(
            job_id, body["request_id"], body["nik"], body["service"], self._clock.now()
        )
        if kind is FaultKind.TAMPERED:
            order = replace(order, order_id=order.order_id + "X")
        if kind is FaultKind.OTHER_NIK:
            order = replace(order, job_id=order.job_id + "X")
        return _json(201 if new else 200, _order_fields(order))

    def _admit(self, authorization: str, kind: FaultKind | None) -> None:
        if kind in _REFUSED:
            status, code = _REFUSED[kind]
            raise Refusal(status, code)
        scheme, _, encoded = authorization.partition(" ")
        try:
            pair = base64.b64decode(encoded, validate=True).decode()
        except (binascii.Error, UnicodeDecodeError):
            pair = ""
        user_id, _, password = pair.partition(":")
        if scheme.lower() != "basic" or not self._knows(user_id, password):
            raise Refusal(401, "login_refused")

    def _knows(self, user_id: str, password: str) -> bool:
        given, wanted = f"{user_id}\0{password}", f"{self._account.user_id}\0{self._account.password}"
        return secrets.compare_digest(given.encode(), wanted.encode())


def _route(asked: Asked) -> tuple[Call | None, str]:
    if asked.method == "GET" and asked.path == "/v1/health":
        return Call.HEALTH, ""
    if (
        asked.method == "POST"
        and asked.path.startswith("/dukcapil/get_json/")
        and asked.path.upper().endswith("/CALL_NIK")
    ):
        return Call.LOOK_UP, ""
    for (method, start), call in _ROUTES.items():
        if asked.method == method and asked.path.startswith(start):
            return call, asked.path.removeprefix(start)
    return None, ""


def _body(raw: bytes) -> dict[str, str] | None:
    """An object of texts, or None."""
    try:
        plain = json.loads(raw)
    except (ValueError, RecursionError):
        return None
    if not isinstance(plain, dict) or not all(isinstance(text, str) for text in plain.values()):
        return None
    return plain


def _order_fields(order: PrintOrder) -> dict[str, str]:
    return {
        "order_id": order.order_id,
        "job_id": order.job_id,
        "nik": order.nik.reveal(),
        "content": base64.b64encode(order.content).decode("ascii"),
        "digest": order.digest,
        "issued_at": order.issued_at.isoformat(),
        "expires_at": order.expires_at.isoformat(),
        "authority": order.authority,
        "signature": base64.b64encode(order.signature).decode("ascii"),
        "security_object": base64.b64encode(order.security_object).decode("ascii"),
    }


def _received(name: str, reception: Reception, kind: FaultKind | None) -> Reply:
    if kind is FaultKind.DUPLICATE_ANSWER:
        reception = Reception.ALREADY_HAD
    status = 201 if reception is Reception.ACCEPTED else 200
    return _json(status, {"delivery_id": name, "reception": reception.value})


def _page(*rows: Mapping[str, object]) -> Reply:
    """One page as the Dukcapil service sends it."""
    return _json(
        200,
        {
            "content": rows,
            "lastPage": True,
            "firstPage": True,
            "totalElements": len(rows),
            "numberOfElements": len(rows),
            "number": 0,
            "size": len(rows),
            "sort": None,
            "quotaLimiter": 0,
        },
    )


def _json(status: int, plain: object) -> Reply:
    return Reply(status, json.dumps(plain, ensure_ascii=False).encode())


def _problem(status: int, code: str, enrolment: str = "") -> Reply:
    plain = {"type": "about:blank", "title": code, "status": status, "code": code}
    return replace(_json(status, plain | ({"enrolment": enrolment} if enrolment else {})), media=_PROBLEM)
