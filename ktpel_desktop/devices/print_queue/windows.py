"""Windows' spooler as a print system: pages painted through the maker's driver, job status bits read into states.

Numbers from winspool.h. A job leaves Windows' queue when it ends, so each of ours is asked to be retained until it was
followed to its end (JOB_CONTROL_RETAIN, since Vista). JOB_STATUS_PRINTED and _COMPLETE mean *sent*. Before a job is
cancelled it is paused, so that "not printing yet" cannot become untrue in between.
"""

from __future__ import annotations

import getpass
from collections.abc import Callable, Sequence
from contextlib import suppress
from io import BytesIO
from typing import Protocol

import pypdfium2
from PIL import Image

from ktpel_desktop.core.errors import DeviceError, Effect
from ktpel_desktop.devices.print_queue.jobs import (
    Document,
    Format,
    InstalledQueue,
    Job,
    JobState,
    Queue,
    QueueState,
    Size,
    Trouble,
)
from ktpel_desktop.devices.print_queue.winspool import (
    ERROR_ACCESS_DENIED,
    ERROR_INVALID_PRINTER_NAME,
    JobInfo,
    PrinterInfo,
    SpoolerError,
    Winspool,
)

# PRINTER_STATUS_…
_PAUSED, _PENDING_DELETION = 0x1, 0x4
_PRINTER_TROUBLES = {
    0x00000002: Trouble.OTHER,  # ERROR
    0x00000008: Trouble.JAM,  # PAPER_JAM
    0x00000010: Trouble.NO_MEDIA,  # PAPER_OUT
    0x00000020: Trouble.OTHER,  # MANUAL_FEED
    0x00000040: Trouble.OTHER,  # PAPER_PROBLEM
    0x00000080: Trouble.OFFLINE,  # OFFLINE
    0x00001000: Trouble.OFFLINE,  # NOT_AVAILABLE
    0x00040000: Trouble.SUPPLY_OUT,  # NO_TONER
    0x00100000: Trouble.OTHER,  # USER_INTERVENTION
    0x00400000: Trouble.DOOR_OPEN,  # DOOR_OPEN
}
_PRINTER_BUSY = 0x200 | 0x400 | 0x4000  # BUSY, PRINTING, PROCESSING
_WORK_OFFLINE = 0x400  # PRINTER_ATTRIBUTE_WORK_OFFLINE

# JOB_STATUS_…
_JOB_PAUSED, _JOB_ERROR, _JOB_DELETING, _JOB_PRINTING = 0x1, 0x2, 0x4, 0x10
_JOB_OFFLINE, _JOB_PAPEROUT, _JOB_PRINTED, _JOB_DELETED = 0x20, 0x40, 0x80, 0x100
_JOB_BLOCKED, _JOB_INTERVENTION, _JOB_COMPLETE = 0x200, 0x400, 0x1000
_JOB_TROUBLES = {
    _JOB_ERROR: Trouble.OTHER,
    _JOB_OFFLINE: Trouble.OFFLINE,
    _JOB_PAPEROUT: Trouble.NO_MEDIA,
    _JOB_INTERVENTION: Trouble.OTHER,
}

# JOB_CONTROL_…
PAUSE, DELETE, RETAIN, RELEASE = 1, 5, 8, 9

_PAGE_DPI = 300
"""At which PDF pages of reports are drawn for the driver."""


class Pages(Protocol):
    """Paints pictures on a printer of Windows through its driver; ui-free (qt_pages.py)."""

    def media(self, queue: str) -> tuple[Size, ...]:
        """The sizes that the driver offers."""
        ...

    def paint(
        self, queue: str, document: Document, pages: Sequence[bytes], begun: Callable[[], None]
    ) -> None:
        """Paint PNG pages, calling `begun` when the job is open and nothing is painted yet.

        Raises DeviceError, NONE, where the driver does not begin a job; what `begun` raises after aborting.
        """
        ...


class WindowsSystem:
    """This computer's spooler."""

    exact = Format.PNG

    def __init__(self, spooler: Winspool, pages: Pages, *, user: str | None = None) -> None:
        self._spooler = spooler
        self._pages = pages
        self._user = user or getpass.getuser()
        self._deleted: dict[int, bool | None] = {}

    def installed(self) -> tuple[InstalledQueue, ...]:
        try:
            found = self._spooler.printers()
        except SpoolerError as error:
            raise DeviceError("queue.system_off", Effect.NONE, status=error.number) from error
        return tuple(InstalledQueue(each.name, each.driver, each.port) for each in found)

    def queue(self, name: str, seconds: float = 5.0) -> Queue:
        try:
            return _queue(self._spooler.printer(name), self._pages.media(name))
        except SpoolerError as error:
            raise _unreadable(error, name) from error

    def jobs(self, queue: str) -> tuple[Job, ...]:
        try:
            found = self._spooler.jobs(queue)
        except SpoolerError as error:
            raise _unreadable(error, queue) from error
        return tuple(sorted((_job(each, self._user) for each in found), key=lambda job: job.number))

    def submit(self, queue: str, document: Document) -> int:
        if (
            document.tray
        ):  # paper sources have numbers of each driver's own here, which nobody can be asked to type
            raise DeviceError("queue.no_trays", Effect.NONE, tray=document.tray)
        if document.format is Format.RAW:
            return self._submit_raw(queue, document)
        pages = [document.data] if document.format is Format.PNG else _drawn(document.data)
        known = {job.number for job in self.jobs(queue)}
        numbers: list[int] = []

        def begun() -> None:
            """Find the job that the driver has just opened: no other way tells its number."""
            opened = [job for job in self.jobs(queue) if job.number not in known]
            numbers.extend(job.number for job in opened if job.mine and job.title == document.title)
            if len(numbers) != 1:
                raise DeviceError("queue.answer_odd", Effect.NONE)
            self._retain(queue, numbers[0])

        self._pages.paint(queue, document, pages, begun)
        return numbers[0]

    def job(self, queue: str, number: int) -> Job:
        for job in self.jobs(queue):
            if job.number == number:
                return job
        if number in self._deleted:
            return Job(number, "", JobState.CANCELLED, self._deleted[number], mine=True)
        return Job(number, "", JobState.GONE)

    def cancel(self, queue: str, number: int) -> None:
        """Pause, look, delete: a job that waits while it is paused never reached the device."""
        with suppress(SpoolerError):
            self._spooler.control(queue, number, PAUSE)
        paused = self.job(queue, number)
        with suppress(SpoolerError):  # a retained job cannot be deleted
            self._spooler.control(queue, number, RELEASE)
        try:
            self._spooler.control(queue, number, DELETE)
        except SpoolerError as error:
            raise DeviceError("queue.cancel_refused", Effect.NONE, status=error.number) from error
        certain = paused.state is JobState.HELD and paused.started is False
        self._deleted[number] = False if certain else None

    def settled(self, queue: str, number: int) -> None:
        self._deleted.pop(number, None)
        with suppress(SpoolerError):
            self._spooler.control(queue, number, RELEASE)

    def _submit_raw(self, queue: str, document: Document) -> int:
        try:
            return self._spooler.write_raw(
                queue, document.title, document.data, lambda number: self._retain(queue, number)
            )
        except SpoolerError as error:
            if error.call not in {"OpenPrinter", "StartDocPrinter"}:
                raise DeviceError("queue.answer_lost", Effect.UNKNOWN, status=error.number) from error
            raise _unreadable(error, queue) from error

    def _retain(self, queue: str, number: int) -> None:
        """Keep a new job in the queue until it was followed. An older one of this number says nothing of it."""
        self._deleted.pop(number, None)
        with suppress(SpoolerError):  # then it may be gone before it was seen to end; that is an answer too
            self._spooler.control(queue, number, RETAIN)


def _unreadable(error: SpoolerError, queue: str) -> DeviceError:
    if error.number == ERROR_INVALID_PRINTER_NAME:
        return DeviceError("queue.unknown", Effect.NONE, queue=queue)
    if error.number == ERROR_ACCESS_DENIED:
        return DeviceError("queue.not_allowed", Effect.NONE, queue=queue)
    return DeviceError("queue.system_off", Effect.NONE, status=error.number)


def _queue(found: PrinterInfo, media: tuple[Size, ...]) -> Queue:
    """A printer of Windows. Its status is the driver's word, as old as the driver pleases: never live."""
    troubles = {trouble for bit, trouble in _PRINTER_TROUBLES.items() if found.status & bit}
    if found.attributes & _WORK_OFFLINE:
        troubles.add(Trouble.OFFLINE)
    state = QueueState.PROCESSING if found.status & _PRINTER_BUSY else QueueState.IDLE
    return Queue(
        name=found.name,
        state=QueueState.STOPPED if found.status & _PAUSED else state,
        accepting=not found.status & _PENDING_DELETION,
        troubles=frozenset(troubles),
        media=media,
    )


def _job(found: JobInfo, user: str) -> Job:
    status = found.status
    return Job(
        number=found.number,
        title=found.document,
        state=_state(status),
        started=_started(found),
        mine=found.user.casefold() == user.casefold(),
        troubles=frozenset(trouble for bit, trouble in _JOB_TROUBLES.items() if status & bit),
    )


def _state(status: int) -> JobState:
    if status & _JOB_DELETED:
        return JobState.CANCELLED
    if status & (_JOB_DELETING | _JOB_BLOCKED):
        return JobState.STOPPED
    if status & (_JOB_PRINTED | _JOB_COMPLETE):
        return JobState.COMPLETED
    if status & _JOB_PAUSED:
        return JobState.HELD
    return JobState.PROCESSING if status & _JOB_PRINTING else JobState.PENDING


def _started(found: JobInfo) -> bool | None:
    """Whether the device was given anything; of a job that somebody deletes nobody knows."""
    if found.status & (_JOB_PRINTING | _JOB_PRINTED | _JOB_COMPLETE) or found.time or found.pages_printed:
        return True
    return None if found.status & (_JOB_DELETING | _JOB_DELETED) else False


def _drawn(pdf: bytes) -> list[bytes]:
    """The pages of a PDF as PNG: Windows' drivers take drawings only."""
    try:
        document = pypdfium2.PdfDocument(pdf)
        try:
            return [_png(page.render(scale=_PAGE_DPI / 72).to_pil()) for page in document]
        finally:
            document.close()
    except pypdfium2.PdfiumError as error:
        raise DeviceError("queue.refused", Effect.NONE, status="pdf") from error


def _png(page: Image.Image) -> bytes:
    out = BytesIO()
    page.save(out, "PNG", dpi=(_PAGE_DPI, _PAGE_DPI), compress_level=1)
    return out.getvalue()
