"""Today's hand-offs, each with its list: read, printed for both signatures, saved."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from PySide6.QtWidgets import QHBoxLayout

from ktpel_desktop.core.request import RequestState
from ktpel_desktop.services import hand_off_lists
from ktpel_desktop.services.hand_off_lists import HandOff
from ktpel_desktop.ui import theme, words
from ktpel_desktop.ui.pages.page import Page
from ktpel_desktop.ui.pages.saving import save_shown
from ktpel_desktop.ui.runner import Lane
from ktpel_desktop.ui.widgets.panel import Section
from ktpel_desktop.ui.widgets.pdf_view import PdfView
from ktpel_desktop.ui.widgets.tables import Column, RowsView
from ktpel_desktop.ui.workplace import Workplace

LIST_WIDTH = 480


class HandOffsPage(Page):
    """The hand-offs at the left, the chosen one's list at the right."""

    topic = "serah-terima"
    heading = "Daftar serah terima"

    def __init__(self, place: Workplace) -> None:
        super().__init__(place)
        self._shown = 0
        self.table = RowsView(
            (
                Column("Pukul", lambda one: f"{place.local(one.at):%H.%M}", width=6),
                Column("Dari dan kepada", self._people),
                Column("Jumlah", lambda one: str(len(one.requests)), width=7, right=True),
            ),
            "Serah terima hari ini",
            key=lambda one: one.number,
        )
        self.table.say_empty("Hari ini belum ada yang diserahkan.")
        self.table.setFixedWidth(LIST_WIDTH)
        self.table.chosen.connect(lambda *_: self._choose())
        self.view = PdfView("Daftar serah terima")
        sheet = Section()
        sheet.column.setContentsMargins(1, 1, 1, 1)
        sheet.add(self.view, 1)
        row = QHBoxLayout()
        row.setSpacing(theme.GAP_L)
        row.addWidget(self.table)
        row.addWidget(sheet, 1)
        self.body.addLayout(row, 1)
        bar = QHBoxLayout()
        bar.setSpacing(theme.GAP)
        bar.addWidget(self.action("Kembali", "back", place.home, key="Esc", in_head=False))
        bar.addStretch()
        self.save_button = self.action("Simpan PDF", "save", self.save, key="Ctrl+S", in_head=False)
        self.print_button = self.action(
            "Cetak", "print", self.print_out, key="Ctrl+P", primary=True, in_head=False
        )
        bar.addWidget(self.save_button)
        bar.addWidget(self.print_button)
        self.body.addLayout(bar)
        self.setFocusProxy(self.table)
        self.settle()

    def _people(self, one: HandOff) -> str:
        what = "Berkas" if one.state is RequestState.WITH_OPERATOR else "Hasil"
        return f"{what}: {self.place.name_of(one.giver)} → {self.place.name_of(one.receiver)}"

    def refresh(self) -> None:
        """What was handed over so far."""
        self.ask(hand_off_lists.recent, done=self._show)

    def _show(self, found: Sequence[HandOff]) -> None:
        self.table.show_rows(found)
        self.settle()

    def _row(self) -> HandOff | None:
        row: HandOff | None = self.table.current()
        return row

    def settle(self) -> None:
        """Only what can be seen is printed or saved."""
        for button in (self.print_button, self.save_button):
            button.setEnabled(not self.working and bool(self.view.pdf))

    def _choose(self) -> None:
        row = self._row()
        if row is not None and row.number != self._shown:
            self._load(row.number)

    def _load(self, number: int) -> None:
        self._shown = number
        self.view.say("Daftar sedang disusun …")

        def failed(error: Exception) -> None:
            self.view.say("Daftar tidak dapat disusun.")
            self.place.messages.show_error(error)

        self.ask(hand_off_lists.pdf, number, done=partial(self._loaded, number), failed=failed)

    def _loaded(self, number: int, pdf: bytes) -> None:
        if number == self._shown:
            self.view.show_pdf(pdf)
            self.settle()

    def print_out(self) -> None:
        """On paper, for both signatures."""
        row = self._row()
        if row is None:
            return

        def printed(_pdf: bytes) -> None:
            self._load(row.number)
            self.place.messages.say("Daftar dikirim ke printer", "Kedua petugas menandatanganinya.")

        self.act(hand_off_lists.print_out, row.number, lane=Lane.DEVICE, done=printed)

    def save(self) -> None:
        """As a file."""
        row = self._row()
        if row is not None and self.view.pdf:
            name = (
                f"serah-terima-{row.number}-{words.short_day(self.place.local(row.at)).replace('/', '-')}.pdf"
            )
            save_shown(self, name, self.view.pdf)
