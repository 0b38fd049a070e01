"""An icon of its own, beside words, that follows the theme."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from ktpel_desktop.ui import icons


class Mark(QWidget):
    """Drawn at each painting; a picture would keep the colours of the theme it was made in."""

    def __init__(self, name: str, size: int, role: str = "accent") -> None:
        super().__init__()
        self._icon = icons.icon(name, role)
        self.setFixedSize(QSize(size, size))

    def paintEvent(self, event: QPaintEvent) -> None:
        """The glyph."""
        painter = QPainter(self)
        self._icon.paint(painter, self.rect(), Qt.AlignmentFlag.AlignCenter)
        painter.end()
