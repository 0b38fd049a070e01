"""A page of papers of one kind: what there is at the left, the chosen one as it will be printed at the right."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

from PySide6.QtWidgets import QHBoxLayout

from ktpel_desktop.core.roles import Actor
from ktpel_desktop.services.desk import Desk
from ktpel_desktop.ui import theme
from ktpel_desktop.ui.pages.page import Page
from ktpel_desktop.ui.widgets.buttons import Button
from ktpel_desktop.ui.widgets.panel import Section
from ktpel_desktop.ui.widgets.pdf_view import PdfView
from ktpel_desktop.ui.widgets.tables import Column, RowsView
from ktpel_desktop.ui.workplace import Workplace


class PaperListPage(Page):
    """Rows of `columns`; `number_of` tells by what `use_case` is asked for the PDF of a row.

    The paper is made once, when its row is chosen: a page that changed under the eyes could not be read.
    """

    paper, making, unmade = "Laporan", "sedang disusun …", "tidak dapat disusun."

    def __init__(
        self,
        place: Workplace,
        columns: Sequence[Column[Any]],
        name: str,
        *,
        number_of: Callable[[Any], int],
        use_case: Callable[[Desk, Actor, int], bytes],
        empty: str,
        width: int,
    ) -> None:
        super().__init__(place)
        self._number_of, self._use_case = number_of, use_case
        self._shown = 0
        self.table = RowsView(columns, name, key=number_of)
        self.table.say_empty(empty)
        self.table.setFixedWidth(width)
        self.table.chosen.connect(lambda *_: self._choose())
        self.view = PdfView(self.heading)
        sheet = Section()
        sheet.column.setContentsMargins(1, 1, 1, 1)
        sheet.add(self.view, 1)
        row = QHBoxLayout()
        row.setSpacing(theme.GAP_L)
        row.addWidget(self.table)
        row.addWidget(sheet, 1)
        self.body.addLayout(row, 1)
        self.setFocusProxy(self.table)

    def add_bar(self, left: Sequence[Button], right: Sequence[Button]) -> None:
        """The actions beneath."""
        bar = QHBoxLayout()
        bar.setSpacing(theme.GAP)
        for button in left:
            bar.addWidget(button)
        bar.addStretch()
        for button in right:
            bar.addWidget(button)
        self.body.addLayout(bar)
        self.settle()

    def show_rows(self, found: Sequence[Any]) -> None:
        """What there is now; the chosen one stays."""
        self.table.show_rows(found)
        self.settle()

    def load(self, number: int) -> None:
        """Make the paper of this number, anew if it is the one shown."""
        self._shown = number
        self.view.say(f"{self.paper} {self.making}")

        def failed(error: Exception) -> None:
            self.view.say(f"{self.paper} {self.unmade}")
            self.place.messages.show_error(error)

        self.ask(self._use_case, number, done=partial(self._loaded, number), failed=failed)

    def _choose(self) -> None:
        row = self.table.current()
        self.settle()
        if row is not None and self._number_of(row) != self._shown:
            self.load(self._number_of(row))

    def _loaded(self, number: int, pdf: bytes) -> None:
        if number == self._shown:
            self.view.show_pdf(pdf)
            self.settle()
