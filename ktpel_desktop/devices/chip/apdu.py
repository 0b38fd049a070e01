"""Command and answer APDUs, short and extended (ISO/IEC 7816-3, 12.1; ISO/IEC 7816-4, 5.1)."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Protocol

from ktpel_desktop.core.errors import DeviceError, Effect

MOST_SHORT_DATA = 0xFF
MOST_SHORT_ANSWER = 0x100
MOST_DATA = 0xFFFF
MOST_ANSWER = 0x10000


@dataclass(frozen=True, slots=True)
class Command:
    """One command. `le` is the most bytes of data wanted back, None where none are; its encoding is no concern here."""

    cla: int
    ins: int
    p1: int
    p2: int
    data: bytes = b""
    le: int | None = None

    def __post_init__(self) -> None:
        if not 0 <= self.cla | self.ins | self.p1 | self.p2 <= 0xFF:
            raise ValueError("each byte of a header is one byte")
        if len(self.data) > MOST_DATA:
            raise ValueError(f"more than {MOST_DATA} bytes of command data")
        if self.le is not None and not 1 <= self.le <= MOST_ANSWER:
            raise ValueError(f"an answer has 1 to {MOST_ANSWER} bytes")

    def __repr__(self) -> str:
        """Header and lengths: data may be secret or personal."""
        return f"Command({self.header.hex().upper()}, {len(self.data)} bytes, le={self.le})"

    @property
    def header(self) -> bytes:
        """CLA, INS, P1, P2."""
        return bytes((self.cla, self.ins, self.p1, self.p2))

    @property
    def needs_extended(self) -> bool:
        """Whether its lengths do not fit into the short form."""
        return len(self.data) > MOST_SHORT_DATA or (self.le or 0) > MOST_SHORT_ANSWER

    def lc(self, extended: bool) -> bytes:
        """The length field before the data; empty where there is none."""
        if not self.data:
            return b""
        if extended:
            return b"\0" + len(self.data).to_bytes(2)
        return bytes([len(self.data)])

    def encode(self, extended: bool) -> bytes:
        """Its bytes, in the short or the extended form. Raises ValueError where the short form cannot hold it."""
        if self.needs_extended and not extended:
            raise ValueError("too long for a short APDU")
        return self.header + self.lc(extended) + self.data + self._le(extended)

    @classmethod
    def decode(cls, raw: bytes) -> Command:
        """The command in `raw`, of any case and form. Raises ValueError."""
        if len(raw) < 4:
            raise ValueError("a command has at least four bytes")
        cla, ins, p1, p2 = raw[:4]
        data, le = _decode_body(raw[4:])
        return cls(cla, ins, p1, p2, data, le)

    def with_le(self, le: int) -> Command:
        """The same command, asking for another length."""
        return replace(self, le=le)

    def _le(self, extended: bool) -> bytes:
        if self.le is None:
            return b""
        if not extended:
            return bytes([self.le & 0xFF])
        return (b"" if self.data else b"\0") + (self.le & 0xFFFF).to_bytes(2)


@dataclass(frozen=True, slots=True)
class Response:
    """One answer: its data and its status word."""

    data: bytes
    sw: int

    def __repr__(self) -> str:
        """Length and status word: data may be secret or personal."""
        return f"Response({len(self.data)} bytes, {self.sw:04X})"

    @classmethod
    def parse(cls, raw: bytes) -> Response:
        """Raises DeviceError "chip.answer_malformed" where there is no status word."""
        if not 2 <= len(raw) <= MOST_ANSWER + 2:
            raise DeviceError("chip.answer_malformed", Effect.UNKNOWN)
        return cls(bytes(raw[:-2]), int.from_bytes(raw[-2:]))


class Sender(Protocol):
    """What takes commands to a card: a plain exchange or a secure channel."""

    def send(self, command: Command) -> Response:
        """The card's whole answer. Raises DeviceError."""
        ...


def _decode_body(body: bytes) -> tuple[bytes, int | None]:
    if not body:
        return b"", None
    if len(body) == 1:
        return b"", body[0] or MOST_SHORT_ANSWER
    if body[0]:
        return _split(body[1:], body[0], 1)
    if len(body) == 3:
        return b"", int.from_bytes(body[1:]) or MOST_ANSWER
    if len(body) < 3 or not any(body[1:3]):
        raise ValueError("a command without length")
    return _split(body[3:], int.from_bytes(body[1:3]), 2)


def _split(rest: bytes, length: int, width: int) -> tuple[bytes, int | None]:
    data, le = rest[:length], rest[length:]
    if len(data) != length or len(le) not in (0, width):
        raise ValueError("a command whose length does not fit")
    return data, (int.from_bytes(le) or 1 << 8 * width) if le else None
