"""Who may do what: by key version, by security level, and what happens when a MAC is wrong."""

from __future__ import annotations

import pytest

from ktpel_desktop.devices.simulator.virtual_card.card import VirtualCard
from ktpel_desktop.devices.simulator.virtual_card.key_derivation import training_masters
from tests.devices.virtual_card.host import (
    MASTERS,
    SELECT,
    SERIAL,
    SERIAL_COMMAND,
    Host,
    card_with_files,
    new_card,
    sw,
    template,
)

LEVELS = (0x00, 0x01, 0x03, 0x11, 0x13, 0x33)
WRITES = {
    "UPDATE BINARY": ("D68100", b"\x01"),
    "CREATE FILE": ("E00000", template(0x0201, 9)),
    "DELETE FILE": ("E40000", b"\x01\x01"),
    "ACTIVATE FILE": ("440000", b""),
}


def plain(header: str, data: bytes) -> bytes:
    return bytes.fromhex(header) + (bytes((len(data),)) + data if data else b"")


@pytest.mark.parametrize("name", WRITES)
@pytest.mark.parametrize("cla", ["00", "80"])
def test_no_write_in_clear(name: str, cla: str) -> None:
    card = card_with_files()
    before = card.save()
    card.process(SELECT)
    header, data = WRITES[name]
    assert card.process(plain(cla + header, data)) == b"\x69\x82"
    assert card.save() == before
    assert card.violations == [f"{name} in clear"]


@pytest.mark.parametrize("name", WRITES)
def test_no_write_in_clear_beside_an_open_channel(name: str) -> None:
    card = card_with_files()
    Host(card).open()
    before = card.files
    header, data = WRITES[name]
    assert card.process(plain("00" + header, data)) == b"\x69\x82"
    assert card.files == before
    assert card.violations == [f"{name} in clear"]


@pytest.mark.parametrize("name", WRITES)
@pytest.mark.parametrize("level", LEVELS[1:])
@pytest.mark.parametrize("version", [0x30, 0x31])
def test_a_write_needs_the_writing_key_and_encryption(name: str, level: int, version: int) -> None:
    card = card_with_files()
    host = Host(card, version).open(level)
    header, data = WRITES[name]
    allowed = level & 0x03 == 0x03 and version == 0x30
    assert host.send("84" + header, data) == (b"", 0x9000 if allowed else 0x6982)
    if allowed:
        assert not card.violations
    elif level & 0x03 != 0x03:
        assert card.violations == [f"{name} at level {level:02X}"]
    else:
        assert card.violations == [f"{name} under key version 31"]


@pytest.mark.parametrize("sfi", [1, 2, 3, 4])
@pytest.mark.parametrize("level", [None, *LEVELS])
@pytest.mark.parametrize("version", [0x30, 0x31])
def test_reading_goes_by_the_files_own_rule(sfi: int, level: int | None, version: int) -> None:
    card = card_with_files()
    host = Host(card, version)
    command = f"00B08{sfi}00"
    if level is None:
        host.select()
    else:
        host.open(level)
    if level:
        data, status = host.send(command, le=b"\x03")
    else:
        answer = card.process(bytes.fromhex(command) + b"\x03")
        data, status = answer[:-2], sw(answer)
    rule = {1: 0x00, 2: 0x31, 3: 0x30, 4: 0xFF}[sfi]
    allowed = rule == 0x00 or (level == 0x33 and rule in {0x31, version})
    if rule == 0xFF:
        allowed = False
    assert (data, status) == ((b"\0\x01\x02", 0x9000) if allowed else (b"", 0x6982))
    # The wrong key at the right level is the office's set-up and no breach.
    assert bool(card.violations) == (rule != 0x00 and level != 0x33)


def test_a_refused_read_does_not_make_the_file_current() -> None:
    card = card_with_files()
    card.process(SELECT)
    assert sw(card.process(bytes.fromhex("00B0810001"))) == 0x9000
    assert card.process(bytes.fromhex("00B0820001")) == b"\x69\x82"
    assert card.process(bytes.fromhex("00B0000501")) == b"\x05\x90\0"


def test_free_commands_stay_free_beside_a_channel() -> None:
    card = card_with_files()
    host = Host(card).open()
    assert sw(card.process(SERIAL_COMMAND)) == 0x9000
    assert sw(card.process(bytes.fromhex("00B0810001"))) == 0x9000
    assert host.send("00B08200", le=b"\x02") == (b"\0\x01", 0x9000)
    data, status = host.send("80CA0045", le=b"\0")
    assert (data, status) == (b"\x45\x07" + bytes.fromhex(SERIAL), 0x9000)
    assert not card.violations


@pytest.mark.parametrize("version", [0x30, 0x31])
def test_a_file_that_is_never_updated(version: int) -> None:
    card = new_card()
    host = Host(card).open()
    host.send("84E00000", template(update=0xFF))
    assert host.send("84D68200", b"\x01") == (b"", 0x6982)


# --- the end of a channel


@pytest.mark.parametrize("at", [0, 2, 3, 5, -2])
def test_a_wrong_mac_ends_the_channel(at: int) -> None:
    card = card_with_files()
    host = Host(card).open()
    before = card.files
    wrapped = bytearray(host.wrap("84D68100", b"\x55" * 20))
    wrapped[at] ^= 0x80 if at == 0 else 1
    assert card.process(bytes(wrapped)) == b"\x69\x82"
    assert host.send("84D68100", b"\x55") == (b"", 0x6982)
    assert card.files == before
    assert card.violations == ["UPDATE BINARY in no channel"]
    assert card.eeprom.tries == 10


def test_a_replayed_command_ends_the_channel() -> None:
    card = card_with_files()
    host = Host(card).open()
    wrapped = host.wrap("84D68100", b"\x55" * 20)
    assert host.unwrap(card.process(wrapped)) == (b"", 0x9000)
    assert card.process(wrapped) == b"\x69\x82"
    assert host.send("84D68100", b"\x55") == (b"", 0x6982)


@pytest.mark.parametrize("end", ["select", "select another", "power", "reset", "initialize update"])
def test_what_ends_a_channel(end: str) -> None:
    card = card_with_files()
    host = Host(card).open()
    if end == "select":
        host.select()
    elif end == "select another":
        card.process(bytes.fromhex("00A4040007F04B545053414D00"))
    elif end == "power":
        card.power_off()
        card.power_on()
        host.select()
    elif end == "reset":
        card.reset()
        host.select()
    else:
        other = Host(card)
        other.initialize_update()
    assert host.send("84D68100", b"\x55") == (b"", 0x6982)


def test_a_level_without_mac_is_no_secure_messaging() -> None:
    card = card_with_files()
    host = Host(card).open(0x00)
    assert card.process(host.wrap("84D68100", b"\x55")) == b"\x69\x82"


def test_data_too_short_for_a_mac() -> None:
    card = card_with_files()
    Host(card).open()
    assert card.process(bytes.fromhex("84D68100 02 0102")) == b"\x69\x82"


def test_data_that_is_no_whole_block_under_a_right_mac() -> None:
    card = card_with_files()
    host = Host(card).open()
    assert card.process(host._maced(bytes.fromhex("84D68100"), b"\x01" * 15, b"")) == b"\x69\x82"
    host = Host(card).open()
    assert card.process(host._maced(bytes.fromhex("84D68100"), bytes(16), b"")) == b"\x69\x82"


# --- kinds of cards


@pytest.mark.parametrize("bits", [128, 192, 256])
@pytest.mark.parametrize("i", [0x70, 0x60, 0x71, 0x61])
def test_key_sizes_and_challenges(bits: int, i: int) -> None:
    masters = training_masters(3, bits)
    card = VirtualCard(SERIAL, masters, i=i)
    size = 16 if i & 1 else 8
    host = Host(card, masters=masters, size=size).open(0x33)
    assert bool(host.sequence) == bool(i & 0x10)
    assert host.send("84E00000", template()) == (b"", 0x9000)
    assert host.send("84D60000", b"\x01\x02\x03") == (b"", 0x9000)
    assert host.send("00B08200", le=b"\x03") == (b"\x01\x02\x03", 0x9000)
    host = Host(card, 0x31, masters=masters, size=size).open(0x33)
    assert host.send("00B08200", le=b"\x02") == (b"\x01\x02", 0x9000)


def test_a_random_challenge_comes_from_outside() -> None:
    card = new_card(i=0x60, random=lambda size: b"\x5a" * size)
    host = Host(card)
    host.select()
    answer = host.initialize_update()
    assert len(answer) == 31
    assert answer[13:21] == b"\x5a" * 8


def test_a_card_that_counts_commands_with_data_only() -> None:
    card = new_card(count_all=False)
    host = Host(card).open()
    host.count_all = False
    assert host.send("84E00000", template()) == (b"", 0x9000)
    assert host.send("00B08200", le=b"\x03") == (bytes(3), 0x9000)
    assert host.send("84D60000", b"\x01") == (b"", 0x9000)
    assert host.send("00B08200", le=b"\x01") == (b"\x01", 0x9000)


def test_a_host_that_counts_otherwise_writes_rubbish_or_nothing() -> None:
    """A wrong IV spoils the first block only: where the padding is in another one, the card cannot notice."""
    card = new_card(count_all=False)
    host = Host(card).open(0x03)
    assert host.send("84E00000", template()) == (b"", 0x9000)
    host.send("80CA0045", le=b"\0")
    assert host.send("84D68200", b"\x01" * 32) == (b"", 0x9000)
    assert card.files[0x0101][:16] != b"\x01" * 16
    assert card.files[0x0101][16:32] == b"\x01" * 16
    assert host.send("84D68200", b"\x01" * 15) == (b"", 0x6982)


def test_extended_commands_in_a_channel() -> None:
    card = new_card(extended=True)
    host = Host(card).open()
    assert host.send("84E00000", template(size=2000)) == (b"", 0x9000)
    content = bytes(range(250)) * 6
    assert host.send("84D60000", content) == (b"", 0x9000)
    wrapped = host.wrap("00B08200")
    wrapped = wrapped[:4] + b"\0\0" + wrapped[4:]  # not what the MAC covers: Lc is
    assert card.process(wrapped + b"\x05\xdc") == b"\x69\x82"
    assert card.files[0x0101][:1500] == content


def test_keys_of_another_card_do_not_open_this_one() -> None:
    card = VirtualCard("20260000009999", MASTERS)
    host = Host(card)
    host.select()
    host.initialize_update()
    assert host.external_authenticate(0x33) == b"\x63\xc9"
