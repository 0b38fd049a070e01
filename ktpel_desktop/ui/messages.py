"""Failures in words: what happened, what to do now, who does it (resources/teks/galat/*.toml)."""

from __future__ import annotations

import logging
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from string import Formatter

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QAccessible, QAccessibleEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QToolButton, QVBoxLayout, QWidget

from ktpel_desktop import resource_files
from ktpel_desktop.core.errors import Effect, KtpelError, UserCancelled
from ktpel_desktop.ui import icons, theme
from ktpel_desktop.ui.theme import Tone
from ktpel_desktop.ui.widgets.panel import Panel

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Message:
    """Words for a person. `step` says what to do now, `who` who does it."""

    title: str
    text: str
    step: str = ""
    who: str = ""
    tone: Tone = Tone.BAD
    code: str = ""


class _Lenient(Formatter):
    """A parameter that the sentence asks for and the error does not carry shows as a dash, never as a crash."""

    def get_value(self, key: int | str, args: object, kwargs: object) -> object:
        return kwargs.get(key, "–") if isinstance(kwargs, dict) else "–"


def _filled(text: str, error: KtpelError) -> str:
    return _Lenient().vformat(text, (), {name: _in_words(value) for name, value in error.params.items()})


def _in_words(value: object) -> object:
    """A failure that was caused by another carries its code; a person reads that one's title."""
    entry = resource_files.texts("galat").get(value) if isinstance(value, str) else None
    return _Lenient().vformat(entry["judul"], (), {}) if isinstance(entry, Mapping) else value


def message_for_code(code: str) -> Message | None:
    """The words for a code that came in a result rather than as an exception."""
    return message_for(KtpelError(code))


def message_for(error: BaseException) -> Message | None:
    """The words for a failure; None where nothing is to be shown (the person cancelled)."""
    if isinstance(error, UserCancelled):
        return None
    if not isinstance(error, KtpelError):
        return _unexpected(error)
    entry = resource_files.texts("galat").get(error.code)
    if not isinstance(entry, Mapping):
        log.error("no words for the code %s", error.code)
        return Message(
            "Langkah ini ditolak",
            f"Kode: {error.code}",
            "Catat kode ini dan sampaikan kepada penyelia.",
            "Petugas",
            _tone(error),
            error.code,
        )
    return Message(
        _filled(entry["judul"], error),
        _filled(entry["teks"], error),
        _filled(entry["langkah"], error),
        entry["siapa"],
        _tone(error),
        error.code,
    )


def _tone(error: KtpelError) -> Tone:
    return Tone.BAD if error.effect is Effect.UNKNOWN else Tone.WARN


def _unexpected(error: BaseException) -> Message:
    """A bug: a number to report, the trace in the log only, and no word of what was inside."""
    number = secrets.token_hex(4).upper()
    log.error("unexpected failure, report %s", number, exc_info=error)
    return Message(
        "Terjadi kesalahan yang tidak dikenal",
        f"Program tidak dapat menyelesaikan langkah ini. Nomor laporan: {number}.",
        "Ulangi langkah ini sekali. Jika terjadi lagi, sampaikan nomor laporan kepada administrator.",
        "Administrator",
        Tone.BAD,
        f"laporan-{number}",
    )


class MessagePanel(Panel):
    """One message at a time, above the page; stays until it is closed or the next step succeeds."""

    closed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.message: Message | None = None
        self._icon = QLabel()
        self._title, self._text, self._step = QLabel(), QLabel(), QLabel()
        self._title.setFont(theme.font(theme.LEAD, bold=True))
        for label in (self._title, self._text, self._step):
            label.setWordWrap(True)
            label.setTextFormat(Qt.TextFormat.PlainText)
        self._close = QToolButton()
        self._close.setText("Tutup pesan")
        self._close.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self._close.setAutoRaise(True)
        self._close.setMinimumHeight(28)
        self._close.setAccessibleName("Tutup pesan")
        self._close.clicked.connect(self.clear)
        words = QVBoxLayout()
        words.setSpacing(theme.GAP_S)
        for label in (self._title, self._text, self._step):
            words.addWidget(label)
        row = QHBoxLayout(self)
        row.setContentsMargins(theme.GAP_L, theme.GAP_M, theme.GAP_M, theme.GAP_M)
        row.setSpacing(theme.GAP_M)
        row.addWidget(self._icon, 0, Qt.AlignmentFlag.AlignTop)
        row.addLayout(words, 1)
        row.addWidget(self._close, 0, Qt.AlignmentFlag.AlignTop)
        self.setAccessibleName("Pesan")
        self.hide()

    def show_message(self, message: Message | None) -> None:
        """Show it, and tell a screen reader."""
        if message is None:
            return
        self.message = message
        self.tone = message.tone
        self._icon.setPixmap(icons.tone_icon(message.tone).pixmap(24, 24))
        self._title.setText(message.title)
        self._text.setText(message.text)
        who = f"  ({message.who})" if message.who else ""
        self._step.setText(f"Langkah berikut: {message.step}{who}" if message.step else "")
        self._text.setVisible(bool(message.text))
        self._step.setVisible(bool(message.step))
        self._close.setIcon(icons.icon("cancel"))
        self.setAccessibleDescription(f"{message.title}. {message.text} {self._step.text()}")
        self.show()
        self.update()
        QAccessible.updateAccessibility(QAccessibleEvent(self, QAccessible.Event.Alert))

    def show_error(self, error: BaseException) -> None:
        """Show a failure in words."""
        self.show_message(message_for(error))

    def say(self, title: str, text: str = "", tone: Tone = Tone.OK) -> None:
        """A word that something went well, or is to be known."""
        self.show_message(Message(title, text, tone=tone))

    def clear(self) -> None:
        """Nothing to say."""
        self.message = None
        self.hide()
        self.closed.emit()
