"""Every colour pair that a screen uses can be read, in every theme, also the selection."""

import itertools

import pytest
from PySide6.QtGui import QPalette
from PySide6.QtWidgets import QApplication

from ktpel_desktop.ui import theme
from ktpel_desktop.ui.theme import COLOURS, MARK_PAIRS, TEXT_PAIRS, Mode, Tone, contrast


def test_contrast_of_black_and_white_is_twenty_one() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)


@pytest.mark.parametrize(("mode", "pair"), list(itertools.product(Mode, TEXT_PAIRS)))
def test_text_has_four_and_a_half_to_one(mode: Mode, pair: tuple[str, str]) -> None:
    colours = COLOURS[mode]
    assert contrast(getattr(colours, pair[0]), getattr(colours, pair[1])) >= 4.5, pair


@pytest.mark.parametrize(("mode", "pair"), list(itertools.product(Mode, MARK_PAIRS)))
def test_marks_have_three_to_one(mode: Mode, pair: tuple[str, str]) -> None:
    colours = COLOURS[mode]
    assert contrast(getattr(colours, pair[0]), getattr(colours, pair[1])) >= 3, pair


@pytest.mark.parametrize("mode", list(Mode))
def test_the_palette_itself_can_be_read(mode: Mode) -> None:
    role, made = QPalette.ColorRole, theme.palette(mode)
    for text, ground in (
        (role.WindowText, role.Window),
        (role.Text, role.Base),
        (role.Text, role.AlternateBase),
        (role.ButtonText, role.Button),
        (role.HighlightedText, role.Highlight),
        (role.PlaceholderText, role.Base),
        (role.Link, role.Base),
        (role.ToolTipText, role.ToolTipBase),
    ):
        assert contrast(made.color(text).name(), made.color(ground).name()) >= 4.5, (mode, text)


def test_every_tone_has_its_colours(qapp: QApplication) -> None:
    for tone in Tone:
        assert theme.tone_colour(tone) != theme.tone_ground(tone)


def test_no_text_is_smaller_than_eleven_points() -> None:
    assert min(theme.BODY, theme.LEAD, theme.HEADING, theme.TITLE) >= 11
