"""A list keeps what was chosen, and where the keyboard is, while it is read again under a person's hands."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from ktpel_desktop.ui.widgets.tables import Column, RowsView
from tests.ui.conftest import K

SHIFT, CTRL = Qt.KeyboardModifier.ShiftModifier, Qt.KeyboardModifier.ControlModifier
ROWS = list("abcdef")
Made = Callable[[bool], RowsView]


@pytest.fixture
def made(application: QApplication, qtbot: QtBot) -> Made:
    def make(many: bool) -> RowsView:
        view = RowsView((Column("Huruf", str),), "Huruf", key=str, many=many)
        qtbot.addWidget(view)
        view.resize(300, 400)
        view.show_rows(ROWS)
        return view

    return make


def press(view: RowsView, *keys: tuple[Qt.Key, Qt.KeyboardModifier] | Qt.Key) -> None:
    for key in keys:
        code, modifier = key if isinstance(key, tuple) else (key, Qt.KeyboardModifier.NoModifier)
        QTest.keyClick(view, code, modifier)


@pytest.mark.parametrize("many", [False, True])
def test_the_first_row_is_chosen_and_the_arrow_goes_on_after_a_refresh(made: Made, many: bool) -> None:
    view = made(many)
    assert view.selected() == ["a"]
    press(view, K.Key_Down, K.Key_Down)
    view.show_rows(["new", *ROWS])
    assert view.selected() == ["c"]
    press(view, K.Key_Down)
    assert view.selected() == ["d"]


def test_several_chosen_rows_stay_chosen(made: Made) -> None:
    view = made(True)
    press(view, (K.Key_Down, SHIFT), (K.Key_Down, SHIFT))
    view.show_rows([row for row in ROWS if row != "b"])
    assert view.selected() == ["a", "c"]
    press(view, (K.Key_A, CTRL))
    view.show_rows([*ROWS, "new"])
    assert view.selected() == ["a", "c", "d", "e", "f"]


def test_a_choice_is_widened_from_where_the_keyboard_is(made: Made) -> None:
    view = made(True)
    press(view, K.Key_Down)
    view.show_rows(ROWS)
    press(view, (K.Key_Down, SHIFT))
    assert view.selected() == ["b", "c"]


def test_rows_apart_are_chosen_by_keys(made: Made) -> None:
    view = made(True)
    press(view, (K.Key_Down, CTRL), (K.Key_Down, CTRL))
    assert view.selected() == ["a"]
    view.show_rows(ROWS)
    press(view, (K.Key_Space, CTRL))
    assert view.selected() == ["a", "c"]
    press(view, (K.Key_Space, CTRL))
    assert view.selected() == ["a"]


def test_a_row_that_is_gone_is_chosen_no_more(made: Made) -> None:
    view = made(False)
    view.show_rows(ROWS[1:])
    assert view.selected() == []
    view.show_rows(ROWS)
    assert view.selected() == ["a"]
