"""A device at the other end of a serial line: a pseudo-terminal and a thread that answers what is written to it."""

from __future__ import annotations

import os
import select
import threading
import tty
from collections.abc import Callable
from types import TracebackType
from typing import Self


class SerialDevice:
    """`answer` gets what came in one breath and gives what goes back; None pulls the adapter.

    `port` is the path that a driver opens.
    """

    def __init__(self, answer: Callable[[bytes], bytes | None]) -> None:
        self._answer = answer
        self._master, slave = os.openpty()
        tty.setraw(slave)
        self.port = os.ttyname(slave)
        self._slave: int | None = slave  # kept open, else the line hangs up between two openings
        self._stop = threading.Event()
        self.heard: list[bytes] = []
        self._thread = threading.Thread(target=self._serve, daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stop.set()
        self._thread.join(timeout=5)
        self._close()

    def _serve(self) -> None:
        while not self._stop.is_set():
            ready, _, _ = select.select([self._master], [], [], 0.02)
            if not ready:
                continue
            question = b""
            while select.select([self._master], [], [], 0.01)[0]:
                question += os.read(self._master, 256)
            self.heard.append(question)
            answer = self._answer(question)
            if answer is None:
                self._close()
                return
            os.write(self._master, answer)

    def _close(self) -> None:
        for descriptor in (self._slave, self._master):
            if descriptor is not None and descriptor >= 0:
                os.close(descriptor)
        self._slave, self._master = None, -1
