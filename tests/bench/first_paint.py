"""Ends a window's process once it is usable: painted, and every event of its start dealt with.

Imports nothing that a bare window would not have: what it cost here would make the peer look slower.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable

from PySide6.QtCore import QEvent, QObject, QTimer
from PySide6.QtWidgets import QApplication


def resident() -> int:
    """Kilobytes of this process in memory now."""
    with open("/proc/self/status", encoding="ascii") as status:  # noqa: PTH123 - pathlib is not loaded
        return next(int(line.split()[1]) for line in status if line.startswith("VmRSS"))


class FirstPaint(QObject):
    """Watches the application; tells moment and memory on standard output, then lets the process end."""

    def __init__(self, application: QApplication, then: Callable[[], None] | None = None) -> None:
        super().__init__(application)
        self._painted = False
        self._then = then
        application.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if not self._painted and event.type() is QEvent.Type.Paint:
            self._painted = True
            QTimer.singleShot(0, self._usable)
        return False

    def _usable(self) -> None:
        told = [time.perf_counter(), float(resident())]
        if self._then is not None:
            self._then()
            told.append(float(resident()))
        sys.stdout.write(f"{told}\n")
        sys.stdout.flush()
        QApplication.quit()
