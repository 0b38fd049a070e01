"""The alignment card: rulers from every edge, crosses and patches, drawn for the same template and head as a card.

The person measures on the printed card with a ruler from each edge to the line that says 10 mm, and looks whether the
black cross lies on the coloured one. It holds nobody's data and needs no order of SIAK.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from PIL import Image, ImageDraw

from ktpel_desktop.core.calibration import Calibration
from ktpel_desktop.core.ports import CardFace
from ktpel_desktop.documents.card_face import FaceArtist
from ktpel_desktop.documents.face_layout import font
from ktpel_desktop.documents.face_mark import TRAINING_MARK
from ktpel_desktop.documents.face_pictures import BLACK, WHITE, png
from ktpel_desktop.documents.indonesian import number, plain_date

TITLE = "KARTU GARIS"
FRAME = 10.0
"""The lines that are measured to stand this far from each edge, in mm."""
TICKS = {10: 3.0, 5: 2.0, 1: 1.2}
"""Length of the tick at each multiple, in mm."""
COLOURS = (
    *((0, 174, 239), (236, 0, 140), (255, 242, 0), (237, 28, 36), (0, 166, 81), (46, 49, 146)),
    *((64, 64, 64), (128, 128, 128), (192, 192, 192)),
)
"""The ribbon's three colours, their mixtures, and greys."""
_MAGENTA = COLOURS[1]
_THIN = 0.12
_PATCH, _GAP = 4.0, 1.0


def alignment_face(
    artist: FaceArtist, printer: str, day: date, calibration: Calibration, *, training: bool
) -> CardFace:
    """The card for one printer and tray, by the artist's template and head.

    `calibration` is only written on it, in the words of the calibration page: the numbers with which it will be placed
    (`face_placement.placed` with may_cut), so that a print tells what it was made with. A printer's name that is too
    long ends in "…".
    """
    sheet = _Sheet(artist)
    sheet.rulers()
    sheet.frame()
    sheet.cross()
    sheet.patches()
    head = artist.head
    right, down, size = (
        number(part, 2) for part in (calibration.right_mm, calibration.down_mm, calibration.stretch * 100)
    )
    sheet.words(TITLE, 18.3, 3.0, "bold")
    if training:
        sheet.words(TRAINING_MARK, 21.1, 2.4, "bold")
    sheet.words(printer, 32.9, 2.3)
    sheet.words(f"{plain_date(day)} · {head.name} · {head.width} × {head.height} titik", 35.4, 1.9)
    sheet.words(f"ke kanan {right} mm · ke bawah {down} mm · ukuran {size} persen", 37.6, 1.9)
    return sheet.face()


class _Sheet:
    """Both layers while they are drawn; lengths in mm from the card's top left corner."""

    def __init__(self, artist: FaceArtist) -> None:
        self._template, self._head, self._origin = artist.template, artist.head, artist.origin
        self._colour = Image.new("RGB", self._head.pixels, "white")
        self._black = Image.new("1", self._head.pixels, WHITE)
        self._width, self._height = self._template.width, self._template.height

    def face(self) -> CardFace:
        dpi = self._head.dpi
        return CardFace(png(self._colour, dpi), png(self._black, dpi), dpi)

    def rulers(self) -> None:
        """A tick for each mm at all four edges, counted from the left and from the top, each ending at the edge."""
        for mm in range(1, int(self._width) + 1):
            length = _tick(mm)
            self._upright(mm, 0, length)
            self._upright(mm, self._height - length, self._height)
        for mm in range(1, int(self._height) + 1):
            length = _tick(mm)
            self._level(mm, 0, length)
            self._level(mm, self._width - length, self._width)
        for mm in range(20, int(self._width - FRAME), 10):
            self._text(str(mm), mm, 4.4, 1.8)
        for mm in range(20, int(self._height - FRAME), 10):
            self._text(str(mm), 4.8, mm, 1.8)

    def frame(self) -> None:
        """Lines 10 mm from each edge, longer than their corners, each with its word."""
        left, top, right, bottom = FRAME, FRAME, self._width - FRAME, self._height - FRAME
        for x in (left, right):
            self._upright(x, top - 3, bottom + 3)
        for y in (top, bottom):
            self._level(y, left - 3, right + 3)
        middle_x, middle_y = self._width / 2, self._height / 2
        for x, y in ((middle_x, top - 1.5), (middle_x, bottom + 1.6)):
            self._text("10 mm", x, y, 1.8)
        for x in (left + 3.2, right - 3.2):
            self._text("10 mm", x, middle_y, 1.8)

    def cross(self) -> None:
        """A black cross in the middle; ring and outer arms in one colour show whether the panels meet."""
        x, y = self._width / 2, self._height / 2
        pen = ImageDraw.Draw(self._colour)
        width = max(1, self._template.px(_THIN))
        pen.ellipse(self._dots(x - 2, y - 2, x + 2, y + 2), outline=_MAGENTA, width=width)
        for arm in (-1, 1):
            pen.line(self._dots(x + arm * 3.6, y, x + arm * 6, y), fill=_MAGENTA, width=width)
            pen.line(self._dots(x, y + arm * 3.6, x, y + arm * 4.4), fill=_MAGENTA, width=width)
        self._level(y, x - 3.5, x + 3.5)
        self._upright(x, y - 3.5, y + 3.5)

    def patches(self) -> None:
        """The ribbon's colours in the colour layer; solid, chequered and thin lines in the black one."""
        pen = ImageDraw.Draw(self._colour)
        for colour, (left, top, right, bottom) in zip(
            COLOURS, self._row(len(COLOURS), self._height - FRAME - _PATCH - 0.8), strict=True
        ):
            pen.rectangle((left, top, right - 1, bottom - 1), fill=colour)
        for pattern, (left, top, right, bottom) in zip(
            PATTERNS, self._row(len(PATTERNS), FRAME + 1.2), strict=True
        ):
            self._black.paste(pattern(right - left, bottom - top), (left, top))

    def words(self, text: str, y: float, size: float, name: str = "regular") -> None:
        """A line of text in the middle between the frame's lines."""
        most = self._template.px(self._width - 2 * FRAME - 2)
        drawn = font(self._template.fonts[name], self._template.px(size))
        shown = text
        while text and drawn.getlength(shown, mode="1") > most:
            text = text[:-1]
            shown = f"{text.rstrip()}…"
        self._text(shown, self._width / 2, y, size, name)

    def _row(self, count: int, y: float) -> list[tuple[int, int, int, int]]:
        """Squares side by side in the middle of the card, in dots."""
        first = (self._width - count * _PATCH - (count - 1) * _GAP) / 2
        lefts = [first + place * (_PATCH + _GAP) for place in range(count)]
        return [self._dots(left, y, left + _PATCH, y + _PATCH) for left in lefts]

    def _text(self, text: str, x: float, y: float, size: float, name: str = "regular") -> None:
        drawn = font(self._template.fonts[name], self._template.px(size))
        at = self._dots(x, y, x, y)[:2]
        ImageDraw.Draw(self._black).text(at, text, fill=BLACK, font=drawn, anchor="mm")

    def _upright(self, x: float, top: float, bottom: float) -> None:
        at, first, _, last = self._dots(x, top, x, bottom)
        self._rectangle(at, first, at, last)

    def _level(self, y: float, left: float, right: float) -> None:
        first, at, last, _ = self._dots(left, y, right, y)
        self._rectangle(first, at, last, at)

    def _rectangle(self, left: int, top: int, right: int, bottom: int) -> None:
        """A thin line from the first dot to the one before the last; its middle lies on the measured dot."""
        thin = max(1, self._template.px(_THIN))
        if left == right:
            left, right = left - thin // 2, left - thin // 2 + thin
        else:
            top, bottom = top - thin // 2, top - thin // 2 + thin
        ImageDraw.Draw(self._black).rectangle((left, top, right - 1, bottom - 1), fill=BLACK)

    def _dots(self, left: float, top: float, right: float, bottom: float) -> tuple[int, int, int, int]:
        px, (x, y) = self._template.px, self._origin
        return px(left) + x, px(top) + y, px(right) + x, px(bottom) + y


def _tick(mm: int) -> float:
    return next(length for every, length in TICKS.items() if mm % every == 0)


def _solid(width: int, height: int) -> Image.Image:
    return Image.new("1", (width, height), BLACK)


def _chequered(width: int, height: int) -> Image.Image:
    """Each second dot."""
    drawn = Image.new("1", (width, height))
    drawn.putdata([WHITE if (x + y) % 2 else BLACK for y in range(height) for x in range(width)])
    return drawn


def _ruled(dots: int) -> Callable[[int, int], Image.Image]:
    """Upright lines of so many dots with as much white between."""

    def pattern(width: int, height: int) -> Image.Image:
        drawn = Image.new("1", (width, height))
        drawn.putdata([WHITE if x // dots % 2 else BLACK for _ in range(height) for x in range(width)])
        return drawn

    return pattern


PATTERNS: tuple[Callable[[int, int], Image.Image], ...] = (
    _solid,
    _chequered,
    _ruled(1),
    _ruled(2),
    _ruled(3),
)
"""The patches of the black layer."""
