"""Command APDUs as the card takes them apart (ISO/IEC 7816-3, 12.1.3), data objects, and refusals."""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum

SECURE, CHAINED = 0x04, 0x10  # bits of CLA (ISO/IEC 7816-4, 5.4.1; GlobalPlatform 11.1.4)
SHORT_MOST, EXTENDED_MOST = 256, 65536


class Ins(IntEnum):
    """The commands of card and SAM (aplet-acuan.md)."""

    OPEN_CHANNEL = 0x10
    VERIFY = 0x20
    ACTIVATE_FILE = 0x44
    INITIALIZE_UPDATE = 0x50
    EXTERNAL_AUTHENTICATE = 0x82
    SELECT = 0xA4
    READ_BINARY = 0xB0
    GET_DATA = 0xCA
    UPDATE_BINARY = 0xD6
    CREATE_FILE = 0xE0
    DELETE_FILE = 0xE4


class Sw(IntEnum):
    """Status words of ISO/IEC 7816-4, 5.6."""

    OK = 0x9000
    END_OF_FILE = 0x6282
    DOES_NOT_FIT = 0x6300
    TRIES_LEFT = 0x63C0
    WRONG_LENGTH = 0x6700
    NO_CHAINING = 0x6884
    NOT_ALLOWED_SECURITY = 0x6982
    BLOCKED = 0x6983
    CONDITIONS = 0x6985
    NO_CURRENT_FILE = 0x6986
    WRONG_DATA = 0x6A80
    NOT_FOUND = 0x6A82
    NO_SPACE = 0x6A84
    WRONG_P1_P2 = 0x6A86
    NO_SUCH_KEY = 0x6A88
    EXISTS = 0x6A89
    OUTSIDE = 0x6B00
    RIGHT_LE = 0x6C00
    UNKNOWN_INS = 0x6D00
    UNKNOWN_CLA = 0x6E00


class Refused(Exception):
    """The command is answered by this status word alone."""

    def __init__(self, sw: int) -> None:
        super().__init__(f"{sw:04X}")
        self.sw = sw


@dataclass(frozen=True, slots=True)
class Command:
    """One command APDU. `length` is Lc as it was sent, because a MAC covers it; `le` is how many bytes may come."""

    cla: int
    ins: int
    p1: int
    p2: int
    data: bytes = b""
    length: bytes = b""
    le: int | None = None
    extended: bool = False

    @property
    def header(self) -> bytes:
        return bytes((self.cla, self.ins, self.p1, self.p2))

    @property
    def name(self) -> str:
        return Ins(self.ins).name.replace("_", " ")

    @property
    def secure(self) -> bool:
        return bool(self.cla & SECURE)


def parse(raw: bytes) -> Command:
    """Take a command apart. Refused 6700 where its lengths contradict each other."""
    if len(raw) < 4:
        raise Refused(Sw.WRONG_LENGTH)
    (cla, ins, p1, p2), body = raw[:4], raw[4:]
    if not body:
        return Command(cla, ins, p1, p2)
    if len(body) == 1:
        return Command(cla, ins, p1, p2, le=body[0] or SHORT_MOST)
    wide = body[0] == 0
    if wide and len(body) == 3:
        return Command(cla, ins, p1, p2, le=int.from_bytes(body[1:], "big") or EXTENDED_MOST, extended=True)
    before, le_size = (3, 2) if wide else (1, 1)
    count = int.from_bytes(body[1:3], "big") if wide else body[0]
    data, rest = body[before : before + count], body[before + count :]
    if not count or len(data) != count or len(rest) not in {0, le_size}:
        raise Refused(Sw.WRONG_LENGTH)
    le = (int.from_bytes(rest, "big") or 1 << 8 * le_size) if rest else None
    return Command(cla, ins, p1, p2, data, body[:before], le, wide)


def encode(tag: int, value: bytes) -> bytes:
    """One data object (ISO/IEC 7816-4, 5.2.2); values up to 255 bytes."""
    name = tag.to_bytes(1 if tag < 0x100 else 2, "big")
    return name + (b"" if len(value) < 0x80 else b"\x81") + bytes((len(value),)) + value


def decode(data: bytes) -> dict[int, bytes]:
    """Data objects with one-byte tags, each at most once; anything else is refused 6A80."""
    found: dict[int, bytes] = {}
    at = 0
    while at < len(data):
        tag, at = data[at], at + 1
        size, at = _length(data, at)
        if tag in found or tag & 0x1F == 0x1F or at + size > len(data):
            raise Refused(Sw.WRONG_DATA)
        found[tag] = data[at : at + size]
        at += size
    return found


def _length(data: bytes, at: int) -> tuple[int, int]:
    if data[at : at + 1] == b"\x81" and len(data) > at + 1 and data[at + 1] >= 0x80:
        return data[at + 1], at + 2
    if at >= len(data) or data[at] >= 0x80:
        raise Refused(Sw.WRONG_DATA)
    return data[at], at + 1
