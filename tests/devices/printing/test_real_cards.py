"""Cards through a real CUPS: what reaches a printer to the pixel, and what may be said of it afterwards."""

from __future__ import annotations

import struct
import subprocess
from pathlib import Path

import pypdfium2
import pytest
from PIL import Image

from ktpel_desktop.core.errors import DeviceError, Effect
from ktpel_desktop.core.ports import Answer
from ktpel_desktop.devices.card_printer.card_page import card_page
from ktpel_desktop.devices.card_printer.spooler import SpoolerCardPrinter
from ktpel_desktop.devices.page_printer import QueuePagePrinter
from ktpel_desktop.devices.print_queue.cups import CupsSystem
from ktpel_desktop.devices.print_queue.jobs import Document, Format, Job, JobState, Size
from tests.devices import contract
from tests.devices.contract import PrinterContract
from tests.devices.printing.conftest import PACE, PrintRoom
from tests.devices.printing.cups_server import OPERATOR, captured, mood, wait_for
from tests.devices.printing.faces import face, opened, share_different

pytestmark = [pytest.mark.real, pytest.mark.xdist_group("cups")]

FACE = face()


def printer(room: PrintRoom, queue: str) -> SpoolerCardPrinter:
    return SpoolerCardPrinter(room.system, queue, pace=PACE)


def refusal(printer: SpoolerCardPrinter, tag: str = "R-7-1") -> DeviceError:
    with pytest.raises(DeviceError) as raised:
        printer.print_card(FACE, tag)
    return raised.value


def drawn(pdf: Path, folder: Path) -> Image.Image:
    command = ["pdftoppm", "-r", "300", "-png", "-singlefile", str(pdf), str(folder / "drawn")]
    subprocess.run(command, check=True, timeout=60)
    return opened((folder / "drawn.png").read_bytes())


def raster(data: bytes) -> tuple[dict[str, int], Image.Image]:
    """A page of CUPS raster, version 3 as Debian's filters write it (cups/raster.h, cups_page_header2_t)."""
    assert data[:4] == b"3SaR"
    header = data[4:1800]
    fields = {"Duplex": 272, "HWResolution": 276, "NumCopies": 340}
    fields |= {"cupsWidth": 372, "cupsHeight": 376, "cupsBytesPerLine": 392}
    told = {name: struct.unpack_from("<I", header, at)[0] for name, at in fields.items()}
    size = (told["cupsWidth"], told["cupsHeight"])
    assert told["cupsBytesPerLine"] == size[0] * 3
    return told, Image.frombytes("RGB", size, data[1800 : 1800 + 3 * size[0] * size[1]])


# ------------------------------------------------------------------ to the pixel


def test_an_ipp_card_printer_gets_the_card_to_the_pixel(room: PrintRoom, tmp_path: Path) -> None:
    error = refusal(printer(room, "kartu"))
    assert (error.code, error.effect) == ("printer.look_at_card", Effect.UNKNOWN)
    (page,) = [path for path in room.card.printed() if path.suffix == ".pdf"]
    assert "r-7-1" in page.name
    document = pypdfium2.PdfDocument(page.read_bytes())
    assert len(document) == 1
    assert document[0].get_size() == pytest.approx(Size(5398, 8560).points, abs=0.01)
    expected = opened(card_page(FACE, Size(5398, 8560), Format.PNG))
    found = drawn(page, tmp_path)
    edge = (2, 2, 636, 1009)  # CUPS writes the page's size in two decimals: poppler adds a line at the end
    assert share_different(found.crop(edge), expected.crop(edge)) == 0.0


def test_a_card_driver_gets_a_raster_to_the_pixel_on_one_side(room: PrintRoom) -> None:
    """Its PPD rounds the card to points and wants both sides by default; the filters are Debian's own."""
    error = refusal(printer(room, "hdp"))
    assert (error.code, error.effect) == ("printer.look_at_card", Effect.UNKNOWN)
    (data,) = captured(room.hdp)
    told, page = raster(data)
    assert (told["Duplex"], told["HWResolution"], told["NumCopies"]) == (0, 300, 1)
    assert page.size == (637, 1012)
    expected = opened(card_page(FACE, Size(5398, 8573), Format.PNG))
    assert share_different(page, expected) == 0.0
    assert next(room.hdp.glob("*.title")).read_text() == "R-7-1"


def test_a_queue_of_a4_takes_no_card(room: PrintRoom) -> None:
    error = refusal(printer(room, "laser"))
    assert (error.code, error.effect) == ("printer.no_card_size", Effect.NONE)
    assert room.laser.printed() == []


def test_a_report_reaches_the_page_printer_whole(room: PrintRoom) -> None:
    document = pypdfium2.PdfDocument.new()
    for _ in range(3):
        document.new_page(595.276, 841.89)
    path = room.server.folder / "laporan.pdf"
    document.save(path)
    QueuePagePrinter(room.system, "laser", pace=PACE).print_pdf(path.read_bytes(), "Laporan harian sif 3")
    (page,) = [path for path in room.laser.printed() if path.suffix == ".pdf"]
    printed = pypdfium2.PdfDocument(page.read_bytes())
    assert len(printed) == 3
    assert printed[0].get_size() == pytest.approx((595.276, 841.89), abs=1)


# ------------------------------------------------------------------ what may be said


def test_a_card_cancelled_while_it_waits_was_not_printed(room: PrintRoom) -> None:
    """Another program's job prints just then; ours is cancelled by hand before its turn."""
    busy: list[int] = []

    class Late(type(room.system)):  # type: ignore[misc]
        """Somebody else's job slips in between our look at the queue and our card."""

        def submit(self, queue: str, document: Document) -> int:
            mood(room.hdp, "wait")
            busy.append(room.system.submit(queue, Document(b"lain", Format.RAW, "lain")))
            number = super().submit(queue, document)
            room.system.cancel(queue, number)
            return int(number)

    error = refusal(SpoolerCardPrinter(Late(room.server.address, user=OPERATOR), "hdp", pace=PACE))
    assert (error.code, error.effect) == ("printer.not_sent", Effect.NONE)
    mood(room.hdp, "")
    wait_for(lambda: captured(room.hdp), "the other job does not end")
    assert captured(room.hdp) == [b"lain"]


def test_a_card_cancelled_while_it_prints_is_for_the_persons_eye(room: PrintRoom) -> None:
    mood(room.hdp, "wait")

    def cancel(job: Job) -> None:
        if job.state is JobState.PROCESSING:
            room.system.cancel("hdp", job.number)

    error = refusal(SpoolerCardPrinter(room.watched(cancel), "hdp", pace=PACE))
    assert (error.code, error.effect) == ("printer.job_stopped", Effect.UNKNOWN)


def test_a_card_that_the_printer_refuses_does_not_stay_in_the_queue(room: PrintRoom) -> None:
    mood(room.card.mood_folder, "fail")
    error = refusal(printer(room, "kartu"))
    assert error.effect is Effect.UNKNOWN
    jobs = room.system.jobs("kartu")
    assert jobs[-1].state not in {JobState.PENDING, JobState.HELD, JobState.PROCESSING, JobState.STOPPED}


def test_what_a_crash_left_waiting_never_prints_on_the_next_blank(room: PrintRoom) -> None:
    """The program died after handing over, and the job was held."""
    room.server.run("cupsdisable", "hdp")
    left = room.system.submit("hdp", Document(b"%PDF- lama", Format.RAW, "R-6-1"))
    room.server.run("lp", "-i", str(left), "-H", "hold")
    room.server.run("cupsenable", "hdp")
    assert printer(room, "hdp").marker() == left
    assert refusal(printer(room, "hdp"), "R-7-1").code == "printer.look_at_card"
    gone = room.system.job("hdp", left)
    assert (gone.state, gone.started) == (JobState.CANCELLED, False)
    assert [page[:4] for page in captured(room.hdp)] == [b"3SaR"]


def test_what_waits_in_a_paused_queue_is_taken_out_before_somebody_opens_it_again(room: PrintRoom) -> None:
    """As the words for a paused queue tell them to: the old card would be printed on the blank of the next."""
    room.server.run("cupsdisable", "hdp")
    left = room.system.submit("hdp", Document(b"%PDF- lama", Format.RAW, "R-6-1"))
    error = refusal(printer(room, "hdp"), "R-7-1")
    assert (error.code, error.effect) == ("queue.paused", Effect.NONE)
    room.server.run("cupsenable", "hdp")
    gone = room.system.job("hdp", left)
    assert (gone.state, gone.started) == (JobState.CANCELLED, False)
    assert refusal(printer(room, "hdp"), "R-7-1").code == "printer.look_at_card"
    assert [page[:4] for page in captured(room.hdp)] == [b"3SaR"]


def test_a_foreign_job_in_the_card_queue_stops_the_next_card(room: PrintRoom) -> None:
    mood(room.hdp, "wait")
    other = CupsSystem(room.server.address, user="orang-lain")
    number = other.submit("hdp", Document(b"lain", Format.RAW, "lain"))
    error = refusal(printer(room, "hdp"))
    assert (error.code, error.effect) == ("printer.queue_busy", Effect.NONE)
    seen = room.system.job("hdp", number)
    assert (seen.state, seen.title, seen.mine) == (JobState.PROCESSING, "", False)
    with pytest.raises(DeviceError) as refused:
        room.system.cancel("hdp", number)
    assert (refused.value.code, refused.value.effect) == ("queue.not_allowed", Effect.NONE)


def test_a_card_that_a_crash_left_printing_is_stopped_before_the_next(room: PrintRoom) -> None:
    mood(room.hdp, "wait")
    left = room.system.submit("hdp", Document(b"lama", Format.RAW, "R-6-1"))
    wait_for(lambda: room.system.job("hdp", left).state is JobState.PROCESSING, "it does not begin")
    error = refusal(printer(room, "hdp"))
    assert (error.code, error.effect) == ("printer.leftover_stopped", Effect.UNKNOWN)
    assert room.system.job("hdp", left).state is JobState.CANCELLED
    mood(room.hdp, "")
    assert refusal(printer(room, "hdp")).code == "printer.look_at_card"
    assert [page[:4] for page in captured(room.hdp)] == [b"3SaR"]


def test_the_marker_grows_with_every_card(room: PrintRoom) -> None:
    card = printer(room, "hdp")
    before = card.marker()
    refusal(card)
    assert card.marker() > before


def test_health_of_a_card_printer_that_can_be_asked_and_of_one_that_cannot(room: PrintRoom) -> None:
    asked, unasked = printer(room, "kartu").health(), printer(room, "hdp").health()
    assert asked.ready is Answer.YES
    assert (unasked.ready, unasked.notes) == (Answer.UNKNOWN, ("queue.no_live_status",))


# ------------------------------------------------------------------ a printer that counts


class CountingRig:
    """CUPS's ipp backend to a printer that counts its cards."""

    def __init__(self, room: PrintRoom) -> None:
        self.world = room.counting
        self.printer = printer(room, "hitung")
        self._fed = 0

    def feed(self) -> str:
        self._fed += 1
        self.world.cards_in_tray += 1
        return str(self._fed)

    def is_out(self, serial: str) -> bool:
        return len(self.world.out) >= int(serial)


@pytest.fixture
def rig(room: PrintRoom, monkeypatch: pytest.MonkeyPatch) -> CountingRig:
    monkeypatch.setattr(contract, "FACE", FACE)
    return CountingRig(room)


class TestCountingPrinterBehindCups(PrinterContract):
    """The whole contract, with a real print system between."""


def test_a_printer_that_says_done_and_counts_nothing_is_not_believed(room: PrintRoom) -> None:
    room.counting.cards_in_tray = 1
    room.counting.swallows = True
    error = refusal(printer(room, "hitung"))
    assert (error.code, error.effect) == ("printer.counter_odd", Effect.UNKNOWN)


def test_a_printer_that_complains_itself_gets_no_card(room: PrintRoom) -> None:
    room.counting.cards_in_tray = 1
    room.counting.reasons.append("door-open-error")
    card = printer(room, "hitung")
    assert card.health().notes == ("printer.door_open",)
    error = refusal(card)
    assert (error.code, error.effect) == ("printer.door_open", Effect.NONE)
    assert room.counting.out == []
