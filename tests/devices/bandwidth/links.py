"""A line between the room and the data centre: two network namespaces without a name, joined by a shaped link.

The namespaces live as long as a sleeping process each holds them, so nothing is left behind whatever happens to the
test, and tests beside each other cannot meet. The kernel shapes (tc tbf) what each end sends; where delay or loss is
asked for, a small program carries the packets between two TUN devices, for this kernel may have no netem.
"""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[3]
ROOM, CENTRE = "10.97.0.1", "10.97.0.2"
LIFE_S = 240
PYTHON = [sys.executable, "-B"]


class NoLink(Exception):
    """This machine gives no namespace or no shaper; the text says which."""


def start(*command: str) -> subprocess.Popen[str]:
    """A program with this checkout on its path, and pipes to what it says."""
    return subprocess.Popen(
        command,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    )


def line_of(process: subprocess.Popen[str]) -> str:
    """The next line that it says. Raises RuntimeError when it has ended instead."""
    line = process.stdout.readline() if process.stdout else ""
    if not line:
        raise RuntimeError(f"{process.args!r} ended: {process.communicate()[1]}")
    return line.strip()


def told(process: subprocess.Popen[str]) -> dict[str, Any]:
    """The JSON that it leaves. Raises RuntimeError when it failed."""
    said, errors = process.communicate(timeout=120)
    if process.returncode:
        raise RuntimeError(errors or said)
    found: dict[str, Any] = json.loads(said)
    return found


@dataclass
class Link:
    """Two ends; `room` and `centre` are the processes that hold them."""

    room: int
    centre: int
    rate_mbps: float
    root: bool

    def words(self, end: int, *command: str) -> list[str]:
        """The command as run at one end."""
        user = [] if self.root else [f"--user=/proc/{self.room}/ns/user", "--preserve-credentials"]
        return ["nsenter", *user, f"--net=/proc/{end}/ns/net", *command]

    def start(self, end: int, *command: str) -> subprocess.Popen[str]:
        return start(*self.words(end, *command))

    def do(self, end: int, *command: str) -> None:
        done = subprocess.run(
            self.words(end, *command), capture_output=True, text=True, check=False, timeout=20
        )
        if done.returncode:
            raise NoLink(f"{' '.join(command)}: {done.stderr.strip()}")


@contextlib.contextmanager
def shaped(
    rate_mbps: float | None, *, delay_ms: float = 0, loss: float = 0, buffer_ms: int = 150
) -> Iterator[Link]:
    """A link of that rate each way (None: as fast as it goes), with a round trip of `delay_ms` more, and loss.

    Raises NoLink.
    """
    with contextlib.ExitStack() as stack:
        link = _namespaces(stack, rate_mbps or 0)
        if delay_ms or loss:
            _carried(link, stack, delay_ms, loss)
        else:
            link.do(link.room, "ip", "link", "add", "ta", "type", "veth", "peer", "name", "tb")
            link.do(link.room, "ip", "link", "set", "tb", "netns", str(link.centre))
        for end, device, address in ((link.room, "ta", ROOM), (link.centre, "tb", CENTRE)):
            link.do(end, "ip", "address", "add", f"{address}/24", "dev", device)
            link.do(end, "ip", "link", "set", "lo", "up")
            link.do(end, "ip", "link", "set", device, "up")
            if rate_mbps is not None:
                shaper = ("tbf", "rate", f"{rate_mbps}mbit", "burst", "16kb", "latency", f"{buffer_ms}ms")
                link.do(end, "tc", "qdisc", "replace", "dev", device, "root", *shaper)
        yield link


def _namespaces(stack: contextlib.ExitStack, rate: float) -> Link:
    for program in ("unshare", "nsenter", "ip", "tc"):
        if shutil.which(program) is None:
            raise NoLink(f"{program} is not installed")
    root = os.geteuid() == 0
    room = _hold(stack, ["unshare", *([] if root else ["--map-root-user"]), "--net"])
    inside = [] if root else ["nsenter", f"--user=/proc/{room}/ns/user", "--preserve-credentials"]
    return Link(room, _hold(stack, [*inside, "unshare", "--net"]), rate, root)


def _hold(stack: contextlib.ExitStack, command: list[str]) -> int:
    """A process that holds a new network namespace, ended with the stack or after a while by itself."""
    holder = subprocess.Popen([*command, "sleep", str(LIFE_S)], stderr=subprocess.PIPE, text=True)
    stack.callback(ended, holder)
    until = time.monotonic() + 5
    here = Path("/proc/self/ns/net").readlink()
    while time.monotonic() < until and holder.poll() is None:
        with contextlib.suppress(OSError):
            named = Path(f"/proc/{holder.pid}/comm").read_text().strip()
            if named == "sleep" and Path(f"/proc/{holder.pid}/ns/net").readlink() != here:
                return holder.pid
        time.sleep(0.01)
    holder.kill()
    raise NoLink(f"no network namespace: {holder.communicate()[1].strip()}")


def ended(process: subprocess.Popen[str]) -> None:
    """End a process that the test began, and take its pipes away."""
    process.kill()
    process.communicate(timeout=10)


def _carried(link: Link, stack: contextlib.ExitStack, delay_ms: float, loss: float) -> None:
    carrier = Path(__file__).with_name("carrier.py")
    other = f"/proc/{link.centre}/ns/net"
    process = link.start(link.room, *PYTHON, str(carrier), other, str(delay_ms / 2000), str(loss))
    stack.callback(ended, process)
    try:
        line_of(process)
    except RuntimeError as error:
        raise NoLink(f"no TUN device: {str(error)[-200:]}") from error
