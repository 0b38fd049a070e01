"""The day in figures, for penyelia and pemantau: no resident's data, only counts and waiting times."""

from __future__ import annotations

from PySide6.QtWidgets import QGridLayout, QHBoxLayout

from ktpel_desktop.core.daily import OpenedFrom
from ktpel_desktop.core.records import Shift
from ktpel_desktop.core.request import ENDED, RequestState
from ktpel_desktop.core.roles import Action
from ktpel_desktop.services import reports, shifts
from ktpel_desktop.services.reports import DaySummary
from ktpel_desktop.ui import theme, words
from ktpel_desktop.ui.pages.page import Page
from ktpel_desktop.ui.theme import Tone
from ktpel_desktop.ui.widgets.figures import Bars, Figure
from ktpel_desktop.ui.widgets.panel import Section
from ktpel_desktop.ui.workplace import Workplace


class FiguresPage(Page):
    """What came, what went, what waits."""

    topic = "angka"
    heading = "Angka hari ini"

    def __init__(self, place: Workplace) -> None:
        super().__init__(place)
        self.open_button = self.action("Buka hari", "day", self.open_day, key="F2", primary=True)
        self.open_button.hide()
        self.came, self.issued, self.handed, self.waits, self.left = (
            Figure("Diterima"),
            Figure("KTP-el terbit"),
            Figure("Diserahkan"),
            Figure("Kiriman menunggu"),
            Figure("Blangko di lemari"),
        )
        row = QHBoxLayout()
        row.setSpacing(theme.GAP_L)
        for figure in (self.came, self.issued, self.handed, self.waits, self.left):
            row.addWidget(figure, 1)
        self.body.addLayout(row)
        self.states, self.hours, self.ages = (
            Bars("Permohonan terbuka menurut keadaan"),
            Bars("Diterima per jam"),
            Bars("Umur permohonan yang terbuka"),
        )
        grid = QGridLayout()
        grid.setSpacing(theme.GAP_L)
        for place_in, (title, bars) in enumerate(
            (
                ("Permohonan terbuka", self.states),
                ("Diterima per jam", self.hours),
                ("Umur permohonan terbuka", self.ages),
            )
        ):
            sheet = Section(title)
            sheet.add(bars)
            sheet.column.addStretch()
            grid.addWidget(
                sheet,
                place_in // 2 if place_in else 0,
                0 if place_in == 0 else 1,
                2 if place_in == 0 else 1,
                1,
            )
            if place_in:
                grid.addWidget(sheet, place_in - 1, 1)
        self.body.addLayout(grid, 1)

    def refresh(self) -> None:
        """Ask for the figures and whether the day is open."""
        self.ask(reports.day_summary, done=self._show)
        self.ask(shifts.current, done=self._shift)

    def _shift(self, shift: Shift | None) -> None:
        may = self.place.may(Action.OPEN_DAY)
        self.open_button.setVisible(shift is None and may)
        opened = "" if shift is None else words.clock(self.place.local(shift.opened_at))
        self.say_below(
            f"{words.day(self.place.now())} · "
            + (
                "hari belum dibuka"
                if shift is None
                else f"hari dibuka {opened} oleh {self.place.name_of(shift.opened_by)}"
            )
        )

    def _show(self, day: DaySummary) -> None:
        self.came.show_number(day.requests_in)
        self.issued.show_number(day.issued)
        self.handed.show_number(day.handed_over)
        self.waits.show_number(day.deliveries_waiting, Tone.WARN if day.deliveries_waiting else Tone.PLAIN)
        self.left.show_number(day.balance.left)
        self.states.show_rows(
            {
                words.word("request_state", state): day.by_state[state]
                for state in RequestState
                if day.by_state.get(state) and state not in ENDED
            }
        )
        self.hours.show_rows(
            {f"{hour:02d}.00": count for hour, count in sorted(day.accepted_by_hour.items())}
        )
        self.ages.show_rows(
            {("hari ini" if days == 0 else f"{days} hari"): n for days, n in sorted(day.waiting_days.items())}
        )

    def open_day(self) -> None:
        """The working day begins."""

        def done(_shift: Shift) -> None:
            self.refresh()
            self.ask(shifts.opened_from, done=self._opened)

        self.act(shifts.open_shift, done=done)

    def _opened(self, before: OpenedFrom | None) -> None:
        tone, told = Tone.OK, ""
        if before is not None and before.signed_by:
            told = (
                f"Menyambung sif {before.shift_id}, ditandatangani {before.signed_by}: "
                f"{before.left} blangko di lemari, {before.in_work} dikerjakan. "
            )
        elif before is not None:
            tone, told = Tone.WARN, f"Sif {before.shift_id} belum ditandatangani penyelia. "
        self.place.messages.say("Hari dibuka", f"{told}Periksa ruangan sebelum mencetak.", tone)
