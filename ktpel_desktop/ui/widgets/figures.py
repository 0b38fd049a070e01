"""One number to see from afar, and plain bars; drawn by hand, since both are small."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QVBoxLayout, QWidget

from ktpel_desktop.ui import icons, theme, words
from ktpel_desktop.ui.theme import Tone
from ktpel_desktop.ui.widgets.panel import Panel


class Figure(Panel):
    """A number with its caption."""

    def __init__(self, caption: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._caption, self._number, self._mark = QLabel(caption), QLabel("–"), QLabel()
        self._number.setFont(theme.font(24, bold=True))
        row = QHBoxLayout()
        row.addWidget(self._number)
        row.addWidget(self._mark)
        row.addStretch()
        column = QVBoxLayout(self)
        column.setContentsMargins(theme.GAP_L, theme.GAP_M, theme.GAP_L, theme.GAP_M)
        column.setSpacing(theme.GAP_S)
        column.addWidget(self._caption)
        column.addLayout(row)
        self.show_text("–")

    def show_number(self, number: int, tone: Tone = Tone.PLAIN) -> None:
        """Show a number, with a shape where its tone says something."""
        self.show_text(words.thousands(number), tone)

    def show_text(self, text: str, tone: Tone = Tone.PLAIN) -> None:
        """Show a short text in the same way."""
        self._number.setText(text)
        self._mark.setHidden(tone is Tone.PLAIN)
        if tone is not Tone.PLAIN:
            self._mark.setPixmap(icons.tone_icon(tone).pixmap(20, 20))
        self.setAccessibleName(f"{self._caption.text()}: {text}")


class Bars(QWidget):
    """Named bars with their numbers, one colour, drawn from the left."""

    ROW = 28

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._name = name
        self._rows: list[tuple[str, int]] = []
        self.setAccessibleName(name)

    def show_rows(self, rows: Mapping[str, int]) -> None:
        """Replace the bars."""
        self._rows = list(rows.items())
        told = ", ".join(f"{word} {number}" for word, number in self._rows)
        self.setAccessibleDescription(told or "belum ada")
        self.setMinimumHeight(max(1, len(self._rows)) * self.ROW)
        self.update()

    def sizeHint(self) -> QSize:
        """One row for each bar."""
        return QSize(320, max(1, len(self._rows)) * self.ROW)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Word, bar, number."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        chosen, middle = theme.colours(), int(Qt.AlignmentFlag.AlignVCenter)
        painter.setFont(theme.font(theme.BODY))
        if not self._rows:
            painter.setPen(QColor(chosen.muted))
            painter.drawText(self.rect(), int(Qt.AlignmentFlag.AlignTop), "Belum ada.")
        most = max((number for _, number in self._rows), default=1) or 1
        measure = painter.fontMetrics()
        left = max((measure.horizontalAdvance(word) for word, _ in self._rows), default=0) + theme.GAP_M
        right = 56
        for place, (word, number) in enumerate(self._rows):
            top = place * self.ROW
            painter.setPen(QColor(chosen.text))
            painter.drawText(QRectF(0, top, left, self.ROW), middle, word)
            room = max(4.0, (self.width() - left - right) * number / most)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(chosen.accent))
            painter.drawRoundedRect(QRectF(left, top + 7, room, self.ROW - 14), 3, 3)
            painter.setPen(QColor(chosen.text))
            painter.drawText(QRectF(left + room + theme.GAP, top, right, self.ROW), middle, str(number))
        painter.end()
