"""Keys from keys: NIST SP 800-108 in counter mode with AES-CMAC, in the two shapes this card needs.

Static keys follow from a master key (aplet-acuan.md, 2), session keys and cryptograms from the static keys
(GlobalPlatform Amendment D 1.1.1, 4.1.5: there the counter stands behind the label).
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from hmac import compare_digest

from ktpel_desktop.devices.simulator.virtual_card.cmac import cmac

WRITING, READING = 0x30, 0x31

_CARD_CRYPTOGRAM, _HOST_CRYPTOGRAM, _CARD_CHALLENGE = 0x00, 0x01, 0x02  # Amendment D, table 4-1
_S_ENC, _S_MAC, _S_RMAC = 0x04, 0x06, 0x07


@dataclass(frozen=True, slots=True)
class StaticKeys:
    """One key version of one card."""

    enc: bytes
    mac: bytes
    dek: bytes


@dataclass(frozen=True, slots=True)
class SessionKeys:
    """What both sides of a secure channel know."""

    enc: bytes
    mac: bytes
    rmac: bytes
    card_cryptogram: bytes
    host_cryptogram: bytes


def derive_static_keys(master: bytes, diversification: bytes) -> StaticKeys:
    """The keys of the card with these diversification data."""
    return StaticKeys(
        *(
            _stretch(master, len(master), _behind(label + b"\0" + diversification, len(master)))
            for label in (b"KTPEL-ENC", b"KTPEL-MAC", b"KTPEL-DEK")
        )
    )


def derive_session_keys(keys: StaticKeys, host_challenge: bytes, card_challenge: bytes) -> SessionKeys:
    """Amendment D, 6.2.1 and 6.2.2: cryptograms are as long as the challenges (S8, S16)."""
    context, size = host_challenge + card_challenge, len(host_challenge)
    mac = derive(keys.mac, _S_MAC, context, len(keys.mac))
    return SessionKeys(
        enc=derive(keys.enc, _S_ENC, context, len(keys.enc)),
        mac=mac,
        rmac=derive(keys.mac, _S_RMAC, context, len(keys.mac)),
        card_cryptogram=derive(mac, _CARD_CRYPTOGRAM, context, size),
        host_cryptogram=derive(mac, _HOST_CRYPTOGRAM, context, size),
    )


def pseudo_random_challenge(keys: StaticKeys, counter: bytes, aid: bytes, size: int) -> bytes:
    """Amendment D, 6.2.2.1: a card challenge that the host can check."""
    return derive(keys.enc, _CARD_CHALLENGE, counter + aid, size)


def derive(key: bytes, constant: int, context: bytes, size: int) -> bytes:
    """`size` bytes by Amendment D, 4.1.5: 11 zeros, constant, 00, bits (2), counter (1), context."""
    before = bytes(11) + bytes((constant, 0)) + (size * 8).to_bytes(2, "big")
    return _stretch(key, size, (before + bytes((number,)) + context for number in range(1, 256)))


def training_masters(seed: int = 7, bits: int = 128) -> dict[int, bytes]:
    """Master keys that protect nothing: anybody can make them from the seed."""
    return {
        version: hashlib.sha256(f"KTP-el latihan {seed} {version:02X}".encode()).digest()[: bits // 8]
        for version in (WRITING, READING)
    }


def same(left: bytes, right: bytes) -> bool:
    """Whether two secrets are equal, in a time that does not tell where they differ."""
    return compare_digest(left, right)


def _behind(fixed: bytes, size: int) -> Iterator[bytes]:
    """Blocks with the counter in front (SP 800-108, 5.1)."""
    return (bytes((number,)) + fixed + (size * 8).to_bytes(2, "big") for number in range(1, 256))


def _stretch(key: bytes, size: int, blocks: Iterator[bytes]) -> bytes:
    made = b""
    while len(made) < size:
        made += cmac(key, next(blocks))
    return made[:size]
