"""Training keys: derived per card as aplet-acuan.md, section 2, says, and given only to a card that fits."""

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ktpel_desktop.core.errors import DeviceError, Effect
from ktpel_desktop.core.ports import Answer
from ktpel_desktop.devices.chip.keys import Handshake, MasterKeys, OpenedKeys, SessionKeys, card_keys
from tests.devices.chip.second_scp03 import CardSide, cmac

AID = bytes.fromhex("F04B5450454C01")
DIVERSIFICATION = bytes(3) + bytes.fromhex("20260000000001")
MASTERS = {0x30: bytes(range(16)), 0x31: bytes(range(50, 82))}


def derived_as_written(master: bytes, label: bytes) -> bytes:
    """counter || label || 00 || diversification data || length in bits, under AES-CMAC."""
    rest = label + b"\0" + DIVERSIFICATION + (8 * len(master)).to_bytes(2)
    return (cmac(master, b"\x01" + rest) + cmac(master, b"\x02" + rest))[: len(master)]


def handshake(version: int = 0x30, size: int = 8, i: int = 0x70) -> Handshake:
    master = MASTERS[version]
    enc, mac = (derived_as_written(master, label) for label in (b"KTPEL-ENC", b"KTPEL-MAC"))
    card = CardSide(enc, mac, size=size, i=i, diversification=DIVERSIFICATION, version=version, aid=AID)
    answer = card.initialize_update(b"H" * size, b"C" * size)
    return Handshake(
        version,
        DIVERSIFICATION,
        b"H" * size,
        answer[13 : 13 + size],
        answer[13 + size : 13 + 2 * size],
        answer[13 + 2 * size :] or None,
        AID,
    )


@pytest.mark.parametrize("size", [16, 24, 32])
def test_the_keys_of_a_card_follow_from_the_master_key_as_written(size: int) -> None:
    master = bytes(range(size))
    keys = card_keys(master, DIVERSIFICATION)
    assert keys.enc == derived_as_written(master, b"KTPEL-ENC")
    assert keys.mac == derived_as_written(master, b"KTPEL-MAC")
    assert keys.dek == derived_as_written(master, b"KTPEL-DEK")


@pytest.mark.parametrize(
    ("version", "size", "i"), [(0x30, 8, 0x70), (0x31, 8, 0x60), (0x31, 16, 0x71), (0x30, 16, 0x61)]
)
def test_a_card_that_fits_gets_its_session(version: int, size: int, i: int) -> None:
    opened = MasterKeys(MASTERS).open(handshake(version, size, i))
    assert len(opened.host_cryptogram) == size
    assert len(opened.session.enc) == len(MASTERS[version])


@given(
    st.sampled_from(
        ["diversification", "host_challenge", "card_challenge", "card_cryptogram", "sequence_counter", "aid"]
    ),
    st.data(),
)
def test_a_card_that_fits_in_all_but_one_bit_gets_nothing(part: str, data: st.DataObject) -> None:
    right = handshake()
    value = bytearray(getattr(right, part))
    bit = data.draw(st.integers(0, 8 * len(value) - 1))
    value[bit // 8] ^= 1 << bit % 8
    changed: dict[str, Any] = {part: bytes(value)}
    with pytest.raises(DeviceError) as refused:
        MasterKeys(MASTERS).open(replace(right, **changed))
    assert (refused.value.code, refused.value.effect) == ("chip.keys_wrong", Effect.NONE)


def test_a_key_version_without_master_key_is_told() -> None:
    with pytest.raises(DeviceError) as refused:
        MasterKeys({0x31: bytes(16)}).open(handshake(0x30))
    assert refused.value.code == "chip.key_version_unknown"
    assert refused.value.params == {"version": "30"}


def test_master_keys_are_aes_keys_with_a_version() -> None:
    for wrong in ({0: bytes(16)}, {256: bytes(16)}, {0x30: bytes(8)}):
        with pytest.raises(ValueError):
            MasterKeys(wrong)


def test_training_keys_are_always_ready_unless_there_are_none() -> None:
    assert MasterKeys(MASTERS).health().ready is Answer.YES
    assert MasterKeys({}).health().ready is Answer.NO


def test_no_key_ever_shows_itself() -> None:
    secret = bytes.fromhex("C0FFEE00") * 4
    session = SessionKeys(secret, secret, secret)
    shown = [
        repr(MasterKeys({0x30: secret})),
        repr(card_keys(secret, DIVERSIFICATION)),
        repr(session),
        repr(OpenedKeys(session, secret)),
    ]
    assert shown == [
        "MasterKeys(30)",
        "StaticKeys(AES-128)",
        "SessionKeys(AES-128)",
        "OpenedKeys(SessionKeys(AES-128))",
    ]
