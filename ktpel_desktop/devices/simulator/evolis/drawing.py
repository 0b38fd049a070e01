"""From the panels in the printer's memory to the card that a person would hold.

Written apart from the driver's packing, so that one mistake cannot hide in both.
"""

from __future__ import annotations

import hashlib
import io
from dataclasses import dataclass

from PIL import Image

_LINE, _LINES = 648, 1016
_BYTES = _LINE // 8
_BITS = {"32": 5, "64": 6, "128": 7}


@dataclass(frozen=True, slots=True, repr=False)
class Drawn:
    """The ink on one card: per panel its levels and data. `share` lists the panels that reached the card."""

    panels: dict[str, tuple[str, bytes]]
    share: str = "ymcko"

    @property
    def fingerprint(self) -> str:
        """One number for all the ink."""
        ink = hashlib.sha256()
        for name in self.share:
            if name in self.panels:
                ink.update(self.panels[name][1])
        return ink.hexdigest()

    def black(self) -> Image.Image:
        """The black layer as a person sees it: 0 is ink, 255 the card."""
        if "k" not in self.share or "k" not in self.panels:
            return Image.new("1", (_LINES, _LINE), 1)
        data = self.panels["k"][1]
        turned = Image.frombytes(
            "1", (_LINE, _LINES), data.translate(bytes(255 - byte for byte in range(256)))
        )
        return turned.transpose(Image.Transpose.ROTATE_90)

    def colour(self) -> Image.Image:
        """The colour layer, from what the three colour panels leave of white."""
        channels = [self._channel(panel) for panel in "cmy"]
        return Image.merge("RGB", channels)

    def varnished(self) -> bool:
        """Whether the whole card got its overlay."""
        return "o" in self.share and self.panels.get("o", ("", b""))[1] == b"\xff" * (_BYTES * _LINES)

    def png(self) -> bytes:
        """The card: colour with the black over it."""
        card = self.colour()
        card.paste((0, 0, 0), mask=self.black().convert("L").point([255] + [0] * 255))
        out = io.BytesIO()
        card.save(out, "PNG", compress_level=1, dpi=(300, 300))
        return out.getvalue()

    def _channel(self, panel: str) -> Image.Image:
        if panel not in self.share or panel not in self.panels:
            return Image.new("L", (_LINES, _LINE), 255)
        levels, data = self.panels[panel]
        ink = unpacked(data, _BITS[levels])
        turned = Image.frombytes("L", (_LINE, _LINES), ink)
        return turned.transpose(Image.Transpose.ROTATE_90).point([255 - value for value in range(256)])


def unpacked(data: bytes, bits: int) -> bytes:
    """Values of `bits` each, without gaps, back to 8 bits by repeating their upper bits."""
    text = format(int.from_bytes(data), f"0{8 * len(data)}b")
    scaled = {
        format(value, f"0{bits}b"): value << (8 - bits) | value >> (2 * bits - 8)
        for value in range(1 << bits)
    }
    return bytes([scaled[text[at : at + bits]] for at in range(0, len(text), bits)])


def unsqueezed(data: bytes) -> bytes | None:
    """A compressed k or o panel (guide A5013, page 5); None when it is not 1016 whole lines."""
    out, at = bytearray(), 0
    for _ in range(_LINES):
        if at >= len(data):
            return None
        used = data[at]
        if used == 255:
            out += b"\xff" * _BYTES
            used = 0
        elif used > _BYTES:
            return None
        else:
            out += data[at + 1 : at + 1 + used].ljust(_BYTES, b"\x00")
        at += 1 + used
    return bytes(out) if at == len(data) else None
