"""Consumables: what is left of each, how long it lasts, and what comes and goes."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

from PySide6.QtWidgets import QHBoxLayout

from ktpel_desktop.core.stock import BlankBalance
from ktpel_desktop.services import consumables
from ktpel_desktop.services.consumables import Level
from ktpel_desktop.ui import theme, words
from ktpel_desktop.ui.pages import stock_questions as questions
from ktpel_desktop.ui.pages.page import Page
from ktpel_desktop.ui.widgets.panel import Section
from ktpel_desktop.ui.widgets.tables import Column, RowsView
from ktpel_desktop.ui.workplace import Workplace

Question = Callable[[Page, str, str, questions.Done], None]


class ConsumablesPage(Page):
    """A row for each item; every act is about the chosen one."""

    topic = "blangko"
    heading = "Bahan habis pakai"

    def __init__(self, place: Workplace) -> None:
        super().__init__(place)
        self.action("Terima", "plus", lambda: self._about(questions.ask_received), key="F2", primary=True)
        self.action("Pakai …", "done", lambda: self._about(questions.ask_taken), key="F8")
        self.action("Hitung …", "figures", self.count, key="F7")
        self.table = RowsView(
            (
                Column("Barang", lambda one: one.consumable.name),
                Column("Satuan", lambda one: one.consumable.unit, width=10),
                Column("Sisa", lambda one: words.number(one.left), width=8, right=True),
                Column("Cukup untuk", lambda one: words.forecast(one.forecast), width=30),
                Column("Keadaan", lambda one: "pesan lagi" if one.low else "cukup", width=12),
            ),
            "Bahan habis pakai",
            key=lambda one: one.consumable.code,
        )
        sheet = Section("Sisa di lemari")
        sheet.add(self.table, 1)
        self.body.addWidget(sheet, 1)
        bar = QHBoxLayout()
        bar.setSpacing(theme.GAP)
        bar.addWidget(self.action("Kembali", "back", lambda: place.go("blanks"), key="Esc", in_head=False))
        bar.addStretch()
        bar.addWidget(self.action("Saldo awal …", "stock", self.open_stock, in_head=False))
        for word, icon, question, key in (
            ("Kembalikan", "minus", questions.ask_returned, "F3"),
            ("Pinjaman …", "handover", questions.ask_loan, "F6"),
            ("Koreksi …", "shield", questions.ask_correction, "F4"),
        ):
            bar.addWidget(self.action(word, icon, partial(self._about, question), key=key, in_head=False))
        self.body.addLayout(bar)
        self.setFocusProxy(self.table)

    def refresh(self) -> None:
        """What is left now."""
        self.ask(consumables.levels, done=self._show)

    def _show(self, found: Sequence[Level]) -> None:
        chosen = self.table.current()
        self.table.show_rows(found)
        if chosen is None and found:
            self.table.selectRow(0)

    def count(self) -> None:
        """Two persons count the chosen item."""
        self._counted_on("physical_count")

    def open_stock(self) -> None:
        """The chosen item's stock on the program's first day, by two persons."""
        self._counted_on("first_stock")

    def _counted_on(self, page: str) -> None:
        row = self._row()
        if row is not None:
            self.place.go(page, item=row.consumable.code)

    def _row(self) -> Level | None:
        row: Any = self.table.current()
        if isinstance(row, Level):
            return row
        self.place.messages.say("Pilih barang dahulu", "Pakai panah atas dan bawah di daftar.")
        return None

    def _about(self, question: Question) -> None:
        row = self._row()
        if row is None:
            return
        name = row.consumable.name

        def done(_balance: BlankBalance) -> None:
            self.refresh()
            self.place.messages.say("Dicatat", name)

        question(self, row.consumable.code, name, done)
