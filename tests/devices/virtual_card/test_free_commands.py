"""What needs no key, by aplet-acuan.md: ATR, SELECT, GET DATA and free READ BINARY, with each refusal."""

from __future__ import annotations

from functools import reduce
from operator import xor

import pytest

from ktpel_desktop.devices.simulator.virtual_card.answer_to_reset import build_atr
from ktpel_desktop.devices.simulator.virtual_card.card import VirtualCard
from tests.devices.virtual_card.host import (
    MASTERS,
    SELECT,
    SERIAL,
    SERIAL_COMMAND,
    Host,
    ask,
    card_with_files,
    new_card,
    sw,
)


@pytest.mark.parametrize(("extended", "chaining", "said"), [(False, False, 0), (True, True, 0xC0)])
def test_the_atr_offers_t1_and_tells_its_capabilities(extended: bool, chaining: bool, said: int) -> None:
    atr = new_card(extended=extended, chaining=chaining).atr
    assert atr[0] == 0x3B
    assert reduce(xor, atr[1:]) == 0
    assert atr[2:4] == b"\x80\x01"
    historical = atr[4:-1]
    assert len(historical) == atr[1] & 0x0F
    assert historical[:2] == b"\x80\x73"
    assert historical[4] == said


def test_a_name_that_does_not_fit_is_refused() -> None:
    with pytest.raises(ValueError, match="15"):
        build_atr(b"0123456789")


@pytest.mark.parametrize("serial", ["", "1234567890123", "2026000000000x", chr(0xFF12) * 14])
def test_a_serial_has_14_digits(serial: str) -> None:
    with pytest.raises(ValueError, match="14 digits"):
        VirtualCard(serial, MASTERS)


# --- SELECT, GET DATA


def test_select_tells_aid_life_cycle_files_and_length() -> None:
    card = new_card()
    assert card.process(SELECT) == bytes.fromhex(
        "6F17 8407F04B5450454C01 8A0103 A509 DF200100 DF210200FF 9000"
    )
    host = Host(card_with_files())
    host.open()
    assert host.send("84440000") == (b"", 0x9000)
    answer = host.select()
    assert answer[11:14] == bytes.fromhex("8A0105")
    assert bytes.fromhex("DF200104") in answer


def test_extended_cards_take_longer_data() -> None:
    assert b"\xdf\x21\x02\x08\x00" in new_card(extended=True).process(SELECT)


@pytest.mark.parametrize(
    ("command", "answer"),
    [
        ("00A4040007F04B5450454C0200", "6A82"),
        ("00A404000000", "6700"),
        ("00A4040007F04B5450454C01", "9000"),
        ("00A4040C07F04B5450454C0100", "9000"),
        ("00A4000007F04B5450454C0100", "6A86"),
        ("00A4040007F04B5450454C0110", "6C19"),
        ("04A4040007F04B5450454C0100", "6E00"),
        ("80A4040007F04B5450454C0100", "6E00"),
    ],
)
def test_select_refuses(command: str, answer: str) -> None:
    assert ask(new_card(), command).hex().upper() == answer


def test_a_card_without_the_applet_is_another_card() -> None:
    card = new_card(installed=False)
    assert card.process(SELECT) == b"\x6a\x82"
    assert card.process(SERIAL_COMMAND) == b"\x69\x85"


def test_the_serial_is_free_after_select() -> None:
    card = new_card()
    assert card.process(SERIAL_COMMAND) == b"\x69\x85"
    card.process(SELECT)
    assert card.process(SERIAL_COMMAND) == b"\x45\x07" + bytes.fromhex(SERIAL) + b"\x90\0"
    assert ask(card, "80CA004509") == b"\x45\x07" + bytes.fromhex(SERIAL) + b"\x90\0"


@pytest.mark.parametrize(
    ("command", "answer"),
    [
        ("80CA0045", "6700"),
        ("80CA004508", "6C09"),
        ("80CA0066 00", "6A88"),
        ("80CA00450100 00", "6700"),
        ("00CA004500", "6E00"),
        ("84CA004500", "6982"),
        ("80F22002", "6D00"),
        ("A0F22002", "6E00"),
        ("80CA", "6700"),
        ("80CA0045 0000", "6700"),
        ("80CA0045 000000", "6700"),
        ("90CA004500", "6884"),
    ],
)
def test_shape_and_parameters_are_checked(command: str, answer: str) -> None:
    card = new_card()
    card.process(SELECT)
    assert ask(card, command).hex().upper() == answer


def test_extended_commands_only_where_the_card_says_so() -> None:
    card = new_card(extended=True)
    card.process(SELECT)
    assert sw(ask(card, "80CA0045 000000")) == 0x9000
    assert sw(ask(card, "00A40400 000007 F04B5450454C01 0000")) == 0x9000


def test_chained_commands_only_where_the_card_says_so() -> None:
    card = new_card(chaining=True)
    assert ask(card, "10A4040003F04B54") == b"\x90\0"
    assert sw(ask(card, "00A404000450454C0100")) == 0x9000
    assert ask(card, "10A4040003F04B54") == b"\x90\0"
    assert sw(card.process(SERIAL_COMMAND)) == 0x9000, "another command ends the chain"
    assert ask(card, "00A404000450454C0100") == b"\x6a\x82"
    assert ask(card, "94D6000003F04B54") == b"\x68\x84"


# --- READ BINARY


def test_reading_by_short_identifier_makes_the_file_current() -> None:
    card = card_with_files()
    card.process(SELECT)
    assert ask(card, "00B0000004") == b"\x69\x86"
    assert ask(card, "00B0810504") == bytes(range(5, 9)) + b"\x90\0"
    assert ask(card, "00B0000A02") == b"\x0a\x0b\x90\0"
    card.process(SELECT)
    assert ask(card, "00B0000004") == b"\x69\x86"


@pytest.mark.parametrize(
    ("command", "length", "status"),
    [
        ("00B0810000", 256, 0x9000),
        ("00B0812C00", 256, 0x9000),
        ("00B0812D00", 255, 0x6282),
        ("00B0812DFF", 255, 0x9000),
        ("00B081FF2D", 45, 0x9000),
        ("00B081FF2E", 45, 0x6282),
        ("00B0012C01", 0, 0x6B00),
        ("00B07FFF01", 0, 0x6B00),
        ("00B0012B01", 1, 0x9000),
        ("00B0810001AA01", 0, 0x6700),
        ("00B08100", 0, 0x6700),
        ("00B0800001", 0, 0x6A86),
        ("00B09F0001", 0, 0x6A86),
        ("00B0A10001", 0, 0x6A86),
        ("00B0850001", 0, 0x6A82),
        ("80B0810001", 0, 0x6E00),
    ],
)
def test_reading_and_its_ends(command: str, length: int, status: int) -> None:
    card = card_with_files()
    card.process(SELECT)
    assert sw(ask(card, "00B0810001")) == 0x9000
    answer = ask(card, command)
    assert (len(answer) - 2, sw(answer)) == (length, status)
    assert not card.violations


def test_an_answer_in_a_channel_is_never_longer_than_an_apdu() -> None:
    host = Host(card_with_files()).open(0x33)
    data, status = host.send("00B08200", le=b"\0")
    assert (len(data), status) == (239, 0x9000)
    assert host.send("00B0823D", le=b"\xef") == (bytes(range(61, 150)) + bytes(150), 0x9000)
    assert host.send("00B08200", le=b"\xf0") == (b"", 0x6700)
    data, status = host.send("00B082F0", le=b"\0")
    assert (len(data), status) == (60, 0x6282)
