"""Bytes for dot-matrix printers of the LX-310 (9 pins) and LQ-310 (24 pins) class on continuous forms: Epson's ESC/P.

Beside each command stands where it was read: LQ-… are Epson's own command summaries (24 pins), LX-810 and LX-90
its 9-pin manuals, FX what others print of Epson's 9-pin commands. None was tried on a printer yet.
Only commands that both kinds know alike are used; they differ in the quality in which a second sheet is still read.
Text is printable ASCII before it gets here, which every character table holds at the same places.
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

_RESET = b"\x1b@"  # LQ-300 A-11, FX
_USA = b"\x1bR\x00"  # LQ-300 A-17: else # $ @ [ and others print as letters of a country
_TEN_CPI, _TWELVE_CPI = b"\x1bP", b"\x1bM"  # LX-810 9-23, LQ-850 9-23
_CONDENSED, _NOT_CONDENSED = b"\x0f", b"\x12"  # SI, DC2: LQ-2170 A-23, FX; with 10 cpi 17.14 cpi
_SIXTH_INCH = b"\x1b2"  # LQ-300 A-11, FX
_PAGE_LINES = b"\x1bC"
"""LQ-850 9-14, FX: 1 to 127 lines, as ESC C NUL knows whole inches only; where the head stands is the form's top."""
_SKIP = b"\x1bN"  # LQ-850 9-14, LX-90; cancelled by ESC C, hence after it
_LEFT_MARGIN = b"\x1bl"
"""LQ-2070 A-19, FX: columns of the present pitch; the margin stays where it is when that changes."""
_BOLD, _NO_BOLD = b"\x1bE", b"\x1bF"  # Epson's 800 series A-16
_LARGE, _NO_LARGE = b"\x1bW\x01\x1bw\x01", b"\x1bw\x00\x1bW\x00"
"""Twice as wide and as high: LQ-2170 A-23, FX. The top line of a form is never high."""
_NEXT_LINE, _NEXT_FORM = b"\r\n", b"\r\x0c"  # LQ-300 A-11, FX


class Pins(IntEnum):
    """Of the print head."""

    NINE = 9
    TWENTY_FOUR = 24


_QUALITY = {
    Pins.NINE: b"\x1bx\x00\x1bG",  # FX: draft, struck twice for the second sheet
    Pins.TWENTY_FOUR: b"\x1bx\x01\x1bk\x01",  # LQ-300 A-13: letter quality, sans serif
}


class Pitch(Enum):
    """Columns of the text, and the commands that begin and end it; between lines 10 cpi holds."""

    TEN = (TEXT_TENTHS, b"", b"")
    TWELVE = (TEXT_TENTHS * 12 // 10, _TWELVE_CPI, _TEN_CPI)
    CONDENSED = (TEXT_TENTHS * 120 // 70, _CONDENSED, _NOT_CONDENSED)
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
    """One line. A LARGE one is twice as high: let the lines above and below it be empty; it never begins a form."""

    text: str = ""
    pitch: Pitch = Pitch.TEN
    bold: bool = False
    centred: bool = False


def document(form: Form, pages: Sequence[Sequence[Line]]) -> bytes:
    """The bytes of these pages, one form each; the paper ends where it began, at the top of a form.

    ValueError for what does not fit or is not plain: who sets the text must have wrapped and cleaned it.
    """
    start = [_RESET, _QUALITY[form.pins], _USA, _TEN_CPI, _SIXTH_INCH]
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
