"""Where each text of a card face stands: sizes and lines are chosen here, nothing is drawn.

A text that is too long is set smaller within its limits, then on more lines, then refused. It is never cut.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache, partial
from pathlib import Path

from PIL import ImageFont

from ktpel_desktop.core.errors import PolicyError
from ktpel_desktop.documents.face_template import FaceTemplate, Line, Row
from ktpel_desktop.documents.face_template_file import TALLEST

_CAPITAL = 0.73
"""Height of a capital of Liberation Sans as a share of the em."""


@dataclass(frozen=True, slots=True)
class Placed:
    """One line of text: pixels of its left end and baseline, size (px), the font's key and file."""

    name: str
    text: str
    font: str
    size: int
    x: int
    baseline: int
    file: Path

    @property
    def box(self) -> tuple[int, int, int, int]:
        """The pixels that it really covers: left, top, right, bottom."""
        left, top, right, bottom = font(self.file, self.size).getbbox(self.text, mode="1", anchor="ls")
        x, y = self.x, self.baseline
        return x + round(left), y + round(top), x + round(right), y + round(bottom)


@lru_cache(maxsize=128)
def font(path: Path | str, size: int) -> ImageFont.FreeTypeFont:
    """A shipped font in a size of whole pixels, opened once. Basic layout: the same on every computer."""
    return ImageFont.truetype(str(path), size, layout_engine=ImageFont.Layout.BASIC)


def _width(text: str, drawn: ImageFont.FreeTypeFont) -> float:
    """Its width in the black layer: letters without grey stand on whole dots, so a line is wider or narrower."""
    return drawn.getlength(text, mode="1")


def _too_long(name: str, template: FaceTemplate) -> PolicyError:
    return PolicyError("face.text_too_long", field=template.names[name])


def layout(values: Mapping[str, str], foreign: bool, template: FaceTemplate) -> tuple[Placed, ...]:
    """Every line of the face, placed. Raises PolicyError "face.text_too_long" naming the field."""
    fixed = [_fixed(line, line.text.format_map(values), template) for line in template.lines]
    return (*fixed, *_column(values, foreign, template))


def _fixed(line: Line, text: str, template: FaceTemplate) -> Placed:
    left, top, right, bottom = template.pixel_box(line.box)
    chosen = _fit(text, 1, right - left, line.font, line.size, line.size_min, template)
    if chosen is None:
        raise _too_long(line.name, template)
    size, (only,) = chosen
    start = left
    if line.align != "left":
        spare = right - left - round(_width(only, font(template.fonts[line.font], size)))
        start += spare if line.align == "right" else spare // 2
    baseline = (top + bottom + round(size * _CAPITAL)) // 2
    return _placed(template, line.name, only, line.font, size, start, baseline)


def _column(values: Mapping[str, str], foreign: bool, template: FaceTemplate) -> Iterator[Placed]:
    """The rows from top to bottom, closer together where values take more lines."""
    column, px, put = template.column, template.px, partial(_placed, template)
    language = 1 if foreign else 0
    chosen = [_value(row, values, template) for row in template.rows]
    count = sum(len(lines) for _, lines in chosen)
    pitch = min(px(column.pitch), (px(column.bottom) - px(column.top)) // count)
    if pitch < px(column.pitch_min):
        longest = max(zip(template.rows, chosen, strict=True), key=lambda pair: len(pair[1][1]))[0]
        raise _too_long(longest.name, template)
    largest = int(pitch / TALLEST)
    label_size = _label_size(language, largest, template)
    baseline = px(column.top) + round((pitch + px(column.size) * _CAPITAL) / 2)
    for row, (size, lines) in zip(template.rows, chosen, strict=True):
        label_x = px(column.label_x + row.indent)
        yield put(f"{row.name}.label", row.label[language], column.font, label_size, label_x, baseline)
        yield put(f"{row.name}.colon", ":", column.font, label_size, px(column.colon_x), baseline)
        if row.tail is not None:
            tail = row.tail
            yield put(
                f"{tail.name}.label", tail.label[language], column.font, label_size, px(tail.x), baseline
            )
            yield put(f"{tail.name}.colon", ":", column.font, label_size, px(tail.colon_x), baseline)
            room = px(tail.right) - px(tail.value_x)
            value = tail.text.format_map(values)
            fitted = _fit(value, 1, room, row.font, column.size, column.size_min, template)
            if fitted is None:
                raise _too_long(tail.name, template)
            yield put(tail.name, value, row.font, min(fitted[0], largest), px(tail.value_x), baseline)
        for text in lines:
            yield put(row.name, text, row.font, min(size, largest), px(column.value_x), baseline)
            baseline += pitch


def _value(row: Row, values: Mapping[str, str], template: FaceTemplate) -> tuple[int, tuple[str, ...]]:
    column = template.column
    room = template.px(row.right) - template.px(column.value_x)
    text = row.text.format_map(values)
    fitted = _fit(text, row.lines, room, row.font, column.size, column.size_min, template)
    if fitted is None:
        raise _too_long(row.name, template)
    return fitted


def _label_size(language: int, largest: int, template: FaceTemplate) -> int:
    """One size for all labels: the largest at which the widest ends before its colon."""
    column, px = template.column, template.px
    places = [
        (row.label[language], px(column.colon_x) - px(column.label_x + row.indent)) for row in template.rows
    ]
    tails = [row.tail for row in template.rows if row.tail is not None]
    places += [(tail.label[language], px(tail.colon_x) - px(tail.x)) for tail in tails]
    return _common_size(tuple(places), template.fonts[column.font], min(px(column.size), largest))


@lru_cache(maxsize=64)
def _common_size(places: tuple[tuple[str, int], ...], file: Path, largest: int) -> int:
    """Kept for the next card: labels are the template's, nobody's data."""
    for size in range(largest, 0, -1):
        drawn = font(file, size)
        gap = size // 6
        if all(_width(label, drawn) + gap <= room for label, room in places):
            return size
    raise ValueError("the template leaves no room for its labels")


def _fit(
    text: str, lines_max: int, room: int, name: str, size: float, least: float, template: FaceTemplate
) -> tuple[int, tuple[str, ...]] | None:
    """The largest size and fewest lines in which the text fits: first smaller, then on one line more."""
    file = template.fonts[name]
    sizes = range(template.px(size), template.px(least) - 1, -1)
    for pixels in sizes:
        if _width(text, font(file, pixels)) <= room:
            return pixels, (text,)
    for lines in range(2, lines_max + 1):
        for pixels in sizes:
            broken = _break(text, room, font(file, pixels))
            if broken is not None and len(broken) <= lines:
                return pixels, broken
    return None


def _break(text: str, room: int, drawn: ImageFont.FreeTypeFont) -> tuple[str, ...] | None:
    """The text on as few lines as its words allow; None where one word is wider than the room."""
    lines: list[str] = []
    current = ""
    for word in text.split(" "):
        longer = f"{current} {word}" if current else word
        if _width(longer, drawn) <= room:
            current = longer
            continue
        if _width(word, drawn) > room:
            return None
        lines.append(current)
        current = word
    return (*lines, current)


def _placed(
    template: FaceTemplate, name: str, text: str, key: str, size: int, x: int, baseline: int
) -> Placed:
    return Placed(name, text, key, size, x, baseline, template.fonts[key])
