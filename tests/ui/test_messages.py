"""Failures in words: coded, unexpected, cancelled, and codes that nobody wrote words for."""

from __future__ import annotations

import logging

import pytest
from PySide6.QtWidgets import QApplication

from ktpel_desktop.core.errors import DeviceError, Effect, PolicyError, UserCancelled
from ktpel_desktop.ui.messages import MessagePanel, message_for, message_for_code
from ktpel_desktop.ui.theme import Tone


def test_a_code_has_title_text_step_and_who() -> None:
    message = message_for(PolicyError("nik.length", length=15))
    assert message is not None
    assert "16" in message.title
    assert "15" in message.text
    assert message.step
    assert message.who
    assert message.tone is Tone.WARN


def test_a_missing_parameter_shows_a_dash_and_never_fails() -> None:
    message = message_for(PolicyError("nik.length"))
    assert message is not None
    assert "–" in message.text


def test_a_cause_is_told_by_its_title_and_not_by_its_code() -> None:
    error = DeviceError("printer.card_not_rejected", Effect.DONE, cause="printer.reject_full")
    message = message_for(error)
    assert message is not None
    assert message.text.endswith("(Kotak kartu tolakan penuh).")


def test_an_unknown_effect_is_shown_as_bad() -> None:
    message = message_for(DeviceError("chip.mute", Effect.UNKNOWN))
    assert message is not None
    assert message.tone is Tone.BAD


def test_a_bug_gets_a_number_and_no_detail(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.ERROR):
        message = message_for(ValueError("3171015205909901"))
    assert message is not None
    assert "3171015205909901" not in message.title + message.text + message.step
    number = message.code.removeprefix("laporan-")
    assert number in message.text
    assert number in caplog.text


def test_who_cancelled_is_told_nothing() -> None:
    assert message_for(UserCancelled()) is None


def test_a_code_without_words_shows_the_code() -> None:
    message = message_for_code("x.y")
    assert message is not None
    assert "x.y" in message.text


def test_the_panel_shows_one_message_and_closes(qapp: QApplication) -> None:
    panel = MessagePanel()
    panel.show_error(PolicyError("nik.length", length=3))
    assert panel.isVisible()
    assert "16" in panel.accessibleDescription()
    panel.show_error(UserCancelled())
    assert panel.message is not None
    panel.clear()
    assert not panel.isVisible()
    panel.deleteLater()
