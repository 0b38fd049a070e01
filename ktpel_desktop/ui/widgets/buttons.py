"""Buttons of one size, with icon and word; the main one of a screen in the accent colour."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QEvent, QSize
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import QPushButton, QWidget

from ktpel_desktop.ui import icons, theme


class Button(QPushButton):
    """A button; `primary` is the one that Enter means."""

    def __init__(
        self,
        word: str,
        icon: str = "",
        *,
        primary: bool = False,
        key: str = "",
        slot: Callable[[], object] | None = None,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.primary = primary
        self._icon_name = icon
        self.setMinimumHeight(theme.TARGET)
        self.setIconSize(QSize(20, 20))
        self.setAutoDefault(False)
        if key:
            self.setShortcut(QKeySequence(key))
        self.say(word, icon)
        if slot is not None:
            self.clicked.connect(lambda *_: slot())
        self._dress()

    def say(self, word: str, icon: str | None = None) -> None:
        """Change the word, and the icon where one is named."""
        key = self.shortcut()
        name = key.toString(QKeySequence.SequenceFormat.NativeText)
        shown = f"{word}  ({name})" if name.startswith("F") and len(name) <= 3 else word
        self.setText(shown.replace("&", "&&"))
        self.setShortcut(key)  # setText takes a shortcut away
        self.setAccessibleName(word)
        if icon is not None:
            self._icon_name = icon
            self._dress()

    def changeEvent(self, event: QEvent) -> None:
        """Follow a change of theme."""
        if event.type() is QEvent.Type.ApplicationPaletteChange:
            self._dress()
        super().changeEvent(event)

    def _dress(self) -> None:
        if self._icon_name:
            self.setIcon(icons.icon(self._icon_name, "on_accent" if self.primary else "text"))
        if self.primary:
            theme.paint_primary(self)
            font = self.font()
            font.setBold(True)
            self.setFont(font)
