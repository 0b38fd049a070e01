"""Cards held for destruction, and their destruction before witnesses."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout

from ktpel_desktop import spoken
from ktpel_desktop.core.destruction import Destruction, approval_subject, check_deed, tidied
from ktpel_desktop.core.errors import PolicyError
from ktpel_desktop.core.roles import Action
from ktpel_desktop.services import destruction
from ktpel_desktop.services.destruction import HeldLine
from ktpel_desktop.ui import theme
from ktpel_desktop.ui.dialogs import AskApproval
from ktpel_desktop.ui.pages.page import Page, scrolled
from ktpel_desktop.ui.theme import Tone
from ktpel_desktop.ui.widgets.deed_form import DeedForm
from ktpel_desktop.ui.widgets.panel import Section
from ktpel_desktop.ui.widgets.tables import Column, RowsView
from ktpel_desktop.ui.workplace import Workplace

FORM_WIDTH = 340


class DestructionPage(Page):
    """The held cards at the left, all chosen at first; how they are destroyed at the right."""

    topic = "pemusnahan"
    heading = "Pemusnahan"

    def __init__(self, place: Workplace) -> None:
        super().__init__(place)
        self._chosen_once = False
        self.table = RowsView(
            (
                Column("Nomor", lambda line: line.number, width=6),
                Column("Nama", lambda line: line.name_masked),
                Column("Sebab", _cause),
                Column("Sejak", self._since, _ageing, width=6),
            ),
            "Kartu yang belum dimusnahkan",
            key=lambda line: line.card.id,
            many=True,
        )
        self.table.say_empty("Tidak ada kartu yang harus dimusnahkan.")
        self.table.chosen.connect(lambda *_: self.settle())
        sheet = Section()
        sheet.column.setContentsMargins(1, 1, 1, 1)
        self.table.setFrameShape(RowsView.Shape.NoFrame)
        sheet.add(self.table, 1)
        self.form = DeedForm(f"Kantor Kelurahan {place.desk.office.kelurahan}", place.me.name)
        beside = scrolled(self.form)
        beside.setFixedWidth(FORM_WIDTH)
        row = QHBoxLayout()
        row.setSpacing(theme.GAP_L)
        row.addWidget(sheet, 1)
        row.addWidget(beside)
        self.body.addLayout(row, 1)
        bar = QHBoxLayout()
        bar.setSpacing(theme.GAP)
        bar.addWidget(self.action("Kembali", "back", lambda: place.go("blanks"), key="Esc", in_head=False))
        bar.addWidget(
            self.action(
                "Berita acara", "request", lambda: place.go("destruction_minutes"), key="F3", in_head=False
            )
        )
        bar.addStretch()
        self.destroy_button = self.action(
            "Musnahkan …", "trash", self.write_down, key="F2", primary=True, in_head=False
        )
        bar.addWidget(self.destroy_button)
        self.body.addLayout(bar)
        self.setFocusProxy(self.table)
        self.settle()

    def _since(self, line: HeldLine) -> str:
        return f"{self.place.local(line.card.since):%d/%m}"

    def refresh(self) -> None:
        """What is held now; what is being typed stays."""
        self.ask(destruction.held, done=self._show)

    def _show(self, found: Sequence[HeldLine]) -> None:
        self.table.show_rows(found)
        if not self._chosen_once:
            self.table.selectAll()
            self._chosen_once = True
        self.settle()

    def settle(self) -> None:
        """Nothing is destroyed that was not chosen, and the page says how much is."""
        held, chosen = self.table.rows.rows, len(self.table.selected())
        late = sum(line.overdue for line in held)
        told = f"Dipilih {chosen} dari {len(held)} kartu." if held else ""
        if late:
            told += f" {late} sudah menginap: kartu dimusnahkan setiap hari (SE 470.13/11176/SJ)."
        self.say_below(told)
        self.destroy_button.setEnabled(bool(chosen) and not self.working)

    def write_down(self) -> None:
        """Write it down, once the penyelia has agreed to exactly these cards."""
        chosen = [line.card.id for line in self.table.selected()]
        deed = tidied(self.form.deed())
        try:
            check_deed(deed, (self.place.me.name,))
        except PolicyError as error:
            self.place.messages.show_error(error)
            self.form.setFocus(Qt.FocusReason.OtherFocusReason)
            return
        AskApproval(
            self,
            self.place,
            Action.DESTROY_SPOILED,
            approval_subject(chosen),
            lambda approval: self.act(destruction.destroy, deed, approval, chosen, done=self._done),
            told=f"pemusnahan {len(chosen)} kartu",
        )

    def _done(self, made: Destruction) -> None:
        self.place.go("destruction_minutes")
        self.place.messages.say(
            f"Berita acara {made.title} dicatat", "Cetak, lalu mintakan tanda tangan semua yang hadir."
        )


def _cause(line: HeldLine) -> str:
    return spoken.destruction_cause(line.card.cause)


def _ageing(line: HeldLine) -> Tone:
    return Tone.WARN if line.overdue else Tone.OK
