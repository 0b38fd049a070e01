"""The referral letter: only what SIAK answered, with the moment it answered, under one number for one answer."""

from __future__ import annotations

import pytest

from ktpel_desktop.core.errors import DeviceError, Effect, GatewayError
from ktpel_desktop.core.letters import REFUSALS, Referral
from ktpel_desktop.core.nik import Nik
from ktpel_desktop.core.ports import SiakRecord
from ktpel_desktop.core.request import Request
from ktpel_desktop.devices.simulator.page_printer import SimulatedPagePrinter
from ktpel_desktop.services import letter_book, referrals, verifying
from tests.services.office import BUDI, RATNA, SARI, World, nik, refused


def refusing(day: World, monkeypatch: pytest.MonkeyPatch, code: str) -> None:
    def look_up(_nik: Nik) -> SiakRecord:
        raise GatewayError(code, Effect.NONE)

    monkeypatch.setattr(day.siak, "look_up", look_up)


def asked(day: World, request: Request) -> None:
    with pytest.raises(GatewayError):
        verifying.look_up(day.desk, BUDI, request.id)


def rejected(day: World, reason: str = "duplicate_record", number: int = 1) -> Request:
    request = day.claimed(resident=nik(number))
    return verifying.decide_reject(day.desk, BUDI, request.id, [reason])


def waiting(day: World, reason: str, enrolment: str) -> Request:
    request = day.claimed()
    day.siak.enrolment = enrolment
    verifying.look_up(day.desk, BUDI, request.id)
    return verifying.decide_wait(day.desk, BUDI, request.id, reason)


# ------------------------------------------------------------------ what is referred


@pytest.mark.parametrize("code", sorted(REFUSALS))
def test_siaks_refusal_is_journalled_and_referred_with_its_moment(
    day: World, monkeypatch: pytest.MonkeyPatch, code: str
) -> None:
    request = day.claimed()
    refusing(day, monkeypatch, code)
    asked(day, request)
    answered = day.clock.now()
    assert day.events(verifying.REFUSED) == [(request.id, {"visit": 2, "error": code})]
    day.clock.advance(7)
    reason = {
        Referral.DUPLICATE: "duplicate_record",
        Referral.DECEASED: "deceased",
        Referral.INACTIVE: "inactive_record",
    }[REFUSALS[code]]
    verifying.decide_reject(day.desk, BUDI, request.id, [reason])
    told = referrals.sheet(day.desk, BUDI, request.id)
    assert (told.referral, told.answer, told.answered_at, told.asked) == (
        REFUSALS[code],
        code,
        answered,
        True,
    )


@pytest.mark.parametrize("code", ["siak.offline", "siak.quota_spent", "siak.not_found"])
def test_what_does_not_speak_of_the_resident_is_no_answer(
    day: World, monkeypatch: pytest.MonkeyPatch, code: str
) -> None:
    request = day.claimed()
    refusing(day, monkeypatch, code)
    asked(day, request)
    assert day.events(verifying.REFUSED) == []


def test_a_refusal_outweighs_the_record_that_was_seen_before_it(
    day: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    request = day.claimed()
    verifying.look_up(day.desk, BUDI, request.id)
    with monkeypatch.context() as patch:
        refusing(day, patch, "siak.duplicate")
        asked(day, request)
    with refused("verifying.not_printable"):
        verifying.decide_complete(day.desk, BUDI, request.id)
    verifying.look_up(day.desk, BUDI, request.id)
    verifying.decide_complete(day.desk, BUDI, request.id)


def test_without_an_answer_to_this_program_it_is_the_operators_reading(day: World) -> None:
    request = rejected(day)
    told = referrals.sheet(day.desk, BUDI, request.id)
    assert (told.referral, told.asked, told.answered_at) == (Referral.DUPLICATE, False, day.clock.now())


def test_what_siak_answered_is_told_whatever_the_operator_wrote(day: World) -> None:
    request = day.claimed()
    day.siak.enrolment = "DUPLICATE_RECORD"
    verifying.look_up(day.desk, BUDI, request.id)
    verifying.decide_reject(day.desk, BUDI, request.id, ["deceased"])
    told = referrals.sheet(day.desk, BUDI, request.id)
    assert (told.referral, told.answer, told.asked) == (Referral.DUPLICATE, "DUPLICATE_RECORD", True)


def test_an_answer_that_refers_nothing_leaves_the_operators_reading(day: World) -> None:
    request = day.claimed()
    verifying.look_up(day.desk, BUDI, request.id)  # SIAK: ready to print
    verifying.decide_reject(day.desk, BUDI, request.id, ["deceased"])
    told = referrals.sheet(day.desk, BUDI, request.id)
    assert (told.referral, told.answer, told.asked) == (Referral.DECEASED, "deceased", False)


@pytest.mark.parametrize(
    ("reason", "enrolment", "referral"),
    [
        ("adjudication", "ADJUDICATE_RECORD", Referral.ADJUDICATION),
        ("enrolment_failed", "ENROLL_FAILURE_AT_CENTRAL", Referral.ENROLMENT_FAILED),
        ("enrolment_failed", "ENROLL_FAILURE_AT_REGIONAL", Referral.ENROLMENT_FAILED),
        ("SEARCH_FAILURE_AT_CENTRAL", "SEARCH_FAILURE_AT_CENTRAL", Referral.SEARCH_FAILED),
        ("DUPLICATE_RECORD", "DUPLICATE_RECORD", Referral.DUPLICATE),
    ],
)
def test_states_of_a_waiting_file_are_referred(
    day: World, reason: str, enrolment: str, referral: Referral
) -> None:
    told = referrals.sheet(day.desk, BUDI, waiting(day, reason, enrolment).id)
    assert (told.referral, told.answer, told.asked) == (referral, enrolment, True)


def test_a_newer_answer_decides(day: World) -> None:
    request = waiting(day, "enrolment_in_progress", "SENT_FOR_ENROLLMENT")
    with refused("referral.nothing"):
        referrals.sheet(day.desk, BUDI, request.id)
    day.siak.enrolment = "DUPLICATE_RECORD"
    verifying.recheck(day.desk, BUDI, request.id)
    assert referrals.sheet(day.desk, BUDI, request.id).referral is Referral.DUPLICATE
    day.siak.enrolment = "RECEIVED_AT_CENTRAL"
    verifying.recheck(day.desk, BUDI, request.id)
    with refused("referral.nothing"):
        referrals.sheet(day.desk, BUDI, request.id)


@pytest.mark.parametrize("reason", ["not_resident", "not_entitled", "false_document"])
def test_other_rejections_are_not_referred(day: World, reason: str) -> None:
    with refused("referral.nothing"):
        referrals.print_out(day.desk, BUDI, rejected(day, reason).id)
    assert day.events(letter_book.NUMBERED) == []


def test_a_file_in_work_is_not_referred(day: World) -> None:
    with refused("referral.nothing"):
        referrals.sheet(day.desk, BUDI, day.claimed().id)


# ------------------------------------------------------------------ number, copies, whole NIK


def test_a_draft_has_no_number_and_no_whole_nik(day: World) -> None:
    request = rejected(day)
    told = referrals.sheet(day.desk, BUDI, request.id)
    assert (told.letter, told.copy, told.nik) == ("", 0, nik(1).masked)
    assert day.events(letter_book.NUMBERED) == []


def test_the_printed_letter_has_number_and_whole_nik(day: World) -> None:
    request = rejected(day)
    referrals.print_out(day.desk, BUDI, request.id)
    assert isinstance(day.desk.page_printer, SimulatedPagePrinter)
    (paper,) = day.desk.page_printer.printed
    assert nik(1).reveal().encode() in paper
    assert b"1/SR/2026" in paper
    assert day.events(referrals.PRINTED) == [
        (request.id, {"letter": "1/SR/2026", "edition": "1/SR/2026", "copy": 0})
    ]
    with day.desk.unit(BUDI) as unit:
        assert not any(nik(1).reveal() in str(event.data) for event in unit.events.all())


def test_copies_keep_number_day_and_signer(day: World) -> None:
    request = rejected(day)
    referrals.print_out(day.desk, BUDI, request.id)
    first = referrals.sheet(day.desk, BUDI, request.id)
    day.clock.advance(60 * 24)
    referrals.print_out(day.desk, RATNA, request.id)
    second = referrals.sheet(day.desk, RATNA, request.id)
    assert (first.copy, second.copy) == (1, 2)
    assert (first.letter, first.at, first.by) == (second.letter, second.at, second.by)
    assert second.by == BUDI.name


def test_another_answer_is_another_letter(day: World) -> None:
    request = waiting(day, "enrolment_failed", "ENROLL_FAILURE_AT_CENTRAL")
    referrals.print_out(day.desk, BUDI, request.id)
    day.siak.enrolment = "DUPLICATE_RECORD"
    verifying.recheck(day.desk, BUDI, request.id)
    assert referrals.sheet(day.desk, BUDI, request.id).letter == ""
    referrals.print_out(day.desk, BUDI, request.id)
    assert referrals.sheet(day.desk, BUDI, request.id).letter == "2/SR/2026"


def test_a_printer_that_is_off_keeps_the_number_for_the_next_try(day: World) -> None:
    request, other = rejected(day), rejected(day, number=2)
    day.bench.faults.script("page_off")
    with pytest.raises(DeviceError):
        referrals.print_out(day.desk, BUDI, request.id)
    referrals.print_out(day.desk, BUDI, other.id)
    told = referrals.sheet(day.desk, BUDI, request.id)
    assert (told.letter, told.copy) == ("1/SR/2026", 0)
    assert referrals.sheet(day.desk, BUDI, other.id).letter == "2/SR/2026"


def test_a_lost_answer_of_the_printer_counts_as_a_print(day: World) -> None:
    request = rejected(day)
    day.bench.faults.script("page_answer_lost")
    with pytest.raises(DeviceError):
        referrals.print_out(day.desk, BUDI, request.id)
    assert referrals.sheet(day.desk, BUDI, request.id).copy == 1


def test_the_counter_does_not_write_letters(day: World) -> None:
    request = rejected(day)
    for act in (referrals.sheet, referrals.pdf, referrals.print_out):
        with refused("role.not_allowed"):
            act(day.desk, SARI, request.id)
