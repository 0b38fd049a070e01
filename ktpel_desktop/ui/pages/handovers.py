"""Results handed to applicants, a working day at a time: read, printed for signatures, saved."""

from __future__ import annotations

from ktpel_desktop.services import handover_lists
from ktpel_desktop.ui import words
from ktpel_desktop.ui.pages.paper_list import PaperListPage
from ktpel_desktop.ui.widgets.tables import Column
from ktpel_desktop.ui.workplace import Workplace

LIST_WIDTH = 300


class HandoversPage(PaperListPage):
    """The days at the left, the chosen one's list at the right."""

    topic = "serah-terima"
    heading = "Daftar penyerahan hasil"
    paper = "Daftar"

    def __init__(self, place: Workplace) -> None:
        super().__init__(
            place,
            (
                Column("Hari", lambda one: words.short_day(place.local(one.opened_at))),
                Column("Hasil", lambda one: words.number(one.count), width=7, right=True),
            ),
            "Hari",
            number_of=lambda one: one.number,
            use_case=handover_lists.pdf,
            empty="Belum ada hasil yang diserahkan.",
            width=LIST_WIDTH,
        )
        self.add_paper_bar(
            back=lambda: place.go("hand_offs"),
            print_use_case=handover_lists.print_out,
            printed=("Daftar", "Petugas loket dan penyelia menandatanganinya."),
            file_name=lambda one: f"penyerahan-{one.number}.pdf",
            saved=lambda one: (handover_lists.PRINTED, handover_lists.subject(one.number)),
        )

    def refresh(self) -> None:
        """Days with handovers."""
        self.ask(handover_lists.days, done=self.show_rows)
