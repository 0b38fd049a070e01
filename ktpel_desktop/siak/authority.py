"""Who may sign print orders: the pinned keys, and the throw-away authority of the training mode.

Ed25519 (RFC 8032) by `cryptography`. What is signed is `PrintOrder.signed_bytes()`: everything but the content,
which its digest stands for (design.md 4 and 6). Which authorities are pinned is the composition root's choice;
the name of a training authority says so, and a set that mixes training with the real one cannot be built.
"""

from __future__ import annotations

import binascii
import hashlib
import os
from base64 import b64decode
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import Self

from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from ktpel_desktop.core.errors import GatewayError
from ktpel_desktop.core.print_order import PrintOrder
from ktpel_desktop.core.security_object import SecurityObject

TRAINING_MARK = "LATIHAN"
TRAINING_NAME = "SIAK LATIHAN"


def is_training(authority: str) -> bool:
    """Whether the name is that of a training authority."""
    return TRAINING_MARK in authority.upper()


class PinnedAuthorities:
    """The authorities whose orders are believed; implements core.print_order.SignatureCheck."""

    def __init__(self, keys: Mapping[str, bytes], *, training: bool = False) -> None:
        """Name → public key: PEM, base64 of the raw key, or its 32 raw bytes.

        Raises GatewayError "siak.authority_key_malformed" naming the authority, "siak.authority_mixed" where a
        training authority is pinned outside training, or a real one inside.
        """
        for name in keys:
            if is_training(name) is not training:
                raise GatewayError("siak.authority_mixed", authority=name)
        self._keys = {name: _public_key(name, key) for name, key in keys.items()}

    def knows(self, authority: str) -> bool:
        return authority in self._keys

    def valid(self, authority: str, message: bytes, signature: bytes) -> bool:
        key = self._keys.get(authority)
        if key is None:
            return False
        try:
            key.verify(signature, message)
        except InvalidSignature:
            return False
        return True


class TrainingAuthority:
    """The signer of the training mode. Its orders are worth nothing outside: its name is never pinned there."""

    def __init__(self, key: Ed25519PrivateKey, name: str = TRAINING_NAME) -> None:
        """Raises GatewayError "siak.authority_mixed" when the name does not say that it is for training."""
        if not is_training(name):
            raise GatewayError("siak.authority_mixed", authority=name)
        self.name = name
        self._key = key

    @classmethod
    def from_seed(cls, seed: str) -> Self:
        """The same authority for the same seed: the head-less day can be repeated byte for byte."""
        return cls(
            Ed25519PrivateKey.from_private_bytes(hashlib.sha256(b"ktpel-latihan\0" + seed.encode()).digest())
        )

    @classmethod
    def from_file(cls, path: Path) -> Self:
        """The authority kept in a file that only its owner may read; made on first start.

        Raises GatewayError "siak.authority_key_malformed", "siak.authority_file" where the disk refuses.
        """
        fault = ""
        try:
            if not path.exists():
                _write_new_key(path)
            path.chmod(0o600)
            pem = path.read_bytes()
        except OSError as error:
            fault, pem = type(error).__name__, b""
        if fault:
            raise GatewayError("siak.authority_file", file=path.name, cause=fault)
        return cls(_private_key(pem))

    @property
    def public_key(self) -> bytes:
        """The 32 raw bytes to pin."""
        return self._key.public_key().public_bytes_raw()

    def pinned(self) -> PinnedAuthorities:
        """A set that believes this training authority and nobody else."""
        return PinnedAuthorities({self.name: self.public_key}, training=True)

    def sign(self, order: PrintOrder) -> PrintOrder:
        """The order under this authority's name and signature."""
        named = replace(order, authority=self.name)
        return replace(named, signature=self._key.sign(named.signed_bytes()))

    def sign_object(self, made: SecurityObject) -> SecurityObject:
        """The security object of a chip under this authority's name and signature."""
        named = replace(made, authority=self.name)
        return replace(named, signature=self._key.sign(named.signed_bytes()))


def _write_new_key(path: Path) -> None:
    # Written aside and renamed, so that a power cut leaves the whole key or none.
    pem = Ed25519PrivateKey.generate().private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    aside = path.with_name(path.name + ".baru")
    aside.unlink(missing_ok=True)
    with os.fdopen(os.open(aside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(pem)
        file.flush()
        os.fsync(file.fileno())
    aside.replace(path)


def _private_key(pem: bytes) -> Ed25519PrivateKey:
    key: object = None
    with suppress(ValueError, TypeError, UnsupportedAlgorithm):
        key = serialization.load_pem_private_key(pem, password=None)
    if not isinstance(key, Ed25519PrivateKey):
        raise GatewayError("siak.authority_key_malformed", authority=TRAINING_NAME)
    return key


def _public_key(name: str, key: bytes) -> Ed25519PublicKey:
    found: object = None
    with suppress(ValueError, binascii.Error, UnsupportedAlgorithm):
        if key.lstrip().startswith(b"-----BEGIN"):
            found = serialization.load_pem_public_key(key)
        elif len(key) == 32:
            found = Ed25519PublicKey.from_public_bytes(key)
        else:
            found = Ed25519PublicKey.from_public_bytes(b64decode(key.strip(), validate=True))
    if not isinstance(found, Ed25519PublicKey):
        raise GatewayError("siak.authority_key_malformed", authority=name)
    return found
