"""Letters at the window: reached, read and printed by keys, from the pages where they are needed."""

from __future__ import annotations

from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication

from ktpel_desktop import resource_files
from ktpel_desktop.core.errors import Effect, GatewayError
from ktpel_desktop.core.issuance import JobState
from ktpel_desktop.core.nik import Nik
from ktpel_desktop.core.ports import SiakRecord
from ktpel_desktop.core.request import Request
from ktpel_desktop.core.roles import Actor
from ktpel_desktop.devices.simulator.page_printer import SimulatedPagePrinter
from ktpel_desktop.documents.writer import PaperWriter
from ktpel_desktop.services import escalations, letter_book, notices, read_back, referrals, verifying
from ktpel_desktop.training.people import OPERATOR
from ktpel_desktop.ui.pages import history
from ktpel_desktop.ui.pages.counter import CounterPage
from ktpel_desktop.ui.pages.escalations import EscalationsPage
from ktpel_desktop.ui.pages.issuance import IssuancePage
from ktpel_desktop.ui.pages.letters import NoticePage, ReferralPage
from ktpel_desktop.ui.pages.read_back import ReadBackDialog
from ktpel_desktop.ui.pages.request import RequestPage
from ktpel_desktop.ui.pages.verification import VerificationPage
from tests.services.desks import OFFICE
from tests.services.office import BUDI, SARI
from tests.ui.conftest import Hands, K, Trainee
from tests.ui.test_pages import yield_checks

CTRL = Qt.KeyboardModifier.ControlModifier
WEEK = 60 * 24 * 7


def printed(hands: Hands) -> list[bytes]:
    printer = hands.world.desk.page_printer
    assert isinstance(printer, SimulatedPagePrinter)
    return list(printer.printed)


def at_request(hands: Hands, actor: Actor, request: Request) -> RequestPage:
    desk = hands.window.place.desk
    hands.window.place.desk = replace(desk, papers=PaperWriter(resource_files.root(), OFFICE))
    hands.window.welcome(actor)
    hands.window.go("request", request_id=request.id)
    hands.idle()
    page = hands.window.page
    assert isinstance(page, RequestPage)
    yield_checks(page)
    return page


def incomplete(hands: Hands) -> Request:
    request = hands.world.claimed()
    return verifying.decide_incomplete(hands.world.desk, BUDI, request.id, ["form_unsigned"])


def rejected(hands: Hands, reason: str = "duplicate_record") -> Request:
    request = hands.world.claimed()
    return verifying.decide_reject(hands.world.desk, BUDI, request.id, [reason])


def stuck(hands: Hands) -> Request:
    request = hands.world.claimed()
    verifying.decide_wait(hands.world.desk, BUDI, request.id, "enrolment_in_progress")
    hands.world.clock.advance(WEEK)
    return request


# ------------------------------------------------------------------ papers for the applicant


def test_the_counter_reads_prints_and_comes_back(hands: Hands) -> None:
    request = incomplete(hands)
    page = at_request(hands, SARI, request)
    assert "Pemberitahuan" in page.letter_button.text()
    hands.key(K.Key_F9)
    hands.idle()
    notice = hands.window.page
    assert isinstance(notice, NoticePage)
    yield_checks(notice)
    first = notice.view.pdf
    assert first.startswith(b"%PDF")
    hands.key(K.Key_P, CTRL)
    hands.idle()
    assert "dikirim ke printer" in hands.message()
    assert printed(hands) == [first]
    assert notice.view.pdf != first, "the next one is marked as a copy"
    assert [subject for subject, _ in hands.world.events(notices.PRINTED)] == [request.id]
    hands.key(K.Key_Escape)
    hands.qtbot.waitUntil(lambda: hands.page_name() == "RequestPage", timeout=5000)
    hands.idle()


def test_the_counters_queue_offers_it_for_the_chosen_file_only_where_it_lacks_something(hands: Hands) -> None:
    incomplete(hands)
    desk = hands.window.place.desk
    hands.window.place.desk = replace(desk, papers=PaperWriter(resource_files.root(), OFFICE))
    hands.window.welcome(SARI)
    hands.window.go("counter")
    hands.idle()
    page = hands.window.page
    assert isinstance(page, CounterPage)
    page.table.setFocus()
    hands.key(K.Key_Down)
    hands.idle()
    assert page.notice_button.isVisible()
    yield_checks(page)
    hands.key(K.Key_F9)
    hands.idle()
    assert hands.page_name() == "NoticePage"


def test_a_printer_that_is_off_says_so_and_the_notice_stays(hands: Hands) -> None:
    at_request(hands, SARI, incomplete(hands))
    hands.key(K.Key_F9)
    hands.idle()
    hands.world.bench.faults.script("page_off")
    hands.key(K.Key_P, CTRL)
    hands.idle()
    assert "mati" in hands.message()
    page = hands.window.page
    assert isinstance(page, NoticePage)
    assert page.print_button.isEnabled()


def test_the_operator_writes_the_referral_from_the_request(hands: Hands) -> None:
    request = rejected(hands)
    page = at_request(hands, BUDI, request)
    assert "rujukan" in page.letter_button.text()
    hands.key(K.Key_F9)
    hands.idle()
    letter = hands.window.page
    assert isinstance(letter, ReferralPage)
    yield_checks(letter)
    assert hands.world.events(letter_book.NUMBERED) == []
    hands.key(K.Key_P, CTRL)
    hands.idle()
    assert "dikirim ke printer" in hands.message()
    assert len(printed(hands)) == 1
    assert hands.world.events(referrals.PRINTED) == [
        (request.id, {"letter": "1/SR/2026", "edition": "1/SR/2026", "copy": 0})
    ]


def test_no_letter_where_there_is_nothing_to_tell(hands: Hands) -> None:
    page = at_request(hands, BUDI, rejected(hands, "not_entitled"))
    assert not page.letter_button.isVisible()
    hands.key(K.Key_F9)
    hands.idle()
    assert hands.page_name() == "RequestPage"


def test_the_counter_is_not_offered_the_operators_letter(hands: Hands) -> None:
    assert not at_request(hands, SARI, rejected(hands)).letter_button.isVisible()


def test_the_request_tells_the_letters_number(hands: Hands) -> None:
    request = rejected(hands)
    referrals.print_out(hands.world.desk, BUDI, request.id)
    page = at_request(hands, BUDI, request)
    told = [history.text_of(event, page.place) for event in page.log.rows.rows]
    assert "Surat rujukan dibuat: 1/SR/2026" in told
    assert "Surat rujukan dicetak: 1/SR/2026" in told


@pytest.mark.parametrize(
    ("code", "outcome"),
    [
        ("siak.duplicate", "duplicate"),
        ("siak.deceased", "deceased"),
        ("siak.inactive", "inactive"),
        ("siak.not_found", "not_found"),
        ("siak.quota_spent", "offline"),
    ],
)
def test_verification_takes_siaks_refusal_as_its_answer(
    hands: Hands, monkeypatch: pytest.MonkeyPatch, code: str, outcome: str
) -> None:
    request = hands.world.claimed()

    def look_up(_nik: Nik) -> SiakRecord:
        raise GatewayError(code, Effect.NONE)

    monkeypatch.setattr(hands.world.siak, "look_up", look_up)
    hands.window.welcome(BUDI)
    hands.window.go("verify", request_id=request.id)
    hands.idle()
    page = hands.window.page
    assert isinstance(page, VerificationPage)
    page.advance({"papers": frozenset(), "legible": True})
    hands.idle()
    assert page.outcomes(page.journey.current, {}) == {"siak": outcome}


# ------------------------------------------------------------------ escalation


def at_escalations(hands: Hands) -> EscalationsPage:
    desk = hands.window.place.desk
    hands.window.place.desk = replace(desk, papers=PaperWriter(resource_files.root(), OFFICE))
    hands.window.welcome(BUDI)
    hands.window.go("queue")
    hands.idle()
    hands.key(K.Key_F9)
    hands.idle()
    page = hands.window.page
    assert isinstance(page, EscalationsPage)
    yield_checks(page)
    return page


def test_a_draft_becomes_a_letter_of_the_list(hands: Hands) -> None:
    stuck(hands)
    page = at_escalations(hands)
    assert page.view.pdf.startswith(b"%PDF")
    assert "Beri nomor" in page.print_button.text()
    assert not page.save_button.isEnabled(), "a draft is not kept"
    hands.key(K.Key_P, CTRL)
    hands.idle()
    assert "dikirim ke printer" in hands.message()
    assert [one.letter for one in page.table.rows.rows] == ["1/ESK/2026"]
    assert [told["letter"] for _, told in hands.world.events(escalations.PRINTED)] == ["1/ESK/2026"]
    assert page.save_button.isEnabled()
    assert "Beri nomor" not in page.print_button.text()
    hands.key(K.Key_P, CTRL)
    hands.idle()
    assert [told["copy"] for _, told in hands.world.events(escalations.PRINTED)] == [0, 1]


def test_a_printer_that_is_off_leaves_the_numbered_letter_in_the_list(hands: Hands) -> None:
    stuck(hands)
    page = at_escalations(hands)
    hands.world.bench.faults.script("page_off")
    hands.key(K.Key_P, CTRL)
    hands.idle()
    assert "mati" in hands.message()
    assert [one.letter for one in page.table.rows.rows] == ["1/ESK/2026"]
    assert page.print_button.isEnabled()
    hands.key(K.Key_P, CTRL)
    hands.idle()
    assert [told["copy"] for _, told in hands.world.events(escalations.PRINTED)] == [0]


def test_nothing_stuck_nothing_to_print(hands: Hands) -> None:
    page = at_escalations(hands)
    assert not page.print_button.isEnabled()
    assert not page.save_button.isEnabled()
    hands.key(K.Key_Escape)
    hands.qtbot.waitUntil(lambda: hands.page_name() == "QueuePage", timeout=5000)
    hands.idle()


# ------------------------------------------------------------------ read-back


def test_the_owner_reads_before_the_card_is_printed(trainee: Trainee) -> None:
    request_id = trainee.verified()
    trainee.log_in(OPERATOR)
    trainee.window.go("issue", request_id=request_id)
    trainee.idle()
    trainee.enter()
    page = trainee.window.page
    assert isinstance(page, IssuancePage)
    assert page.state is JobState.RESERVED
    yield_checks(page)
    trainee.key(K.Key_F9)
    dialog = trainee.dialog()
    assert isinstance(dialog, ReadBackDialog)
    trainee.idle()
    assert dialog.view.pdf.startswith(b"%PDF")
    assert dialog.main_button.hasFocus()
    trainee.key(K.Key_P, CTRL)
    trainee.qtbot.waitUntil(lambda: QApplication.activeModalWidget() is None, timeout=5000)
    trainee.idle()
    assert "Lembar periksa data" in trainee.message()
    with trainee.office.desk.unit(OPERATOR) as unit:
        (event,) = [one for one in unit.events.of(request_id) if one.kind == read_back.PRINTED]
    assert page.job is not None
    assert event.data == {"job": page.job.id, "edition": page.job.digest, "copy": 0}
    assert page.state is JobState.RESERVED, "the card itself was not touched"


def test_a_sheet_that_did_not_come_out_is_told_in_its_own_window(trainee: Trainee) -> None:
    request_id = trainee.verified()
    trainee.log_in(OPERATOR)
    trainee.window.go("issue", request_id=request_id)
    trainee.idle()
    trainee.enter()
    trainee.key(K.Key_F9)
    dialog = trainee.dialog()
    assert isinstance(dialog, ReadBackDialog)
    trainee.idle()
    trainee.office.bench.faults.script("page_off")
    trainee.key(K.Key_P, CTRL)
    trainee.qtbot.waitUntil(dialog.main_button.isEnabled, timeout=5000)
    assert dialog.panel.isVisible()
    trainee.key(K.Key_Escape)
    trainee.idle()
    assert QApplication.activeModalWidget() is None
