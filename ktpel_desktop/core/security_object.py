"""Security object: SIAK's signed word about every file of one chip (after ICAO Doc 9303-10's EF.SOD).

    77 { 80 version, 81 order id, 82 SHA-256 of the content, 83 card profile,
         A4 { 80 FID, 81 length, 82 SHA-256 } …,  85 authority, 9E signature }

The signature covers everything before it, under a label of its own so that it can be taken for nothing else. It holds
no personal data and may be read without a key.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass

from ktpel_desktop.core import ber_tlv
from ktpel_desktop.core.ber_tlv import Tlv, TlvError
from ktpel_desktop.core.print_order import SignatureCheck

VERSION = 1
_LABEL = b"KTP-el security object\0"
_OBJECT, _FILE = 0x77, 0xA4
_VERSION, _ORDER, _CONTENT, _PROFILE, _AUTHORITY, _SIGNATURE = 0x80, 0x81, 0x82, 0x83, 0x85, 0x9E
_FID, _LENGTH, _DIGEST = 0x80, 0x81, 0x82
_MOST_FILES = 16


@dataclass(frozen=True, slots=True)
class FileDigest:
    """What the object says of one file: length in bytes, SHA-256."""

    length: int
    digest: bytes

    def fits(self, data: bytes) -> bool:
        """Whether `data` is exactly this file."""
        return len(data) == self.length and hashlib.sha256(data).digest() == self.digest


@dataclass(frozen=True, slots=True)
class SecurityObject:
    """The signed digests of one order's files, by file identifier. `content_digest` as `subject.content_digest`."""

    order_id: str
    content_digest: str
    profile: str
    files: Mapping[int, FileDigest]
    authority: str
    signature: bytes = b""

    def signed_bytes(self) -> bytes:
        """What the authority signs."""
        return _LABEL + self._body()

    def encode(self) -> bytes:
        """The bytes of the file on the chip."""
        return ber_tlv.encode(_OBJECT, self._body() + ber_tlv.encode(_SIGNATURE, self.signature))

    def valid(self, check: SignatureCheck) -> bool:
        """Whether a pinned authority signed it."""
        return check.knows(self.authority) and check.valid(
            self.authority, self.signed_bytes(), self.signature
        )

    def _body(self) -> bytes:
        return b"".join(
            (
                ber_tlv.encode(_VERSION, bytes([VERSION])),
                ber_tlv.encode(_ORDER, self.order_id.encode()),
                ber_tlv.encode(_CONTENT, bytes.fromhex(self.content_digest)),
                ber_tlv.encode(_PROFILE, self.profile.encode()),
                *(_encode_file(fid, file) for fid, file in sorted(self.files.items())),
                ber_tlv.encode(_AUTHORITY, self.authority.encode()),
            )
        )


def digests_of(files: Mapping[int, bytes]) -> dict[int, FileDigest]:
    """Length and digest of each file."""
    return {fid: FileDigest(len(data), hashlib.sha256(data).digest()) for fid, data in files.items()}


def decode(data: bytes) -> SecurityObject:
    """The object in `data`, not yet believed (`valid`).

    Raises TlvError for anything that is not the one encoding of what it says.
    """
    found = None
    try:
        (outer,) = ber_tlv.parse(data)
        if outer.tag == _OBJECT:
            found = _read(ber_tlv.parse(outer.value))
    except ValueError:  # TlvError among them, and texts that are no UTF-8
        pass
    if found is None or found.encode() != data:
        raise TlvError("not a security object")
    return found


def _read(parts: tuple[Tlv, ...]) -> SecurityObject:
    one = {part.tag: part.value for part in parts if part.tag != _FILE}
    files = dict(_read_file(part.value) for part in parts if part.tag == _FILE)
    if one.get(_VERSION) != bytes([VERSION]) or not 0 < len(files) <= _MOST_FILES:
        raise TlvError("another version")
    missing = {_ORDER, _CONTENT, _PROFILE, _AUTHORITY, _SIGNATURE} - one.keys()
    if missing:
        raise TlvError("incomplete")
    return SecurityObject(
        order_id=one[_ORDER].decode(),
        content_digest=one[_CONTENT].hex(),
        profile=one[_PROFILE].decode(),
        files=files,
        authority=one[_AUTHORITY].decode(),
        signature=one[_SIGNATURE],
    )


def _encode_file(fid: int, file: FileDigest) -> bytes:
    inside = (
        ber_tlv.encode(_FID, fid.to_bytes(2))
        + ber_tlv.encode(_LENGTH, file.length.to_bytes(2))
        + ber_tlv.encode(_DIGEST, file.digest)
    )
    return ber_tlv.encode(_FILE, inside)


def _read_file(data: bytes) -> tuple[int, FileDigest]:
    part = {one.tag: one.value for one in ber_tlv.parse(data)}
    if part.keys() != {_FID, _LENGTH, _DIGEST}:
        raise TlvError("a file without its digest")
    if len(part[_FID]) != 2 or len(part[_LENGTH]) != 2:
        raise TlvError("a file identifier and a length have two bytes")
    return int.from_bytes(part[_FID]), FileDigest(int.from_bytes(part[_LENGTH]), part[_DIGEST])
