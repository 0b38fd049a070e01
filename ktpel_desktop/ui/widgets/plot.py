"""A value over time with the band it should lie in: line, dots where it was taken, words at the edges."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from math import isfinite

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPainterPath, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from ktpel_desktop.ui import theme

DOTS = 80
"""With more values than this, dots would be a second line."""


@dataclass(frozen=True, slots=True)
class Curve:
    """What is drawn. `gap`: values further apart are not joined, for nobody knows what was between."""

    values: Sequence[tuple[datetime, float]]
    begin: datetime
    end: datetime
    band: tuple[float, float]
    unit: str
    gap: timedelta

    @property
    def span(self) -> tuple[float, float]:
        """Lowest and highest value of the axis: all values and the finite limits, with air."""
        shown = [value for _, value in self.values] + [limit for limit in self.band if isfinite(limit)]
        low, high = min(shown), max(shown)
        air = 0.12 * (high - low) or 1.0
        return low - air, high + air

    @property
    def outside(self) -> int:
        """How many values lie outside the band."""
        return sum(not self.band[0] <= value <= self.band[1] for _, value in self.values)


class Plot(QWidget):
    """Draws one curve; without values it says so."""

    def __init__(self, number: Callable[[float], str], moment: Callable[[datetime], str]) -> None:
        super().__init__()
        self._number, self._moment = number, moment
        self._curve: Curve | None = None
        self._empty = ""
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)

    def sizeHint(self) -> QSize:
        """Wide and low."""
        return QSize(360, 190)

    def minimumSizeHint(self) -> QSize:
        """Below this the words lie over each other."""
        return QSize(240, 130)

    def show_curve(self, curve: Curve) -> None:
        """Draw it, and say it to who cannot see it."""
        self._curve = curve if curve.values else None
        self._empty = "" if curve.values else "Belum ada nilai dalam rentang ini."
        self.setAccessibleName("Riwayat nilai")
        self.setAccessibleDescription(self.in_words(curve))
        self.update()

    def in_words(self, curve: Curve) -> str:
        """The curve in a sentence."""
        if not curve.values:
            return self._empty
        values = [value for _, value in curve.values]
        low, high, last = (self._number(value) for value in (min(values), max(values), values[-1]))
        return (
            f"{len(values)} nilai, {low} sampai {high} {curve.unit}, terakhir {last}; "
            f"{curve.outside} di luar batas."
        )

    def paintEvent(self, event: QPaintEvent) -> None:
        """Ground, band, line, words."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        colours, curve = theme.colours(), self._curve
        if curve is None:
            painter.setPen(QColor(colours.muted))
            painter.drawText(self.rect(), int(Qt.AlignmentFlag.AlignCenter), self._empty)
            painter.end()
            return
        metrics = self.fontMetrics()
        low, high = curve.span
        marks = [limit for limit in curve.band if isfinite(limit)]
        left = (
            max(metrics.horizontalAdvance(self._number(mark)) for mark in (*marks, *self._ends(curve))) + 10
        )
        room = QRectF(self.rect()).adjusted(
            left, metrics.height() + 4, -theme.GAP, -metrics.height() - theme.GAP
        )

        def at(moment: datetime, value: float) -> QPointF:
            share = (moment - curve.begin) / (curve.end - curve.begin)
            return QPointF(
                room.left() + share * room.width(),
                room.bottom() - (value - low) / (high - low) * room.height(),
            )

        self._draw_band(painter, room, curve, at)
        self._draw_words(painter, room, curve, left, at)
        painter.setPen(QPen(QColor(colours.accent), 2))
        for stretch in self._stretches(curve):
            points = [at(moment, value) for moment, value in stretch]
            path = QPainterPath(points[0])
            for point in points[1:]:
                path.lineTo(point)
            painter.drawPath(path)
            if len(curve.values) <= DOTS or len(points) == 1:
                painter.setBrush(QColor(colours.accent))
                for point in points:
                    painter.drawEllipse(point, 2.5, 2.5)
                painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.end()

    def _draw_band(
        self,
        painter: QPainter,
        room: QRectF,
        curve: Curve,
        at: Callable[[datetime, float], QPointF],
    ) -> None:
        colours, (low, high) = theme.colours(), curve.span
        top = at(curve.begin, min(curve.band[1], high)).y()
        bottom = at(curve.begin, max(curve.band[0], low)).y()
        painter.fillRect(QRectF(room.left(), top, room.width(), bottom - top), QColor(colours.ok_soft))
        painter.setPen(QPen(QColor(colours.ok), 1, Qt.PenStyle.DashLine))
        for limit in curve.band:
            if low < limit < high:
                y = at(curve.begin, limit).y()
                painter.drawLine(QPointF(room.left(), y), QPointF(room.right(), y))
        painter.setPen(QPen(QColor(colours.mark), 1))
        painter.drawRect(room)

    def _draw_words(
        self,
        painter: QPainter,
        room: QRectF,
        curve: Curve,
        left: int,
        at: Callable[[datetime, float], QPointF],
    ) -> None:
        height = self.fontMetrics().height()
        painter.setPen(QColor(theme.colours().text))
        painter.drawText(QRectF(0, 0, self.width(), height), int(Qt.AlignmentFlag.AlignLeft), curve.unit)
        for limit in (mark for mark in curve.band if isfinite(mark)):
            y = at(curve.begin, limit).y()
            words = QRectF(0, y - height / 2, left - 6, height)
            painter.drawText(
                words, int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter), self._number(limit)
            )
        below = QRectF(room.left(), room.bottom() + 4, room.width(), height)
        painter.setPen(QColor(theme.colours().muted))
        painter.drawText(below, int(Qt.AlignmentFlag.AlignLeft), self._moment(curve.begin))
        painter.drawText(below, int(Qt.AlignmentFlag.AlignRight), self._moment(curve.end))

    @staticmethod
    def _ends(curve: Curve) -> tuple[float, float]:
        values = [value for _, value in curve.values]
        return min(values), max(values)

    @staticmethod
    def _stretches(curve: Curve) -> list[list[tuple[datetime, float]]]:
        found: list[list[tuple[datetime, float]]] = []
        for moment, value in curve.values:
            if found and moment - found[-1][-1][0] <= curve.gap:
                found[-1].append((moment, value))
            else:
                found.append([(moment, value)])
        return found
