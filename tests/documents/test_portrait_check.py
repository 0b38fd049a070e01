"""Doubtful photos and signatures warn; nothing but an unreadable picture refuses."""

import io
from dataclasses import replace

import pytest
from PIL import Image, ImageDraw, ImageEnhance, ImageFilter

from ktpel_desktop import resource_files
from ktpel_desktop.core.errors import PolicyError
from ktpel_desktop.documents import portrait_check
from ktpel_desktop.documents.card_face import FaceArtist
from ktpel_desktop.documents.face_pictures import picture
from ktpel_desktop.siak.simulator import biometrics
from ktpel_desktop.siak.simulator.residents import City
from tests.documents.people import BLUE, ORANGE, RED, portrait
from tests.documents.samples import RESOURCES, subject

ARTIST = FaceArtist(RESOURCES)


def _png(image: Image.Image) -> bytes:
    out = io.BytesIO()
    image.save(out, "PNG")
    return out.getvalue()


def photo(ground: tuple[int, int, int] = RED, size: tuple[int, int] = (480, 640)) -> Image.Image:
    return picture(portrait(ground, 0, size), "Foto")


TINY = _png(photo(BLUE).resize((60, 60)))


def warned(of: Image.Image, year: int = 1985, *, foreign: bool = False) -> tuple[str, ...]:
    return portrait_check.warnings(of, year, foreign=foreign)


@pytest.mark.parametrize("suffix", ["PNG", "JPEG"])
def test_an_ordinary_photo_is_left_alone(suffix: str) -> None:
    for place in range(20):  # every skin with every cloth
        assert warned(picture(portrait(RED, place, (480, 640), suffix), "Foto")) == ()


def test_the_photos_of_the_training_office_are_left_alone() -> None:
    city = City(resource_files.load_regions(), RESOURCES / "siak" / "latihan", year=2026, size=150)
    for resident in city.values():
        of = picture(biometrics.photo(resident), "Foto")
        assert warned(of, resident.birth_date.year, foreign=resident.foreign) == ()
        ink = picture(biometrics.signature(resident), "Tanda tangan").convert("L")
        assert portrait_check.signature_warnings(ink) == ()


@pytest.mark.parametrize(
    ("year", "foreign", "ground", "code"),
    [
        (1985, False, RED, None),
        (1984, False, BLUE, None),
        (1985, True, ORANGE, None),
        (1984, True, ORANGE, None),
        (1985, False, BLUE, "photo.ground_not_red"),
        (1985, False, ORANGE, "photo.ground_not_red"),
        (1984, False, RED, "photo.ground_not_blue"),
        (1984, False, (230, 230, 230), "photo.ground_not_blue"),
        (1984, False, (20, 20, 30), "photo.ground_not_blue"),
        (1984, True, BLUE, "photo.ground_not_orange"),
        (1985, True, RED, "photo.ground_not_orange"),
    ],
)
def test_the_ground_is_red_for_odd_blue_for_even_years_and_orange_for_foreigners(
    year: int, foreign: bool, ground: tuple[int, int, int], code: str | None
) -> None:
    assert warned(photo(ground), year, foreign=foreign) == (() if code is None else (code,))


@pytest.mark.parametrize(
    "ground", [(219, 21, 20), (170, 20, 40), (150, 0, 0), (230, 60, 70), (200, 20, 60), (190, 40, 30)]
)
def test_many_reds_are_red(ground: tuple[int, int, int]) -> None:
    assert warned(photo(ground)) == ()


@pytest.mark.parametrize("ground", [(0, 0, 255), (30, 90, 180), (0, 120, 200), (70, 130, 180), (20, 30, 110)])
def test_many_blues_are_blue(ground: tuple[int, int, int]) -> None:
    assert warned(photo(ground), 1984) == ()


def test_a_photo_below_the_token_image_is_too_small() -> None:
    assert warned(photo().resize((240, 320))) == ()
    assert warned(photo().resize((239, 319))) == ("photo.too_small",)
    assert "photo.too_small" in warned(photo().resize((60, 80)))


@pytest.mark.parametrize("size", [(640, 480), (640, 640), (480, 800)])
def test_another_shape_than_3_by_4_is_told(size: tuple[int, int]) -> None:
    assert "photo.wrong_shape" in warned(photo(size=size))


def test_dark_and_bright_faces_are_told() -> None:
    dim = ImageEnhance.Brightness(photo())
    assert "photo.too_dark" in warned(dim.enhance(0.1))
    assert "photo.too_dark" not in warned(dim.enhance(0.5))
    assert "photo.too_bright" in warned(Image.blend(photo(), Image.new("RGB", (480, 640), "white"), 0.95))


def test_a_blurred_photo_is_told_whatever_its_size() -> None:
    for size in ((240, 320), (480, 640), (960, 1280)):
        of = photo().resize(size, Image.Resampling.LANCZOS)
        assert "photo.not_sharp" not in warned(of)
        assert "photo.not_sharp" in warned(of.filter(ImageFilter.GaussianBlur(size[0] / 80)))
    assert "photo.not_sharp" in warned(photo().resize((30, 40)).resize((480, 640), Image.Resampling.BICUBIC))
    assert "photo.not_sharp" in warned(Image.new("RGB", (480, 640), RED))


def test_signatures_that_would_print_empty_or_black_are_told() -> None:
    white = Image.new("L", (400, 160), 255)
    assert portrait_check.signature_warnings(white) == ("signature.too_faint",)
    assert portrait_check.signature_warnings(Image.new("L", (400, 160), 0)) == ("signature.too_full",)
    ImageDraw.Draw(white).line((20, 80, 380, 90), fill=0, width=3)
    assert portrait_check.signature_warnings(white) == ()


def test_the_artist_tells_all_of_one_subject_together() -> None:
    odd = subject(name="RADEN AJENG KUSUMANINGTYAS WIDYANINGRUM", photo=TINY)
    found = ARTIST.warnings(odd)
    assert found[0] == "face.name_long"
    assert {"photo.too_small", "photo.wrong_shape", "photo.ground_not_red"} <= set(found)
    assert ARTIST.warnings(subject()) == ()
    assert ARTIST.warnings(subject(signature=_png(Image.new("L", (300, 100), 255)))) == (
        "signature.too_faint",
    )


def test_a_doubtful_photo_still_prints_and_an_unreadable_one_is_refused() -> None:
    tiny = subject(photo=TINY)
    assert ARTIST.proof(tiny, training=True)
    for call in (ARTIST.warnings, lambda of: ARTIST.proof(of, training=True)):
        with pytest.raises(PolicyError) as refused:
            call(replace(tiny, photo=b"\xff\xd8\xff not a picture"))
        assert refused.value.code == "face.picture_unreadable"


def test_every_warning_has_its_words() -> None:
    words = resource_files.texts("galat")
    source = (resource_files.root().parent / "ktpel_desktop/documents/portrait_check.py").read_text("utf-8")
    codes = {code for code in words if code.startswith(("photo.", "signature."))}
    assert len(codes) == 10
    assert all(f'"{code}"' in source for code in codes)
