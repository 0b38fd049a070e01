"""Where the keys of a secure channel come from. A vendor's SAM, HSM or key rule plugs in at `KeySource`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol

from cryptography.hazmat.primitives.ciphers import algorithms
from cryptography.hazmat.primitives.constant_time import bytes_eq
from cryptography.hazmat.primitives.kdf.kbkdf import KBKDFCMAC, CounterLocation, Mode

from ktpel_desktop.core.errors import DeviceError, Effect
from ktpel_desktop.core.ports import Answer, Health
from ktpel_desktop.devices.chip import scp03
from ktpel_desktop.devices.chip.scp03 import KEY_SIZES, SessionKeys

__all__ = ["Handshake", "KeySource", "MasterKeys", "OpenedKeys", "SessionKeys", "StaticKeys", "card_keys"]


@dataclass(frozen=True, slots=True)
class Handshake:
    """What the card answered to INITIALIZE UPDATE, and what it was asked. Nothing of it is secret.

    `sequence_counter` is there where the card's challenge is pseudo-random: it then follows from the card's keys,
    the counter and `aid`, and can be checked.
    """

    key_version: int
    diversification: bytes
    host_challenge: bytes
    card_challenge: bytes
    card_cryptogram: bytes
    sequence_counter: bytes | None
    aid: bytes


@dataclass(frozen=True, slots=True, repr=False)
class OpenedKeys:
    """What opens the channel once the card has proved itself."""

    session: SessionKeys
    host_cryptogram: bytes

    def __repr__(self) -> str:
        return f"OpenedKeys({self.session!r})"


class KeySource(Protocol):
    """Session keys for a card that proves that it holds the same keys."""

    def open(self, handshake: Handshake) -> OpenedKeys:
        """Check the card's cryptogram and give the session keys.

        Raises DeviceError "chip.keys_wrong" where the card does not fit these keys. It must then not be sent
        EXTERNAL AUTHENTICATE, which would cost one of its tries.
        """
        ...

    def health(self) -> Health:
        """Whether it could give keys now. Never raises."""
        ...


@dataclass(frozen=True, slots=True, repr=False)
class StaticKeys:
    """Key-ENC, Key-MAC and Key-DEK of one card. They never show themselves."""

    enc: bytes
    mac: bytes
    dek: bytes

    def __repr__(self) -> str:
        return f"StaticKeys(AES-{8 * len(self.enc)})"


class MasterKeys:
    """Training keys: a master key per key version, held in this process. Real master keys stay in a SAM."""

    def __init__(self, masters: Mapping[int, bytes]) -> None:
        if not all(0 < version <= 0xFF and len(key) in KEY_SIZES for version, key in masters.items()):
            raise ValueError("key versions are 1 to 255, master keys are AES keys")
        self._masters = dict(masters)

    def __repr__(self) -> str:
        return f"MasterKeys({', '.join(f'{version:02X}' for version in sorted(self._masters))})"

    def open(self, handshake: Handshake) -> OpenedKeys:
        """As KeySource. Raises DeviceError "chip.key_version_unknown" where it has no such master key."""
        master = self._masters.get(handshake.key_version)
        if master is None:
            raise DeviceError("chip.key_version_unknown", Effect.NONE, version=f"{handshake.key_version:02X}")
        return open_with(card_keys(master, handshake.diversification), handshake)

    def health(self) -> Health:
        return Health(Answer.YES if self._masters else Answer.NO)


def card_keys(master: bytes, diversification: bytes) -> StaticKeys:
    """The keys of one card (aplet-acuan.md, section 2; NIST SP 800-108 in counter mode with AES-CMAC)."""
    enc, mac, dek = (
        KBKDFCMAC(
            algorithm=algorithms.AES,
            mode=Mode.CounterMode,
            length=len(master),
            rlen=1,
            llen=2,
            location=CounterLocation.BeforeFixed,
            label=label,
            context=diversification,
            fixed=None,
        ).derive(master)
        for label in (b"KTPEL-ENC", b"KTPEL-MAC", b"KTPEL-DEK")
    )
    return StaticKeys(enc, mac, dek)


def open_with(keys: StaticKeys, handshake: Handshake) -> OpenedKeys:
    """Session keys from a card's static keys. Raises DeviceError "chip.keys_wrong" where the card does not fit."""
    host, card = handshake.host_challenge, handshake.card_challenge
    session = scp03.session_keys(keys.enc, keys.mac, host, card)
    fits = bytes_eq(scp03.card_cryptogram(session.mac, host, card), handshake.card_cryptogram)
    if handshake.sequence_counter is not None:
        expected = scp03.card_challenge(keys.enc, handshake.sequence_counter, handshake.aid, len(card))
        fits = bytes_eq(expected, card) and fits
    if not fits:
        raise DeviceError("chip.keys_wrong", Effect.NONE)
    return OpenedKeys(session, scp03.host_cryptogram(session.mac, host, card))
