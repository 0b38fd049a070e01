"""The Basic Encoding Rules (ITU-T X.690) as far as an SNMPv2c GET needs them: definite lengths, single-byte tags."""

from __future__ import annotations

from collections.abc import Iterable

INTEGER, OCTETS, NULL, OID, SEQUENCE = 0x02, 0x04, 0x05, 0x06, 0x30


class BerError(ValueError):
    """The bytes are not such an encoding. Stays inside this package."""


def pack(tag: int, content: bytes) -> bytes:
    """One element."""
    size = len(content)
    if size < 0x80:
        return bytes([tag, size]) + content
    length = size.to_bytes((size.bit_length() + 7) // 8, "big")
    return bytes([tag, 0x80 | len(length)]) + length + content


def pack_integer(value: int) -> bytes:
    """A signed integer."""
    return pack(INTEGER, value.to_bytes(value.bit_length() // 8 + 1, "big", signed=True))


def pack_oid(arcs: Iterable[int]) -> bytes:
    """An object identifier of at least two arcs."""
    first, second, *rest = arcs
    content = bytearray()
    for arc in (40 * first + second, *rest):
        septets = [arc & 0x7F]
        while arc := arc >> 7:
            septets.append(0x80 | arc & 0x7F)
        content += bytes(reversed(septets))
    return pack(OID, bytes(content))


def unpack(data: bytes) -> list[tuple[int, bytes]]:
    """Tag and content of elements one after another, nothing left over. Raises BerError."""
    found: list[tuple[int, bytes]] = []
    place = 0
    while place < len(data):
        tag, place = data[place], place + 1
        if tag & 0x1F == 0x1F or place >= len(data):
            raise BerError("tag")
        size, place = data[place], place + 1
        if size & 0x80:
            count = size & 0x7F
            if not 1 <= count <= 4 or place + count > len(data):
                raise BerError("length")
            size, place = int.from_bytes(data[place : place + count], "big"), place + count
        if place + size > len(data):
            raise BerError("cut")
        found.append((tag, data[place : place + size]))
        place += size
    return found


def integer(content: bytes) -> int:
    """A signed integer. Raises BerError."""
    if not 1 <= len(content) <= 9:
        raise BerError("integer")
    return int.from_bytes(content, "big", signed=True)
