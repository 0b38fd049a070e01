"""Buttons of one size, with icon and word; the main one of a screen in the accent colour."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QEvent, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QIcon, QKeyEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QPushButton, QWidget

from ktpel_desktop.ui import icons, theme
from ktpel_desktop.ui.keys import portable, sequence
from ktpel_desktop.ui.widgets.ring import draw_ring


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
            self.setShortcut(sequence(key))
        self.say(word, icon)
        if slot is not None:
            self.clicked.connect(lambda *_: slot())
        self._dress()

    def say(self, word: str, icon: str | None = None) -> None:
        """Change the word, and the icon where one is named."""
        key = self.shortcut()
        name = portable(key)
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

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter presses it as Space does, wherever it stands."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.click()
            return
        super().keyPressEvent(event)

    def _dress(self) -> None:
        if self._icon_name:
            self.setIcon(icons.icon(self._icon_name, "on_accent" if self.primary else "text"))
        if self.primary:
            font = self.font()
            font.setBold(True)
            self.setFont(font)

    def sizeHint(self) -> QSize:
        """Icon, word, and air around them."""
        words = self.fontMetrics().size(int(Qt.TextFlag.TextShowMnemonic), self.text())
        icon = self.iconSize().width() + theme.GAP if self._icon_name else 0
        return QSize(
            words.width() + icon + 2 * theme.GAP_L, max(self.minimumHeight(), words.height() + theme.GAP_L)
        )

    def minimumSizeHint(self) -> QSize:
        """A word is never cut off."""
        return self.sizeHint()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Flat, in the roles of the theme: Fusion's shine would take the contrast from the words."""
        chosen, enabled = theme.colours(), self.isEnabled()
        ground, line, text = self._look()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if not (self.isFlat() and enabled and not self.underMouse() and not self.isDown()):
            painter.setPen(QPen(QColor(line), 1))
            painter.setBrush(QColor(ground))
            painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), 6, 6)
        flags = int(Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextShowMnemonic)
        painter.setFont(self.font())
        width = painter.fontMetrics().size(int(Qt.TextFlag.TextShowMnemonic), self.text()).width()
        size = self.iconSize().width() if self._icon_name else 0
        left = (self.width() - width - (size + theme.GAP if size else 0)) // 2
        if size:
            mode = QIcon.Mode.Normal if enabled else QIcon.Mode.Disabled
            top = (self.height() - size) // 2
            self.icon().paint(painter, QRect(left, top, size, size), Qt.AlignmentFlag.AlignCenter, mode)
            left += size + theme.GAP
        painter.setPen(QColor(text if enabled else chosen.disabled))
        painter.drawText(QRect(left, 0, width + 2, self.height()), flags, self.text())
        painter.end()
        if self.hasFocus():
            draw_ring(self, on_accent=self.primary)

    def _look(self) -> tuple[str, str, str]:
        """Ground, line and text by state."""
        chosen = theme.colours()
        if not self.isEnabled():
            return chosen.window, chosen.line, chosen.disabled
        if self.primary:
            return chosen.accent, (chosen.text if self.isDown() else chosen.accent), chosen.on_accent
        if self.isDown() or self.underMouse():
            return chosen.accent_soft, chosen.accent, chosen.text
        return chosen.surface, chosen.mark, chosen.text
