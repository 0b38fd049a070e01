"""A server on a free port of loopback that plays one conversation after another, in the way a broken one would."""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress


@contextmanager
def tcp_server(talk: Callable[[socket.socket], None]) -> Iterator[int]:
    """Its port. `talk` gets each connection; a client that hangs up ends its conversation."""
    stop = threading.Event()
    listener = socket.create_server(("127.0.0.1", 0))
    listener.settimeout(0.05)

    def serve() -> None:
        while not stop.is_set():
            with suppress(TimeoutError):
                connection, _ = listener.accept()
                connection.settimeout(0.2)
                with connection, suppress(OSError):
                    talk(connection)

    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    try:
        yield int(listener.getsockname()[1])
    finally:
        stop.set()
        thread.join(timeout=10)
        listener.close()


def line_of(connection: socket.socket) -> bytes:
    """What the client asks next, to its line's end; nothing when it hung up."""
    line = b""
    while not line.endswith(b"\n"):
        with suppress(TimeoutError):
            more = connection.recv(1)
            if not more:
                return b""
            line += more
    return line


def answering(*answers: bytes) -> Callable[[socket.socket], None]:
    """A talk that gives these bytes to one line after another, then hangs up."""

    def talk(connection: socket.socket) -> None:
        for answer in answers:
            if not line_of(connection):
                return
            connection.sendall(answer)

    return talk


def dripping(first: bytes, piece: bytes) -> Callable[[socket.socket], None]:
    """A talk that begins so and sends a piece every 50 ms until the client gives up: no wait between bytes is long."""

    def talk(connection: socket.socket) -> None:
        connection.settimeout(0.05)
        connection.sendall(first)
        while True:
            connection.sendall(piece)
            with suppress(TimeoutError):
                while connection.recv(1024):
                    pass
                return

    return talk
