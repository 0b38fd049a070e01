"""What a dot-matrix printer would put on continuous form, as one picture per form: for looking and for tests.

Understands the ESC/P that `escp` writes and refuses everything else: an unknown command, a character outside ASCII, a
line past the printer's reach or into the skipped lines, an empty form, paper left in the middle of one.
"""

from __future__ import annotations

from collections.abc import Callable
from io import BytesIO
from pathlib import Path

from PIL import Image, ImageDraw, ImageFont

_DPI = 120  # 12, 10 and 7 dots are one column at 10, 12 and 17.14 cpi
_LINE = _DPI // 6
_WIDTH, _STRIP = 9.5, 0.75  # inches: the form, and from its edge to the first column
_REACH = 8 * _DPI
_PAPER, _GREY, _INK = 255, 170, 0


def pictures(data: bytes, resources: Path) -> list[bytes]:
    """PNG of each form. Raises ValueError for bytes that a printer would not print as they are meant."""
    head = _Head(ImageFont.truetype(str(resources / "huruf" / "OCRB.otf"), 17))
    at = 0
    while at < len(data):
        at += _one(head, data, at)
    if head.sheet is None or head.line or head.dirty:
        raise ValueError("the paper does not end at the top of a form")
    return head.done


def _one(head: _Head, data: bytes, at: int) -> int:
    """Do what stands there; how many bytes it was."""
    two = data[at : at + 2]
    if b" " <= two[:1] <= b"~":
        head.strike(chr(two[0]))
        return 1
    if two[:1] in _SINGLE:
        _SINGLE[two[:1]](head)
        return 1
    if two in _PLAIN:
        _PLAIN[two](head)
        return 2
    if two in _WITH_NUMBER and at + 2 < len(data):
        _WITH_NUMBER[two](head, data[at + 2])
        return 3
    raise ValueError(f"unknown command {two!r} at byte {at}")


class _Head:
    """The print head over the paper: where it is and how it prints."""

    def __init__(self, font: ImageFont.FreeTypeFont) -> None:
        self.done: list[bytes] = []
        self.sheet: Image.Image | None = None
        self.font = font
        self.reset()

    def reset(self) -> None:
        self.lines = self.skipped = self.margin = self.line = self.x = 0
        self.twelve = self.condensed = self.bold = self.draft = self.twice = self.dirty = False
        self.wide = self.high = 1

    @property
    def column(self) -> int:
        if self.condensed:
            if self.twelve:
                raise ValueError("condensed 12 cpi is not the same on every printer")
            return 7 * self.wide
        return (10 if self.twelve else 12) * self.wide

    def form(self, lines: int) -> None:
        if not 1 <= lines <= 127:
            raise ValueError("ESC C knows 1 to 127 lines")
        self.lines, self.skipped, self.line = lines, 0, 0
        self.sheet = self._fresh()

    def skip(self, lines: int) -> None:
        if not 1 <= lines < self.lines:
            raise ValueError("ESC N needs a form that is longer")
        self.skipped = lines

    def left(self, columns: int) -> None:
        self.margin = self.x = columns * self.column

    def strike(self, char: str) -> None:
        if self.sheet is None or self.line >= self.lines - self.skipped:
            raise ValueError("printed outside the form")
        if self.x + self.column > _REACH:
            raise ValueError("a line is longer than the printer reaches")
        if self.high > 1 and self.line == 0:
            raise ValueError("the top line of a form is never high")
        if char != " ":
            glyph = self._glyph(char)
            left, bottom = round(_STRIP * _DPI) + self.x, (self.line + 1) * _LINE
            self.sheet.paste(_INK, (left, bottom - glyph.height), glyph)
            self.dirty = True
        self.x += self.column

    def line_feed(self) -> None:
        self.line += 1
        if self.line >= self.lines - self.skipped:
            raise ValueError("a line feed that goes to the next form by itself")

    def form_feed(self) -> None:
        if self.sheet is None or not self.dirty:
            raise ValueError("an empty form")
        out = BytesIO()
        self.sheet.save(out, "PNG")
        self.done.append(out.getvalue())
        self.line, self.dirty, self.sheet = 0, False, self._fresh()

    def carriage_return(self) -> None:
        self.x = self.margin

    def _glyph(self, char: str) -> Image.Image:
        """One character as ink, coarse where nine pins strike it."""
        cell = Image.new("L", (12, _LINE), 0)
        stroke = 0.6 if self.bold else 0.3 if self.twice else 0
        ImageDraw.Draw(cell).text((6, 16), char, 255, self.font, "ms", stroke_width=stroke)
        if self.draft:
            cell = cell.resize((9, 13), Image.Resampling.BOX).point(lambda grey: 255 if grey > 90 else 0)
        return cell.resize((self.column, _LINE * self.high), Image.Resampling.BILINEAR)

    def _fresh(self) -> Image.Image:
        """An empty form: edges, holes and perforations."""
        width, height = round(_WIDTH * _DPI), self.lines * _LINE
        sheet = Image.new("L", (width, height), _PAPER)
        draw = ImageDraw.Draw(sheet)
        for y in range(_DPI // 4, height, _DPI // 2):
            for x in (_DPI // 4, width - _DPI // 4):
                draw.ellipse((x - 9, y - 9, x + 9, y + 9), outline=_GREY)
        for edge in (_DPI // 2, width - _DPI // 2):
            for y in range(0, height, 8):
                draw.line((edge, y, edge, y + 4), _GREY)
        for x in range(0, width, 8):
            draw.line((x, 0, x + 4, 0), _GREY)
            draw.line((x, height - 1, x + 4, height - 1), _GREY)
        return sheet


def _sets(**values: int) -> Callable[[_Head], None]:
    def change(head: _Head) -> None:
        for name, value in values.items():
            setattr(head, name, value)

    return change


def _switch(name: str, meanings: dict[int, int]) -> Callable[[_Head, int], None]:
    def change(head: _Head, value: int) -> None:
        if value not in meanings:
            raise ValueError(f"{name} is never set to {value}")
        setattr(head, name, meanings[value])

    return change


def _is(wanted: int) -> Callable[[_Head, int], None]:
    def check(_: _Head, value: int) -> None:
        if value != wanted:
            raise ValueError("another country or typeface")

    return check


_SINGLE: dict[bytes, Callable[[_Head], None]] = {
    b"\r": _Head.carriage_return,
    b"\n": _Head.line_feed,
    b"\x0c": _Head.form_feed,
    b"\x0f": _sets(condensed=True),
    b"\x12": _sets(condensed=False),
}
_PLAIN: dict[bytes, Callable[[_Head], None]] = {
    b"\x1b@": _Head.reset,
    b"\x1b2": _sets(),
    b"\x1bE": _sets(bold=True),
    b"\x1bF": _sets(bold=False),
    b"\x1bG": _sets(twice=True),
    b"\x1bM": _sets(twelve=True),
    b"\x1bP": _sets(twelve=False),
}
_WITH_NUMBER: dict[bytes, Callable[[_Head, int], None]] = {
    b"\x1bC": _Head.form,
    b"\x1bN": _Head.skip,
    b"\x1bl": _Head.left,
    b"\x1bR": _is(0),
    b"\x1bk": _is(1),
    b"\x1bx": _switch("draft", {0: True, 1: False}),
    b"\x1bW": _switch("wide", {0: 1, 1: 2}),
    b"\x1bw": _switch("high", {0: 1, 1: 2}),
}
