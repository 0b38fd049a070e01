"""One conversation with the printer: a command, its answer, and what it means when there is none.

Every command has exactly one answer [?]. A command that may act is counted as done *before* its first byte leaves,
and only a refusal that says "not begun" takes that back. Nothing is ever sent twice.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from typing import Protocol

from ktpel_desktop.core.errors import DeviceError
from ktpel_desktop.core.ports import Answer
from ktpel_desktop.devices.card_printer.evolis import failures
from ktpel_desktop.devices.card_printer.evolis.commands import (
    ENDS,
    Command,
    Kind,
    Reply,
    Sensor,
    number,
    read_reply,
    sensor,
)
from ktpel_desktop.devices.card_printer.evolis.failures import Reach
from ktpel_desktop.devices.card_printer.evolis.settings import Patience
from ktpel_desktop.devices.usb_printer_link import LinkLost, Lost

_log = logging.getLogger(__name__)

_LONGEST_ANSWER = 512
_STALE_READS = 64
_EMPTY_READS = 32


class Link(Protocol):
    """The line: UsbLink, or a recorded one in tests."""

    def write(self, data: bytes, timeout: int) -> None: ...
    def read(self, timeout: int) -> bytes: ...


class Conversation:
    """`printing` says that it is about a print, for the words of what may go wrong.

    `until` limits all of it together to that moment of the monotonic clock (health).
    """

    def __init__(
        self,
        link: Link,
        patience: Patience,
        *,
        printing: bool = False,
        until: float | None = None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.reach = Reach.NOTHING
        self._link = link
        self._patience = patience
        self._printing = printing
        self._until = until
        self._clock = clock
        self._drain()

    def ask(self, command: Command) -> str:
        """The text that a question is answered with. Raises DeviceError."""
        return self._say(command).text

    def order(self, command: Command) -> None:
        """Have a command carried out; returning means that the printer said so. Raises DeviceError."""
        self._say(command)

    def count(self, command: Command) -> int:
        """A counter. Raises DeviceError also where the answer is no number."""
        value = number(self.ask(command))
        if value is None:
            raise self._lost(Lost.STALLED)
        return value

    def see(self, which: Sensor) -> Answer:
        """A sensor; UNKNOWN where this printer has none or says something else. Raises DeviceError if silent."""
        reply = self._answer_to(sensor(which))
        if reply.refusal is not None:
            return Answer.UNKNOWN
        return {"1": Answer.YES, "0": Answer.NO}.get(reply.text, Answer.UNKNOWN)

    def _say(self, command: Command) -> Reply:
        before = self.reach
        self.reach = max(self.reach, _reach(command))
        reply = self._answer_to(command)
        if reply.refusal is None:
            return reply
        if failures.did_not_begin(command, reply.refusal):
            self.reach = before
        raise failures.refused(self.reach, command, reply.refusal, printing=self._printing)

    def _answer_to(self, command: Command) -> Reply:
        data = command.encoded()
        _log.debug("to printer: %s (%d bytes)", command.header, len(data))
        try:
            self._link.write(data, self._limit(max(self._patience.transfer, self._patience.read)))
            raw = self._read(self._limit(self._wait(command)))
        except LinkLost as error:
            _log.debug("printer lost: %s", error.how.value)
            raise self._lost(error.how) from None
        _log.debug("from printer: %d bytes", len(raw))
        reply = read_reply(command, raw)
        if reply is None:
            raise self._lost(Lost.STALLED)
        return reply

    def _read(self, timeout: int) -> bytes:
        """One answer up to its end. Bytes after the end mean that printer and program are out of step."""
        end = self._clock() + timeout / 1000
        got, empty = bytearray(), 0
        while True:
            piece = self._link.read(max(1, int((end - self._clock()) * 1000)))
            empty = 0 if piece else empty + 1
            got += piece
            stripped = got.lstrip(bytes(ENDS))
            ended = next((at for at, byte in enumerate(stripped) if byte in ENDS), None)
            if ended is not None:
                if stripped[ended:].strip(bytes(ENDS)):
                    raise LinkLost(Lost.STALLED)
                return bytes(stripped[:ended])
            if len(got) > _LONGEST_ANSWER or empty > _EMPTY_READS:
                raise LinkLost(Lost.STALLED)
            if self._clock() >= end:
                raise LinkLost(Lost.TIMED_OUT)

    def _drain(self) -> None:
        """Throw away answers that somebody else left unread (a print queue never reads them)."""
        for _ in range(_STALE_READS):
            try:
                self._link.read(self._patience.drain)
            except LinkLost as error:
                if error.how is Lost.TIMED_OUT:
                    return
                raise self._lost(error.how) from None
        raise self._lost(Lost.STALLED)

    def _wait(self, command: Command) -> int:
        return {
            Kind.READ: self._patience.read,
            Kind.SET: self._patience.transfer,
            Kind.MOVE: self._patience.move,
            Kind.PRINT: self._patience.print,
        }[command.kind]

    def _limit(self, timeout: int) -> int:
        if self._until is None:
            return timeout
        left = int((self._until - self._clock()) * 1000)
        if left <= 0:
            raise self._lost(Lost.TIMED_OUT)
        return min(timeout, left)

    def _lost(self, how: Lost) -> DeviceError:
        return failures.lost(self.reach, how, printing=self._printing)


def _reach(command: Command) -> Reach:
    return {Kind.MOVE: Reach.MOVED, Kind.PRINT: Reach.INKED}.get(command.kind, Reach.NOTHING)
