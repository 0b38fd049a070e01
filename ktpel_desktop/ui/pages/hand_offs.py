"""Today's hand-offs, each with its list: read, printed for both signatures, saved."""

from __future__ import annotations

from ktpel_desktop.core.request import RequestState
from ktpel_desktop.services import hand_off_lists
from ktpel_desktop.services.hand_off_lists import HandOff
from ktpel_desktop.ui.pages.paper_list import PaperListPage
from ktpel_desktop.ui.pages.printing import Printing
from ktpel_desktop.ui.pages.saving import save_shown
from ktpel_desktop.ui.runner import Lane
from ktpel_desktop.ui.widgets.tables import Column
from ktpel_desktop.ui.workplace import Workplace

LIST_WIDTH = 380
BOTH_SIGN = "Kedua petugas menandatanganinya."


class HandOffsPage(PaperListPage):
    """The hand-offs at the left, the chosen one's list at the right."""

    topic = "serah-terima"
    heading = "Daftar serah terima"
    paper = "Daftar"

    def __init__(self, place: Workplace) -> None:
        super().__init__(
            place,
            (
                Column("Pukul", lambda one: f"{place.local(one.at):%H.%M}", width=6),
                Column("Kepada", self._receiver),
                Column("Jumlah", lambda one: str(len(one.requests)), width=7, right=True),
            ),
            "Serah terima hari ini",
            number_of=lambda one: one.number,
            use_case=hand_off_lists.pdf,
            empty="Hari ini belum ada yang diserahkan.",
            width=LIST_WIDTH,
        )
        back = self.action("Kembali", "back", place.home, key="Esc", in_head=False)
        self.save_button = self.action("Simpan PDF", "save", self.save, key="Ctrl+S", in_head=False)
        self.printing = Printing(self, self.print_out, primary=True)
        self.print_button = self.printing.button
        self.form_button = self.action("Cetak pada form", "print", self.print_form, key="F9", in_head=False)
        self.form_button.setVisible(place.desk.dot_matrix is not None)
        self.add_bar((back,), (self.form_button, self.save_button, *self.printing.buttons))

    def _receiver(self, one: HandOff) -> str:
        what = "Berkas" if one.state is RequestState.WITH_OPERATOR else "Hasil"
        return f"{what} → {self.place.name_of(one.receiver)}"

    def refresh(self) -> None:
        """What was handed over so far."""
        self.ask(hand_off_lists.recent, done=self.show_rows)

    def _row(self) -> HandOff | None:
        row: HandOff | None = self.table.current()
        return row

    def settle(self) -> None:
        """Only what can be seen is printed or saved."""
        for button in (*self.printing.buttons, self.save_button, self.form_button):
            button.setEnabled(not self.working and bool(self.view.pdf))

    def print_out(self) -> None:
        """On paper, for both signatures."""
        row = self._row()
        if row is None:
            return

        def printed(_paper: object) -> None:
            self.load(row.number)
            self.printing.sent("Daftar", BOTH_SIGN)

        self.printing.run(hand_off_lists.print_out, row.number, done=printed)

    def print_form(self) -> None:
        """On the continuous form of the dot-matrix printer."""
        row = self._row()
        if row is None:
            return

        def printed(_paper: object) -> None:
            self.load(row.number)
            self.place.messages.say("Daftar dikirim ke printer dot-matrix", BOTH_SIGN)

        self.act(hand_off_lists.print_form, row.number, lane=Lane.DEVICE, done=printed)

    def save(self) -> None:
        """As a file."""
        row = self._row()
        if row is not None and self.view.pdf:
            name = f"serah-terima-{row.number}.pdf"
            subject = f"serah-{row.number}"
            save_shown(self, name, self.view.pdf, kind=hand_off_lists.PRINTED, subject=subject)
