"""Cards made of any bytes: one that only lies, and a genuine one whose answers are changed on their way."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from ktpel_desktop.core.errors import DeviceError, Effect
from ktpel_desktop.devices.chip.connection import CardConnection
from ktpel_desktop.devices.simulator.virtual_card.in_process import InProcessReader
from ktpel_desktop.devices.simulator.virtual_card.linked import LinkedCard

_MOST_PART = 0x3FF
MOST_APDUS = 3000
"""More than any reading of a chip of this size may cost."""


def cut(data: bytes) -> list[bytes]:
    """The parts in any bytes: two bytes of length, then the part, until the bytes end."""
    parts, at = [], 0
    while at < len(data):
        end = at + 2 + (int.from_bytes(data[at : at + 2]) & _MOST_PART)
        parts.append(data[at + 2 : end])
        at = end
    return parts


def join(parts: Iterable[bytes]) -> bytes:
    """The bytes that `cut` takes apart into these parts."""
    return b"".join(len(part[:_MOST_PART]).to_bytes(2) + part[:_MOST_PART] for part in parts)


class Liar:
    """Implements CardConnection: says its parts in turn, for ever, whatever it is asked."""

    def __init__(self, data: bytes, most: int = MOST_APDUS, atr: bytes = b"") -> None:
        self.atr = atr
        self._answers = cut(data) or [b""]
        self._most = most
        self.asked = 0

    def transmit(self, command: bytes) -> bytes:
        answer = self._answers[self.asked % len(self._answers)]
        self.asked += 1
        assert self.asked <= self._most, f"the program talks on and on: {self.asked} commands"
        return answer

    def reader_most(self) -> int | None:
        """A reader that takes everything, so that it is the ATR that decides."""
        return 0x10000

    @contextmanager
    def connect(self) -> Iterator[Liar]:
        yield self


@dataclass(frozen=True)
class Edit:
    """One change: `where` names the answer or the file, `kind` and `at` what is done to it, and with what."""

    where: int
    kind: int
    at: int
    new: bytes

    def encode(self) -> bytes:
        return bytes((self.where, self.kind)) + min(self.at, 0xFFFF).to_bytes(2) + self.new

    def on(self, old: bytes, other: bytes) -> bytes:
        """The changed bytes; `other` is a genuine value of the same kind from elsewhere."""
        at = self.at % (len(old) + 1)
        match self.kind % 7:
            case 0:
                return (
                    old[:at]
                    + bytes(a ^ b for a, b in zip(old[at:], self.new, strict=False))
                    + (old[at + len(self.new) :])
                )
            case 1:
                return old[:at]
            case 2:
                return old[:at] + self.new + old[at:]
            case 3:
                return self.new
            case 4:
                return old[:-2] + self.new
            case 5:
                return other
            case _:
                return old[:at] + self.new + old[at + len(self.new) :]


def edits(data: bytes) -> list[Edit]:
    """The changes that any bytes stand for."""
    return [
        Edit(part[0], part[1], int.from_bytes(part[2:4]), part[4:]) for part in cut(data) if len(part) >= 4
    ]


class Relay:
    """A genuine card behind a line that changes its answers, loses them (kind xF), or says an old one again.

    Implements CardConnection. `said` is what the card answered, `changed` whether anything else was told.
    """

    def __init__(self, card: LinkedCard, changes: Iterable[Edit] = ()) -> None:
        self.atr = card.atr
        self._reader = InProcessReader(card)
        self._connection: CardConnection | None = None
        self._changes = list(changes)
        self.said: list[bytes] = []
        self.changed = False

    @contextmanager
    def connect(self) -> Iterator[Relay]:
        with self._reader.connect() as self._connection:
            yield self

    def transmit(self, command: bytes) -> bytes:
        assert self._connection is not None
        number = len(self.said)
        assert number < MOST_APDUS, "the program talks on and on"
        genuine = answer = self._connection.transmit(command)
        self.said.append(genuine)
        for change in self._changes:
            if change.where == number & 0xFF:
                if change.kind & 0x0F == 0x0F:
                    self.changed = True
                    raise DeviceError("chip.answer_lost", Effect.UNKNOWN)
                answer = change.on(answer, self.said[change.at % len(self.said)])
        self.changed = self.changed or answer != genuine
        return answer

    def reader_most(self) -> int | None:
        return None
