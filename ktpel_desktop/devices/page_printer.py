"""Laser and dot-matrix printers behind the computer's print system: PDF through its filters, bytes past them.

Returning means that the print system sent every byte and ended the job. That paper came out nobody tells a computer;
a report that did not come out is printed again by the person who misses it.
"""

from __future__ import annotations

from ktpel_desktop.core.errors import DeviceError, Effect
from ktpel_desktop.core.ports import Health
from ktpel_desktop.devices.print_queue.following import Delivered, End, Pace, deliver
from ktpel_desktop.devices.print_queue.jobs import (
    Document,
    Format,
    PrintSystem,
    Size,
    Trouble,
)
from ktpel_desktop.devices.print_queue.wellness import health_of, require_ready

A4 = Size(21000, 29700)


class QueuePagePrinter:
    """The page printer of one queue."""

    def __init__(self, system: PrintSystem, queue: str, *, pace: Pace | None = None) -> None:
        self._system = system
        self._queue = queue
        self._pace = pace or Pace()

    def health(self) -> Health:
        return health_of(self._system, self._queue, _refusal)

    def print_pdf(self, pdf: bytes, title: str) -> None:
        if not pdf.startswith(b"%PDF-"):
            raise DeviceError("page.not_pdf", Effect.NONE)
        self._print(Document(pdf, Format.PDF, title, A4))

    def send_raw(self, data: bytes, title: str) -> None:
        """Bytes in the printer's own language (ESC/P), past every filter."""
        self._print(Document(data, Format.RAW, title))

    def _print(self, document: Document) -> None:
        queue = self._system.queue(self._queue)
        require_ready(queue, _refusal)
        _judge(deliver(self._system, self._queue, document, pace=self._pace))


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
