"""Step 9: open work seen, the blanks counted blind by two people, the report read, the day closed and signed."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from ktpel_desktop.core import flow
from ktpel_desktop.core.flow import Answers, Field, Step, codes
from ktpel_desktop.core.flows import CLOSING
from ktpel_desktop.core.records import Person, Shift
from ktpel_desktop.core.roles import Action, Actor
from ktpel_desktop.services import counting, destruction, outbox, reports, shifts
from ktpel_desktop.services.approvals import Approval
from ktpel_desktop.services.desk import Desk
from ktpel_desktop.ui import messages, words
from ktpel_desktop.ui.dialogs import AskApproval
from ktpel_desktop.ui.pages.counting import CountingPage
from ktpel_desktop.ui.pages.printing import Printing
from ktpel_desktop.ui.pages.saving import save_shown
from ktpel_desktop.ui.runner import Lane
from ktpel_desktop.ui.theme import Tone
from ktpel_desktop.ui.widgets.editors import Option
from ktpel_desktop.ui.widgets.facts import Facts
from ktpel_desktop.ui.widgets.pdf_view import PdfView
from ktpel_desktop.ui.workplace import Workplace


class _Begin:
    """What the wizard needs to begin: hindrances, the day, who else may count, what still waits or is held."""

    def __init__(
        self,
        hindrances: Sequence[str],
        shift: Shift | None,
        people: Sequence[Person],
        waiting: int,
        invalid: int,
    ) -> None:
        self.hindrances, self.shift, self.people = hindrances, shift, people
        self.waiting, self.invalid = waiting, invalid


def begin(desk: Desk, actor: Actor) -> _Begin:
    """Read what the wizard begins with."""
    return _Begin(
        shifts.can_close(desk, actor),
        shifts.current(desk, actor),
        counting.second_counters(desk, actor),
        len(outbox.waiting(desk, actor)),
        destruction.count_held(desk, actor),
    )


class ClosingPage(CountingPage):
    """The day's end."""

    topic = "tutup-hari"

    def __init__(self, place: Workplace) -> None:
        super().__init__(place, CLOSING)
        self._shift: Shift | None = None
        self._found: _Begin | None = None
        self.view = PdfView("Laporan harian")
        self.leave_button.hide()
        self.ask(begin, done=self._start)

    def _start(self, found: _Begin) -> None:
        self.people, self._found = found.people, found
        self._shift = found.shift
        if found.shift is None:
            self.say_below("Hari belum dibuka. Penyelia atau operator membukanya di halaman Angka hari ini.")
            self.primary_button.setEnabled(False)
            return
        opened = words.moment(self.place.local(found.shift.opened_at))
        self.say_below(
            f"Sif {found.shift.id}, dibuka {opened} oleh {self.place.name_of(found.shift.opened_by)}"
        )
        self.journey = flow.learn(self.journey, {"open_work": tuple(found.hindrances)})
        self.show_step()

    def options_in_words(self, step: Step, field: Field) -> Sequence[Option]:
        """What is unfinished, in words."""
        if field.id == "open_work_seen":
            found = sorted(codes(self.journey.known, "open_work"))
            told = {code: messages.message_for_code(code) for code in found}
            return [(code, message.title if message else code) for code, message in told.items()]
        return super().options_in_words(step, field)

    def beside(self, step: Step) -> QWidget | None:
        """Nothing left open; the count; the report's page."""
        if step.id == "open_work" and self._found is not None:
            return self._still_there(self._found)
        return self._preview() if step.id == "report" else super().beside(step)

    def _still_there(self, found: _Begin) -> QWidget:
        """What the day leaves behind: none of it hinders closing but open work."""
        waits = f"{found.waiting}, terkirim sendiri bila SIAK terjangkau" if found.waiting else "tidak ada"
        held = f"{found.invalid}; musnahkan sebelum menutup (Blangko, F9)" if found.invalid else "tidak ada"
        rows = [("Kiriman menunggu", waits), ("Kartu belum dimusnahkan", held)]
        if not codes(self.journey.known, "open_work"):
            rows.insert(0, ("Pekerjaan terbuka", "tidak ada yang menghalangi"))
        return Facts(rows)

    def _preview(self) -> QWidget:
        sheet = QWidget()
        column = QVBoxLayout(sheet)
        column.setContentsMargins(0, 0, 0, 0)
        self.view = PdfView("Laporan harian")
        self.view.setMinimumHeight(260)
        self.view.say("Laporan sedang disusun …")
        row = QHBoxLayout()
        row.addWidget(self.action("Simpan PDF", "save", self.save, key="Ctrl+S", in_head=False))
        self.printing = Printing(self, self.print_report, word="Cetak laporan")
        for button in self.printing.buttons:
            row.addWidget(button)
        row.addStretch()
        column.addWidget(self.view, 1)
        column.addLayout(row)
        return sheet

    def entered(self, step: Step) -> None:
        """The report is set in type when its step is shown."""
        if step.id == "report":
            self.act(reports.daily_pdf, done=self._show_report)

    def _show_report(self, pdf: bytes) -> None:
        self.view.show_pdf(pdf)
        self.focus_first()

    # ------------------------------------------------------------ acts

    def perform(self, step: Step, values: Answers) -> None:
        """Close at the end."""
        if step.id == "report":
            self._close(None)
        else:
            super().perform(step, values)

    def _close(self, approval: Approval | None) -> None:
        if self.counted is None or self._shift is None:
            return
        if not self.counted.agrees and approval is None:
            AskApproval(self, self.place, Action.STOCK_CORRECTION, shifts.subject(self._shift), self._close)
            return
        known = self.journey.known
        reason = str(known.get("difference_reason", ""))
        read = {"ribbon_left": known.get("ribbon"), "film_left": known.get("film")}
        supplies = {name: percent for name, percent in read.items() if isinstance(percent, int)}
        self.act(
            shifts.close,
            self.counted,
            reason,
            approval,
            second_counter=self.second_counter,
            supplies=supplies,
            done=self._closed,
        )

    def _closed(self, shift: Shift) -> None:
        def printed(_pdf: bytes) -> None:
            self._ended(shift, "Laporan tercetak.", Tone.OK)

        def not_printed(error: Exception) -> None:
            message = messages.message_for(error)
            told = message.title if message else ""
            self._ended(shift, f"Laporan belum tercetak: {told}. Cetak lagi di halaman ini.", Tone.WARN)

        self.act(reports.print_daily, shift.id, lane=Lane.DEVICE, done=printed, failed=not_printed)

    def _ended(self, shift: Shift, told: str, tone: Tone) -> None:
        self.place.go("reports")
        self.place.messages.say(
            f"Hari ditutup (sif {shift.id})", f"{told} Penyelia menandatangani laporan di halaman ini.", tone
        )

    def print_report(self) -> None:
        """On paper, now."""
        self.printing.run(reports.print_daily, done=lambda _pdf: self.printing.sent("Laporan"))

    def save(self) -> None:
        """As a file."""
        if self.view.pdf and self._shift is not None:
            name = f"laporan-{self.place.now():%Y-%m-%d}.pdf"
            save_shown(self, name, self.view.pdf, kind=reports.PRINTED, subject=shifts.subject(self._shift))
