"""Step 9: open work seen, the blanks counted blind by two people, the report read, the day closed and signed."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from ktpel_desktop.core import flow
from ktpel_desktop.core.flow import Answers, Field, Step, codes
from ktpel_desktop.core.flows import CLOSING
from ktpel_desktop.core.records import Person, Shift
from ktpel_desktop.core.roles import Action, Actor
from ktpel_desktop.core.stock import PhysicalCount
from ktpel_desktop.services import destruction, on_paper, outbox, reports, shifts
from ktpel_desktop.services.approvals import Approval
from ktpel_desktop.services.desk import Desk
from ktpel_desktop.ui import messages, words
from ktpel_desktop.ui.dialogs import AskApproval
from ktpel_desktop.ui.pages.printing import Printing
from ktpel_desktop.ui.pages.saving import save
from ktpel_desktop.ui.pages.stock_questions import counters
from ktpel_desktop.ui.runner import Lane
from ktpel_desktop.ui.theme import Tone
from ktpel_desktop.ui.widgets.editors import Editor, Option, RadioEditor
from ktpel_desktop.ui.widgets.facts import Facts
from ktpel_desktop.ui.widgets.pdf_view import PdfView
from ktpel_desktop.ui.wizard import WizardPage
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
        counters(desk, actor),
        len(outbox.waiting(desk, actor)),
        destruction.count_held(desk, actor),
    )


class ClosingPage(WizardPage):
    """The day's end."""

    topic = "tutup-hari"

    def __init__(self, place: Workplace) -> None:
        super().__init__(place, CLOSING, {})
        self._people: Sequence[Person] = ()
        self._second = ""
        self._shift: Shift | None = None
        self._found: _Begin | None = None
        self._count: PhysicalCount | None = None
        self.view = PdfView("Laporan harian")
        self.leave_button.hide()
        self.ask(begin, done=self._start)

    def _start(self, found: _Begin) -> None:
        self._people, self._found = found.people, found
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

    def make_editor(self, step: Step, field: Field) -> Editor | None:
        """The first to count is who sits here; the second is one of the others."""
        made = super().make_editor(step, field)
        if field.id == "second_by" and made is not None:
            people = [(p.username, f"{p.name} – {words.word('role', p.role)}") for p in self._people]
            return RadioEditor(made.caption, people, values={p.username: p.name for p in self._people})
        if field.id == "first_by" and made is not None:
            made.fill(self.place.me.name)
        return made

    def beside(self, step: Step) -> QWidget | None:
        """Nothing left open; both counts and the books; the report's page."""
        if step.id == "open_work" and self._found is not None:
            return self._still_there(self._found)
        if step.id == "comparison" and self._count is not None:
            count = self._count
            return Facts(
                [
                    ("Hitungan pertama", str(count.first)),
                    ("Hitungan kedua", str(count.second)),
                    ("Menurut buku", str(count.books)),
                    ("Hasil", "sama" if count.agrees else f"selisih {count.difference:+d}"),
                ]
            )
        return self._preview() if step.id == "report" else None

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

    def outcomes(self, step: Step, values: Answers) -> Answers:
        """Whether both counts and the books say the same."""
        if step.id == "comparison" and self._count is not None:
            return {"agrees": "yes" if self._count.agrees else "no"}
        return {}

    def perform(self, step: Step, values: Answers) -> None:
        """Compare after both counts; close at the end."""
        if step.id == "second_count":
            editor = self.editors["second_by"]
            self._second = editor.chosen() if isinstance(editor, RadioEditor) else ""

            def compared(count: PhysicalCount) -> None:
                self._count = count
                if count.first == count.second:
                    self.advance(values)
                else:
                    self._count_again()

            first = self.journey.known["first_count"]
            self.act(shifts.compare_counts, first, values["second_count"], done=compared)
        elif step.id == "report":
            self._close(None)
        else:
            self.advance(values)

    def _count_again(self) -> None:
        """Two counts that differ say nothing of the cabinet: both count once more, blind as before."""
        seen = {"open_work_seen": codes(self.journey.known, "open_work_seen")}
        self.journey = flow.answer(flow.start(CLOSING, self.journey.facts), seen)
        self._count = None
        self.show_step()
        self.place.messages.say(
            "Kedua hitungan berbeda",
            "Hitung lagi dari awal, keduanya, tanpa saling melihat angkanya.",
            Tone.WARN,
        )

    def _close(self, approval: Approval | None) -> None:
        if self._count is None or self._shift is None:
            return
        if not self._count.agrees and approval is None:
            AskApproval(self, self.place, Action.STOCK_CORRECTION, shifts.subject(self._shift), self._close)
            return
        known = self.journey.known
        reason = str(known.get("difference_reason", ""))
        read = {"ribbon_left": known.get("ribbon"), "film_left": known.get("film")}
        supplies = {name: percent for name, percent in read.items() if isinstance(percent, int)}
        self.act(
            shifts.close,
            self._count,
            reason,
            approval,
            second_counter=self._second,
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
        if self.view.pdf:
            shown = self.view.pdf

            def make(desk: Desk, actor: Actor) -> bytes:
                with desk.unit(actor) as unit:
                    shift = unit.shifts.latest()
                subject = "" if shift is None else f"shift-{shift.id}"
                return on_paper.saved(desk, actor, shown, kind=reports.PRINTED, subject=subject)

            save(self, f"laporan-{self.place.now():%Y-%m-%d}.pdf", make)
