"""Shelly and Tasmota over a real HTTP server on loopback: good answers, and whatever else answers at an address."""

import json
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any

import httpx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ktpel_desktop.core.ports import Answer, Reading
from ktpel_desktop.devices.sensors.http_meters import (
    HttpMeter,
    MeterAccess,
    ShellyEm1,
    ShellyGen1,
    ShellySwitch,
    Tasmota,
)
from ktpel_desktop.devices.sensors.power_meter import MeterMeasurement, MeterQuantity, PowerMeterSensor
from tests.devices.sensors.outcomes import code_of, outcome
from tests.devices.sensors.tcp_server import dripping, tcp_server

GEN1 = {
    "relays": [{"ison": True}],
    "meters": [{"power": 412.7, "is_valid": True, "total": 1}],
    "temperature": 51.2,
}
SWITCH = {
    "id": 0, "source": "init", "output": True, "apower": 312.4, "voltage": 221.3, "current": 1.52, "pf": 0.93,
    "aenergy": {"total": 1820.1}, "temperature": {"tC": 51.2},
}  # fmt: skip
EM1 = {
    "id": 0,
    "current": 2.598,
    "voltage": 234.9,
    "act_power": 501.8,
    "aprt_power": 612.4,
    "pf": 0.84,
    "freq": 50,
}
TASMOTA = {
    "StatusSNS": {
        "Time": "2026-03-09T08:00:00",
        "ENERGY": {"Power": 287, "ApparentPower": 322, "ReactivePower": 145, "Factor": 0.89, "Voltage": 223,
                   "Current": 1.444, "Today": 1.2, "Total": 42.1},
    }
}  # fmt: skip

PATHS = {
    "/status": GEN1,
    "/rpc/Switch.GetStatus?id=0": SWITCH,
    "/rpc/EM1.GetStatus?id=0": EM1,
    "/cm?cmnd=Status%208": TASMOTA,
}
KINDS: list[tuple[type[HttpMeter], dict[str, Any]]] = [
    (ShellyGen1, GEN1), (ShellySwitch, SWITCH), (ShellyEm1, EM1), (Tasmota, TASMOTA),
]  # fmt: skip
each_kind = pytest.mark.parametrize(("kind", "good"), KINDS, ids=[kind.__name__ for kind, _ in KINDS])

Reply = Callable[[str, dict[str, str]], tuple[int, dict[str, str], bytes]]


@contextmanager
def web(reply: Reply) -> Iterator[str]:
    """A real server; its address."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            status, headers, body = reply(self.path.replace("+", "%20"), dict(self.headers))
            self.send_response(status)
            for name, value in {"Content-Length": str(len(body)), **headers}.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *args: object) -> None:
            pass

    server = HTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join(timeout=5)
        server.server_close()


def fixed(body: bytes | str, status: int = 200, headers: dict[str, str] | None = None) -> Reply:
    raw = body.encode() if isinstance(body, str) else body
    return lambda path, asked: (status, headers or {}, raw)


def meters(path: str, asked: dict[str, str]) -> tuple[int, dict[str, str], bytes]:
    """A house with one of each."""
    plain = PATHS.get(path)
    return (404, {}, b"Not Found") if plain is None else (200, {}, json.dumps(plain).encode())


def in_process(kind: type[HttpMeter], body: bytes, **access: Any) -> HttpMeter:
    transport = httpx.MockTransport(lambda request: httpx.Response(200, stream=httpx.ByteStream(body)))
    return kind(MeterAccess("http://meter", **access), transport)


# ------------------------------------------------------------------ good answers


@pytest.mark.real
def test_every_kind_measures() -> None:
    with web(meters) as url:
        access = MeterAccess(url)
        gen1, switch = ShellyGen1(access).measure(), ShellySwitch(access).measure()
        em1, tasmota = ShellyEm1(access).measure(), Tasmota(access).measure()
    assert (gen1.watts, gen1.volts, gen1.amperes, gen1.volt_amperes) == (412.7, None, None, None)
    assert (switch.watts, switch.volts, switch.amperes) == (312.4, 221.3, 1.52)
    assert switch.volt_amperes == pytest.approx(336.4, abs=0.1)
    assert (em1.watts, em1.volt_amperes) == (501.8, 612.4)
    assert (tasmota.watts, tasmota.volt_amperes, tasmota.volts) == (287, 322, 223)
    assert '"act_power": 501.8' in em1.evidence


@pytest.mark.real
@pytest.mark.parametrize(
    ("quantity", "value", "unit"),
    [
        (MeterQuantity.WATTS, 501.8, "W"), (MeterQuantity.VOLT_AMPERES, 612.4, "VA"),
        (MeterQuantity.VOLTAGE, 234.9, "V"), (MeterQuantity.CURRENT, 2.598, "A"),
    ],
)  # fmt: skip
def test_each_quantity_is_a_sensor(quantity: MeterQuantity, value: float, unit: str) -> None:
    with web(meters) as url:
        sensor = PowerMeterSensor(ShellyEm1(MeterAccess(url)), quantity)
        reading = sensor.read()
        assert (reading.value, reading.unit, reading.source) == (value, unit, "Shelly (gen 2, EM1)")
        assert sensor.health().ready is Answer.YES


def test_what_a_kind_does_not_tell() -> None:
    sensor = PowerMeterSensor(in_process(ShellyGen1, json.dumps(GEN1).encode()), MeterQuantity.VOLTAGE)
    assert code_of(sensor.read) == "meter.not_measured"
    assert sensor.health().notes == ("meter.not_measured",)


@pytest.mark.real
def test_passwords() -> None:
    def guarded(path: str, asked: dict[str, str]) -> tuple[int, dict[str, str], bytes]:
        basic = asked.get("Authorization") == "Basic YWRtaW46cmFoYXNpYQ=="
        if path == "/status" and basic:
            return meters(path, asked)
        if path == "/cm?cmnd=Status%208&user=admin&password=rahasia":
            return meters("/cm?cmnd=Status%208", asked)
        if path.startswith("/cm"):
            return 200, {}, b'{"WARNING":"Need user=<username>&password=<password>"}'
        if path.startswith("/rpc") and asked.get("Authorization", "").startswith('Digest username="admin"'):
            return meters(path, asked)
        challenge = 'Digest qop="auth", realm="shelly", nonce="60dc2c69", algorithm=SHA-256'
        return 401, {"WWW-Authenticate": challenge}, b""

    with web(guarded) as url:
        known, stranger = MeterAccess(url, user="admin", password="rahasia"), MeterAccess(url)
        for kind in (ShellyGen1, ShellySwitch, ShellyEm1, Tasmota):
            assert kind(known).measure().watts > 0
            assert code_of(kind(stranger).measure) == "meter.access_denied"
    assert "rahasia" not in repr(known)


def test_a_channel_is_the_one_that_was_asked_for() -> None:
    two = {"meters": [{"power": 1.0, "is_valid": True}, {"power": 2.0, "is_valid": True}]}
    assert in_process(ShellyGen1, json.dumps(two).encode(), channel=1).measure().watts == 2.0
    for channel in (2, -1):
        meter = in_process(ShellyGen1, json.dumps(two).encode(), channel=channel)
        assert code_of(meter.measure) == "meter.fields_missing"
    assert (
        code_of(in_process(ShellySwitch, json.dumps(SWITCH).encode(), channel=1).measure)
        == "meter.fields_missing"
    )


# ------------------------------------------------------------------ something else answers

PAGE = "<!DOCTYPE html><html><title>Masuk</title>220 V 50 Hz</html>"


@pytest.mark.real
@each_kind
@pytest.mark.parametrize(
    ("reply", "code"),
    [
        (fixed(PAGE, 200, {"Content-Type": "text/html"}), "meter.not_json"),
        (fixed(""), "meter.not_json"),
        (fixed("[]"), "meter.not_json"),
        (fixed("null"), "meter.not_json"),
        (fixed("3500"), "meter.not_json"),
        (fixed("{}"), "meter.fields_missing"),
        (fixed("[" * 10_000), "meter.not_json"),
        (fixed(b"\xff\xfe{}"), "meter.not_json"),
        (fixed(b"\x1f\x8b\x08\0\0", 200, {"Content-Encoding": "gzip"}), "meter.not_json"),
        (fixed("x" * 100_000), "meter.too_long"),
        (fixed(PAGE, 302, {"Location": "/masuk"}), "meter.refused"),
        (fixed(PAGE, 404), "meter.refused"),
        (fixed(PAGE, 500), "meter.refused"),
        (fixed("", 401), "meter.access_denied"),
        (fixed("", 403), "meter.access_denied"),
        (fixed("{}", 200, {"Content-Length": "500"}), "meter.connection_lost"),
    ],
    ids=range(16),
)  # fmt: skip
def test_what_is_no_meter(kind: type[HttpMeter], good: dict[str, Any], reply: Reply, code: str) -> None:
    with web(reply) as url:
        assert code_of(kind(MeterAccess(url, timeout_s=1)).measure) == code


@each_kind
@pytest.mark.parametrize(
    "value", ["NaN", "Infinity", "-Infinity", "1e999", '"220"', "true", "null", "[1]", "{}"]
)
def test_a_number_is_a_number(kind: type[HttpMeter], good: dict[str, Any], value: str) -> None:
    for field in _numbers(good):
        raw = json.dumps(good).replace(
            f"{json.dumps(field[0])}: {json.dumps(field[1])}", f'"{field[0]}": {value}'
        )
        assert raw != json.dumps(good)
        failed = code_of(in_process(kind, raw.encode()).measure)
        assert failed in ("meter.not_json", "meter.fields_missing")


@each_kind
def test_a_missing_field_is_missing(kind: type[HttpMeter], good: dict[str, Any]) -> None:
    for name, value in _numbers(good):
        raw = json.dumps(good).replace(f"{json.dumps(name)}: {json.dumps(value)}", '"lain": 1')
        assert code_of(in_process(kind, raw.encode()).measure) == "meter.fields_missing"


def _numbers(good: dict[str, Any]) -> list[tuple[str, float]]:
    """The fields that a measurement is made of."""
    wanted = {
        "power",
        "apower",
        "voltage",
        "current",
        "act_power",
        "aprt_power",
        "Power",
        "ApparentPower",
        "Voltage",
    }
    return [
        (name, float_)
        for part in (good, good.get("meters", [{}])[0], good.get("StatusSNS", {}).get("ENERGY", {}))
        for name, float_ in part.items()
        if name in wanted
    ]


@pytest.mark.parametrize(
    ("kind", "plain", "code"),
    [
        (ShellyGen1, {"meters": [{"power": 412.7, "is_valid": False}]}, "meter.fields_missing"),
        (ShellyGen1, {"meters": []}, "meter.fields_missing"),
        (ShellyGen1, {"meters": [{"power": -1, "is_valid": True}]}, "meter.nonsense"),
        (ShellyGen1, {"meters": [{"power": 1e9, "is_valid": True}]}, "meter.nonsense"),
        (ShellySwitch, {**SWITCH, "errors": ["overtemp"]}, "meter.fields_missing"),
        (ShellySwitch, {**SWITCH, "voltage": 0.0}, "meter.nonsense"),
        (ShellySwitch, {**SWITCH, "apower": 3124.0}, "meter.nonsense"),
        (ShellyEm1, {**EM1, "act_power": -501.8}, "meter.nonsense"),
        (ShellyEm1, {**EM1, "errors": ["power_meter_failure"]}, "meter.fields_missing"),
        (ShellyEm1, {**EM1, "act_power": 900}, "meter.nonsense"),
        (Tasmota, {"StatusSNS": {"ENERGY": {"Power": [1, 2]}}}, "meter.fields_missing"),
        (Tasmota, {"Command": "Unknown"}, "meter.fields_missing"),
    ],
)
def test_answers_that_are_no_measurement(kind: type[HttpMeter], plain: dict[str, Any], code: str) -> None:
    assert code_of(in_process(kind, json.dumps(plain).encode()).measure) == code


# ------------------------------------------------------------------ nobody, or one who dawdles


def test_nobody_there() -> None:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    sensor = PowerMeterSensor(ShellyEm1(MeterAccess(f"http://127.0.0.1:{port}")))
    assert code_of(sensor.read) == "meter.unreachable"
    assert sensor.health().ready is Answer.UNKNOWN


@pytest.mark.real
def test_one_who_is_switched_off() -> None:
    with (
        socket.create_server(("127.0.0.1", 0), backlog=0) as full,
        socket.create_connection(full.getsockname()),  # takes its one place
    ):
        access = MeterAccess(f"http://127.0.0.1:{full.getsockname()[1]}", timeout_s=0.3)
        assert code_of(ShellyGen1(access).measure) == "meter.unreachable"


@pytest.mark.parametrize(
    "url",
    ["", "meter", "ftp://127.0.0.1", "http://", "http://127.0.0.1:99999", "http://[", "\0", "http://meter..lan",
     "http://" + "a" * 64, "http://\udc80", "http://127.0.0.1/\udc80"],
)  # fmt: skip
def test_an_address_that_is_none(url: str) -> None:
    assert code_of(ShellyGen1(MeterAccess(url)).measure) == "meter.unreachable"


@pytest.mark.real
@pytest.mark.timeout(30)  # one who is not given up drips for ever
@pytest.mark.parametrize(
    ("first", "piece"),
    [
        (b"", b""),
        (b"", b"X"),
        (b"HTTP/1.1 200 OK\r\n", b"X-A: b\r\n"),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 9999\r\n\r\n{", b" "),
    ],
)
def test_one_who_drips_does_not_hold_the_check(first: bytes, piece: bytes) -> None:
    with tcp_server(dripping(first, piece)) as port:
        meter = ShellyGen1(MeterAccess(f"http://127.0.0.1:{port}", timeout_s=0.5))
        assert code_of(meter.measure) == "meter.silent"
        assert PowerMeterSensor(meter).health().notes == ("meter.silent",)


# ------------------------------------------------------------------ nonsense

JSON = st.recursive(
    st.none() | st.booleans() | st.floats() | st.integers() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=4)
    | st.dictionaries(
        st.sampled_from(["meters", "power", "is_valid", "id", "apower", "voltage", "current", "act_power",
                         "aprt_power", "StatusSNS", "ENERGY", "Power", "ApparentPower", "Voltage", "Current"]),
        inner,
        max_size=6,
    ),
    max_leaves=20,
)  # fmt: skip


@settings(max_examples=300)
@given(
    kind=st.sampled_from([kind for kind, _ in KINDS]),
    body=st.one_of(st.binary(max_size=80), JSON.map(json.dumps)),
)
def test_fuzzed_answers(kind: type[HttpMeter], body: bytes | str) -> None:
    found = outcome(in_process(kind, body.encode() if isinstance(body, str) else body).measure)
    if isinstance(found, MeterMeasurement):
        assert 0 <= found.watts <= 26_000
        assert found.volts is None or 80 <= found.volts <= 260


@each_kind
def test_a_sensor_reads_what_the_meter_measured(kind: type[HttpMeter], good: dict[str, Any]) -> None:
    reading = PowerMeterSensor(in_process(kind, json.dumps(good).encode())).read()
    assert isinstance(reading, Reading)
    assert reading.unit == "W"
