"""A chip between its contacts: power, the shape of commands, and what was scripted to go wrong."""

from __future__ import annotations

import time
from abc import ABC, abstractmethod
from collections import deque
from collections.abc import Callable
from dataclasses import replace

from ktpel_desktop.devices.simulator.virtual_card.card_faults import Act, CardFault, CardFaults
from ktpel_desktop.devices.simulator.virtual_card.command_bytes import CHAINED, Command, Refused, Sw, parse
from ktpel_desktop.devices.simulator.virtual_card.linked import CardPulled, CardSilent

_MOST_CHAINED = 4096
_REMEMBERED = 4096


class PoweredChip(ABC):
    """Implements LinkedCard around one application.

    `apdus` counts the commands that reached the chip, `traffic` has the last of them with their answers (None where
    there was none); both are for tests and never written to a log.
    """

    def __init__(
        self, atr: bytes, *, extended: bool = False, chaining: bool = False, sleep: Callable[[float], None]
    ) -> None:
        self.faults = CardFaults()
        self.apdus = 0
        self.traffic: deque[tuple[bytes, bytes | None]] = deque(maxlen=_REMEMBERED)
        self.dead = False
        self.pulled = False
        self._atr = atr
        self._extended = extended
        self._chaining = chaining
        self._parts: Command | None = None
        self._sleep = sleep

    @property
    def atr(self) -> bytes:
        """Answer to reset; a dead chip has none."""
        return b"" if self.dead else self._atr

    def power_on(self) -> None:
        """Cold reset; a card that was pulled lies on a reader again."""
        self.pulled = False
        self._lose_power()

    def reset(self) -> None:
        """Warm reset."""
        self._lose_power()

    def power_off(self) -> None:
        """What is volatile is lost."""
        self._lose_power()

    def process(self, command: bytes) -> bytes:
        """One command APDU; the answer, empty from a mute or dead chip. Raises CardPulled or CardSilent."""
        if self.pulled:
            raise CardPulled
        if self.dead:
            return b""
        self.apdus += 1
        answer: bytes | None = None
        try:
            answer = self._struck(command, self.faults.striking(command))
        except CardPulled:
            self.pulled = True  # what is volatile is lost at the latest when power comes again
            raise
        finally:
            self.traffic.append((command, answer))
        return answer

    def _struck(self, raw: bytes, faults: dict[Act, CardFault]) -> bytes:
        if Act.SLOW in faults:
            self._sleep(faults[Act.SLOW].seconds)
        if Act.DIE in faults:
            self.dead = True
            self._lose_power()
        if self.dead or Act.MUTE in faults:
            return b""
        if Act.SILENT in faults:
            raise CardSilent
        if Act.PULL_BEFORE in faults:
            raise CardPulled
        if Act.DAMAGE in faults:
            raw = _flip(raw, 5)
        status = faults[Act.STATUS].sw if Act.STATUS in faults else None
        try:
            answer = self._answer(self._whole(raw), status, torn=Act.TEAR in faults)
        except Refused as refusal:
            answer = refusal.sw.to_bytes(2, "big")
        if Act.PULL_AFTER in faults:
            raise CardPulled
        if Act.GARBAGE in faults:
            return faults[Act.GARBAGE].data
        return _flip(answer, len(answer) - 3) if Act.WRONG_MAC in faults else answer

    def _whole(self, raw: bytes) -> Command:
        """The command with all its parts (ISO/IEC 7816-4, 5.3.3). Refused 9000 while more are to come."""
        parts, self._parts = self._parts, None
        command = parse(raw)
        if command.extended and not self._extended:
            raise Refused(Sw.WRONG_LENGTH)
        plain = replace(command, cla=command.cla & ~CHAINED)
        if parts is not None and plain.header == parts.header:
            plain = replace(plain, data=parts.data + plain.data)
        if len(plain.data) > _MOST_CHAINED:
            raise Refused(Sw.WRONG_LENGTH)
        if command.cla & CHAINED:
            if not self._chaining or command.secure:
                raise Refused(Sw.NO_CHAINING)
            self._parts = plain
            raise Refused(Sw.OK)
        return plain

    def _lose_power(self) -> None:
        self._parts = None
        self._forget()

    @abstractmethod
    def _answer(self, command: Command, status: int | None, *, torn: bool) -> bytes:
        """Do a command, or only pretend with `status`; `torn` loses power half way. Raises Refused or CardPulled."""

    @abstractmethod
    def _forget(self) -> None:
        """Lose what is volatile."""


def give(command: Command, data: bytes) -> bytes:
    """The data, where the command's Le lets all of them come. Refused 6700 or 6Cxx."""
    if command.le is None:
        raise Refused(Sw.WRONG_LENGTH)
    if command.le < len(data):
        raise Refused(Sw.RIGHT_LE | len(data) & 0xFF)
    return data


real_time = time.sleep
"""What a slow chip's seconds are made of, where nothing else is injected."""


def _flip(data: bytes, at: int) -> bytes:
    """One bit changed, where there is such a byte."""
    return data if not 0 <= at < len(data) else data[:at] + bytes((data[at] ^ 1,)) + data[at + 1 :]
