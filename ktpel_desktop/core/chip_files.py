"""The files of a chip, built from what SIAK ordered, and the biodata read back from one.

One builder per kind of file; each gives the same bytes for the same subject on every machine, because SIAK signs
their digests before they are written here. Pictures and templates go in as SIAK gave them: a picture packed anew
would be another file.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import fields

from ktpel_desktop.core import ber_tlv
from ktpel_desktop.core.ber_tlv import TlvError
from ktpel_desktop.core.card_profile import SIGNED, CardProfile, FileKind
from ktpel_desktop.core.errors import PolicyError
from ktpel_desktop.core.subject import Subject, content_digest

_BIODATA = 0x61
_FIRST_FIELD = 0x80
_SECRET = ("photo", "signature", "fingers")
BIODATA_FIELDS = tuple(field.name for field in fields(Subject) if field.name not in _SECRET)
"""In the order of their tags, 80, 81, …"""

_JPEG, _JP2, _J2K, _PNG = (
    b"\xff\xd8",
    bytes.fromhex("0000000C6A502020"),
    b"\xff\x4f\xff\x51",
    b"\x89PNG",
)
_MARKER_CHECK = 4
MARKER_SIZE = 32 + _MARKER_CHECK

# CBEFF (ISO/IEC 19785-3; ICAO Doc 9303-10, 4.7.3.1): biometric information templates
_GROUP, _TEMPLATE, _HEADER, _DATA = 0x7F61, 0x7F60, 0xA1, 0x5F2E
_FINGERPRINT = b"\x08"
_SUBTYPES = (b"\x09", b"\x0a")
"""Right and left index finger, by default the two of the KTP-el (Perpres 35/2010)."""
_OWNER, _COMPACT = b"\x01\x01", b"\x00\x05"
"""ISO/IEC JTC 1/SC 37; finger minutiae card compact (ISO/IEC 19794-2:2005). The number is not checked on a card."""
_MINUTIA = 3
"""Bytes of one minutia: x and y in 0.1 mm, type and angle (ISO/IEC 19794-2:2005, compact card format)."""


def build(profile: CardProfile, subject: Subject) -> dict[int, bytes]:
    """The files that SIAK signs, by identifier, in the profile's order.

    Raises PolicyError "chip_load.photo_format", "chip_load.signature_format", "chip_load.fingers_format",
    "chip_load.too_large" naming the file.
    """
    made: dict[int, bytes] = {}
    for file in profile.files:
        if file.kind in SIGNED:
            data = _BUILDERS[file.kind](subject)
            if len(data) > file.most:
                raise PolicyError("chip_load.too_large", part=file.kind, bytes=len(data), most=file.most)
            made[file.fid] = data
    return made


def build_from_content(profile: CardProfile, content: bytes) -> dict[int, bytes]:
    """The same from the content of an order, as SIAK has it. Raises as `build` and `Subject.from_content`."""
    return build(profile, Subject.from_content(content))


def marker(content: bytes) -> bytes:
    """Which content a chip was begun with: its SHA-256 and a check that a torn marker does not pass."""
    digest = bytes.fromhex(content_digest(content))
    return digest + _check(digest)


def read_marker(data: bytes) -> str | None:
    """The digest in a marker; None where it is not whole."""
    digest, check = data[:32], data[32:MARKER_SIZE]
    return digest.hex() if len(data) >= MARKER_SIZE and check == _check(digest) else None


def read_biodata(data: bytes) -> dict[str, str]:
    """The fields of a biodata file by their names in `Subject`. Raises TlvError."""
    parts = ber_tlv.parse(data)
    if len(parts) != 1 or parts[0].tag != _BIODATA:
        raise TlvError("not biodata")
    values: dict[str, str] = {}
    for place, part in enumerate(ber_tlv.parse(parts[0].value)):
        if place >= len(BIODATA_FIELDS) or part.tag != _FIRST_FIELD + place:
            raise TlvError("a field that is not known")
        try:
            values[BIODATA_FIELDS[place]] = part.value.decode()
        except UnicodeDecodeError:
            raise TlvError("a field that is no text") from None
    if len(values) != len(BIODATA_FIELDS):
        raise TlvError("a field is missing")
    return values


def biodata_of(subject: Subject) -> dict[str, str]:
    """The same fields of a subject."""
    return {name: _text(subject, name) for name in BIODATA_FIELDS}


def _text(subject: Subject, name: str) -> str:
    if name == "nik":
        return subject.nik.reveal()
    value = getattr(subject, name)
    return "" if value is None else str(value)


def _biodata(subject: Subject) -> bytes:
    values = biodata_of(subject).values()
    inside = b"".join(
        ber_tlv.encode(_FIRST_FIELD + place, text.encode()) for place, text in enumerate(values)
    )
    return ber_tlv.encode(_BIODATA, inside)


def _photo(subject: Subject) -> bytes:
    if not subject.photo.startswith((_JPEG, _JP2, _J2K)):
        raise PolicyError("chip_load.photo_format")
    return subject.photo


def _signature(subject: Subject) -> bytes:
    if not subject.signature.startswith((_JPEG, _JP2, _J2K, _PNG)):
        raise PolicyError("chip_load.signature_format")
    return subject.signature


def _fingers(subject: Subject) -> bytes:
    if len(subject.fingers) != len(_SUBTYPES) or any(
        not finger or len(finger) % _MINUTIA for finger in subject.fingers
    ):
        raise PolicyError("chip_load.fingers_format")
    templates = b"".join(
        _template(subtype, finger) for subtype, finger in zip(_SUBTYPES, subject.fingers, strict=True)
    )
    return ber_tlv.encode(_GROUP, ber_tlv.encode(0x02, bytes([len(_SUBTYPES)])) + templates)


def _template(subtype: bytes, finger: bytes) -> bytes:
    facts = ((0x80, b"\x01\x01"), (0x81, _FINGERPRINT), (0x82, subtype), (0x87, _OWNER), (0x88, _COMPACT))
    header = b"".join(ber_tlv.encode(tag, value) for tag, value in facts)
    return ber_tlv.encode(_TEMPLATE, ber_tlv.encode(_HEADER, header) + ber_tlv.encode(_DATA, finger))


def _check(digest: bytes) -> bytes:
    return hashlib.sha256(b"marker" + digest).digest()[:_MARKER_CHECK]


_BUILDERS: Mapping[FileKind, Callable[[Subject], bytes]] = {
    FileKind.BIODATA: _biodata,
    FileKind.PHOTO: _photo,
    FileKind.SIGNATURE: _signature,
    FileKind.FINGERS: _fingers,
}
