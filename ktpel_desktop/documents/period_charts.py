"""Charts of a period: cards issued on each day as columns, spoiled cards by cause as bars. Drawn with plain lines.

reportlab's own charts look the same and take three times as long as all tables of the report together.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil
from typing import Any

from reportlab.lib.units import mm
from reportlab.platypus import Flowable, KeepTogether, Paragraph, Spacer

from ktpel_desktop.core.period import PeriodReport
from ktpel_desktop.documents import report_page as page
from ktpel_desktop.documents.indonesian import number
from ktpel_desktop.documents.report_page import SANS, WIDTH
from ktpel_desktop.spoken import named

_HEIGHT = 42 * mm
_LABELS = 16
"""So many dates fit under the columns."""
_LONGEST_LABEL = 52 * mm
_LETTERS, _MIDDLE = 7, 2.8
"""Size of the letters, and how far their foot lies under their middle."""


@dataclass(frozen=True, slots=True)
class _Bar:
    """A value and what stands beside it, which may be nothing."""

    label: str
    value: int


@dataclass(frozen=True, slots=True)
class _Field:
    """Where the bars stand, in points from the drawing's lower left corner."""

    x: float
    y: float
    width: float
    height: float


def issued_by_day(report: PeriodReport) -> list[Any]:
    """Cards of each working day; nothing where the period has one day only."""
    values = [day.issued for day in report.days]
    if len(values) < 2 or not any(values):
        return []
    every = ceil(len(values) / _LABELS)
    bars = [
        _Bar(f"{day.day:%d/%m}" if place % every == 0 else "", day.issued)
        for place, day in enumerate(report.days)
    ]
    air = 1 / 11 if len(values) > 100 else 4 / 14
    chart = _Columns(bars, _Field(26, 14, WIDTH - 30, _HEIGHT - 20), _HEIGHT, air)
    return [KeepTogether([Paragraph("KTP-el terbit menurut hari", page.HEADING), chart])]


def spoiled_by_cause(report: PeriodReport) -> list[Any]:
    """Spoiled cards of each cause; nothing where none was spoiled."""
    counts = named(report.spoiled, "spoil_reason")
    if not counts:
        return []
    bars = [_Bar(name, count) for name, count in reversed(counts)]  # the first cause on top
    height = (len(bars) * 7 + 9) * mm
    field = _Field(_LONGEST_LABEL, 20, WIDTH - _LONGEST_LABEL - 20, height - 22)
    return [KeepTogether([Spacer(0, 4), _Bars(bars, field, height, 5 / 15)])]


class _Chart(Flowable):  # type: ignore[misc]  # reportlab carries no types
    """Bars on a scale that begins at nought and steps by whole cards. `air` is the share of a bar's place left free."""

    def __init__(self, bars: Sequence[_Bar], field: _Field, height: float, air: float) -> None:
        super().__init__()
        self.width, self.height = WIDTH, height
        self._bars, self._field, self._air = bars, field, air
        most = max(bar.value for bar in bars)
        self._step = _step(most)
        self._top = ceil(most / self._step) * self._step

    def draw(self) -> None:
        canvas = self.canv
        canvas.setStrokeColor(page.LINE)
        canvas.setLineWidth(0.4)
        canvas.lines([self._line_at(value) for value in self._scale()])
        canvas.setFillColor(page.ACCENT)
        for place, bar in enumerate(self._bars):
            if bar.value:
                canvas.rect(*self._bar_at(place, bar.value), stroke=0, fill=1)
        field = self._field
        canvas.setLineWidth(1)
        canvas.lines(
            [
                (field.x, field.y, field.x + field.width, field.y),
                (field.x, field.y, field.x, field.y + field.height),
            ]
        )
        canvas.setFillColor(page.QUIET)
        canvas.setFont(SANS, _LETTERS)
        self._write()

    def _along(self, value: float, length: float) -> float:
        return length * value / self._top

    def _place(self, place: int, length: float) -> tuple[float, float]:
        """Where a bar begins on its axis, and how thick it is."""
        each = length / len(self._bars)
        return (place + self._air / 2) * each, each * (1 - self._air)

    def _scale(self) -> range:
        return range(0, self._top + 1, self._step)


class _Columns(_Chart):
    """Bars that stand, each over its label."""

    def _line_at(self, value: int) -> tuple[float, float, float, float]:
        y = self._field.y + self._along(value, self._field.height)
        return self._field.x, y, self._field.x + self._field.width, y

    def _bar_at(self, place: int, value: int) -> tuple[float, float, float, float]:
        begins, thick = self._place(place, self._field.width)
        return self._field.x + begins, self._field.y, thick, self._along(value, self._field.height)

    def _write(self) -> None:
        field = self._field
        for place, bar in enumerate(self._bars):
            if bar.label:
                middle = field.x + (place + 0.5) * field.width / len(self._bars)
                self.canv.drawCentredString(middle, field.y - 9, bar.label)
        for value in self._scale():
            y = field.y + self._along(value, field.height) - _MIDDLE
            self.canv.drawRightString(field.x - 5, y, number(value))


class _Bars(_Chart):
    """Bars that lie, each beside its label."""

    def _line_at(self, value: int) -> tuple[float, float, float, float]:
        x = self._field.x + self._along(value, self._field.width)
        return x, self._field.y, x, self._field.y + self._field.height

    def _bar_at(self, place: int, value: int) -> tuple[float, float, float, float]:
        begins, thick = self._place(place, self._field.height)
        return self._field.x, self._field.y + begins, self._along(value, self._field.width), thick

    def _write(self) -> None:
        field = self._field
        for place, bar in enumerate(self._bars):
            middle = field.y + (place + 0.5) * field.height / len(self._bars)
            self.canv.drawRightString(field.x - 4, middle - _MIDDLE, bar.label)
        for value in self._scale():
            x = field.x + self._along(value, field.width)
            self.canv.drawCentredString(x, field.y - 12, number(value))


def _step(most: int) -> int:
    """The smallest of 1, 2, 5, 10, 20, 50 … that needs no more than five steps."""
    size = 1
    while True:
        for step in (size, 2 * size, 5 * size):
            if step * 5 >= most:
                return step
        size *= 10
