"""Beside the list of the room check: the chosen item in full, and how its value went today and in the last 30 days."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from functools import partial

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QButtonGroup, QHBoxLayout, QLabel, QWidget

from ktpel_desktop import room_words
from ktpel_desktop.core.room import RoomCheck
from ktpel_desktop.core.room_items import ITEM
from ktpel_desktop.core.room_limits import Status
from ktpel_desktop.ui import theme, words
from ktpel_desktop.ui.widgets.lamps import Lamp
from ktpel_desktop.ui.widgets.panel import Section
from ktpel_desktop.ui.widgets.plot import Curve, Plot
from ktpel_desktop.ui.widgets.ticks import Choice

TODAY, MONTH = timedelta(hours=24), timedelta(days=30)
LONGEST = 90
"""Of one line of evidence; the whole of it is in the store and in `periksa --json`."""
LARGE = 14
"""Longer values are words, which are no easier to read when they are large."""


class RoomDetail(Section):
    """One item. `local` is the office's time; `asked` is called when another span of time is wanted."""

    def __init__(self, local: Callable[[datetime], datetime], asked: Callable[[], object]) -> None:
        super().__init__()
        self._local, self.span = local, TODAY
        self.name = QLabel()
        self.name.setFont(theme.font(theme.LEAD, bold=True))
        self.name.setWordWrap(True)
        self.lamp = Lamp("")
        self.value, self.facts, self.advice = QLabel(), QLabel(), QLabel()
        for label in (self.value, self.facts, self.advice):
            label.setWordWrap(True)
            label.setTextFormat(Qt.TextFormat.PlainText)
        for widget in (self.name, self.lamp, self.value, self.advice, self.facts):
            self.add(widget)
        self.plot = Plot(words.number, self._moment)
        self.spans, row = QWidget(), QHBoxLayout()
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(theme.GAP)
        self.spans.setLayout(row)
        group = QButtonGroup(self)
        for word, span in (("Hari ini", TODAY), ("30 hari", MONTH)):
            button = Choice(word)
            button.setChecked(span is TODAY)
            button.clicked.connect(partial(self._choose, span, asked))
            group.addButton(button)
            row.addWidget(button)
        row.addStretch()
        self.column.addStretch()
        self.add(self.plot, 1)
        self.add(self.spans)

    def _choose(self, span: timedelta, asked: Callable[[], object], _checked: bool = True) -> None:
        self.span = span
        asked()

    def _moment(self, at: datetime) -> str:
        return words.day_and_clock(at) if self.span is TODAY else words.short_day(at)

    def show_check(self, check: RoomCheck | None) -> None:
        """The item's result in full; None while nothing is chosen."""
        shown = check is not None
        for widget in (self.lamp, self.value, self.facts, self.advice):
            widget.setVisible(shown)
        drawn = check is not None and ITEM[check.item].band is not None
        self.plot.setVisible(drawn)
        self.spans.setVisible(drawn)
        if check is None:
            self.name.setText("Pilih satu butir.")
            return
        self.name.setText(room_words.name_of(check.item))
        self.lamp.show_state(words.ROOM_TONES[check.status], room_words.status_of(check))
        value = room_words.value_of(check)
        self.value.setFont(theme.font(theme.LEAD if len(value) > LARGE else theme.TITLE, bold=True))
        self.value.setText(value)
        good = check.status is Status.OK
        self.advice.setVisible(not good)
        who = words.word("room_who", check.who)
        self.advice.setText(f"{room_words.advice_of(check.advice)}\nYang menindaklanjuti: {who}.")
        self.facts.setText("\n".join(self._facts(check)))

    def _facts(self, check: RoomCheck) -> list[str]:
        item = ITEM[check.item]
        known = check.method != "none" or check.status is not Status.UNKNOWN
        told = [f"Batas: {room_words.limit_of(check)}"] if item.limit else []
        told += [f"Sumber: {room_words.source_of(check)}"]
        told += [f"Waktu: {words.day_and_clock(self._local(check.measured_at))}"] if known else []
        told += [f"Dicatat oleh: {check.by}"] if check.by and check.by != check.source else []
        told += [f"Dokumen: {check.document}"] if check.document else []
        if check.valid_until is not None:
            told.append(f"Berlaku sampai: {words.short_day(self._local(check.valid_until))}")
        told += [f"Alasan pengecualian: {check.waived_reason}"] if check.waived_reason else []
        told += [f"Bukti: {_short(line)}" for line in room_words.evidence_of(check)]
        told += [f"Dasar: Instruksi Gubernur 78/2016, {item.paragraph}"] if item.paragraph else []
        return told

    def show_history(self, item: object, past: Sequence[RoomCheck], now: datetime) -> None:
        """Its values in the chosen span of time, newest first as the service gives them."""
        known = next((one for one in ITEM.values() if one.id == item), None)
        if known is None or known.band is None:
            return
        begin = now - self.span
        values = [
            (self._local(check.measured_at), check.value)
            for check in reversed(past)
            if check.value is not None and check.unit == known.unit and check.measured_at >= begin
        ]
        gap = 3 * known.every if known.every is not None else MONTH
        self.plot.show_curve(Curve(values, self._local(begin), self._local(now), known.band, known.unit, gap))


def _short(line: str) -> str:
    return line if len(line) <= LONGEST else f"{line[: LONGEST - 1]}…"
