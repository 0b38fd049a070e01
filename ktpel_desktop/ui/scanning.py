"""The barcode scanner: a keyboard that types a prefix, a code and Enter, wherever the focus is.

The prefix lets the filter swallow a scan from its first character; by speed alone the characters would land in
the focused field first (room.md 5.3).
"""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QEvent, QObject, Qt, QTimer
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QApplication, QLineEdit

PREFIX = "~"
GAP_MS = 120
"""A scanner leaves a few milliseconds between keys; after this much the scan is over, or was none."""


_WATCHED = frozenset({QEvent.Type.KeyPress, QEvent.Type.ShortcutOverride, QEvent.Type.MouseButtonPress})


class ScanFilter(QObject):
    """Takes a scan out of the stream of keys."""

    def __init__(
        self, scanned: Callable[[str], None], touched: Callable[[], None], parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._scanned, self._touched = scanned, touched
        self._text: str | None = None
        self._gap = QTimer(self)
        self._gap.setSingleShot(True)
        self._gap.setInterval(GAP_MS)
        self._gap.timeout.connect(self._forget)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Swallow everything from the prefix to Enter."""
        if event.type() not in _WATCHED:
            return False
        if not isinstance(event, QKeyEvent):
            self._touched()
            return False
        if event.type() is QEvent.Type.ShortcutOverride:
            return self._text is not None
        self._touched()
        if self._text is None:
            if event.text() != PREFIX or _in_password():
                return False
            self._text = ""
            self._gap.start()
            return True
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Tab):
            self._end()
        else:
            self._text += event.text()
            self._gap.start()
        return True

    def _end(self) -> None:
        text, self._text = self._text or "", None
        self._gap.stop()
        self._scanned(text)

    def _forget(self) -> None:
        self._text = None


def _in_password() -> bool:
    focus = QApplication.focusWidget()
    return isinstance(focus, QLineEdit) and focus.echoMode() is not QLineEdit.EchoMode.Normal
