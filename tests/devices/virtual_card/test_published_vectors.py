"""The card's side of SCP03 against numbers computed by others (tests/devices/scp03_vectors.py)."""

from __future__ import annotations

import pytest

from ktpel_desktop.devices.simulator.virtual_card.command_bytes import parse
from ktpel_desktop.devices.simulator.virtual_card.key_derivation import (
    StaticKeys,
    derive_session_keys,
    pseudo_random_challenge,
)
from ktpel_desktop.devices.simulator.virtual_card.secure_channel import SecureChannel
from tests.devices.scp03_vectors import EID, GET_EID, ISD_R, VECTORS, Vector

_ROW = bytes(range(16))
CLEAR = ["", "", "4f0212345c054f9f70c5", "4f00"]  # data of cases 1 to 4
EVERY = pytest.mark.parametrize("vector", VECTORS, ids=lambda one: f"AES{one.bits}_{one.level:02X}")


def _keys(vector: Vector) -> StaticKeys:
    rows = (_ROW + _ROW)[: vector.bits // 8]
    return StaticKeys(*(bytes(byte | high for byte in rows) for high in (0x00, 0x10, 0x20)))


def _handshake(vector: Vector) -> tuple[bytes, bytes, bytes]:
    texts = (vector.init_update, vector.init_answer, vector.authenticate)
    update, answer, authenticate = (bytes.fromhex(text) for text in texts)
    return update, answer, authenticate


@EVERY
def test_a_session_computed_by_others(vector: Vector) -> None:
    update, answer, authenticate = _handshake(vector)
    keys = _keys(vector)
    card_challenge, cryptogram, sequence = answer[13:21], answer[21:29], answer[29:]
    assert pseudo_random_challenge(keys, sequence, bytes.fromhex(ISD_R), 8) == card_challenge
    session = derive_session_keys(keys, update[5:13], card_challenge)
    assert session.card_cryptogram == cryptogram
    channel = SecureChannel(session, update[2])
    assert channel.authenticate(parse(authenticate))
    assert channel.level == vector.level
    assert channel.unwrap(parse(bytes.fromhex(vector.get_eid))).data == bytes.fromhex(GET_EID)[5:-1]
    assert channel.wrap(bytes.fromhex(EID), 0x9000) == bytes.fromhex(vector.eid) + b"\x90\0"
    for case, clear in zip(vector.cases, CLEAR, strict=True):
        assert channel.unwrap(parse(bytes.fromhex(case))).data == bytes.fromhex(clear)


@EVERY
@pytest.mark.parametrize("at", [2, 5, 20])
def test_one_changed_bit_is_noticed(vector: Vector, at: int) -> None:
    update, answer, authenticate = _handshake(vector)
    channel = SecureChannel(derive_session_keys(_keys(vector), update[5:13], answer[13:21]), update[2])
    changed = authenticate[:at] + bytes((authenticate[at] ^ 1,)) + authenticate[at + 1 :]
    assert not channel.authenticate(parse(changed))
    assert channel.level is None
