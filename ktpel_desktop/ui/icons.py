"""Icons from a font (Phosphor, MIT, shipped in QtAwesome), named by what they mean here. Always shown with a word.

The glyphs are drawn by an engine of our own, at paint time, so that they follow the theme and stay sharp at any
scale; importing QtAwesome itself would load thirteen fonts and cost a fifth of a second at every start.
"""

from __future__ import annotations

from functools import cache
from importlib.util import find_spec
from pathlib import Path

from PySide6.QtCore import QPoint, QRect, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontDatabase, QIcon, QIconEngine, QPainter, QPixmap

from ktpel_desktop.ui import theme
from ktpel_desktop.ui.theme import Tone

_GLYPHS = {
    "counter": 0xF2F9,  # storefront
    "accept": 0xF16D,  # file-plus
    "handover": 0xF1BD,  # hand-palm
    "search": 0xF20A,  # magnifying-glass
    "queue": 0xF1FB,  # list-bullets
    "request": 0xF170,  # file-text
    "verify": 0xF0F8,  # clipboard-text
    "print": 0xF288,  # printer
    "card": 0xF1DC,  # identification-card
    "chip": 0xF119,  # cpu
    "interrupted": 0xF35E,  # warning-octagon
    "room": 0xF321,  # thermometer
    "stock": 0xF2F1,  # stack
    "day": 0xF0AE,  # calendar-check
    "figures": 0xF0D2,  # chart-bar
    "audit": 0xF1F3,  # link
    "help": 0xF293,  # question
    "lock": 0xF1FF,  # lock
    "logout": 0xF2C7,  # sign-out
    "person": 0xF346,  # user
    "back": 0xF03B,  # arrow-left
    "next": 0xF044,  # arrow-right
    "refresh": 0xF045,  # arrows-clockwise
    "eye": 0xF15B,  # eye
    "bundle": 0xF251,  # package
    "sign": 0xF262,  # pen
    "save": 0xF181,  # floppy-disk
    "theme": 0xF21F,  # moon
    "cancel": 0xF36D,  # x
    "trash": 0xF334,  # trash
    "siak": 0xF0FE,  # cloud
    "server": 0xF12D,  # database
    "plus": 0xF27F,  # plus
    "minus": 0xF21A,  # minus
    "edit": 0xF263,  # pencil
    "shield": 0xF2B8,  # shield-check
    "training": 0xF1B6,  # graduation-cap
    "done": 0xF0E8,  # check-circle
    "now": 0xF27D,  # play-circle
    "waiting": 0xF0F9,  # clock
    "stopped": 0xF36E,  # x-circle
    "not_yet": 0xF0EC,  # circle
    "skipped": 0xF21B,  # minus-circle
}

_TONES = {
    Tone.OK: 0xF851,  # check-circle-fill
    Tone.WARN: 0xFAC7,  # warning-fill
    Tone.BAD: 0xFAD7,  # x-circle-fill
    Tone.UNKNOWN: 0xF9FD,  # question-fill
    Tone.ACTIVE: 0xF94A,  # info-fill
    Tone.PLAIN: 0xF0EC,  # circle
}
"""The shape of a state: circle with tick, triangle, circle with cross, question mark."""


@cache
def _family() -> str:
    """The icon font's family, loaded once; empty where the font is missing (icons are then blank, words stay)."""
    spec = find_spec("qtawesome")
    for folder in spec.submodule_search_locations or () if spec else ():
        for path in sorted(Path(folder, "fonts").glob("phosphor-*.ttf")):
            families = QFontDatabase.applicationFontFamilies(QFontDatabase.addApplicationFont(str(path)))
            if families:
                return families[0]
    return ""


class _GlyphEngine(QIconEngine):
    """Draws one glyph in a role of the theme that is on."""

    def __init__(self, glyph: int, role: str) -> None:
        super().__init__()
        self._glyph, self._role = glyph, role

    def clone(self) -> QIconEngine:
        """A copy, as QIcon asks for when it detaches."""
        return _GlyphEngine(self._glyph, self._role)

    def paint(self, painter: QPainter, rect: QRect, mode: QIcon.Mode, state: QIcon.State) -> None:
        """Centred, as large as the rectangle allows."""
        role = {QIcon.Mode.Disabled: "disabled", QIcon.Mode.Selected: "on_accent"}.get(mode, self._role)
        painter.save()
        face = QFont(_family())
        face.setPixelSize(max(1, min(rect.width(), rect.height())))
        painter.setFont(face)
        painter.setPen(QColor(getattr(theme.colours(), role)))
        painter.drawText(rect, int(Qt.AlignmentFlag.AlignCenter), chr(self._glyph))
        painter.restore()

    def pixmap(self, size: QSize, mode: QIcon.Mode, state: QIcon.State) -> QPixmap:
        """The same on a clear ground."""
        drawn = QPixmap(size)
        drawn.fill(Qt.GlobalColor.transparent)
        painter = QPainter(drawn)
        self.paint(painter, QRect(QPoint(0, 0), size), mode, state)
        painter.end()
        return drawn


def icon(name: str, role: str = "text") -> QIcon:
    """The icon of a meaning, in a role of `theme.Colours`."""
    return QIcon(_GlyphEngine(_GLYPHS[name], role))


_TONE_ROLES = {
    Tone.OK: "ok",
    Tone.WARN: "warn",
    Tone.BAD: "bad",
    Tone.UNKNOWN: "unknown",
    Tone.ACTIVE: "accent",
    Tone.PLAIN: "text",
}


def tone_icon(tone: Tone) -> QIcon:
    """The shape of a state in its colour."""
    return QIcon(_GlyphEngine(_TONES[tone], _TONE_ROLES[tone]))


def names() -> tuple[str, ...]:
    """Every name there is."""
    return tuple(_GLYPHS)
