"""State lamps: colour, shape and word together, never colour alone."""

from __future__ import annotations

from PySide6.QtCore import QEvent, Qt
from PySide6.QtWidgets import QHBoxLayout, QLabel, QWidget

from ktpel_desktop.ui import icons, theme
from ktpel_desktop.ui.theme import Tone


class Lamp(QWidget):
    """What it is, its shape, its word."""

    def __init__(self, caption: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.caption = caption
        self.tone = Tone.UNKNOWN
        self._full, self._short = "", False
        self._icon, self._word = QLabel(), QLabel()
        self._word.setTextFormat(Qt.TextFormat.PlainText)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(theme.GAP_S + 2)
        row.addWidget(self._icon)
        row.addWidget(self._word)
        row.addStretch(1)
        self.show_state(Tone.UNKNOWN, "tidak diketahui")

    def show_state(self, tone: Tone, word: str, detail: str = "") -> None:
        """Show a state; the detail is for the tool tip and screen readers as well as the page of devices."""
        self.tone = tone
        text = self._full = f"{self.caption}: {word}" if self.caption else word
        self._icon.setPixmap(icons.tone_icon(tone).pixmap(18, 18))
        self.show_short(self._short)
        self.setAccessibleName(text)
        self.setAccessibleDescription(detail)
        self.setToolTip(detail)

    def changeEvent(self, event: QEvent) -> None:
        """Follow a change of theme."""
        if event.type() is QEvent.Type.ApplicationPaletteChange:
            self._icon.setPixmap(icons.tone_icon(self.tone).pixmap(18, 18))
        super().changeEvent(event)

    def show_short(self, short: bool) -> None:
        """Where room is scarce, what is well is told by its shape beside the name alone."""
        self._short = short
        self._word.setText(self.caption if short and self.caption and self.tone is Tone.OK else self._full)

    def full_width(self) -> int:
        """How much room shape and all words take."""
        return (
            self._icon.sizeHint().width() + theme.GAP_S + 2 + self.fontMetrics().horizontalAdvance(self._full)
        )

    def text(self) -> str:
        """The words shown."""
        return self._word.text()
