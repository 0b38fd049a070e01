"""Data cetak: what SIAK says shall stand on one card and in its chip.

The content travels and is stored in the chip as canonical JSON: keys sorted, no white space, UTF-8, dates
ISO 8601, pictures and templates base64 (RFC 4648). Its SHA-256 is what SIAK signs, what the journal keeps
and what the chip is compared with. Photo, signature and fingers exist in memory only.
"""

from __future__ import annotations

import base64
import hashlib
import json
from dataclasses import dataclass, fields
from datetime import date
from typing import Any

from ktpel_desktop.core.errors import GatewayError, PolicyError
from ktpel_desktop.core.nik import Nik

_BYTES = ("photo", "signature")


@dataclass(frozen=True, slots=True, repr=False)
class Subject:
    """One resident as the card shows them (UU 24/2013 Ps. 64), with photo, signature and finger templates.

    `valid_until` is None for "SEUMUR HIDUP" (UU 24/2013 Ps. 101); `blood_group` is "-" where unknown;
    `photo` and `signature` are encoded pictures (JPEG or PNG), `fingers` are opaque templates.
    """

    nik: Nik
    name: str
    birth_place: str
    birth_date: date
    sex: str
    blood_group: str
    address: str
    rt: int
    rw: int
    kelurahan: str
    kecamatan: str
    kabupaten: str
    province: str
    religion: str
    marital_status: str
    occupation: str
    nationality: str
    valid_until: date | None
    photo: bytes
    signature: bytes
    fingers: tuple[bytes, ...]

    def __repr__(self) -> str:
        return f"Subject({self.nik!r})"

    @property
    def foreign(self) -> bool:
        """True for a foreign permanent resident (ITAP), whose card is labelled in English."""
        return self.nationality != "WNI"

    def to_content(self) -> bytes:
        """Canonical JSON of all fields, the bytes that SIAK signs and the chip holds."""
        plain: dict[str, Any] = {}
        for field in fields(self):
            value = getattr(self, field.name)
            if field.name == "nik":
                value = self.nik.reveal()
            elif field.name in _BYTES:
                value = base64.b64encode(value).decode("ascii")
            elif field.name == "fingers":
                value = [base64.b64encode(finger).decode("ascii") for finger in value]
            elif isinstance(value, date):
                value = value.isoformat()
            plain[field.name] = value
        return canonical_json(plain)

    @classmethod
    def from_content(cls, content: bytes) -> Subject:
        """The subject in `content`.

        Raises GatewayError "siak.content_malformed" naming the field (never its value) when it cannot be read,
        or "json" when the bytes are not the one canonical form of what they say: a name given twice or a field
        of unknown meaning would be signed and written into the chip without ever being looked at.
        """
        where = "json"
        subject = None
        try:
            plain = json.loads(content)
            values: dict[str, Any] = {}
            for field in fields(cls):
                where = field.name
                values[where] = _read(where, plain[where])
            where = "json"
            read = cls(**values)
            subject = read if read.to_content() == content else None
        except (ValueError, KeyError, TypeError, RecursionError, PolicyError):
            pass  # raised below, so that the error does not carry what was being read
        if subject is None:
            raise GatewayError("siak.content_malformed", field=where)
        return subject


def _read(name: str, value: Any) -> Any:
    if name == "nik":
        return Nik.parse(value)
    if name in _BYTES:
        return base64.b64decode(value, validate=True)
    if name == "fingers":
        return tuple(base64.b64decode(item, validate=True) for item in value)
    if name == "birth_date" or (name == "valid_until" and value is not None):
        return date.fromisoformat(value)
    if name == "valid_until":
        return None
    if name in ("rt", "rw"):
        if type(value) is not int or not 0 <= value <= 999:
            raise ValueError(name)
    elif type(value) is not str:
        raise TypeError(name)
    return value


def canonical_json(plain: object) -> bytes:
    """The one byte form in which the program signs, hashes and chains data."""
    return json.dumps(
        plain, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False
    ).encode()


def content_digest(content: bytes) -> str:
    """SHA-256 of the content, 64 lower-case hex digits."""
    return hashlib.sha256(content).hexdigest()
