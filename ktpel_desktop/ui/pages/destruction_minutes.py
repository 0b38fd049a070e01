"""The minutes of every destruction: read, printed for ink, saved."""

from __future__ import annotations

from ktpel_desktop.core.destruction import subject
from ktpel_desktop.services import destruction
from ktpel_desktop.ui import words
from ktpel_desktop.ui.pages.paper_list import PaperListPage
from ktpel_desktop.ui.widgets.tables import Column
from ktpel_desktop.ui.workplace import Workplace

LIST_WIDTH = 380


class DestructionMinutesPage(PaperListPage):
    """The destructions at the left, the newest chosen; its minutes at the right."""

    topic = "pemusnahan"
    heading = "Berita acara pemusnahan"
    paper = "Berita acara"

    def __init__(self, place: Workplace) -> None:
        super().__init__(
            place,
            (
                Column("Nomor", lambda one: one.title),
                Column("Tanggal", lambda one: words.short_day(place.local(one.at)), width=10),
                Column("Kartu", lambda one: words.number(one.cards), width=6, right=True),
            ),
            "Berita acara pemusnahan",
            number_of=lambda one: one.id,
            use_case=destruction.pdf,
            empty="Belum ada kartu yang dimusnahkan.",
            width=LIST_WIDTH,
        )
        self.add_paper_bar(
            back=lambda: place.go("destruction"),
            print_use_case=destruction.print_out,
            printed=("Berita acara", "Pelaksana, saksi, dan penyelia menandatanganinya."),
            file_name=lambda one: f"berita-acara-pemusnahan-{one.year}-{one.number}.pdf",
            saved=lambda one: (destruction.PRINTED, subject(one.year, one.number)),
        )

    def refresh(self) -> None:
        """What was destroyed so far."""
        self.ask(destruction.recorded, done=self.show_rows)
