"""Pictures on a card: photo and signature opened safely, fitted whole into their boxes, layers written as PNG."""

from __future__ import annotations

from io import BytesIO

from PIL import ExifTags, Image, ImageOps

from ktpel_desktop.core.errors import PolicyError
from ktpel_desktop.core.ports import CardFace

WHITE, BLACK = 255, 0
INK = 128
"""Grey below this becomes black in the 1-bit layer, after the contrast was stretched."""
_MOST_PIXELS = 40_000_000
"""A picture larger than this (about 6,300 x 6,300) is no portrait; opening it would only eat memory."""
_TURNS = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}
"""What undoes each EXIF orientation. Pillow's exif_transpose would also write the tags anew and fall over bad ones."""


def picture(data: bytes, field: str) -> Image.Image:
    """An encoded picture as RGB on white. Raises PolicyError "face.picture_unreadable"."""
    try:
        with Image.open(BytesIO(data), formats=("JPEG", "PNG")) as opened:
            if opened.width * opened.height > _MOST_PIXELS:
                raise PolicyError("face.picture_unreadable", field=field)
            opened.load()
            found: Image.Image = opened
            turn = _TURNS.get(opened.getexif().get(ExifTags.Base.Orientation, 1))
            if turn is not None:
                found = opened.transpose(turn)
            if found.has_transparency_data:
                found = found.convert("RGBA")
                ground = Image.new("RGBA", found.size, "white")
                found = Image.alpha_composite(ground, found)
            return found if found.mode == "RGB" else found.convert("RGB")
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError, Image.DecompressionBombWarning):
        raise PolicyError("face.picture_unreadable", field=field) from None


def as_ink(signature: Image.Image) -> Image.Image:
    """A signature in grey with its contrast stretched, as it goes into the black layer."""
    return ImageOps.autocontrast(signature.convert("L"))


def paste_inside(onto: Image.Image, drawn: Image.Image, box: tuple[int, int, int, int]) -> None:
    """Fit the whole picture into the middle of the box; nothing is cropped."""
    left, top, right, bottom = box
    room = (right - left, bottom - top)
    scale = min(room[0] / drawn.width, room[1] / drawn.height)
    size = (max(1, round(drawn.width * scale)), max(1, round(drawn.height * scale)))
    fitted = drawn.resize(size, Image.Resampling.LANCZOS, reducing_gap=2.0)
    if onto.mode == "1":
        fitted = fitted.point(lambda grey: WHITE if grey >= INK else BLACK, mode="1")
    onto.paste(fitted, (left + (room[0] - size[0]) // 2, top + (room[1] - size[1]) // 2))


def png(image: Image.Image, dpi: int) -> bytes:
    """PNG with its resolution. Level 1: the artwork lives for seconds, and time counts more than size."""
    out = BytesIO()
    image.save(out, "PNG", compress_level=1, dpi=(dpi, dpi))
    return out.getvalue()


def seen(face: CardFace) -> bytes:
    """PNG of both layers in one picture, as the eye sees them on the card."""
    with Image.open(BytesIO(face.colour)) as colour, Image.open(BytesIO(face.black)) as black:
        drawn = colour.convert("RGB")
        drawn.paste("black", (0, 0), ImageOps.invert(black.convert("L")))
    return png(drawn, face.dpi)
