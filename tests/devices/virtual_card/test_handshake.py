"""INITIALIZE UPDATE and EXTERNAL AUTHENTICATE, by aplet-acuan.md: parameters, levels, counters, tries."""

from __future__ import annotations

import pytest

from ktpel_desktop.devices.simulator.virtual_card.card import VirtualCard
from tests.devices.virtual_card.host import (
    DIVERSIFICATION,
    MASTERS,
    SELECT,
    SERIAL_COMMAND,
    Host,
    ask,
    new_card,
    session_key,
    sw,
)


def test_initialize_update_tells_whose_keys_and_counts() -> None:
    host = Host(new_card(), 0x31)
    host.select()
    first, second = host.initialize_update(), host.initialize_update()
    assert first[:13] == DIVERSIFICATION + bytes((0x31, 0x03, 0x70))
    assert len(first) == 34
    assert first[29:32] == b"\0\0\x01"
    assert second[29:32] == b"\0\0\x02"
    assert first[13:21] != second[13:21]


def test_the_sequence_counter_is_kept_and_ends() -> None:
    card = new_card()
    host = Host(card).open()
    card.power_off()
    card.power_on()
    host.select()
    assert host.initialize_update()[29:32] == b"\0\0\x02"
    card.eeprom.counters[0x30] = 0xFFFFFF
    assert host.initialize_update() == b"\x69\x85"


@pytest.mark.parametrize(
    ("command", "answer"),
    [
        ("8050320008A0A1A2A3A4A5A6A700", "6A88"),
        ("8050000008A0A1A2A3A4A5A6A700", "6A88"),
        ("8050300108A0A1A2A3A4A5A6A700", "6A86"),
        ("8050300007A0A1A2A3A4A5A600", "6700"),
        ("8050300008A0A1A2A3A4A5A6A7", "6700"),
        ("0050300008A0A1A2A3A4A5A6A700", "6E00"),
        ("8450300008A0A1A2A3A4A5A6A700", "6E00"),
        ("8482330010A0A1A2A3A4A5A6A7A0A1A2A3A4A5A6A7", "6985"),
        ("8082330010A0A1A2A3A4A5A6A7A0A1A2A3A4A5A6A7", "6E00"),
    ],
)
def test_the_handshake_refuses(command: str, answer: str) -> None:
    card = new_card()
    card.process(SELECT)
    assert ask(card, command).hex().upper() == answer
    assert card.eeprom.tries == 10


@pytest.mark.parametrize("level", [0x02, 0x10, 0x20, 0x21, 0x30, 0x31, 0x23, 0x07, 0xFF])
def test_a_level_that_does_not_exist_costs_no_try(level: int) -> None:
    card = new_card()
    host = Host(card)
    host.select()
    host.initialize_update()
    assert host.external_authenticate(level) == b"\x6a\x86"
    assert card.eeprom.tries == 10


@pytest.mark.parametrize(
    ("i", "levels"),
    [
        (0x00, {0, 1, 3}),
        (0x10, {0, 1, 3}),
        (0x20, {0, 1, 3, 0x11, 0x13}),
        (0x60, {0, 1, 3, 0x11, 0x13, 0x33}),
    ],
)
def test_i_says_which_levels_there_are(i: int, levels: set[int]) -> None:
    for level in (0x00, 0x01, 0x03, 0x11, 0x13, 0x33):
        host = Host(new_card(i=i))
        host.select()
        host.initialize_update()
        assert sw(host.external_authenticate(level)) == (0x9000 if level in levels else 0x6A86)


def test_ten_tries_then_blocked_for_ever() -> None:
    card = new_card()
    host = Host(card)
    for left in range(9, -1, -1):
        card.power_on()  # power loss gives nothing back
        host.select()
        host.initialize_update()
        assert host.external_authenticate(0x33, bytes(8)) == bytes((0x63, 0xC0 | left))
        assert card.eeprom.tries == left
    card.power_on()
    host.select()
    host.initialize_update()
    assert host.external_authenticate(0x33) == b"\x69\x83"
    assert VirtualCard.load(card.save(), MASTERS).eeprom.tries == 0


def test_a_success_fills_the_tries_up_again() -> None:
    card = new_card()
    host = Host(card)
    host.select()
    host.initialize_update()
    assert host.external_authenticate(0x33, bytes(8)) == b"\x63\xc9"
    assert host.external_authenticate(0x33) == b"\x69\x85", "one INITIALIZE UPDATE, one try"
    host.open()
    assert card.eeprom.tries == 10


def test_a_right_cryptogram_with_a_wrong_mac_is_wrong() -> None:
    card = new_card()
    host = Host(card)
    host.select()
    host.initialize_update()
    cryptogram = session_key(host.s_mac, 1, host.context, 8)
    host.s_mac = bytes(16)
    assert host.external_authenticate(0x33, cryptogram) == b"\x63\xc9"


def test_a_command_in_between_ends_the_handshake() -> None:
    card = new_card()
    host = Host(card)
    host.select()
    host.initialize_update()
    card.process(SERIAL_COMMAND)
    assert host.external_authenticate(0x33) == b"\x69\x85"


def test_the_handshake_takes_its_parameters_only() -> None:
    card = new_card()
    host = Host(card)
    host.select()
    host.initialize_update()
    assert ask(card, "8482330004" + "00" * 4) == b"\x67\0"
    host.initialize_update()
    assert ask(card, "8482330110" + "00" * 16) == b"\x6a\x86"
    assert card.eeprom.tries == 10
