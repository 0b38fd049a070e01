"""Check list, stages, odd photos, calibration and supplies, with nothing but keys."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from threading import Semaphore

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QCheckBox, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from ktpel_desktop.core.calibration import Calibration
from ktpel_desktop.core.issuance import JobState
from ktpel_desktop.core.ports import CardFace, PrintStage
from ktpel_desktop.core.supplies import RibbonSource, Supplies
from ktpel_desktop.documents.writer import PaperWriter
from ktpel_desktop.services import calibration, supplies
from ktpel_desktop.training.people import OPERATOR
from ktpel_desktop.ui import words
from ktpel_desktop.ui.dialogs import AskFields
from ktpel_desktop.ui.pages.calibration import LINES, LINES_AGAIN, CalibrationPage
from ktpel_desktop.ui.pages.devices import DevicesPage
from ktpel_desktop.ui.pages.issuance import IssuancePage
from ktpel_desktop.ui.theme import Tone
from ktpel_desktop.ui.widgets.editors import ChecksEditor
from ktpel_desktop.ui.widgets.supplies_panel import SuppliesPanel
from tests.ui.conftest import K, Trainee

ODD = ("photo.not_sharp", "photo.ground_not_red", "signature.too_faint")


def tab_to(trainee: Trainee, word: str) -> QPushButton:
    """Tab until the button of that word has the keyboard."""
    for _ in range(40):
        focus = trainee.focus()
        if isinstance(focus, QPushButton) and focus.accessibleName() == word:
            return focus
        trainee.key(K.Key_Tab)
    raise AssertionError(f"Tab does not lead to {word}")


def page_of(trainee: Trainee) -> QWidget:
    assert trainee.window.page is not None
    return trainee.window.page


def at(trainee: Trainee, state: JobState) -> IssuancePage:
    request_id = trainee.verified()
    trainee.log_in(OPERATOR)
    trainee.window.go("issue", request_id=request_id)
    trainee.idle()
    page = page_of(trainee)
    assert isinstance(page, IssuancePage)
    for _ in range(3):
        if page.state is not state:
            trainee.enter()
    assert page.state is state, trainee.message()
    return page


def state(page: IssuancePage) -> JobState | None:
    return page.state


def faults_of(trainee: Trainee, page: IssuancePage) -> object:
    with trainee.office.desk.unit(OPERATOR) as unit:
        spoiled = [event for event in unit.events.of(page.request_id) if event.kind == "job.SPOILED"]
    return spoiled[-1].data["faults"]


# ------------------------------------------------------------------ the check list


def test_what_is_not_ticked_is_named_and_gets_the_keyboard(trainee: Trainee) -> None:
    page = at(trainee, JobState.PRINTED)
    trainee.key(K.Key_Space)
    tab_to(trainee, "Muka kartu baik, baca chip")
    trainee.enter()
    assert state(page) is JobState.PRINTED
    message = trainee.window.place.messages.message
    assert message is not None
    assert message.text == "Belum dicentang: Tulisan lengkap dan lurus; Permukaan bersih tanpa cacat."
    assert trainee.focus() is page.face_check.boxes["text"]
    trainee.enter()
    assert trainee.message() == ""
    assert trainee.focus() is page.face_check.boxes["surface"]
    trainee.enter()
    assert trainee.focus() is page.primary
    trainee.enter()
    assert state(page) is JobState.ISSUED


def test_the_chip_is_a_line_that_nobody_ticks(trainee: Trainee) -> None:
    page = at(trainee, JobState.PRINTED)
    assert page.face_check.chip.text() == "Chip: dibaca oleh program"
    assert len(page.findChildren(QCheckBox)) == 3


def test_what_was_left_open_are_the_faults(trainee: Trainee) -> None:
    page = at(trainee, JobState.PRINTED)
    trainee.key(K.Key_Space)
    tab_to(trainee, "Muka kartu tidak baik …")
    trainee.key(K.Key_Return)
    trainee.dialog()
    trainee.enter()
    assert state(page) is JobState.SPOILED, trainee.message()
    assert faults_of(trainee, page) == ["surface", "text"]


def test_who_has_looked_at_nothing_says_what_is_wrong(trainee: Trainee) -> None:
    page = at(trainee, JobState.PRINTED)
    tab_to(trainee, "Muka kartu tidak baik …")
    trainee.key(K.Key_Return)
    asked = trainee.dialog()
    assert isinstance(asked, AskFields)
    editor = asked.editors[0]
    assert isinstance(editor, ChecksEditor)
    trainee.enter()
    assert editor.error()
    assert state(page) is JobState.PRINTED
    trainee.key(K.Key_Space)
    trainee.enter()
    assert state(page) is JobState.SPOILED, trainee.message()
    assert faults_of(trainee, page) == ["photo"]


def test_the_proof_is_never_seen_in_part(trainee: Trainee, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(PaperWriter, "face_warnings", lambda _papers, _subject: ODD)
    page = at(trainee, JobState.PRINTED)
    page.good_face()  # the message above takes room too
    trainee.qtbot.wait(50)
    shown = page.proof.pixmap().deviceIndependentSize()
    assert page.warned.isVisible()
    assert not page.proof.pixmap().isNull()
    assert shown.width() <= page.proof.width()
    assert shown.height() <= page.proof.height()


# ------------------------------------------------------------------ while it prints


def shows(page: IssuancePage, told: str) -> bool:
    return page.told.text() == told


def test_the_stages_are_told_while_the_card_is_printed(
    trainee: Trainee, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = at(trainee, JobState.ENCODED)
    go_on = Semaphore(0)
    printer = type(trainee.office.desk.card_printer)
    real = printer.print_card

    def slow(one: object, face: CardFace, tag: str, told: Callable[[PrintStage], None]) -> None:
        for stage in PrintStage:
            told(stage)
            assert go_on.acquire(timeout=20)
        real(one, face, tag)  # type: ignore[arg-type]

    monkeypatch.setattr(printer, "print_card", slow)
    trainee.key(K.Key_Return)
    try:
        for stage in PrintStage:
            told = f"{words.word('print_stage', stage)} …"
            trainee.qtbot.waitUntil(partial(shows, page, told), timeout=5000)
            assert page.work.bar.isVisible()
            assert page.working
            go_on.release()
    finally:
        go_on.release(len(PrintStage))
    trainee.idle()
    assert state(page) is JobState.PRINTED, trainee.message()


# ------------------------------------------------------------------ odd photos


def test_odd_photos_are_listed_above_the_proof_and_stop_nobody(
    trainee: Trainee, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(PaperWriter, "face_warnings", lambda _papers, _subject: ODD)
    page = at(trainee, JobState.ENCODED)
    assert page.warned.tone is Tone.WARN
    assert page.warned.text().splitlines() == [words.note(code) for code in ODD]
    assert page.warned.geometry().bottom() < page.proof.geometry().top()
    for _ in range(5):
        trainee.enter()
    assert state(page) is JobState.ISSUED
    assert not page.warned.isVisible()


def test_a_face_without_oddities_has_no_list(trainee: Trainee, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(PaperWriter, "face_warnings", lambda _papers, _subject: ())
    assert not at(trainee, JobState.ENCODED).warned.isVisible()


# ------------------------------------------------------------------ calibration


def devices(trainee: Trainee) -> DevicesPage:
    trainee.log_in(OPERATOR)
    trainee.window.go("devices")
    trainee.idle()
    page = page_of(trainee)
    assert isinstance(page, DevicesPage)
    return page


def calibrating(trainee: Trainee) -> CalibrationPage:
    devices(trainee)
    trainee.key(K.Key_F6)
    trainee.idle()
    page = page_of(trainee)
    assert isinstance(page, CalibrationPage), trainee.page_name()
    return page


def test_a_printer_is_calibrated_and_confirmed_by_keys(trainee: Trainee) -> None:
    page = calibrating(trainee)
    assert page.who.text() == "Belum pernah dikalibrasi."
    for typed in ("0,5", "-0.25", "101"):
        trainee.type(typed)
        trainee.key(K.Key_Return)
    trainee.enter()
    kept = calibration.current(trainee.office.desk, OPERATOR)
    assert kept.calibration == Calibration(0.5, -0.25, 1.01), trainee.message()
    assert kept.by in page.who.text()
    trainee.office.hands.want_blank()
    trainee.office.bench.move_to_printer(trainee.office.bench.take_blank())
    tab_to(trainee, LINES_AGAIN)
    trainee.enter()
    assert trainee.message() == "Kartu garis dikirim ke printer"
    page.right.line.setFocus()
    trainee.type("1")
    assert page.lines_button.accessibleName() == LINES
    trainee.key(K.Key_Escape)
    trainee.idle()
    assert isinstance(page_of(trainee), DevicesPage)


def test_every_number_that_does_not_fit_is_told(trainee: Trainee) -> None:
    page = calibrating(trainee)
    for typed in ("5,01", "nan", "106"):
        trainee.type(typed)
        trainee.key(K.Key_Return)
    trainee.enter()
    no_number = "Isi sebuah angka, misalnya 0,5."
    assert [field.error() for field in page.fields] == ["Di luar batas.", no_number, "Di luar batas."]
    assert calibration.current(trainee.office.desk, OPERATOR).at is None


def test_the_picture_waits_until_nobody_types(trainee: Trainee, monkeypatch: pytest.MonkeyPatch) -> None:
    calibrating(trainee)
    drawn: list[object] = []
    real = calibration.preview

    def counted(*arguments: object) -> bytes:
        drawn.append(arguments[-1])
        return real(*arguments)  # type: ignore[arg-type]

    monkeypatch.setattr(calibration, "preview", counted)
    trainee.type("0,75")
    assert drawn == []
    trainee.qtbot.waitUntil(lambda: bool(drawn), timeout=5000)
    trainee.idle()
    assert drawn == [Calibration(right_mm=0.75)]


def test_who_logs_out_while_typing_leaves_no_drawing_behind(
    trainee: Trainee, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = calibrating(trainee)
    trainee.type("1")
    drawn: list[object] = []
    monkeypatch.setattr(page, "ask", lambda *asked, **_named: drawn.append(asked))
    trainee.key(K.Key_L, Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier)
    page._draw()
    trainee.qtbot.wait(350)
    assert drawn == []


def test_what_is_typed_is_not_overwritten_by_what_was_kept(trainee: Trainee) -> None:
    page = calibrating(trainee)
    trainee.type("1,5")
    page._fill(calibration.current(trainee.office.desk, OPERATOR))
    assert page.right.line.text() == "1,5"


# ------------------------------------------------------------------ supplies


def test_ribbon_rest_and_cleaning_are_noted_by_keys(trainee: Trainee) -> None:
    page = devices(trainee)
    tab_to(trainee, "Pita baru …")
    trainee.key(K.Key_Return)
    trainee.dialog()
    trainee.type("R-1")
    trainee.key(K.Key_Tab)
    trainee.type("150")
    trainee.enter()
    assert "sisa 150 kartu (dihitung)" in page.supplies.ribbon.text()
    for word in ("Sudah diistirahatkan", "Sudah dibersihkan"):
        tab_to(trainee, word)
        trainee.enter()
    assert supplies.look(trainee.office.desk, OPERATOR).ribbon_serial == "R-1"
    with trainee.office.desk.unit(OPERATOR) as unit:
        kinds = [event.kind for event in unit.events.of("perangkat")]
    assert kinds[-3:] == ["ribbon.changed", "printer.rested", "printer.cleaned"]


def state_of(left: int | None, source: RibbonSource, blanks: int | None, *warnings: str) -> Supplies:
    return Supplies(
        ribbon_left=left,
        ribbon_source=source,
        ribbon_serial="",
        measured_yield=125,
        cards_since_rest=100,
        rest_due="printer.rest_due" in warnings,
        cards_since_cleaning=1000,
        cleaning_due="printer.cleaning_due" in warnings,
        blanks_left=blanks,
        warnings=warnings,
    )


def test_what_is_due_is_told_in_words_and_not_by_colour_alone(qtbot: QtBot) -> None:
    panel = SuppliesPanel()
    qtbot.addWidget(panel)
    due = ("printer.ribbon_low", "printer.rest_due", "printer.cleaning_due")
    panel.show_supplies(state_of(12, RibbonSource.PRINTER, 0, *due))
    assert panel.ribbon.text() == "Pita: sisa 12 kartu, hampir habis (dari printer)"
    assert panel.rest.text().endswith("istirahatkan")
    assert panel.cleaning.text().endswith("bersihkan")
    assert panel.blanks.text() == "Blangko di lemari: habis"
    assert panel.sizeHint().width() <= 954  # the page's room in a window of 1280
    panel.show_supplies(state_of(None, RibbonSource.UNKNOWN, None))
    assert panel.ribbon.tone is Tone.UNKNOWN
    assert "tidak diketahui" in panel.ribbon.text()
    assert panel.blanks.testAttribute(Qt.WidgetAttribute.WA_WState_Hidden)
