"""Alignment and test card: every line where it says it is, nobody's data, CONTOH where it must be."""

import io
from datetime import date

import pytest
from PIL import Image, ImageChops

from ktpel_desktop.core.calibration import Calibration
from ktpel_desktop.core.ports import CardFace
from ktpel_desktop.documents.alignment_face import COLOURS, FRAME, PATTERNS, alignment_face
from ktpel_desktop.documents.card_face import FaceArtist
from ktpel_desktop.documents.writer import PaperWriter
from tests.documents.samples import RESOURCES
from tests.documents.test_writer import OFFICE

DAY = date(2026, 11, 23)
HEADS = ["id1_300", "id1_600", "evolis_300", "fargo_hdp5000_300"]


def layers(face: CardFace) -> tuple[Image.Image, Image.Image]:
    colour, black = (Image.open(io.BytesIO(layer)) for layer in (face.colour, face.black))
    return colour.convert("RGB"), black


@pytest.mark.parametrize("head", HEADS)
def test_the_ruler_has_a_tick_for_each_millimetre_at_every_edge(head: str) -> None:
    artist = FaceArtist(RESOURCES, head=head)
    _, black = layers(alignment_face(artist, "EVOLIS", DAY, Calibration(), training=False))
    (left, top), (width, height) = artist.origin, artist.template.pixels
    px, ink = artist.template.px, black.load()
    assert ink is not None
    for mm in range(1, 86):
        assert ink[left + px(mm), top] == 0, mm  # the first dot of the card's upper edge
        assert ink[left + px(mm), top + height - 1] == 0, mm
        assert ink[left + px(mm - 0.5), top] == 255, mm
    for mm in range(1, 54):
        assert ink[left, top + px(mm)] == 0, mm
        assert ink[left + width - 1, top + px(mm)] == 0, mm
        assert ink[left, top + px(mm - 0.5)] == 255, mm
    assert black.size == artist.head.pixels


@pytest.mark.parametrize("head", HEADS)
def test_the_measured_lines_stand_ten_millimetres_from_each_edge(head: str) -> None:
    artist = FaceArtist(RESOURCES, head=head)
    _, black = layers(alignment_face(artist, "EVOLIS", DAY, Calibration(), training=False))
    (left, top), px = artist.origin, artist.template.px
    wide, high = artist.template.width, artist.template.height
    for y in (FRAME + 1, 30, high - FRAME - 1):
        row = [x for x in range(left + px(8), left + px(12)) if black.getpixel((x, top + px(y))) == 0]
        assert left + px(FRAME) in row
        row = [x for x in range(left + px(74), left + px(77)) if black.getpixel((x, top + px(y))) == 0]
        assert left + px(wide - FRAME) in row
        assert len(row) <= max(1, px(0.12))
    for x in (FRAME + 1, wide - FRAME - 1):
        assert black.getpixel((left + px(x), top + px(FRAME))) == 0
        assert black.getpixel((left + px(x), top + px(high - FRAME))) == 0


def test_the_crosses_meet_in_the_middle_and_the_patches_are_there() -> None:
    artist = FaceArtist(RESOURCES)
    colour, black = layers(alignment_face(artist, "EVOLIS", DAY, Calibration(), training=False))
    assert black.getpixel((artist.template.px(42.8), artist.template.px(26.99))) == 0
    found = {value for _, value in colour.getcolors(100_000) or []}
    assert found == {(255, 255, 255), *COLOURS}, "the colour layer holds flat patches only"
    assert [pattern(12, 12).convert("L").histogram()[0] for pattern in PATTERNS] == [144, 72, 72, 72, 72]


def test_offset_and_scale_are_told_and_nothing_else_changes() -> None:
    artist = FaceArtist(RESOURCES)
    plain = layers(alignment_face(artist, "EVOLIS", DAY, Calibration(), training=False))[1]
    told = layers(alignment_face(artist, "EVOLIS", DAY, Calibration(0.5, -0.25, 1.002), training=False))[1]
    assert plain.tobytes() != told.tobytes()
    px = artist.template.px
    for image in (plain, told):
        image.paste(255, (0, px(36.5), 1011, px(38.8)))
    assert plain.tobytes() == told.tobytes()


def test_a_long_name_of_a_printer_stays_between_the_lines() -> None:
    artist = FaceArtist(RESOURCES)
    _, black = layers(alignment_face(artist, "PRINTER " * 40, DAY, Calibration(), training=False))
    px = artist.template.px
    row = black.crop((px(10.3), px(31.5), px(75.4), px(34.2))).convert("L")
    assert row.crop((0, 0, 6, row.height)).getextrema() == (255, 255)
    assert row.crop((row.width - 6, 0, row.width, row.height)).getextrema() == (255, 255)
    assert row.getextrema() == (0, 255)


def test_in_training_the_alignment_card_says_so() -> None:
    artist = FaceArtist(RESOURCES)
    one, two = (
        alignment_face(artist, "EVOLIS", DAY, Calibration(), training=training) for training in (True, False)
    )
    assert one.black != two.black


@pytest.mark.parametrize("training", [True, False])
def test_the_test_card_always_carries_contoh(training: bool) -> None:
    artist = FaceArtist(RESOURCES)
    colour, _ = layers(artist.test_card(training=training))
    red, green, _ = colour.crop((100, 200, 600, 600)).split()
    reddish = ImageChops.subtract(red, green).histogram()
    assert sum(reddish[60:]) > 2000


def test_the_writer_places_the_alignment_card_and_gives_the_same_bytes() -> None:
    papers = PaperWriter(RESOURCES, OFFICE, head="evolis_300")
    card = papers.alignment_card("EVOLIS ZENIUS", Calibration(), DAY)
    assert card == papers.alignment_card("EVOLIS ZENIUS", Calibration(), DAY)
    assert layers(card)[1].size == (1016, 648)
    moved = papers.alignment_card("EVOLIS ZENIUS", Calibration(right_mm=1.0), DAY)
    one, two = layers(card)[1], layers(moved)[1]
    assert two.crop((12, 0, 1016, 400)).tobytes() == one.crop((0, 0, 1004, 400)).tobytes()
    assert papers.test_card() == papers.test_card()
