"""Papers for one applicant, as they will be printed: the notice of an incomplete file and the referral letter."""

from __future__ import annotations

from collections.abc import Callable
from typing import ClassVar

from PySide6.QtWidgets import QHBoxLayout

from ktpel_desktop.core.roles import Actor
from ktpel_desktop.services import notices, referrals
from ktpel_desktop.services.desk import Desk
from ktpel_desktop.ui import theme
from ktpel_desktop.ui.pages.page import Page
from ktpel_desktop.ui.pages.printing import Printing
from ktpel_desktop.ui.widgets.panel import Section
from ktpel_desktop.ui.widgets.pdf_view import PdfView
from ktpel_desktop.ui.workplace import Workplace

UseCase = Callable[[Desk, Actor, str], object]


class LetterPage(Page):
    """The paper as it was when the page was opened. It is not kept as a file: it names a resident."""

    topic = "surat"
    paper = ""
    told_below = ""
    told_after = ""
    read_case: ClassVar[UseCase]
    print_case: ClassVar[UseCase]

    def __init__(self, place: Workplace, request_id: str) -> None:
        super().__init__(place)
        self.request_id = request_id
        self._asked = False
        self.say_below(self.told_below)
        self.view = PdfView(self.heading)
        sheet = Section()
        sheet.column.setContentsMargins(1, 1, 1, 1)
        sheet.add(self.view, 1)
        self.body.addWidget(sheet, 1)
        back = self.action("Kembali", "back", self._back, key="Esc", in_head=False)
        self.printing = Printing(self, self.print_out, primary=True)
        self.print_button = self.printing.button
        bar = QHBoxLayout()
        bar.setSpacing(theme.GAP)
        bar.addWidget(back)
        bar.addStretch()
        for button in self.printing.buttons:
            bar.addWidget(button)
        self.body.addLayout(bar)
        self.setFocusProxy(self.view)
        self.settle()

    def _back(self) -> None:
        self.place.go("request", request_id=self.request_id)

    def refresh(self) -> None:
        """Made once: a paper that changes while it is read is none."""
        if not self._asked:
            self._asked = True
            self.view.say(f"{self.paper} sedang disusun …")
            self.ask(type(self).read_case, self.request_id, done=self._show, failed=self._failed)

    def _show(self, pdf: bytes) -> None:
        self.view.show_pdf(pdf)
        self.settle()

    def _failed(self, error: Exception) -> None:
        self.view.say(f"{self.paper} tidak dapat disusun.")
        self.place.messages.show_error(error)

    def settle(self) -> None:
        """Only what can be seen is printed."""
        for button in self.printing.buttons:
            button.setEnabled(not self.working and bool(self.view.pdf))

    def print_out(self) -> None:
        """On paper; the page then shows what the next print would be."""

        def printed(_made: object) -> None:
            self._asked = False
            self.refresh()
            self.printing.sent(self.paper, self.told_after)

        self.printing.run(type(self).print_case, self.request_id, done=printed)


class NoticePage(LetterPage):
    """Step 4: what is missing."""

    heading = "Pemberitahuan berkas belum lengkap"
    paper = "Pemberitahuan"
    told_after = "Tanda tangani, lalu berikan kepada pemohon."
    read_case = notices.pdf
    print_case = notices.print_out


class ReferralPage(LetterPage):
    """To the Suku Dinas, by the applicant."""

    heading = "Surat rujukan"
    paper = "Surat rujukan"
    told_below = "NIK disamarkan di layar dan tertulis utuh pada cetakan, yang dibawa pemohon sendiri."
    told_after = "Mintakan tanda tangan, lalu berikan kepada pemohon."
    read_case = referrals.pdf
    print_case = referrals.print_out
