"""A whole card, from login to issued, by keyboard alone; and keys pressed twice."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from ktpel_desktop.core.issuance import JobState
from ktpel_desktop.core.request import RequestState
from ktpel_desktop.devices.simulator.cards import Place
from ktpel_desktop.services import intake
from ktpel_desktop.ui.pages.issuance import IssuancePage
from ktpel_desktop.ui.pages.request import RequestPage
from ktpel_desktop.ui.widgets.face_check import POINTS
from ktpel_desktop.ui.wizard import WizardPage
from tests.services import office
from tests.services.office import BUDI, SARI
from tests.ui.conftest import Hands, K


def wizard(hands: Hands) -> WizardPage:
    page = hands.window.page
    assert isinstance(page, WizardPage), hands.message()
    return page


def issuance(hands: Hands) -> IssuancePage:
    page = hands.window.page
    assert isinstance(page, IssuancePage), (hands.page_name(), hands.message())
    return page


def state(hands: Hands) -> JobState | None:
    return issuance(hands).state


def test_a_card_is_issued_by_keyboard_alone(hands: Hands) -> None:
    hands.login(SARI)
    assert hands.page_name() == "CounterPage"
    request_id = take_in(hands)
    hands.window.log_out()
    hands.idle()
    world = hands.world
    intake.hand_to_operator(world.desk, SARI, [request_id], BUDI.username)

    hands.login(BUDI)
    assert hands.page_name() == "QueuePage"
    hands.key(K.Key_F2)  # claim the first and open it
    hands.idle()
    assert isinstance(hands.window.page, RequestPage), hands.message()
    hands.enter_on_first_action()
    assert wizard(hands).journey.step == "papers"
    hands.tick_all()
    wizard(hands).editors["legible"].setFocus()
    hands.key(K.Key_Space)
    hands.enter()
    assert wizard(hands).journey.step == "siak"
    hands.enter()
    assert wizard(hands).journey.step == "compare"
    hands.tick_all()
    hands.enter()
    assert wizard(hands).journey.step == "decision", hands.message()
    wizard(hands).editors["decision"].setFocus()
    hands.key(K.Key_Space)
    hands.enter()
    hands.tick_all()
    hands.enter()
    assert world.get(request_id).state is RequestState.VERIFIED, hands.message()

    assert issuance(hands).state is None
    hands.enter()
    assert state(hands) is JobState.RESERVED, hands.message()
    hands.carry(Place.READER)
    hands.enter()
    assert state(hands) is JobState.ENCODED, hands.message()
    hands.carry(Place.PRINTER)
    hands.enter()
    assert state(hands) is JobState.PRINTED, hands.message()
    hands.carry(Place.READER)
    for _ in POINTS:
        hands.enter()
    hands.enter()
    assert state(hands) is JobState.ISSUED, hands.message()
    assert world.get(request_id).state is RequestState.PRODUCED


def take_in(hands: Hands) -> str:
    """The intake wizard by keys; returns the ticket of what it made."""
    hands.key(K.Key_F2)
    hands.idle()
    assert wizard(hands).journey.step == "service"
    hands.type("baru 17 tahun ke atas")
    hands.enter()
    assert wizard(hands).journey.step == "applicant"
    hands.type(office.NIK.reveal())
    hands.key(K.Key_Tab)
    hands.type(office.NAME)
    hands.key(K.Key_Tab)
    hands.type(office.KK.reveal())
    hands.enter()
    assert wizard(hands).journey.step == "requirements", hands.message()
    hands.tick_all()
    hands.enter()
    assert wizard(hands).journey.step == "warnings", hands.message()
    hands.enter()
    assert wizard(hands).journey.step == "confirm", hands.message()
    hands.tick_all()
    hands.enter()
    assert hands.page_name() == "CounterPage", hands.message()
    with hands.world.desk.unit(SARI) as unit:
        (request,) = unit.requests.open_of(office.NIK)
    assert request.number in hands.message()
    return request.id


def test_a_wrong_nik_is_shown_beside_its_field(hands: Hands) -> None:
    hands.login(SARI)
    hands.key(K.Key_F2)
    hands.idle()
    hands.enter()
    hands.type("3171015299909901")
    hands.key(K.Key_Tab)
    hands.type(office.NAME)
    hands.enter()
    page = wizard(hands)
    assert page.journey.step == "applicant"
    assert page.editors["nik"].error()
    assert page.editors["name"].error() == ""
    assert "perlu diperbaiki" in hands.message()
    assert page.editors["nik"].focusProxy() is hands.focus()


def test_alt_left_goes_back_and_keeps_what_was_typed_and_esc_leaves(hands: Hands) -> None:
    hands.login(SARI)
    hands.key(K.Key_F2)
    hands.idle()
    hands.enter()
    hands.type(office.NIK.reveal())
    hands.key(K.Key_Tab)
    hands.type(office.NAME)
    hands.enter()
    assert wizard(hands).journey.step == "requirements"
    hands.key(K.Key_Left, Qt.KeyboardModifier.AltModifier)
    assert wizard(hands).journey.step == "applicant"
    assert str(wizard(hands).editors["name"].answer()) == office.NAME
    hands.key(K.Key_Escape)
    hands.idle()
    assert hands.page_name() == "CounterPage"


def test_enter_pressed_twice_prints_one_card(hands: Hands) -> None:
    request = hands.world.verified()
    hands.login(BUDI)
    hands.window.go("issue", request_id=request.id)
    hands.idle()
    hands.enter()
    hands.carry(Place.READER)
    hands.enter()
    hands.carry(Place.PRINTER)
    before = hands.world.bench.counter
    target = hands.focus()
    QTest.keyClick(target, K.Key_Return)
    QTest.keyClick(target, K.Key_Return)
    QTest.keyClick(target, K.Key_Return)
    hands.idle()
    assert hands.world.bench.counter == before + 1
    assert state(hands) is JobState.PRINTED


def test_a_receipt_scanned_twice_opens_its_request_once_each(hands: Hands) -> None:
    request = hands.world.accepted()
    hands.login(SARI)
    for _ in range(2):
        hands.type("~" + request.id)
        hands.key(K.Key_Return)
        hands.idle()
        page = hands.window.page
        assert isinstance(page, RequestPage)
        assert page.request_id == request.id
    with hands.world.desk.unit(SARI) as unit:
        assert len(unit.requests.open_of(office.NIK)) == 1


def test_a_ticket_typed_into_the_search_line_opens_its_request(hands: Hands) -> None:
    request = hands.world.accepted()
    hands.login(SARI)
    hands.type(request.id.lower())
    hands.enter()
    assert hands.page_name() == "RequestPage"


def test_a_scan_with_a_wrong_check_character_opens_nothing(hands: Hands) -> None:
    request = hands.world.accepted()
    hands.login(SARI)
    wrong = request.id[:-1] + ("3" if request.id[-1] == "2" else "2")
    hands.type("~" + wrong)
    hands.key(K.Key_Return)
    hands.idle()
    assert hands.page_name() == "CounterPage"


def test_a_spoiled_card_needs_the_second_person_for_the_next(hands: Hands) -> None:
    request = hands.world.verified()
    hands.login(BUDI)
    hands.window.go("issue", request_id=request.id)
    hands.idle()
    hands.enter()
    hands.carry(Place.READER)
    hands.enter()
    page = issuance(hands)
    page.ask_spoil()
    hands.dialog()
    hands.key(K.Key_Space)
    hands.enter()
    assert state(hands) is JobState.SPOILED, hands.message()
    hands.enter()  # "Cetak ulang …": the approval dialog
    hands.dialog()
    hands.type(office.RATNA.username)
    hands.key(K.Key_Tab)
    hands.type(office.PASSWORD)
    hands.enter()
    assert state(hands) is JobState.RESERVED, hands.message()


def test_the_lock_keeps_open_work_for_the_same_person(hands: Hands) -> None:
    request = hands.world.accepted()
    hands.login(SARI)
    hands.window.go("request", request_id=request.id)
    hands.idle()
    page = hands.window.page
    hands.key(K.Key_L, Qt.KeyboardModifier.ControlModifier)
    assert hands.window.stack.currentWidget() is hands.window.login
    hands.type(office.PASSWORD)
    hands.enter()
    assert hands.window.page is page
    hands.key(K.Key_L, Qt.KeyboardModifier.ControlModifier)
    hands.window.login.username.clear()
    hands.login(office.DIAN)
    assert hands.page_name() == "CounterPage"
