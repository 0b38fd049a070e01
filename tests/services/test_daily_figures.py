"""What the day's report tells beyond sums: promises kept, what lies there and why, what the day was opened from."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ktpel_desktop.core.daily import OpenedFrom, PrinterTally, Results, Uncollected, uncollected
from ktpel_desktop.core.issuance import PrintAnswer
from ktpel_desktop.core.period import WaitingReason
from ktpel_desktop.core.request import Ageing, Interval, Request
from ktpel_desktop.core.roles import Action
from ktpel_desktop.services import (
    approvals,
    handing_over,
    intake,
    issuing,
    outbox,
    preflight,
    queries,
    reports,
    shifts,
    stock,
    verifying,
)
from tests.services.office import BLANKS, BUDI, PASSWORD, RATNA, SARI, World, nik
from tests.services.test_handing_over import HIMSELF
from tests.services.test_reports import busy, close
from tests.services.test_withdrawn_results import withdraw


def made_after(world: World, resident: int, hours: float, *, reachable: bool = True) -> Request:
    """A document that took so long; with `reachable` False the line was down all the while."""
    request = world.accepted("PINDAH", nik(resident))
    if not reachable:
        line(world, reachable=False)
    world.clock.advance(hours * 60)
    if not reachable:
        line(world, reachable=True)
    intake.hand_to_operator(world.desk, SARI, [request.id], "budi")
    verifying.claim(world.desk, BUDI, request.id)
    verifying.look_up(world.desk, BUDI, request.id)
    verifying.decide_complete(world.desk, BUDI, request.id)
    return verifying.make_document(world.desk, BUDI, request.id, "REG-1")


def line(world: World, *, reachable: bool) -> None:
    with world.desk.unit(BUDI) as unit:
        outbox.note_reachable(unit, reachable=reachable)


def next_day(world: World) -> None:
    close(world)
    world.clock.moment += timedelta(days=1)
    world.open_day()


# ---------------------------------------------------------------- promises


def test_results_are_held_against_target_and_limit(day: World) -> None:
    made_after(day, 1, 1)
    made_after(day, 2, 20)
    made_after(day, 3, 25)
    made_after(day, 4, 15 * 24)
    report = reports.daily(day.desk, BUDI)
    assert report.kept == {
        Ageing.IN_TIME: 1,
        Ageing.DUE_SOON: 1,
        Ageing.LATE: 1,
        Ageing.BEYOND_LAW: 1,
    }


def test_an_outage_costs_no_promise(day: World) -> None:
    made_after(day, 1, 40, reachable=False)
    assert reports.daily(day.desk, BUDI).kept == {Ageing.IN_TIME: 1}


def test_the_clock_is_the_one_of_the_request_page(day: World) -> None:
    request = made_after(day, 1, 23)
    assert reports.daily(day.desk, BUDI).kept == {queries.request_view(day.desk, BUDI, request.id).ageing: 1}


def test_open_files_by_age_without_those_that_wait_for_their_owner(day: World) -> None:
    day.accepted(resident=nik(1))
    day.clock.advance(26 * 60)
    day.accepted(resident=nik(2))
    told = day.claimed(resident=nik(3))
    verifying.decide_incomplete(day.desk, BUDI, told.id, ["form_unsigned"])
    day.at_counter("PINDAH", nik(4))
    line(day, reachable=False)
    day.clock.advance(30 * 60)
    report = reports.daily(day.desk, BUDI)
    assert report.open_ages == {Ageing.IN_TIME: 2, Ageing.LATE: 1}


# ---------------------------------------------------------------- results


def test_results_between_the_printer_and_their_owners(day: World) -> None:
    day.at_counter("PINDAH", nik(1))
    day.produced("PINDAH", nik(2))
    next_day(day)
    taken, mute = day.at_counter("PINDAH", nik(3)), day.at_counter(resident=nik(4))
    handing_over.hand_over(day.desk, SARI, taken.id, HIMSELF)
    withdraw(day, mute)
    found = reports.daily(day.desk, BUDI).results
    assert found == Results(before=2, made=2, handed_over=1, taken_back=1, ready=2)
    assert found.balanced
    assert reports.daily(day.desk, BUDI, 1).results == Results(0, 2, 0, 0, 2)


@given(st.integers(0, 99), st.integers(0, 99), st.integers(0, 9), st.integers(0, 9), st.integers(-3, 3))
def test_a_missing_result_is_seen(before: int, made: int, handed: int, back: int, wrong: int) -> None:
    ready = before + made - handed - back + wrong
    assert Results(before, made, handed, back, ready).balanced is (wrong == 0)


@pytest.mark.parametrize(
    ("days", "band"),
    [
        (0, Uncollected.TODAY),
        (1, Uncollected.WEEK),
        (7, Uncollected.WEEK),
        (8, Uncollected.MONTH),
        (30, Uncollected.MONTH),
        (31, Uncollected.LONGER),
    ],
)
def test_bands_of_what_nobody_collected(days: int, band: Uncollected) -> None:
    assert uncollected(days) is band


def test_what_lies_at_the_counter_counts_from_its_hand_off(day: World) -> None:
    request = day.produced("PINDAH", nik(1))
    day.clock.moment += timedelta(days=9)
    handing_over.hand_to_counter(day.desk, BUDI, [request.id], "sari")
    day.at_counter("PINDAH", nik(2))
    day.clock.moment += timedelta(days=8)
    day.at_counter("PINDAH", nik(3))
    assert reports.daily(day.desk, BUDI).uncollected == {Uncollected.TODAY: 1, Uncollected.MONTH: 2}


# ---------------------------------------------------------------- why


def test_reasons_of_waiting_and_of_refusal(day: World) -> None:
    busy(day)
    report = reports.daily(day.desk, BUDI)
    assert WaitingReason("WAITING_SIAK", "SENT_FOR_ENROLLMENT", 1) in report.waiting_reasons
    assert report.refused == {"not_entitled": 1}


def test_the_hours_are_those_of_the_office(day: World) -> None:
    opened = day.clock.now().astimezone(day.desk.office.timezone).hour
    day.accepted(resident=nik(1))
    day.clock.advance(60)
    day.produced("PINDAH", nik(2))
    report = reports.daily(day.desk, BUDI)
    assert report.accepted_by_hour == {opened: 1, opened + 1: 1}
    assert report.produced_by_hour == {opened + 1: 1}


def test_outages_are_told_one_by_one(day: World) -> None:
    begun = day.clock.now()
    line(day, reachable=False)
    day.clock.advance(20)
    line(day, reachable=True)
    day.clock.advance(60)
    line(day, reachable=False)
    day.clock.advance(7)
    report = reports.daily(day.desk, BUDI)
    again = begun + timedelta(minutes=80)
    assert report.outages == (
        Interval(begun, begun + timedelta(minutes=20)),
        Interval(again, again + timedelta(minutes=7)),
    )
    assert report.outage_minutes == 27


def test_waivers_and_approvals_of_the_day(day: World) -> None:
    preflight.attest(day.desk, BUDI, "cabinet_locked", False, "kunci patah")
    leave = approvals.approve(day.desk, BUDI, "ratna", PASSWORD, Action.WAIVE_ROOM, "cabinet_locked")
    preflight.waive(day.desk, BUDI, "cabinet_locked", "dijaga Satpol PP", leave)
    report = reports.daily(day.desk, BUDI)
    assert report.waivers == {"cabinet_locked": 1}
    assert report.approvals == {"waive_room": 1}
    next_day(day)
    assert reports.daily(day.desk, BUDI).waivers == {}


# ---------------------------------------------------------------- what others say of the same cards


def test_the_printers_counter_and_siak_agree_with_the_journal(day: World) -> None:
    for number in range(3):
        day.reporting(nik(number))
    outbox.deliver(day.desk, BUDI)
    report = reports.daily(day.desk, BUDI)
    assert report.tally is not None
    assert (report.tally.last - report.tally.first, report.tally.came_out) == (2, 2)
    assert (report.issued, report.confirmed) == (3, 3)
    next_day(day)
    second = reports.daily(day.desk, BUDI)
    assert (second.tally, second.confirmed, second.issued) == (None, 0, 0)
    first = reports.daily(day.desk, BUDI, 1)
    assert (first.tally, first.confirmed) == (report.tally, 3)


def test_a_card_printed_past_the_journal_is_seen(day: World) -> None:
    day.reporting(nik(1))
    day.bench.count(1)
    day.reporting(nik(2))
    report = reports.daily(day.desk, BUDI)
    assert report.tally is not None
    assert report.tally.agrees is False


def test_a_counter_that_went_back_tells_nothing() -> None:
    assert PrinterTally(10, 3, 5).agrees is None
    assert PrinterTally(10, 15, 5).agrees is True


@pytest.mark.parametrize(("rise", "agrees"), [(4, False), (5, True), (6, True), (7, True), (8, False)])
def test_cards_in_doubt_may_or_may_not_have_been_counted(rise: int, agrees: bool) -> None:
    assert PrinterTally(10, 10 + rise, 5, 2).agrees is agrees


def test_a_card_whose_print_was_in_doubt_is_told_apart(day: World) -> None:
    day.reporting(nik(1))
    job = day.unknown(nik(2), fault="printed_answer_lost")
    issuing.answer_unknown(day.desk, BUDI, job.id, PrintAnswer.CARD_SPOILED)
    day.reporting(nik(3))
    tally = reports.daily(day.desk, BUDI).tally
    assert tally is not None
    assert (tally.came_out, tally.unsure, tally.agrees) == (1, 1, True)


# ---------------------------------------------------------------- from one day to the next


def test_the_first_day_is_opened_from_nothing(day: World) -> None:
    assert reports.daily(day.desk, BUDI).opened_from is None


def test_a_day_is_opened_from_the_signed_figures_of_the_one_before(day: World) -> None:
    day.reporting()
    close(day)
    reports.sign(day.desk, RATNA)
    shifts.open_shift(day.desk, BUDI)
    stock.receive(day.desk, BUDI, 40, "BAST-7")
    report = reports.daily(day.desk, BUDI)
    assert report.opened_from == OpenedFrom(1, left=BLANKS - 1, in_work=1, signed_by="Ratna Wulandari")
    assert report.opened_from.agrees(report.carried) is True
    assert report.balance.opening == report.carried == BLANKS


def test_a_day_opened_before_the_signature_says_so_for_ever(day: World) -> None:
    close(day)
    shifts.open_shift(day.desk, BUDI)
    before = reports.daily(day.desk, BUDI).opened_from
    reports.sign(day.desk, RATNA, 1)
    assert before == reports.daily(day.desk, BUDI).opened_from == OpenedFrom(1)
    assert before is not None
    assert before.agrees(BLANKS) is None


def test_figures_that_do_not_follow_are_seen() -> None:
    assert OpenedFrom(1, 10, 2, "Ratna").agrees(12) is True
    assert OpenedFrom(1, 10, 2, "Ratna").agrees(13) is False


def test_the_signers_name_is_no_figure(day: World) -> None:
    close(day)
    reports.sign(day.desk, RATNA)
    shifts.open_shift(day.desk, BUDI)
    report = reports.daily(day.desk, BUDI)
    assert report.opened_from is not None
    renamed = replace(report, opened_from=replace(report.opened_from, signed_by="Ratna W."))
    assert reports.figures_digest(renamed) == reports.figures_digest(report)
    assert reports.figures_digest(replace(report, carried=1)) != reports.figures_digest(report)
