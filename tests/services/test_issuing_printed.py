"""After the printer: what came out is asked, the card is read back, the check list is journalled."""

from __future__ import annotations

import pytest

from ktpel_desktop.core.issuance import JobState, PrintAnswer, SpoilReason
from ktpel_desktop.core.roles import Action
from ktpel_desktop.services import issuing, outbox
from tests.services.office import BUDI, World, approved, refused

# ---------------------------------------------------------------- after an unknown print


def test_a_card_in_the_hand_shows_its_chip(day: World) -> None:
    job = day.unknown()
    day.on_reader(job)
    assert issuing.answer_unknown(day.desk, BUDI, job.id, PrintAnswer.CARD_GOOD).state is JobState.PRINTED


def test_another_card_is_no_answer(day: World) -> None:
    job = day.unknown()
    day.blank_on_reader()
    with refused("issuing.other_card"):
        issuing.answer_unknown(day.desk, BUDI, job.id, PrintAnswer.CARD_GOOD)
    assert day.job(job.id).state is JobState.PRINT_UNKNOWN


def test_a_good_face_on_a_bad_chip_is_spoiled(day: World) -> None:
    job = day.unknown()
    day.on_reader(job)
    day.bench.faults.script("foreign_content", verb="probe")
    done = issuing.answer_unknown(day.desk, BUDI, job.id, PrintAnswer.CARD_GOOD)
    assert (done.state, done.spoil_reason) == (JobState.SPOILED, SpoilReason.ENCODE_FAILED)


def test_a_spoiled_card_in_the_hand_needs_one_person(day: World) -> None:
    job = day.unknown(fault="jam_mid_card")
    done = issuing.answer_unknown(day.desk, BUDI, job.id, PrintAnswer.CARD_SPOILED)
    assert (done.state, done.spoil_reason) == (JobState.SPOILED, SpoilReason.PRINT_FAILED)


@pytest.mark.parametrize("answer", [PrintAnswer.NOT_PRINTED, PrintAnswer.CARD_MISSING])
def test_what_nobody_can_show_takes_two(day: World, answer: PrintAnswer) -> None:
    job = day.unknown(fault="accepted_not_printed")
    with refused("approval.missing"):
        issuing.answer_unknown(day.desk, BUDI, job.id, answer)
    with refused("approval.for_another"):
        leave = approved(Action.REPRINT, job.request_id)
        issuing.answer_unknown(day.desk, BUDI, job.id, answer, leave)
    leave = approved(Action.NOT_PRINTED, job.request_id)
    done = issuing.answer_unknown(day.desk, BUDI, job.id, answer, leave)
    missing = answer is PrintAnswer.CARD_MISSING
    assert done.state is (JobState.SPOILED if missing else JobState.ENCODED)
    assert done.spoil_reason is (SpoilReason.MISSING if missing else None)
    with day.desk.unit(BUDI) as unit:
        (move,) = [event for event in unit.events.of(job.request_id) if event.kind == f"job.{done.state}"][
            -1:
        ]
    assert move.approver == "ratna"


@pytest.mark.parametrize("answer", PrintAnswer)
def test_an_answer_that_nobody_asked_for(day: World, answer: PrintAnswer) -> None:
    job = day.encoded()
    with refused("issuing.not_allowed"):
        issuing.answer_unknown(day.desk, BUDI, job.id, answer, approved(Action.NOT_PRINTED, job.request_id))


# ---------------------------------------------------------------- read back


def test_a_good_card_is_reported_under_its_job(day: World) -> None:
    job = day.reporting()
    assert job.state is JobState.REPORTING
    assert job.id in [item.id for item in outbox.waiting(day.desk, BUDI)]


def test_another_card_is_not_read_back(day: World) -> None:
    job = day.printed()
    day.blank_on_reader()
    with refused("issuing.other_card"):
        issuing.check_printed(day.desk, BUDI, job.id, face_ok=True)
    assert day.job(job.id) == job


def test_a_bad_face_is_spoiled(day: World) -> None:
    job = day.printed()
    day.on_reader(job)
    done = issuing.check_printed(day.desk, BUDI, job.id, face_ok=False)
    assert (done.state, done.spoil_reason) == (JobState.SPOILED, SpoilReason.PRINT_FAILED)


@pytest.mark.parametrize("face_ok", [True, False])
def test_a_bad_chip_is_spoiled(day: World, face_ok: bool) -> None:
    job = day.printed()
    day.on_reader(job)
    day.bench.faults.script("foreign_content", verb="probe")
    done = issuing.check_printed(day.desk, BUDI, job.id, face_ok=face_ok)
    assert (done.state, done.spoil_reason) == (JobState.SPOILED, SpoilReason.ENCODE_FAILED)


@pytest.mark.parametrize("stage", ["reserved", "encoded", "reporting"])
def test_only_a_printed_card_is_read_back(day: World, stage: str) -> None:
    job = getattr(day, stage)()
    with refused("issuing.not_allowed"):
        issuing.check_printed(day.desk, BUDI, job.id, face_ok=True)
