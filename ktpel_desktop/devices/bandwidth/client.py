"""The client's side of KTPEL-UJI 1: one session with the server, and its data connections.

Everything waits with a limit; a server that is silent, slow, cut off, altered on the way or not ours ends in a
DeviceError with the effect NONE, for a line test changes nothing.
"""

from __future__ import annotations

import selectors
import socket
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from ktpel_desktop.core.errors import DeviceError, Effect
from ktpel_desktop.devices.bandwidth import protocol
from ktpel_desktop.devices.bandwidth.protocol import (
    Begin,
    Count,
    Lines,
    Pong,
    ProtocolError,
    Refusal,
    Session,
)
from ktpel_desktop.devices.bandwidth.sockets import Address, begin_connect, connect_failure, cut

CONNECT_S = 3.0
ANSWER_S = 3.0
RECEIVE_BUFFER = 128 * 1024
"""A small window, so that a fast line is held back by this end and not by its own queue (room.md 3.4)."""
SEND_BUFFER = 64 * 1024
"""Small, so that little waits in this computer when the upload ends."""
_ADDRESSES = 3
_WELCOMED = b"ok\n"


@dataclass(frozen=True, slots=True)
class Target:
    """A server to test against. `name` and `scope` stand in the result: a test to the internet says only that."""

    host: str
    port: int = protocol.PORT
    name: str = ""
    scope: str = "dinas"

    def __str__(self) -> str:
        return self.name or f"{self.host}:{self.port}"


@dataclass(frozen=True, slots=True)
class Delay:
    """When a ping was sent, and how long its answer took, in seconds."""

    sent: float
    took: float


@dataclass(slots=True)
class Talk:
    """The control connection of an open session."""

    sock: socket.socket
    target: Target
    address: Address
    session: Session
    delays: list[Delay] = field(default_factory=list)
    _lines: Lines = field(default_factory=Lines)
    _pending: dict[int, float] = field(default_factory=dict)
    _pings: int = 0

    @property
    def ipv6(self) -> bool:
        return self.sock.family == socket.AF_INET6

    def say(self, line: bytes) -> None:
        """Send one line. Raises DeviceError "line.cut", "line.server_silent"."""
        try:
            sent = self.sock.send(line)
        except BlockingIOError:
            sent = 0
        except OSError as error:
            raise DeviceError("line.cut", Effect.NONE, target=str(self.target)) from error
        if sent < len(line):  # it does not read what it was told long ago
            raise DeviceError("line.server_silent", Effect.NONE, target=str(self.target))

    def ping(self) -> None:
        self._pings += 1
        self._pending[self._pings] = time.monotonic()
        self.say(protocol.say("ping", self._pings))

    def hear(self) -> list[Begin | Count]:
        """What has arrived, pings answered. Raises DeviceError "line.cut", "line.not_our_server"."""
        try:
            data = self.sock.recv(4096)
        except BlockingIOError:
            return []
        except OSError as error:
            raise DeviceError("line.cut", Effect.NONE, target=str(self.target)) from error
        if not data:
            raise DeviceError("line.cut", Effect.NONE, target=str(self.target))
        now, others = time.monotonic(), list[Begin | Count]()
        try:
            for line in self._lines.feed(data):
                answer = protocol.read_answer(line)
                if not isinstance(answer, Pong):
                    others.append(answer)
                elif answer.number > self._pings:
                    raise ProtocolError("answer to no question")
                elif (sent := self._pending.pop(answer.number, None)) is not None:  # else it came late
                    self.delays.append(Delay(sent, now - sent))
        except ProtocolError as error:
            raise DeviceError("line.not_our_server", Effect.NONE, target=str(self.target)) from error
        return others

    def listen(self, seconds: float, enough: Callable[[], bool] = lambda: False) -> None:
        """Hear pongs for so long, or until it is enough."""
        until = time.monotonic() + seconds
        with selectors.DefaultSelector() as selector:
            selector.register(self.sock, selectors.EVENT_READ)
            while not enough() and (left := until - time.monotonic()) > 0:
                if selector.select(left):
                    self.hear()

    def settle(self, seconds: float) -> None:
        """Wait for pings under way; those still without an answer count with the time they have waited."""
        self.listen(seconds, enough=lambda: not self._pending)
        now = time.monotonic()
        self.delays += [Delay(sent, now - sent) for sent in self._pending.values()]
        self._pending.clear()

    def delays_since(self, moment: float) -> list[float]:
        """Delays in seconds of the pings sent since a moment."""
        return [delay.took for delay in self.delays if delay.sent >= moment]

    def close(self) -> None:
        cut(self.sock)


# ---------------------------------------------------------------- opening


def open_talk(targets: Sequence[Target]) -> Talk:
    """A session with the first target that gives one.

    Raises DeviceError of the first target: "line.no_target", "line.server_unreachable", "line.server_silent",
    "line.server_busy", "line.server_version", "line.not_our_server", "line.cut".
    """
    if not targets:
        raise DeviceError("line.no_target", Effect.NONE)
    failed: list[DeviceError] = []
    for target in targets:
        try:
            return _open(target)
        except DeviceError as error:
            failed.append(error)
    raise failed[0]


def _open(target: Target) -> Talk:
    sock, address = _connect(target)
    try:
        sock.send(protocol.opening("hello"))
        lines = Lines()
        welcome = protocol.read_welcome(_first_line(sock, lines, target))
        if welcome == Refusal("busy"):
            raise DeviceError("line.server_busy", Effect.NONE, target=str(target))
        if isinstance(welcome, Refusal):
            raise DeviceError("line.server_version", Effect.NONE, target=str(target))
        return Talk(sock, target, address, welcome, _lines=lines)
    except ProtocolError as error:
        sock.close()
        raise DeviceError("line.not_our_server", Effect.NONE, target=str(target)) from error
    except OSError as error:
        sock.close()
        raise DeviceError("line.cut", Effect.NONE, target=str(target)) from error
    except BaseException:
        sock.close()
        raise


def _connect(target: Target) -> tuple[socket.socket, Address]:
    """A connection to the first address of the target that takes one. Raises DeviceError "line.server_unreachable"."""
    try:
        found = socket.getaddrinfo(target.host, target.port, type=socket.SOCK_STREAM)
    except (OSError, ValueError) as error:  # ValueError: a host name that cannot be one
        raise DeviceError("line.server_unreachable", Effect.NONE, target=str(target)) from error
    for family, _, _, _, address in found[:_ADDRESSES]:
        try:
            sock = begin_connect(address, family)
        except OSError:
            continue
        with selectors.DefaultSelector() as selector:
            selector.register(sock, selectors.EVENT_WRITE)
            if selector.select(CONNECT_S) and connect_failure(sock) == 0:
                return sock, address
        sock.close()
    raise DeviceError("line.server_unreachable", Effect.NONE, target=str(target))


def _first_line(sock: socket.socket, lines: Lines, target: Target) -> str:
    until = time.monotonic() + ANSWER_S
    with selectors.DefaultSelector() as selector:
        selector.register(sock, selectors.EVENT_READ)
        while (left := until - time.monotonic()) > 0:
            if selector.select(left):
                data = sock.recv(1024)
                if not data:
                    raise DeviceError("line.cut", Effect.NONE, target=str(target))
                heard = lines.feed(data)
                if len(heard) > 1:
                    raise ProtocolError("more than was asked")
                if heard:
                    return heard[0]
    raise DeviceError("line.server_silent", Effect.NONE, target=str(target))


# ---------------------------------------------------------------- data connections


@dataclass(slots=True)
class Stream:
    """One data connection, at a place in the session's pad."""

    sock: socket.socket
    position: int


def join(talk: Talk, way: str, count: int) -> list[Stream]:
    """`count` data connections of the session, each welcomed by the server.

    Raises DeviceError "line.cut", "line.server_silent", "line.not_our_server"; then none stays open.
    """
    streams: list[Stream] = []
    selector = selectors.DefaultSelector()
    try:
        for number in range(count):
            sock = begin_connect(talk.address, talk.sock.family, RECEIVE_BUFFER if way == "down" else 0)
            streams.append(Stream(sock, number * protocol.STRIDE))
            if way == "up":
                sock.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, SEND_BUFFER)
            selector.register(
                sock, selectors.EVENT_WRITE, (sock, protocol.opening(way, talk.session.id, number))
            )
        until = time.monotonic() + CONNECT_S + ANSWER_S
        while selector.get_map():
            ready = selector.select(until - time.monotonic())
            if not ready and time.monotonic() >= until:
                raise DeviceError("line.server_silent", Effect.NONE, target=str(talk.target))
            for key, _ in ready:
                sock, words = key.data
                _greet(selector, sock, words, talk.target)
        return streams
    except BaseException as error:
        for stream in streams:
            cut(stream.sock)
        if isinstance(error, OSError):
            raise DeviceError("line.cut", Effect.NONE, target=str(talk.target)) from error
        raise
    finally:
        selector.close()


def _greet(selector: selectors.BaseSelector, sock: socket.socket, words: bytes, target: Target) -> None:
    """One connection a step further: from connected to introduced, from introduced to welcomed."""
    if words:
        sock.send(words)  # a refused connection fails here
        selector.modify(sock, selectors.EVENT_READ, (sock, b""))
        return
    heard = sock.recv(len(_WELCOMED))
    if not heard:
        raise DeviceError("line.cut", Effect.NONE, target=str(target))
    if heard != _WELCOMED:  # three bytes of one small segment never come apart
        raise DeviceError("line.not_our_server", Effect.NONE, target=str(target))
    selector.unregister(sock)
