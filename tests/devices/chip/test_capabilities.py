"""How long an APDU may be. In doubt short; no ATR ever fails."""

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ktpel_desktop.devices.chip.capabilities import SHORT, Capabilities, read_capabilities


def atr(historical: str, contactless: bool = True) -> bytes:
    """As PC/SC makes it of an ATS: TD1 80, TD2 01, historical bytes, check byte."""
    data = bytes.fromhex(historical)
    body = bytes([(0x80 if contactless else 0x00) | len(data)]) + (b"\x80\x01" if contactless else b"") + data
    check = 0
    for byte in body:
        check ^= byte
    return b"\x3b" + body + (bytes([check]) if contactless else b"")


def says(most: int | None) -> Callable[[], int | None]:
    """A reader that says this of itself."""
    return lambda: most


def unasked() -> int | None:
    pytest.fail("the reader was asked where its answer does not matter")


EXTENDED = atr("80 73 84 01 40")
CHAINING = atr("80 73 84 01 80")
BOTH = atr("80 66 4B5450454C00 73 84 01 C0")
SAYS_NOTHING = atr("80 31 00")


def test_extended_needs_a_card_and_a_reader_that_say_so() -> None:
    assert read_capabilities(EXTENDED, reader_most=says(65536)) == Capabilities(True, False, 65535, 65536)
    assert read_capabilities(EXTENDED, reader_most=says(4096)) == Capabilities(True, False, 4096, 4096)
    assert read_capabilities(EXTENDED) == SHORT
    assert read_capabilities(EXTENDED, reader_most=says(0)) == SHORT
    assert read_capabilities(EXTENDED, reader_most=says(256)) == SHORT
    assert read_capabilities(SAYS_NOTHING, reader_most=says(65536)) == SHORT


def test_the_office_may_speak_for_a_silent_reader_but_not_against_a_short_one() -> None:
    assert read_capabilities(EXTENDED, "panjang") == Capabilities(True, False, 65535, 65536)
    assert read_capabilities(SAYS_NOTHING, "panjang").extended
    assert read_capabilities(EXTENDED, "panjang", reader_most=says(0)) == SHORT
    assert read_capabilities(EXTENDED, "pendek", reader_most=says(65536)) == SHORT
    with pytest.raises(ValueError):
        read_capabilities(EXTENDED, "besar")


@pytest.mark.parametrize(("card", "setting"), [(EXTENDED, "pendek"), (SAYS_NOTHING, "otomatis")])
def test_a_reader_is_not_asked_where_its_answer_does_not_matter(card: bytes, setting: str) -> None:
    """Drivers without part 10 write an error into the system's log at each question (virtual-reader.md 2)."""
    assert read_capabilities(card, setting, unasked) == SHORT


def test_chaining_is_the_cards_word_alone() -> None:
    assert read_capabilities(CHAINING) == Capabilities(chaining=True)
    assert read_capabilities(BOTH, reader_most=says(300)) == Capabilities(True, True, 300, 300)
    assert read_capabilities(BOTH, "pendek").chaining


def test_a_card_with_contacts_says_it_the_same_way() -> None:
    assert read_capabilities(
        atr("00 73 84 01 40 07 90 00", contactless=False), reader_most=says(65536)
    ).extended
    assert not read_capabilities(atr("00 73 84 01 40", contactless=False), reader_most=says(65536)).extended
    real = bytes.fromhex("3BF81300008131FE15597562696B657934D4")  # YubiKey 4: proprietary historical bytes
    assert read_capabilities(real, reader_most=says(65536)) == SHORT


@pytest.mark.parametrize(
    "odd",
    [
        "",
        "3B",
        "3A80",
        "3B80",
        "3B8080",
        EXTENDED.hex()[:-2],
        EXTENDED.hex() + "00",
        EXTENDED.hex()[:-2] + "00",
        atr("80 73 84 01").hex(),
        atr("80 72 84 40").hex(),
        atr("10 73 84 01 40").hex(),
        atr("").hex(),
    ],
)
def test_an_odd_atr_means_short(odd: str) -> None:
    assert read_capabilities(bytes.fromhex(odd), reader_most=says(65536)) == SHORT


@given(st.binary(max_size=40) | st.binary(max_size=15).map(lambda data: atr(data.hex())))
def test_no_atr_ever_fails(raw: bytes) -> None:
    found = read_capabilities(raw, reader_most=says(65536))
    assert found.extended or (found.most_data, found.most_answer) == (255, 256)


def test_an_applet_may_take_less_than_the_card() -> None:
    capable = read_capabilities(EXTENDED, "panjang")
    assert capable.within(2048) == Capabilities(True, False, 2048, 65536)
    assert SHORT.within(2048) == SHORT
