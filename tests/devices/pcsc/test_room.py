"""The room itself, by raw PC/SC calls: what every test on a real service stands on."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Timer

import pytest
from smartcard import scard

from ktpel_desktop.devices.simulator.virtual_card.card import VirtualCard
from ktpel_desktop.devices.simulator.virtual_card.card_faults import Act, CardFault
from ktpel_desktop.devices.simulator.virtual_card.key_derivation import training_masters
from ktpel_desktop.devices.simulator.virtual_card.sam import VirtualSam
from tests.devices.pcsc.cards import ATR
from tests.devices.pcsc.cards import Plain as Echo
from tests.devices.pcsc.room import PcscRoom, remove_old_links

pytestmark = [pytest.mark.real, pytest.mark.xdist_group("pcsc")]

SELECT = bytes.fromhex("00A4040007F04B5450454C0100")
SERIAL = bytes.fromhex("80CA004500")
# What a removal in mid-command looks like (virtual-reader.md 6): a failure, or success without a single byte.
PULLED = {
    (scard.SCARD_E_NOT_TRANSACTED, b""),
    (scard.SCARD_W_REMOVED_CARD, b""),
    (scard.SCARD_S_SUCCESS, b""),
}


def ok(result: int) -> None:
    assert result == scard.SCARD_S_SUCCESS, scard.SCardGetErrorMessage(result)


@contextmanager
def context() -> Iterator[int]:
    result, made = scard.SCardEstablishContext(scard.SCARD_SCOPE_USER)
    ok(result)
    try:
        yield made
    finally:
        ok(scard.SCardReleaseContext(made))


@contextmanager
def card_in(ctx: int, reader: str) -> Iterator[tuple[int, int]]:
    result, card, protocol = scard.SCardConnect(
        ctx, reader, scard.SCARD_SHARE_EXCLUSIVE, scard.SCARD_PROTOCOL_T0 | scard.SCARD_PROTOCOL_T1
    )
    ok(result)
    try:
        yield card, protocol
    finally:
        scard.SCardDisconnect(card, scard.SCARD_RESET_CARD)


def transmit(card: int, protocol: int, command: bytes) -> tuple[int, bytes]:
    pci = scard.SCARD_PCI_T1 if protocol == scard.SCARD_PROTOCOL_T1 else scard.SCARD_PCI_T0
    result, answer = scard.SCardTransmit(card, pci, list(command))
    return result, bytes(answer)


def test_three_readers_stand_there_by_name(room: PcscRoom) -> None:
    with context() as ctx:
        result, listed = scard.SCardListReaders(ctx, [])
    ok(result)
    assert set(room.readers) == {"encoder", "sam", "check"}
    assert set(room.readers.values()) <= set(listed)


def test_a_card_is_connected_to_and_answers(room: PcscRoom) -> None:
    card = Echo(b"one")
    room.lay(card)
    with context() as ctx, card_in(ctx, room.readers["encoder"]) as (handle, protocol):
        assert protocol == scard.SCARD_PROTOCOL_T1
        assert transmit(handle, protocol, bytes.fromhex("00A4040000"))[1] == b"one\x90\x00"
        result, _, _, _, atr = scard.SCardStatus(handle)
        ok(result)
        assert bytes(atr) == ATR
    assert "on" in card.seen or "reset" in card.seen


def test_readers_stay_apart(room: PcscRoom) -> None:
    for reader in ("encoder", "sam", "check"):
        room.lay(Echo(reader.encode()), reader)
    with context() as ctx:
        for reader in ("check", "encoder", "sam"):
            with card_in(ctx, room.readers[reader]) as (handle, protocol):
                assert transmit(handle, protocol, b"\0\xa4\4\0\0")[1] == reader.encode() + b"\x90\x00"


def test_a_removal_is_seen_and_ends_the_connection(room: PcscRoom) -> None:
    lying = room.lay(Echo(b"one"))
    with context() as ctx, card_in(ctx, room.readers["encoder"]) as (handle, protocol):
        ok(transmit(handle, protocol, b"\0\xa4\4\0\0")[0])
        lying.take_away()
        assert not lying.lying
        result, _ = transmit(handle, protocol, b"\0\xa4\4\0\0")
        assert result == scard.SCARD_W_REMOVED_CARD
    with context() as ctx:
        result, _, _ = scard.SCardConnect(
            ctx, room.readers["encoder"], scard.SCARD_SHARE_EXCLUSIVE, scard.SCARD_PROTOCOL_T1
        )
        assert result == scard.SCARD_E_NO_SMARTCARD
    room.lay(Echo(b"two"))
    with context() as ctx, card_in(ctx, room.readers["encoder"]) as (handle, protocol):
        assert transmit(handle, protocol, b"\0\xa4\4\0\0")[1] == b"two\x90\x00"


def test_a_restart_ends_old_contexts_and_finds_the_card_again(room: PcscRoom) -> None:
    room.lay(Echo(b"one"))
    result, old = scard.SCardEstablishContext(scard.SCARD_SCOPE_USER)
    ok(result)
    room.restart()
    result, _ = scard.SCardListReaders(old, [])
    assert result != scard.SCARD_S_SUCCESS
    scard.SCardReleaseContext(old)
    with context() as ctx, card_in(ctx, room.readers["encoder"]) as (handle, protocol):
        assert transmit(handle, protocol, b"\0\xa4\4\0\0")[1] == b"one\x90\x00"


def test_without_the_service_there_is_no_service(room: PcscRoom) -> None:
    room.stop()
    result, _ = scard.SCardEstablishContext(scard.SCARD_SCOPE_USER)
    assert result == scard.SCARD_E_NO_SERVICE


# --- the virtual card on a real service


def outcome(room: PcscRoom, fault: CardFault) -> tuple[int, bytes]:
    """What SCardTransmit gives where the second command meets a fault."""
    card = VirtualCard.from_blank("20260000001234")
    room.lay(card)
    with context() as ctx, card_in(ctx, room.readers["encoder"]) as (handle, protocol):
        result, answer = transmit(handle, protocol, SELECT)
        ok(result)
        assert answer[:2] == b"\x6f\x17"
        card.faults.script(fault)
        return transmit(handle, protocol, SERIAL)


def test_the_virtual_card_tells_its_serial(room: PcscRoom) -> None:
    result, answer = outcome(room, CardFault(Act.SLOW))
    ok(result)
    assert answer == bytes.fromhex("4507202600000012349000")


def test_a_pulled_card_is_seen_as_removal(room: PcscRoom) -> None:
    result, answer = outcome(room, CardFault(Act.PULL_AFTER))
    assert (result, answer) in PULLED
    (lying,) = room.cards
    room.lay(lying.card)
    assert not lying.lying
    with context() as ctx, card_in(ctx, room.readers["encoder"]) as (handle, protocol):
        assert transmit(handle, protocol, SELECT)[1][-2:] == b"\x90\0"


@pytest.mark.parametrize("act", [Act.MUTE, Act.DIE])
def test_a_mute_chip_leaves_this_reader(room: PcscRoom, act: Act) -> None:
    result, answer = outcome(room, CardFault(act))
    assert (result, answer) in PULLED


def test_a_silent_card_is_taken_away(room: PcscRoom) -> None:
    card = VirtualCard.from_blank("20260000001234")
    card.faults.script(CardFault(Act.SILENT))
    lying = room.lay(card)
    with context() as ctx, card_in(ctx, room.readers["encoder"]) as (handle, protocol):
        hand = Timer(0.3, lying.disconnect)
        hand.start()
        assert transmit(handle, protocol, SELECT) in PULLED
        hand.join()
    lying.wait_gone()


def test_a_dead_chip_is_no_card_to_vpcd(room: PcscRoom) -> None:
    card = VirtualCard.from_blank("20260000001234")
    card.dead = True
    with pytest.raises(AssertionError, match="no card"):
        room.lay(card, patience=1.5)


def test_encoder_and_sam_at_once(room: PcscRoom) -> None:
    room.lay(VirtualCard.from_blank("20260000001234"))
    room.lay(VirtualSam("20260099000001", training_masters(), "135790"), "sam")
    with (
        context() as ctx,
        card_in(ctx, room.readers["encoder"]) as (card, protocol),
        card_in(ctx, room.readers["sam"]) as (sam, sam_protocol),
    ):
        assert transmit(card, protocol, SELECT)[1][-2:] == b"\x90\0"
        assert transmit(sam, sam_protocol, bytes.fromhex("00A4040007F04B545053414D00"))[1][-2:] == b"\x90\0"
        assert transmit(card, protocol, SERIAL)[1][2:9].hex() == "20260000001234"
        assert transmit(sam, sam_protocol, SERIAL)[1][2:9].hex() == "20260099000001"


_HOLD = """
import sys
from tests.devices.pcsc.room import PcscRoom
room = PcscRoom()
room.start()
print(room._process.pid, room._first, flush=True)
sys.stdin.read()
"""


def test_nothing_outlives_a_killed_test_run(pcsc_room: PcscRoom) -> None:
    with subprocess.Popen(
        [sys.executable, "-c", _HOLD],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        cwd=Path.cwd(),
        text=True,
    ) as run:
        assert run.stdout is not None
        started = [int(pid) for pid in run.stdout.readline().split()]
        assert len(started) == 2
        os.kill(run.pid, signal.SIGKILL)
    deadline = time.monotonic() + 20
    while any(Path(f"/proc/{pid}/exe").exists() for pid in started):
        assert time.monotonic() < deadline, "the service outlives its test run"
        time.sleep(0.01)
    remove_old_links()
