"""Work that began and has not ended: each job with its rule in words. Going on is a person's click."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

from PySide6.QtWidgets import QHBoxLayout, QLabel

from ktpel_desktop.core.issuance import RECOVERY, Job, JobState
from ktpel_desktop.core.request import Request
from ktpel_desktop.core.roles import Actor
from ktpel_desktop.services import issuing, recovery
from ktpel_desktop.services.desk import Desk
from ktpel_desktop.ui import words
from ktpel_desktop.ui.pages.page import Page
from ktpel_desktop.ui.runner import Lane
from ktpel_desktop.ui.theme import Tone
from ktpel_desktop.ui.widgets.panel import Section
from ktpel_desktop.ui.widgets.tables import Column, RowsView
from ktpel_desktop.ui.workplace import Workplace


@dataclass(frozen=True, slots=True, repr=False)
class Open:
    """An open job with the request it is for."""

    job: Job
    request: Request


def look(desk: Desk, actor: Actor) -> tuple[Open, ...]:
    """Open jobs, oldest first, with their requests."""
    jobs = issuing.interrupted(desk, actor)
    with desk.unit(actor) as unit:
        return tuple(Open(job, unit.requests.get(job.request_id)) for job in jobs)


def _tone(one: Open) -> Tone:
    return Tone.WARN if one.job.state in (JobState.PRINT_UNKNOWN, JobState.ENCODING) else Tone.ACTIVE


class InterruptedPage(Page):
    """Open jobs, oldest first."""

    topic = "terputus"
    heading = "Pekerjaan terputus"

    def __init__(self, place: Workplace) -> None:
        super().__init__(place)
        self.say_below(
            "Program tidak pernah menjalankan perangkat dengan sendirinya. Pilih pekerjaan, lalu lanjutkan."
        )
        self.table = RowsView(
            (
                Column("Nomor", lambda one: one.request.number, width=7),
                Column("Pemohon", lambda one: one.request.name),
                Column("Keadaan", lambda one: words.word("job_state", one.job.state), _tone, width=20),
                Column("Mulai", lambda one: words.moment(place.local(one.job.created_at)), width=16),
                Column("Oleh", lambda one: place.name_of(one.job.created_by), width=15),
            ),
            "Pekerjaan terputus",
            key=lambda one: one.job.id,
        )
        self.table.opened.connect(lambda _one: self.go_on())
        self.table.chosen.connect(lambda *_: self.settle())
        self.table.say_empty("Tidak ada pekerjaan yang terputus. Cetak dimulai dari halaman Antrean.")
        self.sheet = Section()
        self.rule = QLabel()
        self.rule.setWordWrap(True)
        self.rule.setMinimumHeight(2 * self.rule.fontMetrics().height())
        self.sheet.add(self.table, 1)
        self.sheet.add(self.rule)
        self.body.addWidget(self.sheet, 1)
        bar = QHBoxLayout()
        bar.addStretch()
        self.go_button = self.action("Lanjutkan", "next", self.go_on, primary=True, in_head=False)
        bar.addWidget(self.go_button)
        self.body.addLayout(bar)
        self.setFocusProxy(self.table)
        self.settle()
        # A print that nobody waits for any more becomes a question; one in the machine just now is waited for.
        place.runner.when_idle(Lane.DEVICE, self, self._recover)

    def _recover(self) -> None:
        work = partial(recovery.recover, self.place.desk, self.place.me)
        self.place.runner.run(Lane.QUERY, work, owner=self, done=lambda _jobs: self.refresh())

    def refresh(self) -> None:
        """Read the open jobs."""
        self.ask(look, done=self._show)

    def _show(self, found: Sequence[Open]) -> None:
        self.table.show_rows(found)
        self.settle()

    def settle(self) -> None:
        """The chosen job's rule in full."""
        one: Open | None = self.table.current()
        self.go_button.setEnabled(one is not None and not self.working)
        self.rule.setText(words.word("recovery", RECOVERY[one.job.state]) if one else "")

    def go_on(self) -> None:
        """Open the job where it stands."""
        one: Open | None = self.table.current()
        if one is not None:
            self.place.go("issue", job=one.job)
