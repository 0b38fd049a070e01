"""Daily reports: read on the screen, signed by the penyelia, printed or saved."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from ktpel_desktop.core.daily import DailyReport
from ktpel_desktop.core.roles import Action, Actor
from ktpel_desktop.services import reports, signing
from ktpel_desktop.services.desk import Desk
from ktpel_desktop.ui import words
from ktpel_desktop.ui.pages.paper_list import PaperListPage
from ktpel_desktop.ui.pages.period_question import ask_period
from ktpel_desktop.ui.pages.printing import Printing
from ktpel_desktop.ui.pages.saving import save_shown
from ktpel_desktop.ui.theme import Tone
from ktpel_desktop.ui.widgets.tables import Column
from ktpel_desktop.ui.workplace import Workplace

SHOWN = 60
"""So many of the newest days are listed."""


@dataclass(frozen=True, slots=True)
class DayRow:
    """A working day: when it was opened, whether it is closed, and who signed its report."""

    shift_id: int
    opened_at: datetime
    closed: bool
    signed_by: str


def days(desk: Desk, actor: Actor) -> tuple[DayRow, ...]:
    """The newest days, the newest first, from the journal's own events."""
    with desk.unit(actor) as unit:
        newest = unit.shifts.latest()
        if newest is None:
            return ()
        rows = []
        for number in range(newest.id, max(0, newest.id - SHOWN), -1):
            events = unit.events.of(f"shift-{number}")
            signed = next((event.actor for event in events if event.kind == signing.SIGNED), "")
            closed = number < newest.id or newest.closed_at is not None
            opened = events[0].at if events else newest.opened_at
            rows.append(DayRow(number, opened, closed, signed))
        return tuple(rows)


class ReportsPage(PaperListPage):
    """The days at the left, the chosen day's report at the right."""

    topic = "laporan"
    heading = "Laporan harian"

    def __init__(self, place: Workplace) -> None:
        super().__init__(
            place,
            (
                Column("Hari", lambda row: words.short_day(place.local(row.opened_at)), width=11),
                Column("Keadaan", self._state, self._tone),
            ),
            "Hari kerja",
            number_of=lambda row: row.shift_id,
            use_case=reports.daily_pdf,
            empty="Belum ada hari kerja. Hari dibuka di halaman Angka hari ini.",
            width=360,
        )
        self.sign_button = self.action(
            "Tandatangani laporan", "sign", self.sign, key="F2", primary=True, in_head=False
        )
        self.printing = Printing(self, self.print_report)
        self.save_button = self.action("Simpan PDF", "save", self.save, key="Ctrl+S", in_head=False)
        self.period_button = self.action("Laporan periode …", "save", self.save_period, key="F6")
        self.archive_button = self.action("Arsip", "bundle", lambda: place.go("archive"), key="F7")
        if not place.may(Action.SIGN_REPORT):
            self.sign_button.hide()
        print_button, choose_button = self.printing.button, self.printing.choose_button
        self.add_bar((print_button, choose_button, self.save_button), (self.sign_button,))

    def _state(self, row: DayRow) -> str:
        if not row.closed:
            return "Masih dibuka"
        return "Ditandatangani" if row.signed_by else "Belum ditandatangani"

    def _tone(self, row: DayRow) -> Tone:
        if not row.closed:
            return Tone.ACTIVE
        return Tone.OK if row.signed_by else Tone.WARN

    def refresh(self) -> None:
        """The list of days; the report itself is made once, when its day is chosen."""
        self.ask(days, done=self.show_rows)

    def _row(self) -> DayRow | None:
        row: DayRow | None = self.table.current()
        return row

    def settle(self) -> None:
        """What the chosen day allows."""
        row, free = self._row(), not self.working
        for button in self.printing.buttons:
            button.setEnabled(free and row is not None)
        self.save_button.setEnabled(free and bool(self.view.pdf))
        self.period_button.setEnabled(free)
        self.sign_button.setEnabled(free and row is not None and row.closed and not row.signed_by)

    # ------------------------------------------------------------ acts

    def sign(self) -> None:
        """The penyelia's name under the day's figures, once."""
        row = self._row()
        if row is None:
            return

        def done(report: DailyReport) -> None:
            self.load(report.shift_id)
            self.refresh()
            self.place.recount()
            self.place.messages.say(
                "Laporan ditandatangani", "Cetak atau simpan laporan yang ditandatangani."
            )

        self.act(reports.sign, row.shift_id, done=done)

    def print_report(self) -> None:
        """On paper."""
        row = self._row()
        if row is not None:
            self.printing.run(
                reports.print_daily, row.shift_id, done=lambda _pdf: self.printing.sent("Laporan")
            )

    def save(self) -> None:
        """As a file."""
        row = self._row()
        if row is not None and self.view.pdf:
            name = f"laporan-{self.place.local(row.opened_at):%Y-%m-%d}.pdf"
            save_shown(self, name, self.view.pdf, kind=reports.PRINTED, subject=f"shift-{row.shift_id}")

    def save_period(self) -> None:
        """A month or any other period, as a file or on paper."""
        ask_period(self, self.printing)
