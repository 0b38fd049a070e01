"""What receipt printers can print: their rolls, their code pages, and text reduced to what both hold.

Sources: 58 and 80 mm as in python-escpos's profiles (203 dpi, font A of 12 dots). TM-U220 as in Epson's "TM-U220A
Specification": font A is 9 x 9 with a pitch of at most 12 half dots, so 400 half dots (escpos profile TM-U220) hold 33
columns on 76 mm paper; with the 7 x 9 font B it would be 40. It has neither GS ! nor GS B, no bar codes and no raster.
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass

_PLAIN = str.maketrans(
    dict.fromkeys("\u2010\u2011\u2012\u2013\u2014\u2212", "-")
    | dict.fromkeys("\u2018\u2019", "'")
    | dict.fromkeys("\u201c\u201d", '"')
    | {"•": "*", "×": "x", "°": " derajat", "²": "2", "…": "...", "≥": ">=", "≤": "<="}
)


@dataclass(frozen=True, slots=True)
class Paper:
    """A roll: characters of font A in one line, and printable dots. `impact`: a printer of needles, text only."""

    columns: int
    dots: int
    impact: bool = False


MM58 = Paper(32, 384)
MM80 = Paper(42, 512)
MM76 = Paper(33, 400, impact=True)
PAPERS = {58: MM58, 76: MM76, 80: MM80}
"""By the width of the roll in millimetres; 76 is the TM-U220's."""


@dataclass(frozen=True, slots=True)
class CodePage:
    """A code page by the printer's number of it (ESC t) and Python's name; None: printable ASCII, no page chosen."""

    number: int | None
    codec: str


ASCII = CodePage(None, "ascii")
CODE_PAGES = {
    "ASCII": ASCII,
    "PC437": CodePage(0, "cp437"),
    "PC850": CodePage(2, "cp850"),
    "WPC1252": CodePage(16, "cp1252"),
}
"""By the names that Epson's manuals give them; numbers as in ESC t of Epson's ESC/POS reference."""


def plain(text: str, codec: str = "ascii") -> str:
    """Only what the code page prints: look-alikes for what it lacks, "?" for what has none, controls gone."""
    spaced = " ".join(unicodedata.normalize("NFC", text).split())
    spelled = "".join(char if _prints(char, codec) else _look_alike(char, codec) for char in spaced)
    return " ".join(spelled.split())


def _look_alike(char: str, codec: str) -> str:
    """The nearest printable characters; of what follows the letter itself, as an accent, nothing."""
    parts = unicodedata.normalize("NFKD", char.translate(_PLAIN))
    kept = (part for part in parts if unicodedata.category(part)[0] not in "CM")
    return "".join(part if _prints(part, codec) else "?" for part in kept)


def _prints(char: str, codec: str) -> bool:
    """One byte that every printer prints: no control of ASCII, DEL among them, and none of Unicode's either."""
    try:
        byte = char.encode(codec)
    except UnicodeEncodeError:
        return False
    return len(byte) == 1 and byte[0] >= 0x20 and byte[0] != 0x7F and unicodedata.category(char)[0] != "C"
