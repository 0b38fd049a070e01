"""The print system of the computer: a raw queue of a real CUPS, and every end of a job by script."""

from __future__ import annotations

from dataclasses import replace

import pytest

from ktpel_desktop.core.errors import DeviceError, Effect
from ktpel_desktop.core.ports import Answer
from ktpel_desktop.devices.print_queue.jobs import FINAL, Format, Job, JobState, Trouble
from ktpel_desktop.devices.receipt_printer.queue import TITLE, QueueReceiptPrinter
from tests.devices.printing.conftest import PACE, PrintRoom, room, running_room
from tests.devices.printing.cups_server import captured, free_port
from tests.devices.printing.fake_system import CARD_QUEUE, FakeSystem, Look, Time
from tests.devices.printing.test_windows import FakeWinspool, system

__all__ = ["room", "running_room"]

SLIP = b"\x1b@Tanda terima\n\x0c" + bytes(range(256))


def failure(printer: QueueReceiptPrinter) -> tuple[str, Effect]:
    with pytest.raises(DeviceError) as failed:
        printer.send(SLIP)
    return failed.value.code, failed.value.effect


@pytest.mark.real
@pytest.mark.xdist_group("cups")
def test_a_raw_queue_of_cups_gets_the_bytes_as_they_are(room: PrintRoom) -> None:
    printer = QueueReceiptPrinter(room.system, "mentah", pace=PACE)
    printer.send(SLIP)
    assert captured(room.raw) == [SLIP]
    assert printer.health().ready is Answer.UNKNOWN


@pytest.mark.real
@pytest.mark.xdist_group("cups")
def test_a_queue_that_is_not_there_is_told(room: PrintRoom) -> None:
    printer = QueueReceiptPrinter(room.system, "tidak-ada", pace=PACE)
    assert failure(printer) == ("queue.unknown", Effect.NONE)
    assert printer.health().notes == ("queue.unknown",)


@pytest.mark.real
@pytest.mark.xdist_group("cups")
def test_a_receipt_for_a_printer_that_is_off_does_not_print_by_itself_later(room: PrintRoom) -> None:
    port = free_port()
    room.server.add("mati", f"socket://127.0.0.1:{port}/?waiteof=false", "raw")
    try:
        printer = QueueReceiptPrinter(room.system, "mati", pace=replace(PACE, patience=1.0))
        assert failure(printer) == ("receipt.torn", Effect.UNKNOWN)
        assert all(job.state in FINAL for job in room.system.jobs("mati"))
    finally:
        room.server.remove("mati")


def test_windows_spooler_gets_the_bytes_raw() -> None:
    spooler = FakeWinspool()
    QueueReceiptPrinter(system(spooler), "HDP5000", pace=Time().pace()).send(SLIP)
    assert spooler.written == [SLIP]


@pytest.mark.parametrize(
    ("look", "after", "told"),
    [
        (JobState.GONE, None, ("receipt.torn", Effect.UNKNOWN)),
        (JobState.STOPPED, JobState.STOPPED, ("receipt.still_queued", Effect.UNKNOWN)),
        (
            Job(41, TITLE, JobState.PENDING, started=False),
            Job(41, TITLE, JobState.CANCELLED, started=False),
            ("receipt.not_sent", Effect.NONE),
        ),
    ],
)
def test_a_job_that_does_not_end_well_is_told_as_what_is_certain(
    look: Look, after: Look | None, told: tuple[str, Effect]
) -> None:
    fake = FakeSystem(looks=(look,), cancelled=after)
    assert failure(QueueReceiptPrinter(fake, "kartu", pace=Time().pace())) == told


def test_a_job_carries_nobodys_name_and_no_filter() -> None:
    fake = FakeSystem()
    QueueReceiptPrinter(fake, "kartu", pace=Time().pace()).send(SLIP)
    assert [(one.data, one.format, one.title) for one in fake.submitted] == [(SLIP, Format.RAW, TITLE)]


@pytest.mark.parametrize(
    ("trouble", "code"),
    [
        (Trouble.OFFLINE, "receipt.off"),
        (Trouble.DOOR_OPEN, "receipt.cover_open"),
        (Trouble.NO_MEDIA, "receipt.no_paper"),
        (Trouble.SUPPLY_OUT, "receipt.needs_help"),
        (Trouble.JAM, "receipt.needs_help"),
        (Trouble.OTHER, "receipt.needs_help"),
    ],
)
def test_a_printer_that_complains_now_gets_no_job(trouble: Trouble, code: str) -> None:
    fake = FakeSystem(known=replace(CARD_QUEUE, live=True, troubles=frozenset({trouble})))
    printer = QueueReceiptPrinter(fake, "kartu", pace=Time().pace())
    assert failure(printer) == (code, Effect.NONE)
    assert (printer.health().ready, printer.health().notes) == (Answer.NO, (code,))
    assert fake.submitted == []
