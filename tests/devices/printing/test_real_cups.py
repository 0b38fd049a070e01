"""A real CUPS server: queues read, jobs followed, and every bad end seen as what it is."""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from ktpel_desktop.core.errors import DeviceError, Effect
from ktpel_desktop.core.papers import HandedFile, HandOffList
from ktpel_desktop.core.placement import DeviceKind
from ktpel_desktop.core.ports import Answer, DotMatrixPrinter
from ktpel_desktop.devices.found.print_queues import PrintQueues
from ktpel_desktop.devices.page_printer import QueuePagePrinter
from ktpel_desktop.devices.print_queue.cups import CupsSystem
from ktpel_desktop.devices.print_queue.following import Watch
from ktpel_desktop.devices.print_queue.jobs import Document, Format, Job, JobState, QueueState, Size, Trouble
from ktpel_desktop.documents.escp import Form, Pins
from ktpel_desktop.documents.form_papers import hand_off_form
from tests.devices.printing.conftest import PACE, PrintRoom
from tests.devices.printing.cups_server import ENOUGH, captured, free_port, mood

pytestmark = [pytest.mark.real, pytest.mark.xdist_group("cups")]

SLIP = b"\x1b@Tanda terima\r\n\x0c" + bytes(range(256))


def raw_printer(room: PrintRoom, queue: str = "mentah", **pace: float) -> QueuePagePrinter:
    return QueuePagePrinter(room.system, queue, pace=replace(PACE, **pace))  # type: ignore[arg-type]


def watched_printer(room: PrintRoom, watch: Watch) -> QueuePagePrinter:
    return QueuePagePrinter(room.watched(watch), "mentah", pace=PACE)


def failure(act: Callable[[], object]) -> DeviceError:
    with pytest.raises(DeviceError) as raised:
        act()
    return raised.value


def when(state: JobState, act: Callable[[Job], None]) -> Callable[[Job], None]:
    """A watch that acts once, when the job is seen in a state."""
    done: list[Job] = []

    def watch(job: Job) -> None:
        if job.state is state and not done:
            done.append(job)
            act(job)

    return watch


@contextmanager
def printed_over_the_network(port: int) -> Iterator[bytearray]:
    """What a printer gets that is on until its first job has come."""
    got = bytearray()
    with socket.create_server(("127.0.0.1", port)) as listener:
        listener.settimeout(ENOUGH)

        def print_one() -> None:
            connection, _ = listener.accept()
            with connection:
                while piece := connection.recv(4096):
                    got.extend(piece)

        thread = threading.Thread(target=print_one)
        thread.start()
        yield got
        thread.join(ENOUGH)
        assert not thread.is_alive(), "the printer hangs"


# ------------------------------------------------------------------ queues


@pytest.mark.parametrize("by_socket", [False, True])
def test_queues_are_read_over_loopback_and_over_the_socket(room: PrintRoom, by_socket: bool) -> None:
    system = CupsSystem(room.server.sock if by_socket else room.server.address)
    card = system.queue("kartu")
    assert (card.media, card.live, card.state) == ((Size(5398, 8560),), True, QueueState.IDLE)
    raw = system.queue("mentah")
    assert (raw.live, raw.accepting, raw.printed) == (False, True, None)
    assert system.queue("hitung").printed == room.counting.count
    assert Size(5398, 8573) in system.queue("hdp").media  # CUPS tells a driver's sizes in whole points


def test_a_queue_that_is_not_there(room: PrintRoom) -> None:
    printer = raw_printer(room, "tidak-ada")
    assert printer.health().ready is Answer.NO
    error = failure(lambda: printer.send_raw(SLIP, "x"))
    assert (error.code, error.effect) == ("queue.unknown", Effect.NONE)
    assert failure(lambda: room.system.jobs("tidak-ada")).code == "queue.unknown"
    document = Document(SLIP, Format.RAW, "x")
    assert failure(lambda: room.system.submit("tidak-ada", document)).code == "queue.unknown"


def test_no_server_at_all() -> None:
    printer = QueuePagePrinter(CupsSystem(f"http://127.0.0.1:{free_port()}"), "mentah", pace=PACE)
    health = printer.health()
    assert (health.ready, health.notes) == (Answer.NO, ("queue.system_off",))
    error = failure(lambda: printer.send_raw(SLIP, "x"))
    assert (error.code, error.effect) == ("queue.system_off", Effect.NONE)


def test_a_server_that_takes_connections_and_says_nothing_is_not_waited_for() -> None:
    """How long is asked in test_cups_conversation.py."""
    with socket.create_server(("127.0.0.1", 0)) as mute:
        printer = QueuePagePrinter(CupsSystem(f"http://127.0.0.1:{mute.getsockname()[1]}"), "mentah")
        health = printer.health()
        assert (health.ready, health.notes) == (Answer.UNKNOWN, ("queue.system_silent",))


# ------------------------------------------------------------------ a good job


def test_bytes_arrive_unchanged_under_their_title(room: PrintRoom) -> None:
    seen: list[JobState] = []
    printer = watched_printer(room, lambda job: seen.append(job.state))
    printer.send_raw(SLIP, "Tanda terima Nº 7 – loket")
    assert captured(room.raw) == [SLIP]
    assert next(room.raw.glob("*.title")).read_text() == "Tanda terima Nº 7 – loket"
    assert seen[-1] is JobState.COMPLETED


@pytest.mark.parametrize("form", [Form(Pins.NINE, 11), Form(Pins.TWENTY_FOUR, 22)])
def test_forms_of_the_dot_matrix_printer_arrive_unchanged(room: PrintRoom, form: Form) -> None:
    rows = tuple(
        HandedFile(f"A-{n:03d}", "ABCD2345WXYZ", "KTP-el baru", "S•••", "3174••••", 4) for n in range(500)
    )
    at = datetime(2026, 11, 23, 7, 5, tzinfo=UTC)
    forms = hand_off_form(
        HandOffList("Satpel", "Bangka", 1, at, "Budi", "Sari", False, rows, 0, False), UTC, form
    )
    printer: DotMatrixPrinter = raw_printer(room)
    printer.send_raw(forms, "Daftar serah hasil")
    assert captured(room.raw) == [forms]


def test_a_queue_with_a_driver_passes_raw_bytes_too(room: PrintRoom) -> None:
    raw_printer(room, "hdp").send_raw(SLIP, "x")
    assert captured(room.hdp) == [SLIP]


def test_ten_jobs_end_in_their_order(room: PrintRoom) -> None:
    printer = raw_printer(room)
    for number in range(10):
        printer.send_raw(b"%d" % number, f"slip {number}")
    assert captured(room.raw) == [b"%d" % number for number in range(10)]


# ------------------------------------------------------------------ bad ends


def test_a_paused_queue_is_refused_before_sending(room: PrintRoom) -> None:
    room.server.run("cupsdisable", "mentah")
    printer = raw_printer(room)
    assert printer.health().notes == ("queue.paused",)
    error = failure(lambda: printer.send_raw(SLIP, "x"))
    assert (error.code, error.effect) == ("queue.paused", Effect.NONE)
    assert not [job for job in room.system.jobs("mentah") if job.state is JobState.PENDING]


def test_a_queue_paused_at_the_last_moment_leaves_nothing_behind(room: PrintRoom) -> None:
    """The job waits, is taken back, and CUPS says that it never was processed."""
    mood(room.raw, "wait")
    room.system.submit("mentah", Document(b"sebelumnya", Format.RAW, "sebelumnya"))
    error = failure(lambda: raw_printer(room, patience=0.5).send_raw(SLIP, "x"))
    assert (error.code, error.effect) == ("page.not_sent", Effect.NONE)
    mood(room.raw, "")
    raw_printer(room).send_raw(b"sesudahnya", "sesudahnya")
    assert captured(room.raw) == [b"sebelumnya", b"sesudahnya"]


def test_a_closed_queue_is_refused(room: PrintRoom) -> None:
    room.server.run("cupsreject", "mentah")
    printer = raw_printer(room)
    assert printer.health().notes == ("queue.not_accepting",)
    assert failure(lambda: printer.send_raw(SLIP, "x")).code == "queue.not_accepting"
    document = Document(SLIP, Format.RAW, "x")
    error = failure(lambda: room.system.submit("mentah", document))
    assert (error.code, error.effect) == ("queue.not_accepting", Effect.NONE)


@pytest.mark.parametrize(
    ("state", "code", "effect"),
    [
        (JobState.PENDING, "page.not_sent", Effect.NONE),
        (JobState.PROCESSING, "page.job_stopped", Effect.UNKNOWN),
    ],
)
def test_a_job_cancelled_by_somebody_while_it_waits_or_prints(
    room: PrintRoom, state: JobState, code: str, effect: Effect
) -> None:
    mood(room.raw, "wait")
    if state is JobState.PENDING:
        room.system.submit("mentah", Document(b"sebelumnya", Format.RAW, "sebelumnya"))
    printer = watched_printer(room, when(state, lambda job: room.system.cancel("mentah", job.number)))
    error = failure(lambda: printer.send_raw(SLIP, "x"))
    assert (error.code, error.effect) == (code, effect)


def test_a_job_held_by_somebody_while_it_waits_is_taken_out(room: PrintRoom) -> None:
    mood(room.raw, "wait")
    room.system.submit("mentah", Document(b"sebelumnya", Format.RAW, "sebelumnya"))

    def hold(job: Job) -> None:
        room.server.run("lp", "-i", str(job.number), "-H", "hold")

    printer = watched_printer(room, when(JobState.PENDING, hold))
    error = failure(lambda: printer.send_raw(SLIP, "x"))
    assert (error.code, error.effect) == ("page.not_sent", Effect.NONE)
    assert room.system.jobs("mentah")[-1].state is JobState.CANCELLED


@pytest.mark.parametrize("word", ["hold", "stop", "cancel", "fail", "jam"])
def test_a_backend_that_gives_up_leaves_it_open_and_nothing_in_the_queue(room: PrintRoom, word: str) -> None:
    """Held, queue stopped, cancelled, tried again for ever, hanging in a jam: bytes may have gone out each time."""
    mood(room.raw, word)
    error = failure(lambda: raw_printer(room, patience=2.0).send_raw(SLIP, "x"))
    assert (error.code, error.effect) == ("page.job_stopped", Effect.UNKNOWN)
    assert room.system.jobs("mentah")[-1].state is JobState.CANCELLED
    mood(room.raw, "")
    room.server.run("cupsenable", "mentah")
    raw_printer(room).send_raw(b"sesudahnya", "sesudahnya")
    assert captured(room.raw) == [b"sesudahnya"]


def test_what_the_printer_lacks_is_told_while_it_waits(room: PrintRoom) -> None:
    mood(room.raw, "empty")
    seen: list[Job] = []

    def fill(job: Job) -> None:
        seen.append(job)
        if Trouble.NO_MEDIA in job.troubles:
            mood(room.raw, "")

    watched_printer(room, fill).send_raw(SLIP, "x")
    assert any(Trouble.NO_MEDIA in job.troubles for job in seen)
    assert captured(room.raw) == [SLIP]


def test_a_printer_that_is_off_keeps_the_job_and_nobody_can_say_that_nothing_went_out(
    room: PrintRoom,
) -> None:
    """CUPS began to process it: its backend tries again and again, and what it reached it does not tell."""
    port = free_port()
    room.server.add("mati", f"socket://127.0.0.1:{port}/?waiteof=false", "raw")
    try:
        error = failure(lambda: raw_printer(room, "mati", patience=1.0).send_raw(SLIP, "x"))
        assert (error.code, error.effect) == ("page.job_stopped", Effect.UNKNOWN)
        with printed_over_the_network(port) as got:  # switched on: what was taken out does not come
            raw_printer(room, "mati").send_raw(b"sesudahnya", "sesudahnya")
        assert bytes(got) == b"sesudahnya"
    finally:
        room.server.remove("mati")


def test_a_printer_on_the_network_gets_its_bytes(room: PrintRoom) -> None:
    port = free_port()
    room.server.add("jaringan", f"socket://127.0.0.1:{port}/?waiteof=false", "raw")
    try:
        with printed_over_the_network(port) as got:
            raw_printer(room, "jaringan").send_raw(SLIP, "x")
        assert bytes(got) == SLIP
    finally:
        room.server.remove("jaringan")


def test_an_ipp_printer_that_is_off_is_known_before_anything_is_sent(room: PrintRoom) -> None:
    """Its queue looks idle to CUPS; the printer itself takes no connection."""
    room.server.add("ipp-mati", f"ipp://127.0.0.1:{free_port()}/ipp/print", "raw")
    try:
        printer = raw_printer(room, "ipp-mati")
        health = printer.health()
        assert (health.ready, health.notes) == (Answer.NO, ("page.off",))
        error = failure(lambda: printer.send_raw(SLIP, "x"))
        assert (error.code, error.effect) == ("page.off", Effect.NONE)
    finally:
        room.server.remove("ipp-mati")


def test_every_queue_is_a_device_for_the_register_and_a_class_is_none(room: PrintRoom) -> None:
    room.server.run("lpadmin", "-p", "mentah", "-c", "kelas")
    try:
        found = {one.device.where: one for one in PrintQueues(room.system, "kartu", "laser")().seen}
    finally:
        room.server.run("lpadmin", "-x", "kelas")
    assert {name: one.device.kind for name, one in found.items()} == {
        "antrean mentah": None,
        "antrean kartu (jaringan)": DeviceKind.CARD_PRINTER,
        "antrean hdp": None,
        "antrean laser (jaringan)": DeviceKind.LASER_PRINTER,
        "antrean hitung (jaringan)": None,
    }
    assert found["antrean hdp"].device.make == "Uji Kartu"


# ------------------------------------------------------------------ the server goes


def test_a_server_gone_in_the_middle_leaves_it_open(room: PrintRoom) -> None:
    mood(room.raw, "wait")
    stop = when(JobState.PROCESSING, lambda job: room.server.stop())
    try:
        printer = watched_printer(room, stop)
        error = failure(lambda: printer.send_raw(SLIP, "x"))
        assert (error.code, error.effect) == ("page.answer_lost", Effect.UNKNOWN)
        assert printer.health().ready is Answer.NO
    finally:
        mood(room.raw, "")
        room.server.start()


def test_a_server_that_starts_again_in_time_is_followed_on(room: PrintRoom) -> None:
    mood(room.raw, "wait")

    def restart(job: Job) -> None:
        room.server.stop()
        mood(room.raw, "")
        room.server.start()

    printer = watched_printer(room, when(JobState.PROCESSING, restart))
    printer.send_raw(SLIP, "x")
    assert captured(room.raw)[-1] == SLIP
