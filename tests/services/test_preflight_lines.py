"""The network part of the room check over real parts: our server behind a bottleneck, and servers that are none.

What a person reads of it: the verdict, its advice, and for what could not be measured the words of the failure.
"""

from __future__ import annotations

import subprocess
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from pathlib import Path

import pytest

from ktpel_desktop import resource_files
from ktpel_desktop.core.line_sharing import Evidence, Finding, Rung, judge_cameras
from ktpel_desktop.core.room import RoomCheck
from ktpel_desktop.core.room_items import ItemId
from ktpel_desktop.core.room_limits import Status
from ktpel_desktop.devices.bandwidth import client
from ktpel_desktop.devices.bandwidth.client import Target
from ktpel_desktop.devices.bandwidth.line_test import LineSensor
from ktpel_desktop.services import preflight
from ktpel_desktop.services.asking import Asking
from tests.devices.bandwidth import bottleneck
from tests.devices.bandwidth.links import PYTHON, ended, line_of, start
from tests.devices.bandwidth.servers import running, scripted, silent
from tests.devices.bandwidth.test_line_probe import shut
from tests.services.office import BUDI, World
from tests.services.test_line_watch import Line

__all__ = ["shut"]
BOTTLENECK = str(Path(bottleneck.__file__))


def measured(world: World, *targets: Target) -> RoomCheck:
    """The item of the line's rate, looked at as a person does; the pause before a second run is short."""
    desk = replace(
        world.desk, sensors={ItemId.BANDWIDTH: LineSensor(targets, second_run_after=0.5)}, asking=Asking()
    )
    (found,) = preflight.run(desk, BUDI, items=[ItemId.BANDWIDTH])
    return found


@contextmanager
def narrow(mbps: float) -> Iterator[Target]:
    """Our server behind a bottleneck."""
    with running() as server, ExitStack() as stack:
        relay: subprocess.Popen[str] = start(*PYTHON, BOTTLENECK, str(server.port), str(mbps))
        stack.callback(ended, relay)
        yield Target("127.0.0.1", int(line_of(relay)), name=f"{mbps:g} Mbps")


@pytest.mark.real
@pytest.mark.timeout(150)
@pytest.mark.xdist_group("line")
def test_a_line_behind_a_bottleneck_is_told_as_it_is(world: World, subtests: pytest.Subtests) -> None:
    with ExitStack() as stack, ThreadPoolExecutor() as pool:
        lines = {mbps: stack.enter_context(narrow(mbps)) for mbps in (5.0, 6.5, 20.0)}
        asked = {mbps: pool.submit(measured, world, target) for mbps, target in lines.items()}
        found = {mbps: one.result() for mbps, one in asked.items()}
    for mbps, check in found.items():
        with subtests.test(f"{mbps:g} Mbps"):
            assert check.value is not None, check
            (told,) = check.evidence
            again = "ulangan: " in told
            if mbps == 5.0:
                assert (check.status, check.advice, again) == (Status.CRITICAL, "bandwidth.slow", True), check
            else:
                assert check.status in {Status.OK, *({Status.WARNING} if mbps == 6.5 else ())}, check
                assert not again
            assert check.source == f"line:{mbps:g} Mbps"


def not_ours(sock: object, _: int = 0) -> None:
    """A web server on that port."""
    sock.sendall(b"HTTP/1.1 400 Bad Request\r\n\r\n")  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("script", "code"), [(not_ours, "line.not_our_server"), (silent, "line.server_silent")]
)
def test_what_is_no_test_server_is_unknown_with_what_to_do(
    world: World, monkeypatch: pytest.MonkeyPatch, script: Callable[..., None], code: str
) -> None:
    monkeypatch.setattr(client, "ANSWER_S", 0.3)
    with scripted(script) as target:
        check = measured(world, target)
    assert_told(check, code)


def test_a_server_that_is_gone_is_unknown_and_not_slow(world: World, shut: int) -> None:
    assert_told(measured(world, Target("127.0.0.1", shut)), "line.server_unreachable")


def test_the_next_server_is_asked_where_the_first_is_gone(world: World, shut: int) -> None:
    with running() as server:
        check = measured(world, Target("127.0.0.1", shut), server)
    assert (check.status, check.source) == (Status.OK, "line:uji")


def assert_told(check: RoomCheck, code: str) -> None:
    assert (check.status, check.advice, check.value) == (Status.UNKNOWN, code, None)
    words = resource_files.texts("galat")[code]
    assert isinstance(words, dict)
    assert words["langkah"]


# ------------------------------------------------------------ the ladder


class Shared(Line):
    """A line of which this is seen."""

    contract_mbps: float | None = 10.0

    def __init__(self, *seen: Evidence) -> None:
        super().__init__()
        self.seen = seen

    def sharing(self) -> Sequence[Evidence]:
        return self.seen


FOREIGN = Evidence(Rung.ROUTER_COUNTERS, Finding.EVIDENCE_FOR, "foreign_bytes", 1.8, "Mbps")
OURS = Evidence(Rung.ROUTER_COUNTERS, Finding.NO_EVIDENCE, "no_foreign_bytes", 0.1, "Mbps")
NO_ROUTER = Evidence(Rung.ROUTER_COUNTERS, Finding.UNKNOWN, "router.not_found")


@pytest.mark.parametrize(
    ("seen", "status", "finding", "rung"),
    [
        ((), Status.UNKNOWN, Finding.UNKNOWN, ""),
        ((NO_ROUTER, judge_cameras(None)), Status.UNKNOWN, Finding.UNKNOWN, ""),
        ((NO_ROUTER, judge_cameras(0)), Status.OK, Finding.NO_EVIDENCE, Rung.CAMERAS),
        ((OURS, judge_cameras(0)), Status.OK, Finding.NO_EVIDENCE, Rung.ROUTER_COUNTERS),
        ((OURS, judge_cameras(2)), Status.CRITICAL, Finding.EVIDENCE_FOR, Rung.CAMERAS),
        ((FOREIGN, judge_cameras(0)), Status.CRITICAL, Finding.EVIDENCE_FOR, Rung.ROUTER_COUNTERS),
    ],
)
def test_the_strongest_evidence_is_told_and_silence_is_no_proof(
    world: World, seen: tuple[Evidence, ...], status: Status, finding: Finding, rung: str
) -> None:
    desk = replace(world.desk, line=Shared(*seen))
    (found,) = preflight.run(desk, BUDI, items=[ItemId.BANDWIDTH_DEDICATED])
    assert (found.status, found.advice, found.source) == (status, finding, rung)
    rungs = [line.split()[0] for line in found.evidence]
    assert sorted(rungs) == sorted(
        [*(one.rung for one in seen), Rung.DEFICIT, Rung.VARIATION, Rung.DECLARATION]
    )
    words = resource_files.texts("galat")[found.advice]
    assert isinstance(words, dict)
    assert "bukan bukti" in words["teks"] or finding is not Finding.NO_EVIDENCE


def test_a_declaration_that_the_line_is_shared_needs_no_instrument(world: World) -> None:
    desk = replace(world.desk, line=Shared(OURS, judge_cameras(0)))
    preflight.attest(desk, BUDI, ItemId.BANDWIDTH_DEDICATED, False, "CCTV di switch yang sama")
    (found,) = preflight.run(desk, BUDI, items=[ItemId.BANDWIDTH_DEDICATED])
    assert (found.status, found.source) == (Status.CRITICAL, Rung.DECLARATION)
