"""What every page is: a heading, its actions, and one way to call a use case without blocking the window."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import (
    QApplication,
    QHBoxLayout,
    QLabel,
    QProgressBar,
    QPushButton,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from ktpel_desktop.ui import mnemonics, theme
from ktpel_desktop.ui.runner import Lane
from ktpel_desktop.ui.widgets.buttons import Button
from ktpel_desktop.ui.workplace import Workplace

PATIENCE_MS = 300
"""From here on a wait is shown; shorter ones would only flicker."""


class Page(QWidget):
    """A page of the window. `topic` names its help page."""

    topic = "mulai"
    heading = ""

    def __init__(self, place: Workplace) -> None:
        super().__init__()
        self.place = place
        self._working = 0
        self._guarded: list[QPushButton] = []
        self._focus_before: QWidget | None = None
        self.title = QLabel(self.heading)
        self.title.setFont(theme.font(theme.TITLE, bold=True))
        self.subtitle = QLabel()
        self.subtitle.setWordWrap(True)
        self.subtitle.hide()
        self._busy = QProgressBar()
        self._busy.setRange(0, 0)
        self._busy.setTextVisible(False)
        self._busy.setFixedSize(120, 8)
        self._busy.setAccessibleName("Sedang bekerja")
        self._busy_word = QLabel("Sedang bekerja …")
        self._busy_timer = QTimer(self)
        self._busy_timer.setSingleShot(True)
        self._busy_timer.setInterval(PATIENCE_MS)
        self._busy_timer.timeout.connect(lambda: self._show_busy(True))
        self.actions_row = QHBoxLayout()
        self.actions_row.setSpacing(theme.GAP)
        head = QHBoxLayout()
        head.setSpacing(theme.GAP)
        head.addWidget(self.title)
        head.addStretch()
        head.addWidget(self._busy_word)
        head.addWidget(self._busy)
        head.addLayout(self.actions_row)
        self.body = QVBoxLayout()
        self.body.setSpacing(theme.GAP_L)
        column = QVBoxLayout(self)
        column.setContentsMargins(theme.GAP_XL, theme.GAP_L, theme.GAP_XL, theme.GAP_L)
        column.setSpacing(theme.GAP_M)
        column.addLayout(head)
        column.addWidget(self.subtitle)
        column.addLayout(self.body, 1)
        self._busy.hide()
        self._busy_word.hide()

    # ------------------------------------------------------------ making

    def action(
        self,
        word: str,
        icon: str,
        slot: Callable[[], object],
        *,
        key: str = "",
        primary: bool = False,
        in_head: bool = True,
    ) -> Button:
        """A button that cannot be pressed while a use case runs."""
        made = Button(word, icon, primary=primary, key=key, slot=slot)
        self._guarded.append(made)
        if in_head:
            self.actions_row.addWidget(made)
        return made

    def say_below(self, text: str) -> None:
        """The line under the heading."""
        self.subtitle.setText(text)
        self.subtitle.setVisible(bool(text))

    def showEvent(self, event: QShowEvent) -> None:
        """Letters under the words, each once on the page."""
        super().showEvent(event)
        mnemonics.assign(self)

    # ------------------------------------------------------------ life

    def refresh(self) -> None:
        """Read again what the page shows. Called when it is shown and now and then; must keep the focus."""

    def take_focus(self) -> None:
        """The keyboard to where work begins; called once the page can be seen."""
        self.setFocus(Qt.FocusReason.OtherFocusReason)

    def may_leave(self) -> bool:
        """Whether another page may be gone to now."""
        return not self.working

    def why_not(self) -> tuple[str, str, str]:
        """Why it may not be left: title, sentence, next step."""
        return (
            "Pekerjaan masih berjalan",
            "Halaman ini belum dapat ditinggalkan: perangkat atau basis data sedang bekerja.",
            "Tunggu sampai selesai.",
        )

    # ------------------------------------------------------------ calling

    @property
    def working(self) -> bool:
        """Whether a use case that acts is running."""
        return self._working > 0

    def ask(
        self,
        function: Callable[..., Any],
        *arguments: object,
        done: Callable[[Any], object] | None = None,
        failed: Callable[[Exception], object] | None = None,
        lane: Lane = Lane.QUERY,
        **named: object,
    ) -> None:
        """Read in the background: nothing is disabled."""
        work = partial(function, self.place.desk, self.place.me, *arguments, **named)
        self.place.runner.run(lane, work, owner=self, done=done, failed=failed)

    def act(
        self,
        function: Callable[..., Any],
        *arguments: object,
        done: Callable[[Any], object] | None = None,
        failed: Callable[[Exception], object] | None = None,
        lane: Lane = Lane.QUERY,
        progress: Callable[[Any], object] | None = None,
        **named: object,
    ) -> bool:
        """Act once: while it runs the page's actions are off, and a second call is refused. Whether it was begun.

        With `progress`, the use case gets the report function as its last argument.
        """
        if self.working:
            return False
        self.place.messages.clear()
        self._begin_work()
        work = partial(function, self.place.desk, self.place.me, *arguments, **named)

        def ended(result: object) -> None:
            self._end_work()
            if done is not None:
                done(result)

        def broke(error: Exception) -> None:
            self._end_work()
            if failed is not None:
                failed(error)
            else:
                self.place.messages.show_error(error)

        run = self.place.runner.run
        if progress is None:
            run(lane, work, owner=self, done=ended, failed=broke)
        else:
            run(lane, work, owner=self, done=ended, failed=broke, progress=progress)
        return True

    def _begin_work(self) -> None:
        self._working += 1
        self._focus_before = QApplication.focusWidget()
        if self._focus_before in self._guarded:
            # A disabled button hands the keyboard to the next one, and Enter would press that.
            self.setFocus(Qt.FocusReason.OtherFocusReason)
        for button in self._guarded:
            button.setEnabled(False)
        self._busy_timer.start()

    def _end_work(self) -> None:
        self._working -= 1
        self._busy_timer.stop()
        self._show_busy(False)
        for button in self._guarded:
            button.setEnabled(True)
        self.settle()
        before, self._focus_before = self._focus_before, None
        if isinstance(before, QPushButton) and before in self._guarded and before.isVisible():
            before.setFocus(Qt.FocusReason.OtherFocusReason)

    def settle(self) -> None:
        """Set what may be pressed now, after everything was enabled again."""

    def _show_busy(self, on: bool) -> None:
        self._busy.setVisible(on)
        self._busy_word.setVisible(on)


class _Scrolled(QScrollArea):
    """Follows the keyboard: what has the focus is never out of sight (WCAG 2.4.11)."""

    def __init__(self) -> None:
        super().__init__()
        application = QApplication.instance()
        if isinstance(application, QApplication):
            application.focusChanged.connect(self._follow)

    def _follow(self, _before: QWidget | None, now: QWidget | None) -> None:
        inside = self.widget()
        if now is not None and inside is not None and inside.isAncestorOf(now):
            self.ensureWidgetVisible(now, 0, theme.GAP_XL)


def scrolled(widget: QWidget) -> QScrollArea:
    """The widget in an area that scrolls down only, without a frame."""
    area = _Scrolled()
    area.viewport().setAutoFillBackground(False)
    area.setWidget(widget)
    widget.setAutoFillBackground(False)
    area.setWidgetResizable(True)
    area.setFrameShape(QScrollArea.Shape.NoFrame)
    area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    return area
