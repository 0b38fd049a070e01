"""A period's report at the window, by keys: asked for, kept as a file, journalled, or told why not."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtWidgets import QFileDialog

from ktpel_desktop.services import period_reports
from ktpel_desktop.ui.dialogs import AskFields
from ktpel_desktop.ui.pages.reports import ReportsPage
from ktpel_desktop.ui.widgets.editors import LineEditor
from tests.services.office import BUDI
from tests.ui.conftest import Hands, K


def asked(hands: Hands) -> tuple[ReportsPage, AskFields]:
    """The question, by its key."""
    hands.window.welcome(BUDI)
    hands.window.go("reports")
    hands.idle()
    page = hands.window.page
    assert isinstance(page, ReportsPage), hands.message()
    hands.key(K.Key_F6)
    question = hands.dialog()
    assert isinstance(question, AskFields)
    return page, question


def fill(question: AskFields, place: int, text: str) -> None:
    editor = question.editors[place]
    assert isinstance(editor, LineEditor)
    editor.fill(text)


def place_for(page: ReportsPage, path: Path) -> str:
    """The name that the program proposes; the person chooses `path`."""
    dialog = page.findChild(QFileDialog)
    assert dialog is not None
    proposed = Path(dialog.selectedFiles()[0]).name
    dialog.fileSelected.emit(str(path))
    dialog.close()
    return proposed


def test_the_running_month_is_filled_in_and_kept(hands: Hands, tmp_path: Path) -> None:
    page, question = asked(hands)
    assert [editor.answer() for editor in question.editors[:3]] == ["01/11/2026", "23/11/2026", "pdf"]
    fill(question, 3, "laporan bulanan ke Sudin")
    question.settle()
    path = tmp_path / "november.pdf"
    assert place_for(page, path) == "laporan-2026-11-01-2026-11-23.pdf"
    hands.idle()
    assert hands.message() == "Tersimpan"
    ((subject, said),) = hands.world.events(period_reports.EXPORTED)
    assert subject == "2026-11-01..2026-11-23"
    assert said["reason"] == "laporan bulanan ke Sudin"
    assert path.stat().st_size > 0


def test_without_a_reason_nothing_is_asked_further(hands: Hands) -> None:
    page, question = asked(hands)
    question.settle()
    assert hands.dialog() is question
    assert page.findChild(QFileDialog) is None


@pytest.mark.parametrize(
    ("first", "last", "told"),
    [
        ("kemarin", "23/11/2026", "Tanggal tidak terbaca"),
        ("24/11/2026", "23/11/2026", "Periode terbalik"),
        ("01/10/2026", "31/10/2026", "Tidak ada hari kerja dalam periode itu"),
    ],
)
def test_a_period_that_is_none_is_told(
    hands: Hands, tmp_path: Path, first: str, last: str, told: str
) -> None:
    page, question = asked(hands)
    fill(question, 0, first)
    fill(question, 1, last)
    fill(question, 3, "laporan")
    question.settle()
    path = tmp_path / "periode.pdf"
    if told != "Tanggal tidak terbaca":
        place_for(page, path)
    hands.idle()
    assert hands.message() == told
    assert not path.exists()
    assert hands.world.events(period_reports.EXPORTED) == []
