"""A whole day through the window of the real training office, by keys: login, counter, print room, handover, closing,
signature.
"""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt

from ktpel_desktop.core.issuance import JobState
from ktpel_desktop.devices.simulator.page_printer import SimulatedPagePrinter
from ktpel_desktop.services import reports
from ktpel_desktop.training.people import LOKET, OPERATOR, PENYELIA
from ktpel_desktop.ui.pages.counter import CounterPage
from ktpel_desktop.ui.pages.intake import IntakePage
from ktpel_desktop.ui.pages.issuance import IssuancePage
from ktpel_desktop.ui.pages.reports import ReportsPage
from ktpel_desktop.ui.wizard import WizardPage
from tests.ui.conftest import K, Trainee


def step(trainee: Trainee) -> str:
    page = trainee.window.page
    assert isinstance(page, WizardPage), (trainee.page_name(), trainee.message())
    return page.journey.step


def take_in(trainee: Trainee) -> str:
    trainee.key(K.Key_F2)
    trainee.idle()
    trainee.type("ktp-el rusak")
    trainee.enter()
    assert step(trainee) == "applicant", trainee.message()
    page = trainee.window.page
    assert isinstance(page, IntakePage)
    page._sample()  # the button "Isi dengan warga contoh"
    trainee.enter()
    assert step(trainee) == "requirements", trainee.message()
    trainee.tick_all()
    trainee.enter()
    assert step(trainee) == "warnings", trainee.message()
    trainee.tick_all()
    trainee.enter()
    assert step(trainee) == "confirm", trainee.message()
    trainee.tick_all()
    trainee.enter()
    assert trainee.page_name() == "CounterPage", trainee.message()
    assert "diterima" in trainee.message()
    counter = trainee.window.page
    assert isinstance(counter, CounterPage)
    return str(counter.table.rows.rows[-1].id)


def verify(trainee: Trainee, request_id: str) -> None:
    trainee.window.go("request", request_id=request_id)
    trainee.idle()
    trainee.enter()  # claim
    trainee.enter()  # verify
    assert step(trainee) == "papers", trainee.message()
    trainee.tick("legible")
    trainee.enter()
    assert step(trainee) == "siak", trainee.message()
    trainee.enter()
    assert step(trainee) == "compare", trainee.message()
    trainee.tick("compared")
    trainee.enter()
    assert step(trainee) == "decision", trainee.message()
    trainee.tick("decision")
    trainee.enter()
    assert step(trainee) == "confirm", trainee.message()
    trainee.tick_all()
    trainee.enter()


def issue(trainee: Trainee) -> None:
    page = trainee.window.page
    assert isinstance(page, IssuancePage), (trainee.page_name(), trainee.message())
    for wanted in (None, JobState.RESERVED, JobState.ENCODED, JobState.PRINTED):
        assert page.state is wanted, (page.state, trainee.message())
        for _ in page.face_check.missing() if wanted is JobState.PRINTED else ():
            trainee.enter()  # one look each at photo, text and surface
        trainee.enter()
    assert page.state is JobState.ISSUED, trainee.message()
    trainee.enter()
    assert trainee.page_name() == "QueuePage"


def hand_over(trainee: Trainee, request_id: str) -> None:
    trainee.key(K.Key_F3)
    trainee.idle()
    trainee.type(request_id)
    trainee.enter()
    assert step(trainee) == "collector", trainee.message()
    trainee.tick("collector")
    trainee.tick("identity")
    trainee.enter()
    assert step(trainee) == "self", trainee.message()
    trainee.tick_all()
    trainee.enter()
    assert step(trainee) == "old_card", trainee.message()
    trainee.tick_all()
    trainee.enter()
    assert step(trainee) == "chip", trainee.message()
    trainee.enter()
    assert step(trainee) == "receipt", trainee.message()
    trainee.tick_all()
    trainee.enter()


def close_the_day(trainee: Trainee) -> None:
    trainee.window.go("closing")
    trainee.idle()
    trainee.enter()
    with trainee.office.desk.unit(OPERATOR) as unit:
        left = unit.stock.balance().left
    trainee.count_blind(left, left)
    assert step(trainee) == "comparison", trainee.message()
    trainee.enter()
    assert step(trainee) == "consumables", trainee.message()
    trainee.type("80")
    trainee.key(K.Key_Tab)
    trainee.type("60")
    trainee.enter()
    assert step(trainee) == "report", trainee.message()
    trainee.tick_all()
    trainee.enter()


@pytest.mark.timeout(300)
def test_a_day_from_the_counter_to_the_signature(trainee: Trainee) -> None:
    trainee.log_in(LOKET)
    request_id = take_in(trainee)
    trainee.key(K.Key_F6)
    trainee.idle()
    trainee.choose(OPERATOR.username)
    assert trainee.state(request_id) == "WITH_OPERATOR", trainee.message()

    trainee.leave(OPERATOR)
    verify(trainee, request_id)
    assert trainee.state(request_id) == "VERIFIED", trainee.message()
    issue(trainee)
    trainee.key(K.Key_F6)
    trainee.idle()
    trainee.choose(LOKET.username)
    assert trainee.state(request_id) == "AT_COUNTER", trainee.message()

    trainee.leave(LOKET)
    hand_over(trainee, request_id)
    assert trainee.state(request_id) == "HANDED_OVER", trainee.message()

    trainee.leave(OPERATOR)
    close_the_day(trainee)
    assert trainee.page_name() == "ReportsPage", trainee.message()

    trainee.leave(PENYELIA)
    trainee.qtbot.waitUntil(lambda: trainee.window.navigation.waiting("reports") == 1, timeout=5000)
    trainee.window.go("reports")
    trainee.idle()
    page = trainee.window.page
    assert isinstance(page, ReportsPage)
    assert page.view.pdf.startswith(b"%PDF-")
    trainee.key(K.Key_F2)
    trainee.idle()
    report = reports.daily(trainee.office.desk, PENYELIA)
    assert (report.signed_by, report.signature_holds) == (PENYELIA.name, True), trainee.message()
    assert not page.sign_button.isEnabled()
    trainee.key(K.Key_P, Qt.KeyboardModifier.ControlModifier)
    trainee.idle()
    printer = trainee.office.desk.page_printer
    assert isinstance(printer, SimulatedPagePrinter)
    assert len(printer.printed) == 2
