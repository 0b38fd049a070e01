"""Letters about requests stuck at SIAK: who is on them, since when, how often asked; what was written stays so."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from ktpel_desktop.core.errors import DeviceError
from ktpel_desktop.core.request import Request
from ktpel_desktop.services import escalations, verifying
from ktpel_desktop.services.escalations import DRAFT
from tests.services.office import BUDI, RATNA, SARI, World, nik, refused

DAY = 60 * 24


def stuck(day: World, resident: int, reason: str = "enrolment_in_progress") -> Request:
    request = day.claimed(resident=nik(resident))
    day.siak.enrolment = "SENT_FOR_ENROLLMENT"
    verifying.look_up(day.desk, BUDI, request.id)
    return verifying.decide_wait(day.desk, BUDI, request.id, reason)


def test_the_limit_is_the_offices_and_to_the_minute(day: World) -> None:
    stuck(day, 1)
    limit = day.desk.office.stuck_after.total_seconds() / 60
    day.clock.advance(limit - 1)
    assert escalations.listed(day.desk, BUDI) == ()
    with refused("escalation.nothing"):
        escalations.sheet(day.desk, BUDI, DRAFT)
    day.clock.advance(1)
    (draft,) = escalations.listed(day.desk, BUDI)
    assert (draft.seq, draft.letter, draft.count) == (DRAFT, "", 1)
    longer = replace(day.desk, office=replace(day.desk.office, stuck_after=timedelta(days=30)))
    assert escalations.listed(longer, BUDI) == ()


def test_the_longest_waiting_stands_first_with_how_often_siak_was_asked(day: World) -> None:
    first = stuck(day, 1)
    since = day.clock.now()
    day.clock.advance(DAY)
    second = stuck(day, 2)
    day.clock.advance(8 * DAY)
    for _ in range(2):
        verifying.recheck(day.desk, BUDI, second.id)
    told = escalations.sheet(day.desk, BUDI, DRAFT)
    assert [one.ticket for one in told.stuck] == [first.id, second.id]
    assert [(one.days, one.asked) for one in told.stuck] == [(9, 1), (8, 3)]
    assert told.stuck[0].since == told.stuck[0].last_asked == since
    assert told.stuck[1].last_asked == day.clock.now()
    assert told.stuck[0].answer == "SENT_FOR_ENROLLMENT"
    assert told.stuck[0].nik_masked == nik(1).masked


def test_where_siak_never_answered_the_operators_reason_stands(day: World) -> None:
    request = day.claimed()
    verifying.decide_wait(day.desk, BUDI, request.id, "siak_offline")
    day.clock.advance(8 * DAY)
    (line,) = escalations.sheet(day.desk, BUDI, DRAFT).stuck
    assert (line.answer, line.asked, line.last_asked) == ("siak_offline", 0, None)


def test_others_are_not_told(day: World) -> None:
    rejected = day.claimed(resident=nik(1))
    verifying.decide_reject(day.desk, BUDI, rejected.id, ["not_entitled"])
    day.claimed(resident=nik(2))
    day.clock.advance(30 * DAY)
    assert escalations.listed(day.desk, BUDI) == ()


def test_a_letter_stays_as_it_was_written(day: World) -> None:
    request = stuck(day, 1)
    day.clock.advance(8 * DAY)
    draft = escalations.sheet(day.desk, BUDI, DRAFT)
    seq = escalations.print_out(day.desk, BUDI, DRAFT)
    day.clock.advance(DAY)
    verifying.recheck(day.desk, BUDI, request.id)
    stuck(day, 2)
    written = escalations.sheet(day.desk, RATNA, seq)
    assert written == replace(draft, letter="1/ESK/2026", copy=1)


def test_the_next_letter_names_the_one_before(day: World) -> None:
    stuck(day, 1)
    day.clock.advance(8 * DAY)
    first = escalations.print_out(day.desk, BUDI, DRAFT)
    day.clock.advance(8 * DAY)
    assert escalations.sheet(day.desk, BUDI, DRAFT).stuck[0].earlier == "1/ESK/2026"
    second = escalations.print_out(day.desk, BUDI, DRAFT)
    rows = escalations.listed(day.desk, BUDI)
    assert [(one.seq, one.letter) for one in rows] == [(second, "2/ESK/2026"), (first, "1/ESK/2026")]


def test_who_was_told_of_is_told_again_only_after_the_same_span(day: World) -> None:
    stuck(day, 1)
    day.clock.advance(5 * DAY)
    second = stuck(day, 2)
    day.clock.advance(2 * DAY)
    escalations.print_out(day.desk, BUDI, DRAFT)
    with refused("escalation.nothing"):
        escalations.print_out(day.desk, BUDI, DRAFT)
    day.clock.advance(5 * DAY)
    assert [one.ticket for one in escalations.sheet(day.desk, BUDI, DRAFT).stuck] == [second.id]
    day.clock.advance(2 * DAY)
    assert [one.earlier for one in escalations.sheet(day.desk, BUDI, DRAFT).stuck] == ["1/ESK/2026", ""]


def test_a_letter_about_an_earlier_wait_is_not_about_this_one(day: World) -> None:
    request = stuck(day, 1)
    day.clock.advance(8 * DAY)
    escalations.print_out(day.desk, BUDI, DRAFT)
    day.clock.advance(1)
    day.siak.enrolment = "PRINT_READY_RECORD"
    verifying.recheck(day.desk, BUDI, request.id)
    verifying.claim(day.desk, BUDI, request.id)
    verifying.decide_wait(day.desk, BUDI, request.id, "no_print_order")
    day.clock.advance(7 * DAY)
    (line,) = escalations.sheet(day.desk, BUDI, DRAFT).stuck
    assert (line.earlier, line.days) == ("", 7)


def test_prints_are_journalled_and_copies_counted(day: World) -> None:
    stuck(day, 1)
    day.clock.advance(8 * DAY)
    seq = escalations.print_out(day.desk, BUDI, DRAFT)
    assert escalations.print_out(day.desk, BUDI, seq) == seq
    said = [told for _, told in day.events(escalations.PRINTED)]
    assert [(told["letter"], told["count"], told["copy"]) for told in said] == [
        ("1/ESK/2026", 1, copy) for copy in range(2)
    ]
    assert escalations.sheet(day.desk, BUDI, seq).copy == 2


def test_a_printer_that_is_off_leaves_a_letter_to_be_printed(day: World) -> None:
    stuck(day, 1)
    day.clock.advance(8 * DAY)
    day.bench.faults.script("page_off")
    with pytest.raises(DeviceError):
        escalations.print_out(day.desk, BUDI, DRAFT)
    (letter,) = escalations.listed(day.desk, BUDI)
    assert letter.letter == "1/ESK/2026"
    escalations.print_out(day.desk, BUDI, letter.seq)
    assert day.events(escalations.PRINTED)[0][1]["copy"] == 0


def test_last_years_letters_are_listed_and_a_new_year_counts_anew(day: World) -> None:
    stuck(day, 1)
    day.clock.advance(20 * DAY)
    old = escalations.print_out(day.desk, BUDI, DRAFT)
    day.clock.advance(60 * DAY)
    new = escalations.print_out(day.desk, BUDI, DRAFT)
    assert [one.letter for one in escalations.listed(day.desk, BUDI)] == ["1/ESK/2027", "1/ESK/2026"]
    assert escalations.sheet(day.desk, BUDI, new).stuck[0].earlier == "1/ESK/2026"
    assert escalations.sheet(day.desk, BUDI, old).letter == "1/ESK/2026"


def test_unknown_letters_and_who_may_not(day: World) -> None:
    with refused("escalation.unknown"):
        escalations.sheet(day.desk, BUDI, 1)
    with refused("escalation.nothing"):
        escalations.print_out(day.desk, BUDI, DRAFT)
    with refused("role.not_allowed"):
        escalations.listed(day.desk, SARI)
    for act in (escalations.sheet, escalations.pdf, escalations.print_out):
        with refused("role.not_allowed"):
            act(day.desk, SARI, DRAFT)
