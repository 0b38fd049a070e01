"""The training SIAK as a real HTTP server on loopback. The one place of siak/ with threads.

    simulator = SiakSimulator(registry, clock)
    simulator.start()                  # url, control_url and access are known from here on
    client = SiakClient(simulator.access)
    ...
    simulator.stop()

`url` serves the contract. `control_url` serves /_faults on a port of its own, so that SIAK can be brought back when
the fault is "offline": then the listening socket is really closed and the system itself refuses connections.
"""

from __future__ import annotations

import json
import socket
import threading
from collections.abc import Mapping
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from ktpel_desktop.core.ports import Clock
from ktpel_desktop.siak.simulator import in_process
from ktpel_desktop.siak.simulator.exchange import Account, Asked, Exchange, Reply
from ktpel_desktop.siak.simulator.faults import Call, FaultBoard, FaultKind
from ktpel_desktop.siak.simulator.registry import Registry
from ktpel_desktop.siak.transport import SiakAccess

LOOPBACK = "127.0.0.1"
LARGEST_REQUEST = 100_000
IDLE_SECONDS = 60.0

_POLL = 0.01


class SiakSimulator:
    """Server, fault switches and registry in one."""

    def __init__(
        self, registry: Registry, clock: Clock, *, account: Account | None = None, port: int = 0
    ) -> None:
        """`port` 0 takes a free one at start."""
        self.registry = registry
        self.exchange = Exchange(registry, clock, account)
        self._account, self._port, self._control_port = account, port, 0
        self._ending = threading.Event()
        self._switching = threading.Lock()
        self._listening: _Listener | None = None
        self._control: _Listener | None = None

    @property
    def url(self) -> str:
        """Address of the contract; it stays the same while SIAK is offline."""
        return f"http://{LOOPBACK}:{self._port}"

    @property
    def control_url(self) -> str:
        """Address of /_faults."""
        return f"http://{LOOPBACK}:{self._control_port}"

    @property
    def access(self) -> SiakAccess:
        """What the client needs to get in."""
        return in_process.access(self._account, self.url)

    @property
    def faults(self) -> FaultBoard:
        """The switches. After setting or clearing OFFLINE here, call `apply`."""
        return self.exchange.faults

    def start(self) -> None:
        """Listen. Returns when connections are accepted."""
        self._ending.clear()
        self._control = _Listener(self, 0, control=True)
        self._control_port = self._control.server_port
        self._listening = _Listener(self, self._port)
        self._port = self._listening.server_port
        self.apply()

    def stop(self) -> None:
        """Stop listening and end every connection; waits for neither slow faults nor idle clients."""
        self._ending.set()
        with self._switching:
            for listener in (self._listening, self._control):
                if listener is not None:
                    listener.end()
            self._listening = self._control = None

    def apply(self) -> None:
        """Open or close the listening socket as the switch "offline" says."""
        with self._switching:
            if self._ending.is_set():
                return
            if self.faults.offline and self._listening is not None:
                self._listening.end()
                self._listening = None
            elif not self.faults.offline and self._listening is None:
                self._listening = _Listener(self, self._port)

    def wait(self, seconds: float) -> bool:
        """Wait as the fault "slow" does; False when the simulator was stopped meanwhile."""
        return not self._ending.wait(seconds)

    def __enter__(self) -> SiakSimulator:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()


class _Listener(ThreadingHTTPServer):
    """A listening socket with its accepting thread and its open connections."""

    daemon_threads = True
    block_on_close = False
    request_queue_size = 64

    def __init__(self, simulator: SiakSimulator, port: int, *, control: bool = False) -> None:
        self.simulator = simulator
        self._open: set[socket.socket] = set()
        self._guard = threading.Lock()
        super().__init__((LOOPBACK, port), _Control if control else _Contract)
        self._thread = threading.Thread(
            target=self.serve_forever, args=(_POLL,), name=f"siak-latihan-{self.server_port}", daemon=True
        )
        self._thread.start()

    def end(self) -> None:
        """Refuse from now on, and cut what is open."""
        self.shutdown()
        self.server_close()
        with self._guard:
            for connection in self._open:
                _cut(connection)
        self._thread.join()

    def process_request_thread(self, request: Any, client_address: Any) -> None:
        with self._guard:
            self._open.add(request)
        try:
            super().process_request_thread(request, client_address)
        finally:
            with self._guard:
                self._open.discard(request)

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A caller that hangs up is nothing to print; the stock method writes a traceback to stderr."""


class _Handler(BaseHTTPRequestHandler):
    """Reads a request whole and writes its answer in one piece."""

    protocol_version = "HTTP/1.1"
    server_version, sys_version = "SIAK-LATIHAN", ""
    disable_nagle_algorithm = True
    wbufsize = -1
    timeout = IDLE_SECONDS
    server: _Listener

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002
        """Nothing is logged here: the client's side has the log of the traffic."""

    def _read(self) -> bytes | None:
        length = self.headers.get("content-length", "0")
        if not length.isdecimal() or int(length) > LARGEST_REQUEST:
            return None
        return self.rfile.read(int(length))

    def _send(self, reply: Reply) -> None:
        self.send_response(reply.status)
        self.send_header("Content-Type", reply.media)
        self.send_header("Content-Length", str(len(reply.body)))
        self.end_headers()
        self.wfile.write(reply.body)
        self.wfile.flush()


class _Contract(_Handler):
    """resources/siak/kontrak.yaml."""

    def _serve(self) -> None:
        simulator = self.server.simulator
        body = self._read()
        reply: Reply | None = None
        if body is not None:
            asked = Asked(self.command, self.path, self.headers.get("authorization", ""), body)
            reply = simulator.exchange.handle(asked, simulator.wait)
        if reply is None:
            self.close_connection = True
            _cut(self.connection)
        else:
            self._send(reply)

    def do_GET(self) -> None:
        self._serve()

    def do_PUT(self) -> None:
        self._serve()

    def do_POST(self) -> None:
        self._serve()


class _Control(_Handler):
    """/_faults: GET lists, PUT {kind, call, times, seconds} switches on, DELETE (?kind as last element) off."""

    def do_GET(self) -> None:
        self._read()
        self._answer(200)

    def do_PUT(self) -> None:
        board = self.server.simulator.faults
        try:
            plain: Any = json.loads(self._read() or b"")
            kind, call = FaultKind(plain["kind"]), Call(plain.get("call", Call.ANY))
            times, seconds = plain.get("times"), float(plain.get("seconds", 30.0))
            right = times is None or (type(times) is int and times > 0)
        except (ValueError, KeyError, TypeError, AttributeError):
            self._answer(422)
            return
        if not right or self.path != "/_faults":
            self._answer(422)
            return
        board.set(kind, call, times, seconds)
        self.server.simulator.apply()
        self._answer(200)

    def do_DELETE(self) -> None:
        self._read()
        name = self.path.removeprefix("/_faults").strip("/")
        if name and name not in set(FaultKind):
            self._answer(404)
            return
        self.server.simulator.faults.clear(FaultKind(name) if name else None)
        self.server.simulator.apply()
        self._answer(200)

    def _answer(self, status: int) -> None:
        known = self.path == "/_faults" or self.path.startswith("/_faults/")
        on: list[Mapping[str, object]] = [
            {"kind": fault.kind, "call": fault.call, "times": fault.times, "seconds": fault.seconds}
            for fault in self.server.simulator.faults.active()
        ]
        self._send(Reply(status if known else 404, json.dumps({"faults": on}).encode()))


def _cut(connection: socket.socket) -> None:
    try:
        connection.shutdown(socket.SHUT_RDWR)
    except OSError:
        return  # the other side was quicker
