"""The check list after printing, the printer's stages, supplies and calibration, by keyboard."""

from __future__ import annotations

import pytest

from ktpel_desktop.core.calibration import Calibration
from ktpel_desktop.core.issuance import JobState, SpoilReason
from ktpel_desktop.core.ports import PrintStage
from ktpel_desktop.services import calibration, supplies
from ktpel_desktop.training.people import OPERATOR
from ktpel_desktop.ui import words
from ktpel_desktop.ui.dialogs import AskFields
from ktpel_desktop.ui.pages.calibration import CalibrationPage
from ktpel_desktop.ui.pages.devices import DevicesPage
from ktpel_desktop.ui.pages.issuance import IssuancePage
from ktpel_desktop.ui.widgets.face_check import POINTS
from tests.ui.conftest import K, Trainee


def printed(trainee: Trainee) -> IssuancePage:
    request_id = trainee.verified()
    trainee.log_in(OPERATOR)
    trainee.window.go("issue", request_id=request_id)
    trainee.idle()
    page = trainee.window.page
    assert isinstance(page, IssuancePage)
    for _ in range(3):
        trainee.enter()
    assert page.state is JobState.PRINTED, trainee.message()
    return page


def test_every_point_is_looked_at_before_the_card_is_good(trainee: Trainee) -> None:
    page = printed(trainee)
    assert page.face_check.missing() == POINTS
    page.good_face()
    assert trainee.message() == "Periksa kartu dahulu"
    assert page.state is JobState.PRINTED
    for done in range(len(POINTS)):
        assert len(page.face_check.missing()) == len(POINTS) - done
        trainee.enter()
    assert page.state is JobState.PRINTED
    trainee.enter()
    assert page.job is not None
    assert page.job.state.value == "ISSUED"


def test_what_is_wrong_with_a_face_is_journalled(trainee: Trainee) -> None:
    page = printed(trainee)
    page.ask_bad_face()
    trainee.choose("surface")
    assert page.state is JobState.SPOILED
    assert page.job is not None
    assert page.job.spoil_reason is SpoilReason.PRINT_FAILED
    with trainee.office.desk.unit(OPERATOR) as unit:
        spoiled = [event for event in unit.events.of(page.request_id) if event.kind == "job.SPOILED"]
    assert "surface" in str(spoiled[-1].data)


def test_the_printers_stages_are_told_in_words(trainee: Trainee) -> None:
    page = printed(trainee)
    for stage in PrintStage:
        page._stage(stage)
        assert page.told.text() == f"{words.word('print_stage', stage)} …"
        assert stage.value not in page.told.text()


def devices(trainee: Trainee) -> DevicesPage:
    trainee.log_in(OPERATOR)
    trainee.window.go("devices")
    trainee.idle()
    page = trainee.window.page
    assert isinstance(page, DevicesPage)
    return page


def test_a_new_ribbon_is_noted_and_counted(trainee: Trainee) -> None:
    page = devices(trainee)
    assert "tidak diketahui" in page.supplies.ribbon.text()
    page.ask_new("Pita", supplies.ribbon_changed)
    asked = trainee.dialog()
    assert isinstance(asked, AskFields)
    trainee.type("R-7788")
    trainee.key(K.Key_Tab)
    trainee.type("180")
    trainee.enter()
    found = supplies.look(trainee.office.desk, OPERATOR)
    assert (found.ribbon_serial, found.ribbon_left) == ("R-7788", 180)
    assert "sisa 180 kartu (dihitung)" in page.supplies.ribbon.text()


def test_rest_and_cleaning_are_noted(trainee: Trainee) -> None:
    page = devices(trainee)
    page._note(supplies.rested)
    trainee.idle()
    page._note(supplies.cleaned)
    trainee.idle()
    with trainee.office.desk.unit(OPERATOR) as unit:
        kinds = [event.kind for event in unit.events.of("perangkat")]
    assert kinds[-2:] == ["printer.rested", "printer.cleaned"]


def calibrating(trainee: Trainee) -> CalibrationPage:
    devices(trainee)
    trainee.key(K.Key_F6)
    trainee.idle()
    page = trainee.window.page
    assert isinstance(page, CalibrationPage), trainee.page_name()
    return page


def test_numbers_are_kept_with_who_and_the_picture_follows(trainee: Trainee) -> None:
    page = calibrating(trainee)
    trainee.qtbot.waitUntil(lambda: not page.picture.pixmap().isNull(), timeout=10_000)
    before = page.picture.pixmap().toImage()
    page.right.fill("0,5")
    page.down.fill("-0.25")
    page.stretch.fill("101")
    trainee.qtbot.waitUntil(lambda: page.picture.pixmap().toImage() != before, timeout=10_000)
    page.keep()
    trainee.idle()
    kept = calibration.current(trainee.office.desk, OPERATOR)
    assert kept.calibration == Calibration(0.5, -0.25, 1.01)
    assert kept.by in page.who.text()


@pytest.mark.parametrize(("typed", "told"), [("abc", "Isi sebuah angka"), ("9", "Di luar batas")])
def test_a_number_that_does_not_fit_is_told_beside_its_field(trainee: Trainee, typed: str, told: str) -> None:
    page = calibrating(trainee)
    page.right.fill(typed)
    page.keep()
    trainee.idle()
    assert told in page.right.error()
    assert calibration.current(trainee.office.desk, OPERATOR).at is None


def test_lines_are_printed_without_anybodys_data(trainee: Trainee) -> None:
    page = calibrating(trainee)
    trainee.office.hands.want_blank()
    trainee.office.bench.move_to_printer(trainee.office.bench.take_blank())
    page.print_lines()
    trainee.idle()
    assert trainee.message() == "Kartu garis dikirim ke printer"
    trainee.office.bench.move_to_printer(trainee.office.bench.take_blank())
    page.print_test()
    trainee.idle()
    assert trainee.message() == "Kartu uji dikirim ke printer"
