"""The audit trail: the chain's own check, and for who may read it the newest events."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from PySide6.QtWidgets import QLabel

from ktpel_desktop.core.audit import Anchor, AnchorVerdict, ChainReport, Event, read_anchor
from ktpel_desktop.core.errors import PolicyError
from ktpel_desktop.core.roles import Action, Actor, require
from ktpel_desktop.services import reports
from ktpel_desktop.services.desk import Desk
from ktpel_desktop.ui import theme, words
from ktpel_desktop.ui.dialogs import AskFields
from ktpel_desktop.ui.pages.page import Page
from ktpel_desktop.ui.theme import Tone
from ktpel_desktop.ui.widgets.editors import LineEditor
from ktpel_desktop.ui.widgets.lamps import Lamp
from ktpel_desktop.ui.widgets.panel import Section
from ktpel_desktop.ui.widgets.tables import Column, RowsView
from ktpel_desktop.ui.workplace import Workplace

SHOWN = 500


def newest(desk: Desk, actor: Actor) -> Sequence[Event]:
    """The newest events, newest first."""
    require(actor, Action.READ_AUDIT)
    with desk.unit(actor) as unit:
        head = unit.events.head()
        after = max(0, head.seq - SHOWN) if head else 0
        return tuple(reversed(tuple(unit.events.all(after=after))))


class AuditPage(Page):
    """Check the chain; read what happened."""

    topic = "audit"
    heading = "Jejak audit"

    def __init__(self, place: Workplace, *, anchor: Anchor | None = None) -> None:
        super().__init__(place)
        self.action("Periksa rantai", "audit", self.check, key="F2", primary=True)
        self.action("Bandingkan dengan laporan …", "sign", self.ask_code, key="F3")
        self.lamp = Lamp("Rantai audit")
        self.anchor_lamp = Lamp("Laporan yang dibandingkan")
        self.anchor_lamp.hide()
        self.head = QLabel("Belum diperiksa sejak halaman ini dibuka.")
        self.head.setWordWrap(True)
        self.head.setFont(theme.font(theme.BODY, mono=True))
        sheet = Section("Keutuhan rantai")
        sheet.add(self.lamp)
        sheet.add(self.head)
        sheet.add(self.anchor_lamp)
        self.body.addWidget(sheet)
        self.table = RowsView(
            (
                Column("No.", lambda e: str(e.seq), width=6, right=True),
                Column("Waktu", lambda e: words.moment(place.local(e.at)), width=16),
                Column("Kejadian", words.event_of),
                Column("Tentang", lambda e: e.subject, width=15),
                Column("Oleh", lambda e: place.names_of(e.actor, e.approver), width=19),
                Column("PC", lambda e: e.pc, width=6),
            ),
            "Kejadian",
            key=lambda event: event.seq,
        )
        events = Section("Kejadian terbaru")
        events.add(self.table, 1)
        if not place.may(Action.READ_AUDIT):
            events.hide()
        self.body.addWidget(events, 1)
        if not place.may(Action.READ_AUDIT):
            self.body.addStretch(1)
        if anchor is not None:
            self.act(reports.audit, anchor, done=partial(self._compared, anchor))

    def refresh(self) -> None:
        """Read the newest events."""
        if self.place.may(Action.READ_AUDIT):
            self.ask(newest, done=self.table.show_rows)

    def check(self) -> None:
        """Walk the whole chain."""
        self.act(reports.audit, done=self._checked)

    def ask_code(self) -> None:
        """The code of a printed report, typed from the page or scanned into the field."""

        def given(answers: list[object]) -> None:
            anchor = read_anchor(str(answers[0]))
            if anchor is None:
                self.place.messages.show_error(PolicyError("audit.code_unreadable"))
            else:
                self.act(reports.audit, anchor, done=partial(self._compared, anchor))

        AskFields(
            self,
            "Bandingkan dengan laporan",
            "Pindai kode QR di bawah laporan, atau ketik: RANTAI, jumlah kejadian, lalu sidiknya.",
            ("Bandingkan", "audit"),
            [LineEditor("Kode laporan")],
            given,
        )

    def _compared(self, anchor: Anchor, report: ChainReport) -> None:
        self._checked(report)
        told = f"kejadian nomor {words.number(anchor.count)}"
        match report.anchor:
            case AnchorVerdict.FITS:
                self.anchor_lamp.show_state(Tone.OK, f"cocok: {told} masih sama")
            case AnchorVerdict.CUT:
                self.anchor_lamp.show_state(Tone.BAD, f"TIDAK COCOK: jejak lebih pendek dari {told}")
            case _:
                self.anchor_lamp.show_state(Tone.BAD, f"TIDAK COCOK: {told} sudah bukan yang dicetak")
        self.anchor_lamp.show()

    def _checked(self, report: ChainReport) -> None:
        if report.intact:
            self.lamp.show_state(Tone.OK, f"utuh, {words.number(report.count)} kejadian")
        else:
            self.lamp.show_state(Tone.BAD, f"rusak mulai kejadian nomor {report.first_bad}")
        self.head.setText(f"Kepala: {report.head}")
