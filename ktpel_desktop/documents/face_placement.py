"""Where a printer really puts the face: the calibration of one printer and tray, applied to finished artwork.

Measured with the alignment card (`alignment_face`). Pure: the same face and numbers give the same bytes.
"""

from __future__ import annotations

from io import BytesIO
from itertools import product

from PIL import Image, ImageChops

from ktpel_desktop.core.calibration import Calibration
from ktpel_desktop.core.errors import PolicyError
from ktpel_desktop.core.ports import CardFace
from ktpel_desktop.documents.face_pictures import WHITE, png
from ktpel_desktop.documents.face_template import MM_PER_INCH


def placed(face: CardFace, by: Calibration, *, may_cut: bool = False) -> CardFace:
    """The face moved by whole dots and stretched about the card's middle, the same both ways.

    The size in dots stays. The black layer stays 1-bit: no stem goes grey, and none is lost.
    Raises PolicyError "face.placement_cuts" where something would fall off the field; `may_cut` allows that for the
    alignment card, whose rulers run over the edge.
    """
    right, down = (round(mm * face.dpi / MM_PER_INCH) for mm in (by.right_mm, by.down_mm))
    moved, scale = (right, down), by.stretch
    if moved == (0, 0) and scale == 1.0:
        return face
    layers = [Image.open(BytesIO(layer)) for layer in (face.colour, face.black)]
    if not may_cut and any(_cuts(layer, moved, scale) for layer in layers):
        raise PolicyError("face.placement_cuts")
    colour, black = (png(_placed(layer, moved, scale), face.dpi) for layer in layers)
    return CardFace(colour, black, face.dpi)


def _placed(layer: Image.Image, moved: tuple[int, int], scale: float) -> Image.Image:
    white = WHITE if layer.mode == "1" else "white"
    if scale == 1.0:
        shifted = Image.new(layer.mode, layer.size, white)
        shifted.paste(layer, moved)
        return shifted
    if layer.mode != "1":
        return _scaled(layer, moved, scale, Image.Resampling.BICUBIC, white, (0.0, 0.0))
    # Shrinking steps over a dot now and then. Looked at from half that surplus to either side, none is missed.
    aside = max(0.0, 1 / scale - 1) / 2 + 1e-4  # the rest is for Pillow's steps of 1/65536
    drawn = Image.new("1", layer.size, white)
    for look in product((-aside, aside), (-aside, aside)):
        seen = _scaled(layer, moved, scale, Image.Resampling.NEAREST, white, look)
        drawn = ImageChops.logical_and(drawn, seen)  # ink wins
    return drawn


def _scaled(
    layer: Image.Image,
    moved: tuple[int, int],
    scale: float,
    resample: Image.Resampling,
    white: int | str,
    look: tuple[float, float],
) -> Image.Image:
    """Where each dot of the result comes from: x' = (x - middle - moved) / scale + middle + look."""
    x, y = layer.width / 2, layer.height / 2
    across, down = (
        middle - (middle + by) / scale + aside for middle, by, aside in zip((x, y), moved, look, strict=True)
    )
    source = (1 / scale, 0, across, 0, 1 / scale, down)
    return layer.transform(layer.size, Image.Transform.AFFINE, source, resample, fillcolor=white)


def _cuts(layer: Image.Image, moved: tuple[int, int], scale: float) -> bool:
    """Whether ink would fall off the field."""
    ink = ImageChops.invert(layer.convert("L") if layer.mode == "1" else layer).getbbox()
    if ink is None:
        return False
    for axis, size in enumerate(layer.size):
        middle = size / 2
        first, last = ((edge - middle) * scale + middle + moved[axis] for edge in (ink[axis], ink[axis + 2]))
        if first < 0 or last > size:
            return True
    return False
