"""The register of blanks, a month at a time: read, printed for initials, saved."""

from __future__ import annotations

from ktpel_desktop.services import register
from ktpel_desktop.ui import words
from ktpel_desktop.ui.pages.paper_list import PaperListPage
from ktpel_desktop.ui.widgets.tables import Column
from ktpel_desktop.ui.workplace import Workplace

LIST_WIDTH = 300


class RegisterPage(PaperListPage):
    """The months at the left, the chosen one's lines at the right."""

    topic = "blangko"
    heading = "Buku blangko"
    paper = "Buku"

    def __init__(self, place: Workplace) -> None:
        super().__init__(
            place,
            (
                Column("Bulan", lambda one: words.month(one.number)),
                Column("Baris", lambda one: str(one.lines), width=7, right=True),
            ),
            "Bulan",
            number_of=lambda one: one.number,
            use_case=register.pdf,
            empty="Belum ada mutasi blangko.",
            width=LIST_WIDTH,
        )
        self.add_paper_bar(
            back=lambda: place.go("blanks"),
            print_use_case=register.print_out,
            printed=("Buku", "Petugas memberi paraf pada setiap baris."),
            file_name=lambda one: f"buku-blangko-{one.number}.pdf",
            saved=lambda one: (register.PRINTED, register.subject(one.number)),
        )

    def refresh(self) -> None:
        """Months with lines."""
        self.ask(register.months, done=self.show_rows)
