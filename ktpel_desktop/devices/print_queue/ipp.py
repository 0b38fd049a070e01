"""IPP messages as bytes: RFC 8010 (encoding), RFC 8011 (tags, operations), collections included.

Only what a client needs, and every value is of a type that says how it is encoded. Whatever is wrong in received
bytes, `decode` raises IppBroken and nothing else.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import IntEnum

VERSION = (2, 0)
CONTENT_TYPE = "application/ipp"
MOST_BYTES = 16_000_000
"""More than any answer: a thousand jobs that a server keeps are some hundred kilobytes."""
_DEEPEST = 16
"""Collections inside collections; media-col-database needs three."""


class Op(IntEnum):
    """Operations used here (RFC 8011 5.4.15; the last one is CUPS's own)."""

    PRINT_JOB = 0x0002
    CANCEL_JOB = 0x0008
    GET_JOB_ATTRIBUTES = 0x0009
    GET_JOBS = 0x000A
    GET_PRINTER_ATTRIBUTES = 0x000B
    CUPS_GET_PRINTERS = 0x4002


class Group(IntEnum):
    """Delimiter tags (RFC 8010 3.5.1)."""

    OPERATION = 0x01
    JOB = 0x02
    END = 0x03
    PRINTER = 0x04
    UNSUPPORTED = 0x05


class Tag(IntEnum):
    """Value tags (RFC 8010 3.5.2)."""

    INTEGER = 0x21
    BOOLEAN = 0x22
    ENUM = 0x23
    RESOLUTION = 0x32
    RANGE = 0x33
    BEGIN_COLLECTION = 0x34
    TEXT_WITH_LANGUAGE = 0x35
    NAME_WITH_LANGUAGE = 0x36
    END_COLLECTION = 0x37
    TEXT = 0x41
    NAME = 0x42
    KEYWORD = 0x44
    URI = 0x45
    CHARSET = 0x47
    LANGUAGE = 0x48
    MIME = 0x49
    MEMBER_NAME = 0x4A


class IppBroken(Exception):
    """Received bytes are not an IPP message."""


@dataclass(frozen=True, slots=True)
class Text:
    """A value in letters, under its tag."""

    tag: Tag
    text: str


@dataclass(frozen=True, slots=True)
class Enum:
    """A number that stands for a word, such as a job's state."""

    number: int


@dataclass(frozen=True, slots=True)
class Range:
    """From one whole number to another."""

    low: int
    high: int


@dataclass(frozen=True, slots=True)
class Resolution:
    """Dots per `unit`: 3 is the inch, 4 the centimetre."""

    across: int
    feed: int
    unit: int = 3


@dataclass(frozen=True, slots=True)
class Raw:
    """A value of a type that is not read here, or the absence of one ("no-value", "unknown")."""

    tag: int
    data: bytes = b""


Value = (
    int | Enum | Text | Range | Resolution | Raw | Mapping[str, "Values"]
)  # bool is an int, told apart when encoded
Values = Sequence[Value]
Attributes = Mapping[str, Values]


@dataclass(frozen=True, slots=True)
class Message:
    """A request (`code` is the operation) or an answer (`code` is the status), and what follows it."""

    code: int
    number: int
    groups: Sequence[tuple[int, Attributes]] = ()
    data: bytes = field(default=b"", repr=False)
    version: tuple[int, int] = VERSION

    def of(self, group: Group) -> Iterator[Attributes]:
        """The groups of one kind, in their order: one per job or printer."""
        return (attributes for tag, attributes in self.groups if tag == group)


# ---------------------------------------------------------------- making values


def keyword(text: str) -> Text:
    """A word of IPP's own, such as one-sided."""
    return Text(Tag.KEYWORD, text)


def name(text: str) -> Text:
    """What a person called something."""
    return Text(Tag.NAME, text)


def uri(text: str) -> Text:
    """An address."""
    return Text(Tag.URI, text)


def mime(text: str) -> Text:
    """A document format."""
    return Text(Tag.MIME, text)


# ---------------------------------------------------------------- encoding


def encode(message: Message) -> bytes:
    """The bytes of a message, its data at the end."""
    out = bytearray(struct.pack(">BBHI", *message.version, message.code, message.number))
    for group, attributes in message.groups:
        out.append(group)
        for title, values in attributes.items():
            for position, value in enumerate(values):
                _put(out, "" if position else title, value)
    out.append(Group.END)
    return bytes(out) + message.data


def _put(out: bytearray, title: str, value: Value) -> None:
    if isinstance(value, Mapping):
        _put_piece(out, Tag.BEGIN_COLLECTION, title, b"")
        for member, values in value.items():
            _put_piece(out, Tag.MEMBER_NAME, "", member.encode())
            for each in values:
                _put(out, "", each)
        _put_piece(out, Tag.END_COLLECTION, "", b"")
        return
    tag, data = _plain(value)
    _put_piece(out, tag, title, data)


def _plain(value: int | Enum | Text | Range | Resolution | Raw) -> tuple[int, bytes]:
    match value:
        case bool():
            return Tag.BOOLEAN, b"\1" if value else b"\0"
        case int():
            return Tag.INTEGER, struct.pack(">i", value)
        case Enum(number):
            return Tag.ENUM, struct.pack(">i", number)
        case Text(tag, text):
            return tag, text.encode()
        case Range(low, high):
            return Tag.RANGE, struct.pack(">ii", low, high)
        case Resolution(across, feed, unit):
            return Tag.RESOLUTION, struct.pack(">iib", across, feed, unit)
        case Raw(tag, data):
            return tag, data


def _put_piece(out: bytearray, tag: int, title: str, data: bytes) -> None:
    spelled = title.encode()
    out += struct.pack(">BH", tag, len(spelled)) + spelled
    out += struct.pack(">H", len(data)) + data


# ---------------------------------------------------------------- decoding


@dataclass(slots=True)
class _Reader:
    data: bytes
    at: int = 0

    def take(self, count: int) -> bytes:
        end = self.at + count
        if end > len(self.data):
            raise IppBroken("cut off")
        piece = self.data[self.at : end]
        self.at = end
        return piece

    def short(self) -> int:
        return int.from_bytes(self.take(2), "big")

    def piece(self) -> tuple[str, bytes]:
        """Name and value after a value tag."""
        title = _text(self.take(self.short()))
        return title, self.take(self.short())


def decode(data: bytes) -> Message:
    """The message in `data`. Raises IppBroken."""
    if len(data) > MOST_BYTES:
        raise IppBroken("too long")
    reader = _Reader(data)
    major, minor, code, number = struct.unpack(">BBHI", reader.take(8))
    groups: list[tuple[int, dict[str, list[Value]]]] = []
    last: list[Value] | None = None
    while (tag := reader.take(1)[0]) != Group.END:
        if tag < 0x10:
            groups.append((tag, {}))
            last = None
            continue
        title, raw = reader.piece()
        value = _collection(reader, 1) if tag == Tag.BEGIN_COLLECTION else _value(tag, raw)
        if title:
            if not groups:
                raise IppBroken("an attribute outside any group")
            last = groups[-1][1].setdefault(title, [])
        if last is None:
            raise IppBroken("a further value of nothing")
        last.append(value)
    return Message(code, number, groups, data[reader.at :], (major, minor))


def _collection(reader: _Reader, depth: int) -> dict[str, Values]:
    if depth > _DEEPEST:
        raise IppBroken("too deep")
    members: dict[str, list[Value]] = {}
    last: list[Value] | None = None
    while True:
        tag = reader.take(1)[0]
        if tag < 0x10:
            raise IppBroken("a collection without end")
        _, raw = reader.piece()
        if tag == Tag.END_COLLECTION:
            return dict(members)
        if tag == Tag.MEMBER_NAME:
            last = members.setdefault(_text(raw), [])
            continue
        if last is None:
            raise IppBroken("a member without name")
        last.append(_collection(reader, depth + 1) if tag == Tag.BEGIN_COLLECTION else _value(tag, raw))


def _value(tag: int, raw: bytes) -> Value:
    try:
        match tag:
            case Tag.INTEGER:
                return int(struct.unpack(">i", raw)[0])
            case Tag.BOOLEAN:
                return bool(struct.unpack(">B", raw)[0])
            case Tag.ENUM:
                return Enum(*struct.unpack(">i", raw))
            case Tag.RANGE:
                return Range(*struct.unpack(">ii", raw))
            case Tag.RESOLUTION:
                return Resolution(*struct.unpack(">iib", raw))
    except struct.error as error:
        raise IppBroken("a value of the wrong length") from error
    if tag in {Tag.TEXT_WITH_LANGUAGE, Tag.NAME_WITH_LANGUAGE}:
        inner = _Reader(raw)
        inner.take(inner.short())
        return Text(Tag.TEXT if tag == Tag.TEXT_WITH_LANGUAGE else Tag.NAME, _text(inner.take(inner.short())))
    if tag in _LETTERS:
        return Text(Tag(tag), _text(raw))
    return Raw(tag, raw)


_LETTERS = frozenset({Tag.TEXT, Tag.NAME, Tag.KEYWORD, Tag.URI, Tag.CHARSET, Tag.LANGUAGE, Tag.MIME})


def _text(raw: bytes) -> str:
    """Letters as sent; CUPS passes on what printers say, and not all of it is UTF-8."""
    return raw.decode("utf-8", "replace")
