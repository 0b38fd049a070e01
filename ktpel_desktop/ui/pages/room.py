"""The room check: a live list in the order of the room, and the chosen item in full beside it."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from PySide6.QtWidgets import QHBoxLayout, QProgressBar

from ktpel_desktop import room_words
from ktpel_desktop.core.roles import Action, Actor
from ktpel_desktop.core.room import RoomCheck, RoomVerdict
from ktpel_desktop.core.room_items import AT_DEVICES, ITEM, ItemId, Turn
from ktpel_desktop.core.room_limits import Status
from ktpel_desktop.core.thermometer import Comparison
from ktpel_desktop.services import preflight
from ktpel_desktop.services.desk import Desk
from ktpel_desktop.ui import theme, words
from ktpel_desktop.ui.pages import room_questions
from ktpel_desktop.ui.pages.page import Page, scrolled
from ktpel_desktop.ui.runner import Lane, Report
from ktpel_desktop.ui.theme import Tone
from ktpel_desktop.ui.widgets.lamps import Lamp
from ktpel_desktop.ui.widgets.panel import Section
from ktpel_desktop.ui.widgets.room_detail import RoomDetail
from ktpel_desktop.ui.widgets.tables import Column, RowsView
from ktpel_desktop.ui.workplace import Workplace

DETAIL_WIDTH = 340
HISTORY = 5000
"""Results of one item that a plot may take: thirty days, one each ten minutes."""


def walk(desk: Desk, actor: Actor, items: frozenset[ItemId], told: Report) -> tuple[RoomCheck, ...]:
    """Look at the items and report all results so far each time one comes."""
    so_far: list[RoomCheck] = []

    def one(check: RoomCheck) -> None:
        so_far.append(check)
        told(tuple(so_far))

    return preflight.run(desk, actor, one, items)


class RoomPage(Page):
    """All items, in the order of the room."""

    topic = "ruangan"
    heading = "Cek ruangan"

    def __init__(self, place: Workplace) -> None:
        super().__init__(place)
        may = place.may(Action.ROOM_CHECK)
        run = self.action("Periksa semua", "refresh", self.run_all, key="F2", primary=True)
        self._awaited: frozenset[ItemId] = frozenset()
        self._instruments = frozenset(map(ItemId, place.desk.sensors))
        self.verdict = Lamp("")
        self.verdict.setFont(theme.font(theme.LEAD, bold=True))
        self.progress = QProgressBar()
        self.progress.setFixedHeight(20)
        self.progress.setFormat("%v dari %m butir")
        self.progress.setAccessibleName("Butir yang sudah diperiksa")
        self.progress.hide()
        self.body.addWidget(self.verdict)
        self.body.addWidget(self.progress)
        self.table = RowsView(
            (
                Column("Butir", lambda c: room_words.name_of(c.item), width=24),
                Column("Hasil", self._state, self._tone, width=14),
                Column("Nilai", room_words.value_of),
            ),
            "Butir ruangan",
            key=lambda check: check.item,
        )
        self.table.chosen.connect(lambda *_: self._chosen())
        self.table.opened.connect(lambda _c: self.type_in())
        sheet = Section()
        sheet.column.setContentsMargins(1, 1, 1, 1)
        self.table.setFrameShape(RowsView.Shape.NoFrame)
        sheet.add(self.table, 1)
        self.detail = RoomDetail(place.local, self._ask_history)
        row = QHBoxLayout()
        row.setSpacing(theme.GAP_L)
        row.addWidget(sheet, 1)
        beside = scrolled(self.detail)
        beside.setFixedWidth(DETAIL_WIDTH)
        row.addWidget(beside)
        self.body.addLayout(row, 1)
        bar = QHBoxLayout()
        bar.setSpacing(theme.GAP)
        self.again_button = self.action("Periksa butir ini", "refresh", self.run_one, key="F6", in_head=False)
        self.type_button = self.action("Isi hasil", "edit", self.type_in, key="F3", in_head=False)
        self.waive_button = self.action("Kecualikan …", "shield", self.waive, key="F4", in_head=False)
        for button in (self.again_button, self.type_button, self.waive_button):
            bar.addWidget(button)
        self.compare_button = self.action(
            "Bandingkan termometer", "room", self.compare, key="F8", in_head=False
        )
        self.compare_button.hide()
        self.detail.column.insertWidget(self.detail.column.indexOf(self.detail.facts), self.compare_button)
        bar.addStretch()
        self.minutes_button = self.action(
            "Berita acara", "request", lambda: place.go("room_minutes"), key="F7", in_head=False
        )
        bar.addWidget(self.minutes_button)
        self.body.addLayout(bar)
        for button in (run, self.again_button, self.type_button, self.waive_button):
            button.setVisible(may)
        self.setFocusProxy(self.table)
        self.settle()

    # ------------------------------------------------------------ showing

    def _state(self, check: RoomCheck) -> str:
        return "sedang diperiksa …" if check.item in self._awaited else room_words.status_of(check)

    def _tone(self, check: RoomCheck) -> Tone:
        return Tone.ACTIVE if check.item in self._awaited else words.ROOM_TONES[check.status]

    def refresh(self) -> None:
        """How the room counts now."""
        self.ask(preflight.verdict, done=self._show)

    def _show(self, found: RoomVerdict) -> None:
        self.table.show_rows(found.checks)
        self.verdict.show_state(words.READINESS_TONES[found.readiness], room_words.sentence_of(found))
        self._chosen()

    def _current(self) -> RoomCheck | None:
        check: RoomCheck | None = self.table.current()
        return check

    def _chosen(self) -> None:
        self.detail.show_check(self._current())
        self._ask_history()
        self.settle()

    def _ask_history(self) -> None:
        check = self._current()
        if check is None or ITEM[check.item].band is None:
            return

        def show(past: Sequence[RoomCheck]) -> None:
            now = self._current()
            if now is not None and now.item is check.item:
                self.detail.show_history(check.item, past, self.place.now())

        self.ask(preflight.history, check.item.value, HISTORY, done=show)

    def settle(self) -> None:
        """What can be done with the chosen item."""
        check = self._current()
        free = not self.working and check is not None
        measured = check is not None and check.item is ItemId.TEMPERATURE and check.item in self._instruments
        self.compare_button.setVisible(measured and self.place.may(Action.ROOM_CHECK))
        self.again_button.setEnabled(free)
        self.type_button.setEnabled(free and check is not None and room_questions.can_be_typed(check))
        self.waive_button.setEnabled(
            free and check is not None and check.status in (Status.CRITICAL, Status.UNKNOWN)
        )

    # ------------------------------------------------------------ looking

    def run_all(self) -> None:
        """Look at everything; the devices in their own lane, behind a card in work."""
        self._look(frozenset(ItemId) - AT_DEVICES, AT_DEVICES)

    def run_one(self) -> None:
        """Look at the chosen item again."""
        check = self._current()
        if check is not None:
            chosen = frozenset({check.item})
            at_devices = ITEM[check.item].turn is Turn.DEVICE
            self._look(frozenset() if at_devices else chosen, chosen if at_devices else frozenset())

    def _look(self, room: frozenset[ItemId], devices: frozenset[ItemId]) -> None:
        if self.working or not self.place.may(Action.ROOM_CHECK):
            return
        self._awaited = room | devices
        self.progress.setRange(0, len(self._awaited))
        self.progress.setValue(0)
        self.progress.show()
        for items, lane in ((room, Lane.ROOM), (devices, Lane.DEVICE)):
            if items:
                self._begin_look(items, lane)

    def _begin_look(self, items: frozenset[ItemId], lane: Lane) -> None:
        def ended(checks: Sequence[RoomCheck]) -> None:
            self._told(checks)
            self._end_work()
            self._end_look(many=len(items) > 1)

        def failed(error: Exception) -> None:
            self._awaited -= items
            self._end_work()
            self._end_look(many=False)
            self.place.messages.show_error(error)

        self._begin_work()
        work = partial(walk, self.place.desk, self.place.me, items)
        self.place.runner.run(lane, work, owner=self, done=ended, failed=failed, progress=self._told)

    def _told(self, checks: Sequence[RoomCheck]) -> None:
        """Results that have come so far, into their rows."""
        came = {check.item: check for check in checks}
        self._awaited -= came.keys()
        self.progress.setValue(self.progress.maximum() - len(self._awaited))
        self.table.show_rows([came.get(row.item, row) for row in self.table.rows.rows])

    def _end_look(self, *, many: bool) -> None:
        if self.working:
            return
        self.progress.hide()
        self.refresh()
        if many:
            self.place.messages.say("Cek ruangan selesai", "Lihat butir yang belum baik, satu per satu.")

    # ------------------------------------------------------------ saying

    def type_in(self) -> None:
        """A reading of an instrument, or a person's word with what was seen."""
        check = self._current()
        if check is not None and self.place.may(Action.ROOM_CHECK):
            room_questions.ask_result(self, ITEM[check.item], self._kept)

    def waive(self) -> None:
        """A penyelia answers for the chosen item."""
        check = self._current()
        if check is not None:
            room_questions.ask_waiver(self, check.item, self._kept)

    def compare(self) -> None:
        """A reference beside the thermometer that the program reads; then the temperature is looked at again."""

        def kept(made: Comparison) -> None:
            said = f"Koreksi {words.number(made.offset)} °C, acuan {made.instrument}."
            self.place.messages.say("Termometer dibandingkan", said, Tone.OK)
            self._look(frozenset({ItemId.TEMPERATURE}), frozenset())

        room_questions.ask_comparison(self, kept)

    def _kept(self, check: RoomCheck) -> None:
        self.refresh()
        self.place.messages.say(
            f"{room_words.name_of(check.item)}: {words.word('room_status', check.status)}",
            room_words.advice_of(check.advice) if check.status is not Status.OK else "",
            words.ROOM_TONES[check.status],
        )
