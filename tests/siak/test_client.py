"""The client against handlers: every code, every kind of time-out, and what each says of its effect."""

import json
import logging
import ssl
from base64 import b64decode
from collections.abc import Callable
from pathlib import Path

import httpx
import pytest

from ktpel_desktop.core.errors import Effect, GatewayError
from ktpel_desktop.core.nik import Nik
from ktpel_desktop.core.outbox import Delivery, DeliveryKind
from ktpel_desktop.core.ports import Answer, Reception, Siak
from ktpel_desktop.siak.client import SiakClient
from ktpel_desktop.siak.transport import LARGEST_ANSWER, SiakAccess, Timeouts, Wire
from tests.siak.conftest import NOON, answering
from tests.siak.test_payloads import NIK, ORDER, ROW, page

Handler = Callable[[httpx.Request], httpx.Response]
SECRET = "rahasia-sekali"
ACCESS = SiakAccess("http://127.0.0.1", "dki/uji", "petugas", SECRET, "10.1.2.3")
DELIVERY = Delivery(
    "TIKET-1", DeliveryKind.PRINT_RESULT, "TIKET", NOON, {"job_id": "TIKET-1", "outcome": "ISSUED"}
)

CALLS: dict[str, Callable[[Siak], object]] = {
    "look_up": lambda siak: siak.look_up(Nik.parse(NIK)),
    "print_order": lambda siak: siak.print_order("TIKET-1", "TIKET", Nik.parse(NIK), "KTP-BARU"),
    "deliver": lambda siak: siak.deliver(DELIVERY),
}


def fails(call: str, handler: Handler) -> GatewayError:
    client = answering(handler, ACCESS)
    with pytest.raises(GatewayError) as caught:
        CALLS[call](client)
    client.close()
    error = caught.value
    told = f"{error} {error.params} {error!r}"
    assert not any(secret in told for secret in (NIK, SECRET, "SEKAR"))
    assert error.__cause__ is error.__context__ is None, "an exception of httpx holds the request"
    return error


def raising(error: Exception) -> Handler:
    def handler(request: httpx.Request) -> httpx.Response:
        raise error

    return handler


def problem(status: int, code: str, **more: str) -> Handler:
    return lambda request: httpx.Response(
        status, json={"type": "about:blank", "title": NIK, "status": status, "code": code} | more
    )


def test_the_look_up_sends_what_the_service_wants() -> None:
    seen: list[httpx.Request] = []

    def handler(request: httpx.Request) -> httpx.Response:
        seen.append(request)
        return httpx.Response(200, content=page(ROW))

    record = answering(handler, ACCESS).look_up(Nik.parse(NIK))
    assert record.fields["NAMA_LGKP"] == "SEKAR AYU PRATAMA"
    assert (seen[0].method, seen[0].url.path) == ("POST", "/dukcapil/get_json/dki/uji/CALL_NIK")
    assert json.loads(seen[0].content) == {
        "NIK": NIK,
        "user_id": "petugas",
        "password": SECRET,
        "ip_user": "10.1.2.3",
    }


def test_an_order_is_asked_for_under_its_job() -> None:
    seen: list[httpx.Request] = []

    def handler(request: httpx.Request) -> httpx.Response:
        seen.append(request)
        return httpx.Response(201, json=ORDER)

    order = answering(handler, ACCESS).print_order("TIKET-1", "TIKET", Nik.parse(NIK), "KTP-BARU")
    assert order.order_id == "PO-1"
    assert (seen[0].method, seen[0].url.path) == ("PUT", "/v1/print-orders/TIKET-1")
    assert json.loads(seen[0].content) == {"request_id": "TIKET", "nik": NIK, "service": "KTP-BARU"}
    given = b64decode(seen[0].headers["authorization"].removeprefix("Basic ")).decode()
    assert given == f"petugas:{SECRET}"
    assert NIK not in str(seen[0].url)


@pytest.mark.parametrize(("status", "word"), [(201, Reception.ACCEPTED), (200, Reception.ALREADY_HAD)])
def test_a_delivery_is_taken(status: int, word: Reception) -> None:
    seen: list[httpx.Request] = []

    def handler(request: httpx.Request) -> httpx.Response:
        seen.append(request)
        return httpx.Response(status, json={"delivery_id": "TIKET-1", "reception": word.value})

    assert answering(handler, ACCESS).deliver(DELIVERY) is word
    assert json.loads(seen[0].content) == dict(DELIVERY.payload)
    assert seen[0].url.path == "/v1/print-results/TIKET-1"


def test_a_portal_that_says_ok_has_not_taken_the_delivery() -> None:
    error = fails("deliver", lambda request: httpx.Response(200, html="<html>Selamat datang</html>"))
    assert (error.code, error.effect) == ("siak.answer_malformed", Effect.UNKNOWN)


def tls_failure() -> httpx.ConnectError:
    error = httpx.ConnectError("certificate")
    error.__cause__ = ssl.SSLCertVerificationError("certificate")
    return error


@pytest.mark.parametrize("call", CALLS)
@pytest.mark.parametrize(
    ("raised", "code", "effect"),
    [
        (httpx.ConnectError("x"), "siak.offline", Effect.NONE),
        (httpx.ConnectTimeout("x"), "siak.offline", Effect.NONE),
        (httpx.PoolTimeout("x"), "siak.offline", Effect.NONE),
        (httpx.ProxyError("x"), "siak.offline", Effect.NONE),
        (tls_failure(), "siak.tls", Effect.NONE),
        (httpx.ReadTimeout("x"), "siak.timeout", Effect.UNKNOWN),
        (httpx.WriteTimeout("x"), "siak.timeout", Effect.UNKNOWN),
        (httpx.ReadError("x"), "siak.connection_lost", Effect.UNKNOWN),
        (httpx.WriteError("x"), "siak.connection_lost", Effect.UNKNOWN),
        (httpx.CloseError("x"), "siak.connection_lost", Effect.UNKNOWN),
        (httpx.RemoteProtocolError("x"), "siak.connection_lost", Effect.UNKNOWN),
        (httpx.DecodingError("x"), "siak.connection_lost", Effect.UNKNOWN),
    ],
    ids=lambda value: type(value).__name__ if isinstance(value, Exception) else "",
)
def test_a_failure_of_the_line_says_honestly_what_it_did(
    call: str, raised: Exception, code: str, effect: Effect
) -> None:
    error = fails(call, raising(raised))
    assert (error.code, error.effect) == (code, effect)


@pytest.mark.parametrize("call", CALLS)
def test_nothing_is_sent_twice(call: str) -> None:
    sent = []

    def handler(request: httpx.Request) -> httpx.Response:
        sent.append(request)
        raise httpx.ReadTimeout("x")

    fails(call, handler)
    assert len(sent) == 1


@pytest.mark.parametrize("call", ["print_order", "deliver"])
@pytest.mark.parametrize(
    ("status", "code", "ours"),
    [
        (404, "unknown_nik", "siak.not_found"),
        (409, "deceased", "siak.deceased"),
        (409, "inactive", "siak.inactive"),
        (409, "duplicate_record", "siak.duplicate"),
        (409, "already_issued", "siak.already_issued"),
        (409, "order_used", "siak.order_used"),
        (409, "order_conflict", "siak.order_conflict"),
        (404, "unknown_order", "siak.order_unknown"),
        (409, "result_conflict", "siak.result_conflict"),
        (401, "login_refused", "siak.login_refused"),
        (403, "caller_not_listed", "siak.caller_not_listed"),
        (429, "quota_spent", "siak.quota_spent"),
        (422, "malformed", "siak.request_malformed"),
        (418, "teapot", "siak.refused_unknown"),
    ],
)
def test_a_refusal_did_nothing(call: str, status: int, code: str, ours: str) -> None:
    error = fails(call, problem(status, code))
    assert (error.code, error.effect) == (ours, Effect.NONE)


def test_a_record_that_is_not_printable_tells_its_state() -> None:
    error = fails("print_order", problem(409, "not_printable", enrolment="SENT_FOR_ENROLLMENT"))
    assert (error.code, error.params) == ("siak.not_printable", {"enrolment": "SENT_FOR_ENROLLMENT"})


def test_a_state_that_is_no_state_is_not_told() -> None:
    error = fails("print_order", problem(409, "not_printable", enrolment=f"milik {NIK}"))
    assert error.code == "siak.refused_unknown"


@pytest.mark.parametrize(
    ("status", "code"),
    [
        (400, "siak.refused_unknown"),
        (401, "siak.login_refused"),
        (403, "siak.caller_not_listed"),
        (404, "siak.refused_unknown"),
        (429, "siak.quota_spent"),
    ],
)
@pytest.mark.parametrize("call", CALLS)
def test_a_refusal_without_words_goes_by_its_status(call: str, status: int, code: str) -> None:
    error = fails(call, lambda request: httpx.Response(status, html="<html>"))
    assert (error.code, error.effect) == (code, Effect.NONE)


@pytest.mark.parametrize(
    ("call", "effect"),
    [("look_up", Effect.NONE), ("print_order", Effect.UNKNOWN), ("deliver", Effect.UNKNOWN)],
)
@pytest.mark.parametrize("status", [500, 502, 503, 599])
def test_a_server_error_may_have_acted(call: str, effect: Effect, status: int) -> None:
    error = fails(call, problem(status, "already_issued"))
    assert (error.code, error.effect, error.params) == ("siak.server_error", effect, {"status": status})


@pytest.mark.parametrize("status", [204, 302, 307])
@pytest.mark.parametrize("call", CALLS)
def test_other_answers_are_not_followed(call: str, status: int) -> None:
    error = fails(call, lambda request: httpx.Response(status, headers={"location": "http://127.0.0.1/x"}))
    assert error.code == "siak.answer_unexpected"


def test_an_answer_without_end_is_cut() -> None:
    error = fails("look_up", lambda request: httpx.Response(200, content=b" " * (LARGEST_ANSWER + 1)))
    assert (error.code, error.effect) == ("siak.answer_too_long", Effect.UNKNOWN)


def test_an_answer_that_trickles_is_cut() -> None:
    access = SiakAccess("http://127.0.0.1", timeouts=Timeouts(whole=0.0))
    client = answering(lambda request: httpx.Response(200, content=page(ROW)), access)
    with pytest.raises(GatewayError) as caught:
        client.look_up(Nik.parse(NIK))
    assert (caught.value.code, caught.value.effect) == ("siak.timeout", Effect.UNKNOWN)


@pytest.mark.parametrize(
    ("handler", "ready", "notes"),
    [
        (lambda request: httpx.Response(200, json={"status": "ok"}), Answer.YES, ()),
        (lambda request: httpx.Response(200, json={"status": "tutup"}), Answer.NO, ("siak.not_ready",)),
        (raising(httpx.ConnectError("x")), Answer.NO, ("siak.offline",)),
        (raising(httpx.ReadTimeout("x")), Answer.UNKNOWN, ("siak.timeout",)),
        (lambda request: httpx.Response(503), Answer.NO, ("siak.server_error",)),
        (lambda request: httpx.Response(200, html="<html>"), Answer.NO, ("siak.answer_malformed",)),
    ],
)
def test_health_never_raises(handler: Handler, ready: Answer, notes: tuple[str, ...]) -> None:
    health = answering(handler).health()
    assert (health.ready, health.notes) == (ready, notes)


def test_health_does_not_wait_longer_than_a_second() -> None:
    seen: list[dict[str, float]] = []

    def handler(request: httpx.Request) -> httpx.Response:
        seen.append(request.extensions["timeout"])
        return httpx.Response(200, json={"status": "ok"})

    answering(handler).health()
    assert all(seconds <= 1.0 for seconds in seen[0].values())


def test_every_other_call_has_the_time_outs_of_the_settings() -> None:
    seen: list[dict[str, float]] = []

    def handler(request: httpx.Request) -> httpx.Response:
        seen.append(request.extensions["timeout"])
        return httpx.Response(200, content=page(ROW))

    access = SiakAccess("http://127.0.0.1", timeouts=Timeouts(connect=1, read=2, write=3, pool=4))
    answering(handler, access).look_up(Nik.parse(NIK))
    assert seen == [{"connect": 1, "read": 2, "write": 3, "pool": 4}]


def test_nothing_personal_is_logged(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    client = answering(lambda request: httpx.Response(200, content=page(ROW)), ACCESS)
    client.look_up(Nik.parse(NIK))
    fails("look_up", raising(httpx.ReadTimeout("x")))
    assert not any(secret in caplog.text for secret in (NIK, SECRET, "SEKAR"))
    assert SECRET not in repr(ACCESS)


@pytest.mark.parametrize(
    ("url", "code"),
    [
        ("", "siak.address_malformed"),
        ("siak", "siak.address_malformed"),
        ("ftp://siak", "siak.address_malformed"),
        ("https://petugas:sandi@siak", "siak.address_malformed"),
        ("https://siak:x", "siak.address_malformed"),
        ("http://10.0.0.1", "siak.plain_http"),
        ("http://localhost.example", "siak.plain_http"),
    ],
)
def test_an_address_that_must_not_be_used_is_refused(url: str, code: str) -> None:
    with pytest.raises(GatewayError) as caught:
        SiakClient(SiakAccess(url))
    assert caught.value.code == code


def test_plain_http_is_the_settings_word() -> None:
    SiakClient(SiakAccess("http://10.0.0.1", plain_http=True)).close()


def test_https_uses_the_systems_trust_store() -> None:
    wire = Wire(SiakAccess("https://siak.example"))
    transport = wire._client._transport
    assert isinstance(transport, httpx.HTTPTransport)
    assert type(transport._pool._ssl_context).__module__.startswith("truststore")
    wire.close()


def test_a_proxy_of_the_settings_is_used_and_one_of_the_environment_is_not(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("HTTPS_PROXY", "http://10.9.9.9:1")
    plain = Wire(SiakAccess("https://siak.example"))
    assert not plain._client._mounts
    assert "Proxy" not in type(plain._client._transport._pool).__name__  # type: ignore[attr-defined]
    proxied = Wire(SiakAccess("https://siak.example", proxy="http://10.9.9.9:1"))
    assert "Proxy" in type(proxied._client._transport._pool).__name__  # type: ignore[attr-defined]
    plain.close()
    proxied.close()


def test_a_client_certificate_that_can_not_be_read_is_named(tmp_path: Path) -> None:
    with pytest.raises(GatewayError) as caught:
        SiakClient(SiakAccess("https://siak.example", client_certificate=tmp_path / "kantor.pem"))
    assert (caught.value.code, caught.value.params) == ("siak.client_certificate", {"file": "kantor.pem"})
