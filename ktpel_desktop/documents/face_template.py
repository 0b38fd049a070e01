"""The template of a card face: resources/kartu/muka/ktp_el.toml as frozen values, lengths in millimetres."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

MM_PER_INCH = 25.4


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle in mm from the top left corner of the card."""

    x: float
    y: float
    width: float
    height: float


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
class FaceTemplate:
    """Everything that says where things stand on the card. `names` are the fields' names for people."""

    width: float
    height: float
    dpi: int
    fonts: dict[str, Path]
    lines: tuple[Line, ...]
    column: Rows
    rows: tuple[Row, ...]
    photo: Box
    signature: Box
    mark: Mark
    shorten: tuple[tuple[str, str, str], ...]
    names: dict[str, str]

    @property
    def pixels(self) -> tuple[int, int]:
        """Size of the artwork: each side rounded to whole pixels (85.60 x 53.98 mm at 300 dpi: 1011 x 638)."""
        return self.px(self.width), self.px(self.height)

    def px(self, mm: float) -> int:
        """Millimetres in whole pixels."""
        return round(mm * self.dpi / MM_PER_INCH)

    def pixel_box(self, box: Box) -> tuple[int, int, int, int]:
        """Left, top, right, bottom in pixels."""
        return self.px(box.x), self.px(box.y), self.px(box.x + box.width), self.px(box.y + box.height)


def load(resources: Path, name: str = "ktp_el") -> FaceTemplate:
    """The template `name` of the folder of resources; its fonts are files of resources/huruf."""
    plain = tomllib.loads((resources / "kartu" / "muka" / f"{name}.toml").read_text(encoding="utf-8"))
    card, column = plain["card"], dict(plain["rows"])
    right = column.pop("right")
    return FaceTemplate(
        width=card["width"],
        height=card["height"],
        dpi=card["dpi"],
        fonts={key: resources / "huruf" / file for key, file in plain["fonts"].items()},
        lines=tuple(Line(**{**item, "box": Box(*item["box"])}) for item in plain["line"]),
        column=Rows(**column),
        rows=tuple(_row(item, column["font"], right) for item in plain["row"]),
        photo=Box(*plain["photo"]["box"]),
        signature=Box(*plain["signature"]["box"]),
        mark=Mark(**plain["mark"]),
        names=dict(plain["names"]),
        shorten=tuple((item["field"], item["from"], item["to"]) for item in plain["shorten"]),
    )


def _row(item: dict[str, Any], font: str, right: float) -> Row:
    tail = item.get("tail")
    return Row(
        name=item["name"],
        label=(item["label"][0], item["label"][1]),
        text=item["text"],
        lines=item["lines"],
        font=item.get("font", font),
        right=item.get("right", right),
        indent=item.get("indent", 0.0),
        tail=None if tail is None else Tail(**{**tail, "label": (tail["label"][0], tail["label"][1])}),
    )
