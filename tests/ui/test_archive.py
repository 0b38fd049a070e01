"""The archive at the window, by keys: read, printed again, and what is no longer what it was is not shown."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFileDialog

from ktpel_desktop import resource_files
from ktpel_desktop.core.period import Form
from ktpel_desktop.devices.simulator.page_printer import SimulatedPagePrinter
from ktpel_desktop.documents.writer import PaperWriter
from ktpel_desktop.services import on_paper, period_reports, reports, room_minutes
from ktpel_desktop.store.archive import FileArchive
from ktpel_desktop.ui.dialogs import AskFields
from ktpel_desktop.ui.pages.archive import ArchivePage
from ktpel_desktop.ui.pages.reports import ReportsPage
from tests.services.desks import OFFICE
from tests.services.office import BUDI, TODAY
from tests.ui.conftest import Hands, K


def at_archive(hands: Hands, folder: Path) -> ArchivePage:
    """Three papers, the newest an XLSX; the page is reached by its key."""
    papers = PaperWriter(resource_files.root(), OFFICE)
    desk = replace(hands.world.desk, papers=papers, archive=FileArchive(folder))
    hands.world.desk = hands.window.place.desk = desk
    reports.print_daily(desk, BUDI)
    room_minutes.print_out(desk, BUDI)
    form = Form.XLSX
    period_reports.export(desk, BUDI, TODAY, TODAY, form, "laporan bulanan")
    hands.window.welcome(BUDI)
    hands.window.go("reports")
    hands.idle()
    hands.key(K.Key_F7)
    hands.idle()
    page = hands.window.page
    assert isinstance(page, ArchivePage), hands.message()
    return page


def printed(hands: Hands) -> list[bytes]:
    printer = hands.world.desk.page_printer
    assert isinstance(printer, SimulatedPagePrinter)
    return list(printer.printed)


def test_a_paper_is_read_and_printed_again_as_a_copy(hands: Hands, tmp_path: Path) -> None:
    page = at_archive(hands, tmp_path / "arsip")
    assert len(page.table.rows.rows) == 3
    assert not page.view.pdf, "an XLSX is no page"
    assert not page.printing.button.isEnabled()
    assert page.save_button.isEnabled()
    hands.key(K.Key_Down)
    hands.idle()
    assert page.view.pdf == printed(hands)[1]
    hands.key(K.Key_P, Qt.KeyboardModifier.ControlModifier)
    hands.idle()
    assert hands.message() == "Salinan dikirim ke printer"
    assert len(printed(hands)) == 3
    assert printed(hands)[2] != printed(hands)[1]
    assert [said["copy"] for _, said in hands.world.events(on_paper.AGAIN)] == [1]
    assert len(page.table.rows.rows) == 3, "a copy is no paper of its own"


def test_a_file_is_saved_as_it_was_kept(hands: Hands, tmp_path: Path) -> None:
    page = at_archive(hands, tmp_path / "arsip")
    hands.key(K.Key_S, Qt.KeyboardModifier.ControlModifier)
    hands.idle()
    dialog = page.findChild(QFileDialog)
    assert dialog is not None
    assert dialog.selectedFiles()[0].endswith(".xlsx")
    path = tmp_path / "kembali.xlsx"
    dialog.fileSelected.emit(str(path))
    dialog.close()
    hands.idle()
    (kept,) = (tmp_path / "arsip").rglob("*.xlsx")
    assert path.read_bytes() == kept.read_bytes()


def test_what_is_saved_from_the_screen_is_journalled_and_kept(hands: Hands, tmp_path: Path) -> None:
    at_archive(hands, tmp_path / "arsip")
    hands.key(K.Key_Escape)
    hands.qtbot.waitUntil(lambda: hands.page_name() == "ReportsPage", timeout=5000)
    hands.idle()
    reports_page = hands.window.page
    assert isinstance(reports_page, ReportsPage)
    hands.key(K.Key_S, Qt.KeyboardModifier.ControlModifier)
    dialog = reports_page.findChild(QFileDialog)
    assert dialog is not None
    assert hands.world.events(on_paper.SAVED) == [], "nothing left yet"
    path = tmp_path / "laporan.pdf"
    dialog.fileSelected.emit(str(path))
    dialog.close()
    hands.idle()
    ((subject, said),) = hands.world.events(on_paper.SAVED)
    assert (subject, said["kind"], said["archived"]) == ("shift-1", reports.PRINTED, True)
    assert hands.world.desk.archive.read(str(said["digest"])) == path.read_bytes()


def test_altered_and_missing_papers_are_told_and_cannot_be_printed(hands: Hands, tmp_path: Path) -> None:
    page = at_archive(hands, tmp_path / "arsip")
    first, second = (row.digest for row in page.table.rows.rows[1:])
    altered, missing = (next((tmp_path / "arsip").rglob(f"{one}.pdf")) for one in (first, second))
    altered.chmod(0o600)
    altered.write_bytes(altered.read_bytes() + b" ")
    missing.unlink()
    for title in ("Berkas arsip berubah", "Berkas arsip tidak ada"):
        hands.key(K.Key_Down)
        hands.idle()
        assert hands.message() == title
        assert not page.printing.button.isEnabled()


def test_another_period_shows_its_own(hands: Hands, tmp_path: Path) -> None:
    page = at_archive(hands, tmp_path / "arsip")
    for first, last, rows in (("01/10/2026", "31/10/2026", 0), ("23/11/2026", "23/11/2026", 3)):
        hands.key(K.Key_F6)
        asked = hands.dialog()
        assert isinstance(asked, AskFields)
        asked.editors[0].fill(first)
        asked.editors[1].fill(last)
        asked.settle()
        hands.idle()
        assert len(page.table.rows.rows) == rows
    hands.key(K.Key_F6)
    asked = hands.dialog()
    assert isinstance(asked, AskFields)
    asked.editors[0].fill("kemarin")
    asked.settle()
    hands.idle()
    assert hands.message() == "Periode tidak terbaca"
    hands.key(K.Key_Escape)
    hands.qtbot.waitUntil(lambda: hands.page_name() == "ReportsPage", timeout=5000)
    hands.idle()
