"""The minutes of the room check: read on the screen, printed for ink, or saved."""

from __future__ import annotations

from PySide6.QtWidgets import QHBoxLayout

from ktpel_desktop.core.roles import Action
from ktpel_desktop.services import preflight, room_minutes
from ktpel_desktop.ui import theme
from ktpel_desktop.ui.pages.page import Page
from ktpel_desktop.ui.pages.printing import Printing
from ktpel_desktop.ui.pages.saving import save_shown
from ktpel_desktop.ui.widgets.panel import Section
from ktpel_desktop.ui.widgets.pdf_view import PdfView
from ktpel_desktop.ui.workplace import Workplace


class RoomMinutesPage(Page):
    """The room as it counted when the page was opened; a print says how it counts then."""

    topic = "ruangan"
    heading = "Berita acara ruangan"

    def __init__(self, place: Workplace) -> None:
        super().__init__(place)
        self._asked = False
        self.view = PdfView("Berita acara pemeriksaan ruangan")
        sheet = Section()
        sheet.column.setContentsMargins(1, 1, 1, 1)
        sheet.add(self.view, 1)
        self.body.addWidget(sheet, 1)
        back = self.action("Kembali", "back", lambda: place.go("room"), key="Esc", in_head=False)
        self.printing = Printing(self, self.print_out, primary=True)
        self.print_button = self.printing.button
        self.save_button = self.action("Simpan PDF", "save", self.save, key="Ctrl+S", in_head=False)
        for button in self.printing.buttons:
            button.setVisible(place.may(Action.ROOM_CHECK))
        bar = QHBoxLayout()
        bar.setSpacing(theme.GAP)
        bar.addWidget(back)
        bar.addStretch()
        bar.addWidget(self.save_button)
        for button in self.printing.buttons:
            bar.addWidget(button)
        self.body.addLayout(bar)
        self.setFocusProxy(self.view)
        self.settle()

    def refresh(self) -> None:
        """Made once: a paper that changes while it is read is none."""
        if not self._asked:
            self._asked = True
            self.view.say("Berita acara sedang disusun …")
            self.ask(room_minutes.pdf, done=self._show, failed=self._failed)

    def _show(self, pdf: bytes) -> None:
        self.view.show_pdf(pdf)
        self.settle()

    def _failed(self, error: Exception) -> None:
        self.view.say("Berita acara tidak dapat disusun.")
        self.place.messages.show_error(error)

    def settle(self) -> None:
        """Only what can be seen is printed or saved."""
        for button in (*self.printing.buttons, self.save_button):
            button.setEnabled(not self.working and bool(self.view.pdf))

    def print_out(self) -> None:
        """On paper; the page then shows what was printed."""

        def printed(pdf: bytes) -> None:
            self._show(pdf)
            self.printing.sent("Berita acara", "Mintakan tanda tangan operator dan penyelia.")

        self.printing.run(room_minutes.print_out, done=printed)

    def save(self) -> None:
        """As a file."""
        if self.view.pdf:
            name = f"berita-acara-ruangan-{self.place.now():%Y-%m-%d}.pdf"
            save_shown(self, name, self.view.pdf, kind=room_minutes.PRINTED, subject=preflight.SUBJECT)
