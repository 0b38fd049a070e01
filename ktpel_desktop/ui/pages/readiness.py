"""Whether the office is ready: every point of the instruction, and the report for Sudin and Dinas beside it."""

from __future__ import annotations

from functools import partial

from PySide6.QtWidgets import QHBoxLayout

from ktpel_desktop.core.papers import ReadinessReport
from ktpel_desktop.core.readiness import PointVerdict
from ktpel_desktop.core.roles import Actor
from ktpel_desktop.services import readiness
from ktpel_desktop.services.desk import Desk
from ktpel_desktop.services.readiness import Form
from ktpel_desktop.ui import theme, words
from ktpel_desktop.ui.pages.page import Page
from ktpel_desktop.ui.pages.printing import Printing
from ktpel_desktop.ui.pages.saving import save
from ktpel_desktop.ui.widgets.lamps import Lamp
from ktpel_desktop.ui.widgets.panel import Section
from ktpel_desktop.ui.widgets.pdf_view import PdfView
from ktpel_desktop.ui.widgets.tables import Column, RowsView
from ktpel_desktop.ui.workplace import Workplace


def made(desk: Desk, actor: Actor) -> tuple[ReadinessReport, bytes]:
    """The report and its page, of the same moment."""
    report = readiness.report(desk, actor)
    return report, desk.papers.readiness_report(report)


def short(found: PointVerdict) -> str:
    """ "a.1 Ruangan" for KEDUA huruf a angka 1."""
    point = found.point.id
    return f"{'.'.join(point.value)} {words.word('readiness_point_short', point)}"


class ReadinessPage(Page):
    """The points at the left, the report at the right. Read-only: who may place devices goes on from here."""

    topic = "kesiapan"
    heading = "Kesiapan dan penempatan"

    def __init__(self, place: Workplace) -> None:
        super().__init__(place)
        self._asked = False
        self.action("Susun lagi", "refresh", self.load, key="F2", primary=True)
        self.verdict = Lamp("")
        self.verdict.setFont(theme.font(theme.LEAD, bold=True))
        self.body.addWidget(self.verdict)
        self.table = RowsView(
            (
                Column("Diktum", short),
                Column(
                    "Keadaan",
                    lambda one: words.word("room_status", one.status),
                    lambda one: words.ROOM_TONES[one.status],
                    width=14,
                ),
            ),
            "Kesiapan menurut diktum",
            key=lambda one: one.point.id,
        )
        self.table.say_empty("Laporan sedang disusun …")
        self.view = PdfView("Laporan kesiapan dan penempatan")
        row = QHBoxLayout()
        row.setSpacing(theme.GAP_L)
        for widget, stretch in ((self.table, 4), (self.view, 5)):
            sheet = Section()
            sheet.column.setContentsMargins(1, 1, 1, 1)
            widget.setFrameShape(RowsView.Shape.NoFrame)
            sheet.add(widget, 1)
            row.addWidget(sheet, stretch)
        self.body.addLayout(row, 1)
        bar = QHBoxLayout()
        bar.setSpacing(theme.GAP)
        bar.addWidget(
            self.action("Daftar perangkat", "server", lambda: place.go("placement"), key="F3", in_head=False)
        )
        bar.addStretch()
        self.printing = Printing(self, self.print_out)
        self.pdf_button = self.action(
            "Simpan PDF", "save", partial(self.save, Form.PDF), key="Ctrl+S", in_head=False
        )
        self.json_button = self.action("Simpan JSON", "save", partial(self.save, Form.JSON), in_head=False)
        for button in (*self.printing.buttons, self.pdf_button, self.json_button):
            bar.addWidget(button)
        self.body.addLayout(bar)
        self.setFocusProxy(self.table)

    def refresh(self) -> None:
        """Once: a report that changed under the eyes of its reader could not be read."""
        if not self._asked:
            self.load()

    def load(self) -> None:
        """Make the report anew."""
        self._asked = True
        self.view.say("Laporan sedang disusun …")

        def failed(error: Exception) -> None:
            self.view.say("Laporan tidak dapat disusun.")
            self.place.messages.show_error(error)

        self.ask(made, done=self._show, failed=failed)

    def _show(self, found: tuple[ReadinessReport, bytes]) -> None:
        report, pdf = found
        verdict = words.word("office_readiness", report.found.readiness)
        stage = words.word("readiness_stage", report.found.stage)
        self.verdict.show_state(
            words.READINESS_TONES[report.found.readiness], f"{verdict}. Tahap: {stage.lower()}."
        )
        self.table.show_rows(report.found.points)
        self.view.show_pdf(pdf)

    def print_out(self) -> None:
        """On paper, journalled."""
        self.printing.run(readiness.print_out, done=lambda _none: self.printing.sent("Laporan"))

    def save(self, form: Form) -> None:
        """As a file, journalled."""
        name = f"kesiapan-{self.place.desk.office.kelurahan_code}-{self.place.now():%Y-%m-%d}.{form.value}"
        save(self, name, lambda desk, actor: readiness.export(desk, actor, form))
