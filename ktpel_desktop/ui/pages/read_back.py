"""The sheet on which a card's owner reads the data, shown over the issuance page and printed; never kept as a file."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QVBoxLayout

from ktpel_desktop.services import read_back
from ktpel_desktop.ui.dialogs import Ask
from ktpel_desktop.ui.keys import sequence
from ktpel_desktop.ui.pages.printing import told
from ktpel_desktop.ui.runner import Lane
from ktpel_desktop.ui.widgets.buttons import Button
from ktpel_desktop.ui.widgets.pdf_view import PdfView

if TYPE_CHECKING:
    from ktpel_desktop.ui.pages.issuance import IssuancePage

TITLE = "Lembar periksa data"
TOLD = "Pemohon membaca setiap baris dan menandatangani sebelum kartu dicetak. Lembar ini tidak disimpan di komputer."
SIZE = 720, 640


class ReadBackDialog(Ask):
    """The sheet as it will be printed."""

    def __init__(self, page: IssuancePage) -> None:
        super().__init__(page, TITLE, TOLD, "Cetak", "print")
        self._page = page
        self._job, self._order = page.job, page.order
        self.main_button.setShortcut(sequence("Ctrl+P"))
        self.main_button.setEnabled(False)
        self.view = PdfView(TITLE)
        self.fields.addWidget(self.view, 1)
        column = self.layout()
        if isinstance(column, QVBoxLayout):
            column.setStretchFactor(self.fields, 1)
        self.resize(*SIZE)
        self.view.say("Lembar sedang disusun …")
        self._run(read_back.pdf, Lane.QUERY, self._show)
        self.begin(self.view)

    def _run(self, use_case: Callable[..., Any], lane: Lane, done: Callable[[Any], object]) -> None:
        place = self._page.place
        if self._job is None or self._order is None:
            return
        desk = replace(place.desk, print_on=place.print_on)
        work = partial(use_case, desk, place.me, self._job.id, self._order)
        place.runner.run(lane, work, owner=self, done=done, failed=self._failed)

    def _show(self, pdf: bytes) -> None:
        self.view.show_pdf(pdf)
        self.main_button.setEnabled(True)
        self.main_button.setFocus(Qt.FocusReason.OtherFocusReason)

    def _failed(self, error: Exception) -> None:
        self.panel.show_error(error)
        self.main_button.setEnabled(bool(self.view.pdf))

    def settle(self) -> None:
        """Print, and go back to the card."""
        if self.main_button.isEnabled():
            self.main_button.setEnabled(False)
            self._run(read_back.print_out, Lane.DEVICE, self._printed)

    def _printed(self, _none: object) -> None:
        self.accept()
        self._page.place.messages.say(
            f"Lembar periksa data dikirim ke printer{told(self._page.place.print_on)}",
            "Cetak kartu setelah pemohon menandatanganinya.",
        )


def button(page: IssuancePage) -> Button:
    """F9, in the page's head."""
    made = page.action(TITLE, "request", lambda: show(page), key="F9")
    made.hide()
    return made


def can_show(page: IssuancePage) -> bool:
    """Whether the card's data are here and its printing can still be kept back."""
    return page.order is not None and page.state in read_back.BEFORE_PRINT


def show(page: IssuancePage) -> None:
    """Open it, unless something runs."""
    if can_show(page) and not page.working:
        ReadBackDialog(page)
