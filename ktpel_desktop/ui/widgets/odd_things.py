"""What a person should look at before going on: a yellow list, never a refusal."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QEvent, Qt
from PySide6.QtWidgets import QHBoxLayout, QLabel, QWidget

from ktpel_desktop.ui import icons, theme, words
from ktpel_desktop.ui.theme import Tone
from ktpel_desktop.ui.widgets.panel import Panel


class OddThings(Panel):
    """One line for each code, in the words of resources/teks; hidden while there is none."""

    def __init__(self, caption: str, parent: QWidget | None = None) -> None:
        super().__init__(parent, Tone.WARN)
        self._caption = caption
        self._mark, self._lines = QLabel(), QLabel()
        self._lines.setTextFormat(Qt.TextFormat.PlainText)
        self._lines.setWordWrap(True)
        row = QHBoxLayout(self)
        row.setContentsMargins(theme.GAP_M, theme.GAP, theme.GAP_M, theme.GAP)
        row.setSpacing(theme.GAP)
        row.addWidget(self._mark, 0, Qt.AlignmentFlag.AlignTop)
        row.addWidget(self._lines, 1)
        self._dress()
        self.hide()

    def show_codes(self, codes: Sequence[str]) -> None:
        """Replace the lines; without any the list goes."""
        self._lines.setText("\n".join(words.note(code) for code in codes))
        self.setAccessibleName(f"{self._caption}: " + "; ".join(self.text().splitlines()))
        self.setVisible(bool(codes))

    def text(self) -> str:
        """The lines shown."""
        return self._lines.text()

    def changeEvent(self, event: QEvent) -> None:
        """Follow a change of theme."""
        if event.type() is QEvent.Type.ApplicationPaletteChange:
            self._dress()
        super().changeEvent(event)

    def _dress(self) -> None:
        self._mark.setPixmap(icons.tone_icon(Tone.WARN).pixmap(18, 18))
