"""Work that began and has not ended: each job with its rule in words. Going on is a person's click."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtWidgets import QHBoxLayout, QLabel

from ktpel_desktop.core.issuance import RECOVERY, Job, JobState
from ktpel_desktop.services import issuing
from ktpel_desktop.ui import words
from ktpel_desktop.ui.pages.page import Page
from ktpel_desktop.ui.theme import Tone
from ktpel_desktop.ui.widgets.panel import Section
from ktpel_desktop.ui.widgets.tables import Column, RowsView
from ktpel_desktop.ui.workplace import Workplace


def _tone(job: Job) -> Tone:
    return Tone.WARN if job.state in (JobState.PRINT_UNKNOWN, JobState.ENCODING) else Tone.ACTIVE


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
                Column("Permohonan", lambda job: job.request_id, width=16),
                Column("Keadaan", lambda job: words.word("job_state", job.state), _tone, width=24),
                Column("Mulai", lambda job: words.moment(place.local(job.created_at)), width=17),
                Column("Oleh", lambda job: job.created_by, width=12),
                Column("Yang harus dilakukan", lambda job: words.word("recovery", RECOVERY[job.state])),
            ),
            "Pekerjaan terputus",
            key=lambda job: job.id,
        )
        self.table.opened.connect(lambda _job: self.go_on())
        self.table.chosen.connect(lambda *_: self.settle())
        self.sheet = Section()
        self.rule = QLabel()
        self.rule.setWordWrap(True)
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

    def refresh(self) -> None:
        """Read the open jobs."""
        self.ask(issuing.interrupted, done=self._show)

    def _show(self, jobs: Sequence[Job]) -> None:
        self.table.show_rows(jobs)
        self.settle()

    def settle(self) -> None:
        """The chosen job's rule in full."""
        job: Job | None = self.table.current()
        self.go_button.setEnabled(job is not None and not self.working)
        self.rule.setText(
            words.word("recovery", RECOVERY[job.state]) if job else "Tidak ada pekerjaan yang terputus."
        )

    def go_on(self) -> None:
        """Open the job where it stands."""
        job: Job | None = self.table.current()
        if job is not None:
            self.place.go("issue", job=job)
