"""The card readers of this PC, live: name, what each is for, whether a card lies there."""

from __future__ import annotations

from ktpel_desktop.core.ports import Answer
from ktpel_desktop.ui import theme, words
from ktpel_desktop.ui.reader_watch import SeenReader, WatchedReaders
from ktpel_desktop.ui.theme import Tone
from ktpel_desktop.ui.widgets.lamps import Lamp
from ktpel_desktop.ui.widgets.panel import Section
from ktpel_desktop.ui.widgets.tables import Column, RowsView

_TONES = {Answer.YES: Tone.OK, Answer.NO: Tone.BAD, Answer.UNKNOWN: Tone.UNKNOWN}
_ROWS = 4
"""So many readers are shown without scrolling; an office has two or three."""


def card_of(reader: SeenReader) -> str:
    """Whether a card lies there, and whether somebody talks to it just now."""
    code = "mute" if reader.mute else "present" if reader.present else "empty"
    told = words.word("reader_card", code)
    return f"{told}, {words.word('reader_card', 'in_use')}" if reader.in_use else told


def tone_of(reader: SeenReader) -> Tone | None:
    """The shape beside it; an empty reader has none."""
    if reader.mute:
        return Tone.WARN
    return Tone.OK if reader.present else None


class ReaderList(Section):
    """A line about the service and a row for each reader."""

    def __init__(self, readers: WatchedReaders) -> None:
        super().__init__("Pembaca kartu")
        self._readers = readers
        self.column.setContentsMargins(1, theme.GAP_M, 1, theme.GAP)
        self.head.setContentsMargins(theme.GAP_L, 0, theme.GAP_L, 0)
        self.lamp = Lamp("Layanan pembaca")
        self.head.addWidget(self.lamp)
        self.table = RowsView(
            (
                Column("Nama pembaca", lambda one: one.name),
                Column("Tugas", self._roles_in_words, width=28),
                Column("Kartu", card_of, tone_of, width=28),
            ),
            "Pembaca kartu",
            key=lambda one: one.name,
        )
        self.table.setFrameShape(RowsView.Shape.NoFrame)
        self.add(self.table)
        readers.changed.connect(self.show_now)
        self.show_now()

    def show_now(self) -> None:
        """The readers as they were told last."""
        seen = self._readers.seen
        if seen is None:
            self._lamp_and_rows(Answer.UNKNOWN, "", [])
            self.table.say_empty("Pembaca sedang dicari …")
        else:
            self._lamp_and_rows(seen.service, seen.note, list(seen.readers))
            self.table.say_empty(words.note(seen.note) if seen.note else "Tidak ada pembaca.")

    def _lamp_and_rows(self, service: Answer, note: str, rows: list[SeenReader]) -> None:
        told = words.note(note) if note else ""
        self.lamp.show_state(_TONES[service], words.word("answer", service), told)
        header = self.table.horizontalHeader().minimumHeight()
        self.table.setFixedHeight(header + theme.TARGET * min(max(len(rows), 1), _ROWS) + theme.GAP_S)
        self.table.show_rows(rows)

    def _roles_in_words(self, reader: SeenReader) -> str:
        return ", ".join(words.word("reader_role", role) for role in self._readers.roles_of(reader)) or "–"
