"""Servers of a line test in this process: ours, and ones that do what no server should."""

from __future__ import annotations

import contextlib
import socket
import threading
from collections.abc import Callable, Iterator

from ktpel_desktop.devices.bandwidth.client import Target
from ktpel_desktop.devices.bandwidth.server import Limits, serve

Script = Callable[[socket.socket, int], None]
"""What a bad server does with a connection and its number."""


@contextlib.contextmanager
def running(limits: Limits | None = None) -> Iterator[Target]:
    """Our server on the loopback."""
    ready, stop, port = threading.Event(), threading.Event(), list[int]()

    def told(number: int) -> None:
        port.append(number)
        ready.set()

    work = threading.Thread(
        target=lambda: serve("127.0.0.1", 0, limits=limits, ready=told, stopped=stop.is_set), daemon=True
    )
    work.start()
    assert ready.wait(5)
    try:
        yield Target("127.0.0.1", port[0], name="uji")
        assert work.is_alive(), "the server died"
    finally:
        stop.set()
        work.join(5)


@contextlib.contextmanager
def scripted(script: Script) -> Iterator[Target]:
    """A server that does as the script says with each connection."""
    listener = socket.create_server(("127.0.0.1", 0))
    listener.settimeout(0.05)
    stop = threading.Event()
    threads: list[threading.Thread] = []

    def meet(sock: socket.socket, number: int) -> None:
        with sock, contextlib.suppress(OSError):
            sock.settimeout(5)
            script(sock, number)

    def accept() -> None:
        while not stop.is_set():
            with contextlib.suppress(TimeoutError):
                sock, _ = listener.accept()
                threads.append(threading.Thread(target=meet, args=(sock, len(threads)), daemon=True))
                threads[-1].start()

    acceptor = threading.Thread(target=accept, daemon=True)
    acceptor.start()
    try:
        yield Target("127.0.0.1", listener.getsockname()[1], name="uji")
    finally:
        stop.set()
        acceptor.join(5)
        listener.close()


def read_line(sock: socket.socket) -> str:
    line = bytearray()
    while not line.endswith(b"\n"):
        piece = sock.recv(1)
        if not piece:
            raise OSError("closed")
        line += piece
    return line.decode("latin-1").strip()
