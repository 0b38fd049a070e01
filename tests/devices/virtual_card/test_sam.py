"""The SAM, by aplet-acuan.md section 3."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from ktpel_desktop.devices.simulator.virtual_card.card import VirtualCard
from ktpel_desktop.devices.simulator.virtual_card.card_faults import Act, CardFault
from ktpel_desktop.devices.simulator.virtual_card.command_bytes import decode, encode
from ktpel_desktop.devices.simulator.virtual_card.key_derivation import training_masters
from ktpel_desktop.devices.simulator.virtual_card.linked import CardPulled
from ktpel_desktop.devices.simulator.virtual_card.sam import VirtualSam
from tests.devices.virtual_card.host import DIVERSIFICATION, MASTERS, SERIAL, Host, new_card, session_key

SELECT = bytes.fromhex("00A4040007F04B545053414D00")
VERIFY = bytes.fromhex("0020000106") + b"135790"
WRONG = bytes.fromhex("0020000106") + b"135791"
AID = bytes.fromhex("F04B5450454C01")


def new_sam(masters: dict[int, bytes] = MASTERS) -> VirtualSam:
    sam = VirtualSam("20260099000001", masters, "135790")
    sam.power_on()
    assert sam.process(SELECT) == bytes.fromhex("6F09 8407 F04B545053414D 9000")
    return sam


def handshake(host: Host) -> dict[int, bytes]:
    return {
        0x80: DIVERSIFICATION,
        0x81: host.context[: host.size],
        0x82: host.context[host.size :],
        0x83: host.cryptogram,
        **({0x84: host.sequence} if host.sequence else {}),
        0x85: AID,
    }


def open_channel(sam: VirtualSam, told: dict[int, bytes], version: int = 0x30) -> bytes:
    data = b"".join(encode(tag, value) for tag, value in told.items())
    return sam.process(bytes((0x80, 0x10, version, 0, len(data))) + data + b"\0")


def told_by_a_card(i: int = 0x70) -> tuple[Host, dict[int, bytes]]:
    host = Host(new_card(i=i), size=16 if i & 1 else 8)
    host.select()
    host.initialize_update()
    return host, handshake(host)


def test_serial_and_refusals() -> None:
    sam = new_sam()
    assert sam.process(bytes.fromhex("80CA004500")) == bytes.fromhex("4507 20260099000001 9000")
    for command, answer in {
        "80CA00450100": "6700",
        "80CA004600": "6A88",
        "84CA004500": "6E00",
        "80B00000": "6D00",
        "90B00000": "6884",
        "0010300000": "6E00",
        "A0B00000": "6E00",
        "00A4040007F04B5450454C0100": "6A82",
        "00A4000007F04B545053414D00": "6A86",
        "00A4040C07F04B545053414D00": "9000",
        "00A4040007F04B545053414D": "9000",
        "00": "6700",
    }.items():
        assert sam.process(bytes.fromhex(command)).hex().upper() == answer


def test_nothing_before_select() -> None:
    sam = new_sam()
    sam.reset()
    assert sam.process(VERIFY) == b"\x69\x85"


@pytest.mark.parametrize(
    ("serial", "pin"), [("1", "135790"), ("20260099000001", "12345"), ("20260099000001", "1" * 17)]
)
def test_a_sam_has_a_serial_and_a_pin(serial: str, pin: str) -> None:
    with pytest.raises(ValueError, match="SAM"):
        VirtualSam(serial, MASTERS, pin)


def test_pin_tries() -> None:
    sam = new_sam()
    assert sam.process(bytes.fromhex("00200001")) == b"\x63\xc3"
    assert sam.process(WRONG) == b"\x63\xc2"
    assert sam.process(VERIFY) == b"\x90\0"
    assert sam.process(bytes.fromhex("00200001")) == b"\x90\0"
    for left in (2, 1, 0):
        sam.power_on()
        sam.process(SELECT)
        assert sam.process(WRONG) == bytes((0x63, 0xC0 | left))
    assert sam.process(VERIFY) == b"\x69\x83"
    assert sam.process(bytes.fromhex("00200001")) == b"\x69\x83"
    sam.power_on()
    sam.process(SELECT)
    assert sam.process(VERIFY) == b"\x69\x83"


def test_a_malformed_pin_costs_no_try() -> None:
    sam = new_sam()
    assert sam.process(bytes.fromhex("0020000105") + b"13579") == b"\x67\0"
    assert sam.process(bytes.fromhex("0020000206") + b"135790") == b"\x6a\x86"
    assert sam.tries == 3


@pytest.mark.parametrize("i", [0x70, 0x60, 0x71, 0x61])
def test_session_keys_for_a_card(i: int) -> None:
    sam = new_sam()
    host, told = told_by_a_card(i)
    assert open_channel(sam, told) == b"\x69\x82", "no PIN yet"
    sam.process(VERIFY)
    answer = open_channel(sam, told)
    assert answer[-2:] == b"\x90\0"
    given = decode(answer[:-2])
    assert given == {
        0x80: host.s_enc,
        0x81: host.s_mac,
        0x82: host.s_rmac,
        0x83: session_key(host.s_mac, 1, host.context, host.size),
    }
    assert host.external_authenticate(0x33, given[0x83]) == b"\x90\0"
    assert sam.opened == [(0x30, DIVERSIFICATION)]
    sam.reset()
    sam.process(SELECT)
    assert open_channel(sam, told) == b"\x69\x82", "a PIN lasts until reset"


@pytest.mark.parametrize("bits", [192, 256])
def test_longer_keys_fit_into_one_answer(bits: int) -> None:
    masters = training_masters(1, bits)
    card = VirtualCard(SERIAL, masters, i=0x71)
    sam = new_sam(masters)
    sam.process(VERIFY)
    host = Host(card, masters=masters, size=16)
    host.select()
    host.initialize_update()
    answer = open_channel(sam, handshake(host))
    assert {len(value) for value in decode(answer[:-2]).values()} == {bits // 8, 16}


def without(tag: int) -> Callable[[dict[int, bytes]], None]:
    return lambda told: told.__delitem__(tag)


def given(tag: int, value: bytes) -> Callable[[dict[int, bytes]], None]:
    return lambda told: told.__setitem__(tag, value)


@pytest.mark.parametrize(
    ("change", "status"),
    [
        (without(0x80), 0x6A80),
        (without(0x81), 0x6A80),
        (without(0x82), 0x6A80),
        (without(0x83), 0x6A80),
        (without(0x85), 0x6A80),
        (given(0x86, b"\x01"), 0x6A80),
        (given(0x80, bytes(9)), 0x6A80),
        (given(0x82, bytes(16)), 0x6A80),
        (given(0x84, bytes(2)), 0x6A80),
        (given(0x85, bytes(4)), 0x6A80),
        (given(0x80, bytes(10)), 0x6300),
        (given(0x81, bytes(8)), 0x6300),
        (given(0x82, bytes(8)), 0x6300),
        (given(0x83, bytes(8)), 0x6300),
        (given(0x84, b"\0\0\x05"), 0x6300),
        (given(0x85, AID[:-1] + b"\x02"), 0x6300),
    ],
)
def test_what_does_not_fit_gives_nothing(change: Callable[[dict[int, bytes]], None], status: int) -> None:
    sam = new_sam()
    sam.process(VERIFY)
    _, told = told_by_a_card()
    change(told)
    assert open_channel(sam, told) == status.to_bytes(2, "big")
    assert not sam.opened


def test_a_random_challenge_is_not_checked_but_the_cryptogram_is() -> None:
    sam = new_sam()
    sam.process(VERIFY)
    _, told = told_by_a_card(0x60)
    assert open_channel(sam, told)[-2:] == b"\x90\0"
    told[0x83] = bytes(8)
    assert open_channel(sam, told) == b"\x63\0"


def test_versions_and_parameters() -> None:
    sam = new_sam()
    sam.process(VERIFY)
    _, told = told_by_a_card()
    assert open_channel(sam, told, 0x32) == b"\x6a\x88"
    assert open_channel(sam, told, 0x31) == b"\x63\0", "the card spoke for 30"
    assert sam.process(bytes.fromhex("80103001028000")) == b"\x6a\x86"
    assert sam.process(bytes.fromhex("80103000")) == b"\x6a\x80"
    assert sam.process(bytes.fromhex("801030000480008000")) == b"\x6a\x80"


def test_faults_strike_a_sam_too() -> None:
    sam = new_sam()
    sam.faults.script(CardFault(Act.STATUS, sw=0x6F00))
    assert sam.process(VERIFY) == b"\x6f\0"
    sam.faults.script(CardFault(Act.TEAR))
    with pytest.raises(CardPulled):
        sam.process(VERIFY)
