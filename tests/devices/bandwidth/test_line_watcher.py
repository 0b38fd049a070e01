"""The watcher of the line over doors, routers and cards of this machine."""

from __future__ import annotations

import itertools

import pytest

from ktpel_desktop.core.availability import LineState, Place
from ktpel_desktop.core.errors import DeviceError, Effect
from ktpel_desktop.core.line_sharing import Counters, Evidence, Finding, Rung
from ktpel_desktop.devices.bandwidth import line_watcher
from ktpel_desktop.devices.bandwidth.client import Target
from ktpel_desktop.devices.bandwidth.line_probe import ProbeResult, ProbeTarget, probe
from ktpel_desktop.devices.bandwidth.line_watcher import NetworkWatcher, own_address
from ktpel_desktop.devices.bandwidth.own_traffic import Card
from tests.devices.bandwidth.test_line_probe import dead, door, shut

__all__ = ["dead", "door", "shut"]
MEGABYTE = 1_000_000


class Steps:
    """Counters that go on by so many bytes at each look, ten seconds apart."""

    def __init__(self, step: int) -> None:
        self._looks = (Counters(10.0 * number, step * number, 0) for number in itertools.count())

    def counters(self) -> Counters:
        return next(self._looks)


@pytest.fixture
def _no_wait(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("time.sleep", lambda _seconds: None)


def own(monkeypatch: pytest.MonkeyPatch, step: int | None) -> None:
    steps = Steps(step or 0)
    card = Card("uji0")
    monkeypatch.setattr(Card, "counters", lambda _card: steps.counters())
    monkeypatch.setattr(line_watcher, "own_address", lambda _host: "192.0.2.7")
    monkeypatch.setattr(line_watcher, "card_of", lambda _address: None if step is None else card)


def test_a_line_that_is_up_and_one_that_is_not(door: int, dead: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(line_watcher, "default_gateway", lambda: None)
    up = NetworkWatcher([ProbeTarget(Place.DATA_CENTRE, "127.0.0.1", door)])
    assert up.probe() is LineState.UP
    assert NetworkWatcher([]).probe() is LineState.UNKNOWN


def test_the_gateway_is_the_systems_where_none_is_named(shut: int, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[list[ProbeTarget]] = []
    monkeypatch.setattr(line_watcher, "default_gateway", lambda: "127.0.0.9")

    def knocked(targets: list[ProbeTarget]) -> ProbeResult:
        asked.append(targets)
        return probe(targets)

    monkeypatch.setattr(line_watcher, "probe", knocked)
    NetworkWatcher([]).probe()
    named = ProbeTarget(Place.GATEWAY, "127.0.0.1", shut)
    NetworkWatcher([named]).probe()
    assert asked == [[ProbeTarget(Place.GATEWAY, "127.0.0.9")], [named]]


@pytest.mark.usefixtures("_no_wait")
@pytest.mark.parametrize(
    ("line", "ours", "complete", "finding", "why"),
    [
        (MEGABYTE, MEGABYTE, False, Finding.NO_EVIDENCE, "no_foreign_bytes"),
        (2 * MEGABYTE, MEGABYTE, True, Finding.EVIDENCE_FOR, "foreign_bytes"),
        (2 * MEGABYTE, MEGABYTE, False, Finding.UNKNOWN, "machines_not_all_counted"),
        (2 * MEGABYTE, None, True, Finding.UNKNOWN, "counters_unusable"),
        (100, 100, True, Finding.UNKNOWN, "too_little_traffic"),
    ],
)
def test_the_routers_counters_against_this_computers_card(
    monkeypatch: pytest.MonkeyPatch, line: int, ours: int | None, complete: bool, finding: Finding, why: str
) -> None:
    own(monkeypatch, ours)
    (found,) = NetworkWatcher([], router=lambda _segment: Steps(line), complete=complete).sharing()
    assert (found.rung, found.finding, found.why) == (Rung.ROUTER_COUNTERS, finding, why)


def test_a_line_that_cannot_be_filled_is_watched_all_the_same(
    monkeypatch: pytest.MonkeyPatch, shut: int
) -> None:
    own(monkeypatch, MEGABYTE)
    waited: list[float] = []
    monkeypatch.setattr("time.sleep", waited.append)
    watcher = NetworkWatcher([], router=lambda _segment: Steps(MEGABYTE), load=[Target("127.0.0.1", shut)])
    (found,) = watcher.sharing()
    assert found.finding is Finding.NO_EVIDENCE
    assert len(waited) <= 1  # only what is missing to the least window, never half a minute on top


def test_a_router_that_cannot_be_asked_is_told_by_its_code(monkeypatch: pytest.MonkeyPatch) -> None:
    own(monkeypatch, MEGABYTE)

    def nobody(_segment: str) -> Steps:
        raise DeviceError("router.not_found", Effect.NONE)

    (found,) = NetworkWatcher([], router=nobody).sharing()
    assert (found.finding, found.why) == (Finding.UNKNOWN, "router.not_found")


def test_cameras_are_asked_only_where_the_office_wants_it(monkeypatch: pytest.MonkeyPatch) -> None:
    said = Evidence(Rung.CAMERAS, Finding.EVIDENCE_FOR, "cameras_answered", 2.0)
    monkeypatch.setattr(line_watcher, "camera_evidence", lambda *, interface: said)
    assert list(NetworkWatcher([], cameras=True).sharing()) == [said]
    assert list(NetworkWatcher([]).sharing()) == []


@pytest.fixture
def _unplugged(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise OSError(101, "Network is unreachable")

    monkeypatch.setattr("socket.getaddrinfo", refuse)


@pytest.mark.usefixtures("_unplugged")
def test_without_a_network_there_is_no_way_out() -> None:
    assert own_address("192.0.2.1") == ""


def test_the_way_to_a_host_has_an_address_of_this_computer() -> None:
    assert own_address("127.0.0.1") == "127.0.0.1"
