"""Two counts of each hour of the day as columns side by side, drawn straight onto the page."""

from __future__ import annotations

from collections.abc import Mapping
from math import ceil

from reportlab.lib.colors import HexColor
from reportlab.lib.units import mm
from reportlab.pdfbase.pdfmetrics import stringWidth
from reportlab.platypus import Flowable

from ktpel_desktop.documents import report_page as page
from ktpel_desktop.documents.indonesian import number
from ktpel_desktop.documents.report_page import BOLD, SANS, WIDTH

COUNTER_HOURS = (8, 15)
"""Shown even where nothing happened: the counter is open then."""
_SECOND = HexColor("#7fb3bd")


class HourChart(Flowable):  # type: ignore[misc]  # reportlab carries no types
    """`first` and `second` by local hour, under the names that the legend gives them."""

    def __init__(
        self,
        names: tuple[str, str],
        first: Mapping[int, int],
        second: Mapping[int, int],
        height: float = 34 * mm,
    ) -> None:
        super().__init__()
        self.width, self.height = WIDTH, height
        self._names, self._counts = names, (first, second)
        hours = {*COUNTER_HOURS, *first, *second}
        self._hours = range(min(hours), max(hours) + 1)

    def draw(self) -> None:
        """Columns with their numbers over them, hours beneath, the legend at the top right."""
        foot, head = 11.0, 20.0
        most = max(1, *(count for counts in self._counts for count in counts.values()), 1)
        scale = (self.height - foot - head) / most
        step = self.width / len(self._hours)
        bar = min(step * 0.36, 9 * mm)
        for place, hour in enumerate(self._hours):
            middle = (place + 0.5) * step
            for counts, left, colour in (
                (self._counts[0], middle - bar, page.ACCENT),
                (self._counts[1], middle, _SECOND),
            ):
                count = counts.get(hour, 0)
                if count:
                    self.canv.setFillColor(colour)
                    self.canv.rect(left, foot, bar - 1, ceil(count * scale), stroke=0, fill=1)
                    self._say(number(count), left + (bar - 1) / 2, foot + ceil(count * scale) + 2.5, 7, BOLD)
            self._say(f"{hour:02d}", middle, 2, 7.5)
        self.canv.setStrokeColor(page.LINE)
        self.canv.setLineWidth(0.6)
        self.canv.line(0, foot, self.width, foot)
        self._legend()

    def _say(self, text: str, middle: float, y: float, size: float, font: str = SANS) -> None:
        self.canv.setFillColor(page.INK if font == BOLD else page.QUIET)
        self.canv.setFont(font, size)
        self.canv.drawCentredString(middle, y, text)

    def _legend(self) -> None:
        right = self.width
        for name, colour in zip(reversed(self._names), (_SECOND, page.ACCENT), strict=True):
            right -= stringWidth(name, SANS, 8)
            self.canv.setFillColor(page.QUIET)
            self.canv.setFont(SANS, 8)
            self.canv.drawString(right, self.height - 8, name)
            self.canv.setFillColor(colour)
            self.canv.rect(right - 11, self.height - 8.5, 7, 7, stroke=0, fill=1)
            right -= 24
