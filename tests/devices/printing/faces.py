"""A card face on which every pixel counts: noise in colour, thin lines and a corner mark in black."""

import random
from io import BytesIO

from PIL import Image, ImageChops, ImageDraw

from ktpel_desktop.core.ports import CardFace


def png(image: Image.Image) -> bytes:
    out = BytesIO()
    image.save(out, "PNG", compress_level=1)
    return out.getvalue()


def opened(data: bytes) -> Image.Image:
    with Image.open(BytesIO(data)) as image:
        return image.convert("RGB")


def face(width: int = 1011, height: int = 638, dpi: int = 300) -> CardFace:
    noise = random.Random(7).randbytes(width * height * 3)
    black = Image.new("1", (width, height), 1)
    draw = ImageDraw.Draw(black)
    for x in range(20, width, 37):
        draw.line((x, 40, x, height - 40), fill=0)
    draw.rectangle((0, 0, 30, 15), fill=0)
    return CardFace(png(Image.frombytes("RGB", (width, height), noise)), png(black), dpi)


def share_different(one: Image.Image, other: Image.Image) -> float:
    """The share of pixels that differ by more than a rounding, over what both have."""
    box = (0, 0, min(one.width, other.width), min(one.height, other.height))
    difference = ImageChops.difference(one.crop(box), other.crop(box)).convert("L")
    return sum(difference.histogram()[6:]) / (box[2] * box[3])
