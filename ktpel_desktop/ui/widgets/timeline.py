"""The nine steps of the instruction on one line: shape, colour, number and word."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from ktpel_desktop.core.request import StepStatus
from ktpel_desktop.ui import icons, theme, words
from ktpel_desktop.ui.theme import Tone

_MARKS = {
    StepStatus.DONE: "done",
    StepStatus.NOW: "now",
    StepStatus.WAITING: "waiting",
    StepStatus.STOPPED: "stopped",
    StepStatus.NOT_YET: "not_yet",
    StepStatus.SKIPPED: "skipped",
}
_MARK = 26


class Timeline(QWidget):
    """Nine steps; the one that is worked at stands out."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._steps: tuple[StepStatus, ...] = (StepStatus.NOT_YET,) * 9
        self.setFont(theme.font(theme.BODY))
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAccessibleName("Sembilan langkah permohonan")

    def show_steps(self, steps: Sequence[StepStatus]) -> None:
        """Show the status of each step."""
        self._steps = tuple(steps)
        told = (
            f"{number} {words.word('step', number)}: {words.word('step_status', step)}"
            for number, step in enumerate(self._steps, 1)
        )
        self.setAccessibleDescription("; ".join(told))
        self.update()

    def sizeHint(self) -> QSize:
        """Room for a mark and three lines of words."""
        return QSize(720, _MARK + 10 + 3 * self.fontMetrics().height())

    def minimumSizeHint(self) -> QSize:
        """The same height in less width."""
        return QSize(560, self.sizeHint().height())

    def paintEvent(self, event: QPaintEvent) -> None:
        """Line, marks, words."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        width = self.width() / len(self._steps)
        centre = 2 + _MARK / 2
        painter.setPen(QPen(QColor(theme.colours().line), 2))
        for index in range(len(self._steps) - 1):
            left, right = (index + 0.5) * width + _MARK / 2, (index + 1.5) * width - _MARK / 2
            painter.drawLine(QPointF(left + 3, centre), QPointF(right - 3, centre))
        for index, step in enumerate(self._steps):
            self._paint_step(painter, index, step, width)
        painter.end()

    def _paint_step(self, painter: QPainter, index: int, step: StepStatus, width: float) -> None:
        quiet = step in (StepStatus.NOT_YET, StepStatus.SKIPPED)
        role = {Tone.OK: "ok", Tone.ACTIVE: "accent", Tone.WARN: "warn", Tone.BAD: "bad"}.get(
            words.STEP_TONES[step], "mark"
        )
        mark = icons.icon(_MARKS[step], role)
        x = int((index + 0.5) * width - _MARK / 2)
        mark.paint(painter, x, 2, _MARK, _MARK)
        top = _MARK + 8
        room = QRectF(index * width + 2, top, width - 4, self.height() - top)
        flags = int(Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignTop | Qt.TextFlag.TextWordWrap)
        painter.setFont(theme.font(theme.BODY, bold=step in (StepStatus.NOW, StepStatus.WAITING)))
        painter.setPen(QColor(theme.colours().muted if quiet else theme.colours().text))
        painter.drawText(room, flags, f"{index + 1}. {words.word('step', index + 1)}")
