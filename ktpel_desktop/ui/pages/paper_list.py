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
from ktpel_desktop.ui.pages.printing import Printing
from ktpel_desktop.ui.pages.saving import save_shown
from ktpel_desktop.ui.runner import Lane
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
        self._of_paper: tuple[Button, ...] = ()
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

    def add_paper_bar(
        self,
        *,
        back: Callable[[], object],
        print_use_case: Callable[[Desk, Actor, int], object],
        printed: tuple[str, str],
        file_name: Callable[[Any], str],
        saved: Callable[[Any], tuple[str, str]],
        more: Sequence[Button] = (),
    ) -> None:
        """Back by Esc, save by Ctrl+S, print by Ctrl+P: what is offered for a paper that only is read and signed.

        `printed` is the paper's name and what is to be done, said after a print, which shows the paper anew, for it is
        a copy from now on. `saved` tells the kind of its prints and its subject in the journal.
        """
        self._printed, self._file_name, self._saved = printed, file_name, saved
        go_back = self.action("Kembali", "back", back, key="Esc", in_head=False)
        self.save_button = self.action("Simpan PDF", "save", self.save, key="Ctrl+S", in_head=False)
        self.printing = Printing(self, lambda: self._print(print_use_case), primary=True)
        self.print_button = self.printing.button
        self._of_paper = (*more, self.save_button, *self.printing.buttons)
        self.add_bar((go_back,), self._of_paper)

    def settle(self) -> None:
        """Only what can be seen is printed or saved."""
        for button in self._of_paper:
            button.setEnabled(not self.working and bool(self.view.pdf))

    def _print(self, use_case: Callable[[Desk, Actor, int], object]) -> None:
        row = self.table.current()
        if row is None:
            return
        number = self._number_of(row)

        def done(_paper: object) -> None:
            self.load(number)
            self.printing.sent(*self._printed)

        self.printing.run(use_case, number, done=done)

    def print_by(self, use_case: Callable[[Desk, Actor, int], object], told: str) -> None:
        """The chosen paper on another printer than that of pages."""
        row = self.table.current()
        if row is None:
            return
        number = self._number_of(row)

        def done(_paper: object) -> None:
            self.load(number)
            self.place.messages.say(told, self._printed[1])

        self.act(use_case, number, lane=Lane.DEVICE, done=done)

    def save(self) -> None:
        """The shown paper as a file."""
        row = self.table.current()
        if row is not None and self.view.pdf:
            kind, subject = self._saved(row)
            save_shown(self, self._file_name(row), self.view.pdf, kind=kind, subject=subject)

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
