"""A face becomes panels, and the simulated printer draws the same card from them, written apart."""

import io

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image, ImageChops

from ktpel_desktop.core.errors import Effect
from ktpel_desktop.core.ports import CardFace
from ktpel_desktop.devices.card_printer.evolis.packing import (
    BITS,
    LINE_BYTES,
    LINES,
    pack,
    panel_bytes,
    squeeze,
)
from ktpel_desktop.devices.card_printer.evolis.panels import Layout, Overlay, downloads
from ktpel_desktop.devices.simulator.evolis.drawing import Drawn, unpacked, unsqueezed
from tests.devices.card_printer.evolis.rigs import face, failure, furthest, png, text_on

WHITE_BLACK = png(Image.new("1", (1016, 648), 1))


def drawn(card: CardFace, layout: Layout | None = None) -> Drawn:
    found = {}
    for command in downloads(card, layout or Layout()):
        panel, second = command.parameters[:2]
        data = command.payload or b""
        opened = unsqueezed(data) if command.name == "Dbc" else data
        assert opened is not None
        found[panel] = ("2" if command.name == "Dbc" else second, opened)
    return Drawn(found)


@given(st.binary(min_size=8, max_size=64), st.sampled_from([5, 6, 7]))
def test_packed_bits_are_the_upper_bits_without_gaps(values: bytes, bits: int) -> None:
    values = values[: len(values) // 8 * 8]
    text = "".join(format(value >> (8 - bits), f"0{bits}b") for value in values)
    assert pack(values, bits) == int(text, 2).to_bytes(len(text) // 8)
    assert [value >> (8 - bits) for value in unpacked(pack(values, bits), bits)] == [
        value >> (8 - bits) for value in values
    ]


def test_packing_is_that_of_the_public_cups_filter() -> None:
    """ReduceColor, case 7: byte 0 is pixel 0 shifted by one, joined with the top bit of pixel 1, and so on."""
    eight = bytes([254, 2, 128, 64, 32, 16, 8, 6])
    p = [value >> 1 for value in eight]
    want = [
        *((p[0] << 1) | (p[1] >> 6), (p[1] << 2) | (p[2] >> 5), (p[2] << 3) | (p[3] >> 4)),
        *((p[3] << 4) | (p[4] >> 3), (p[4] << 5) | (p[5] >> 2), (p[5] << 6) | (p[6] >> 1)),
        (p[6] << 7) | p[7],
    ]
    assert pack(eight, 7) == bytes(value & 0xFF for value in want)


def test_a_panel_has_the_length_of_the_guides_formula() -> None:
    assert {levels: panel_bytes(levels) for levels in BITS} == {2: 82296, 32: 411480, 64: 493776, 128: 576072}


@given(
    st.lists(
        st.one_of(
            st.just(b""), st.just(b"\xff" * LINE_BYTES), st.binary(min_size=LINE_BYTES, max_size=LINE_BYTES)
        ),
        max_size=12,
    )
)
def test_a_compressed_panel_opens_to_itself(lines: list[bytes]) -> None:
    panel = b"".join(line.ljust(LINE_BYTES, b"\x00") for line in lines).ljust(LINE_BYTES * LINES, b"\x00")
    assert unsqueezed(squeeze(panel)) == panel


def test_compression_is_that_of_the_guide() -> None:
    white, black = b"\x00" * LINE_BYTES, b"\xff" * LINE_BYTES
    some = (b"\x00\x80\x01").ljust(LINE_BYTES, b"\x00")
    assert squeeze(white + black + some) == b"\x00\xff\x03\x00\x80\x01"


@pytest.mark.parametrize("compressed", [False, True])
def test_black_is_exact_to_the_pixel(compressed: bool) -> None:
    card = face("NIK 3174")
    result = drawn(card, Layout(compressed=compressed))
    with Image.open(io.BytesIO(card.black)) as sent:
        assert ImageChops.difference(result.black().convert("L"), sent.convert("L")).getbbox() is None
    assert text_on(result) == "NIK 3174"


@pytest.mark.parametrize(("levels", "step"), [(128, 2), (64, 4), (32, 8)])
def test_colour_is_exact_to_the_level(levels: int, step: int) -> None:
    gradient = Image.merge(
        "RGB",
        [
            Image.linear_gradient("L").resize((1016, 648)),
            Image.linear_gradient("L").rotate(90).resize((1016, 648)),
            Image.new("L", (1016, 648), 77),
        ],
    )
    result = drawn(CardFace(png(gradient), WHITE_BLACK, 300), Layout(levels=levels))
    assert furthest(result.colour(), gradient) < step


def test_the_first_pixel_is_the_lower_left_one() -> None:
    black = Image.new("1", (1016, 648), 1)
    black.putpixel((0, 647), 0)
    card = CardFace(png(Image.new("RGB", (1016, 648), "white")), png(black), 300)
    k = downloads(card, Layout())[3]
    assert k.parameters == ("k", "2")
    assert (k.payload or b"")[:2] == b"\x80\x00"
    assert not any((k.payload or b"")[1:])


def test_white_paper_gets_no_ink_and_the_whole_card_gets_varnish() -> None:
    card = CardFace(png(Image.new("RGB", (1016, 648), "white")), WHITE_BLACK, 300)
    loads = downloads(card, Layout())
    assert [load.parameters for load in loads] == [
        *(("y", "128"), ("m", "128"), ("c", "128"), ("k", "2"), ("o", "2"))
    ]
    assert [set(load.payload or b"") for load in loads] == [{0}, {0}, {0}, {0}, {255}]
    assert set(downloads(card, Layout(overlay=Overlay.NONE))[4].payload or b"") == {0}


def test_id1_artwork_lies_in_the_middle() -> None:
    card = face("X", (1011, 638))
    laid = drawn(card).black().convert("L")
    with Image.open(io.BytesIO(card.black)) as sent:
        assert laid.crop((2, 5, 2 + 1011, 5 + 638)).tobytes() == sent.convert("L").tobytes()
    assert text_on(drawn(card)) == "X"


def refusal(card: CardFace, layout: Layout | None = None) -> tuple[str, Effect]:
    return failure(lambda: downloads(card, layout or Layout()))


@pytest.mark.parametrize(
    "card",
    [
        CardFace(b"colour", b"black", 300),
        CardFace(face().colour, b"", 300),
        CardFace(face().colour[:2000], face().black, 300),
        CardFace(face().colour, face().black, 600),
        CardFace(png(Image.new("RGB", (2022, 1276), "white")), WHITE_BLACK, 300),
    ],
    ids=["no pictures", "no black", "cut off", "600 dpi", "too large"],
)
def test_artwork_that_is_no_face_is_refused(card: CardFace) -> None:
    assert refusal(card) == ("printer.artwork_unusable", Effect.NONE)


def test_levels_that_the_guide_does_not_know_are_refused_at_once() -> None:
    for levels in (2, 256):
        with pytest.raises(ValueError):
            Layout(levels=levels)
