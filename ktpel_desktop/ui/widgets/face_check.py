"""The check list after printing: photo, text and surface are looked at by a person, the chip answers for itself."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from ktpel_desktop.ui import theme, words
from ktpel_desktop.ui.theme import Tone
from ktpel_desktop.ui.widgets.lamps import Lamp
from ktpel_desktop.ui.widgets.ticks import Tick

POINTS = ("photo", "text", "surface")
"""Codes of services.issuing.FACE_FAULTS in the order in which a card is looked at."""


class FaceCheck(QWidget):
    """Three boxes and a line about the chip. Enter on a box ticks it and goes to the next.

    Signals: `changed` when a box was ticked or unticked.
    """

    changed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.boxes = {code: Tick(words.word("face_point", code)) for code in POINTS}
        self.chip = Lamp("Chip")
        self.chip.setContentsMargins(theme.GAP_S, 0, 0, 0)
        self.chip.show_state(Tone.ACTIVE, words.word("face_point", "chip"))
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.GAP_S)
        for box in self.boxes.values():
            box.toggled.connect(lambda *_: self.changed.emit())
            column.addWidget(box)
        column.addWidget(self.chip)
        self.setAccessibleName("Daftar periksa kartu")
        self.hide()

    def begin(self) -> None:
        """A card that nobody has looked at yet."""
        for box in self.boxes.values():
            box.setChecked(False)

    def missing(self) -> tuple[str, ...]:
        """Points that nobody has found good."""
        return tuple(code for code, box in self.boxes.items() if not box.isChecked())

    def told_missing(self) -> str:
        """The same in words."""
        return "; ".join(words.word("face_point", code) for code in self.missing())

    def seen_bad(self) -> tuple[str, ...]:
        """Points left open by somebody who ticked others; nothing where no point was looked at, or all are good."""
        missing = self.missing()
        return missing if len(missing) < len(self.boxes) else ()

    def tick(self, box: QWidget | None) -> bool:
        """Enter on a box: it is ticked and the next one asked. Whether the focus was on one."""
        if not isinstance(box, Tick) or box not in self.boxes.values():
            return False
        box.setChecked(True)
        self.ask_next()
        return True

    def ask_next(self) -> bool:
        """The keyboard to the first point that is not ticked; False where all are."""
        for code in self.missing():
            self.boxes[code].setFocus(Qt.FocusReason.OtherFocusReason)
            return True
        return False
