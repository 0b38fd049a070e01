"""Other ends in this process: our server, and ones that do what no server, router or camera should.

They wait for the code under test, and not the other way round: whose limit does not hold waits for `PATIENCE_S`, and
then hears something else than the test wants.
"""

from __future__ import annotations

import contextlib
import socket
import threading
from collections.abc import Callable, Iterable, Iterator

from ktpel_desktop.devices.bandwidth.client import Target
from ktpel_desktop.devices.bandwidth.server import Limits, serve

PATIENCE_S = 30.0
"""Much longer than every limit of the code under test."""
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
    assert ready.wait(PATIENCE_S), "the server hangs before it is ready"
    try:
        yield Target("127.0.0.1", port[0], name="uji")
        assert work.is_alive(), "the server died"
    finally:
        stop.set()
        work.join(PATIENCE_S)
    assert not work.is_alive(), "the server hangs"


@contextlib.contextmanager
def scripted(script: Script) -> Iterator[Target]:
    """A server that does as the script says with each connection."""
    listener = socket.create_server(("127.0.0.1", 0))
    listener.settimeout(0.05)
    stop = threading.Event()
    threads: list[threading.Thread] = []

    def meet(sock: socket.socket, number: int) -> None:
        with sock, contextlib.suppress(OSError):
            sock.settimeout(PATIENCE_S)
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
        acceptor.join(PATIENCE_S)
        listener.close()


def read_line(sock: socket.socket) -> str:
    line = bytearray()
    while not line.endswith(b"\n"):
        piece = sock.recv(1)
        if not piece:
            raise OSError("closed")
        line += piece
    return line.decode("latin-1").strip()


def silent(sock: socket.socket, _: int = 0) -> None:
    """Takes everything in and never says a word, until the other end hangs up."""
    while sock.recv(65536):
        continue


@contextlib.contextmanager
def swallowing() -> Iterator[int]:
    """The port of a door at which nobody answers, as behind a dead line."""
    with contextlib.ExitStack() as stack:
        full = stack.enter_context(socket.create_server(("127.0.0.1", 0), backlog=0))
        port = full.getsockname()[1]
        for _ in range(4):
            waiting = stack.enter_context(socket.socket())
            waiting.setblocking(False)
            waiting.connect_ex(("127.0.0.1", port))
        yield port


@contextlib.contextmanager
def answering(answers: Callable[[bytes], Iterable[bytes]]) -> Iterator[tuple[str, int]]:
    """Somebody who is asked once by UDP, and what the packets are that go back."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sock:
        sock.bind(("127.0.0.1", 0))
        sock.settimeout(PATIENCE_S)

        def work() -> None:
            question, asker = sock.recvfrom(4000)
            for answer in answers(question):
                sock.sendto(answer, asker)

        thread = threading.Thread(target=work, daemon=True)
        thread.start()
        yield sock.getsockname()[:2]
        thread.join(PATIENCE_S)
        assert not thread.is_alive(), "nobody asked, or the answers never end"
