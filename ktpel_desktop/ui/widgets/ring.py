"""The ring around what has the keyboard: two pixels in the accent colour (WCAG 2.4.7, 2.4.11)."""

from __future__ import annotations

from PySide6.QtCore import QRectF
from PySide6.QtGui import QColor, QPainter, QPen
from PySide6.QtWidgets import QWidget

from ktpel_desktop.ui import theme


def draw_ring(widget: QWidget, *, on_accent: bool = False) -> None:
    """Draw the ring inside a widget's edge; call it at the end of its paintEvent, while it has the focus."""
    painter = QPainter(widget)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    chosen = theme.colours()
    painter.setPen(QPen(QColor(chosen.on_accent if on_accent else chosen.accent), 2))
    inset = 4 if on_accent else 1
    painter.drawRoundedRect(QRectF(widget.rect()).adjusted(inset, inset, -inset, -inset), 5, 5)
    painter.end()
