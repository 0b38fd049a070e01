"""Connections over a real pcscd: exclusive, shared, pulled, hanging, restarted, and three hundred of them."""

from __future__ import annotations

import shutil
import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from smartcard import scard

from ktpel_desktop.core.errors import DeviceError, Effect
from ktpel_desktop.devices.found.chip_readers import chip_readers
from ktpel_desktop.devices.pcsc.connection import connect
from ktpel_desktop.devices.pcsc.context import Context
from ktpel_desktop.devices.pcsc.readers import ReaderRoles, Role, list_readers, reader_for
from tests.devices.pcsc.cards import ATR, HANG, PULL, SELECT, Dead, Plain
from tests.devices.pcsc.room import PcscRoom

pytestmark = [pytest.mark.real, pytest.mark.xdist_group("pcsc")]


@contextmanager
def another_program(reader: str, share: int) -> Iterator[int]:
    """Another client of the service that has connected to the reader; its handle."""
    number, context = scard.SCardEstablishContext(scard.SCARD_SCOPE_USER)
    assert number == 0
    try:
        number, card, _ = scard.SCardConnect(context, reader, share, scard.SCARD_PROTOCOL_T1)
        assert number == 0, scard.SCardGetErrorMessage(number)
        yield card
        scard.SCardDisconnect(card, scard.SCARD_LEAVE_CARD)
    finally:
        scard.SCardReleaseContext(context)


def opensc(reader: str) -> subprocess.CompletedProcess[str]:
    """What opensc-tool makes of the card there."""
    program = shutil.which("opensc-tool")
    if program is None:
        pytest.skip("opensc-tool is not installed (package opensc)")
    return subprocess.run(
        [program, "--reader", reader, "--send-apdu", SELECT.hex(":")],
        capture_output=True,
        text=True,
        check=False,
        timeout=30,
    )


def failure(reader: str, command: bytes) -> DeviceError:
    with pytest.raises(DeviceError) as caught, connect(reader) as card:
        card.transmit(command)
    return caught.value


def test_readers_are_listed_and_found_by_their_role(room: PcscRoom) -> None:
    assert set(room.readers.values()) <= set(list_readers().names)
    roles = ReaderRoles(encoder="ktp encoder 00 00", sam="SAM*00 00")
    assert reader_for(Role.ENCODER, roles) == room.readers["encoder"]
    assert reader_for(Role.SAM, roles) == room.readers["sam"]
    with pytest.raises(DeviceError) as caught:
        reader_for(Role.CHECK, ReaderRoles(check="Check Reader"))  # vpcd has two slots of each name
    assert caught.value.code == "pcsc.role_ambiguous"


def test_without_a_service_there_are_no_readers_and_a_reason(room: PcscRoom) -> None:
    room.stop()
    assert list_readers().reason == "pcsc.no_service"
    with pytest.raises(DeviceError) as caught, connect("KTP Encoder 00 00"):
        pass
    assert (caught.value.code, caught.value.effect) == ("pcsc.no_service", Effect.NONE)


def test_a_card_answers_and_is_reset_at_the_end(room: PcscRoom) -> None:
    card = Plain()
    room.lay(card)
    with connect(room.readers["encoder"]) as connection:
        assert connection.atr == ATR
        assert connection.transmit(SELECT) == b"one\x90\x00"
        assert not connection.shared
        card.seen.clear()
    assert card.seen[0] in ("reset", "off")


def test_a_reader_is_asked_about_itself_without_its_card(room: PcscRoom) -> None:
    """vpcd 3.3 knows no part 10 and says nothing; later ones say 65536."""
    card = Plain()
    room.lay(card)
    with connect(room.readers["encoder"]) as connection:
        card.seen.clear()
        assert connection.reader_most() in (None, 65536)
        assert card.seen == []
        assert connection.transmit(SELECT) == b"one\x90\x00"


def test_no_other_program_gets_at_a_card_that_is_ours(room: PcscRoom) -> None:
    room.lay(Plain())
    reader = room.readers["encoder"]
    with connect(reader) as connection:
        held = opensc(reader)
        assert held.returncode != 0
        assert "SW1=0x90" not in held.stdout
        assert connection.transmit(SELECT) == b"one\x90\x00"
    assert "SW1=0x90" in opensc(reader).stdout


def test_beside_another_program_it_is_shared_and_the_card_is_reset_before_that_one_gets_it(
    room: PcscRoom,
) -> None:
    card = Plain()
    room.lay(card)
    reader = room.readers["encoder"]
    with another_program(reader, scard.SCARD_SHARE_SHARED) as other:
        with connect(reader) as connection:
            assert connection.shared
            assert connection.transmit(SELECT) == b"one\x90\x00"
            card.seen.clear()
        assert card.seen[0] in ("reset", "off")
        number, _ = scard.SCardTransmit(other, scard.SCARD_PCI_T1, list(SELECT))
        assert number == scard.SCARD_W_RESET_CARD
    with connect(reader) as connection:
        assert not connection.shared


def test_a_reader_held_by_another_program_is_in_use(room: PcscRoom) -> None:
    room.lay(Plain())
    reader = room.readers["encoder"]
    with another_program(reader, scard.SCARD_SHARE_EXCLUSIVE):
        error = failure(reader, SELECT)
        assert (error.code, error.effect) == ("pcsc.reader_in_use", Effect.NONE)
    with connect(reader) as connection:
        assert connection.transmit(SELECT)


def test_an_empty_and_an_unknown_reader(room: PcscRoom) -> None:
    assert failure(room.readers["encoder"], SELECT).code == "chip.no_card"
    error = failure("No Such Reader 00 00", SELECT)
    assert (error.code, error.effect) == ("pcsc.reader_unknown", Effect.NONE)


def test_a_dead_chip_is_mute(room: PcscRoom) -> None:
    room.lay(Dead())
    error = failure(room.readers["encoder"], SELECT)
    assert (error.code, error.effect) == ("chip.mute", Effect.NONE)


def test_a_card_pulled_in_mid_command_is_unknown_and_the_next_one_is_a_new_connection(
    room: PcscRoom,
) -> None:
    lying = room.lay(Plain())
    reader = room.readers["encoder"]
    with connect(reader) as connection:
        with pytest.raises(DeviceError) as caught:
            connection.transmit(PULL)
        assert caught.value.code in ("chip.pulled", "chip.answer_lost")
        assert caught.value.effect is Effect.UNKNOWN
        lying.wait_gone()
        room.lay(Plain(b"two"))
        with pytest.raises(DeviceError) as again:
            connection.transmit(SELECT)
        assert (again.value.code, again.value.effect) == ("pcsc.connection_broken", Effect.NONE)
    with connect(reader) as connection:
        assert connection.transmit(SELECT) == b"two\x90\x00"


def test_a_service_that_restarts_in_between_is_told_and_the_next_connection_works(room: PcscRoom) -> None:
    room.lay(Plain())
    with connect(room.readers["encoder"]) as connection:
        connection.transmit(SELECT)
        room.restart()
        with pytest.raises(DeviceError) as caught:
            connection.transmit(SELECT)
        assert caught.value.code == "pcsc.service_stopped"
    with connect(room.readers["encoder"]) as connection:
        assert connection.transmit(SELECT) == b"one\x90\x00"


@pytest.mark.timeout(120)
def test_three_hundred_connections_leave_no_context(room: PcscRoom) -> None:
    room.lay(Plain())
    for number in range(300):
        with connect(room.readers["encoder"]) as connection:
            if number % 50 == 0:
                assert connection.transmit(SELECT)
        if number % 3 == 0:
            assert failure(room.readers["sam"], SELECT).code == "chip.no_card"


def test_a_full_service_is_called_full_and_serves_again_when_it_is_not(room: PcscRoom) -> None:
    taken: list[Context] = []
    try:
        with pytest.raises(DeviceError) as caught:
            taken.extend(Context() for _ in range(250))
    finally:
        for context in taken:
            context.close()
    assert caught.value.code == "pcsc.too_many_users"
    assert list_readers().names


def test_a_card_that_never_answers_holds_its_own_reader_only(room: PcscRoom) -> None:
    silent = Plain()
    lying = room.lay(silent)
    room.lay(Plain(b"sam"), "sam")
    told: list[DeviceError] = []

    def hang() -> None:
        try:
            with connect(room.readers["encoder"]) as connection:
                connection.transmit(HANG)
        except DeviceError as error:
            told.append(error)

    hanging = threading.Thread(target=hang)
    hanging.start()
    assert silent.hanging.wait(10)
    assert set(room.readers.values()) <= set(list_readers().names)
    with connect(room.readers["sam"]) as connection:
        assert connection.transmit(SELECT) == b"sam\x90\x00"
    assert hanging.is_alive(), "nothing waited for the card that never answers"
    lying.disconnect()  # the way out for a person: lift the card
    hanging.join(20)
    assert not hanging.is_alive()
    assert told[0].effect is Effect.UNKNOWN
    lying.wait_gone()


def test_the_readers_are_found_for_the_register(room: PcscRoom) -> None:
    found = chip_readers()
    assert sorted(one.device.make for one in found.seen) == ["Check Reader", "KTP Encoder", "SAM Reader"]
    assert found.notes == ()
