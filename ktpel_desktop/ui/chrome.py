"""What frames every page: training banner, head with the person, strip of lamps."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QWidget

from ktpel_desktop.core.ports import Answer, Health
from ktpel_desktop.core.roles import Actor
from ktpel_desktop.ui import theme, words
from ktpel_desktop.ui.keys import portable
from ktpel_desktop.ui.theme import Tone
from ktpel_desktop.ui.widgets.buttons import Button
from ktpel_desktop.ui.widgets.lamps import Lamp
from ktpel_desktop.ui.widgets.mark import Mark


class TrainingBanner(QWidget):
    """Red, at the top, as long as the office is a training one."""

    TEXT = "LATIHAN – data contoh, kartu contoh. Tidak untuk pelayanan."

    def __init__(self) -> None:
        super().__init__()
        self.setFixedHeight(30)
        self.setAccessibleName(self.TEXT)

    def paintEvent(self, event: QPaintEvent) -> None:
        """White on red."""
        painter = QPainter(self)
        painter.fillRect(self.rect(), QColor(theme.colours().banner))
        painter.setPen(QColor(theme.colours().on_banner))
        painter.setFont(theme.font(theme.LEAD, bold=True))
        painter.drawText(self.rect(), int(Qt.AlignmentFlag.AlignCenter), self.TEXT)
        painter.end()


class Strip(QWidget):
    """A ground with a line above or below it."""

    def __init__(self, *, line_above: bool) -> None:
        super().__init__()
        self._above = line_above
        self.row = QHBoxLayout(self)
        self.row.setContentsMargins(theme.GAP_L, theme.GAP_S, theme.GAP_L, theme.GAP_S)
        self.row.setSpacing(theme.GAP_M)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Ground and line."""
        painter = QPainter(self)
        painter.fillRect(self.rect(), QColor(theme.colours().surface))
        line = 0 if self._above else self.height() - 1
        painter.fillRect(0, line, self.width(), 1, QColor(theme.colours().line))
        painter.end()


class Head(Strip):
    """Office, person, lock, log out."""

    def __init__(
        self, office: str, lock: Callable[[], None], out: Callable[[], None], dark: Callable[[], None]
    ) -> None:
        super().__init__(line_above=False)
        self.setFixedHeight(52)
        mark = Mark("card", 28)
        self.office = QLabel(office)
        self.office.setFont(theme.font(theme.LEAD, bold=True))
        self.person = QLabel()
        self.theme_button = Button("Gelap/terang", "theme", key="Ctrl+T", slot=dark)
        self.lock_button = Button("Kunci", "lock", key="Ctrl+L", slot=lock)
        self.out_button = Button("Keluar", "logout", key="Ctrl+Shift+L", slot=out)
        for widget in (mark, self.office):
            self.row.addWidget(widget)
        self.row.addStretch()
        self.row.addWidget(self.person)
        for button in (self.theme_button, self.lock_button, self.out_button):
            button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
            button.setFlat(True)
            button.setToolTip(portable(button.shortcut()))
            self.row.addWidget(button)

    def show_person(self, actor: Actor) -> None:
        """Who is logged in, and where."""
        text = f"{actor.name} · {words.word('role', actor.role)} · {actor.pc}"
        self.person.setText(text)
        self.person.setAccessibleName(f"Masuk sebagai {text}")


LAMPS = ("siak", "server", "chip", "card_printer", "receipt_printer", "page_printer")


class LampStrip(Strip):
    """The lamps of connections and devices, each with its word."""

    def __init__(self) -> None:
        super().__init__(line_above=True)
        self.setFixedHeight(34)
        self.lamps: Mapping[str, Lamp] = {name: Lamp(words.word("device", name)) for name in LAMPS}
        self.waiting = Lamp("Kiriman")
        for lamp in (*self.lamps.values(), self.waiting):
            self.row.addWidget(lamp)
        self.row.addStretch(1)
        self.keys = QLabel("F1 bantuan")
        self.row.addWidget(self.keys)

    def show_health(self, name: str, health: Health) -> None:
        """Show what a device says of itself."""
        tone = {Answer.YES: Tone.OK, Answer.NO: Tone.BAD, Answer.UNKNOWN: Tone.UNKNOWN}[health.ready]
        told = "; ".join(words.note(note) for note in health.notes)
        self.lamps[name].show_state(tone, words.word("answer", health.ready), told)
        self._fit()

    def show_waiting(self, count: int | None) -> None:
        """How many deliveries have not arrived at SIAK and the Dinas; None where the store does not say."""
        if count is None:
            self.waiting.show_state(Tone.UNKNOWN, words.word("answer", Answer.UNKNOWN))
        elif count:
            told = "Dikirim dengan sendirinya begitu SIAK menerima; pekerjaan lain dapat diteruskan."
            self.waiting.show_state(Tone.WARN, f"{count} menunggu SIAK", told)
        else:
            self.waiting.show_state(Tone.OK, "terkirim semua")
        self._fit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Fit the lamps to the new width."""
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        """In a narrow window a lamp that is well shows its shape and name; the others keep their word."""
        lamps = (*self.lamps.values(), self.waiting)
        wanted = sum(lamp.full_width() for lamp in lamps) + self.keys.sizeHint().width()
        room = self.width() - 2 * theme.GAP_L - (len(lamps) + 1) * theme.GAP_M
        for lamp in lamps:
            lamp.show_short(wanted > room)
