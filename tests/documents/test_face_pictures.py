"""Pictures from SIAK are bytes from outside: read right, or refused by the name of their field."""

import io
import random

import pytest
from PIL import Image, ImageChops, ImageOps, ImageStat

from ktpel_desktop.core.errors import PolicyError
from ktpel_desktop.documents.face_pictures import as_ink, paste_inside, picture
from tests.documents.people import RED, portrait

SMALL = Image.open(io.BytesIO(portrait(RED))).resize((60, 80))


def encoded(image: Image.Image, kind: str = "PNG", **options: object) -> bytes:
    out = io.BytesIO()
    image.save(out, kind, **options)
    return out.getvalue()


def turned(way: int) -> bytes:
    exif = SMALL.getexif()
    exif[0x0112] = way
    return encoded(SMALL, "JPEG", exif=exif, quality=95)


@pytest.mark.parametrize("way", range(10))
def test_a_photo_that_was_taken_sideways_is_set_upright(way: int) -> None:
    found = picture(turned(way), "Foto")
    with Image.open(io.BytesIO(turned(way))) as raw:
        upright = ImageOps.exif_transpose(raw).convert("RGB")
    assert found.mode == "RGB"
    assert found.tobytes() == upright.tobytes()


@pytest.mark.parametrize("mode", ["1", "L", "P", "RGB", "RGBA", "LA", "I;16"])
def test_every_kind_of_png_is_shown(mode: str) -> None:
    grey = SMALL.convert("L")
    image = Image.new("I;16", grey.size, 30_000) if mode == "I;16" else SMALL.convert(mode)
    assert picture(encoded(image), "Foto").mode == "RGB"


def test_a_jpeg_in_print_colours_is_shown_in_its_colours() -> None:
    found = picture(encoded(SMALL.convert("CMYK"), "JPEG", quality=95), "Foto")
    assert max(ImageStat.Stat(ImageChops.difference(found, SMALL)).mean) < 12


def test_what_is_transparent_is_white() -> None:
    clear = Image.new("RGBA", (40, 40), (0, 0, 0, 0))
    clear.paste((10, 20, 30, 255), (10, 10, 20, 20))
    found = picture(encoded(clear), "Tanda tangan")
    assert found.getpixel((0, 0)) == (255, 255, 255)
    assert found.getpixel((15, 15)) == (10, 20, 30)


@pytest.mark.filterwarnings(
    "ignore::UserWarning"
)  # Pillow grumbles about bad tags of pictures that it can show
def test_damaged_bytes_are_shown_or_refused_and_nothing_else() -> None:
    chance = random.Random(4)
    exif = SMALL.getexif()
    exif[0x0112], exif[0x010E], exif[0x9286] = 6, "text", b"x" * 40
    whole = [encoded(SMALL, "JPEG", exif=exif), encoded(SMALL, exif=exif), encoded(SMALL.convert("P"))]
    outcomes = set()
    for _ in range(1500):
        data = bytearray(chance.choice(whole))
        for _ in range(chance.choice((1, 2, 8))):
            data[chance.randrange(min(len(data), chance.choice((80, 300, 9000))))] = chance.randrange(256)
        if chance.random() < 0.2:
            data = data[: chance.randrange(len(data))]
        try:
            outcomes.add(picture(bytes(data), "Foto").mode)
        except PolicyError as refused:
            outcomes.add(refused.code)
    assert outcomes == {"RGB", "face.picture_unreadable"}


@pytest.mark.parametrize("kind", ["BMP", "GIF", "TIFF", "WEBP", "ICO"])
def test_other_kinds_of_files_are_refused(kind: str) -> None:
    with pytest.raises(PolicyError):
        picture(encoded(SMALL, kind), "Foto")


def test_a_picture_that_would_eat_memory_is_refused_unopened() -> None:
    with pytest.raises(PolicyError) as refused:
        picture(encoded(Image.new("1", (7000, 6000))), "Foto")
    assert refused.value.params == {"field": "Foto"}


@pytest.mark.parametrize("size", [(1, 4000), (4000, 1), (1, 1), (3, 4)])
def test_any_shape_is_fitted_whole(size: tuple[int, int]) -> None:
    onto = Image.new("RGB", (300, 400), "white")
    paste_inside(onto, Image.new("RGB", size, "black"), (50, 60, 250, 340))
    box = ImageChops.invert(onto).getbbox()
    assert box is not None
    assert box[0] >= 50
    assert box[1] >= 60
    assert box[2] <= 250
    assert box[3] <= 340
    assert box[2] - box[0] == 200 or box[3] - box[1] == 280


def test_a_faint_signature_becomes_black() -> None:
    faint = Image.new("L", (100, 40), 250)
    faint.paste(225, (20, 10, 60, 20))
    assert as_ink(faint).getextrema() == (0, 255)
