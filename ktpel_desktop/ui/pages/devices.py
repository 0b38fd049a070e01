"""Every device with its word about itself, and one harmless test of each."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import QBuffer, QByteArray, QIODevice, QMarginsF, QRectF, Qt
from PySide6.QtGui import QFont, QPageLayout, QPageSize, QPainter, QPdfWriter
from PySide6.QtWidgets import QHBoxLayout

from ktpel_desktop.core.ports import Answer
from ktpel_desktop.services import devices, supplies
from ktpel_desktop.services.devices import ChipFound, DeviceHealth
from ktpel_desktop.ui import theme, words
from ktpel_desktop.ui.dialogs import AskFields
from ktpel_desktop.ui.pages.page import Page
from ktpel_desktop.ui.runner import Lane
from ktpel_desktop.ui.theme import Tone
from ktpel_desktop.ui.widgets.editors import LineEditor
from ktpel_desktop.ui.widgets.panel import Section
from ktpel_desktop.ui.widgets.reader_list import ReaderList
from ktpel_desktop.ui.widgets.supplies_panel import SuppliesPanel
from ktpel_desktop.ui.widgets.tables import Column, RowsView
from ktpel_desktop.ui.workplace import Workplace

_TONES = {Answer.YES: Tone.OK, Answer.NO: Tone.BAD, Answer.UNKNOWN: Tone.UNKNOWN}


def name_of(one: DeviceHealth) -> str:
    """The device's name; a sensor is named by what it measures."""
    return f"Alat ukur: {words.word('room_item', one.name)}" if one.sensor else words.word("device", one.name)


def remark_of(one: DeviceHealth) -> str:
    """What the device adds: what is wrong, and its counters."""
    notes = [words.note(note) for note in one.health.notes]
    readings = [
        f"{words.word('reading', name)}: {words.word('reading_value', value)}"
        for name, value in one.health.readings.items()
    ]
    return "; ".join([*notes, *readings]) or "–"


def sheet_of_test(office: str, when: str) -> bytes:
    """A PDF page that says it is a test, with an edge that shows whether the whole sheet is printed."""
    content = QByteArray()
    buffer = QBuffer(content)
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    writer = QPdfWriter(buffer)
    writer.setTitle("Halaman uji")
    writer.setPageLayout(
        QPageLayout(
            QPageSize(QPageSize.PageSizeId.A4), QPageLayout.Orientation.Portrait, QMarginsF(15, 15, 15, 15)
        )
    )
    writer.setResolution(150)
    painter = QPainter(writer)
    sheet = QRectF(0, 0, writer.width(), writer.height())
    painter.drawRect(sheet)
    painter.setFont(QFont(theme.font(theme.BODY).family(), theme.TITLE))
    told = f"HALAMAN UJI\n\n{office}\n{when}\n\nGaris tepi harus terlihat utuh di keempat sisi."
    painter.drawText(sheet, int(Qt.AlignmentFlag.AlignCenter), told)
    painter.end()
    buffer.close()
    return bytes(content.data())


class DevicesPage(Page):
    """Lamp, word, remark; a test of what is chosen."""

    topic = "perangkat"
    heading = "Perangkat"

    def __init__(self, place: Workplace) -> None:
        super().__init__(place)
        self.say_below("Uji satu per satu. Uji tidak menulis chip dan tidak memakai blangko.")
        self.table = RowsView(
            (
                Column("Perangkat", name_of, width=28),
                Column(
                    "Keadaan",
                    lambda one: words.word("answer", one.health.ready),
                    lambda one: _TONES[one.health.ready],
                    width=14,
                ),
                Column("Keterangan", remark_of),
            ),
            "Perangkat",
            key=lambda one: one.name,
        )
        sheet = Section()
        sheet.column.setContentsMargins(1, 1, 1, theme.GAP)
        self.table.setFrameShape(RowsView.Shape.NoFrame)
        self.table.say_empty("Perangkat sedang ditanya …")
        sheet.add(self.table, 1)
        self.body.addWidget(sheet, 1)
        self.supplies = SuppliesPanel()
        for word, icon, slot in (
            ("Pita baru …", "plus", lambda: self.ask_new("Pita", supplies.ribbon_changed)),
            *(
                [("Film baru …", "plus", lambda: self.ask_new("Film", supplies.film_changed))]
                if place.desk.supplies.film_prints
                else []
            ),
            ("Sudah diistirahatkan", "done", lambda: self._note(supplies.rested)),
            ("Sudah dibersihkan", "done", lambda: self._note(supplies.cleaned)),
        ):
            self.supplies.add_button(self.action(word, icon, slot, in_head=False))
        self.body.addWidget(self.supplies)
        if place.readers is not None:
            self.readers = ReaderList(place.readers)
            self.body.addWidget(self.readers)
        bar = QHBoxLayout()
        bar.setSpacing(theme.GAP)
        for word, icon, slot, key in (
            ("Baca kartu", "chip", self.read_chip, "F2"),
            ("Struk uji", "print", self.print_receipt, "F3"),
            ("Halaman uji", "print", self.print_page, "F4"),
            ("Kalibrasi kartu", "print", lambda: place.go("calibration"), "F6"),
        ):
            bar.addWidget(self.action(word, icon, slot, key=key, in_head=False))
        bar.addStretch()
        bar.addWidget(self.action("Tanya lagi", "refresh", self.refresh, in_head=False))
        self.body.addLayout(bar)
        self.setFocusProxy(self.table)

    def refresh(self) -> None:
        """Ask every device, unless one is at work: its lamp is read when it has done."""
        if not self.place.runner.busy(Lane.DEVICE):
            self.ask(devices.health, lane=Lane.DEVICE, done=self._show)
            self.ask(supplies.look, lane=Lane.DEVICE, done=self.supplies.show_supplies)

    def ask_new(self, what: str, act: Callable[..., None]) -> None:
        """A ribbon or film was put in: its serial, and how many cards its box promises."""

        def given(answers: list[object]) -> None:
            serial, rated = answers
            self._note(act, str(serial), rated)

        AskFields(
            self,
            f"{what} baru",
            "Isi menurut kotaknya, supaya sisanya dapat dihitung.",
            ("Catat", "done"),
            [LineEditor("Nomor seri"), LineEditor("Kartu menurut kotak", number=True, required=False)],
            given,
        )

    def _note(self, act: Callable[..., None], *values: object) -> None:
        self.act(act, *values, done=lambda _none: self.refresh())

    def _show(self, found: Sequence[DeviceHealth]) -> None:
        self.table.show_rows(found)

    def read_chip(self) -> None:
        """What lies on the reader."""

        def done(found: ChipFound) -> None:
            word = words.word("chip_content", found.content)
            self.place.messages.say("Kartu terbaca", f"Nomor seri berakhir {found.serial_end}: {word}.")

        self.act(devices.read_chip, lane=Lane.DEVICE, done=done)

    def print_receipt(self) -> None:
        """A receipt of nobody."""
        self.act(
            devices.try_receipt,
            lane=Lane.DEVICE,
            done=lambda _none: self.place.messages.say("Struk uji tercetak", "Periksa hurufnya."),
        )

    def print_page(self) -> None:
        """A sheet with an edge."""
        pdf = sheet_of_test(self.place.desk.office.name, words.moment(self.place.now()))
        self.act(
            devices.try_page,
            pdf,
            lane=Lane.DEVICE,
            done=lambda _none: self.place.messages.say("Halaman uji dikirim", "Periksa garis tepinya."),
        )
