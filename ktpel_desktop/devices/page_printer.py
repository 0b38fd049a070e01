"""Laser and dot-matrix printers behind the computer's print system: PDF through its filters, bytes past them.

Returning means that the print system sent every byte and ended the job. That paper came out nobody tells a computer;
a report that did not come out is printed again by the person who misses it.
"""

from __future__ import annotations

from collections.abc import Sequence

from ktpel_desktop.core.errors import DeviceError, Effect
from ktpel_desktop.core.ports import USUAL, Health, PageQueue, PrinterChoice
from ktpel_desktop.devices.print_queue.following import Delivered, End, Pace, deliver
from ktpel_desktop.devices.print_queue.jobs import (
    Document,
    Format,
    ListedPrintSystem,
    Size,
    Trouble,
)
from ktpel_desktop.devices.print_queue.wellness import health_of, require_ready

A4 = Size(21000, 29700)
_LOOK_SECONDS = 0.75
"""For each printer in a list: one that is off, or whose name is not resolved, holds up none of the others."""


class QueuePagePrinter:
    """The page printer of one queue and tray, "" for the tray that the printer chooses.

    Pages may be sent to any other queue of the computer but those `not_for_pages`: no report comes out on cards.
    """

    def __init__(
        self,
        system: ListedPrintSystem,
        queue: str,
        *,
        tray: str = "",
        not_for_pages: frozenset[str] = frozenset(),
        pace: Pace | None = None,
    ) -> None:
        self._system = system
        self._queue = queue
        self._tray = tray
        self._not_for_pages = not_for_pages
        self._pace = pace or Pace()

    def health(self) -> Health:
        return health_of(self._system, self._queue, _refusal)

    def print_pdf(self, pdf: bytes, title: str, choice: PrinterChoice = USUAL) -> None:
        if not pdf.startswith(b"%PDF-"):
            raise DeviceError("page.not_pdf", Effect.NONE)
        queue = choice.queue or self._queue
        tray = choice.tray if choice.queue else choice.tray or self._tray
        self._print(queue, Document(pdf, Format.PDF, title, A4, tray=tray))

    def send_raw(self, data: bytes, title: str) -> None:
        """Bytes in the printer's own language (ESC/P), past every filter."""
        self._print(self._queue, Document(data, Format.RAW, title))

    def queues(self) -> Sequence[PageQueue]:
        names = [one.name for one in self._system.installed() if one.name not in self._not_for_pages]
        names.sort(key=lambda name: (name != self._queue, name.casefold()))
        return tuple(self._seen(name) for name in names)

    def _seen(self, name: str) -> PageQueue:
        try:
            trays = self._system.queue(name, _LOOK_SECONDS).trays
        except DeviceError:
            trays = ()
        return PageQueue(name, health_of(self._system, name, _refusal), trays, usual=name == self._queue)

    def _print(self, name: str, document: Document) -> None:
        queue = self._system.queue(name)
        require_ready(queue, _refusal)
        if document.tray and queue.trays and document.tray not in queue.trays:
            raise DeviceError("page.no_tray", Effect.NONE, tray=document.tray)
        _judge(deliver(self._system, name, document, pace=self._pace))


def _refusal(trouble: Trouble) -> DeviceError:
    """A complaint of the printer in this driver's words: nothing was sent."""
    match trouble:
        case Trouble.OFFLINE:
            return DeviceError("page.off", Effect.NONE)
        case Trouble.DOOR_OPEN:
            return DeviceError("page.door_open", Effect.NONE)
        case Trouble.NO_MEDIA:
            return DeviceError("page.no_paper", Effect.NONE)
        case Trouble.SUPPLY_OUT:
            return DeviceError("page.toner_out", Effect.NONE)
        case Trouble.JAM | Trouble.OTHER:
            return DeviceError("page.needs_help", Effect.NONE)


def _judge(delivered: Delivered) -> None:
    """Every end of a job but "sent" is an error with what is certain of it."""
    number = delivered.job.number
    if delivered.end is End.SENT:
        return
    if delivered.effect is Effect.NONE:
        raise DeviceError("page.not_sent", Effect.NONE, job=number, state=delivered.job.state)
    if delivered.end is End.STILL_QUEUED:
        raise DeviceError("page.still_queued", Effect.UNKNOWN, job=number)
    if delivered.end in {End.STOPPED, End.GAVE_UP}:
        raise DeviceError("page.job_stopped", Effect.UNKNOWN, job=number)
    raise DeviceError("page.answer_lost", Effect.UNKNOWN, job=number)
