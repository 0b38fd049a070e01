"""iperf3, the peer of the line test, each way on many lines at once."""

from __future__ import annotations

import subprocess
from collections.abc import Callable, Hashable, Mapping
from contextlib import ExitStack
from dataclasses import dataclass
from typing import TypeVar

from tests.devices.bandwidth.links import CENTRE, Link, ended, line_of, told

K = TypeVar("K", bound=Hashable)
Start = Callable[..., "subprocess.Popen[str]"]


@dataclass(frozen=True)
class Ends:
    """How iperf3 is started at both ends of a line; its options are given."""

    server: Start
    client: Start


def on(link: Link) -> Ends:
    return Ends(
        lambda *options: link.start(link.centre, "iperf3", "--server", *options),
        lambda *options: link.start(link.room, "iperf3", "--client", CENTRE, *options),
    )


def received(
    lines: Mapping[K, Ends], stack: ExitStack, *options: str
) -> dict[K, dict[str, dict[str, float]]]:
    """What the receiver counted on each line, "down" and "up": "bits_per_second" of payload, and "bytes"."""
    found: dict[K, dict[str, dict[str, float]]] = {line: {} for line in lines}
    for way, more in (("down", ["--reverse"]), ("up", [])):
        clients, servers = {}, {}
        for line, ends in lines.items():
            server = servers[line] = ends.server("--one-off", "--forceflush")
            stack.callback(ended, server)
            while "listening" not in line_of(server):
                continue
            clients[line] = ends.client("--json", *more, *options)
            stack.callback(ended, clients[line])
        for line, client in clients.items():
            found[line][way] = told(client)["end"]["sum_received"]
            servers[line].communicate(timeout=30)  # the next one listens at the same port
    return found
