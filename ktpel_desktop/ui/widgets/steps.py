"""The list of steps at the left of a wizard: where one is, what is done, what comes."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from ktpel_desktop.ui import icons, theme

_ROW = 46


class StepList(QWidget):
    """Painted, not pressed: a step is gone back to by Alt+Left."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._titles: tuple[str, ...] = ()
        self._current = 0
        self.setFixedWidth(232)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Expanding)
        self.setAccessibleName("Langkah-langkah")

    def show_steps(self, titles: Sequence[str], current: int) -> None:
        """Show the way: steps before `current` are done."""
        self._titles, self._current = tuple(titles), current
        here = titles[current] if current < len(titles) else "selesai"
        self.setAccessibleDescription(f"Langkah {min(current + 1, len(titles))} dari {len(titles)}: {here}")
        self.setMinimumHeight(len(titles) * _ROW)
        self.update()

    def sizeHint(self) -> QSize:
        """One row for each step."""
        return QSize(232, max(1, len(self._titles)) * _ROW)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Mark and title of each step."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        chosen = theme.colours()
        for place, title in enumerate(self._titles):
            top = place * _ROW
            here, done = place == self._current, place < self._current
            if here:
                painter.setPen(Qt.PenStyle.NoPen)
                painter.setBrush(QColor(chosen.accent_soft))
                painter.drawRoundedRect(QRectF(0, top + 2, self.width(), _ROW - 4), 6, 6)
            name, role = ("done", "ok") if done else (("now", "accent") if here else ("not_yet", "mark"))
            icons.icon(name, role).paint(painter, QRect(theme.GAP, top + (_ROW - 20) // 2, 20, 20))
            painter.setFont(theme.font(theme.BODY, bold=here))
            painter.setPen(QColor(chosen.text if here or done else chosen.muted))
            room = QRect(theme.GAP + 28, top, self.width() - theme.GAP - 32, _ROW)
            painter.drawText(room, int(Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextWordWrap), title)
        painter.end()
