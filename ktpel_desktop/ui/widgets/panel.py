"""Grounds to lay things on: a rounded sheet with a thin line, in the colours of its tone."""

from __future__ import annotations

from PySide6.QtCore import QRectF
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QHBoxLayout, QLabel, QVBoxLayout, QWidget

from ktpel_desktop.ui import theme
from ktpel_desktop.ui.theme import Tone

RADIUS = 8


class Panel(QWidget):
    """A sheet in the soft ground of its tone."""

    def __init__(self, parent: QWidget | None = None, tone: Tone = Tone.PLAIN) -> None:
        super().__init__(parent)
        self.tone = tone

    def paintEvent(self, event: QPaintEvent) -> None:
        """Ground and line by the theme that is on now."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        plain = self.tone is Tone.PLAIN
        line = theme.colours().line if plain else theme.tone_colour(self.tone)
        painter.setPen(QPen(QColor(line), 1))
        painter.setBrush(QColor(theme.tone_ground(self.tone)))
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), RADIUS, RADIUS)
        painter.end()


class Section(Panel):
    """A panel with a heading and a column, or a row of its own layout, beneath it."""

    def __init__(self, title: str = "", parent: QWidget | None = None, tone: Tone = Tone.PLAIN) -> None:
        super().__init__(parent, tone)
        self.column = QVBoxLayout(self)
        self.column.setContentsMargins(theme.GAP_L, theme.GAP_M, theme.GAP_L, theme.GAP_L)
        self.column.setSpacing(theme.GAP)
        self.head = QHBoxLayout()
        self.title = QLabel(title)
        self.title.setFont(theme.font(theme.LEAD, bold=True))
        self.head.addWidget(self.title)
        self.head.addStretch()
        if title:
            self.column.addLayout(self.head)

    def add(self, widget: QWidget, stretch: int = 0) -> None:
        """Put a widget beneath."""
        self.column.addWidget(widget, stretch)
