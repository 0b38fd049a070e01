"""CREATE, UPDATE, DELETE and ACTIVATE FILE by aplet-acuan.md, with each refusal."""

from __future__ import annotations

import pytest

from ktpel_desktop.devices.simulator.virtual_card.applet import AID
from tests.devices.virtual_card.host import (
    Host,
    ask,
    card_with_files,
    new_card,
    template,
)


def test_a_file_is_made_filled_with_zeros_and_current() -> None:
    card = new_card()
    host = Host(card).open()
    assert host.send("84E00000", template(size=40)) == (b"", 0x9000)
    assert card.files == {0x0101: bytes(40)}
    assert host.send("84D60026", b"\x11\x22") == (b"", 0x9000)
    assert host.send("00B00024", le=b"\x04") == (b"\0\0\x11\x22", 0x9000)
    assert not card.violations


@pytest.mark.parametrize("cla", ["04", "84"])
def test_both_classes_of_secure_messaging_reach_the_file_commands(cla: str) -> None:
    host = Host(new_card()).open()
    assert host.send(f"{cla}E00000", template()) == (b"", 0x9000)
    assert host.send(f"{cla}D60000", b"\x01") == (b"", 0x9000)
    assert host.send(f"{cla}E40000", b"\x01\x01") == (b"", 0x9000)
    assert host.send(f"{cla}440000") == (b"", 0x9000)


GOOD = template()


@pytest.mark.parametrize(
    ("data", "status"),
    [
        (GOOD, 0x9000),
        (template(read=0x00), 0x9000),
        (template(read=0xFF, update=0xFF), 0x9000),
        (template(read=0x32), 0x6A80),
        (template(update=0x01), 0x6A80),
        (template(sfi=0), 0x6A80),
        (template(sfi=31), 0x6A80),
        (template(size=0), 0x6A80),
        (template(fid=0x3F00), 0x6A80),
        (template(fid=0xFFFF), 0x6A80),
        (template(size=8160), 0x9000),
        (template(size=8161), 0x6A84),
        (template(size=0xFFFF), 0x6A84),
        (GOOD[:-1], 0x6A80),
        (GOOD + b"\x00", 0x6A80),
        (b"\x63" + GOOD[1:], 0x6A80),
        (GOOD.replace(b"\x82\x01\x01", b"\x82\x01\x02"), 0x6A80),
        (GOOD.replace(b"\x88\x01\x10", b"\x88\x01\x11"), 0x6A80),
        (GOOD.replace(b"\x8c\x03\x03", b"\x8c\x03\x01"), 0x6A80),
        (GOOD.replace(b"\x8c\x03\x03", b"\x86\x03\x03"), 0x6A80),
        (b"\x62\x00", 0x6A80),
        (b"\x62\x81", 0x6A80),
        (b"\x1f\x81\x00", 0x6A80),
    ],
)
def test_what_create_file_takes(data: bytes, status: int) -> None:
    card = new_card()
    host = Host(card).open()
    assert host.send("84E00000", data) == (b"", status)
    assert bool(card.files) == (status == 0x9000)


def test_a_file_exists_once() -> None:
    host = Host(card_with_files()).open()
    assert host.send("84E00000", template(0x0101, 9)) == (b"", 0x6A89)
    assert host.send("84E00000", template(0x0201, 2)) == (b"", 0x6A89)
    assert host.send("84E00001", template(0x0201, 9)) == (b"", 0x6A86)


def test_memory_has_8192_bytes_and_a_file_costs_32_more() -> None:
    card = new_card()
    host = Host(card).open()
    assert card.eeprom.free == 8192
    assert host.send("84E00000", template(0x0101, 1, 4000))[1] == 0x9000
    assert card.eeprom.free == 4160
    assert host.send("84E00000", template(0x0102, 2, 4129))[1] == 0x6A84
    assert host.send("84E00000", template(0x0102, 2, 4128))[1] == 0x9000
    assert card.eeprom.free == 0
    assert host.send("84E00000", template(0x0103, 3, 1))[1] == 0x6A84
    assert host.send("84E40000", b"\x01\x01")[1] == 0x9000
    assert card.eeprom.free == 4032


@pytest.mark.parametrize(
    ("header", "data", "status"),
    [
        ("84D68100", b"\x07" * 10, 0x9000),
        ("84D681FF", b"\x07" * 45, 0x9000),
        ("84D681FF", bytes(46), 0x6A84),
        ("84D6012B", b"\x07", 0x9000),
        ("84D6012C", bytes(1), 0x6B00),
        ("84D67FFF", bytes(1), 0x6B00),
        ("84D68100", b"", 0x6700),
        ("84D68000", bytes(1), 0x6A86),
        ("84D69D00", bytes(1), 0x6A82),
    ],
)
def test_updating_and_its_ends(header: str, data: bytes, status: int) -> None:
    card = card_with_files()
    host = Host(card).open()
    assert host.send("00B08100", le=b"\x01")[1] == 0x9000
    before = card.files
    assert host.send(header, data) == (b"", status)
    assert (card.files == before) == (status != 0x9000)


def test_deleting() -> None:
    card = card_with_files()
    host = Host(card).open()
    assert host.send("84E40000", b"\x02\x01") == (b"", 0x6A82)
    assert host.send("84E40000", b"\x01") == (b"", 0x6700)
    assert host.send("84E40001", b"\x01\x01") == (b"", 0x6A86)
    assert host.send("00B08200", le=b"\x01")[1] == 0x9000
    assert host.send("84E40000", b"\x01\x01") == (b"", 0x9000)
    assert 0x0101 not in card.files
    assert host.send("00B00000", le=b"\x01")[1] == 0x6986
    assert host.send("00B08200", le=b"\x01")[1] == 0x6A82


def test_an_activated_applet_is_locked_for_ever() -> None:
    card = card_with_files()
    host = Host(card).open()
    assert host.send("84440001") == (b"", 0x6A86)
    assert host.send("84440000", b"\x01") == (b"", 0x6700)
    assert host.send("84440000") == (b"", 0x9000)
    before = card.files
    card.power_on()
    host = Host(card).open()
    for header, data in (
        ("84D68100", b"\x01"),
        ("84E00000", template(0x0201, 9)),
        ("84E40000", b"\x01\x01"),
        ("84440000", b""),
    ):
        assert host.send(header, data) == (b"", 0x6985)
    assert card.files == before
    assert host.send("00B08200", le=b"\x05") == (bytes(range(5)), 0x9000)
    assert AID in host.select()
    assert ask(card, "00D6810001AA") == b"\x69\x85"


def test_no_more_data_than_select_said() -> None:
    card = new_card(extended=True, chaining=True)
    host = Host(card).open()
    assert host.send("84E00000", template(size=4000)) == (b"", 0x9000)
    assert host.send("84D60000", bytes(2048)) == (b"", 0x9000)
    assert host.send("84D60000", bytes(2049)) == (b"", 0x6700)
    assert card.process(bytes.fromhex("10A40400001001") + bytes(4097)) == b"\x67\0"
