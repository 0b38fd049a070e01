"""What a receipt printer would put on paper, as a picture: for previews, training and tests.

Understands the ESC/POS that `receipt` writes (text styles, alignment, raster pictures, Code 128, feed, cut) and
refuses everything else, so that an unknown command in a receipt is noticed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

from PIL import Image, ImageDraw, ImageFont

from ktpel_desktop.documents.receipt_paper import CODE_PAGES

_CELL = (12, 24)
"""Dots of one character of font A at 203 dpi."""
_LINE = 30
_SHAPE_PX = 17  # OCR-B of this size is 12 dots wide

# Code 128 (ISO/IEC 15417): widths of bars and gaps of the values 0 to 106.
_WIDTHS = (
    "212222 222122 222221 121223 121322 131222 122213 122312 132212 221213 221312 231212 112232 122132 "
    "122231 113222 123122 123221 223211 221132 221231 213212 223112 312131 311222 321122 321221 312212 "
    "322112 322211 212123 212321 232121 111323 131123 131321 112313 132113 132311 211313 231113 231311 "
    "112133 112331 132131 113123 113321 133121 313121 211331 231131 213113 213311 213131 311123 311321 "
    "331121 312113 312311 332111 314111 221411 431111 111224 111422 121124 121421 141122 141221 112214 "
    "112412 122114 122411 142112 142211 241211 221114 413111 241112 134111 111242 121142 121241 114212 "
    "124112 124211 411212 421112 421211 212141 214121 412121 111143 111341 131141 114113 114311 411113 "
    "411311 113141 114131 311141 411131 211412 211214 211232 2331112 "
)
_CODE128 = tuple(_WIDTHS.split())
_START_B, _STOP = 104, 106
_CODECS = {page.number: page.codec for page in CODE_PAGES.values() if page.number is not None}


@dataclass(slots=True)
class _Style:
    align: int = 0
    wide: int = 1
    high: int = 1
    bold: int = 0
    invert: int = 0
    bar_height: int = 162
    bar_width: int = 3
    page: int = 0


class _Shape:
    """OCR-B, and another font for the letters that it lacks."""

    def __init__(self, folder: Path) -> None:
        self._usual = ImageFont.truetype(str(folder / "OCRB.otf"), _SHAPE_PX)
        self._other = ImageFont.truetype(str(folder / "LiberationSans-Regular.ttf"), _SHAPE_PX)

    def of(self, char: str) -> ImageFont.FreeTypeFont:
        return self._usual if char == " " or self._usual.getmask(char).getbbox() else self._other


def picture(data: bytes, dots: int, resources: Path) -> bytes:
    """PNG of the receipt on a roll of `dots` printable dots. Raises ValueError for a command it doesn't know."""
    strips = list(_strips(data, dots, resources))
    margin = 24
    sheet = Image.new("L", (dots + 2 * margin, sum(strip.height for strip in strips) + 2 * margin), 255)
    top = margin
    for strip in strips:
        sheet.paste(strip, (margin, top))
        top += strip.height
    out = BytesIO()
    sheet.save(out, "PNG")
    return out.getvalue()


def _strips(data: bytes, dots: int, resources: Path) -> Iterator[Image.Image]:
    shape = _Shape(resources / "huruf")
    style, line, at = _Style(), bytearray(), 0
    while at < len(data):
        code, two = data[at : at + 1], data[at : at + 2]
        if code == b"\n":
            yield _text(line.decode(_CODECS[style.page]), style, dots, shape)
            line.clear()
            at += 1
        elif b" " <= code <= b"~" or code >= b"\x80":
            line += code
            at += 1
        elif two in _STYLES:
            _STYLES[two](style, data[at + 2])
            at += 3
        elif two in _PICTURES:
            strip, length = _PICTURES[two](data[at:], style)
            yield _aligned(strip, style, dots)
            at += length
        elif two == b"\x1b@":
            style, at = _Style(), at + 2
        elif two == b"\x1dV":
            at += 4 if data[at + 2] in (65, 66) else 3
        else:
            raise ValueError(f"unknown command {two!r} at byte {at}")
    if line:
        yield _text(line.decode(_CODECS[style.page]), style, dots, shape)


def _sets(*names: str) -> Callable[[_Style, int], None]:
    def change(style: _Style, value: int) -> None:
        for name in names:
            setattr(style, name, value)

    return change


def _old_size(style: _Style, value: int) -> None:
    style.wide, style.high = (2 if value & 0x20 else 1), (2 if value & 0x10 else 1)


def _new_size(style: _Style, value: int) -> None:
    style.wide, style.high = (value >> 4) + 1, (value & 7) + 1


_STYLES: dict[bytes, Callable[[_Style, int], None]] = {
    b"\x1ba": _sets("align"),
    b"\x1bE": _sets("bold"),
    b"\x1b!": _old_size,
    b"\x1d!": _new_size,
    b"\x1dB": _sets("invert"),
    b"\x1dh": _sets("bar_height"),
    b"\x1dw": _sets("bar_width"),
    b"\x1bt": _sets("page"),
    **dict.fromkeys((b"\x1bR", b"\x1b-", b"\x1bM", b"\x1b{", b"\x1dH"), _sets()),
}


def _feed(data: bytes, _: _Style) -> tuple[Image.Image, int]:
    return Image.new("L", (1, _LINE * data[2]), 255), 3


def _raster(data: bytes, _: _Style) -> tuple[Image.Image, int]:
    width, height = (int.from_bytes(data[place : place + 2], "little") for place in (4, 6))
    end = 8 + width * height
    ink = Image.frombytes("1", (width * 8, height), bytes(255 - byte for byte in data[8:end]))
    return ink.convert("L"), end


def _barcode(data: bytes, style: _Style) -> tuple[Image.Image, int]:
    if data[2] != 0x49:
        raise ValueError("only Code 128 by function B is used")
    end = 4 + data[3]
    return _bars(data[4:end], style), end


_PICTURES: dict[bytes, Callable[[bytes, _Style], tuple[Image.Image, int]]] = {
    b"\x1bd": _feed,
    b"\x1dv": _raster,
    b"\x1dk": _barcode,
}


def _text(text: str, style: _Style, dots: int, shape: _Shape) -> Image.Image:
    cell = (_CELL[0] * max(len(text), 1), _CELL[1])
    if cell[0] * style.wide > dots:
        raise ValueError("a line is wider than the paper")
    strip = Image.new("L", cell, 255)
    draw = ImageDraw.Draw(strip)
    for place, char in enumerate(text):
        draw.text(
            (place * _CELL[0] + _CELL[0] / 2, 19),
            char,
            fill=0,
            font=shape.of(char),
            anchor="ms",
            stroke_width=0.6 if style.bold else 0,
        )
    if style.invert:
        strip = strip.point(lambda grey: 255 - grey)
    strip = strip.resize((cell[0] * style.wide, cell[1] * style.high), Image.Resampling.NEAREST)
    gap = Image.new("L", (strip.width, strip.height + _LINE - _CELL[1]), 255)
    gap.paste(strip, (0, 0))
    return _aligned(gap, style, dots)


def _bars(code: bytes, style: _Style) -> Image.Image:
    """Code 128 in code set B with its check value, and quiet zones of ten modules."""
    if not code.startswith(b"{B"):
        raise ValueError("only code set B is used")
    values = [_START_B, *(byte - 32 for byte in code[2:])]
    check = (values[0] + sum(place * value for place, value in enumerate(values[1:], 1))) % 103
    modules: list[int] = [255] * 10
    for value in (*values, check, _STOP):
        for place, width in enumerate(_CODE128[value]):
            modules += [255 if place % 2 else 0] * int(width)
    modules += [255] * 10
    strip = Image.frombytes("L", (len(modules), 1), bytes(modules))
    return strip.resize((len(modules) * style.bar_width, style.bar_height), Image.Resampling.NEAREST)


def _aligned(strip: Image.Image, style: _Style, dots: int) -> Image.Image:
    if strip.width > dots:
        raise ValueError("a picture is wider than the paper")
    line = Image.new("L", (dots, strip.height), 255)
    line.paste(strip, ((0, (dots - strip.width) // 2, dots - strip.width)[style.align], 0))
    return line
