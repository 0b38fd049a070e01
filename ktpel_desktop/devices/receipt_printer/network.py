"""A receipt printer at a TCP port, 9100 by custom ("raw", "JetDirect")."""

from __future__ import annotations

import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress

from ktpel_desktop.core.errors import DeviceError, Effect
from ktpel_desktop.devices.receipt_printer.driver import LineBroken, OpenLine

PORT = 9100
_LEAVE_SECONDS = 0.2


class NetworkLine:
    """The way to `host`. Closed for nothing sent: refused, no route, no such name, no answer in time."""

    answers = True

    def __init__(self, host: str, port: int = PORT) -> None:
        self._place = (host, port)

    @contextmanager
    def opened(self, seconds: float) -> Iterator[OpenLine]:
        try:
            connection = socket.create_connection(self._place, seconds)
        except OSError:
            raise DeviceError("receipt.off", Effect.NONE) from None
        with connection:
            yield _Connection(connection)
            _take_leave(connection)


def _take_leave(connection: socket.socket) -> None:
    """Say that nothing more comes, and read what the printer still says: closing on unread answers resets the line, and
    a printer may then throw away what it has not printed yet.
    """
    end = time.monotonic() + _LEAVE_SECONDS
    with suppress(OSError):
        connection.shutdown(socket.SHUT_WR)
        while (left := end - time.monotonic()) > 0:
            connection.settimeout(left)
            if not connection.recv(64):
                return


class _Connection:
    def __init__(self, connection: socket.socket) -> None:
        self._connection = connection

    def write(self, data: bytes, seconds: float) -> None:
        """A byte that the system took may have reached the printer; before that nothing has."""
        end, done = time.monotonic() + seconds, 0
        while done < len(data):
            try:
                self._connection.settimeout(max(0.001, end - time.monotonic()))
                done += self._connection.send(data[done:])
            except OSError:
                raise LineBroken(begun=done > 0) from None

    def read(self, seconds: float) -> bytes:
        """A printer does not close the line: one that does has gone away with what it was given."""
        self._connection.settimeout(max(0.001, seconds))
        try:
            found = self._connection.recv(64)
        except TimeoutError:
            return b""
        except OSError:
            raise LineBroken(begun=True) from None
        if not found:
            raise LineBroken(begun=True)
        return found
