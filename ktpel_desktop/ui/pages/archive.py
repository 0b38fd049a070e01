"""The archive: papers of a period by the events that tell of them, read as they were kept, printed again as copies."""

from __future__ import annotations

import re
from datetime import date

from ktpel_desktop.services import archive
from ktpel_desktop.services.archive import KeptPaper
from ktpel_desktop.ui import words
from ktpel_desktop.ui.dialogs import AskFields
from ktpel_desktop.ui.pages.paper_list import PaperListPage
from ktpel_desktop.ui.pages.printing import Printing
from ktpel_desktop.ui.pages.saving import save_shown
from ktpel_desktop.ui.theme import Tone
from ktpel_desktop.ui.widgets.editors import LineEditor
from ktpel_desktop.ui.widgets.tables import Column
from ktpel_desktop.ui.workplace import Workplace

LIST_WIDTH = 470
_SUBJECTS = (
    (re.compile(r"shift-(\d+)"), r", sif \1"),
    (re.compile(r"(?:serah|eskalasi|musnah-\d+)-(\d+)"), r" nomor \1"),
)
_SPAN = re.compile(r"(\d{4}-\d\d-\d\d)\.\.(\d{4}-\d\d-\d\d)")


class ArchivePage(PaperListPage):
    """The papers at the left, the newest first; the chosen one at the right, its digest computed again."""

    topic = "arsip"
    heading = "Arsip"
    paper, making, unmade = "Berkas arsip", "sedang dibaca …", "tidak dapat ditampilkan."

    def __init__(self, place: Workplace) -> None:
        super().__init__(
            place,
            (
                Column("Waktu", lambda one: f"{place.local(one.at):%d/%m %H.%M}", width=11),
                Column("Berkas", self._told),
                Column("Arsip", self._state, self._tone, width=9),
            ),
            "Berkas yang dicetak, ditandatangani atau disimpan",
            number_of=lambda one: one.number,
            use_case=archive.opened,
            empty="Tidak ada berkas dalam periode ini.",
            width=LIST_WIDTH,
        )
        today = place.now().date()
        self.first, self.last = today.replace(day=1), today
        self.printing = Printing(self, self.print_again, word="Cetak salinan", primary=True)
        self.span_button = self.action("Periode …", "day", self.ask_span, key="F6", in_head=False)
        self.save_button = self.action("Simpan berkas", "save", self.save, key="Ctrl+S", in_head=False)
        back = self.action("Kembali", "back", lambda: place.go("reports"), key="Esc", in_head=False)
        self.add_bar((back, self.span_button), (self.save_button, *self.printing.buttons))
        self._say_span()

    def _told(self, one: KeptPaper) -> str:
        copy = f", salinan ke-{one.copy}" if one.copy else ""
        form = "" if one.form == "pdf" else f", {one.form.upper()}"
        name = words.table_of("archive_paper").get(one.kind) or words.word("event", one.kind)
        return f"{name}{_subject(one.subject)}{form}{copy}"

    def _state(self, one: KeptPaper) -> str:
        return "ada" if one.kept else "gagal"

    def _tone(self, one: KeptPaper) -> Tone:
        return Tone.OK if one.kept else Tone.BAD

    def _say_span(self) -> None:
        self.say_below(f"{self.first:%d/%m/%Y} sampai {self.last:%d/%m/%Y}")

    def refresh(self) -> None:
        """What left the program in the period."""
        self.ask(archive.papers, self.first, self.last, done=self.show_rows)

    def _row(self) -> KeptPaper | None:
        row: KeptPaper | None = self.table.current()
        return row

    def settle(self) -> None:
        """Only what was read and found whole is printed or saved."""
        row, whole = self._row(), not self.working and bool(self.view.pdf)
        for button in self.printing.buttons:
            button.setEnabled(whole and row is not None and row.form == "pdf")
        self.save_button.setEnabled(not self.working and row is not None and row.kept)

    def load(self, number: int) -> None:
        """Show a page; of a file that is none, what it is."""
        row = self._row()
        if row is None or row.form == "pdf":
            super().load(number)
            return
        self._shown = number
        self.view.say(f"Berkas {row.form.upper()}: simpan dengan Ctrl+S, lalu buka dengan program lain.")
        self.settle()

    def print_again(self) -> None:
        """On paper, marked as a copy."""
        row = self._row()
        if row is None:
            return

        def done(_none: object) -> None:
            self.refresh()
            self.printing.sent("Salinan")

        self.printing.run(archive.print_again, row.number, done=done)

    def save(self) -> None:
        """As the file that it was, its digest computed again."""
        row = self._row()
        if row is not None:
            name = f"arsip-{row.number}-{row.digest[:12]}.{row.form}"
            self.act(archive.opened, row.number, done=lambda paper: save_shown(self, name, paper))

    def ask_span(self) -> AskFields:
        """Another period."""
        first, last = LineEditor("Dari tanggal", "Contoh: 01/11/2026"), LineEditor("Sampai tanggal")
        first.fill(f"{self.first:%d/%m/%Y}")
        last.fill(f"{self.last:%d/%m/%Y}")

        def given(answers: list[object]) -> None:
            begins, ends = (words.typed_day(str(answer)) for answer in answers)
            if begins is None or ends is None or ends < begins:
                self.place.messages.say(
                    "Periode tidak terbaca", "Contoh: 01/11/2026 sampai 30/11/2026", Tone.WARN
                )
                return
            self._show_span(begins, ends)

        return AskFields(self, "Periode arsip", "", ("Tampilkan", "refresh"), [first, last], given)

    def _show_span(self, first: date, last: date) -> None:
        self.first, self.last = first, last
        self._say_span()
        self.refresh()


def _subject(subject: str) -> str:
    """Which one it is, where the office has more than one of the kind: shift, number, or period."""
    if span := _SPAN.fullmatch(subject):
        days = dict.fromkeys(f"{date.fromisoformat(day):%d/%m/%y}" for day in span.groups())
        return f" {'–'.join(days)}"
    for pattern, told in _SUBJECTS:
        if found := pattern.fullmatch(subject):
            return found.expand(told)
    return ""
