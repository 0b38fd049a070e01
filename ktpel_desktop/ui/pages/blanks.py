"""Blank cards: where each one is, and what comes and goes."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QLabel

from ktpel_desktop.core.forecast import Forecast
from ktpel_desktop.core.stock import BLANK, BlankBalance, Loan
from ktpel_desktop.services import consumables, destruction, stock
from ktpel_desktop.ui import theme, words
from ktpel_desktop.ui.pages import stock_questions as questions
from ktpel_desktop.ui.pages.page import Page
from ktpel_desktop.ui.theme import Tone
from ktpel_desktop.ui.widgets.facts import Facts
from ktpel_desktop.ui.widgets.figures import Figure
from ktpel_desktop.ui.widgets.panel import Section
from ktpel_desktop.ui.workplace import Workplace


class BlanksPage(Page):
    """The balance, what moves it, and the ways to the register, the consumables and the destruction."""

    topic = "blangko"
    heading = "Blangko"

    def __init__(self, place: Workplace) -> None:
        super().__init__(place)
        self.action("Terima blangko", "plus", self.receive, key="F2", primary=True)
        self.action("Kembalikan", "minus", self.give_back, key="F3")
        self.action("Pinjaman …", "handover", self.lend, key="F6")
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
            "Saldo awal + diterima + koreksi + pinjaman = terbit + rusak + diretur + sedang dikerjakan + di lemari"
        )
        told.setWordWrap(True)
        sheet.add(told)
        sheet.add(self.facts)
        self.forecast, self.loans = QLabel(), QLabel()
        for label in (self.forecast, self.loans):
            label.setWordWrap(True)
            sheet.add(label)
        self.loans.hide()
        sheet.column.addStretch()
        grid = QGridLayout()
        grid.addWidget(sheet, 0, 0)
        self.body.addLayout(grid, 1)
        self.opening_button = self.action("Saldo awal …", "stock", self.open_stock, in_head=False)
        bar = QHBoxLayout()
        bar.setSpacing(theme.GAP)
        for button in (
            self.opening_button,
            self.action("Hitung …", "figures", self.count, key="F7", in_head=False),
            self.action("Koreksi …", "shield", self.correct, key="F4", in_head=False),
        ):
            bar.addWidget(button)
        bar.addStretch()
        for word, icon, page, key in (
            ("Bahan", "bundle", "consumables", "F8"),
            ("Pemusnahan", "trash", "destruction", "F9"),
            ("Buku", "request", "register", "Ctrl+B"),
        ):
            bar.addWidget(self.action(word, icon, partial(place.go, page), key=key, in_head=False))
        self.body.addLayout(bar)

    def refresh(self) -> None:
        """Where every blank is now."""
        self.ask(stock.balance, done=self._show)
        self.ask(destruction.count_held, done=self._show_invalid)
        self.ask(consumables.blanks_last, done=self._show_forecast)
        self.ask(stock.loans, done=self._show_loans)

    def _show_invalid(self, held: int) -> None:
        self.invalid.show_number(held, Tone.WARN if held else Tone.PLAIN)

    def _show_forecast(self, found: Forecast) -> None:
        self.forecast.setText(f"Cukup untuk: {words.forecast(found)}")

    def _show_loans(self, found: Sequence[Loan]) -> None:
        self.loans.setText("\n".join(words.loan(one) for one in found))
        self.loans.setVisible(bool(found))

    def _show(self, balance: BlankBalance) -> None:
        few = balance.left <= self.place.desk.office.blanks_low
        self.left.show_number(balance.left, Tone.WARN if few else Tone.OK)
        self.held.show_number(balance.open)
        self.issued.show_number(balance.issued)
        self.spoiled.show_number(balance.spoiled, Tone.WARN if balance.spoiled else Tone.PLAIN)
        self.opening_button.setVisible(
            not any((balance.opening, balance.received, balance.corrected, balance.loaned))
        )
        self.facts.show_rows(
            [
                ("Saldo awal", words.number(balance.opening)),
                ("Diterima", words.number(balance.received)),
                ("Koreksi", words.number(balance.corrected)),
                ("Pinjaman", words.number(balance.loaned)),
                ("Jumlah masuk", words.number(balance.came)),
                ("Terbit", words.number(balance.issued)),
                ("Rusak", words.number(balance.spoiled)),
                ("Diretur", words.number(balance.returned)),
                ("Sedang dikerjakan", words.number(balance.open)),
                ("Harus ada di lemari", words.number(balance.left)),
            ]
        )

    def _done(self, balance: BlankBalance) -> None:
        self.refresh()
        self.place.messages.say("Buku blangko diperbarui", f"Sekarang {balance.left} blangko di lemari.")

    def receive(self) -> None:
        """Blanks have come."""
        questions.ask_received(self, BLANK, "blangko", self._done)

    def give_back(self) -> None:
        """Blanks go back to the Suku Dinas."""
        questions.ask_returned(self, BLANK, "blangko", self._done)

    def lend(self) -> None:
        """Blanks go to or come from another office."""
        questions.ask_loan(self, BLANK, "blangko", self._done)

    def count(self) -> None:
        """Two persons count the cabinet."""
        self.place.go("physical_count")

    def correct(self) -> None:
        """The books to what lies in the cabinet, by two persons."""
        questions.ask_correction(self, BLANK, "blangko", self._done)

    def open_stock(self) -> None:
        """The stock on the program's first day, by two persons."""
        self.place.go("first_stock")
