"""Step 9: open work seen, the blanks counted blind by two people, the report read, the day closed and signed."""

from __future__ import annotations

from collections.abc import Sequence

import pypdfium2
from PySide6.QtCore import Qt
from PySide6.QtGui import QImage, QPixmap
from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QLabel, QListWidget, QListWidgetItem, QWidget

from ktpel_desktop.core import flow
from ktpel_desktop.core.flow import Answers, Field, Step, codes
from ktpel_desktop.core.flows import CLOSING
from ktpel_desktop.core.records import Person, Shift
from ktpel_desktop.core.roles import Action, Actor
from ktpel_desktop.core.stock import PhysicalCount
from ktpel_desktop.services import accounts, reports, shifts
from ktpel_desktop.services.approvals import Approval
from ktpel_desktop.services.desk import Desk
from ktpel_desktop.ui import messages, theme, words
from ktpel_desktop.ui.dialogs import AskApproval
from ktpel_desktop.ui.runner import Lane
from ktpel_desktop.ui.theme import Tone
from ktpel_desktop.ui.widgets.editors import Editor, Option
from ktpel_desktop.ui.widgets.facts import Facts
from ktpel_desktop.ui.widgets.panel import Section
from ktpel_desktop.ui.wizard import WizardPage
from ktpel_desktop.ui.workplace import Workplace

PAGE_DPI = 110


class _Begin:
    """What the wizard needs to begin: hindrances, the day, who may count."""

    def __init__(self, hindrances: Sequence[str], shift: Shift | None, people: Sequence[Person]) -> None:
        self.hindrances, self.shift, self.people = hindrances, shift, people


def begin(desk: Desk, actor: Actor) -> _Begin:
    """Read what the wizard begins with."""
    found = {
        person.username: person
        for action in (Action.RECEIVE_FILES, Action.RECEIVE_RESULTS)
        for person in accounts.receivers(desk, actor, action)
    }
    return _Begin(shifts.can_close(desk, actor), shifts.current(desk, actor), tuple(found.values()))


def report_pdf(desk: Desk, actor: Actor) -> bytes:
    """The day's report as it stands now."""
    return desk.papers.daily_report(reports.daily(desk, actor))


class PersonEditor(Editor):
    """Who counts the second time: one of the office's people, answered by name."""

    def __init__(self, caption: str, people: Sequence[Person]) -> None:
        super().__init__(caption)
        self.list = QListWidget()
        self.list.setMaximumHeight(6 * theme.TARGET)
        for person in people:
            item = QListWidgetItem(f"{person.name} – {words.word('role', person.role)}", self.list)
            item.setData(Qt.ItemDataRole.UserRole, person)
        self._hold(self.list)

    def person(self) -> Person | None:
        """The chosen one."""
        item = self.list.item(self.list.currentRow()) if self.list.currentRow() >= 0 else None
        return None if item is None else item.data(Qt.ItemDataRole.UserRole)

    def answer(self) -> object:
        """Their name."""
        chosen = self.person()
        return chosen.name if chosen else None

    def fill(self, value: object) -> None:
        """Choose them by name."""
        for row in range(self.list.count()):
            if str(self.list.item(row).data(Qt.ItemDataRole.UserRole).name).upper() == str(value).upper():
                self.list.setCurrentRow(row)


class ClosingPage(WizardPage):
    """The day's end."""

    topic = "tutup-hari"

    def __init__(self, place: Workplace) -> None:
        super().__init__(place, CLOSING, {})
        self._people: Sequence[Person] = ()
        self._second = ""
        self._shift: Shift | None = None
        self._count: PhysicalCount | None = None
        self.pdf = b""
        self.picture = QLabel()
        self.leave_button.hide()
        self.ask(begin, done=self._start)

    def _start(self, found: _Begin) -> None:
        self._people = [one for one in found.people if one.username != self.place.me.username]
        self._shift = found.shift
        if found.shift is None:
            self.say_below("Hari belum dibuka. Penyelia atau operator membukanya di halaman Angka hari ini.")
            self.primary_button.setEnabled(False)
            return
        opened = words.moment(self.place.local(found.shift.opened_at))
        self.say_below(f"Sif {found.shift.id}, dibuka {opened} oleh {found.shift.opened_by}")
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
            return PersonEditor(made.caption, self._people)
        if field.id == "first_by" and made is not None:
            made.fill(self.place.me.name)
        return made

    def beside(self, step: Step) -> QWidget | None:
        """Nothing left open; both counts and the books; the report's page."""
        if step.id == "open_work" and not codes(self.journey.known, "open_work"):
            return Facts([("Pekerjaan terbuka", "tidak ada yang menghalangi")])
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

    def _preview(self) -> QWidget:
        sheet = Section("Laporan harian")
        self.picture = QLabel("Laporan sedang disusun …")
        self.picture.setAlignment(Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignHCenter)
        self.picture.setAccessibleName("Halaman pertama laporan harian")
        row = QHBoxLayout()
        row.addWidget(self.action("Simpan PDF", "save", self.save, in_head=False))
        row.addWidget(self.action("Cetak laporan", "print", self.print_report, key="Ctrl+P", in_head=False))
        row.addStretch()
        sheet.column.addLayout(row)
        sheet.add(self.picture, 1)
        return sheet

    def entered(self, step: Step) -> None:
        """The report is set in type when its step is shown."""
        if step.id == "report":
            self.act(report_pdf, done=self._show_report)

    def _show_report(self, pdf: bytes) -> None:
        self.pdf = pdf
        document = pypdfium2.PdfDocument(pdf)
        try:
            page = document[0]
            image = page.render(scale=PAGE_DPI / 72).to_pil().convert("RGB")
            page.close()
        finally:
            document.close()
        raw = image.tobytes()
        drawn = QImage(raw, image.width, image.height, image.width * 3, QImage.Format.Format_RGB888)
        self.picture.setPixmap(
            QPixmap.fromImage(drawn.copy()).scaledToWidth(620, Qt.TransformationMode.SmoothTransformation)
        )
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
            chosen = editor.person() if isinstance(editor, PersonEditor) else None
            self._second = chosen.username if chosen else ""

            def compared(count: PhysicalCount) -> None:
                self._count = count
                self.advance(values)

            first = self.journey.known["first_count"]
            self.act(shifts.compare_counts, first, values["second_count"], done=compared)
        elif step.id == "report":
            self._close(None)
        else:
            self.advance(values)

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
            self._ended(shift, f"Laporan belum tercetak: {told}. Cetak lagi dari berkas.", Tone.WARN)

        self.act(reports.print_daily, shift.id, lane=Lane.DEVICE, done=printed, failed=not_printed)

    def _ended(self, shift: Shift, told: str, tone: Tone) -> None:
        self.place.go("figures")
        self.place.messages.say(f"Sif {shift.id} ditutup", told, tone)

    def print_report(self) -> None:
        """On paper, now."""
        self.act(
            reports.print_daily,
            lane=Lane.DEVICE,
            done=lambda _pdf: self.place.messages.say("Laporan dikirim ke printer"),
        )

    def save(self) -> None:
        """As a file."""
        name, _ = QFileDialog.getSaveFileName(self, "Simpan laporan", "laporan-harian.pdf", "PDF (*.pdf)")
        if name and self.pdf:
            pdf = self.pdf
            self.act(
                lambda _desk, _actor: write(name, pdf),
                done=lambda _n: self.place.messages.say("Tersimpan", name),
            )


def write(name: str, content: bytes) -> None:
    """Write a file that a person chose a place for."""
    with open(name, "wb") as file:  # noqa: PTH123 - a path as the dialog gave it
        file.write(content)
