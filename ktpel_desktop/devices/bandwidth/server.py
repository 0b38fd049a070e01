"""The counterpart of a line test: `ktpel-desktop server-uji`, run by the Dinas where the room's line should lead to.

One blocking loop over non-blocking sockets. It sends and counts bytes, keeps nothing, and is of little use to anybody
else: TCP only, data only to an address that opened a session and still holds it, and limits on sessions, bytes, time,
rate and tests per hour. A server that is busy says so, for a test beside others would measure the server
(protocol.py, room.md 3.2).
"""

from __future__ import annotations

import contextlib
import logging
import secrets
import selectors
import socket
import time
from collections import Counter, deque
from collections.abc import Callable
from dataclasses import dataclass, field

from ktpel_desktop.core.errors import DeviceError, Effect
from ktpel_desktop.devices.bandwidth import protocol
from ktpel_desktop.devices.bandwidth.pacing import Pace
from ktpel_desktop.devices.bandwidth.protocol import (
    Bye,
    Hello,
    Join,
    Lines,
    OtherVersion,
    Ping,
    ProtocolError,
    Start,
)
from ktpel_desktop.devices.bandwidth.sockets import prepare

log = logging.getLogger(__name__)

_CHUNK = 1 << 16
_SEND_BUFFER = 1 << 18
_CONTROL_BUFFER = 1 << 14
_WORKING_S = 0.005
_IDLE_S = 0.2
_OUT_LIMIT = 4096


@dataclass(frozen=True, slots=True)
class Limits:
    """What the server gives. `per_hour` counts sessions of one address: a whole office may stand behind one.

    `mbps` is what one session is sent at most; `session_bytes` counts both directions.
    """

    sessions: int = 4
    per_address: int = 2
    per_hour: int = 60
    milliseconds: int = 8_000
    session_bytes: int = 24_000_000
    session_seconds: float = 60.0
    silence_seconds: float = 5.0
    mbps: float = 25.0

    @property
    def connections(self) -> int:
        """Open connections of all kinds; more are closed unheard."""
        return self.sessions * (1 + 2 * protocol.STREAM_LIMIT) + 32


def serve(
    host: str = "",
    port: int = protocol.PORT,
    *,
    limits: Limits | None = None,
    ready: Callable[[int], None] | None = None,
    stopped: Callable[[], bool] = lambda: False,
) -> None:
    """Serve line tests until `stopped` says so, asked five times a second; `ready` is told the port.

    An empty host means every address of this machine. Raises DeviceError "line.cannot_serve".
    """
    if not 0 <= port < 1 << 16:
        raise DeviceError("line.cannot_serve", Effect.NONE, port=port)
    try:
        dual = not host and socket.has_dualstack_ipv6()
        family = socket.AF_INET6 if dual or ":" in host else socket.AF_INET
        listener = socket.create_server((host, port), family=family, dualstack_ipv6=dual, backlog=64)
    except OSError as error:
        raise DeviceError("line.cannot_serve", Effect.NONE, port=port) from error
    with listener, contextlib.closing(_Server(listener, limits or Limits())) as server:
        if ready is not None:
            ready(listener.getsockname()[1])
        while not stopped():
            server.turn()


@dataclass(eq=False, slots=True)
class _Peer:
    """One connection."""

    sock: socket.socket
    address: str
    since: float
    lines: Lines = field(default_factory=Lines)
    out: bytearray = field(default_factory=bytearray)
    session: _Session | None = None
    way: str = ""
    position: int = 0


@dataclass(eq=False, slots=True)
class _Session:
    """One client between hello and bye."""

    id: str
    control: _Peer
    opened: float
    heard: float
    pad: memoryview
    streams: dict[str, dict[int, _Peer]] = field(default_factory=lambda: {"down": {}, "up": {}})
    running: str = ""
    ends: float = 0.0
    length: float = 0.0
    pace: Pace | None = None
    began: float | None = None
    told: float = 0.0
    received: int = 0
    moved: int = 0
    counted: bool = False


class _Server:
    """The loop's state. Every failure of a connection is that connection's alone."""

    def __init__(self, listener: socket.socket, limits: Limits) -> None:
        self._limits = limits
        self._listener = listener
        self._selector = selectors.DefaultSelector()
        self._peers: set[_Peer] = set()
        self._sessions: dict[str, _Session] = {}
        self._recent: deque[tuple[float, str]] = deque(maxlen=20_000)
        self._scratch = bytearray(_CHUNK)
        listener.setblocking(False)
        self._selector.register(listener, selectors.EVENT_READ, None)

    def close(self) -> None:
        for peer in list(self._peers):
            self._drop(peer)
        self._selector.close()

    def turn(self) -> None:
        """Wait a moment, hear everybody, and do what is due."""
        working = any(session.running for session in self._sessions.values())
        for key, _ in self._selector.select(_WORKING_S if working else _IDLE_S):
            if key.data is None:
                self._accept()
            elif key.data in self._peers:
                self._safely(key.data, self._hear)
        now = time.monotonic()
        for session in list(self._sessions.values()):
            self._work(session, now)
        for peer in list(self._peers):
            if peer.out:
                self._safely(peer, self._flush)
            if self._overdue(peer, now):
                self._drop(peer)

    # ------------------------------------------------------------ connections

    def _accept(self) -> None:
        for _ in range(16):
            try:
                sock, address = self._listener.accept()
            except OSError:  # nobody waits any more, or the caller has gone again
                return
            if len(self._peers) >= self._limits.connections:
                sock.close()
                continue
            peer = _Peer(sock, address[0], time.monotonic())
            self._peers.add(peer)
            self._selector.register(sock, selectors.EVENT_READ, peer)
            self._safely(peer, lambda one: prepare(one.sock))

    def _safely(self, peer: _Peer, act: Callable[[_Peer], None]) -> None:
        try:
            act(peer)
        except BlockingIOError:
            pass
        except (OSError, ProtocolError):
            self._drop(peer)

    def _hear(self, peer: _Peer) -> None:
        if peer.way == "up":
            self._count(peer)
            return
        data = peer.sock.recv(1024)
        if not data or peer.way == "down":  # who asked for data has nothing more to say
            self._drop(peer)
            return
        for line in peer.lines.feed(data):
            if peer not in self._peers:  # it was shown the door by the line before
                return
            if peer.way:
                raise ProtocolError("data before its time")
            if peer.session is None:
                self._open(peer, line)
            else:
                self._command(peer, peer.session, line)
        if peer.way and not peer.lines.clean:
            raise ProtocolError("data before its time")

    def _drop(self, peer: _Peer) -> None:
        """Close one connection; a session ends with its control connection."""
        if peer not in self._peers:
            return
        self._peers.discard(peer)
        self._selector.unregister(peer.sock)
        peer.sock.close()
        session = peer.session
        if session is None:
            return
        if peer.way:
            held = session.streams[peer.way]
            session.streams[peer.way] = {number: one for number, one in held.items() if one is not peer}
        elif session.control is peer:
            self._sessions.pop(session.id, None)
            for stream in [*session.streams["down"].values(), *session.streams["up"].values()]:
                self._drop(stream)

    def _overdue(self, peer: _Peer, now: float) -> bool:
        session = peer.session
        if session is None:
            return now - peer.since > self._limits.silence_seconds
        if now - session.opened > self._limits.session_seconds:
            return True
        return not session.running and now - session.heard > self._limits.silence_seconds

    def _say(self, peer: _Peer, line: bytes) -> None:
        peer.out += line
        if len(peer.out) > _OUT_LIMIT:  # it asks and does not listen
            self._drop(peer)
        else:
            self._safely(peer, self._flush)

    def _flush(self, peer: _Peer) -> None:
        if peer in self._peers and peer.out:
            sent = peer.sock.send(peer.out)
            del peer.out[:sent]

    # ------------------------------------------------------------ talk

    def _open(self, peer: _Peer, line: str) -> None:
        match protocol.read_opening(line):
            case OtherVersion():
                self._say(peer, protocol.say(protocol.NAME, protocol.VERSION, "version"))
                self._drop(peer)
            case Hello():
                self._welcome(peer)
            case Join(way, wanted, number):
                session = self._sessions.get(wanted)
                if (
                    session is None
                    or session.control.address != peer.address
                    or number in session.streams[way]
                ):
                    raise ProtocolError("no such session")
                if session.running == way:
                    raise ProtocolError("too late")
                session.streams[way][number] = peer
                peer.session, peer.way, peer.position = session, way, number * protocol.STRIDE
                if way == "down":
                    peer.sock.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, _SEND_BUFFER)
                self._say(peer, protocol.say("ok"))

    def _welcome(self, peer: _Peer) -> None:
        now = time.monotonic()
        while self._recent and now - self._recent[0][0] > 3600:
            self._recent.popleft()
        here = Counter(session.control.address for session in self._sessions.values())
        limits = self._limits
        if (
            len(self._sessions) >= limits.sessions
            or here[peer.address] >= limits.per_address
            or sum(address == peer.address for _, address in self._recent) >= limits.per_hour
        ):
            self._say(peer, protocol.say(protocol.NAME, protocol.VERSION, "busy"))
            self._drop(peer)
            return
        name = secrets.token_hex(8)
        session = _Session(name, peer, now, now, memoryview(protocol.pad(name)))
        self._sessions[name] = session
        self._recent.append((now, peer.address))
        peer.session = session
        peer.sock.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, _CONTROL_BUFFER)
        words = (protocol.NAME, protocol.VERSION, "ok", name, limits.milliseconds, limits.session_bytes)
        self._say(peer, protocol.say(*words))
        log.info("line test begins, %d at once", len(self._sessions))

    def _command(self, peer: _Peer, session: _Session, line: str) -> None:
        session.heard = now = time.monotonic()
        match protocol.read_command(line):
            case Bye():
                self._drop(peer)
            case Ping(number):
                self._say(peer, protocol.say("pong", number))
            case Start(way, milliseconds):
                if session.running:  # the client has had enough of the other direction
                    self._finish(session)
                if (
                    milliseconds > self._limits.milliseconds
                    or not session.streams[way]
                    or peer not in self._peers
                ):
                    raise ProtocolError("cannot begin")
                session.running, session.length = way, milliseconds / 1000
                session.began, session.told, session.received = None, 0.0, 0
                patience = session.length if way == "down" else session.length + self._limits.silence_seconds
                session.ends = now + patience
                session.pace = Pace(self._limits.mbps * 1e6 / 8, now)
                self._say(peer, protocol.say("begin", way, milliseconds))

    # ------------------------------------------------------------ data

    def _work(self, session: _Session, now: float) -> None:
        if session.running == "down":
            self._send(session, now)
        elif session.running == "up":
            self._tell_count(session, now)
        if session.running and (now >= session.ends or session.moved >= self._limits.session_bytes):
            self._finish(session)

    def _send(self, session: _Session, now: float) -> None:
        for peer in list(session.streams["down"].values()):
            allowed = session.pace.allowed(now) if session.pace else 0
            size = min(allowed, _CHUNK, self._limits.session_bytes - session.moved)
            if size <= 0:
                return
            try:
                sent = peer.sock.send(session.pad[peer.position : peer.position + size])
            except BlockingIOError:
                continue
            except OSError:
                self._drop(peer)
                continue
            peer.position = (peer.position + sent) % protocol.PAD_BYTES
            session.moved += sent
            if session.pace:
                session.pace.spend(sent)

    def _count(self, peer: _Peer) -> None:
        session = peer.session
        got = peer.sock.recv_into(self._scratch)
        if session is None or not got:
            self._drop(peer)
            return
        session.moved += got
        if session.running == "up":
            if session.began is None:
                session.began = now = time.monotonic()
                session.ends = now + session.length
            session.received += got
        elif not session.counted:
            raise ProtocolError("data before its time")
        elif session.moved >= self._limits.session_bytes:  # it goes on and on after the end
            self._drop(session.control)

    def _tell_count(self, session: _Session, now: float) -> None:
        if session.began is None or now - session.began - session.told < protocol.COUNT_EVERY_S:
            return
        session.told = now - session.began
        self._say(session.control, protocol.say("count", int(session.told * 1e6), session.received))

    def _finish(self, session: _Session) -> None:
        way, session.running = session.running, ""
        now = session.heard = time.monotonic()
        if way == "up":
            passed = 0.0 if session.began is None else now - session.began
            self._say(session.control, protocol.say("done", int(passed * 1e6), session.received))
            session.counted = (
                True  # what is still under way is thrown away: closing now would overtake the last count
            )
        else:
            for peer in list(session.streams[way].values()):
                self._drop(peer)
        if session.moved >= self._limits.session_bytes:
            self._drop(session.control)
