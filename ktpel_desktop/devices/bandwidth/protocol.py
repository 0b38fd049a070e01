"""KTPEL-UJI 1, the talk between a line test and its counterpart server, as bytes in and bytes out.

TCP, default port 7816. Each connection begins with one line of the client; lines are ASCII, shorter than 128 bytes,
ended by LF.

    control   C: KTPEL-UJI 1 hello          S: KTPEL-UJI 1 ok SESSION MAX_MS MAX_BYTES   or   busy | version N
              C: ping N                     S: pong N
              C: down MS                    S: begin down MS; data flows on the session's down connections for MS
              C: up MS                      S: begin up MS, and only then data; from the first byte on every 100 ms
                                            S: count MICROSECONDS BYTES; at the end   S: done MICROSECONDS BYTES
              C: bye                        S: closes
              A direction ends after MS, when its connections close, or when another begins.
    data      C: KTPEL-UJI 1 down SESSION K   or   up SESSION K;   K = 0 … 7, one each    S: ok

SESSION is 16 hexadecimal digits of the server's chance; a data connection must come from the address of its session's
control connection, and all end with it. MAX_MS and MAX_BYTES are the server's limits per direction and session.
Download data is `pad(SESSION)` over and over, connection K beginning at byte K · 131072 of it, so that the client
knows what must arrive: a proxy or portal that answers in the server's place is seen. Anything else closes the
connection without an answer. No UDP: nobody can have data sent to an address that did not ask for it.
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass

NAME = "KTPEL-UJI"
VERSION = 1
PORT = 7816
LINE_LIMIT = 128
STREAM_LIMIT = 8
PAD_BYTES = 1 << 20
STRIDE = PAD_BYTES // STREAM_LIMIT
COUNT_EVERY_S = 0.1

_NUMBER = r"(0|[1-9][0-9]{0,14})"
_SESSION = r"([0-9a-f]{16})"


class ProtocolError(ValueError):
    """What was said is not KTPEL-UJI 1. Stays inside this package."""


class Lines:
    """Bytes as they arrive, whole lines out. A line that is too long, or no ASCII, is a ProtocolError."""

    def __init__(self) -> None:
        self._rest = b""

    @property
    def clean(self) -> bool:
        """Whether nothing waits for its end."""
        return not self._rest

    def feed(self, data: bytes) -> list[str]:
        *whole, self._rest = (self._rest + data).split(b"\n")
        if any(len(line) >= LINE_LIMIT for line in [*whole, self._rest]):
            raise ProtocolError("line too long")
        try:
            return [line.decode("ascii") for line in whole]
        except UnicodeDecodeError:
            raise ProtocolError("not ASCII") from None


def pad(session: str) -> bytes:
    """A megabyte that does not compress, the same at both ends."""
    return hashlib.shake_128(f"{NAME} {VERSION} {session}".encode()).digest(PAD_BYTES)


# ---------------------------------------------------------------- what a client says


@dataclass(frozen=True, slots=True)
class Hello:
    """Opens a session."""


@dataclass(frozen=True, slots=True)
class OtherVersion:
    """A client of another version of the protocol."""


@dataclass(frozen=True, slots=True)
class Join:
    """A data connection of a session."""

    way: str
    session: str
    number: int


@dataclass(frozen=True, slots=True)
class Ping:
    """Asks for an answer at once."""

    number: int


@dataclass(frozen=True, slots=True)
class Start:
    """Starts one direction."""

    way: str
    milliseconds: int


@dataclass(frozen=True, slots=True)
class Bye:
    """Ends a session."""


_HELLO = re.compile(rf"{NAME} {_NUMBER} hello")
_JOIN = re.compile(rf"{NAME} {VERSION} (down|up) {_SESSION} ([0-{STREAM_LIMIT - 1}])")
_PING = re.compile(f"ping {_NUMBER}")
_START = re.compile(f"(down|up) {_NUMBER}")


def read_opening(line: str) -> Hello | Join | OtherVersion:
    """The first line of a connection. Raises ProtocolError."""
    if found := _HELLO.fullmatch(line):
        return Hello() if int(found[1]) == VERSION else OtherVersion()
    if found := _JOIN.fullmatch(line):
        return Join(found[1], found[2], int(found[3]))
    raise ProtocolError("unknown opening")


def read_command(line: str) -> Ping | Start | Bye:
    """A later line of a control connection. Raises ProtocolError."""
    if line == "bye":
        return Bye()
    if found := _PING.fullmatch(line):
        return Ping(int(found[1]))
    if found := _START.fullmatch(line):
        return Start(found[1], int(found[2]))
    raise ProtocolError("unknown command")


# ---------------------------------------------------------------- what a server says


@dataclass(frozen=True, slots=True)
class Session:
    """The server's welcome."""

    id: str
    milliseconds: int
    most_bytes: int


@dataclass(frozen=True, slots=True)
class Refusal:
    """The server's no: "busy" or "version"."""

    why: str


@dataclass(frozen=True, slots=True)
class Pong:
    """Answer to a ping."""

    number: int


@dataclass(frozen=True, slots=True)
class Begin:
    """A direction has begun."""

    way: str


@dataclass(frozen=True, slots=True)
class Count:
    """Bytes that arrived at the server, by its own clock since the first."""

    microseconds: int
    received: int
    last: bool


_WELCOME = re.compile(rf"{NAME} {VERSION} ok {_SESSION} {_NUMBER} {_NUMBER}")
_REFUSAL = re.compile(rf"{NAME} {_NUMBER} (busy|version)")
_PONG = re.compile(f"pong {_NUMBER}")
_BEGIN = re.compile(f"begin (down|up) {_NUMBER}")
_COUNT = re.compile(f"(count|done) {_NUMBER} {_NUMBER}")


def read_welcome(line: str) -> Session | Refusal:
    """The server's first line on a control connection. Raises ProtocolError."""
    if found := _WELCOME.fullmatch(line):
        return Session(found[1], int(found[2]), int(found[3]))
    if found := _REFUSAL.fullmatch(line):
        return Refusal(found[2])
    raise ProtocolError("not a server of this protocol")


def read_answer(line: str) -> Pong | Begin | Count:
    """A later line of a server. Raises ProtocolError."""
    if found := _PONG.fullmatch(line):
        return Pong(int(found[1]))
    if found := _BEGIN.fullmatch(line):
        return Begin(found[1])
    if found := _COUNT.fullmatch(line):
        return Count(int(found[2]), int(found[3]), last=found[1] == "done")
    raise ProtocolError("unknown answer")


def opening(word: str, session: str = "", number: int = 0) -> bytes:
    """What a client says first."""
    joined = f" {session} {number}" if session else ""
    return f"{NAME} {VERSION} {word}{joined}\n".encode()


def say(*words: str | int) -> bytes:
    """A line."""
    return (" ".join(map(str, words)) + "\n").encode()
