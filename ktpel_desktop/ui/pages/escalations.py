"""Letters to the Suku Dinas about requests stuck at SIAK: what can be written now, and what was written."""

from __future__ import annotations

from collections.abc import Sequence

from ktpel_desktop.services import escalations
from ktpel_desktop.services.escalations import DRAFT, Listed
from ktpel_desktop.ui import words
from ktpel_desktop.ui.pages.paper_list import PaperListPage
from ktpel_desktop.ui.pages.printing import Printing
from ktpel_desktop.ui.pages.saving import save_shown
from ktpel_desktop.ui.widgets.tables import Column
from ktpel_desktop.ui.workplace import Workplace

LIST_WIDTH = 340


class EscalationsPage(PaperListPage):
    """The letters at the left, the draft first; the chosen one at the right."""

    topic = "surat"
    heading = "Surat eskalasi"
    paper = "Surat"

    def __init__(self, place: Workplace) -> None:
        days = place.desk.office.stuck_after.days
        super().__init__(
            place,
            (
                Column("Surat", lambda one: one.letter or "Surat baru"),
                Column("Tanggal", lambda one: words.short_day(place.local(one.at)), width=9),
                Column("Jumlah", lambda one: str(one.count), width=7, right=True),
            ),
            "Surat eskalasi",
            number_of=lambda one: one.seq,
            use_case=escalations.pdf,
            empty=f"Tidak ada permohonan yang menunggu SIAK {days} hari atau lebih.",
            width=LIST_WIDTH,
        )
        self._shown = -1  # the draft's number is nought
        self.say_below(f"Permohonan yang menunggu SIAK {days} hari atau lebih, untuk Suku Dinas.")
        back = self.action("Kembali", "back", place.home, key="Esc", in_head=False)
        self.save_button = self.action("Simpan PDF", "save", self.save, key="Ctrl+S", in_head=False)
        self.printing = Printing(self, self.print_out, primary=True)
        self.print_button = self.printing.button
        self.add_bar((back,), (self.save_button, *self.printing.buttons))

    def refresh(self) -> None:
        """What can be written, and what was."""
        self.ask(escalations.listed, done=self.show_rows)

    def show_rows(self, found: Sequence[Listed]) -> None:
        """Where the draft became a letter, the letter is the chosen one."""
        super().show_rows(found)
        if found and self._row() is None:
            self.table.selectRow(0)

    def _row(self) -> Listed | None:
        row: Listed | None = self.table.current()
        return row

    def settle(self) -> None:
        """Only what can be seen is printed or saved; a draft has no number and is not kept."""
        row, seen = self._row(), not self.working and bool(self.view.pdf)
        for button in self.printing.buttons:
            button.setEnabled(seen)
        self.print_button.say("Beri nomor dan cetak" if row is not None and row.seq == DRAFT else "Cetak")
        self.save_button.setEnabled(seen and row is not None and row.seq != DRAFT)

    def print_out(self) -> None:
        """On paper, for both signatures; a draft becomes a letter of the list."""
        row = self._row()
        if row is None:
            return

        def failed(error: Exception) -> None:
            self.place.messages.show_error(error)
            self.refresh()  # a draft has its number all the same

        def printed(seq: int) -> None:
            self.refresh()
            self.load(seq)
            self.printing.sent("Surat", "Mintakan tanda tangan operator dan penyelia.")

        self.printing.run(escalations.print_out, row.seq, done=printed, failed=failed)

    def save(self) -> None:
        """As a file."""
        row = self._row()
        if row is not None and row.seq != DRAFT and self.view.pdf:
            kind, subject = escalations.PRINTED, escalations.subject(row.seq)
            name = f"surat-{row.letter.replace('/', '-')}.pdf"
            save_shown(self, name, self.view.pdf, kind=kind, subject=subject)
