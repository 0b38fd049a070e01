"""A receipt printer behind a file: a device node (/dev/usb/lp0, /dev/ttyUSB0, COM3), or a file that gathers receipts.

The file is never made: a device node that is missing is a printer that is not plugged in, and a file made in its place
would swallow every receipt.
"""

from __future__ import annotations

import os
import select
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from ktpel_desktop.core.errors import DeviceError, Effect
from ktpel_desktop.devices.receipt_printer.driver import LineBroken, OpenLine

_APPEND = os.O_WRONLY | os.O_APPEND | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)
"""A printer out of paper takes nothing: without O_NONBLOCK (which Windows lacks) one would wait for it for ever."""


class FileLine:
    """Bytes are put at the end of `path`; nothing ever comes back."""

    answers = False

    def __init__(self, path: Path) -> None:
        self._path = path

    @contextmanager
    def opened(self, seconds: float) -> Iterator[OpenLine]:
        try:
            number = os.open(self._path, _APPEND)
        except PermissionError:
            raise DeviceError("receipt.no_access", Effect.NONE) from None
        except OSError:
            raise DeviceError("receipt.off", Effect.NONE) from None
        try:
            yield _End(number)
        finally:
            with suppress(OSError):  # a node that was unplugged meanwhile
                os.close(number)


class _End:
    def __init__(self, number: int) -> None:
        self._number = number

    def write(self, data: bytes, seconds: float) -> None:
        end, done = time.monotonic() + seconds, 0
        while done < len(data):
            try:
                done += os.write(self._number, data[done:])
            except BlockingIOError:
                left = end - time.monotonic()
                if left <= 0 or not select.select([], [self._number], [], left)[1]:
                    raise LineBroken(begun=done > 0) from None
            except OSError:
                raise LineBroken(begun=done > 0) from None

    def read(self, seconds: float) -> bytes:
        return b""
