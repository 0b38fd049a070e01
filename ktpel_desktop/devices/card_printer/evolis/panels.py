"""A card face as the five panels Y M C K O of an Evolis bitmap.

The artwork (PNG, 300 dpi, at most 1016 × 648) is laid in the middle of the bitmap: where it lies on the card was
settled before any driver sees it (keputusan 22). The bitmap is turned a quarter clockwise: its first line is the
card's left edge, its first pixel the lower one (`pnmflip -rotate270` in dpavlin/Printer-EVOLIS; the same in the
landscape case of the CUPS filter). Y, M and C are what is missing of blue, green and red; black is its own layer.
"""

from __future__ import annotations

import io
from dataclasses import dataclass
from enum import StrEnum

from PIL import Image, ImageChops, UnidentifiedImageError

from ktpel_desktop.core.errors import DeviceError, Effect
from ktpel_desktop.core.ports import CardFace
from ktpel_desktop.devices.card_printer.evolis import commands
from ktpel_desktop.devices.card_printer.evolis.packing import (
    BITS,
    LINE_PIXELS,
    LINES,
    pack,
    panel_bytes,
    squeeze,
)

DPI = 300
_COLOURS = (("y", "B"), ("m", "G"), ("c", "R"))


class Overlay(StrEnum):
    """The varnish: on the whole card, or nowhere."""

    FULL = "full"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class Layout:
    """How artwork becomes panels. `levels` of a colour panel are 32, 64 or 128."""

    levels: int = 128
    overlay: Overlay = Overlay.FULL
    compressed: bool = False

    def __post_init__(self) -> None:
        if self.levels not in BITS or self.levels == 2:
            raise ValueError(f"no such number of levels: {self.levels}")


def downloads(face: CardFace, layout: Layout) -> tuple[commands.Command, ...]:
    """The five commands that load a face, Y M C K O. Raises DeviceError "printer.artwork_unusable" (NONE)."""
    colour = _laid(face.colour, face.dpi, "RGB")
    black = _laid(face.black, face.dpi, "1")
    found = [
        commands.download(panel, layout.levels, _colour_panel(colour.getchannel(channel), layout.levels))
        for panel, channel in _COLOURS
    ]
    varnish = (b"\xff" if layout.overlay is Overlay.FULL else b"\x00") * panel_bytes(2)
    for panel, data in (("k", _black_panel(black)), ("o", varnish)):
        if layout.compressed:
            found.append(commands.download_compressed(panel, LINES, squeeze(data)))
        else:
            found.append(commands.download(panel, 2, data))
    return tuple(found)


def _colour_panel(channel: Image.Image, levels: int) -> bytes:
    ink = ImageChops.invert(channel).transpose(Image.Transpose.ROTATE_270)
    return pack(ink.tobytes(), BITS[levels])


def _black_panel(black: Image.Image) -> bytes:
    return black.transpose(Image.Transpose.ROTATE_270).tobytes("raw", "1;I")


def _laid(png: bytes, dpi: int, mode: str) -> Image.Image:
    """The layer on a white bitmap of the whole card."""
    layer = _opened(png, dpi, mode)
    sheet = Image.new(mode, (LINES, LINE_PIXELS), "white" if mode == "RGB" else 1)
    sheet.paste(layer, ((LINES - layer.width) // 2, (LINE_PIXELS - layer.height) // 2))
    return sheet


def _opened(png: bytes, dpi: int, mode: str) -> Image.Image:
    if dpi != DPI:
        raise DeviceError("printer.artwork_unusable", Effect.NONE)
    try:
        with Image.open(io.BytesIO(png), formats=("PNG",)) as image:
            if image.width > LINES or image.height > LINE_PIXELS:
                raise DeviceError("printer.artwork_unusable", Effect.NONE)
            if mode == "1":
                return image.convert("L").point([0] * 128 + [255] * 128).convert("1")
            return image.convert(mode)
    except (UnidentifiedImageError, Image.DecompressionBombError, OSError, SyntaxError, ValueError):
        raise DeviceError("printer.artwork_unusable", Effect.NONE) from None
