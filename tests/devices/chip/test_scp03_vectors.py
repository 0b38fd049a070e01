"""SCP03 on published numbers (tests/devices/scp03_vectors.py). CMAC: RFC 4493, section 4."""

import pytest
from cryptography.hazmat.primitives import cmac
from cryptography.hazmat.primitives.ciphers import algorithms

from ktpel_desktop.devices.chip import scp03
from ktpel_desktop.devices.chip.apdu import Command, Response
from ktpel_desktop.devices.chip.channel import read_handshake
from ktpel_desktop.devices.chip.keys import StaticKeys, open_with
from ktpel_desktop.devices.chip.scp03 import Scp03, _cmac
from tests.devices.chip import second_scp03
from tests.devices.chip.second_scp03 import CardSide
from tests.devices.scp03_vectors import CASES, EID, GET_EID, ISD_R, VECTORS, Vector

ENC = "000102030405060708090a0b0c0d0e0f"
MAC = "101112131415161718191a1b1c1d1e1f"
KEYS = {
    128: StaticKeys(bytes.fromhex(ENC), bytes.fromhex(MAC), bytes(16)),
    192: StaticKeys(bytes.fromhex(ENC + ENC[:16]), bytes.fromhex(MAC + MAC[:16]), bytes(24)),
    256: StaticKeys(bytes.fromhex(ENC * 2), bytes.fromhex(MAC * 2), bytes(32)),
}

NAMES = [f"AES-{one.bits} level {one.level:02X}" for one in VECTORS]


def command(raw: str) -> Command:
    return Command.decode(bytes.fromhex(raw))


@pytest.mark.parametrize("vector", VECTORS, ids=NAMES)
def test_a_whole_session_gives_the_published_bytes(vector: Vector) -> None:
    first = command(vector.init_update)
    handshake = read_handshake(
        bytes.fromhex(vector.init_answer), first.data, first.p1, vector.level, bytes.fromhex(ISD_R)
    )
    assert handshake.sequence_counter is not None
    opened = open_with(KEYS[vector.bits], handshake)
    state = Scp03(opened.session, vector.level)
    assert state.external_authenticate(opened.host_cryptogram) == command(vector.authenticate)
    assert state.unwrap(Response(b"", 0x9000)) == Response(b"", 0x9000)
    assert state.wrap(command(GET_EID)).encode(False).hex() == vector.get_eid
    assert state.unwrap(Response(bytes.fromhex(vector.eid), 0x9000)).data.hex() == EID
    for clear, wrapped in zip(CASES, vector.cases, strict=True):
        assert state.wrap(command(clear)).encode(False).hex() == wrapped


@pytest.mark.parametrize("vector", VECTORS, ids=NAMES)
def test_the_second_implementation_in_these_tests_gives_them_too(vector: Vector) -> None:
    keys = KEYS[vector.bits]
    version = command(vector.init_update).p1
    card = CardSide(keys.enc, keys.mac, aid=bytes.fromhex(ISD_R), version=version)
    card.sequence = int(vector.init_answer[-6:], 16)
    assert card.initialize_update(command(vector.init_update).data).hex() == vector.init_answer
    assert card.external_authenticate(bytes.fromhex(vector.authenticate))
    assert card.take(bytes.fromhex(vector.get_eid)) == command(GET_EID).data
    assert card.give(bytes.fromhex(EID), 0x9000).hex() == vector.eid + "9000"
    for clear, wrapped in zip(CASES, vector.cases, strict=True):
        assert card.take(bytes.fromhex(wrapped)) == command(clear).data


@pytest.mark.parametrize(
    ("message", "mac"),
    [
        ("", "bb1d6929e95937287fa37d129b756746"),
        ("6bc1bee22e409f96e93d7e117393172a", "070a16b46b4d4144f79bdd9dd04a287c"),
        (
            "6bc1bee22e409f96e93d7e117393172aae2d8a571e03ac9c9eb76fac45af8e5130c81c46a35ce411",
            "dfa66747de9ae63030ca32611497c827",
        ),
    ],
)
def test_cmac_gives_the_numbers_of_rfc_4493(message: str, mac: str) -> None:
    key = bytes.fromhex("2b7e151628aed2a6abf7158809cf4f3c")
    assert _cmac(cmac.CMAC(algorithms.AES(key)), bytes.fromhex(message)).hex() == mac
    assert second_scp03.cmac(key, bytes.fromhex(message)).hex() == mac


def test_a_key_of_two_blocks_is_derived_by_two_rounds() -> None:
    for size in (8, 16, 24, 32):
        for constant in scp03.Constant:
            derived = scp03.derive(bytes(range(16)), constant, b"context", size)
            assert derived == second_scp03.kdf(bytes(range(16)), constant, b"context", 8 * size)
