"""A receipt printer as far as its line goes: takes bytes, answers DLE EOT and GS r 1 as Epson's reference says.

Written from the reference and not from the driver: what it is asked it looks for in the bytes as they come.
"""

from __future__ import annotations

import re
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

_ASKED = re.compile(rb"\x10\x04([\x01-\x04])|\x1dr\x01")


@dataclass
class Machine:
    """`answers`: the byte for each question of DLE EOT; none for a printer that never answers.

    `done`: the byte for GS r 1; None where it does not know it. `ends_after`: it goes away when it has got so many
    bytes of a receipt. `then`: what it answers once it has got a receipt.
    """

    answers: dict[int, int] = field(default_factory=lambda: dict.fromkeys((1, 2, 3, 4), 0x12))
    done: int | None = 0
    noise: bytes = b""
    ends_after: int | None = None
    then: dict[int, int] | None = None
    got: bytearray = field(default_factory=bytearray)
    _unread: bytes = b""

    @property
    def printed(self) -> bytes:
        """What it would put on paper: everything but the questions."""
        return _ASKED.sub(b"", bytes(self.got))

    @property
    def gone(self) -> bool:
        return self.ends_after is not None and len(self.printed) >= self.ends_after

    def hear(self, data: bytes) -> bytes:
        """Its answer to these bytes."""
        self.got += data
        self._unread += data
        answer = bytearray()
        while found := _ASKED.search(self._unread):
            self._unread = self._unread[found.end() :]
            number = found.group(1)
            told = self.done if number is None else self._state().get(number[0])
            if told is not None:
                answer += self.noise + bytes([told])
        return bytes(answer)

    def _state(self) -> dict[int, int]:
        return self.answers if self.then is None or not self.printed else self.then


@contextmanager
def at_port(machine: Machine) -> Iterator[int]:
    """The machine behind a TCP port of loopback, one connection after the other."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        closing = threading.Event()

        def serve() -> None:
            while not closing.is_set():
                connection, _ = listener.accept()
                with connection:
                    _talk(machine, connection)

        thread = threading.Thread(target=serve)
        thread.start()
        try:
            yield listener.getsockname()[1]
        finally:
            closing.set()
            with socket.create_connection(listener.getsockname()):
                pass
            thread.join(20)
            assert not thread.is_alive(), "the printer hangs"


def _talk(machine: Machine, connection: socket.socket) -> None:
    """Until the other side closes, or the machine is gone: then what it has not read is thrown away (RST)."""
    while not machine.gone:
        try:
            data = connection.recv(64)
            if not data:
                return
            if answer := machine.hear(data):
                connection.sendall(answer)
        except OSError:
            return
