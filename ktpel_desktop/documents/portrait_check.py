"""What is doubtful about a photo or signature, as warning codes for the operator's eye. Nothing is refused here.

The numbers are rules of thumb: they look for pictures that no print can save, and let ordinary ones pass whatever
the skin, hair or veil. The operator decides by looking.
"""

from __future__ import annotations

from colorsys import rgb_to_hsv

from PIL import Image, ImageFilter

from ktpel_desktop.documents.face_pictures import INK

LEAST = (240, 320)
"""The token image of ISO/IEC 19794-5, 60 dots between the eyes; on the card's 19 x 25 mm about 317 dpi."""
ASPECT = 3 / 4
_ASPECT_TOLERANCE = 0.06
_SEEN = (240, 320)
"""All is measured at this size, so that a large picture is judged by what the card can show."""

_FACE = (0.32, 0.28, 0.68, 0.58)
"""Where a face lies in a portrait: left, top, right, bottom as shares."""
_DARK, _BRIGHT = 40, 238
"""Median grey of that place. Below, no feature is told from another; above, the skin is paper-white."""

_SHARP = 0.10
"""The steepest second difference as a share of the contrast. A step blurred by sigma s has 0.24/s²: 0.10 is about
1.6 dots of 240, 0.12 mm on the card."""
_STEEPEST = 0.003
"""Share of the dots that count as the steepest, so that single specks of noise do not."""

_LEFT_EDGE, _RIGHT_EDGE, _EDGE_TOP, _EDGE_BOTTOM = 0.10, 0.90, 0.04, 0.30
"""The ground is looked at beside the head: upper third, outer tenths."""
_GREY, _BLACK = 0.28, 0.16
"""Below this saturation or value a dot has no colour to speak of."""
_HUES = {"red": (335.0, 375.0), "orange": (15.0, 50.0), "blue": (190.0, 265.0)}
_NOT = {
    "red": "photo.ground_not_red",
    "blue": "photo.ground_not_blue",
    "orange": "photo.ground_not_orange",
}


def warnings(photo: Image.Image, birth_year: int, *, foreign: bool) -> tuple[str, ...]:
    """Codes for a photo (RGB): size, shape, light, sharpness, and the colour behind the head."""
    found = []
    if photo.width < LEAST[0] or photo.height < LEAST[1]:
        found.append("photo.too_small")
    if abs(photo.width / photo.height / ASPECT - 1) > _ASPECT_TOLERANCE:
        found.append("photo.wrong_shape")
    seen = photo.resize(_SEEN, Image.Resampling.LANCZOS, reducing_gap=2.0)
    grey = seen.convert("L")
    face = _quantile(grey.crop(_place(_FACE)).histogram(), 0.5)
    if face < _DARK:
        found.append("photo.too_dark")
    elif face > _BRIGHT:
        found.append("photo.too_bright")
    if sharpness(grey) < _SHARP:
        found.append("photo.not_sharp")
    wanted = ground(birth_year, foreign=foreign)
    if not _shows(seen, wanted):
        found.append(_NOT[wanted])
    return tuple(found)


def ground(birth_year: int, *, foreign: bool) -> str:
    """The colour behind the head: red for odd, blue for even birth years (Ditjen Dukcapil 2025), orange for WNA."""
    if foreign:
        return "orange"
    return "red" if birth_year % 2 else "blue"


def signature_warnings(ink: Image.Image) -> tuple[str, ...]:
    """Codes for a signature in grey, its contrast stretched: nearly nothing or nearly everything black."""
    black = sum(ink.histogram()[:INK]) / (ink.width * ink.height)
    if black < 0.002:
        return ("signature.too_faint",)
    return ("signature.too_full",) if black > 0.5 else ()


def sharpness(grey: Image.Image) -> float:
    """The steepest second difference of a grey picture as a share of its contrast; 0 where there is no contrast."""
    levels = grey.histogram()
    contrast = _quantile(levels, 0.98) - _quantile(levels, 0.02)
    if contrast < 8:
        return 0.0
    inside = (1, 1, grey.width - 1, grey.height - 1)  # the filter leaves the rim as it was
    second = [
        grey.filter(ImageFilter.Kernel((3, 3), kernel, scale=1)).crop(inside)
        for kernel in ((0, 0, 0, 1, -2, 1, 0, 0, 0), (0, 1, 0, 0, -2, 0, 0, 1, 0))
    ]
    steepest = max(_quantile(part.histogram(), 1 - _STEEPEST) for part in second)
    return steepest / contrast


def _shows(seen: Image.Image, wanted: str) -> bool:
    """Whether most dots beside the head have the wanted colour."""
    strips = [
        seen.crop(_place((left, _EDGE_TOP, right, _EDGE_BOTTOM))).resize((6, 12), Image.Resampling.BOX)
        for left, right in ((0.01, _LEFT_EDGE), (_RIGHT_EDGE, 0.99))
    ]
    dots = [tuple(strip.tobytes()[at : at + 3]) for strip in strips for at in range(0, 6 * 12 * 3, 3)]
    return sum(_has_hue(dot, _HUES[wanted]) for dot in dots) * 2 > len(dots)


def _has_hue(dot: tuple[int, ...], degrees: tuple[float, float]) -> bool:
    low, high = degrees
    hue, saturation, value = rgb_to_hsv(*(part / 255 for part in dot))
    inside = low <= hue * 360 <= high or low <= hue * 360 + 360 <= high
    return inside and saturation >= _GREY and value >= _BLACK


def _place(shares: tuple[float, float, float, float]) -> tuple[int, int, int, int]:
    left, top, right, bottom = shares
    return (
        round(left * _SEEN[0]),
        round(top * _SEEN[1]),
        round(right * _SEEN[0]),
        round(bottom * _SEEN[1]),
    )


def _quantile(levels: list[int], share: float) -> int:
    """The grey level below which `share` of the dots lie."""
    wanted, seen = share * sum(levels), 0
    for level, count in enumerate(levels):
        seen += count
        if seen >= wanted:
            return level
    return 255
