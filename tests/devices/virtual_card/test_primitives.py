"""CMAC and the KDF against published numbers, and against the library."""

from __future__ import annotations

import pytest
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from hypothesis import given
from hypothesis import strategies as st

from ktpel_desktop.devices.simulator.virtual_card import cmac as own
from ktpel_desktop.devices.simulator.virtual_card.key_derivation import (
    derive,
    derive_static_keys,
    training_masters,
)
from tests.devices.virtual_card.host import DIVERSIFICATION, mac, session_key, static_key

# RFC 4493, section 4
KEY = bytes.fromhex("2b7e151628aed2a6abf7158809cf4f3c")
MESSAGE = bytes.fromhex(
    "6bc1bee22e409f96e93d7e117393172aae2d8a571e03ac9c9eb76fac45af8e51"
    "30c81c46a35ce411e5fbc1191a0a52eff69f2445df4f9b17ad2b417be66c3710"
)
RFC_4493 = {
    0: "bb1d6929e95937287fa37d129b756746",
    16: "070a16b46b4d4144f79bdd9dd04a287c",
    40: "dfa66747de9ae63030ca32611497c827",
    64: "51f0bebf7e3b9d92fc49741779363cfe",
}
# NIST SP 800-38B, appendix D.2 and D.3 (examples for AES-192 and AES-256, updated 2016)
KEY_192 = bytes.fromhex("8e73b0f7da0e6452c810f32b809079e562f8ead2522c6b7b")
KEY_256 = bytes.fromhex("603deb1015ca71be2b73aef0857d77811f352c073b6108d72d9810a30914dff4")
SP_800_38B = [
    (KEY_192, 0, "d17ddf46adaacde531cac483de7a9367"),
    (KEY_192, 16, "9e99a7bf31e710900662f65e617c5184"),
    (KEY_192, 64, "a1d5df0eed790f794d77589659f39a11"),
    (KEY_256, 0, "028962f61b7bf89efc6b551f4667d983"),
    (KEY_256, 16, "28a7023f452e8f82bd4bf28d8c37c35c"),
    (KEY_256, 64, "e1992190549f6ed5696a2c056c315410"),
]

keys = st.sampled_from([16, 24, 32]).flatmap(lambda size: st.binary(min_size=size, max_size=size))


def test_subkeys_of_rfc_4493() -> None:
    first, second = own.subkeys(KEY)
    assert first.hex() == "fbeed618357133667c85e08f7236a8de"
    assert second.hex() == "f7ddac306ae266ccf90bc11ee46d513b"


@pytest.mark.parametrize(("length", "code"), RFC_4493.items())
def test_cmac_of_rfc_4493(length: int, code: str) -> None:
    assert own.cmac(KEY, MESSAGE[:length]).hex() == code


@pytest.mark.parametrize(("key", "length", "code"), SP_800_38B)
def test_cmac_of_sp_800_38b(key: bytes, length: int, code: str) -> None:
    assert own.cmac(key, MESSAGE[:length]).hex() == code


@given(keys, st.binary(max_size=80))
def test_cmac_is_the_librarys(key: bytes, message: bytes) -> None:
    assert own.cmac(key, message) == mac(key, message)


@given(keys, st.binary(min_size=16, max_size=16), st.binary(max_size=80))
def test_cbc_and_padding_are_the_librarys(key: bytes, iv: bytes, clear: bytes) -> None:
    padded = own.pad(clear)
    assert len(padded) % 16 == 0
    assert len(padded) > len(clear)
    secret = own.encrypt_cbc(key, iv, padded)
    assert secret == Cipher(algorithms.AES(key), modes.CBC(iv)).encryptor().update(padded)
    assert own.unpad(own.decrypt_cbc(key, iv, secret)) == clear


@pytest.mark.parametrize("broken", [b"", bytes(16), b"\x01" * 16, b"\x80" + bytes(16)])
def test_what_is_no_padding_is_not_taken_for_it(broken: bytes) -> None:
    assert own.unpad(broken) is None


@given(keys, st.integers(0, 7), st.binary(min_size=10, max_size=40), st.sampled_from([8, 16, 24, 32]))
def test_session_derivation_is_the_librarys(key: bytes, constant: int, context: bytes, size: int) -> None:
    assert derive(key, constant, context, size) == session_key(key, constant, context, size)


@given(keys)
def test_static_derivation_is_the_librarys(master: bytes) -> None:
    made = derive_static_keys(master, DIVERSIFICATION)
    labels = (b"KTPEL-ENC", b"KTPEL-MAC", b"KTPEL-DEK")
    assert (made.enc, made.mac, made.dek) == tuple(static_key(master, label) for label in labels)
    assert len(made.enc) == len(master)


def test_training_masters_follow_from_their_seed() -> None:
    assert training_masters(7) == training_masters(7)
    assert training_masters(7) != training_masters(8)
    assert {len(key) for key in training_masters(7, 192).values()} == {24}
    assert set(training_masters()) == {0x30, 0x31}
