"""How far this computer's clock is from a time server's: a small SNTP client (RFC 4330, and the offset of RFC 5905).

Three questions at most; of the answers the one that was on its way for the shortest time counts, for its error is at
most half of that. Nothing is set: the operating system keeps the clock.
"""

from __future__ import annotations

import contextlib
import secrets
import selectors
import socket
import struct
import time
from dataclasses import dataclass

from ktpel_desktop.core.errors import DeviceError, Effect
from ktpel_desktop.core.ports import Clock
from ktpel_desktop.core.room import Look
from ktpel_desktop.core.room_limits import judge_clock

PORT = 123
QUESTIONS, WAIT_S = 3, 1.0
_PACKET = struct.Struct("!BBbbII4sQQQQ")
_CLIENT_4, _SERVER = 0x23, 4
"""First byte of a question: no warning, version 4, mode 3. And the mode of an answer."""
_UNSYNCHRONISED = 3
_GO_AWAY = (b"DENY", b"RSTR", b"RATE")
"""Kisses of death by which a server sends a client away; the others say that it has no time itself."""
_ERA_0, _ERA_1 = 2_208_988_800, -2_085_978_496
"""Seconds from the beginning of the NTP era to 1970: the first ends in February 2036 (RFC 4330, section 3)."""


@dataclass(frozen=True, slots=True)
class Answered:
    """Seconds by which this computer's clock is behind the server's (negative: ahead), and the way's time."""

    behind: float
    took: float


def look(clock: Clock, host: str, port: int = PORT) -> Look:
    """The clock as an item of the room check; positive seconds are a clock that runs ahead.

    Raises DeviceError "clock.server_silent", "clock.server_refuses", "clock.server_unsynchronised",
    "clock.server_nonsense".
    """
    best = compare(clock, host, port)
    ahead = round(-best.behind, 3)
    evidence = (f"perjalanan={best.took * 1000:.0f} ms",)
    return Look(judge_clock(ahead), ahead, "s", source=f"ntp:{host}", evidence=evidence)


def compare(
    clock: Clock, host: str, port: int = PORT, *, questions: int = QUESTIONS, seconds: float = WAIT_S
) -> Answered:
    """The best of some answers. Raises as `look` does: silence only where nothing was said at all."""
    answers: list[Answered] = []
    failed = DeviceError("clock.server_silent", Effect.NONE, server=host)
    for _ in range(questions):
        try:
            answers.append(_ask(clock, host, port, seconds))
        except DeviceError as error:
            failed = failed if error.code == "clock.server_silent" else error
            if error.code == "clock.server_refuses":  # told to go away, one does not ask again (RFC 4330, 8)
                break
    if not answers:
        raise failed
    return min(answers, key=lambda one: one.took)


def _ask(clock: Clock, host: str, port: int, seconds: float) -> Answered:
    ours = secrets.randbits(64) | 1  # the server repeats it; what it is called here is nobody's business
    question = _PACKET.pack(_CLIENT_4, 0, 0, 0, 0, 0, b"", 0, 0, 0, ours)
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_DGRAM)[0]
        with contextlib.closing(socket.socket(family, kind, protocol)) as sock:
            sock.setblocking(False)
            sock.connect(address)  # only this server is heard
            sent_at, began = clock.now().timestamp(), time.monotonic()
            sock.send(question)
            with selectors.DefaultSelector() as selector:
                selector.register(sock, selectors.EVENT_READ)
                while (left := began + seconds - time.monotonic()) > 0 and selector.select(left):
                    took = time.monotonic() - began
                    with contextlib.suppress(BlockingIOError):
                        data = sock.recv(1024)
                        if is_answer(data, ours):
                            return read_answer(data, host, sent_at, took)
    except (OSError, UnicodeError) as error:
        raise DeviceError("clock.server_silent", Effect.NONE, server=host) from error
    raise DeviceError("clock.server_silent", Effect.NONE, server=host)


def is_answer(data: bytes, ours: int) -> bool:
    """Whether it answers this question: who does not see the question cannot repeat its number."""
    return len(data) >= _PACKET.size and _PACKET.unpack(data[: _PACKET.size])[8] == ours


def read_answer(data: bytes, host: str, sent_at: float, took: float) -> Answered:
    """The clocks' difference by an answer that came `took` seconds after `sent_at`.

    Raises DeviceError "clock.server_refuses", "clock.server_unsynchronised", "clock.server_nonsense".
    """
    first, stratum, _, _, _, _, told, _, _, received, transmitted = _PACKET.unpack(data[: _PACKET.size])
    if first & 0x7 != _SERVER:
        raise DeviceError("clock.server_nonsense", Effect.NONE, server=host)
    if stratum == 0 and told in _GO_AWAY:
        raise DeviceError("clock.server_refuses", Effect.NONE, server=host)
    if first >> 6 == _UNSYNCHRONISED or not 1 <= stratum <= 15:
        raise DeviceError("clock.server_unsynchronised", Effect.NONE, server=host)
    there = _seconds(transmitted) - _seconds(received)
    if not received or not transmitted or not -0.001 <= there <= took + 0.001:
        raise DeviceError("clock.server_nonsense", Effect.NONE, server=host)
    came_at = sent_at + took
    behind = ((_seconds(received) - sent_at) + (_seconds(transmitted) - came_at)) / 2
    return Answered(behind, max(0.0, took - there))


def _seconds(stamp: int) -> float:
    """An NTP time stamp as seconds since 1970."""
    return (stamp >> 32) - (_ERA_0 if stamp >> 63 else _ERA_1) + (stamp & 0xFFFFFFFF) / (1 << 32)
