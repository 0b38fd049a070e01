"""State lamps: colour, shape and word together, never colour alone."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QLabel, QWidget

from ktpel_desktop.ui import icons, theme
from ktpel_desktop.ui.theme import Tone


class Lamp(QWidget):
    """What it is, its shape, its word."""

    def __init__(self, caption: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.caption = caption
        self.tone = Tone.UNKNOWN
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
        text = f"{self.caption}: {word}" if self.caption else word
        self._icon.setPixmap(icons.tone_icon(tone).pixmap(18, 18))
        self._word.setText(text)
        self.setAccessibleName(text)
        self.setAccessibleDescription(detail)
        self.setToolTip(detail)

    def text(self) -> str:
        """The words shown."""
        return self._word.text()
