"""Today's hand-offs, each with its list: read, printed for both signatures, saved."""

from __future__ import annotations

from ktpel_desktop.core.request import RequestState
from ktpel_desktop.services import hand_off_lists
from ktpel_desktop.services.hand_off_lists import HandOff
from ktpel_desktop.ui.pages.paper_list import PaperListPage
from ktpel_desktop.ui.widgets.tables import Column
from ktpel_desktop.ui.workplace import Workplace

LIST_WIDTH = 380


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
        self.action("Diserahkan ke pemohon", "handover", lambda: place.go("handovers"), key="F6")
        self.form_button = self.action(
            "Cetak pada form",
            "print",
            lambda: self.print_by(hand_off_lists.print_form, "Daftar dikirim ke printer dot-matrix"),
            key="F9",
            in_head=False,
        )
        self.form_button.setVisible(place.desk.dot_matrix is not None)
        self.add_paper_bar(
            back=place.home,
            print_use_case=hand_off_lists.print_out,
            printed=("Daftar", "Kedua petugas menandatanganinya."),
            file_name=lambda one: f"serah-terima-{one.number}.pdf",
            saved=lambda one: (hand_off_lists.PRINTED, f"serah-{one.number}"),
            more=(self.form_button,),
        )

    def _receiver(self, one: HandOff) -> str:
        what = "Berkas" if one.state is RequestState.WITH_OPERATOR else "Hasil"
        return f"{what} → {self.place.name_of(one.receiver)}"

    def refresh(self) -> None:
        """What was handed over so far."""
        self.ask(hand_off_lists.recent, done=self.show_rows)
