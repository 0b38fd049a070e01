"""The room check: every item of the instruction with its value, limit and state; what was not measured says so."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtWidgets import QHBoxLayout, QLabel

from ktpel_desktop.core.roles import Action
from ktpel_desktop.core.room import RoomCheck, RoomVerdict
from ktpel_desktop.core.room_items import ITEM, Kind
from ktpel_desktop.core.room_limits import Status
from ktpel_desktop.services import preflight
from ktpel_desktop.services.approvals import Approval
from ktpel_desktop.ui import theme, words
from ktpel_desktop.ui.dialogs import AskApproval, AskFields
from ktpel_desktop.ui.pages.page import Page
from ktpel_desktop.ui.runner import Lane
from ktpel_desktop.ui.theme import Tone
from ktpel_desktop.ui.widgets.editors import LineEditor, RadioEditor
from ktpel_desktop.ui.widgets.lamps import Lamp
from ktpel_desktop.ui.widgets.panel import Section
from ktpel_desktop.ui.widgets.tables import Column, RowsView
from ktpel_desktop.ui.workplace import Workplace

_READY = {
    "ready": Tone.OK,
    "ready_with_warnings": Tone.WARN,
    "not_measured": Tone.UNKNOWN,
    "not_ready": Tone.BAD,
}


def value_of(check: RoomCheck) -> str:
    """The value itself with its unit, or what a person saw."""
    if check.value is not None:
        return f"{words.number(check.value)} {check.unit}"
    return check.text or "–"


def status_of(check: RoomCheck) -> str:
    """The state in a word; a waiver names who answers for it."""
    word = words.word("room_status", check.status)
    if check.status is Status.WAIVED:
        return f"{word} oleh {check.waived_by}"
    return f"{word} · wajib" if check.blocks else word


def advice_of(code: str) -> str:
    """What to do; the advice of a sensor that failed is the failure's own title."""
    known = words.table_of("room_advice").get(code)
    return known if isinstance(known, str) else f"{words.note(code)}."


class RoomPage(Page):
    """All items, in the order of the instruction."""

    topic = "ruangan"
    heading = "Cek ruangan"

    def __init__(self, place: Workplace) -> None:
        super().__init__(place)
        may = place.may(Action.ROOM_CHECK)
        run = self.action("Periksa semua", "refresh", self.run_all, key="F2", primary=True)
        if not may:
            run.hide()
        self.verdict = Lamp("")
        self.verdict.setFont(theme.font(theme.LEAD, bold=True))
        self.body.addWidget(self.verdict)
        self.table = RowsView(
            (
                Column("Butir", lambda c: words.word("room_item", c.item), width=24),
                Column("Hasil", status_of, lambda c: words.ROOM_TONES[c.status], width=17),
                Column("Nilai", value_of),
                Column("Batas", lambda c: f"{c.limit} {ITEM[c.item].unit}".strip() or "–", width=10),
                Column("Waktu", self._when, width=11),
            ),
            "Butir ruangan",
            key=lambda check: check.item,
        )
        self.table.chosen.connect(lambda *_: self.settle())
        self.table.opened.connect(lambda _c: self.type_in())
        sheet = Section()
        sheet.column.setContentsMargins(1, 1, 1, theme.GAP_M)
        self.table.setFrameShape(RowsView.Shape.NoFrame)
        sheet.add(self.table, 1)
        self.advice = QLabel()
        self.advice.setWordWrap(True)
        self.advice.setContentsMargins(theme.GAP_L, theme.GAP, theme.GAP_L, 0)
        self.advice.setMinimumHeight(48)
        sheet.add(self.advice)
        self.body.addWidget(sheet, 1)
        bar = QHBoxLayout()
        self.type_button = self.action("Isi hasil", "edit", self.type_in, key="F3", in_head=False)
        self.waive_button = self.action("Kecualikan …", "shield", self.waive, key="F4", in_head=False)
        bar.addWidget(self.type_button)
        bar.addWidget(self.waive_button)
        bar.addStretch()
        self.body.addLayout(bar)
        for button in (self.type_button, self.waive_button):
            if not may:
                button.hide()
        self.setFocusProxy(self.table)
        self.settle()

    def _source(self, check: RoomCheck) -> str:
        method = words.word("room_method", check.method)
        return f"{check.source} ({method})" if check.source else method

    def _when(self, check: RoomCheck) -> str:
        if check.method == "none" and check.status is Status.UNKNOWN:
            return "–"
        return words.day_and_clock(self.place.local(check.measured_at))

    def refresh(self) -> None:
        """How the room counts now."""
        self.ask(preflight.verdict, done=self._show)

    def _show(self, found: RoomVerdict) -> None:
        self.table.show_rows(found.checks)
        self.verdict.show_state(_READY[found.readiness.value], words.word("readiness", found.readiness))
        self.settle()

    def settle(self) -> None:
        """Advice for the chosen item, and what can be done with it."""
        check: RoomCheck | None = self.table.current()
        free = not self.working and check is not None
        self.type_button.setEnabled(free)
        self.waive_button.setEnabled(
            free and check is not None and check.status in (Status.CRITICAL, Status.UNKNOWN)
        )
        if check is None:
            self.advice.setText("")
            return
        item = ITEM[check.item]
        parts = [f"{words.word('room_item', check.item)}: {value_of(check)}. Sumber: {self._source(check)}."]
        if check.status is not Status.OK:
            parts.append(
                f"{advice_of(check.advice)} Yang menindaklanjuti: {words.word('room_who', check.who)}."
            )
        if check.waived_reason:
            parts.append(f"Alasan pengecualian: {check.waived_reason}.")
        self.advice.setText(" ".join([*parts, f"Dasar: {item.paragraph}."]))

    # ------------------------------------------------------------ acts

    def run_all(self) -> None:
        """Read every sensor; each alone, so that a broken one hides no other."""

        def done(checks: Sequence[RoomCheck]) -> None:
            bad = sum(check.status is not Status.OK for check in checks)
            self.refresh()
            if bad:
                self.place.messages.say("Cek ruangan selesai", f"{bad} butir perlu dilihat.", Tone.WARN)
            else:
                self.place.messages.say("Cek ruangan selesai", "Semua butir baik.")

        self.act(preflight.run, lane=Lane.DEVICE, done=done)

    def type_in(self) -> None:
        """A reading of an instrument, or a person's word with what was seen."""
        check: RoomCheck | None = self.table.current()
        if check is None or not self.place.may(Action.ROOM_CHECK):
            return
        item = ITEM[check.item]
        name, question = words.word("room_item", item.id), words.word("room_question", item.id)
        me = f"Dicatat atas nama {self.place.me.name}."
        if item.kind is Kind.ATTESTED:
            holds = RadioEditor(
                f"{name}?", (("ya", "Ya"), ("tidak", "Tidak")), values={"ya": True, "tidak": False}
            )
            AskFields(self, name, me, ("Simpan", "done"), [holds, LineEditor(question)], self._attested)
            return
        value = LineEditor(f"{question} ({item.unit})", "Boleh memakai koma atau titik.")
        AskFields(self, name, me, ("Simpan", "done"), [value, LineEditor("Dibaca dari alat")], self._typed)

    def _attested(self, answers: list[object]) -> None:
        check: RoomCheck | None = self.table.current()
        if check is not None:
            self.act(preflight.attest, check.item.value, answers[0] is True, str(answers[1]), done=self._kept)

    def _typed(self, answers: list[object]) -> None:
        check: RoomCheck | None = self.table.current()
        value = words.parse_number(str(answers[0]))
        if value is None:
            self.place.messages.say("Nilai harus angka", "Contoh: 23,5", Tone.WARN)
        elif check is not None:
            self.act(preflight.attest, check.item.value, value, str(answers[1]), done=self._kept)

    def _kept(self, check: RoomCheck) -> None:
        self.refresh()
        self.place.messages.say(
            f"{words.word('room_item', check.item)}: {words.word('room_status', check.status)}",
            advice_of(check.advice) if check.status is not Status.OK else "",
            words.ROOM_TONES[check.status],
        )

    def waive(self) -> None:
        """A penyelia answers for an item, with a reason."""
        check: RoomCheck | None = self.table.current()
        if check is None:
            return
        item = check.item.value

        def reason(answers: list[object]) -> None:
            AskApproval(
                self,
                self.place,
                Action.WAIVE_ROOM,
                item,
                lambda approval: self._waive(item, str(answers[0]), approval),
            )

        AskFields(
            self,
            f"Kecualikan: {words.word('room_item', item)}",
            "Pengecualian berlaku untuk hari ini dan tertulis di laporan.",
            ("Lanjut", "next"),
            [LineEditor("Alasan")],
            reason,
        )

    def _waive(self, item: str, reason: str, approval: Approval) -> None:
        self.act(preflight.waive, item, reason, approval, done=self._kept)
