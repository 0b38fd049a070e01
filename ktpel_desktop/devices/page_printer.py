"""Laser and dot-matrix printers behind the computer's print system: PDF through its filters, bytes past them.

Returning means that the print system sent every byte and ended the job. That paper came out nobody tells a computer;
a report that did not come out is printed again by the person who misses it.
"""

from __future__ import annotations

from ktpel_desktop.core.errors import DeviceError, Effect
from ktpel_desktop.core.ports import Health
from ktpel_desktop.devices.print_queue.following import Delivered, End, Pace, Watch, deliver
from ktpel_desktop.devices.print_queue.jobs import (
    Document,
    Format,
    PrintSystem,
    Queue,
    Size,
    Trouble,
)
from ktpel_desktop.devices.print_queue.wellness import health_of, require_open

A4 = Size(21000, 29700)
_WORDS = {
    Trouble.OFFLINE: "page.off",
    Trouble.DOOR_OPEN: "page.door_open",
    Trouble.NO_MEDIA: "page.no_paper",
    Trouble.SUPPLY_OUT: "page.toner_out",
    Trouble.JAM: "page.needs_help",
    Trouble.OTHER: "page.needs_help",
}


class QueuePagePrinter:
    """The page printer of one queue; `paper` is asked for with every PDF, None leaves it to the queue."""

    def __init__(
        self,
        system: PrintSystem,
        queue: str,
        *,
        paper: Size | None = A4,
        pace: Pace | None = None,
        watch: Watch | None = None,
    ) -> None:
        self._system = system
        self._queue = queue
        self._paper = paper
        self._pace = pace or Pace()
        self._watch = watch

    def health(self) -> Health:
        return health_of(self._system, self._queue, _WORDS)

    def print_pdf(self, pdf: bytes, title: str) -> None:
        if not pdf.startswith(b"%PDF-"):
            raise DeviceError("page.not_pdf", Effect.NONE)
        self._print(Document(pdf, Format.PDF, title, self._paper))

    def send_raw(self, data: bytes, title: str) -> None:
        """Bytes in the printer's own language (ESC/P), past every filter."""
        self._print(Document(data, Format.RAW, title))

    def _print(self, document: Document) -> None:
        queue = self._system.queue(self._queue)
        _require_ready(queue)
        _judge(deliver(self._system, self._queue, document, pace=self._pace, watch=self._watch))


def _require_ready(queue: Queue) -> None:
    """Refuse before anything is sent; complaints count only if the printer itself was asked just now."""
    require_open(queue)
    troubles = queue.troubles if queue.live else frozenset()
    if Trouble.OFFLINE in troubles:
        raise DeviceError("page.off", Effect.NONE)
    if Trouble.NO_MEDIA in troubles:
        raise DeviceError("page.no_paper", Effect.NONE)
    if Trouble.DOOR_OPEN in troubles:
        raise DeviceError("page.door_open", Effect.NONE)
    if Trouble.SUPPLY_OUT in troubles:
        raise DeviceError("page.toner_out", Effect.NONE)
    if troubles:
        raise DeviceError("page.needs_help", Effect.NONE)


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
