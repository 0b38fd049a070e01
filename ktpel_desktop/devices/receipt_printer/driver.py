"""One ESC/POS printer over a line: asked first, written whole, and asked whether it came to the end.

What the printer itself says is wrong is refused with nothing sent. A printer that answered is asked at the end by
GS r 1, which it answers only after everything before it was printed (Epson, "ESC/POS Command Reference"); clones that
do not know it are asked by DLE EOT again. A printer that never answers is believed: nobody can know more.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Protocol

from ktpel_desktop.core.errors import DeviceError, Effect
from ktpel_desktop.core.ports import Answer, Health
from ktpel_desktop.devices.receipt_printer import status

_PRINTED = b"\x1dr\x01"  # GS r 1
_OUT_OF_PAPER = 0x0C  # in its answer, whose bits 4 and 7 are off


class LineBroken(Exception):
    """The line broke or stood still; `begun` where the printer may have got something of this write."""

    def __init__(self, *, begun: bool) -> None:
        super().__init__(f"begun={begun}")
        self.begun = begun


class OpenLine(Protocol):
    """A line to the printer while it is open."""

    def write(self, data: bytes, seconds: float) -> None:
        """Everything, within this time. Raises LineBroken."""
        ...

    def read(self, seconds: float) -> bytes:
        """What comes next; nothing where nothing comes in this time. Raises LineBroken."""
        ...


class Line(Protocol):
    """The way to one printer. `answers`: something can come back on it."""

    answers: bool

    def opened(self, seconds: float) -> AbstractContextManager[OpenLine]:
        """Open it within this time and close it afterwards. Raises DeviceError with effect NONE."""
        ...


@dataclass(frozen=True, slots=True)
class Pace:
    """Seconds: to open the line and for one answer, while somebody waits (`send`) or a lamp is drawn (`health`);
    to write a receipt; for its end to be told; to notice a line that closes behind it."""

    opening: float = 3.0
    answer: float = 0.5
    look: float = 0.35
    writing: float = 10.0
    printing: float = 8.0
    settling: float = 0.3
    monotonic: Callable[[], float] = time.monotonic


class EscPosPrinter:
    """Implements core.ports.ReceiptPrinter. The line is opened for each receipt and each look, one at a time: a look
    in the background must not make a receipt find the printer taken.
    """

    def __init__(self, line: Line, pace: Pace | None = None) -> None:
        self._line = line
        self._pace = pace or Pace()
        self._lock = threading.Lock()

    def health(self) -> Health:
        """UNKNOWN where the printer does not answer, cannot on this line, or prints just now."""
        if not self._lock.acquire(timeout=self._pace.look):
            return Health(Answer.UNKNOWN, ("receipt.silent",))
        try:
            with self._line.opened(self._pace.look) as line:
                return status.health(self._ask(line, self._pace.look))
        except DeviceError as error:
            return Health(Answer.NO, (error.code,))
        except LineBroken:
            return Health(Answer.UNKNOWN, ("receipt.silent",))
        finally:
            self._lock.release()

    def send(self, data: bytes) -> None:
        with self._lock, self._line.opened(self._pace.opening) as line:
            try:
                answers = self._ask(line, self._pace.answer)
            except LineBroken:
                raise DeviceError("receipt.off", Effect.NONE) from None
            for trouble in status.troubles(answers):
                raise status.refusal(trouble)
            try:
                line.write(data, self._pace.writing)
            except LineBroken as error:
                if error.begun:
                    raise DeviceError("receipt.torn", Effect.UNKNOWN) from None
                raise DeviceError("receipt.off", Effect.NONE) from None
            try:
                came_out = self._came_out(line) if answers else self._stayed_open(line)
            except LineBroken:
                came_out = False
            if not came_out:
                raise DeviceError("receipt.torn", Effect.UNKNOWN)

    def _ask(self, line: OpenLine, seconds: float) -> dict[int, int]:
        """The answers by the number of the question; it ends with the first that is not answered in this time."""
        answers: dict[int, int] = {}
        end = self._pace.monotonic() + seconds
        for number in status.QUESTIONS if self._line.answers else ():
            line.write(status.question(number), seconds)
            answer = self._answer(line, end, status.is_answer)
            if answer is None:
                break
            answers[number] = answer
        return answers

    def _answer(self, line: OpenLine, end: float, fits: Callable[[int], bool]) -> int | None:
        """The first byte that fits before `end`; others are somebody else's (flow control, automatic status)."""
        while (left := end - self._pace.monotonic()) > 0:
            for byte in line.read(left):
                if fits(byte):
                    return byte
        return None

    def _came_out(self, line: OpenLine) -> bool:
        line.write(_PRINTED, self._pace.printing)
        end = self._pace.monotonic() + self._pace.printing
        told = self._answer(line, end, lambda byte: byte & 0x90 == 0)
        if told is not None:
            return not told & _OUT_OF_PAPER
        answers = self._ask(line, self._pace.answer)
        return bool(answers) and not status.troubles(answers)

    def _stayed_open(self, line: OpenLine) -> bool:
        """A printer that says nothing: at least it did not close the line on what it was given."""
        if self._line.answers:
            line.read(self._pace.settling)
        return True
