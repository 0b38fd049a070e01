"""What can be scripted to go wrong, seen from the card, from the in-process reader, and what lasts."""

from __future__ import annotations

import json

import pytest

from ktpel_desktop.core.errors import DeviceError, Effect
from ktpel_desktop.devices.chip.connection import CardConnection
from ktpel_desktop.devices.simulator.virtual_card.card import VirtualCard
from ktpel_desktop.devices.simulator.virtual_card.card_faults import Act, CardFault
from ktpel_desktop.devices.simulator.virtual_card.in_process import InProcessConnection, InProcessReader
from ktpel_desktop.devices.simulator.virtual_card.linked import CardPulled, CardSilent, LinkedCard
from tests.devices.virtual_card.host import (
    MASTERS,
    SELECT,
    SERIAL,
    SERIAL_COMMAND,
    Host,
    card_with_files,
    new_card,
)

UPDATE = 0xD6
DATA = bytes(range(0x40, 0x54))


def test_the_numbers_of_apdus() -> None:
    card = new_card()
    assert card.apdus == 0
    card.process(SELECT)
    card.process(b"")
    assert card.apdus == 2
    assert [command for command, _ in card.traffic] == [SELECT, b""]


def test_pulled_before_the_command_is_done() -> None:
    card = card_with_files()
    host = Host(card).open()
    before = card.files
    card.faults.script(CardFault(Act.PULL_BEFORE, at=2))
    assert host.send("84D68100", DATA)[1] == 0x9000
    after_first = card.files
    assert after_first != before
    with pytest.raises(CardPulled):
        host.send("84D68114", DATA)
    assert card.files == after_first
    assert card.pulled
    with pytest.raises(CardPulled):
        card.process(SELECT)
    card.power_on()
    assert card.process(SERIAL_COMMAND) == b"\x69\x85", "nothing is selected after power loss"


def test_pulled_after_the_command_is_done() -> None:
    card = card_with_files()
    host = Host(card).open()
    card.faults.script(CardFault(Act.PULL_AFTER, ins=UPDATE))
    assert host.send("00B08100", le=b"\x01")[1] == 0x9000
    with pytest.raises(CardPulled):
        host.send("84D68100", DATA)
    assert card.files[0x0100].startswith(DATA)
    assert card.traffic[-1][1] is None


@pytest.mark.parametrize("size", [1, 2, 7, 20])
def test_a_torn_update_writes_the_first_half(size: int) -> None:
    card = card_with_files()
    host = Host(card).open()
    before = card.files[0x0100]
    card.faults.script(CardFault(Act.TEAR, ins=UPDATE))
    with pytest.raises(CardPulled):
        host.send("84D68110", b"\xee" * size)
    half = size // 2
    assert card.files[0x0100] == before[:16] + b"\xee" * half + before[16 + half :]
    assert card.pulled


@pytest.mark.parametrize(("header", "data"), [("84440000", b""), ("84E40000", b"\x01\x01")])
def test_other_commands_tear_whole(header: str, data: bytes) -> None:
    card = card_with_files()
    host = Host(card).open()
    before = card.save()
    card.faults.script(CardFault(Act.TEAR))
    with pytest.raises(CardPulled):
        host.send(header, data)
    assert card.save() == before


def test_a_torn_update_that_was_not_allowed_writes_nothing() -> None:
    card = card_with_files()
    before = card.files
    card.process(SELECT)
    card.faults.script(CardFault(Act.TEAR))
    assert card.process(bytes.fromhex("00D6810002AABB")) == b"\x69\x82"
    assert card.files == before


def test_a_status_word_is_answered_and_the_channel_goes_on() -> None:
    card = card_with_files()
    host = Host(card).open()
    before = card.files
    card.faults.script(CardFault(Act.STATUS, sw=0x6581))
    assert host.send("84D68100", DATA) == (b"", 0x6581)
    assert card.files == before
    assert host.send("84D68100", DATA) == (b"", 0x9000)
    card.faults.script(CardFault(Act.STATUS, sw=0x6282))
    assert host.send("84D68100", DATA) == (b"", 0x6282), "a warning carries a MAC"
    card.faults.script(CardFault(Act.STATUS, sw=0x6300))
    assert len(card.process(host.wrap("84D68100", DATA))) == 10, "63xx is one too"
    assert host.send("84D68100", DATA) == (b"", 0x9000)


def test_damage_on_the_way_ends_the_channel() -> None:
    card = card_with_files()
    host = Host(card).open()
    card.faults.script(CardFault(Act.DAMAGE))
    assert host.send("84D68100", DATA) == (b"", 0x6982)
    assert host.send("84D68100", DATA) == (b"", 0x6982)


def test_a_wrong_mac_in_an_answer() -> None:
    card = card_with_files()
    host = Host(card).open()
    card.faults.script(CardFault(Act.WRONG_MAC))
    with pytest.raises(AssertionError):
        host.send("84D68100", DATA)
    assert card.files[0x0100].startswith(DATA), "the card has done it"


def test_a_wrong_card_cryptogram() -> None:
    card = new_card(i=0x60)
    host = Host(card)
    card.faults.script(CardFault(Act.WRONG_MAC, ins=0x50))
    with pytest.raises(AssertionError):
        host.open()
    assert card.eeprom.tries == 10


def test_a_flipped_bit_needs_a_byte() -> None:
    card = new_card()
    card.faults.script(CardFault(Act.WRONG_MAC), CardFault(Act.DAMAGE))
    assert card.process(bytes.fromhex("00A40400")) == b"\x6a\x82"


def test_garbage_is_answered_after_the_command_is_done() -> None:
    card = card_with_files()
    host = Host(card).open()
    card.faults.script(CardFault(Act.GARBAGE, data=b"\x01"))
    assert card.process(host.wrap("84D68100", DATA)) == b"\x01"
    assert card.files[0x0100].startswith(DATA)


def test_silent_once() -> None:
    card = new_card()
    card.faults.script(CardFault(Act.SILENT, at=2))
    card.process(SELECT)
    with pytest.raises(CardSilent):
        card.process(SERIAL_COMMAND)
    assert card.process(SERIAL_COMMAND)[-2:] == b"\x90\0"
    assert not card.pulled


def test_mute_lasts_until_cleared() -> None:
    card = new_card()
    card.faults.script(CardFault(Act.MUTE, at=2, ins=0xA4))
    assert card.process(SELECT)
    assert card.process(SERIAL_COMMAND)
    assert card.process(SELECT) == b""
    assert card.process(SERIAL_COMMAND) == b""
    card.power_on()
    assert card.process(SELECT) == b""
    assert card.atr
    card.faults.clear()
    assert card.process(SELECT)[-2:] == b"\x90\0"


def test_slow_lasts_and_waits_by_what_was_injected() -> None:
    waited: list[float] = []
    card = new_card(sleep=waited.append)
    card.faults.script(CardFault(Act.SLOW, at=2, seconds=0.5))
    for _ in range(3):
        assert card.process(SELECT)[-2:] == b"\x90\0"
    assert waited == [0.5, 0.5]


def test_a_dead_chip_is_dead_for_ever() -> None:
    card = card_with_files()
    card.faults.script(CardFault(Act.DIE))
    assert card.process(SELECT) == b""
    card.faults.clear()
    card.power_on()
    assert card.process(SELECT) == b""
    assert card.atr == b""
    assert VirtualCard.load(card.save(), MASTERS).dead


def test_several_faults_at_one_command() -> None:
    waited: list[float] = []
    card = new_card(sleep=waited.append)
    card.faults.script(CardFault(Act.SLOW, seconds=1.0), CardFault(Act.PULL_BEFORE))
    with pytest.raises(CardPulled):
        card.process(SELECT)
    assert waited == [1.0]


# --- memory kept


def test_memory_is_saved_as_json_and_loaded() -> None:
    card = card_with_files()
    Host(card).open()
    saved = json.loads(json.dumps(card.save()))
    again = VirtualCard.load(saved, MASTERS, i=0x70)
    assert again.save() == card.save()
    assert again.files == card.files
    assert again.serial == SERIAL
    again.power_on()
    host = Host(again).open()
    assert host.send("00B08200", le=b"\x03") == (b"\0\x01\x02", 0x9000)
    assert host.sequence > b"\0\0\x01"
    assert MASTERS[0x30].hex() not in json.dumps(saved)


def test_a_blank_has_the_training_keys() -> None:
    card = VirtualCard.from_blank(SERIAL, seed=7, i=0x60)
    card.power_on()
    Host(card).open()
    assert card.files == {}
    assert card.eeprom.life_cycle == 0x03


# --- the reader in this process


def failing(connection: CardConnection, command: bytes) -> tuple[str, Effect]:
    with pytest.raises(DeviceError) as failure:
        connection.transmit(command)
    return failure.value.code, failure.value.effect


def test_an_empty_reader() -> None:
    reader = InProcessReader()
    with pytest.raises(DeviceError) as failure, reader.connect():
        pass
    assert (failure.value.code, failure.value.effect) == ("chip.no_card", Effect.NONE)
    assert reader.take_away() is None


def test_a_dead_chip_on_the_reader_is_mute() -> None:
    card = new_card()
    card.dead = True
    with pytest.raises(DeviceError) as failure, InProcessReader(card).connect():
        pass
    assert (failure.value.code, failure.value.effect) == ("chip.mute", Effect.NONE)


def test_each_connection_begins_with_a_reset_card() -> None:
    card = new_card()
    reader = InProcessReader(card)
    card.process(SELECT)
    for _ in range(2):
        with reader.connect() as connection:
            assert connection.atr[0] == 0x3B
            assert connection.transmit(SERIAL_COMMAND) == b"\x69\x85"
            assert connection.transmit(SELECT)[-2:] == b"\x90\0"


def test_one_connection_at_a_time() -> None:
    reader = InProcessReader(new_card())
    with reader.connect():
        with pytest.raises(DeviceError) as failure, reader.connect():
            pass
        assert (failure.value.code, failure.value.effect) == ("pcsc.reader_in_use", Effect.NONE)
    with pytest.raises(ValueError, match="already"):
        reader.lay(new_card())


def test_a_pulled_card_is_unknown_once_and_gone_from_then_on() -> None:
    card = new_card()
    reader = InProcessReader(card)
    card.faults.script(CardFault(Act.PULL_AFTER))
    with reader.connect() as connection:
        assert failing(connection, SELECT) == ("chip.pulled", Effect.UNKNOWN)
        assert reader.card is None
        assert failing(connection, SELECT) == ("chip.pulled", Effect.NONE)
        reader.lay(card)
        assert failing(connection, SELECT) == ("chip.pulled", Effect.NONE), "a new connection is needed"
    with reader.connect() as connection:
        assert connection.transmit(SELECT)[-2:] == b"\x90\0"


def test_a_card_taken_away_between_commands_has_had_nothing() -> None:
    card = new_card()
    reader = InProcessReader(card)
    with reader.connect() as connection:
        assert reader.take_away() is card
        assert failing(connection, SELECT) == ("chip.pulled", Effect.NONE)
    with pytest.raises(DeviceError), reader.connect():
        pass
    assert card.apdus == 0


@pytest.mark.parametrize(
    "fault",
    [CardFault(Act.SILENT), CardFault(Act.MUTE), CardFault(Act.DIE), CardFault(Act.GARBAGE, data=b"\x90")],
)
def test_no_answer_is_an_answer_lost(fault: CardFault) -> None:
    card: LinkedCard = new_card()
    assert isinstance(card, VirtualCard)
    card.faults.script(fault)
    assert failing(InProcessConnection(card), SELECT) == ("chip.answer_lost", Effect.UNKNOWN)
