"""BER-TLV data objects as chips use them (ISO/IEC 7816-4, 5.2.2): tags of one to three bytes, definite lengths.

Writing gives the shortest length; reading takes longer forms of a length too, as 7816-4 allows them.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

MOST = 0xFFFFFF
"""Bytes of a value whose length can be written here."""

_LONG_TAG = 0x1F
_CONSTRUCTED = 0x20
_MORE = 0x80


class TlvError(ValueError):
    """These bytes are no data objects, or not the expected ones."""


@dataclass(frozen=True, slots=True)
class Tlv:
    """One data object. The tag is its bytes read as a number: 0x5F2E."""

    tag: int
    value: bytes

    def encode(self) -> bytes:
        """Its bytes."""
        return encode(self.tag, self.value)

    def children(self) -> tuple[Tlv, ...]:
        """The data objects inside of a constructed one. Raises TlvError."""
        if not _encode_tag(self.tag)[0] & _CONSTRUCTED:
            raise TlvError("a primitive data object holds no others")
        return parse(self.value)


def encode(tag: int, value: bytes) -> bytes:
    """One data object. Raises TlvError where the tag is none or the value is too long."""
    return _encode_tag(tag) + _encode_length(len(value)) + value


def parse(data: bytes) -> tuple[Tlv, ...]:
    """All data objects of `data`, which ends where the last one ends. Raises TlvError."""
    found: list[Tlv] = []
    at = 0
    while at < len(data):
        tag, at = _read_tag(data, at)
        length, at = _read_length(data, at)
        if at + length > len(data):
            raise TlvError("the value is cut off")
        found.append(Tlv(tag, bytes(data[at : at + length])))
        at += length
    return tuple(found)


def parse_one(data: bytes, tag: int) -> Tlv:
    """The one data object in `data`, which has this tag. Raises TlvError."""
    found = parse(data)
    if len(found) != 1 or found[0].tag != tag:
        raise TlvError(f"not one data object {tag:X}")
    return found[0]


def find_once(objects: Iterable[Tlv], tag: int) -> bytes:
    """The value of the only data object with this tag. Raises TlvError where there is none, or another."""
    values = [one.value for one in objects if one.tag == tag]
    if len(values) != 1:
        raise TlvError(f"{len(values)} data objects {tag:X}")
    return values[0]


def _encode_tag(tag: int) -> bytes:
    if not 0 < tag <= 0xFFFFFF:
        raise TlvError(f"no tag: {tag}")
    raw = tag.to_bytes(3).lstrip(b"\0")
    try:
        read, end = _read_tag(raw, 0)
    except TlvError:
        raise TlvError(f"no tag: {tag:X}") from None
    if (read, end) != (tag, len(raw)):
        raise TlvError(f"no tag: {tag:X}")
    return raw


def _encode_length(length: int) -> bytes:
    if length > MOST:
        raise TlvError("the value is too long")
    if length < _MORE:
        return bytes([length])
    raw = length.to_bytes(3).lstrip(b"\0")
    return bytes([_MORE | len(raw)]) + raw


def _read_tag(data: bytes, at: int) -> tuple[int, int]:
    start = at
    first = _byte(data, at)
    at += 1
    if first == 0:
        raise TlvError("a tag does not begin with 00")
    if first & _LONG_TAG == _LONG_TAG:
        following = _byte(data, at)
        at += 1
        if following == _MORE:
            raise TlvError("a tag's number does not begin with 00")
        if following & _MORE:
            following = _byte(data, at)
            at += 1
            if following & _MORE:
                raise TlvError("a tag has at most three bytes")
    return int.from_bytes(data[start:at]), at


def _read_length(data: bytes, at: int) -> tuple[int, int]:
    first = _byte(data, at)
    at += 1
    if first < _MORE:
        return first, at
    count = first - _MORE
    if not 1 <= count <= 3:
        raise TlvError(f"a length of this form is not used: {first:02X}")
    if at + count > len(data):
        raise TlvError("the length is cut off")
    return int.from_bytes(data[at : at + count]), at + count


def _byte(data: bytes, at: int) -> int:
    if at >= len(data):
        raise TlvError("the data object is cut off")
    return data[at]
