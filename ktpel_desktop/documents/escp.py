"""Bytes for dot-matrix printers of the LX-310 (9 pins) and LQ-310 (24 pins) class on continuous forms: Epson's ESC/P.

Source of every command: Epson, *ESC/P Reference Manual* (December 1997), and the command summaries in the manuals of
LX-810 (9 pins) and LQ-850 (24 pins). Only commands that both kinds know alike are used; they differ in one thing here,
the quality in which the second sheet of a two-part form is still read. Text is printable ASCII before it gets here.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum, IntEnum

LINES_PER_INCH = 6
SKIPPED_LINES = 3
"""Left free above the perforation: half an inch."""
MARGIN_COLUMNS = 2  # of 10 cpi
TEXT_TENTHS = 76
"""Width of the text, tenths of an inch, of the 8 inches that an 80-column printer reaches."""

_RESET = b"\x1b@"
_USA, _GRAPHICS_TABLE = b"\x1bR\x00", b"\x1bt\x01"  # ASCII means ASCII; no italics in the upper half
_SIXTH_INCH = b"\x1b2"
_PAGE_LINES = b"\x1bC"
"""In lines, as ESC C NUL knows whole inches only; the place where the head stands becomes the top of the form."""
_SKIP = b"\x1bN"  # after ESC C, which cancels it
_LEFT_MARGIN = b"\x1bl"
_BOLD, _NO_BOLD = b"\x1bE", b"\x1bF"
_LARGE, _NO_LARGE = b"\x1bW\x01\x1bw\x01", b"\x1bw\x00\x1bW\x00"
_NEXT_LINE, _NEXT_FORM = b"\r\n", b"\r\x0c"


class Pins(IntEnum):
    """Of the print head."""

    NINE = 9
    TWENTY_FOUR = 24


_QUALITY = {
    Pins.NINE: b"\x1bx\x00\x1bG",  # draft, which condensed print needs, struck twice for the second sheet
    Pins.TWENTY_FOUR: b"\x1bx\x01\x1bk\x01",  # letter quality, sans serif
}


class Pitch(Enum):
    """Columns of the text, and the commands that begin and end it; between lines 10 cpi holds."""

    TEN = (TEXT_TENTHS, b"", b"")
    TWELVE = (TEXT_TENTHS * 12 // 10, b"\x1bM", b"\x1bP")
    CONDENSED = (TEXT_TENTHS * 120 // 70, b"\x0f", b"\x12")  # SI, DC2: 17.14 cpi
    LARGE = (TEXT_TENTHS // 2, _LARGE, _NO_LARGE)

    @property
    def columns(self) -> int:
        return self.value[0]


@dataclass(frozen=True, slots=True)
class Form:
    """Continuous paper 9.5 inches wide, holes included; `half_inches` from one perforation to the next."""

    pins: Pins
    half_inches: int

    @property
    def lines(self) -> int:
        return self.half_inches * LINES_PER_INCH // 2

    @property
    def room(self) -> int:
        """Lines that may be printed on one form."""
        return self.lines - SKIPPED_LINES


@dataclass(frozen=True, slots=True)
class Line:
    """One line. A LARGE one is twice as high: let the lines above and below it be empty."""

    text: str = ""
    pitch: Pitch = Pitch.TEN
    bold: bool = False
    centred: bool = False


def document(form: Form, pages: Sequence[Sequence[Line]]) -> bytes:
    """The bytes of these pages, one form each; the paper ends where it began, at the top of a form.

    ValueError for what does not fit or is not plain: who sets the text must have wrapped and cleaned it.
    """
    start = [_RESET, _QUALITY[form.pins], _USA, _GRAPHICS_TABLE, Pitch.TWELVE.value[2], _SIXTH_INCH]
    start += [_PAGE_LINES + bytes([form.lines]), _SKIP + bytes([SKIPPED_LINES])]
    start += [_LEFT_MARGIN + bytes([MARGIN_COLUMNS])]
    return b"".join(start) + b"".join(_page(form, page) for page in pages)


def _page(form: Form, lines: Sequence[Line]) -> bytes:
    """No line feed after the last line: at the end of the room it would already go to the next form."""
    if not 0 < len(lines) <= form.room:
        raise ValueError(f"{len(lines)} lines on a form of {form.room}")
    return _NEXT_LINE.join(_line(line) for line in lines) + _NEXT_FORM


def _line(line: Line) -> bytes:
    columns, begin, end = line.pitch.value
    if len(line.text) > columns or not all(" " <= char <= "~" for char in line.text):
        raise ValueError("a line that is too long or not plain")
    text = (line.text.center(columns) if line.centred else line.text).rstrip().encode("ascii")
    if not text:
        return b""
    bold, no_bold = (_BOLD, _NO_BOLD) if line.bold else (b"", b"")
    return begin + bold + text + no_bold + end
