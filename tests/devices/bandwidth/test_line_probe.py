import errno
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ktpel_desktop.core.availability import LineState, Place
from ktpel_desktop.devices.bandwidth import line_probe
from ktpel_desktop.devices.bandwidth.line_probe import ProbeTarget, default_gateway, look_up, probe
from ktpel_desktop.devices.bandwidth.sockets import Address
from tests.devices.bandwidth.servers import swallowing


@pytest.fixture
def door() -> Iterator[int]:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        yield listener.getsockname()[1]


@pytest.fixture
def shut() -> int:
    with socket.socket() as sock:
        sock.bind(("127.0.0.1", 0))
        return int(sock.getsockname()[1])


@pytest.fixture
def dead() -> Iterator[int]:
    with swallowing() as port:
        yield port


def test_a_line_that_is_up(door: int, shut: int) -> None:
    targets = [
        ProbeTarget(Place.GATEWAY, "127.0.0.1", shut),  # who refuses is there
        ProbeTarget(Place.DATA_CENTRE, "127.0.0.1", door),
        ProbeTarget(Place.NAME, "localhost"),
        ProbeTarget(Place.OUTSIDE, "localhost", door),
    ]
    found = probe(targets)
    assert found.state is LineState.UP
    assert [knock.target for knock in found.knocks] == targets
    assert [knock.answered for knock in found.knocks] == [True] * 4
    assert found.knocks[1].milliseconds is not None


def test_nobody_answers_and_is_not_waited_for(dead: int, shut: int) -> None:
    targets = [
        ProbeTarget(Place.GATEWAY, "127.0.0.1", shut),
        ProbeTarget(Place.DATA_CENTRE, "127.0.0.1", dead),
    ]
    found = probe(targets, seconds=0.3)
    assert found.state is LineState.LINE_DOWN
    assert [knock.answered for knock in found.knocks] == [True, False]


def test_a_network_that_is_not_there(monkeypatch: pytest.MonkeyPatch) -> None:
    def unplugged(address: Address, family: int) -> socket.socket:
        raise OSError(errno.ENETUNREACH, "no network")

    monkeypatch.setattr(line_probe, "begin_connect", unplugged)
    targets = [ProbeTarget(Place.GATEWAY, "10.0.0.1"), ProbeTarget(Place.DATA_CENTRE, "10.9.0.1")]
    assert probe(targets).state is LineState.LAN_DOWN


def test_names_that_cannot_be_looked_up(door: int) -> None:
    def no_names(host: str, port: int) -> list[tuple[int, Address]]:
        raise OSError("no server for names")

    targets = [
        ProbeTarget(Place.DATA_CENTRE, "127.0.0.1", door),
        ProbeTarget(Place.NAME, "contoh.invalid"),
        ProbeTarget(Place.OUTSIDE, "contoh.invalid"),
    ]
    found = probe(targets, resolve=no_names)
    assert found.state is LineState.DNS_DOWN
    assert [knock.answered for knock in found.knocks] == [True, False, None]


def test_one_of_two_doors_is_enough(door: int, dead: int) -> None:
    targets = [ProbeTarget(Place.OUTSIDE, "127.0.0.1", port) for port in (dead, door)]
    assert probe(targets, seconds=0.3).state is LineState.UP


def test_ipv6_is_an_address_too() -> None:
    (knock,) = probe([ProbeTarget(Place.GATEWAY, "::1", 9)], seconds=0.5).knocks
    assert knock.answered in {True, False}


def test_nothing_asked_nothing_known() -> None:
    assert probe([]).state is LineState.UNKNOWN


def test_the_system_looks_up() -> None:
    assert (socket.AF_INET, ("127.0.0.1", 80)) in look_up("127.0.0.1", 80)


ROUTES = """Iface\tDestination\tGateway \tFlags\tRefCnt\tUse\tMetric\tMask\t\tMTU\tWindow\tIRTT
eth0\t0000A8C0\t00000000\t0001\t0\t0\t0\t00FFFFFF\t0\t0\t0
eth0\t00000000\t0101A8C0\t0003\t0\t0\t0\t00000000\t0\t0\t0
"""


def test_the_gateway_is_read_from_the_routes(tmp_path: Path) -> None:
    routes = tmp_path / "route"
    routes.write_text(ROUTES, "ascii")
    assert default_gateway(routes) == "192.168.1.1"
    routes.write_text(ROUTES.splitlines()[0], "ascii")
    assert default_gateway(routes) is None
    assert default_gateway(tmp_path / "none") is None


@given(st.text(max_size=100))
def test_no_route_table_crashes_it(tmp_path_factory: pytest.TempPathFactory, text: str) -> None:
    routes = tmp_path_factory.getbasetemp() / "route"
    routes.write_text("head\n" + text, "utf-8")
    default_gateway(routes)
