"""The design system in one place: colours as named roles, a spacing grid, a type scale.

Fusion with explicit palettes, since a platform may give none (room.md 8.1). A test computes every contrast.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QFont, QGuiApplication, QPalette
from PySide6.QtWidgets import QApplication, QStyleFactory

# ------------------------------------------------------------------ spacing, in steps of 4 pixels
GAP_S, GAP, GAP_M, GAP_L, GAP_XL = 4, 8, 12, 16, 24
TARGET = 36
"""Least height of anything to click, in pixels (WCAG 2.2 asks 24; the counter is worked in a hurry)."""
TARGET_COUNTER = 44

# ------------------------------------------------------------------ type, in points
BODY, LEAD, HEADING, TITLE, COUNTER, DISPLAY = 11, 12, 14, 18, 18, 48


class Tone(StrEnum):
    """What a mark means. Each has a colour, a shape and, at its place, a word."""

    OK = "ok"
    WARN = "warn"
    BAD = "bad"
    UNKNOWN = "unknown"
    ACTIVE = "active"
    PLAIN = "plain"


class Mode(StrEnum):
    """The three themes."""

    LIGHT = "terang"
    DARK = "gelap"
    CONTRAST = "kontras"


@dataclass(frozen=True, slots=True)
class Colours:
    """Named roles. `*_soft` is the ground behind text of that tone."""

    window: str
    surface: str
    sunken: str
    nav: str
    text: str
    muted: str
    line: str
    mark: str
    accent: str
    on_accent: str
    accent_soft: str
    ok: str
    ok_soft: str
    warn: str
    warn_soft: str
    bad: str
    bad_soft: str
    unknown: str
    unknown_soft: str
    banner: str
    on_banner: str
    disabled: str


COLOURS: dict[Mode, Colours] = {
    Mode.LIGHT: Colours(
        window="#f3f5f7",
        surface="#ffffff",
        sunken="#eaedf0",
        nav="#e6eaee",
        text="#17212b",
        muted="#4d5b68",
        line="#d3dae0",
        mark="#7a8793",
        accent="#0b5c8f",
        on_accent="#ffffff",
        accent_soft="#dcebf5",
        ok="#17683a",
        ok_soft="#ddf1e4",
        warn="#7d4c00",
        warn_soft="#fcefd2",
        bad="#a4161f",
        bad_soft="#fbe3e3",
        unknown="#50596a",
        unknown_soft="#e6e8ee",
        banner="#b3141c",
        on_banner="#ffffff",
        disabled="#6d7780",
    ),
    Mode.DARK: Colours(
        window="#161b21",
        surface="#1f262e",
        sunken="#11161b",
        nav="#12171c",
        text="#e9eef2",
        muted="#a9b5c0",
        line="#35404b",
        mark="#7e8c99",
        accent="#6cb8ea",
        on_accent="#06202f",
        accent_soft="#1b3a50",
        ok="#6fd196",
        ok_soft="#173525",
        warn="#f0b95a",
        warn_soft="#3b2d12",
        bad="#ff9a96",
        bad_soft="#46201f",
        unknown="#b3bccb",
        unknown_soft="#2a313c",
        banner="#c41e26",
        on_banner="#ffffff",
        disabled="#8793a0",
    ),
    Mode.CONTRAST: Colours(
        window="#000000",
        surface="#000000",
        sunken="#0d0d0d",
        nav="#000000",
        text="#ffffff",
        muted="#f0f0f0",
        line="#ffffff",
        mark="#ffffff",
        accent="#ffe14d",
        on_accent="#000000",
        accent_soft="#333000",
        ok="#7dff9b",
        ok_soft="#002b0c",
        warn="#ffd24d",
        warn_soft="#2e2300",
        bad="#ffb3b3",
        bad_soft="#3a0000",
        unknown="#ffffff",
        unknown_soft="#262626",
        banner="#c00000",
        on_banner="#ffffff",
        disabled="#c8c8c8",
    ),
}

TEXT_PAIRS: tuple[tuple[str, str], ...] = (
    *((text, ground) for text in ("text", "muted") for ground in ("window", "surface", "sunken", "nav")),
    ("on_accent", "accent"),
    ("on_banner", "banner"),
    *(("text", f"{tone}_soft") for tone in ("accent", "ok", "warn", "bad", "unknown")),
    *((tone, f"{tone}_soft") for tone in ("accent", "ok", "warn", "bad", "unknown")),
    *(
        (tone, ground)
        for tone in ("accent", "ok", "warn", "bad", "unknown")
        for ground in ("window", "surface")
    ),
)
"""Every (text, ground) that a screen uses: at least 4.5 to 1."""

MARK_PAIRS: tuple[tuple[str, str], ...] = (
    *(("mark", ground) for ground in ("window", "surface", "sunken")),
    *(("disabled", ground) for ground in ("window", "surface")),
    ("accent", "nav"),
    ("disabled", "sunken"),
)
"""Borders of controls, icons, focus: at least 3 to 1."""


def contrast(one: str, other: str) -> float:
    """Contrast ratio by WCAG 2.2, 1 to 21."""
    lighter, darker = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def _luminance(colour: str) -> float:
    def linear(part: float) -> float:
        return part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4

    seen = QColor(colour)
    return 0.2126 * linear(seen.redF()) + 0.7152 * linear(seen.greenF()) + 0.0722 * linear(seen.blueF())


class _Current:
    mode = Mode.LIGHT


def mode() -> Mode:
    """The theme that is on."""
    return _Current.mode


def colours() -> Colours:
    """The roles of the theme that is on."""
    return COLOURS[_Current.mode]


def tone_colour(tone: Tone) -> str:
    """The foreground of a tone."""
    chosen = colours()
    return {
        Tone.OK: chosen.ok,
        Tone.WARN: chosen.warn,
        Tone.BAD: chosen.bad,
        Tone.UNKNOWN: chosen.unknown,
        Tone.ACTIVE: chosen.accent,
        Tone.PLAIN: chosen.text,
    }[tone]


def tone_ground(tone: Tone) -> str:
    """The soft ground of a tone."""
    chosen = colours()
    return {
        Tone.OK: chosen.ok_soft,
        Tone.WARN: chosen.warn_soft,
        Tone.BAD: chosen.bad_soft,
        Tone.UNKNOWN: chosen.unknown_soft,
        Tone.ACTIVE: chosen.accent_soft,
        Tone.PLAIN: chosen.surface,
    }[tone]


def palette(wanted: Mode) -> QPalette:
    """The QPalette of a theme, disabled roles included."""
    role, chosen, made = QPalette.ColorRole, COLOURS[wanted], QPalette()
    pairs = {
        role.Window: chosen.window,
        role.WindowText: chosen.text,
        role.Base: chosen.surface,
        role.AlternateBase: chosen.window,
        role.Text: chosen.text,
        role.PlaceholderText: chosen.muted,
        role.Button: chosen.surface,
        role.ButtonText: chosen.text,
        role.BrightText: chosen.bad,
        role.ToolTipBase: chosen.surface,
        role.ToolTipText: chosen.text,
        role.Highlight: chosen.accent,
        role.HighlightedText: chosen.on_accent,
        role.Accent: chosen.accent,
        role.Link: chosen.accent,
        role.LinkVisited: chosen.accent,
        role.Light: chosen.surface,
        role.Midlight: chosen.line,
        role.Mid: chosen.line,
        role.Dark: chosen.mark,
        role.Shadow: chosen.mark,
    }
    for name, colour in pairs.items():
        made.setColor(name, QColor(colour))
    for name in (role.WindowText, role.Text, role.ButtonText):
        made.setColor(QPalette.ColorGroup.Disabled, name, QColor(chosen.disabled))
    made.setColor(QPalette.ColorGroup.Disabled, role.Highlight, QColor(chosen.line))
    made.setColor(QPalette.ColorGroup.Disabled, role.HighlightedText, QColor(chosen.text))
    return made


def preferred() -> Mode:
    """What the system asks for, where it says anything; light otherwise."""
    dark = QGuiApplication.styleHints().colorScheme() is Qt.ColorScheme.Dark
    return Mode.DARK if dark else Mode.LIGHT


def apply(application: QApplication, wanted: Mode) -> None:
    """Put style, palette and font on the application."""
    _Current.mode = wanted
    application.setStyle(QStyleFactory.create("Fusion"))
    application.setPalette(palette(wanted))
    application.setFont(font(BODY))


def font(points: int, *, bold: bool = False, mono: bool = False) -> QFont:
    """The interface font at a size of the scale."""
    made = QFont(QGuiApplication.font())
    if mono:
        made.setFamilies(["DejaVu Sans Mono", "Consolas", "monospace"])
    made.setPointSize(points)
    made.setWeight(QFont.Weight.DemiBold if bold else QFont.Weight.Normal)
    return made
