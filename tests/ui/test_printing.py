"""Where a page comes out, chosen by keys once and used by every page that prints."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest
from PySide6.QtCore import Qt

from ktpel_desktop.core.ports import Answer, Health, PageQueue, PrinterChoice
from ktpel_desktop.devices.simulator.page_printer import SimulatedPagePrinter
from ktpel_desktop.services import period_reports, reports, room_minutes
from ktpel_desktop.ui.dialogs import AskFields
from ktpel_desktop.ui.pages.printing import PrinterQuestion, told, tray_name
from ktpel_desktop.ui.widgets.editors import LineEditor
from tests.services.desks import MemoryArchive
from tests.services.office import BUDI
from tests.ui.conftest import Hands, K

C, CS = (
    Qt.KeyboardModifier.ControlModifier,
    Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier,
)


def at(hands: Hands, page: str) -> None:
    hands.window.welcome(BUDI)
    hands.window.go(page)
    hands.idle()


def chosen(hands: Hands) -> list[PrinterChoice]:
    printer = hands.window.place.desk.page_printer
    assert isinstance(printer, SimulatedPagePrinter)
    return printer.chosen


def question(hands: Hands) -> PrinterQuestion:
    hands.key(K.Key_P, CS)
    hands.idle()
    found = hands.dialog()
    assert isinstance(found, PrinterQuestion)
    return found


def test_ctrl_p_prints_at_once_on_the_usual_printer(hands: Hands) -> None:
    at(hands, "reports")
    hands.key(K.Key_P, C)
    hands.idle()
    assert chosen(hands) == [PrinterChoice()]
    assert hands.message() == "Laporan dikirim ke printer"


@pytest.mark.parametrize(
    ("page", "kind"), [("reports", reports.PRINTED), ("room_minutes", room_minutes.PRINTED)]
)
def test_a_choice_is_printed_on_journalled_and_remembered(hands: Hands, page: str, kind: str) -> None:
    at(hands, page)
    asked = question(hands)
    assert [asked.queue.box.itemText(place) for place in range(2)] == [
        "laser-latihan (biasa): siap",
        "laser-cadangan: keadaan belum diketahui",
    ]
    hands.key(K.Key_Tab)
    hands.key(K.Key_Down)
    hands.key(K.Key_Down)
    hands.enter()
    there = PrinterChoice("laser-latihan", "manual")
    assert chosen(hands) == [there]
    assert hands.message().endswith("dikirim ke printer laser-latihan, Baki manual")
    ((_, said),) = hands.world.events(kind)
    assert (said["queue"], said["tray"]) == ("laser-latihan", "manual")
    hands.window.go("reports")
    hands.idle()
    hands.key(K.Key_P, C)
    hands.idle()
    assert chosen(hands) == [there, there]
    again = question(hands)
    assert (again.queue.answer(), again.tray.answer()) == ("laser-latihan", "manual")
    again.reject()


def test_a_printer_without_trays_offers_none(hands: Hands) -> None:
    at(hands, "reports")
    asked = question(hands)
    hands.key(K.Key_Down)
    assert asked.queue.answer() == "laser-cadangan"
    assert (asked.tray.box.count(), asked.tray.answer(), asked.tray.box.isEnabled()) == (1, "", False)
    asked.main_button.click()
    hands.idle()
    assert chosen(hands) == [PrinterChoice("laser-cadangan")]


def test_cancel_prints_nothing_and_changes_nothing(hands: Hands) -> None:
    at(hands, "reports")
    question(hands)
    hands.key(K.Key_Escape)
    hands.idle()
    assert chosen(hands) == []
    assert hands.window.place.print_on == PrinterChoice()


class Listing(SimulatedPagePrinter):
    """Tells the queues that it was given."""

    found: Callable[[], tuple[PageQueue, ...]]

    def queues(self) -> tuple[PageQueue, ...]:
        return self.found()


def test_a_pc_without_printers_says_so(hands: Hands) -> None:
    printer = Listing(hands.world.bench.faults)
    printer.found = lambda: ()
    hands.window.place.desk = replace(hands.window.place.desk, page_printer=printer)
    at(hands, "reports")
    hands.key(K.Key_P, CS)
    hands.idle()
    assert hands.message() == "Tidak ada printer halaman"


def test_what_is_wrong_with_a_printer_stands_beside_its_name(hands: Hands) -> None:
    printer = Listing(hands.world.bench.faults)
    printer.found = lambda: (PageQueue("laser", Health(Answer.NO, ("page.no_paper",)), usual=True),)
    hands.window.place.desk = replace(hands.window.place.desk, page_printer=printer)
    at(hands, "reports")
    assert question(hands).queue.box.itemText(0) == "laser (biasa): Kertas printer habis"


def test_a_period_is_printed_on_the_chosen_printer_too(hands: Hands) -> None:
    at(hands, "reports")
    hands.window.place.print_on = PrinterChoice("laser-latihan", "main")
    hands.key(K.Key_F6)
    asked = hands.dialog()
    assert isinstance(asked, AskFields)
    asked.editors[2].fill("cetak")
    assert isinstance(asked.editors[3], LineEditor)
    asked.editors[3].fill("rapat Sudin")
    asked.settle()
    hands.idle()
    assert chosen(hands) == [PrinterChoice("laser-latihan", "main")]
    ((subject, said),) = hands.world.events(period_reports.PRINTED)
    assert (subject, said["reason"], said["copy"]) == ("2026-11-01..2026-11-23", "rapat Sudin", 0)


def test_an_archive_that_refuses_is_told_beside_the_print(hands: Hands) -> None:
    archive = hands.window.place.desk.archive
    assert isinstance(archive, MemoryArchive)
    archive.full = True
    at(hands, "reports")
    hands.key(K.Key_P, C)
    hands.idle()
    assert chosen(hands) == [PrinterChoice()]
    assert hands.message() == "Tercetak, tetapi tidak masuk arsip"
    archive.full = False
    hands.key(K.Key_P, C)
    hands.idle()
    assert hands.message() == "Laporan dikirim ke printer"


def test_trays_in_words() -> None:
    assert [tray_name(tray) for tray in ("tray-3", "main", "Lade-B", "tray-x")] == [
        "Baki 3",
        "Baki utama",
        "Lade-B",
        "tray-x",
    ]
    assert told(PrinterChoice()) == ""
    assert told(PrinterChoice("", "tray-1")) == ", Baki 1"
