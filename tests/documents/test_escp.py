"""ESC/P: what the bytes are, that they stay on the form, and that the picture refuses what a printer would misprint."""

import io

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from ktpel_desktop.documents.escp import Form, Line, Pins, Pitch, document
from ktpel_desktop.documents.escp_picture import pictures
from tests.documents.samples import RESOURCES

HALF, WHOLE = Form(Pins.NINE, 11), Form(Pins.TWENTY_FOUR, 22)
FORMS = [Form(pins, half_inches) for pins in Pins for half_inches in (11, 22)]
START = b"\x1bR\x00\x1bP\x1b2"


def test_the_bytes_of_a_small_form() -> None:
    lines = [
        Line("A", bold=True),
        Line(),
        Line("b", Pitch.TWELVE),
        Line("c", Pitch.CONDENSED),
        Line("7", Pitch.LARGE),
    ]
    assert document(HALF, [lines]) == (
        b"\x1b@\x1bx\x00\x1bG" + START + b"\x1bC\x21\x1bN\x03\x1bl\x02"
        b"\x1bEA\x1bF\r\n\r\n\x1bMb\x1bP\r\n\x0fc\x12\r\n\x1bW\x01\x1bw\x017\x1bw\x00\x1bW\x00\r\x0c"
    )
    assert document(WHOLE, [[Line("A")], [Line("B")]]) == (
        b"\x1b@\x1bx\x01\x1bk\x01" + START + b"\x1bC\x42\x1bN\x03\x1bl\x02A\r\x0cB\r\x0c"
    )


@pytest.mark.parametrize("pitch", Pitch)
@pytest.mark.parametrize("form", FORMS)
def test_a_full_form_of_the_longest_lines_fits_and_one_more_does_not(form: Form, pitch: Pitch) -> None:
    full = [Line("top"), *[Line("x" * pitch.columns, pitch)] * (form.room - 1)]
    (drawn,) = pictures(document(form, [full]), RESOURCES)
    assert Image.open(io.BytesIO(drawn)).size == (1140, form.half_inches * 60)
    with pytest.raises(ValueError, match="lines on a form"):
        document(form, [[*full, Line()]])
    with pytest.raises(ValueError, match="too long"):
        document(form, [[Line("x" * (pitch.columns + 1), pitch)]])


@pytest.mark.parametrize("text", ["\x1b@", "a\nb", "\x0c", "\x7f", "é", "\x9b"])
def test_no_line_holds_a_command(text: str) -> None:
    with pytest.raises(ValueError, match="not plain"):
        document(HALF, [[Line(text)]])


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (b"\x1bJ\x10", "unknown command"),
        (b"\x9b", "unknown command"),
        (b"\x1bC", "unknown command"),
        (b"x", "outside the form"),
        (b"\x1bC\x00\x0b", "1 to 127"),
        (b"\x1bC\x21\x1bN\x21", "form that is longer"),
        (b"\x1bC\x21" + b"x" * 81, "longer than the printer"),
        (b"\x1bC\x21x" + b"\r\n" * 33, "by itself"),
        (b"\x1bC\x21\x1bN\x03x" + b"\r\n" * 30, "by itself"),
        (b"\x1bC\x21\r\x0c", "empty form"),
        (b"\x1bC\x21x\r\n", "top of a form"),
        (b"\x1bC\x21\x1bM\x0fx", "not the same"),
        (b"\x1bR\x01", "another country"),
        (b"\x1bC\x21\x1bw\x01x", "never high"),
        (b"\x1bx\x02", "never set"),
        (b"", "top of a form"),
    ],
)
def test_the_picture_refuses_what_a_printer_would_misprint(data: bytes, why: str) -> None:
    with pytest.raises(ValueError, match=why):
        pictures(data, RESOURCES)


def test_bold_large_and_narrow_letters_look_so() -> None:
    def ink(line: Line) -> tuple[int, int, int]:
        (plain,) = pictures(document(WHOLE, [[Line("."), Line(), line]]), RESOURCES)
        words = Image.open(io.BytesIO(plain)).crop((100, 20, 1040, 200)).point(lambda grey: 255 - grey)
        left, top, right, bottom = words.point(lambda grey: 255 if grey > 60 else 0).getbbox() or (0, 0, 0, 0)
        return right - left, bottom - top, sum(words.histogram()[100:])

    wide, high, dark = ink(Line("HHHHHHHHHH"))
    assert ink(Line("HHHHHHHHHH", bold=True))[2] > dark
    assert ink(Line("HHHHHHHHHH", Pitch.CONDENSED))[0] < 0.65 * wide
    assert ink(Line("HHHHHHHHHH", Pitch.TWELVE))[0] < 0.9 * wide
    large = ink(Line("HHHHHHHHHH", Pitch.LARGE))
    assert (large[0] > 1.8 * wide, large[1] > 1.6 * high) == (True, True)


@given(st.binary(max_size=40))
def test_any_bytes_are_drawn_or_refused(data: bytes) -> None:
    try:
        drawn = pictures(data, RESOURCES)
    except ValueError:
        return
    assert all(one.startswith(b"\x89PNG") for one in drawn)
