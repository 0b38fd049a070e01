"""What goes wrong on the card's side of the reader, decided beforehand and never by chance."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum


class Act(StrEnum):
    """What happens when a fault strikes."""

    PULL_BEFORE = "pull before"
    """The card leaves before it has taken the command."""
    PULL_AFTER = "pull after"
    """The card has done it; the answer is lost with the card."""
    TEAR = "tear"
    """Power goes in the middle: UPDATE BINARY has written the first half, any other command nothing."""
    STATUS = "status"
    """The command is not done and answered by `sw`; a secure channel goes on."""
    DAMAGE = "damage"
    """A bit of the command's data is flipped on its way to the card."""
    GARBAGE = "garbage"
    """The command is done and answered by `data`."""
    WRONG_MAC = "wrong MAC"
    """The command is done; a bit of its answer's last data byte is flipped."""
    SILENT = "silent"
    """The command is not done and never answered, and the card stays."""
    MUTE = "mute"
    """From here on nothing is done and the reader gets no answer, until `clear()`."""
    SLOW = "slow"
    """From here on each command takes `seconds` more, until `clear()`."""
    DIE = "die"
    """The chip is broken for good: no answer now and no ATR later."""


_LASTING = frozenset({Act.MUTE, Act.SLOW})


@dataclass(slots=True)
class CardFault:
    """Strikes at the `at`-th APDU from when it was scripted; with `ins`, at the `at`-th of those."""

    act: Act
    at: int = 1
    ins: int | None = None
    sw: int = 0x6F00
    seconds: float = 0.0
    data: bytes = b"\xde\xad\xbe\xef\x90"
    seen: int = field(default=0, init=False)

    def strikes(self, command: bytes) -> bool:
        """Whether it strikes at this command, which is counted by the question."""
        if self.ins is not None and command[1:2] != bytes((self.ins,)):
            return self.act in _LASTING and self.seen >= self.at
        self.seen += 1
        return self.seen >= self.at if self.act in _LASTING else self.seen == self.at


class CardFaults:
    """The faults of one card."""

    def __init__(self) -> None:
        self._scripted: list[CardFault] = []

    def script(self, *faults: CardFault) -> None:
        """Let these happen. Several may strike at one command."""
        self._scripted += faults

    def clear(self) -> None:
        """Nothing more goes wrong; what is broken stays broken."""
        self._scripted.clear()

    def striking(self, command: bytes) -> dict[Act, CardFault]:
        """What happens at this command."""
        found = {fault.act: fault for fault in self._scripted if fault.strikes(command)}
        self._scripted = [f for f in self._scripted if f.act in _LASTING or f.seen < f.at]
        return found
