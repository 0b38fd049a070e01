"""bandwidth.error, .bytes and .seconds: the line test on links shaped to 4–20 Mbps, beside iperf3 on the same links."""

from __future__ import annotations

import subprocess
import sys
from contextlib import ExitStack
from pathlib import Path
from typing import Any

from ktpel_desktop.core.line_rate import CAP_MBPS, payload_factor
from tests.bench.measure import Figure, figure, worst
from tests.devices.bandwidth import iperf3, programs
from tests.devices.bandwidth.links import CENTRE, PYTHON, Link, NoLink, ended, line_of, shaped, told

RUNS = 2
RATES = (4, 5, 5.5, 6, 6.5, 7, 20)
ALLOWED = 5.0
BUDGET_S = 10.0
PAYLOAD = 1448 / 1514
"""Share of what the kernel shapes (whole frames) that either tool counts."""
CAP = CAP_MBPS / payload_factor()


def measure(folder: Path, runs: int | None) -> list[Figure]:
    """The figures; none where the machine gives no shaped link, with the reason printed."""
    ours: list[float] = []
    theirs: list[float] = []
    our_bytes: list[float] = []
    their_bytes: list[float] = []
    took: list[float] = []
    try:
        for _ in range(RUNS if runs is None else runs):
            with ExitStack() as stack:
                links = {rate: stack.enter_context(shaped(rate)) for rate in RATES}
                for rate, found in _line_tests(links, stack).items():
                    wanted = min(rate * PAYLOAD, CAP)
                    ours += [_off(found[way]["mbps"] / payload_factor(), wanted) for way in ("down", "up")]
                    our_bytes.append(found["moved"] / 1e6)
                    took.append(found["seconds"])
                peers = iperf3.received({rate: iperf3.on(link) for rate, link in links.items()}, stack)
                for rate, ways in peers.items():
                    theirs += [_off(one["bits_per_second"] / 1e6, rate * PAYLOAD) for one in ways.values()]
                    their_bytes.append(sum(one["bytes"] for one in ways.values()) / 1e6)
    except NoLink as reason:
        print(f"no bandwidth figures: {reason}", file=sys.stderr)
        return []
    facts = {
        "median": sorted(ours)[len(ours) // 2],
        "readings": len(ours),
        "iperf3_median": sorted(theirs)[len(theirs) // 2],
        "iperf3_worst": max(theirs),
    }
    error = worst(
        "bandwidth.error",
        ours,
        ALLOWED,
        unit="%",
        peer="the 5 % of the shaped rate that it may be off",
        note=f"The worst of {len(ours)} readings, both directions of links shaped by tc tbf to {RATES[0]}–{RATES[-1]}"
        " Mbps, all measured at once; beyond 9 Mbps it has to read the 9. iperf3's errors on the same links stand in"
        " the facts.",
        facts={name: round(value, 2) for name, value in facts.items()},
    )
    seconds = worst(
        "bandwidth.seconds",
        took,
        BUDGET_S,
        unit="s",
        peer="the 10 s that a test may take (room.md 3.6)",
        note="The longest test, from the connection on; all lines are measured at once.",
    )
    return [
        error,
        figure(
            "bandwidth.bytes",
            our_bytes,
            their_bytes,
            unit="MB",
            peer="iperf3 as it is called without options, once each way (10 s)",
            target=1.0,
            note="Data of a whole test, both directions, idle pings and counts included.",
        ),
        seconds,
    ]


def _line_tests(links: dict[float, Link], stack: ExitStack) -> dict[float, dict[str, Any]]:
    clients: dict[float, subprocess.Popen[str]] = {}
    for rate, link in links.items():
        server = link.start(link.centre, *PYTHON, str(Path(programs.__file__)), "server", CENTRE)
        stack.callback(ended, server)
        line_of(server)
        clients[rate] = link.start(link.room, *PYTHON, str(Path(programs.__file__)), "once", CENTRE)
        stack.callback(ended, clients[rate])
    return {rate: told(client)["runs"][0] for rate, client in clients.items()}


def _off(mbps: float, wanted: float) -> float:
    return abs(mbps / wanted - 1) * 100
