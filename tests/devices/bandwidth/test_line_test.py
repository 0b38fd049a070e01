"""The line test as an instrument: phases over the loopback, what it says, and the second run."""

import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

import psutil
import pytest

from ktpel_desktop.core.errors import DeviceError
from ktpel_desktop.core.line_rate import CAP_MBPS, Confidence, Estimate, Run, Wording, payload_factor
from ktpel_desktop.core.line_sharing import Counters
from ktpel_desktop.core.ports import Answer
from ktpel_desktop.core.room_limits import Status, judge_bandwidth
from ktpel_desktop.devices.bandwidth import line_test
from ktpel_desktop.devices.bandwidth.client import Talk, Target
from ktpel_desktop.devices.bandwidth.line_test import LineSensor, LineTest, Plan, Spread
from ktpel_desktop.devices.bandwidth.own_traffic import Card, card_of, mbps
from ktpel_desktop.devices.bandwidth.server import Limits
from tests.devices.bandwidth.servers import running

SHORT = Plan(idle_pings=4, idle_gap=0.01, down=1.8, up=1.8, patience=2)


@pytest.fixture(scope="module")
def target() -> Iterator[Target]:
    with running(Limits(per_address=9, sessions=9)) as one:
        yield one


def test_a_test_over_the_loopback(target: Target) -> None:
    found = LineSensor([target], plan=SHORT).run()
    assert found.target == target
    assert found.own_mbps is None  # the loopback's card carries everything twice
    assert 0 < found.mbps == min(found.down_mbps, found.up_mbps) <= CAP_MBPS
    assert found.confidence is Confidence.LOW  # shorter than three seconds
    assert found.idle
    assert 0 < found.idle.least <= found.idle.median <= found.idle.p95
    assert found.loaded_down_ms is not None
    assert found.loaded_up_ms is not None
    assert found.run.down
    assert found.run.up
    assert found.run.down.received + found.run.up.received <= found.moved
    assert found.moved * 8 * payload_factor() / 1e6 <= CAP_MBPS * found.seconds  # the data stays small


def test_too_short_a_test_gives_no_figure(target: Target) -> None:
    with pytest.raises(DeviceError) as caught:
        LineSensor([target], plan=replace(SHORT, down=0.5)).run()
    assert caught.value.code == "line.too_little"


def test_health_is_unknown_until_measured() -> None:
    assert LineSensor([Target("127.0.0.1")]).health().ready is Answer.UNKNOWN
    health = LineSensor([]).health()
    assert (health.ready, health.notes) == (Answer.NO, ("line.no_target",))


# ------------------------------------------------------------------ the second run


def figure(rate: float, confidence: Confidence = Confidence.HIGH) -> Estimate:
    return Estimate(rate, rate, confidence, False, 4.5, 1, ())


def result(down: float, confidence: Confidence = Confidence.HIGH) -> LineTest:
    run = Run(figure(down, confidence), figure(8.0, confidence))
    return LineTest(Target("h"), run, Spread(1, 2, 3), 4.0, None, 0.1, Card("eth0", "kabel"), 1, 1.0)


@pytest.mark.parametrize(
    ("tests", "status", "wording", "waits"),
    [
        ([result(7.0)], Status.OK, Wording.ENOUGH, []),
        ([result(6.0)], Status.WARNING, Wording.AT_LIMIT, []),
        ([result(5.0), result(5.1)], Status.CRITICAL, Wording.SLOW_TWICE, [30.0]),
        ([result(5.0), result(7.0)], Status.WARNING, Wording.VARIES, [30.0]),
        ([result(5.0, Confidence.LOW), result(7.0)], Status.OK, Wording.ENOUGH, [30.0]),
    ],
)
def test_a_slow_run_is_never_alone(
    monkeypatch: pytest.MonkeyPatch,
    tests: list[LineTest],
    status: Status,
    wording: Wording,
    waits: list[float],
) -> None:
    waited: list[float] = []
    left = list(tests)
    sensor = LineSensor([Target("h")], pause=waited.append)
    monkeypatch.setattr(LineSensor, "run", lambda self: left.pop(0))
    found = sensor.measure()
    assert (found.decision.verdict.status, found.decision.wording) == (status, wording)
    assert waited == waits
    assert not left
    assert found.last is tests[-1]
    left = list(tests)
    reading = sensor.read()
    assert (reading.value, reading.unit, reading.source) == (tests[-1].mbps, "Mbps", "line:h:7816")
    assert reading.evidence.startswith(f"{wording.value} | {tests[0].evidence}")
    assert ("ulangan" in reading.evidence) == (len(tests) == 2)


@pytest.mark.parametrize(
    "tests",
    [
        [result(5.0, Confidence.LOW), result(5.0, Confidence.LOW)],
        [result(5.0, Confidence.LOW), result(5.0)],
        [replace(result(5.0), run=Run(None, figure(8.0)))],
    ],
)
def test_a_low_figure_that_may_not_be_used_is_no_reading(
    monkeypatch: pytest.MonkeyPatch, tests: list[LineTest]
) -> None:
    left = list(tests)
    monkeypatch.setattr(LineSensor, "run", lambda self: left.pop(0))
    with pytest.raises(DeviceError) as caught:
        LineSensor([Target("h")], pause=lambda seconds: None).read()
    assert caught.value.code == "line.disturbed"


@pytest.mark.parametrize("first", [result(5.0), result(7.0), result(5.9)])
@pytest.mark.parametrize(
    "second", [result(5.0), result(8.5), replace(result(9), run=Run(figure(8.0), figure(5.0)))]
)
def test_the_value_alone_is_never_judged_harder(
    monkeypatch: pytest.MonkeyPatch, first: LineTest, second: LineTest
) -> None:
    left = [first, second]
    monkeypatch.setattr(LineSensor, "run", lambda self: left.pop(0))
    found = LineSensor([Target("h")], pause=lambda seconds: None).measure()
    if judge_bandwidth(found.mbps).status is Status.CRITICAL:
        assert found.decision.verdict.status is Status.CRITICAL


def test_the_evidence_tells_everything() -> None:
    full = replace(figure(9.0), at_least=True)
    found = replace(result(5.5, Confidence.LOW), run=Run(figure(5.5, Confidence.LOW), full), moved=6_000_000)
    assert (found.confidence, found.at_least) == (Confidence.LOW, False)
    assert found.evidence == (
        "turun=5.50 Mbps (keyakinan rendah); naik=≥ 9.00 Mbps (keyakinan tinggi); jeda=2.0 ms; jeda_penuh=4 ms/?; "
        "lalu_lintas_sendiri=0.10 Mbps; data=6.0 MB/1.0 s; tujuan=h:7816 (dinas); kartu=eth0 kabel"
    )
    assert replace(found, run=Run(full, full)).at_least


def test_what_is_not_known_is_told_so() -> None:
    nothing = replace(
        result(7.0), run=Run(None, None), idle=None, own_mbps=None, card=None, loaded_down_ms=None
    )
    assert nothing.evidence.startswith("turun=?; naik=?; jeda=?; jeda_penuh=?/?; lalu_lintas_sendiri=?")
    assert nothing.evidence.endswith("kartu=?")
    assert (nothing.down_mbps, nothing.up_mbps, nothing.confidence) == (0.0, 0.0, Confidence.LOW)


# ------------------------------------------------------------------ own traffic


class Busy(Card):
    """A card that moves 2 Mbps, whatever else happens."""

    def counters(self) -> Counters:
        now = time.monotonic()
        return Counters(now, int(now * 2e6 / 8), 0)


class Quiet(Card):
    """A card that moves nothing."""

    def counters(self) -> Counters:
        return Counters(time.monotonic(), 0, 0)


def test_own_traffic_is_seen_waited_for_and_told(target: Target, monkeypatch: pytest.MonkeyPatch) -> None:
    card = Busy("eth0")
    monkeypatch.setattr(line_test, "card_of", lambda address: card)
    pings: list[int] = []
    ping = Talk.ping

    def counted(talk: Talk) -> None:
        pings.append(1)
        ping(talk)

    monkeypatch.setattr(Talk, "ping", counted)
    found = LineSensor([target], plan=SHORT).run()
    assert found.own_mbps == pytest.approx(2.0, rel=1e-4)  # by its own clock, whatever time the test takes
    assert len(pings) >= SHORT.patience * SHORT.idle_pings


def test_without_pings_and_own_traffic(target: Target, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(line_test, "card_of", lambda address: Quiet("eth0"))
    found = LineSensor([target], plan=replace(SHORT, idle_pings=0, ping_gap=9)).run()
    assert found.own_mbps == 0
    assert found.idle is None
    assert found.loaded_down_ms is None
    assert "jeda=?" in found.evidence


def test_the_card_is_the_one_that_owns_the_address(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Path, "exists", lambda path: False)
    monkeypatch.setattr(
        psutil,
        "net_if_addrs",
        lambda: {
            "eth0": [SimpleNamespace(address="10.1.2.3")],
            "v6": [SimpleNamespace(address="fe80::1%v6")],
        },
    )
    assert card_of("10.1.2.3") == Card("eth0", "")
    assert card_of("fe80::1%v6") == Card("v6", "")
    assert card_of("10.9.9.9") is None
    assert card_of("127.0.0.1") is None


def test_a_system_that_does_not_count(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object, **__: object) -> dict[str, object]:
        raise OSError("no counters")

    assert Card("there-is-none").counters() is None
    monkeypatch.setattr(psutil, "net_if_addrs", refuse)
    monkeypatch.setattr(psutil, "net_io_counters", refuse)
    assert card_of("10.1.2.3") is None
    assert Card("eth0").counters() is None


def test_a_rate_needs_two_readings() -> None:
    early, late = Counters(1, 0, 0), Counters(3, 1_000_000, 250_000)
    assert mbps(early, late) == 5.0
    assert mbps(None, late) is None
    assert mbps(late, late) is None
    assert mbps(Counters(1, 5, 5), Counters(2, 0, 0)) is None


def test_the_medium_is_told_where_the_system_tells_it(monkeypatch: pytest.MonkeyPatch) -> None:
    there: set[str] = set()
    monkeypatch.setattr(Path, "exists", lambda path: path.name in there)
    monkeypatch.setattr(psutil, "net_if_addrs", lambda: {"x": [SimpleNamespace(address="10.1.2.3")]})
    for found, medium in (({"device"}, "kabel"), ({"device", "wireless"}, "wifi")):
        there |= found
        card = card_of("10.1.2.3")
        assert card is not None
        assert card.medium == medium
