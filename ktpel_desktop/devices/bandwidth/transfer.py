"""One direction of a line test: bytes counted where they arrive, with pings under way (room.md 3.6, steps 2 and 3)."""

from __future__ import annotations

import selectors
import time
from collections.abc import Callable
from dataclasses import dataclass

from ktpel_desktop.core.errors import DeviceError, Effect
from ktpel_desktop.core.line_rate import CAP_MBPS, CHECK_FROM_S, Sample, may_stop
from ktpel_desktop.devices.bandwidth import protocol
from ktpel_desktop.devices.bandwidth.client import ANSWER_S, Stream, Talk, join
from ktpel_desktop.devices.bandwidth.pacing import Pace
from ktpel_desktop.devices.bandwidth.protocol import Count
from ktpel_desktop.devices.bandwidth.sockets import cut

STALL_S = 2.0
"""Nothing for so long in mid-test is an interruption, not a slow line."""
SETTLE_S = 0.5
_PIECE = 16 * 1024
_LEAST = 2048
_LOOK_EVERY_S = 0.1
_CLOCKS_APART_S = 1.5


@dataclass(frozen=True, slots=True)
class Transfer:
    """What one direction gave: samples by the receiver's clock, delays in seconds under load, bytes of the whole."""

    samples: tuple[Sample, ...]
    delays: tuple[float, ...]
    moved: int
    seconds: float


class _Phase:
    """The clockwork that both directions share: streams, pace, pings, limits."""

    def __init__(
        self, talk: Talk, way: str, streams: list[Stream], length: float, factor: float, gap: float
    ) -> None:
        self.talk, self.way, self.streams = talk, way, streams
        self.length, self.factor = length, factor
        self.moved = 0
        self.samples: list[Sample] = []
        self.opened = self.last = time.monotonic()
        self.began: float | None = None
        self._welcome = way == "down"
        """Whether data may flow; an upload waits for the server's word, for its lines travel on their own."""
        self._gap, self._next_ping, self._next_look = gap, self.opened, self.opened
        self._pace = Pace(CAP_MBPS * 1e6 / 8 / factor, self.opened)
        self._pad = memoryview(protocol.pad(talk.session.id))

    def __enter__(self) -> _Phase:
        event = selectors.EVENT_READ if self.way == "down" else selectors.EVENT_WRITE
        self._all, self._control = selectors.DefaultSelector(), selectors.DefaultSelector()
        for selector in (self._all, self._control):
            selector.register(self.talk.sock, selectors.EVENT_READ, None)
        for stream in self.streams:
            self._all.register(stream.sock, event, stream)
        return self

    def __exit__(self, *_: object) -> None:
        self._all.close()
        self._control.close()
        for stream in self.streams:
            cut(stream.sock)

    def begin(self, milliseconds: int) -> None:
        self.talk.say(protocol.say(self.way, milliseconds))

    def turn(self, move: Callable[[Stream, int], int]) -> list[Count]:
        """Wait a moment, move what the pace allows, ping, and give back the server's counts."""
        now = time.monotonic()
        if now >= self._next_ping:
            self._next_ping = now + self._gap
            self.talk.ping()
        allowed = self._pace.allowed(now)
        selector = self._all if self._welcome and allowed >= _LEAST else self._control
        counts: list[Count] = []
        for key, _ in selector.select(0.005 if selector is self._control else self._gap):
            if key.data is None:
                for said in self.talk.hear():
                    if isinstance(said, Count):
                        counts.append(said)
                    else:
                        self._welcome = self._welcome or said.way == self.way
                continue
            done = self._move(key.data, min(allowed, _PIECE, protocol.PAD_BYTES - key.data.position), move)
            allowed -= done
            if allowed < _LEAST:
                break
        return counts

    def _move(self, stream: Stream, most: int, move: Callable[[Stream, int], int]) -> int:
        try:
            done = move(stream, most)
        except BlockingIOError:
            return 0
        except OSError as error:
            raise self.failed_cut() from error
        stream.position = (stream.position + done) % protocol.PAD_BYTES
        self._pace.spend(done)
        self.moved += done
        return done

    def expected(self, stream: Stream, count: int) -> memoryview:
        return self._pad[stream.position : stream.position + count]

    def full(self) -> bool:
        """Whether the line fills the cap; looked at ten times a second."""
        now = time.monotonic()
        if now < self._next_look:
            return False
        self._next_look = now + _LOOK_EVERY_S
        return may_stop(self.samples, factor=self.factor)

    def check_progress(self, now: float) -> None:
        """Raises DeviceError "line.server_silent" before the first byte, "line.stalled" after it."""
        if self.began is None and now - self.opened > ANSWER_S:
            raise DeviceError("line.server_silent", Effect.NONE, target=str(self.talk.target))
        if self.began is not None and now - self.last > STALL_S:
            raise DeviceError("line.stalled", Effect.NONE, target=str(self.talk.target))

    def failed_cut(self) -> DeviceError:
        return DeviceError("line.cut", Effect.NONE, target=str(self.talk.target))

    def result(self) -> Transfer:
        began = self.opened if self.began is None else self.began
        ended = time.monotonic()
        for stream in self.streams:
            cut(stream.sock)
        self.talk.settle(SETTLE_S)
        delays = tuple(self.talk.delays_since(began + CHECK_FROM_S))
        return Transfer(tuple(self.samples), delays, self.moved, ended - self.opened)


def download(talk: Talk, *, seconds: float, streams: int, factor: float, ping_gap: float) -> Transfer:
    """Data from the server, read no faster than the cap, each byte compared with the one that must arrive.

    Raises DeviceError "line.cut", "line.server_silent", "line.stalled", "line.altered", "line.not_our_server".
    """
    scratch = memoryview(bytearray(_PIECE))
    with _Phase(talk, "down", join(talk, "down", streams), seconds, factor, ping_gap) as phase:

        def read(stream: Stream, most: int) -> int:
            got = stream.sock.recv_into(scratch, most)
            if not got:
                raise phase.failed_cut()
            if scratch[:got] != phase.expected(stream, got):
                raise DeviceError("line.altered", Effect.NONE, target=str(talk.target))
            return got

        phase.begin(_milliseconds(talk, seconds + 1.0))
        while True:
            before = phase.moved
            phase.turn(read)
            now = time.monotonic()
            if phase.moved > before:
                phase.began = now if phase.began is None else phase.began
                phase.last = now
                phase.samples.append((now - phase.began, phase.moved))
            phase.check_progress(now)
            if (phase.began is not None and now - phase.began >= seconds) or phase.full():
                return phase.result()


def upload(talk: Talk, *, seconds: float, streams: int, factor: float, ping_gap: float) -> Transfer:
    """Data to the server, sent no faster than the cap. The rate is by the server's count and clock, for what this
    end has "sent" may still wait in its own buffers.

    Raises DeviceError as `download` does, and "line.counts_wrong" where the counts cannot be.
    """
    with _Phase(talk, "up", join(talk, "up", streams), seconds, factor, ping_gap) as phase:

        def write(stream: Stream, most: int) -> int:
            return stream.sock.send(phase.expected(stream, most))

        phase.begin(_milliseconds(talk, seconds))
        while True:
            counts = phase.turn(write)
            now = time.monotonic()
            for count in counts:
                _take(phase, count, now)
            phase.check_progress(now)
            if any(count.last for count in counts) or phase.full():
                return phase.result()
            if phase.began is not None and now - phase.began > seconds + ANSWER_S:
                raise DeviceError("line.server_silent", Effect.NONE, target=str(talk.target))


def _take(phase: _Phase, count: Count, now: float) -> None:
    """One count of the server, believed as far as it can be true: not more than was sent, nor another time."""
    at = count.microseconds / 1e6
    if phase.began is None:
        phase.began = now - at
    last_at, last_total = phase.samples[-1] if phase.samples else (0.0, 0)
    drift = abs((now - phase.began) - at)
    if count.received > phase.moved or at < last_at or count.received < last_total or drift > _CLOCKS_APART_S:
        raise DeviceError("line.counts_wrong", Effect.NONE, target=str(phase.talk.target))
    if count.received > last_total:
        phase.last = now
    phase.samples.append((at, count.received))


def _milliseconds(talk: Talk, seconds: float) -> int:
    return min(int(seconds * 1000), talk.session.milliseconds)
