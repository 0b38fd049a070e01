"""What every page of a paper has in common: size, fonts, colours, footer with page x of y, a word across."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import Any

from reportlab import rl_config
from reportlab.lib.colors import HexColor
from reportlab.lib.pagesizes import A4, A5
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import BaseDocTemplate, Frame, PageTemplate

# Streams as bytes, which every reader and printer of today takes: in letters (ASCII 85) they need a quarter more room
# and much of a report's time. Once for the process: switched to and fro, two reports made at one time would differ.
rl_config.useA85 = 0

SANS, BOLD = "KtpelSans", "KtpelSans-Bold"
INK = HexColor("#1d2733")
QUIET = HexColor("#5a6672")
LINE = HexColor("#c5ced4")
GROUND = HexColor("#eef3f4")
ACCENT = HexColor("#0b5563")
GOOD, ODD, BAD = HexColor("#1c6b3a"), HexColor("#8a5200"), HexColor("#a3161f")

MARGIN = 18 * mm
BOTTOM = 18 * mm
WIDTH = A4[0] - 2 * MARGIN
"""Width of the text in points."""


@dataclass(frozen=True, slots=True)
class Sheet:
    """A size of paper and its margins, in points; `word` is the size of a word across it."""

    size: tuple[float, float]
    margin: float
    word: float

    @property
    def width(self) -> float:
        """Width of the text."""
        return self.size[0] - 2 * self.margin


A4_SHEET = Sheet(A4, MARGIN, 104)
A4_SIDE_SHEET = Sheet((A4[1], A4[0]), MARGIN, 104)
A5_SHEET = Sheet(A5, 13 * mm, 74)

TEXT = ParagraphStyle("text", fontName=SANS, fontSize=9, leading=12, textColor=INK)
SMALL = ParagraphStyle("small", parent=TEXT, fontSize=8, leading=10.5, textColor=QUIET)
HEADING = ParagraphStyle(
    "heading",
    parent=TEXT,
    fontName=BOLD,
    fontSize=10.5,
    leading=14,
    textColor=ACCENT,
    spaceBefore=9,
    spaceAfter=3,
)


def register_fonts(resources: Path) -> None:
    """Make the shipped fonts known to reportlab, once per process."""
    if SANS in pdfmetrics.getRegisteredFontNames():
        return
    folder = resources / "huruf"
    pdfmetrics.registerFont(TTFont(SANS, str(folder / "LiberationSans-Regular.ttf")))
    pdfmetrics.registerFont(TTFont(BOLD, str(folder / "LiberationSans-Bold.ttf")))
    pdfmetrics.registerFontFamily(SANS, normal=SANS, bold=BOLD, italic=SANS, boldItalic=BOLD)


@dataclass(frozen=True, slots=True)
class PageFrame:
    """The words around the pages. `across` stands in the place of LATIHAN, in training and out of it."""

    title: str
    author: str
    footer: str
    training: bool
    sheet: Sheet = A4_SHEET
    across: str = ""


def build(story: Sequence[Any], frame: PageFrame) -> bytes:
    """PDF of the story. `invariant` keeps time and chance out: the same data gives the same bytes."""
    out = BytesIO()
    document = BaseDocTemplate(
        out,
        pagesize=frame.sheet.size,
        title=frame.title,
        author=frame.author,
        subject=frame.footer,
        creator="ktpel-desktop",
        lang="id-ID",
        invariant=1,
    )

    sheet = frame.sheet
    box = (sheet.margin, BOTTOM, sheet.width, sheet.size[1] - BOTTOM - min(15 * mm, sheet.margin))
    bare = {"leftPadding": 0, "rightPadding": 0, "topPadding": 0, "bottomPadding": 0}
    document.addPageTemplates(PageTemplate(frames=[Frame(*box, **bare)]))

    def canvas(*args: Any, **kwargs: Any) -> _CountingCanvas:
        return _CountingCanvas(frame, *args, **kwargs)

    document.build(list(story), canvasmaker=canvas)
    return out.getvalue()


class _CountingCanvas(Canvas):  # type: ignore[misc]  # reportlab carries no types
    """A canvas that draws footers last, when the number of pages is known."""

    def __init__(self, frame: PageFrame, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._frame_words = frame
        self._kept: list[dict[str, Any]] = []

    def showPage(self) -> None:  # noqa: N802  # reportlab's name
        self._kept.append(dict(self.__dict__))
        self._startPage()

    def save(self) -> None:
        for number, state in enumerate(self._kept, 1):
            self.__dict__.update(state)
            self._draw_frame(number, len(self._kept))
            super().showPage()
        super().save()

    def _draw_frame(self, number: int, count: int) -> None:
        words, sheet = self._frame_words, self._frame_words.sheet
        right = sheet.size[0] - sheet.margin
        self.setStrokeColor(LINE)
        self.setLineWidth(0.5)
        self.line(sheet.margin, 13.5 * mm, right, 13.5 * mm)
        place = f"Halaman {number} dari {count}"
        room = sheet.width - self.stringWidth(place, SANS, 7.5) - 12
        self.setFillColor(QUIET)
        self.setFont(SANS, min(7.5, 7.5 * room / self.stringWidth(words.footer, SANS, 7.5)))
        self.drawString(sheet.margin, 9.5 * mm, words.footer)
        self.setFont(SANS, 7.5)
        self.drawRightString(right, 9.5 * mm, place)
        across = words.across or "LATIHAN" * words.training
        if across:
            self._draw_across(across, sheet)

    def _draw_across(self, word: str, sheet: Sheet) -> None:
        self.saveState()
        self.setFillColor(BAD)
        self.setFillAlpha(0.10)
        self.setFont(BOLD, sheet.word)
        self.translate(sheet.size[0] / 2, sheet.size[1] / 2)
        self.rotate(52)
        self.drawCentredString(0, -0.35 * sheet.word, word)
        self.restoreState()
