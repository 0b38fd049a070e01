"""CONTOH across a card: on every proof and test card, and on everything in training."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from PIL import Image, ImageDraw

from ktpel_desktop.documents.face_layout import font
from ktpel_desktop.documents.face_pictures import BLACK, INK
from ktpel_desktop.documents.face_template import FaceTemplate

TRAINING_MARK = "CONTOH – LATIHAN"
PROOF_MARK = "CONTOH"
RED = (200, 20, 30)
_HALO_MM, _OUTLINE_MM = 0.42, 0.17
_ACROSS = 0.95
"""The word takes at most this share of the card's width before it is turned."""


@dataclass(frozen=True, slots=True)
class MarkMasks:
    """The word as masks of the card's size: body and halo for the colour layer, an outline for the black one."""

    body: Image.Image
    halo: Image.Image
    outline: Image.Image

    def onto(self, colour: Image.Image, black: Image.Image, origin: tuple[int, int]) -> None:
        """Draw the word over a card whose top left corner lies at `origin` of both layers."""
        colour.paste("white", origin, self.halo)  # red on the red ground of a portrait would not be seen
        colour.paste(RED, origin, self.body)
        black.paste(BLACK, origin, self.outline)


def masks(word: str, template: FaceTemplate) -> MarkMasks:
    """The masks of `word`, made once for each template and resolution."""
    shape = template.mark
    return _masks(
        word,
        str(template.fonts[shape.font]),
        template.px(shape.size),
        shape.angle,
        template.pixels,
        template.dpi,
    )


@lru_cache(maxsize=8)
def _masks(word: str, file: str, largest: int, angle: float, pixels: tuple[int, int], dpi: int) -> MarkMasks:
    whole = font(file, largest).getlength(word)
    drawn = font(file, min(largest, int(largest * pixels[0] * _ACROSS / whole)))
    halo_px, outline_px = (max(1, round(mm * dpi / 25.4)) for mm in (_HALO_MM, _OUTLINE_MM))
    centre = (pixels[0] / 2, pixels[1] / 2)
    body, halo, outline = (Image.new("L", pixels, 0) for _ in range(3))
    ImageDraw.Draw(body).text(centre, word, font=drawn, anchor="mm", fill=150)
    ImageDraw.Draw(halo).text(
        centre, word, font=drawn, anchor="mm", fill=190, stroke_width=halo_px, stroke_fill=190
    )
    edge = ImageDraw.Draw(outline)
    edge.text(centre, word, font=drawn, anchor="mm", fill=255, stroke_width=outline_px, stroke_fill=255)
    edge.text(centre, word, font=drawn, anchor="mm", fill=0)
    body, halo, outline = (
        mask.rotate(angle, Image.Resampling.BICUBIC, fillcolor=0) for mask in (body, halo, outline)
    )
    return MarkMasks(body, halo, outline.point(lambda grey: 255 if grey >= INK else 0, mode="1"))
