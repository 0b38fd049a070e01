"""Blank cards: where each one is, and what comes and goes."""

from __future__ import annotations

from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QLabel

from ktpel_desktop.core.roles import Action
from ktpel_desktop.core.stock import BlankBalance
from ktpel_desktop.services import blanks, destruction
from ktpel_desktop.ui import theme, words
from ktpel_desktop.ui.dialogs import AskApproval, AskFields
from ktpel_desktop.ui.pages.page import Page
from ktpel_desktop.ui.theme import Tone
from ktpel_desktop.ui.widgets.editors import LineEditor, RadioEditor
from ktpel_desktop.ui.widgets.facts import Facts
from ktpel_desktop.ui.widgets.figures import Figure
from ktpel_desktop.ui.widgets.panel import Section
from ktpel_desktop.ui.workplace import Workplace

FEW = 20


class BlanksPage(Page):
    """The balance, and the four kinds of movements."""

    topic = "blangko"
    heading = "Blangko"

    def __init__(self, place: Workplace) -> None:
        super().__init__(place)
        self.action("Terima blangko", "plus", self.receive, key="F2", primary=True)
        self.action("Kembalikan blangko", "minus", self.give_back, key="F3")
        self.action("Koreksi …", "shield", self.correct, key="F4")
        self.opening_button = self.action("Saldo awal …", "stock", self.open_stock)
        self.left, self.held, self.issued, self.spoiled, self.invalid = (
            Figure("Di lemari"),
            Figure("Sedang dikerjakan"),
            Figure("Terbit"),
            Figure("Rusak"),
            Figure("Belum dimusnahkan"),
        )
        row = QHBoxLayout()
        row.setSpacing(theme.GAP_L)
        for figure in (self.left, self.held, self.issued, self.spoiled, self.invalid):
            row.addWidget(figure, 1)
        self.body.addLayout(row)
        self.facts = Facts()
        sheet = Section("Neraca blangko")
        told = QLabel(
            "Saldo awal + diterima + koreksi = terbit + rusak + diretur + sedang dikerjakan + di lemari"
        )
        told.setWordWrap(True)
        sheet.add(told)
        sheet.add(self.facts)
        sheet.column.addStretch()
        grid = QGridLayout()
        grid.addWidget(sheet, 0, 0)
        self.body.addLayout(grid, 1)
        bar = QHBoxLayout()
        bar.addWidget(
            self.action("Pemusnahan", "trash", lambda: place.go("destruction"), key="F9", in_head=False)
        )
        bar.addStretch()
        self.body.addLayout(bar)

    def refresh(self) -> None:
        """Where every blank is now."""
        self.ask(blanks.balance, done=self._show)
        self.ask(destruction.count_held, done=self._show_invalid)

    def _show_invalid(self, held: int) -> None:
        self.invalid.show_number(held, Tone.WARN if held else Tone.PLAIN)

    def _show(self, balance: BlankBalance) -> None:
        self.left.show_number(balance.left, Tone.WARN if balance.left < FEW else Tone.OK)
        self.held.show_number(balance.open)
        self.issued.show_number(balance.issued)
        self.spoiled.show_number(balance.spoiled, Tone.WARN if balance.spoiled else Tone.PLAIN)
        self.opening_button.setVisible(not (balance.opening or balance.received))
        came = balance.opening + balance.received + balance.corrected
        self.facts.show_rows(
            [
                ("Saldo awal", words.number(balance.opening)),
                ("Diterima", words.number(balance.received)),
                ("Koreksi", words.number(balance.corrected)),
                ("Jumlah masuk", words.number(came)),
                ("Terbit", words.number(balance.issued)),
                ("Rusak", words.number(balance.spoiled)),
                ("Diretur", words.number(balance.returned)),
                ("Sedang dikerjakan", words.number(balance.open)),
                ("Harus ada di lemari", words.number(balance.left)),
            ]
        )

    def _done(self, balance: BlankBalance) -> None:
        self._show(balance)
        self.place.messages.say("Buku blangko diperbarui", f"Sekarang {balance.left} blangko di lemari.")

    def receive(self) -> None:
        """Blanks have come."""
        AskFields(
            self,
            "Terima blangko",
            "Hitung bersama pengantar sebelum menandatangani berita acara.",
            ("Catat", "done"),
            [LineEditor("Jumlah", number=True), LineEditor("Nomor berita acara (BAST)")],
            lambda answers: self.act(blanks.receive, answers[0], str(answers[1]), done=self._done),
        )

    def give_back(self) -> None:
        """Blanks go back to the Suku Dinas."""
        AskFields(
            self,
            "Kembalikan blangko",
            "Blangko kembali ke Suku Dinas dengan berita acara.",
            ("Catat", "done"),
            [LineEditor("Jumlah", number=True), LineEditor("Nomor berita acara (BAST)")],
            lambda answers: self.act(blanks.give_back, answers[0], str(answers[1]), done=self._done),
        )

    def correct(self) -> None:
        """The books to what lies in the cabinet, by two persons."""

        def given(answers: list[object]) -> None:
            size = answers[1] if isinstance(answers[1], int) else 0
            quantity = size if answers[0] == "plus" else -size
            AskApproval(
                self,
                self.place,
                Action.STOCK_CORRECTION,
                blanks.SUBJECT,
                lambda approval: self.act(
                    blanks.correct, quantity, str(answers[2]), approval, done=self._done
                ),
            )

        AskFields(
            self,
            "Koreksi buku blangko",
            "Hanya setelah dihitung ulang oleh dua orang.",
            ("Lanjut", "next"),
            [
                RadioEditor("Arah", (("plus", "Tambah ke buku"), ("minus", "Kurangi dari buku"))),
                LineEditor("Jumlah", number=True),
                LineEditor("Alasan"),
            ],
            given,
        )

    def open_stock(self) -> None:
        """The stock on the program's first day, by two persons."""

        def given(answers: list[object]) -> None:
            AskApproval(
                self,
                self.place,
                Action.STOCK_CORRECTION,
                blanks.SUBJECT,
                lambda approval: self.act(
                    blanks.opening, answers[0], str(answers[1]), approval, done=self._done
                ),
            )

        AskFields(
            self,
            "Saldo awal blangko",
            "Sekali saja, pada hari pertama program dipakai.",
            ("Lanjut", "next"),
            [LineEditor("Jumlah", number=True), LineEditor("Nomor berita acara")],
            given,
        )
