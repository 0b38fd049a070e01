"""Boxes to tick and circles to choose, drawn in the theme's own marks: Fusion's outline is lost on dark grounds."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractButton, QCheckBox, QRadioButton

from ktpel_desktop.ui import theme
from ktpel_desktop.ui.widgets.ring import draw_ring

MARK = 18
_FLAGS = int(Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft | Qt.TextFlag.TextShowMnemonic)


def _size(button: QAbstractButton) -> QSize:
    words = button.fontMetrics().size(int(Qt.TextFlag.TextShowMnemonic), button.text())
    return QSize(MARK + 3 * theme.GAP + words.width(), max(32, words.height() + theme.GAP))


def _paint(button: QAbstractButton, radius: float) -> None:
    chosen, enabled = theme.colours(), button.isEnabled()
    painter = QPainter(button)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    box = QRectF(theme.GAP_S, (button.height() - MARK) / 2, MARK, MARK).adjusted(1, 1, -1, -1)
    on = button.isChecked()
    line = chosen.disabled if not enabled else (chosen.accent if on else chosen.mark)
    painter.setPen(QPen(QColor(line), 1.6))
    painter.setBrush(QColor(chosen.accent if on and enabled else chosen.surface))
    painter.drawRoundedRect(box, radius, radius)
    if on:
        painter.setPen(QPen(QColor(chosen.on_accent if enabled else chosen.disabled), 2.2))
        if radius < MARK / 3:
            x, y, side = box.left(), box.top(), box.width()
            corners = ((0.22, 0.52), (0.42, 0.72), (0.78, 0.3))
            painter.drawPolyline([QPointF(x + side * right, y + side * down) for right, down in corners])
        else:
            painter.setBrush(QColor(chosen.on_accent if enabled else chosen.disabled))
            painter.drawEllipse(box.center(), 2.5, 2.5)
    painter.setPen(QColor(chosen.text if enabled else chosen.disabled))
    painter.setFont(button.font())
    words = QRect(MARK + 2 * theme.GAP, 0, button.width() - MARK - 2 * theme.GAP, button.height())
    painter.drawText(words, _FLAGS, button.text())
    painter.end()
    if button.hasFocus():
        draw_ring(button)


class Tick(QCheckBox):
    """A box to tick."""

    def sizeHint(self) -> QSize:
        """Mark and words."""
        return _size(self)

    def hitButton(self, pos: object) -> bool:
        """All of it can be clicked."""
        return True

    def paintEvent(self, event: QPaintEvent) -> None:
        """Box, tick, words."""
        _paint(self, 4)


class Choice(QRadioButton):
    """One of several."""

    def sizeHint(self) -> QSize:
        """Mark and words."""
        return _size(self)

    def hitButton(self, pos: object) -> bool:
        """All of it can be clicked."""
        return True

    def paintEvent(self, event: QPaintEvent) -> None:
        """Circle, point, words."""
        _paint(self, MARK / 2)
