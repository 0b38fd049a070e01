"""The template of a card face as frozen values, lengths in millimetres; `face_template_file` reads and checks it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

MM_PER_INCH = 25.4


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle in mm from the top left corner of the card."""

    x: float
    y: float
    width: float
    height: float

    @property
    def right(self) -> float:
        return self.x + self.width

    @property
    def bottom(self) -> float:
        return self.y + self.height

    def overlaps(self, other: Box) -> bool:
        return (
            self.x < other.right and other.x < self.right and self.y < other.bottom and other.y < self.bottom
        )


@dataclass(frozen=True, slots=True)
class Line:
    """One line of text in its own box; `size` is the em height in mm and may shrink to `size_min`."""

    name: str
    text: str
    box: Box
    font: str
    size: float
    size_min: float
    align: str


@dataclass(frozen=True, slots=True)
class Tail:
    """A second label and value further right on the same row."""

    name: str
    label: tuple[str, str]
    text: str
    x: float
    colon_x: float
    value_x: float
    right: float


@dataclass(frozen=True, slots=True)
class Row:
    """Label, colon and value. `label` is (Indonesian, English); the value may take up to `lines` lines."""

    name: str
    label: tuple[str, str]
    text: str
    lines: int
    font: str
    right: float
    indent: float
    tail: Tail | None


@dataclass(frozen=True, slots=True)
class Rows:
    """The column of rows: positions, line pitch and sizes in mm, each with its least."""

    label_x: float
    colon_x: float
    value_x: float
    right: float
    top: float
    bottom: float
    pitch: float
    pitch_min: float
    size: float
    size_min: float
    font: str


@dataclass(frozen=True, slots=True)
class Mark:
    """The word across the face of proofs and training cards: size in mm, angle in degrees."""

    font: str
    size: float
    angle: float


@dataclass(frozen=True, slots=True)
class Spelling:
    """How a field's value is spelt on the card. `prefix` rules change its beginning, others the whole value."""

    field: str
    said: str
    shown: str
    prefix: bool


@dataclass(frozen=True, slots=True)
class FaceTemplate:
    """Everything that says where things stand on the card, seen at `dpi`.

    `names` are the fields' names for people; `english` holds a foreign resident's words by field.
    """

    width: float
    height: float
    dpi: int
    fonts: Mapping[str, Path]
    lines: tuple[Line, ...]
    column: Rows
    rows: tuple[Row, ...]
    photo: Box
    signature: Box
    mark: Mark
    spellings: tuple[Spelling, ...]
    english: Mapping[str, Mapping[str, str]]
    names: Mapping[str, str]

    @property
    def pixels(self) -> tuple[int, int]:
        """Size of the card: each side rounded to whole pixels (85.60 x 53.98 mm at 300 dpi: 1011 x 638)."""
        return self.px(self.width), self.px(self.height)

    def px(self, mm: float) -> int:
        """Millimetres in whole pixels."""
        return round(mm * self.dpi / MM_PER_INCH)

    def pixel_box(self, box: Box) -> tuple[int, int, int, int]:
        """Left, top, right, bottom in pixels from the top left corner of the card."""
        return self.px(box.x), self.px(box.y), self.px(box.right), self.px(box.bottom)

    def areas(self) -> dict[str, Box]:
        """Everything that is drawn and must not meet: fixed lines, the column of rows, photo, signature."""
        column = self.column
        rights = [row.right for row in self.rows] + [row.tail.right for row in self.rows if row.tail]
        width = max(column.right, *rights) - column.label_x
        return {
            **{f"line.{line.name}": line.box for line in self.lines},
            "rows": Box(column.label_x, column.top, width, column.bottom - column.top),
            "photo": self.photo,
            "signature": self.signature,
        }
