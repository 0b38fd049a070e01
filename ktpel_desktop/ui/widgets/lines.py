"""A line to type in, with air around its words and high enough to hit."""

from __future__ import annotations

from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QLineEdit, QWidget

from ktpel_desktop.ui import theme
from ktpel_desktop.ui.widgets.ring import draw_ring


class Line(QLineEdit):
    """A QLineEdit with margins."""

    def __init__(self, text: str = "", parent: QWidget | None = None) -> None:
        super().__init__(text, parent)
        self.setTextMargins(theme.GAP, 0, theme.GAP, 0)
        self.setMinimumHeight(theme.TARGET)

    def paintEvent(self, event: QPaintEvent) -> None:
        """An edge that can be seen in every theme, the ring while it is typed in."""
        super().paintEvent(event)
        if self.hasFocus():
            draw_ring(self)
        else:
            painter = QPainter(self)
            painter.setPen(QColor(theme.colours().mark))
            painter.drawRect(self.rect().adjusted(0, 0, -1, -1))
            painter.end()
