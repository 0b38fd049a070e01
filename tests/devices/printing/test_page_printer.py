"""The page printer over a scripted print system."""

from dataclasses import replace

import pytest

from ktpel_desktop.core.errors import DeviceError, Effect
from ktpel_desktop.core.ports import Answer, PagePrinter, PrinterChoice
from ktpel_desktop.devices.page_printer import A4, QueuePagePrinter
from ktpel_desktop.devices.print_queue.jobs import Format, JobState, Queue, QueueState, Trouble
from tests.devices.printing.fake_system import CARD_QUEUE, SILENT, FakeSystem, Look, Time, job

S, T = JobState, Trouble
LASER = replace(CARD_QUEUE, name="laser", media=())
PDF = b"%PDF-1.4"


def printer(system: FakeSystem) -> QueuePagePrinter:
    return QueuePagePrinter(system, "laser", pace=Time().pace())


def test_it_is_the_port() -> None:
    port: PagePrinter = printer(FakeSystem(known=LASER))
    port.print_pdf(PDF, "Laporan harian")


def test_a_pdf_is_sent_for_its_paper_and_may_be_fitted() -> None:
    system = FakeSystem([job(S.PENDING, False), job(S.PROCESSING, True), S.COMPLETED], known=LASER)
    printer(system).print_pdf(PDF, "Laporan harian sif 3")
    (document,) = system.submitted
    assert (document.data, document.format, document.title) == (PDF, Format.PDF, "Laporan harian sif 3")
    assert (document.size, document.strict) == (A4, False)
    assert system.settles == [41]


def test_a_chosen_queue_and_tray_are_asked_for_and_the_settings_tray_belongs_to_its_own_queue() -> None:
    system = FakeSystem(known=replace(LASER, trays=("tray-1", "manual")))
    usual = QueuePagePrinter(system, "laser", tray="tray-1", pace=Time().pace())
    elsewhere = QueuePagePrinter(system, "lain", tray="tray-7", pace=Time().pace())
    usual.print_pdf(PDF, "x")
    usual.print_pdf(PDF, "x", PrinterChoice("", "manual"))
    elsewhere.print_pdf(PDF, "x", PrinterChoice("laser"))
    elsewhere.print_pdf(PDF, "x", PrinterChoice("laser", "manual"))
    assert [document.tray for document in system.submitted] == ["tray-1", "manual", "", "manual"]


def test_a_tray_that_is_not_there_is_refused_before_anything_is_sent() -> None:
    system = FakeSystem(known=replace(LASER, trays=("tray-1",)))
    with pytest.raises(DeviceError) as refused:
        printer(system).print_pdf(PDF, "x", PrinterChoice("laser", "tray-2"))
    assert (refused.value.code, refused.value.effect, system.submitted) == ("page.no_tray", Effect.NONE, [])


def test_a_printer_that_tells_no_trays_is_believed_to_have_the_one_asked_for() -> None:
    system = FakeSystem(known=LASER)
    printer(system).print_pdf(PDF, "x", PrinterChoice("laser", "tray-2"))
    assert [document.tray for document in system.submitted] == ["tray-2"]


def test_the_queues_to_choose_from_are_those_for_pages_the_usual_one_first() -> None:
    system = FakeSystem(known=replace(LASER, live=True, trays=("tray-1",)), others=("a", "kartu"))
    usual = QueuePagePrinter(system, "laser", not_for_pages=frozenset({"kartu"}))
    first, second = usual.queues()
    assert (first.name, first.usual, first.trays, first.health.ready) == (
        "laser",
        True,
        ("tray-1",),
        Answer.YES,
    )
    assert (second.name, second.usual, second.trays, second.health.ready) == ("a", False, (), Answer.NO)


def test_bytes_are_sent_as_they_are() -> None:
    system = FakeSystem(known=LASER)
    printer(system).send_raw(b"\x1b@\x0c", "Tanda terima")
    (document,) = system.submitted
    assert (document.data, document.format, document.size) == (b"\x1b@\x0c", Format.RAW, None)


def test_what_is_no_pdf_is_refused() -> None:
    system = FakeSystem(known=LASER)
    with pytest.raises(DeviceError) as refused:
        printer(system).print_pdf(b"<html>", "x")
    assert (refused.value.code, system.submitted) == ("page.not_pdf", [])


@pytest.mark.parametrize(
    ("looks", "cancelled", "code", "effect"),
    [
        ([job(S.CANCELLED, False)], None, "page.not_sent", Effect.NONE),
        ([job(S.PENDING, False)], job(S.CANCELLED, False), "page.not_sent", Effect.NONE),
        ([job(S.CANCELLED, True)], None, "page.job_stopped", Effect.UNKNOWN),
        ([job(S.PROCESSING, True)], job(S.CANCELLED, True), "page.job_stopped", Effect.UNKNOWN),
        ([job(S.PROCESSING, True)], SILENT, "page.still_queued", Effect.UNKNOWN),
        ([S.GONE], None, "page.answer_lost", Effect.UNKNOWN),
        ([SILENT], None, "page.answer_lost", Effect.UNKNOWN),
    ],
)
def test_every_other_end_is_an_error(
    looks: list[Look], cancelled: Look | None, code: str, effect: Effect
) -> None:
    with pytest.raises(DeviceError) as failed:
        printer(FakeSystem(looks, cancelled, known=LASER)).print_pdf(PDF, "x")
    assert (failed.value.code, failed.value.effect) == (code, effect)


@pytest.mark.parametrize(
    ("trouble", "code"),
    [
        (T.OFFLINE, "page.off"),
        (T.NO_MEDIA, "page.no_paper"),
        (T.DOOR_OPEN, "page.door_open"),
        (T.SUPPLY_OUT, "page.toner_out"),
        (T.JAM, "page.needs_help"),
        (T.OTHER, "page.needs_help"),
    ],
)
def test_what_a_printer_says_itself_is_heard_before_sending(trouble: Trouble, code: str) -> None:
    system = FakeSystem(known=replace(LASER, live=True, troubles=frozenset({trouble})))
    assert printer(system).health() == replace(printer(system).health(), ready=Answer.NO, notes=(code,))
    with pytest.raises(DeviceError) as refused:
        printer(system).print_pdf(PDF, "x")
    assert (refused.value.code, refused.value.effect, system.submitted) == (code, Effect.NONE, [])


@pytest.mark.parametrize(
    ("known", "ready"),
    [
        (LASER, Answer.UNKNOWN),
        (replace(LASER, live=True), Answer.YES),
        (replace(LASER, state=QueueState.STOPPED), Answer.NO),
        (CARD_QUEUE, Answer.NO),
    ],
)
def test_health_has_three_values(known: Queue, ready: Answer) -> None:
    assert printer(FakeSystem(known=known)).health().ready is ready
