"""Offset and scale of one printer, to the dot."""

import io
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, ImageChops

from ktpel_desktop.core.calibration import Calibration
from ktpel_desktop.core.errors import PolicyError
from ktpel_desktop.core.ports import CardFace
from ktpel_desktop.documents.card_face import FaceArtist
from ktpel_desktop.documents.face_pictures import png
from ktpel_desktop.documents.face_placement import placed
from tests.documents.samples import RESOURCES

TEST_CARD = FaceArtist(RESOURCES).test_card(training=False)


def face(
    dots: dict[tuple[int, int, int, int], Any], size: tuple[int, int] = (1011, 638), dpi: int = 300
) -> CardFace:
    """Rectangles in the black layer, and the same in blue in the colour layer."""
    colour, black = Image.new("RGB", size, "white"), Image.new("1", size, 255)
    for box in dots:
        black.paste(0, box)
        colour.paste((0, 0, 200), box)
    return CardFace(png(colour, dpi), png(black, dpi), dpi)


def boxes(of: CardFace) -> tuple[tuple[int, int, int, int] | None, tuple[int, int, int, int] | None]:
    colour, black = (Image.open(io.BytesIO(layer)) for layer in (of.colour, of.black))
    return (
        ImageChops.invert(colour.convert("RGB")).getbbox(),
        ImageChops.invert(black.convert("L")).getbbox(),
    )


def _pieces(line: Image.Image) -> list[str]:
    """The runs of ink in one row or column."""
    return "".join("#" if dot == 0 else " " for dot in line.convert("L").tobytes()).split()


def test_nothing_to_do_gives_the_same_face() -> None:
    assert placed(TEST_CARD, Calibration()) is TEST_CARD
    assert placed(TEST_CARD, Calibration(0.04, -0.04)) is TEST_CARD  # half a dot is 0.042 mm


@pytest.mark.parametrize(
    ("offset", "dots"),
    [
        ((1.0, 0.0), (12, 0)),  # 11.81
        ((0.0, -1.0), (0, -12)),
        ((0.05, 0.05), (1, 1)),
        ((-0.25, 2.5), (-3, 30)),  # 2.95, 29.53
        ((25.4 / 300 * 7, -25.4 / 300 * 9), (7, -9)),
    ],
)
def test_an_offset_moves_both_layers_by_whole_dots(
    offset: tuple[float, float], dots: tuple[int, int]
) -> None:
    moved = placed(face({(100, 200, 130, 210): None}), Calibration(*offset))
    wanted = (100 + dots[0], 200 + dots[1], 130 + dots[0], 210 + dots[1])
    assert boxes(moved) == (wanted, wanted)


def test_the_same_millimetres_are_twice_the_dots_at_600() -> None:
    moved = placed(face({(200, 200, 230, 210): None}, (2022, 1275), 600), Calibration(1.0, 0.5))
    assert boxes(moved)[1] == (224, 212, 254, 222)  # 23.62, 11.81


def test_every_dot_of_a_moved_face_is_the_old_one() -> None:
    moved = placed(TEST_CARD, Calibration(1.0, 0.5))
    for before, after in ((TEST_CARD.black, moved.black), (TEST_CARD.colour, moved.colour)):
        old, new = (Image.open(io.BytesIO(layer)) for layer in (before, after))
        assert new.size == old.size
        assert new.mode == old.mode
        assert new.info["dpi"] == old.info["dpi"]
        whole = (0, 0, old.width - 12, old.height - 6)
        shifted = new.crop((12, 6, old.width, old.height))
        assert shifted.tobytes() == old.crop(whole).tobytes()


def test_a_scale_is_about_the_middle_of_the_card() -> None:
    """A block around the middle grows to both sides alike; one far from it moves."""
    grown = placed(face({(305, 219, 705, 419): None}, (1010, 638)), Calibration(0, 0, 1.05))
    assert boxes(grown)[1] == (295, 214, 715, 424)
    shrunk = placed(face({(305, 219, 705, 419): None}, (1010, 638)), Calibration(0, 0, 0.95))
    assert boxes(shrunk)[1] == (315, 224, 695, 414)
    far = placed(face({(905, 300, 907, 302): None}, (1010, 638)), Calibration(0, 0, 1.05))
    box = boxes(far)[1]
    assert box is not None
    assert (box[0], box[2]) in {(925, 927), (925, 928)}


def test_offset_and_scale_together() -> None:
    both = placed(face({(305, 219, 705, 419): None}, (1010, 638)), Calibration(1.0, -1.0, 1.05))
    assert boxes(both)[1] == (307, 202, 727, 412)


def test_a_scaled_black_layer_stays_black_and_white_and_keeps_every_stem() -> None:
    for scale in (0.95, 0.99, 1.003):
        layer = Image.open(io.BytesIO(placed(TEST_CARD, Calibration(0, 0, scale)).black))
        assert layer.mode == "1"
    stripes = face({(x, 100, x + 2, 200): None for x in range(100, 900, 10)})
    row = Image.open(io.BytesIO(placed(stripes, Calibration(0, 0, 0.95)).black)).crop((0, 150, 1011, 151))
    runs = _pieces(row)
    assert len(runs) == 80
    assert set(map(len, runs)) <= {1, 2, 3}


@pytest.mark.parametrize("scale", [0.95, 0.9731, 0.99, 0.9987, 1.0013, 1.05])
def test_no_line_of_one_dot_is_lost_wherever_it_stands(scale: float) -> None:
    """The lines that are measured, a hyphen, the bar of an A: a dot thick at 300 dpi."""
    for start in range(5):
        across, down = range(60 + start, 950, 5), range(60 + start, 580, 5)
        strip = face({(x, 0, x + 1, 40): None for x in across}, (1011, 40))
        row = Image.open(io.BytesIO(placed(strip, Calibration(0.4, 0, scale), may_cut=True).black)).crop(
            (0, 20, 1011, 21)
        )
        assert len(_pieces(row)) == len(across)
        strip = face({(0, y, 40, y + 1): None for y in down}, (40, 638))
        column = Image.open(io.BytesIO(placed(strip, Calibration(0, -0.3, scale), may_cut=True).black))
        assert len(_pieces(column.crop((20, 0, 21, 638)))) == len(down)


@pytest.mark.parametrize("offset", [(-2.0, 0), (2.0, 0), (0, -1.0), (0, 1.0)])
def test_a_face_is_never_cut_silently(offset: tuple[float, float]) -> None:
    near = face({(10, 8, 1001, 630): None})
    with pytest.raises(PolicyError) as refused:
        placed(near, Calibration(*offset))
    assert refused.value.code == "face.placement_cuts"
    assert placed(near, Calibration(*offset), may_cut=True).dpi == 300


def test_a_scale_that_pushes_ink_over_the_edge_is_refused_too() -> None:
    with pytest.raises(PolicyError) as refused:
        placed(face({(10, 8, 1001, 630): None}), Calibration(0, 0, 1.05))
    assert refused.value.code == "face.placement_cuts"


def test_ink_may_reach_the_very_edge() -> None:
    assert boxes(placed(face({(12, 0, 1011, 638): None}), Calibration(-1.0, 0)))[1] == (0, 0, 999, 638)


@settings(max_examples=30)
@given(st.tuples(st.floats(-1.5, 1.5), st.floats(-1.2, 1.2)), st.floats(0.99, 1.01))
def test_a_small_correction_never_loses_a_rectangle(offset: tuple[float, float], scale: float) -> None:
    moved = placed(face({(60, 60, 950, 580): None}), Calibration(*offset, scale))
    box = boxes(moved)[1]
    assert box is not None
    dx, dy = (part * 300 / 25.4 for part in offset)
    for axis, (edge, middle, shift) in enumerate(
        [(60, 505.5, dx), (60, 319, dy), (950, 505.5, dx), (580, 319, dy)]
    ):
        assert abs(box[axis] - ((edge - middle) * scale + middle + shift)) <= 1.01
