"""Charts of a period: cards issued on each day as columns, spoiled cards by cause as bars. Vector drawings."""

from __future__ import annotations

from math import ceil
from typing import Any

from reportlab.graphics.charts.barcharts import HorizontalBarChart, VerticalBarChart
from reportlab.graphics.shapes import Drawing
from reportlab.lib.units import mm
from reportlab.platypus import KeepTogether, Paragraph, Spacer

from ktpel_desktop.core.period import PeriodReport
from ktpel_desktop.documents import report_page as page
from ktpel_desktop.documents.report_page import SANS, WIDTH
from ktpel_desktop.spoken import named

_HEIGHT = 42 * mm
_LABELS = 16
"""So many dates fit under the columns."""
_LONGEST_LABEL = 52 * mm


def issued_by_day(report: PeriodReport) -> list[Any]:
    """Cards of each working day; nothing where the period has one day only."""
    values = [day.issued for day in report.days]
    if len(values) < 2 or not any(values):
        return []
    every = ceil(len(values) / _LABELS)
    chart = VerticalBarChart()
    _common(chart, values, x=26, y=14, width=WIDTH - 30, height=_HEIGHT - 20)
    chart.categoryAxis.categoryNames = [
        f"{day.day:%d/%m}" if place % every == 0 else "" for place, day in enumerate(report.days)
    ]
    chart.categoryAxis.labels.dy = -2
    chart.barSpacing, chart.groupSpacing = 0, 1 if len(values) > 100 else 4
    return _drawn("KTP-el terbit menurut hari", chart, _HEIGHT)


def spoiled_by_cause(report: PeriodReport) -> list[Any]:
    """Spoiled cards of each cause; nothing where none was spoiled."""
    counts = named(report.spoiled, "spoil_reason")
    if not counts:
        return []
    counts.reverse()  # the first cause on top
    height = (len(counts) * 7 + 9) * mm
    chart = HorizontalBarChart()
    wide = WIDTH - _LONGEST_LABEL - 20
    _common(chart, [count for _, count in counts], x=_LONGEST_LABEL, y=20, width=wide, height=height - 22)
    chart.categoryAxis.categoryNames = [name for name, _ in counts]
    chart.categoryAxis.labels.boxAnchor = "e"
    chart.categoryAxis.labels.dx = -4
    return _drawn("", chart, height)


def _common(chart: Any, values: list[int], **place: float) -> None:
    """Place, colours and fonts; the axis of the numbers begins at nought and steps by whole cards."""
    for name, value in place.items():
        setattr(chart, name, value)
    chart.data = [tuple(values)]
    chart.bars[0].fillColor = page.ACCENT
    chart.bars[0].strokeColor = None
    axis = chart.valueAxis
    axis.valueMin = 0
    axis.valueStep = _step(max(values))
    axis.valueMax = ceil(max(values) / axis.valueStep) * axis.valueStep
    axis.labelTextFormat = lambda value: f"{round(value):,}".replace(",", ".")
    axis.visibleGrid, axis.gridStrokeColor, axis.gridStrokeWidth = 1, page.LINE, 0.4
    for one in (axis, chart.categoryAxis):
        one.labels.fontName, one.labels.fontSize, one.labels.fillColor = SANS, 7, page.QUIET
        one.strokeColor = page.LINE
        one.visibleTicks = 0


def _step(most: int) -> int:
    """The smallest of 1, 2, 5, 10, 20, 50 … that needs no more than five steps."""
    size = 1
    while True:
        for step in (size, 2 * size, 5 * size):
            if step * 5 >= most:
                return step
        size *= 10


def _drawn(title: str, chart: Any, height: float) -> list[Any]:
    drawing = Drawing(WIDTH, height)
    drawing.add(chart)
    heading = [Paragraph(title, page.HEADING)] if title else [Spacer(0, 4)]
    return [KeepTogether([*heading, drawing])]
