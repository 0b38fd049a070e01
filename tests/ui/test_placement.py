"""Readiness and the register of devices at the window, by keys: read, typed, found, changed, kept as a file."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QFileDialog, QLabel

from ktpel_desktop import resource_files
from ktpel_desktop.core.errors import StoreError
from ktpel_desktop.core.papers import ReadinessReport
from ktpel_desktop.core.placement import Condition, DeviceKind, FoundDevice, FoundDevices, PlacedDevice
from ktpel_desktop.core.roles import Actor
from ktpel_desktop.documents.writer import PaperWriter
from ktpel_desktop.services import placement
from ktpel_desktop.services.readiness import REPORTED
from ktpel_desktop.ui.pages.placement import PlacementPage
from ktpel_desktop.ui.pages.readiness import ReadinessPage
from tests.services.desks import OFFICE
from tests.services.office import BUDI, JOKO, RATNA
from tests.ui.conftest import Hands, K
from tests.ui.test_pages import yield_checks

DAY = date(2026, 11, 20)
SERVER = PlacedDevice(DeviceKind.SERVER, "HPE ProLiant", "99SV001", "BAST-1", DAY, watts=180)


class Finder:
    def __init__(self, *devices: FoundDevice) -> None:
        self.devices = devices

    def find(self) -> FoundDevices:
        return FoundDevices(self.devices, ("pcsc.no_service",))


def at_register(hands: Hands, actor: Actor = RATNA) -> PlacementPage:
    hands.window.welcome(actor)
    hands.window.go("placement")
    hands.idle()
    page = hands.window.page
    assert isinstance(page, PlacementPage)
    yield_checks(page)
    return page


def at_readiness(hands: Hands, actor: Actor) -> ReadinessPage:
    papers = PaperWriter(resource_files.root(), OFFICE)
    hands.window.place.desk = replace(hands.window.place.desk, papers=papers)
    hands.window.welcome(actor)
    hands.window.go("readiness")
    hands.idle()
    page = hands.window.page
    assert isinstance(page, ReadinessPage)
    return page


def fill(page: PlacementPage, **answers: object) -> None:
    for name, value in answers.items():
        getattr(page.form, name).fill(value)


def known(hands: Hands) -> list[PlacedDevice]:
    return [line.device for line in placement.register(hands.world.desk, RATNA)]


def test_a_device_is_typed_and_kept(hands: Hands) -> None:
    page = at_register(hands)
    hands.key(K.Key_F2)
    hands.type("Lenovo neo 50s")
    assert page.form.make.answer() == "Lenovo neo 50s"
    fill(page, kind="pc", serial=" 99pc001 ", document="BAST-7", day="20/11/2026", draw="260")
    hands.key(K.Key_F4)
    hands.idle()
    assert known(hands) == [
        PlacedDevice(DeviceKind.PC, "Lenovo neo 50s", "99pc001", "BAST-7", DAY, watts=260.0)
    ]
    assert page.form.number == 1
    assert not page.form.dirty
    assert "260 W" in page.groups.text()


def test_the_line_that_was_kept_is_the_one_that_is_shown(hands: Hands) -> None:
    for serial in ("99A", "99B"):
        placement.add(hands.world.desk, RATNA, replace(SERVER, serial=serial))
    page = at_register(hands)
    hands.key(K.Key_F2)
    fill(page, make="Lampu", kind="other", document="BAST-7", day="20/11/2026")
    hands.key(K.Key_F4)
    hands.idle()
    assert page.form.number == 3
    assert [line.number for line in page.table.selected()] == [3]
    assert page.form.make.answer() == "Lampu"


def test_a_new_line_stays_new_while_the_register_is_read_again(hands: Hands) -> None:
    placement.add(hands.world.desk, RATNA, SERVER)
    page = at_register(hands)
    assert page.form.title.text() == "Baris 1"
    hands.key(K.Key_F2)
    page.refresh()
    hands.idle()
    assert (page.form.number, page.form.title.text()) == (None, "Perangkat baru")
    assert page.table.current() is None
    page.table.selectRow(0)
    assert page.form.number == 1, "a row that is chosen is shown again"
    page.refresh()
    hands.idle()
    assert page.form.number == 1


def test_what_cannot_be_read_is_told_beside_its_field_and_nothing_is_kept(hands: Hands) -> None:
    page = at_register(hands)
    hands.key(K.Key_F2)
    fill(page, make="Epson", document="BAST-7", day="31/02/2026", factor="banyak", count="")
    hands.key(K.Key_F4)
    hands.idle()
    assert page.form.day.error()
    assert page.form.factor.error()
    assert page.form.count.error()
    assert not page.form.make.error()
    assert known(hands) == []
    fill(page, day="20/11/2026", factor="", count="1")
    hands.key(K.Key_F4)
    hands.idle()
    assert "Nomor seri belum diisi" in hands.message()
    assert page.form.dirty, "what was typed is still there"


def test_a_change_needs_its_reason_and_keeps_the_line(hands: Hands) -> None:
    placement.add(hands.world.desk, RATNA, SERVER)
    page = at_register(hands)
    page.table.selectRow(0)
    assert page.form.title.text() == "Baris 1"
    fill(page, condition=Condition.HEAVY_DAMAGE.value)
    hands.key(K.Key_F4)
    hands.idle()
    assert page.form.reason.error()
    fill(page, reason="Catu daya terbakar")
    hands.key(K.Key_F4)
    hands.idle()
    assert known(hands) == [replace(SERVER, condition=Condition.HEAVY_DAMAGE)]


def test_volt_amperes_and_the_rest_come_back_as_they_were_kept(hands: Hands) -> None:
    kept = PlacedDevice(
        DeviceKind.OTHER, "Lampu", "", "BAST-2", DAY, Condition.LIGHT_DAMAGE, 6, None, 15.0, 0.9, on_ups=True
    )
    placement.add(hands.world.desk, RATNA, kept)
    page = at_register(hands)
    page.table.selectRow(0)
    assert page.form.unit.answer() == "VA"
    fill(page, reason="Dibaca lagi")
    assert page.form.device() == kept


def test_a_found_device_is_offered_and_filled_in(hands: Hands) -> None:
    finder = Finder(FoundDevice("Evolis Primacy 2", DeviceKind.CARD_PRINTER, "99EV001", "USB 1-4"))
    hands.window.place.desk = replace(hands.window.place.desk, finder=finder)
    page = at_register(hands)
    hands.key(K.Key_F6)
    hands.idle()
    hands.dialog()
    hands.key(K.Key_Space)
    hands.enter()
    assert QApplication.activeModalWidget() is None
    assert page.form.serial.answer() == "99EV001"
    assert page.form.kind.answer() == DeviceKind.CARD_PRINTER
    assert page.form.dirty, "it is not in the register yet"


def test_nothing_new_is_said_with_what_could_not_be_looked_at(hands: Hands) -> None:
    placement.add(hands.world.desk, RATNA, SERVER)
    finder = Finder(FoundDevice("HPE", None, "99sv001", "USB 1-1"))
    hands.window.place.desk = replace(hands.window.place.desk, finder=finder)
    at_register(hands)
    hands.key(K.Key_F6)
    hands.idle()
    assert "Tidak ada perangkat baru" in hands.message()


def test_what_is_typed_is_not_left_behind_unseen(hands: Hands) -> None:
    page = at_register(hands)
    hands.key(K.Key_F2)
    hands.type("Epson")
    hands.window.go("room")
    hands.idle()
    assert hands.window.page is page
    assert "belum disimpan" in hands.message()
    page.undo()
    hands.window.go("room")
    hands.idle()
    assert hands.window.page is not page


@pytest.mark.parametrize("actor", [BUDI, JOKO], ids=["operator", "pemantau"])
def test_who_may_not_place_devices_only_reads(hands: Hands, actor: Actor) -> None:
    placement.add(hands.world.desk, RATNA, SERVER)
    page = at_register(hands, actor)
    assert not any(field.isVisible() for field in page.form.fields)
    read = {label.text() for label in page.facts.findChildren(QLabel)}
    assert {"HPE ProLiant", "99SV001", "BAST-1", "20/11/2026", "Baik", "180 W"} <= read
    buttons = (page.new_button, page.find_button, page.keep_button, page.undo_button)
    assert not any(button.isVisible() for button in buttons)


def test_the_pemantau_reads_every_point_and_the_report(hands: Hands) -> None:
    page = at_readiness(hands, JOKO)
    assert [row.point.id.value for row in page.table.rows.rows] == [
        "a1",
        "a2",
        "a3",
        "a4",
        "c1",
        "c2",
        "d1",
        "d2",
    ]
    assert page.view.pdf.startswith(b"%PDF")
    assert page.verdict.text().startswith("Belum")
    hands.key(K.Key_F3)
    hands.idle()
    assert hands.page_name() == "PlacementPage"
    hands.key(K.Key_Escape)
    hands.idle()
    assert hands.page_name() == "ReadinessPage"


def test_the_report_stays_while_it_is_read_and_is_made_anew_when_asked(hands: Hands) -> None:
    page = at_readiness(hands, RATNA)
    before = page.view.pdf
    placement.add(hands.world.desk, RATNA, SERVER)
    page.refresh()
    hands.idle()
    assert page.view.pdf == before
    hands.key(K.Key_F2)
    hands.idle()
    assert page.view.pdf != before


def test_a_report_that_cannot_be_made_is_told_once(hands: Hands, monkeypatch: pytest.MonkeyPatch) -> None:
    made: list[object] = []

    def broken(self: PaperWriter, report: ReadinessReport) -> bytes:
        made.append(report)
        raise StoreError("resources.missing", file="huruf")

    monkeypatch.setattr(PaperWriter, "readiness_report", broken)
    page = at_readiness(hands, RATNA)
    assert hands.message()
    page.refresh()
    hands.idle()
    assert len(made) == 1
    hands.key(K.Key_F2)
    hands.idle()
    assert len(made) == 2


def test_a_file_is_written_and_journalled(
    hands: Hands, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = at_readiness(hands, RATNA)
    monkeypatch.setattr(QFileDialog, "open", lambda self: self.fileSelected.emit(str(tmp_path / "siap.json")))
    page.json_button.click()
    hands.idle()
    assert json.loads((tmp_path / "siap.json").read_text(encoding="utf-8"))["skema"] == "kesiapan/1"
    with hands.world.desk.unit(RATNA) as unit:
        told = [event.data["form"] for event in unit.events.of(placement.SUBJECT) if event.kind == REPORTED]
    assert told == ["json"]


def test_a_place_that_refuses_the_file_says_so(
    hands: Hands, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = at_readiness(hands, RATNA)
    monkeypatch.setattr(
        QFileDialog, "open", lambda self: self.fileSelected.emit(str(tmp_path / "no" / "x.pdf"))
    )
    page.pdf_button.click()
    hands.idle()
    assert "Berkas tidak dapat ditulis" in hands.message()
    assert not [told for _, told in hands.world.events(REPORTED)], "what was not written was not exported"


def test_it_is_printed(hands: Hands) -> None:
    at_readiness(hands, RATNA)
    hands.key(K.Key_P, Qt.KeyboardModifier.ControlModifier)
    hands.idle()
    assert "dikirim ke printer" in hands.message()
