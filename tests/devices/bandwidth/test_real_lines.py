"""The line test on real lines: two network namespaces, a link shaped by the kernel, real TCP, and iperf3 beside it.

All lines are measured at once, each in namespaces of its own, so that the whole takes half a minute. Where the kernel
gives no namespace or no shaper, the user-space bottleneck stands in, and the reason is printed.
"""

from __future__ import annotations

import contextlib
import json
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from ktpel_desktop.core.line_rate import CAP_MBPS, payload_factor
from tests.devices.bandwidth import bottleneck, programs
from tests.devices.bandwidth.links import CENTRE, PYTHON, ROOM, ROOT, Link, NoLink, ended, shaped

pytestmark = [pytest.mark.real, pytest.mark.timeout(150), pytest.mark.xdist_group("line")]

PROGRAMS, BOTTLENECK = str(Path(programs.__file__)), str(Path(bottleneck.__file__))
PAYLOAD = 1448 / 1514
"""Share of what the kernel shapes (whole frames) that is counted payload."""
MOST_BYTES, MOST_S = 9_000_000, 11.0


@dataclass(frozen=True)
class Line:
    """A line as it is made."""

    mbps: float
    delay_ms: float = 0
    loss: float = 0

    def __str__(self) -> str:
        return f"{self.mbps:g} Mbps, {self.delay_ms:g} ms, {self.loss:.1%}"


PLAIN = [Line(rate) for rate in (4, 5, 5.5, 6, 6.5, 7, 20)]
FAR = [Line(5, 40), Line(6, 20), Line(7, 60), Line(6.5, 30, 0.005)]
PEERS = [Line(5.5), Line(6.5), Line(20)]


@dataclass
class Measured:
    """What was found on a line."""

    found: dict[str, Any]
    emulated: bool
    peer: dict[str, float] = field(default_factory=dict)

    def rates(self) -> list[float]:
        """Payload rates of every run and direction."""
        return [run[way]["mbps"] / payload_factor() for run in self.found["runs"] for way in ("down", "up")]


def wanted(line: Line, emulated: bool) -> float:
    """The payload rate that the line really carries, as far as a test looks."""
    whole = line.mbps / payload_factor()
    carried = (
        whole if emulated or line.delay_ms else line.mbps * PAYLOAD
    )  # TUN packets have no frame around them
    return min(carried, CAP_MBPS / payload_factor())


@pytest.fixture(scope="module")
def lines(request: pytest.FixtureRequest) -> dict[Line, Measured]:
    try:
        with shaped(6), contextlib.ExitStack():
            pass
    except NoLink as reason:
        manager = request.config.pluginmanager.getplugin("capturemanager")
        with manager.global_and_fixture_disabled() if manager else contextlib.nullcontext():
            print(f"\nno shaped link on this machine, so the user-space bottleneck stands in: {reason}")
        return emulated_lines()
    return shaped_lines()


def shaped_lines() -> dict[Line, Measured]:
    with contextlib.ExitStack() as stack:
        links: dict[Line, Link] = {}
        for line in PLAIN + FAR:
            link = stack.enter_context(shaped(line.mbps, delay_ms=line.delay_ms, loss=line.loss))
            server = link.start(link.centre, *PYTHON, PROGRAMS, "server", CENTRE)
            stack.callback(ended, server)
            assert server.stdout is not None
            server.stdout.readline()
            links[line] = link
        tests = {
            line: link.start(link.room, *PYTHON, PROGRAMS, "client", CENTRE, "0.5")
            for line, link in links.items()
        }
        for process in tests.values():
            stack.callback(ended, process)
        measured = {line: Measured(answer(process), emulated=False) for line, process in tests.items()}
        for line, peer in beside({line: links[line] for line in PEERS}, stack).items():
            measured[line].peer = peer
        return measured


def emulated_lines() -> dict[Line, Measured]:
    with contextlib.ExitStack() as stack:
        tests: dict[Line, subprocess.Popen[str]] = {}
        for line in PLAIN:
            server = started(stack, PROGRAMS, "server", "127.0.0.1", "0")
            relay = started(stack, BOTTLENECK, port_of(server), str(line.mbps))
            tests[line] = started(stack, PROGRAMS, "client", "127.0.0.1", "0.5", port_of(relay))
        return {line: Measured(answer(process), emulated=True) for line, process in tests.items()}


def started(stack: contextlib.ExitStack, *words: str) -> subprocess.Popen[str]:
    process = subprocess.Popen(
        [*PYTHON, *words],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        cwd=ROOT,
        env={"PYTHONPATH": str(ROOT), "PATH": "/usr/bin:/bin"},
    )
    stack.callback(ended, process)
    return process


def port_of(process: subprocess.Popen[str]) -> str:
    assert process.stdout is not None
    return process.stdout.readline().strip()


def answer(process: subprocess.Popen[str]) -> dict[str, Any]:
    said, errors = process.communicate(timeout=90)
    assert process.returncode == 0, errors
    found: dict[str, Any] = json.loads(said)
    return found


def beside(links: dict[Line, Link], stack: contextlib.ExitStack) -> dict[Line, dict[str, float]]:
    """iperf3 on the same links, by the receiver's count, in Mbps of payload."""
    found: dict[Line, dict[str, float]] = {line: {} for line in links}
    for way, more in (("down", ["-R"]), ("up", [])):
        clients = {}
        for line, link in links.items():
            server = link.start(link.centre, "iperf3", "--server", "--one-off", "--forceflush")
            stack.callback(ended, server)
            assert server.stdout is not None
            while "listening" not in server.stdout.readline():
                continue
            words = ("iperf3", "--client", CENTRE, "--time", "3", "--omit", "1", "--json", *more)
            clients[line] = link.start(link.room, *words)
        for line, client in clients.items():
            said, _ = client.communicate(timeout=60)
            found[line][way] = json.loads(said)["end"]["sum_received"]["bits_per_second"] / 1e6
    return found


@pytest.mark.parametrize("line", PLAIN + FAR, ids=str)
def test_the_reading_is_within_five_percent(lines: dict[Line, Measured], line: Line) -> None:
    if line not in lines:
        pytest.skip("the user-space bottleneck has neither delay nor loss")
    measured = lines[line]
    assert "failed" not in measured.found, measured.found
    for rate in measured.rates():
        assert rate == pytest.approx(wanted(line, measured.emulated), rel=0.05), measured.found


@pytest.mark.parametrize("line", PLAIN + FAR, ids=str)
def test_no_hard_verdict_is_wrong(lines: dict[Line, Measured], line: Line) -> None:
    if line not in lines:
        pytest.skip("the user-space bottleneck has neither delay nor loss")
    found = lines[line].found
    allowed = {"warning", "critical"} if line.mbps < 6 else {"ok", "warning"}
    if line.mbps <= 5:
        allowed = {"critical"}
    if line.mbps >= 7:
        allowed = {"ok"}
    assert found["status"] in allowed, found
    assert len(found["runs"]) == (2 if found["wording"] in {"line.slow_twice", "line.varies"} else 1)


@pytest.mark.parametrize("line", PLAIN + FAR, ids=str)
def test_data_and_time_stay_in_their_budget(lines: dict[Line, Measured], line: Line) -> None:
    if line not in lines:
        pytest.skip("the user-space bottleneck has neither delay nor loss")
    for run in lines[line].found["runs"]:
        assert run["moved"] <= MOST_BYTES
        assert run["seconds"] <= MOST_S
        assert run["idle"]["median"] >= line.delay_ms
        assert max(run["loaded"]) >= run["idle"]["median"] * 0.9
        if not lines[line].emulated:
            assert run["own"] < 0.5, run


@pytest.mark.skipif(shutil.which("iperf3") is None, reason="iperf3 is not installed")
@pytest.mark.parametrize("line", PEERS, ids=str)
def test_iperf3_reads_the_same(lines: dict[Line, Measured], line: Line) -> None:
    measured = lines[line]
    if measured.emulated:
        pytest.skip("iperf3 stands beside shaped links only")
    for way in ("down", "up"):
        ours = measured.found["runs"][-1][way]["mbps"] / payload_factor()
        theirs = min(measured.peer[way], CAP_MBPS / payload_factor())
        assert ours == pytest.approx(theirs, rel=0.06), (ours, measured.peer)


# ------------------------------------------------------------------ neighbours

NEIGHBOURS = str(Path(__file__).with_name("neighbours.py"))
ASK_CAMERAS = f"""
from ktpel_desktop.devices.bandwidth.onvif import find_cameras
print(sorted(find_cameras(interface="{ROOM}")))
"""
ASK_ROUTER = f"""
import time
from ktpel_desktop.devices.bandwidth.own_traffic import card_of
from ktpel_desktop.devices.bandwidth.sharing import counter_evidence
from ktpel_desktop.devices.bandwidth.upnp import UpnpRouter
from ktpel_desktop.devices.bandwidth.client import Target
from ktpel_desktop.devices.bandwidth.line_test import LineSensor
card = card_of("{ROOM}")
found = counter_evidence(
    lambda: UpnpRouter.find(interface="{ROOM}"),
    [card.counters],
    complete=True,
    meanwhile=LineSensor([Target("{CENTRE}")]).run,
)
print(found.finding, found.why)
"""


@pytest.fixture
def neighbourhood() -> Iterator[Link]:
    try:
        with shaped(8) as link, contextlib.ExitStack() as stack:
            for words in (("neighbours", "camera"), ("neighbours", "router"), ("programs", "server")):
                module = f"tests.devices.bandwidth.{words[0]}"
                process = link.start(link.centre, *PYTHON, "-m", module, words[1], CENTRE)
                stack.callback(ended, process)
                assert process.stdout is not None
                assert process.stdout.readline().strip() in {"ready", "7816"}
            yield link
    except NoLink as reason:
        pytest.skip(f"no network namespaces: {reason}")


def test_a_camera_and_a_router_in_the_segment_answer(neighbourhood: Link) -> None:
    for question, told in (
        (ASK_CAMERAS, f"['{CENTRE}']"),
        (ASK_ROUTER, "sharing.no_evidence no_foreign_bytes"),
    ):
        process = neighbourhood.start(neighbourhood.room, *PYTHON, "-c", question)
        said, errors = process.communicate(timeout=40)
        assert (said.strip(), errors) == (told, "")
