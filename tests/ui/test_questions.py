"""What only people can answer while a card is made: asked in small windows, by keys, with the second person."""

from __future__ import annotations

from dataclasses import replace
from datetime import time

import pytest

from ktpel_desktop.core.issuance import JobState, PrintAnswer, SpoilReason
from ktpel_desktop.core.records import RequestFilter
from ktpel_desktop.core.request import RequestState
from ktpel_desktop.core.room_items import ItemId
from ktpel_desktop.services import preflight
from ktpel_desktop.settings import Settings
from ktpel_desktop.training import people
from ktpel_desktop.training.people import OPERATOR, PASSWORD, PENYELIA
from ktpel_desktop.ui.dialogs import AskApproval, AskFields
from ktpel_desktop.ui.pages.issuance import IssuancePage
from ktpel_desktop.ui.pages.request import RequestPage
from ktpel_desktop.ui.pages.room import RoomPage
from tests.ui.conftest import EVERY_DAY, K, Trainee

_J = JobState


class Card:
    """One card at the window; faults wait at the bench."""

    def __init__(self, trainee: Trainee, *faults: str) -> None:
        self.trainee = trainee
        self.request_id = trainee.verified()
        for fault in faults:
            trainee.office.bench.faults.script(fault)
        if trainee.window.place.actor is None:
            trainee.log_in(OPERATOR)
        trainee.window.go("issue", request_id=self.request_id)
        trainee.idle()

    @property
    def page(self) -> IssuancePage:
        found = self.trainee.window.page
        assert isinstance(found, IssuancePage), (self.trainee.page_name(), self.trainee.message())
        return found

    def until(self, wanted: JobState) -> None:
        """Enter, as often as it takes when nothing is asked."""
        for _ in range(12):  # the check list takes one for each point
            if self.page.state is wanted:
                return
            self.trainee.enter()
        raise AssertionError((self.page.state, wanted, self.trainee.message()))

    def shows(self, state: JobState | None) -> None:
        assert self.page.state is state, (self.page.state, self.trainee.message())

    def approve(self) -> None:
        self.trainee.approve(PENYELIA, PASSWORD)

    def reprint(self) -> None:
        """From a spoiled card to the next one, which a second person allows."""
        self.trainee.enter()
        self.approve()
        self.shows(_J.RESERVED)

    def spoiled_for(self) -> SpoilReason | None:
        job = self.page.job
        return job.spoil_reason if job else None


def balances(trainee: Trainee) -> tuple[int, int, int]:
    """Issued, spoiled, and left over; what is in the books and on the bench is the same number of cards."""
    with trainee.office.desk.unit(OPERATOR) as unit:
        balance = unit.stock.balance()
    assert balance.open == 0
    return balance.issued, balance.spoiled, balance.left


def test_a_lost_answer_is_answered_by_the_card_in_hand(trainee: Trainee) -> None:
    card = Card(trainee, "printed_answer_lost")
    card.until(_J.PRINT_UNKNOWN)
    trainee.enter()
    trainee.choose(PrintAnswer.CARD_GOOD)
    card.shows(_J.PRINTED)
    card.until(_J.ISSUED)
    assert trainee.state(card.request_id) == RequestState.PRODUCED
    assert balances(trainee)[:2] == (1, 0)


def test_nothing_printed_needs_a_second_person_and_prints_once_more(trainee: Trainee) -> None:
    card = Card(trainee, "accepted_not_printed")
    card.until(_J.PRINT_UNKNOWN)
    trainee.enter()
    trainee.choose(PrintAnswer.NOT_PRINTED)
    card.shows(_J.PRINT_UNKNOWN)
    card.approve()
    card.shows(_J.ENCODED)
    card.until(_J.ISSUED)
    assert balances(trainee)[:2] == (1, 0)


def test_a_jammed_card_is_spoiled_and_printed_again_with_leave(trainee: Trainee) -> None:
    card = Card(trainee, "jam_mid_card")
    card.until(_J.PRINT_UNKNOWN)
    trainee.enter()
    trainee.choose(PrintAnswer.CARD_SPOILED)
    assert (card.page.state, card.spoiled_for()) == (_J.SPOILED, SpoilReason.PRINT_FAILED)
    card.reprint()
    card.until(_J.ISSUED)
    assert balances(trainee)[:2] == (1, 1)


def test_a_missing_card_needs_a_second_person(trainee: Trainee) -> None:
    card = Card(trainee, "printed_card_lost")
    card.until(_J.PRINT_UNKNOWN)
    trainee.enter()
    trainee.choose(PrintAnswer.CARD_MISSING)
    card.approve()
    assert (card.page.state, card.spoiled_for()) == (_J.SPOILED, SpoilReason.MISSING), trainee.message()
    card.reprint()
    card.until(_J.ISSUED)
    assert balances(trainee)[:2] == (1, 1)


def test_a_dead_blank_is_booked_as_the_factorys_fault(trainee: Trainee) -> None:
    card = Card(trainee, "dead_on_arrival")
    card.until(_J.RESERVED)
    trainee.enter()
    card.shows(_J.RESERVED)
    assert trainee.message()
    card.page.ask_spoil()
    trainee.choose(SpoilReason.FACTORY_FAULT)
    assert (card.page.state, card.spoiled_for()) == (_J.SPOILED, SpoilReason.FACTORY_FAULT), trainee.message()
    card.reprint()
    card.until(_J.ISSUED)
    assert balances(trainee)[:2] == (1, 1)


def test_a_torn_write_is_finished_on_the_same_card(trainee: Trainee) -> None:
    card = Card(trainee, "torn_write")
    card.until(_J.ENCODING)
    assert trainee.message()
    card.until(_J.ISSUED)
    assert balances(trainee)[:2] == (1, 0)


def test_a_bad_face_is_asked_twice_before_it_spoils(trainee: Trainee) -> None:
    card = Card(trainee)
    card.until(_J.PRINTED)
    card.page.ask_bad_face()
    trainee.dialog()
    trainee.key(K.Key_Escape)
    trainee.idle()
    card.shows(_J.PRINTED)
    card.page.ask_bad_face()
    trainee.dialog()
    trainee.enter()  # nothing chosen: the window stays
    assert isinstance(trainee.dialog(), AskFields)
    trainee.choose("text")
    assert (card.page.state, card.spoiled_for()) == (_J.SPOILED, SpoilReason.PRINT_FAILED)


def test_leave_refused_says_why_and_can_be_tried_again(trainee: Trainee) -> None:
    card = Card(trainee, "jam_mid_card")
    card.until(_J.PRINT_UNKNOWN)
    trainee.enter()
    trainee.choose(PrintAnswer.NOT_PRINTED)
    trainee.approve(OPERATOR, PASSWORD)  # who asks cannot be the second person
    asked = trainee.dialog()
    assert isinstance(asked, AskApproval)
    assert asked.panel.message is not None
    asked.username.line.setFocus()
    asked.username.line.selectAll()
    trainee.approve(PENYELIA, PASSWORD)
    card.shows(_J.ENCODED)


class TestOutOfHours:
    """Before opening, a card takes a second person; one leave serves the whole card."""

    @pytest.fixture
    def training_settings(self) -> Settings:
        return replace(Settings(), opens=time(0, 0), closes=time(0, 0, 1), working_days=EVERY_DAY[:1])

    def test_leave_is_asked_at_the_start_and_again_after_a_restart(self, trainee: Trainee) -> None:
        card = Card(trainee)
        trainee.enter()
        card.approve()
        card.shows(_J.RESERVED)
        card.until(_J.ENCODED)
        trainee.window.go("queue")
        trainee.idle()
        trainee.window.go("issue", request_id=card.request_id)  # the leave was given to the page that is gone
        trainee.idle()
        trainee.enter()
        card.approve()
        card.shows(_J.PRINTED)
        card.until(_J.ISSUED)
        with trainee.office.desk.unit(OPERATOR) as unit:
            printing = [event for event in unit.events.of(card.request_id) if event.kind == "job.PRINTING"]
        assert [event.approver for event in printing] == [PENYELIA.username]


def test_a_room_that_fails_stops_the_card_until_it_is_waived(trainee: Trainee) -> None:
    preflight.attest(trainee.office.desk, OPERATOR, ItemId.CABINET_LOCKED, False, "kunci patah")
    card = Card(trainee)
    trainee.enter()
    card.shows(None)
    assert trainee.message()

    trainee.window.go("room")
    trainee.idle()
    page = trainee.window.page
    assert isinstance(page, RoomPage)
    rows = page.table.rows.rows
    place = next(place for place, check in enumerate(rows) if check.item is ItemId.CABINET_LOCKED)
    page.table.selectRow(place)
    assert rows[place].blocks
    trainee.key(K.Key_F4)
    trainee.dialog()
    trainee.type("lemari cadangan dipakai, kunci di penyelia")
    trainee.enter()
    card.approve()
    assert page.table.rows.rows[place].waived_by, trainee.message()

    trainee.window.go("issue", request_id=card.request_id)
    trainee.idle()
    trainee.enter()
    card.shows(_J.RESERVED)


def test_a_result_is_taken_back_from_the_counter_with_leave(trainee: Trainee) -> None:
    desk = trainee.office.desk
    with desk.unit(OPERATOR) as unit:
        ready = next(r for r in unit.requests.find(RequestFilter(frozenset({RequestState.AT_COUNTER})), 10))
    trainee.log_in(OPERATOR)
    trainee.window.go("request", request_id=ready.id)
    trainee.idle()
    page = trainee.window.page
    assert isinstance(page, RequestPage)
    page._take_back()
    trainee.choose("wrong_data")
    trainee.approve(PENYELIA, people.PASSWORD)
    assert trainee.state(ready.id) == RequestState.CANCELLED, trainee.message()
    assert "ditarik" in trainee.message()
