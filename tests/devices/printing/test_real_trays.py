"""A chosen printer and tray, all the way: CUPS asked for its queues, and the IPP printer for what reached it."""

from __future__ import annotations

from dataclasses import replace
from io import BytesIO
from pathlib import Path

import pypdfium2
import pytest
from PIL import ImageChops

from ktpel_desktop import resource_files
from ktpel_desktop.core.errors import DeviceError, Effect
from ktpel_desktop.core.ports import Answer, PrinterChoice
from ktpel_desktop.devices.page_printer import QueuePagePrinter
from ktpel_desktop.devices.print_queue import ipp
from ktpel_desktop.devices.print_queue.ipp import Group, Op
from ktpel_desktop.documents.writer import PaperWriter
from ktpel_desktop.services import archive, reports
from ktpel_desktop.store.archive import FileArchive
from tests.devices.printing.conftest import PACE, PrintRoom
from tests.services import office

pytestmark = [pytest.mark.real, pytest.mark.xdist_group("cups")]
OTHERS = frozenset({"kartu", "hdp", "hitung"})


def printer(room: PrintRoom, queue: str = "laser", tray: str = "") -> QueuePagePrinter:
    return QueuePagePrinter(room.system, queue, tray=tray, not_for_pages=OTHERS, pace=PACE)


def pages(count: int) -> bytes:
    out = BytesIO()
    with pypdfium2.PdfDocument.new() as document:
        for _ in range(count):
            document.new_page(595.276, 841.89)
        document.save(out)
    return out.getvalue()


def sources(room: PrintRoom) -> list[str]:
    """The tray that the newest job asked of the printer itself, in the printer's own words."""
    asked = {
        "printer-uri": [ipp.uri(room.laser.uri)],
        "which-jobs": [ipp.keyword("completed")],
        "requested-attributes": [ipp.keyword("all")],
    }
    address = room.laser.uri.replace("ipp", "http", 1)
    answer = room.system._post(Op.GET_JOBS, address, asked, {}, b"", 5, Effect.NONE, own=False)
    newest = max(answer.of(Group.JOB), key=lambda job: int(str(job["job-id"][0])))
    found = [each.get("media-source", ()) for each in newest.get("media-col", ()) if isinstance(each, dict)]
    return [value.text for values in found for value in values if isinstance(value, ipp.Text)]


def test_the_queues_to_choose_from_with_their_state_and_trays(room: PrintRoom) -> None:
    laser, raw = printer(room).queues()
    assert (laser.name, laser.usual, laser.health.ready) == ("laser", True, Answer.YES)
    assert set(laser.trays) >= {"main", "manual", "by-pass-tray"}
    assert (raw.name, raw.usual, raw.trays) == ("mentah", False, ())
    assert raw.health.ready is Answer.UNKNOWN
    assert [one.name for one in printer(room, "mentah").queues()] == ["mentah", "laser"]


@pytest.mark.parametrize("tray", ["manual", "by-pass-tray", "main"])
def test_the_tray_asked_for_reaches_the_printer(room: PrintRoom, tray: str) -> None:
    printer(room, "mentah").print_pdf(pages(2), "Laporan harian sif 3", PrinterChoice("laser", tray))
    (printed,) = [path for path in room.laser.printed() if path.suffix == ".pdf"]
    assert len(pypdfium2.PdfDocument(printed.read_bytes())) == 2
    assert sources(room) == [tray]


def test_the_settings_tray_is_asked_for_where_none_is_chosen(room: PrintRoom) -> None:
    printer(room, tray="manual").print_pdf(pages(1), "Laporan")
    assert sources(room) == ["manual"]


def test_a_tray_that_the_printer_does_not_have_prints_nothing(room: PrintRoom) -> None:
    with pytest.raises(DeviceError) as error:
        printer(room).print_pdf(pages(1), "Laporan", PrinterChoice("laser", "tray-9"))
    assert (error.value.code, error.value.effect) == ("page.no_tray", Effect.NONE)
    assert room.laser.printed() == []


def test_a_report_comes_out_as_it_is_kept_and_the_second_is_a_copy(room: PrintRoom, tmp_path: Path) -> None:
    """The whole way: figures, paper, CUPS, the printer's tray, the archive and the journal."""
    (tmp_path / "kantor").mkdir()
    world = office.copy(office.template(tmp_path), tmp_path / "kantor")
    world.open_day()
    desk = replace(
        world.desk,
        page_printer=printer(room, "mentah"),
        print_on=PrinterChoice("laser", "manual"),
        papers=PaperWriter(resource_files.root(), world.desk.office),
        archive=FileArchive(tmp_path / "arsip"),
    )
    pdf = b""
    for copy in range(2):
        pdf = reports.print_daily(desk, office.BUDI)
        *_, newest = [path for path in room.laser.printed() if path.suffix == ".pdf"]
        came, kept = (pypdfium2.PdfDocument(each) for each in (newest.read_bytes(), pdf))
        assert len(came) == len(kept)
        for one, other in zip(came, kept, strict=True):
            pictures = [each.render(scale=1).to_pil().convert("L") for each in (one, other)]
            far = ImageChops.difference(*pictures).point(lambda shade: 255 * (shade > 64))
            assert far.getbbox() is None, "only edges may differ by a shade"
        assert ("SALINAN ke-1" in kept[0].get_textpage().get_text_range()) is (copy == 1)
        assert sources(room) == ["manual"]
    newest_first = archive.papers(desk, office.BUDI, office.TODAY, office.TODAY)
    assert [(one.copy, one.kept) for one in newest_first] == [(1, True), (0, True)]
    assert archive.opened(desk, office.BUDI, newest_first[0].number) == pdf
    world.store.close()
