"""Windows' spooler by a stand-in: which bits mean what, and what is certain when a job is taken back.

The stand-in has the verbs of winspool.py and a queue that forgets ended jobs, as Windows' does. winspool.py
itself and a driver of Windows can only be tried on Windows.
"""

from __future__ import annotations

import ctypes
from collections.abc import Callable, Sequence
from contextlib import nullcontext
from dataclasses import dataclass, field, replace
from io import BytesIO
from unittest.mock import MagicMock

import pypdfium2
import pytest

from ktpel_desktop.core.errors import DeviceError, Effect
from ktpel_desktop.devices.card_printer.spooler import SpoolerCardPrinter
from ktpel_desktop.devices.page_printer import QueuePagePrinter
from ktpel_desktop.devices.print_queue import winspool
from ktpel_desktop.devices.print_queue.jobs import (
    Document,
    Format,
    JobState,
    QueueState,
    Size,
    Trouble,
)
from ktpel_desktop.devices.print_queue.windows import DELETE, PAUSE, RELEASE, RETAIN, WindowsSystem
from ktpel_desktop.devices.print_queue.winspool import (
    ERROR_ACCESS_DENIED,
    ERROR_INVALID_PRINTER_NAME,
    JobInfo,
    PrinterInfo,
    SpoolerError,
)
from tests.devices.printing.faces import face
from tests.devices.printing.fake_system import Time

PAUSED, ERROR, DELETING, SPOOLING, PRINTING, OFFLINE = 0x1, 0x2, 0x4, 0x8, 0x10, 0x20
PAPEROUT, PRINTED, DELETED, BLOCKED, COMPLETE, RETAINED = 0x40, 0x80, 0x100, 0x200, 0x1000, 0x2000
INVALID_PARAMETER = 87


HDP5000 = PrinterInfo("HDP5000", 0, 0)


@dataclass
class FakeWinspool:
    """`life`: the status bits of the newest job, one at each look. An ended job stays only while it is retained."""

    life: Sequence[int] = (SPOOLING, PRINTING, PRINTED)
    info: PrinterInfo = HDP5000
    refuses: dict[int, int] = field(default_factory=dict)
    broken: SpoolerError | None = None
    queue: list[JobInfo] = field(default_factory=list)
    retained: set[int] = field(default_factory=set)
    commands: list[tuple[int, int]] = field(default_factory=list)
    written: list[bytes] = field(default_factory=list)
    looks: int = 0

    def printer(self, name: str) -> PrinterInfo:
        if self.broken:
            raise self.broken
        if name != self.info.name:
            raise SpoolerError("OpenPrinter", ERROR_INVALID_PRINTER_NAME)
        return self.info

    def jobs(self, printer: str) -> list[JobInfo]:
        self.printer(printer)
        for at, each in enumerate(self.queue):
            if at == len(self.queue) - 1 and not each.status & PAUSED:
                self.queue[at] = replace(each, status=self.life[min(self.looks, len(self.life) - 1)])
                self.looks += 1
        self.queue = [
            each
            for each in self.queue
            if not each.status & (PRINTED | DELETED) or each.number in self.retained
        ]
        return list(self.queue)

    def printers(self) -> list[PrinterInfo]:
        if self.broken:
            raise self.broken
        return [self.info]

    def control(self, printer: str, number: int, command: int) -> None:
        self.commands.append((number, command))
        if command in self.refuses:
            raise SpoolerError("SetJob", self.refuses[command])
        if number not in [each.number for each in self.queue]:
            raise SpoolerError("SetJob", INVALID_PARAMETER)
        if command == RETAIN:
            self.retained.add(number)
        elif command == RELEASE:
            self.retained.discard(number)
        elif command == PAUSE:
            self.queue = [
                replace(each, status=each.status | PAUSED) if each.number == number else each
                for each in self.queue
            ]
        elif command == DELETE:
            self.queue = [each for each in self.queue if each.number != number]

    def write_raw(self, printer: str, title: str, data: bytes, begun: Callable[[int], None]) -> int:
        self.printer(printer)
        begun(self.open(title))
        self.written.append(data)
        return self.queue[-1].number

    def open(self, title: str, user: str = "Operator") -> int:
        number = max((each.number for each in self.queue), default=2) + 1
        self.queue.append(JobInfo(number, title, user, SPOOLING))
        return number


@dataclass
class FakePages:
    """Qt's part: opens the job in the spooler and keeps what would be painted."""

    spooler: FakeWinspool
    sizes: tuple[Size, ...] = (Size(8573, 5398),)
    painted: list[bytes] = field(default_factory=list)
    opens: bool = True

    def media(self, queue: str) -> tuple[Size, ...]:
        return self.sizes

    def paint(
        self, queue: str, document: Document, pages: Sequence[bytes], begun: Callable[[], None]
    ) -> None:
        if self.opens:
            self.spooler.open(document.title)
        begun()
        self.painted.extend(pages)


def system(spooler: FakeWinspool, pages: FakePages | None = None) -> WindowsSystem:
    return WindowsSystem(spooler, pages or FakePages(spooler), user="operator")


CARD = Document(b"\x89PNG", Format.PNG, "R-7-1", Size(8573, 5398), 300, strict=True)


@pytest.mark.parametrize(
    ("status", "time", "state", "started"),
    [
        (0, 0, JobState.PENDING, False),
        (SPOOLING, 0, JobState.PENDING, False),
        (OFFLINE, 0, JobState.PENDING, False),
        (PAUSED, 0, JobState.HELD, False),
        (PAUSED, 900, JobState.HELD, True),
        (PRINTING | SPOOLING, 0, JobState.PROCESSING, True),
        (PRINTING | PAPEROUT | ERROR, 10, JobState.PROCESSING, True),
        (PRINTED | RETAINED, 10, JobState.COMPLETED, True),
        (COMPLETE, 10, JobState.COMPLETED, True),
        (DELETING, 0, JobState.STOPPED, None),
        (DELETED, 0, JobState.CANCELLED, None),
        (DELETED | PRINTING, 0, JobState.CANCELLED, True),
        (BLOCKED, 0, JobState.STOPPED, False),
    ],
)
def test_status_bits(status: int, time: int, state: JobState, started: bool | None) -> None:
    spooler = FakeWinspool([status], retained={3}, queue=[JobInfo(3, "x", "OPERATOR", status, time)])
    found = system(spooler).job("HDP5000", 3)
    assert (found.state, found.started, found.mine) == (state, started, True)


@pytest.mark.parametrize(
    ("status", "attributes", "troubles", "state"),
    [
        (0, 0, set(), QueueState.IDLE),
        (0x1, 0, set(), QueueState.STOPPED),
        (0x400, 0, set(), QueueState.PROCESSING),
        (0x80, 0, {Trouble.OFFLINE}, QueueState.IDLE),
        (0, 0x400, {Trouble.OFFLINE}, QueueState.IDLE),
        (0x10 | 0x400000, 0, {Trouble.NO_MEDIA, Trouble.DOOR_OPEN}, QueueState.IDLE),
        (0x8, 0, {Trouble.JAM}, QueueState.IDLE),
        (0x40000, 0, {Trouble.SUPPLY_OUT}, QueueState.IDLE),
    ],
)
def test_printer_bits(status: int, attributes: int, troubles: set[Trouble], state: QueueState) -> None:
    queue = system(FakeWinspool(info=PrinterInfo("HDP5000", status, attributes))).queue("HDP5000")
    assert (set(queue.troubles), queue.state, queue.live) == (troubles, state, False)
    assert queue.media == (Size(8573, 5398),)


def test_the_job_is_found_while_it_is_open_and_kept_until_it_was_followed() -> None:
    spooler = FakeWinspool()
    spooler.open("R-7-1")  # an older one of the same title, still there
    number = system(spooler).submit("HDP5000", CARD)
    assert number == 4
    assert spooler.commands == [(4, RETAIN)]


def test_a_job_that_is_not_found_is_not_painted() -> None:
    spooler = FakeWinspool()
    pages = FakePages(spooler, opens=False)
    with pytest.raises(DeviceError) as odd:
        system(spooler, pages).submit("HDP5000", CARD)
    assert (odd.value.effect, pages.painted) == (Effect.NONE, [])


def test_a_pdf_is_drawn_for_the_driver() -> None:
    document = pypdfium2.PdfDocument.new()
    for _ in range(2):
        document.new_page(595, 842)
    out = BytesIO()
    document.save(out)
    spooler = FakeWinspool()
    pages = FakePages(spooler)
    QueuePagePrinter(system(spooler, pages), "HDP5000", pace=Time().pace()).print_pdf(
        out.getvalue(), "Laporan"
    )
    assert [page[:4] for page in pages.painted] == [b"\x89PNG"] * 2
    assert spooler.jobs("HDP5000") == []  # released and gone


def test_a_tray_cannot_be_asked_for_and_is_not_silently_forgotten() -> None:
    spooler = FakeWinspool()
    pages = FakePages(spooler)
    printer = QueuePagePrinter(system(spooler, pages), "HDP5000", tray="tray-1", pace=Time().pace())
    with pytest.raises(DeviceError) as refused:
        printer.print_pdf(b"%PDF-1.4", "Laporan")
    assert (refused.value.code, refused.value.effect, pages.painted) == ("queue.no_trays", Effect.NONE, [])


def test_bytes_go_raw() -> None:
    spooler = FakeWinspool()
    QueuePagePrinter(system(spooler), "HDP5000", pace=Time().pace()).send_raw(b"\x1b@", "Slip")
    assert spooler.written == [b"\x1b@"]


@pytest.mark.parametrize(
    ("life", "refuses", "code", "effect"),
    [
        ([SPOOLING, PRINTING, PRINTED], {}, "printer.look_at_card", Effect.UNKNOWN),
        ([SPOOLING, PRINTING, DELETED], {}, "printer.job_stopped", Effect.UNKNOWN),
        ([SPOOLING, 0, DELETED], {}, "printer.job_stopped", Effect.UNKNOWN),  # by whom and when nobody says
        ([SPOOLING, OFFLINE], {}, "printer.not_sent", Effect.NONE),
        ([SPOOLING, PAUSED], {}, "printer.not_sent", Effect.NONE),
        ([SPOOLING, OFFLINE], {PAUSE: 5}, "printer.job_stopped", Effect.UNKNOWN),
        ([SPOOLING, PRINTING], {}, "printer.job_stopped", Effect.UNKNOWN),
        ([SPOOLING, OFFLINE], {DELETE: 5}, "printer.still_queued", Effect.UNKNOWN),
        ([SPOOLING, DELETING], {DELETE: 5}, "printer.still_queued", Effect.UNKNOWN),
        ([SPOOLING, PRINTING, PRINTED], {RETAIN: 5}, "printer.look_at_card", Effect.UNKNOWN),
    ],
)
def test_a_card_ends_honestly(life: list[int], refuses: dict[int, int], code: str, effect: Effect) -> None:
    spooler = FakeWinspool(life, refuses=refuses)
    with pytest.raises(DeviceError) as raised:
        SpoolerCardPrinter(system(spooler), "HDP5000", pace=Time().pace()).print_card(face(), "R-7-1")
    assert (raised.value.code, raised.value.effect) == (code, effect)


def test_what_a_crash_left_retained_does_not_stay_in_the_queue() -> None:
    spooler = FakeWinspool()
    left = spooler.open("R-6-1")
    spooler.control("HDP5000", left, RETAIN)
    spooler.life = [PRINTED]
    assert system(spooler).jobs("HDP5000")[0].state is JobState.COMPLETED
    assert not SpoolerCardPrinter(system(spooler), "HDP5000", pace=Time().pace()).clear_queue()
    assert spooler.jobs("HDP5000") == []


def test_a_number_given_again_is_another_job() -> None:
    """Windows numbers anew after a restart of its spooler: that job 3 was once deleted says nothing of the next 3."""
    spooler = FakeWinspool([SPOOLING])
    windows = system(spooler)
    left = spooler.open("R-6-1")
    windows.cancel("HDP5000", left)
    assert windows.job("HDP5000", left).state is JobState.CANCELLED
    assert windows.submit("HDP5000", CARD) == left
    spooler.queue.clear()
    assert windows.job("HDP5000", left).state is JobState.GONE


@pytest.mark.parametrize(
    ("broken", "code", "effect"),
    [
        (SpoolerError("OpenPrinter", ERROR_INVALID_PRINTER_NAME), "queue.unknown", Effect.NONE),
        (SpoolerError("OpenPrinter", ERROR_ACCESS_DENIED), "queue.not_allowed", Effect.NONE),
        (SpoolerError("StartDocPrinter", 1722), "queue.system_off", Effect.NONE),
        (SpoolerError("WritePrinter", 5), "queue.answer_lost", Effect.UNKNOWN),
        (SpoolerError("EndDocPrinter", 0), "queue.answer_lost", Effect.UNKNOWN),
    ],
)
def test_a_failed_call_while_sending_bytes(broken: SpoolerError, code: str, effect: Effect) -> None:
    with pytest.raises(DeviceError) as failed:
        system(FakeWinspool(broken=broken)).submit("HDP5000", Document(b"", Format.RAW, "x"))
    assert (failed.value.code, failed.value.effect) == (code, effect)


@pytest.mark.parametrize(("done", "failed"), [(1, False), (0, True)])
def test_a_queue_that_cannot_be_read_is_not_an_empty_one(
    monkeypatch: pytest.MonkeyPatch, done: int, failed: bool
) -> None:
    """EnumJobs tells of no bytes to fetch both where there is no job and where it fails."""
    dll = MagicMock()
    dll.OpenPrinterW.return_value = 1
    dll.EnumJobsW.return_value = done
    monkeypatch.setattr(ctypes, "CDLL", lambda *told, **options: dll)
    spooler = winspool.SystemWinspool()
    with pytest.raises(SpoolerError) if failed else nullcontext():
        assert spooler.jobs("HDP5000") == []
    dll.ClosePrinter.assert_called_once()


def test_the_structures_are_laid_out_as_winspool_h_says_for_64_bits() -> None:
    """Counted by hand from the header's fields: pointers of 8 bytes, numbers of 4, gaps where a pointer follows."""
    assert ctypes.sizeof(winspool._Printer2) == 13 * 8 + 8 * 4
    assert ctypes.sizeof(winspool._Job2) == 8 + 12 * 8 + 7 * 4 + 16 + 2 * 4 + 4
    assert (winspool._Job2.status.offset, winspool._Job2.time.offset) == (104, 148)
    assert ctypes.sizeof(winspool._Doc1) == 3 * 8
