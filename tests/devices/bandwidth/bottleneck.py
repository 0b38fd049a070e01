"""The user-space bottleneck of room.md 3.6 for machines whose kernel gives no shaper: a TCP relay on the loopback.

`bottleneck.py PORT MBPS` relays to that port at the rate each way, counted at IP level, over all connections together.
It has no packets to lose; what it cannot pass on waits in small buffers, so that the sender is held back.
"""

from __future__ import annotations

import contextlib
import selectors
import socket
import sys
import time
from dataclasses import dataclass, field

from ktpel_desktop.core.line_rate import payload_factor
from ktpel_desktop.devices.bandwidth.pacing import Pace

BUFFER = 32 * 1024


@dataclass(eq=False)
class Pipe:
    """One way of one connection."""

    source: socket.socket
    sink: socket.socket
    pace: Pace
    waiting: bytearray = field(default_factory=bytearray)
    ended: bool = False


def pump(pipe: Pipe, now: float) -> None:
    """Take in what fits and pass on what the rate allows. Raises OSError when an end is gone."""
    if not pipe.ended and len(pipe.waiting) < BUFFER:
        with contextlib.suppress(BlockingIOError):
            data = pipe.source.recv(BUFFER)
            pipe.ended = not data
            pipe.waiting += data
    allowed = min(pipe.pace.allowed(now), 4096)
    if pipe.waiting and allowed > 0:
        with contextlib.suppress(BlockingIOError):
            sent = pipe.sink.send(pipe.waiting[:allowed])
            pipe.pace.spend(sent)
            del pipe.waiting[:sent]
    if pipe.ended and not pipe.waiting:
        raise OSError("ended")


def relay(port: int, mbps: float) -> None:
    listener = socket.create_server(("127.0.0.1", 0))
    listener.setblocking(False)
    print(listener.getsockname()[1], flush=True)
    rate = mbps * 1e6 / 8 / payload_factor()
    now = time.monotonic()
    paces = [Pace(rate, now, 0.1), Pace(rate, now, 0.1)]
    pairs: list[tuple[Pipe, Pipe]] = []
    with selectors.DefaultSelector() as selector:
        selector.register(listener, selectors.EVENT_READ)
        while True:
            if selector.select(0.002):
                with contextlib.suppress(BlockingIOError):
                    near, _ = listener.accept()
                    far = socket.create_connection(("127.0.0.1", port))
                    for sock in (near, far):
                        sock.setblocking(False)
                        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
                        sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, BUFFER)
                        sock.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, BUFFER)
                    pairs.append((Pipe(near, far, paces[0]), Pipe(far, near, paces[1])))
            now = time.monotonic()
            for pair in list(pairs):
                try:
                    for pipe in pair:
                        pump(pipe, now)
                except OSError:
                    pairs.remove(pair)
                    pair[0].source.close()
                    pair[0].sink.close()
            pairs = pairs[1:] + pairs[:1]  # nobody is always first


if __name__ == "__main__":
    relay(int(sys.argv[1]), float(sys.argv[2]))
