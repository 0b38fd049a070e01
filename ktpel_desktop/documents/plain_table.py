"""A reportlab table whose plain words are set together: the same page in two thirds of the time.

reportlab opens a text of its own for every cell, names its font again, and measures the same numbers over and over.
What looks the same to the eye is here one text from one paragraph to the next, in the order in which cells are read.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from reportlab.lib.rl_accel import fp_str
from reportlab.pdfbase.pdfmetrics import stringWidth
from reportlab.platypus import Table

_MIDDLES = frozenset({"CENTRE", "CENTER"})
_PLAIN = frozenset({"LEFT", "RIGHT", *_MIDDLES})
_width = lru_cache(maxsize=4096)(stringWidth)
"""Points of a text in a font: reports are full of the same numbers."""
_told = lru_cache(maxsize=4096)(fp_str)
"""A place in points as PDF writes it: cells of a row share one, and columns share most."""


class PlainTable(Table):  # type: ignore[misc]  # reportlab carries no types
    """Draws as Table does, and takes the same arguments."""

    _text: Any = None
    _curcellstyle: Any

    def _calc_height(self, *room: Any, **more: Any) -> Any:
        """The heights of rows of plain words are known without trying; Table tries the others."""
        if not self._spanCmds and not self._minRowHeights:
            for place, (known, row, styles) in enumerate(
                zip(self._argH, self._cellvalues, self._cellStyles, strict=True)
            ):
                if known is None and all(isinstance(cell, str) and "\n" not in cell for cell in row):
                    self._argH[place] = max(map(_height, styles))
        return super()._calc_height(*room, **more)

    def _drawCell(self, cellval: Any, cellstyle: Any, pos: Any, size: Any) -> None:  # noqa: N802  # reportlab's name
        if not isinstance(cellval, str) or "\n" in cellval or not _is_plain(cellstyle):
            self._put_down()
            super()._drawCell(cellval, cellstyle, pos, size)
        elif cellval:
            self._set(cellval, cellstyle, *pos, *size)

    def _drawLines(self) -> None:  # noqa: N802  # reportlab's name
        self._put_down()
        super()._drawLines()

    def _set(self, text: str, style: Any, left: float, bottom: float, width: float, height: float) -> None:
        if self._text is None:
            self._text, self._curcellstyle = self.canv.beginText(), None
        set_as = self._text
        before: Any = self._curcellstyle
        if before is not style:
            if before is None or before.color != style.color:
                set_as.setFillColor(style.color)
            font = (style.fontname, style.fontsize, style.leading)
            if before is None or (before.fontname, before.fontsize, before.leading) != font:
                set_as.setFont(*font)
            self._curcellstyle = style
        if style.alignment == "LEFT":
            x = left + style.leftPadding
        else:
            room = _width(text, style.fontname, style.fontsize)
            if style.alignment == "RIGHT":
                x = left + width - style.rightPadding - room
            else:
                x = left + (width + style.leftPadding - style.rightPadding - room) / 2
        # What setTextOrigin and textOut do, but for a cursor that nobody uses: its moves take most of their time.
        set_as._code.append(f"1 0 0 1 {_told(x)} {_told(bottom + _rise(style, height))} Tm")  # noqa: SLF001
        set_as._textOut(text)  # noqa: SLF001

    def _put_down(self) -> None:
        """Draw what was set so far; afterwards nothing is known of the canvas's font and colour."""
        if self._text is not None:
            self.canv.drawText(self._text)
            self._text = self._curcellstyle = None


def _is_plain(style: Any) -> bool:
    special = style.href or style.destination or style.direction or style.shaping
    return style.alignment in _PLAIN and not special


def _height(style: Any) -> float:
    """Of a row with one line in this style."""
    return float(style.leading + style.bottomPadding + style.topPadding)


def _rise(style: Any, height: float) -> float:
    """From the bottom of a row to the foot of its one line."""
    if style.valign == "BOTTOM":
        return float(style.bottomPadding + style.leading - style.fontsize)
    if style.valign == "TOP":
        return float(height - style.topPadding - style.fontsize)
    return float((style.bottomPadding + height - style.topPadding + style.leading) / 2 - style.fontsize)
