"""The states of a job: no way round an intent, an end for each, one rule after a restart for each."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, datetime
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ktpel_desktop.core.errors import Effect
from ktpel_desktop.core.issuance import (
    MAX_WRITES,
    OPEN,
    RECOVERY,
    TERMINAL,
    TRANSITIONS,
    ChipContent,
    ChipProbe,
    EncodingVerdict,
    Job,
    JobState,
    PrintAnswer,
    Recovery,
    SpoilReason,
    after_print,
    chip_is_good,
    job_id,
    judge_interrupted_chip,
)

S = JobState
MOVES = frozenset(TRANSITIONS)
SERIAL, DIGEST = "04A1B2C3", "d" * 64
JOB = Job(
    id="TICKET-1",
    request_id="TICKET",
    state=S.ENCODING,
    order_id="ORDER-1",
    digest=DIGEST,
    created_at=datetime(2026, 3, 2, 1, 0, tzinfo=UTC),
    created_by="sari",
    chip_serial=SERIAL,
    write_attempts=1,
)


def reachable(start: JobState, moves: Iterable[tuple[JobState, JobState]]) -> set[JobState]:
    """States that can follow `start` in one or more moves."""
    moves = tuple(moves)
    found: set[JobState] = set()
    edge = {start}
    while edge:
        edge = {to for origin, to in moves if origin in edge} - found
        found |= edge
    return found


def test_every_state_is_either_open_or_an_end() -> None:
    assert set(JobState) == OPEN | TERMINAL
    assert not OPEN & TERMINAL


def test_every_state_can_be_reached_from_a_reservation() -> None:
    assert reachable(S.RESERVED, MOVES) | {S.RESERVED} == set(JobState)


@pytest.mark.parametrize("state", sorted(OPEN))
def test_every_open_state_can_come_to_an_end(state: JobState) -> None:
    assert reachable(state, MOVES) & TERMINAL


@pytest.mark.parametrize("state", sorted(TERMINAL))
def test_nothing_follows_an_end(state: JobState) -> None:
    assert not reachable(state, MOVES)


@pytest.mark.parametrize("state", list(JobState))
def test_every_state_has_exactly_one_rule_after_a_restart(state: JobState) -> None:
    assert isinstance(RECOVERY[state], Recovery)
    assert len(RECOVERY) == len(JobState)


@pytest.mark.parametrize("state", list(JobState))
def test_a_restart_leaves_exactly_the_ended_states_alone(state: JobState) -> None:
    assert (RECOVERY[state] is Recovery.NOTHING) is (state in TERMINAL)


def test_a_restart_never_prints() -> None:
    assert RECOVERY[S.PRINTING] is Recovery.BECOME_UNKNOWN
    assert RECOVERY[S.PRINT_UNKNOWN] is Recovery.ASK_WHAT_CAME_OUT


def test_what_a_restart_makes_of_a_print_is_a_legal_move() -> None:
    assert (S.PRINTING, S.PRINT_UNKNOWN) in MOVES


def test_a_card_is_cancelled_only_before_it_was_touched() -> None:
    assert {origin for origin, to in MOVES if to is S.CANCELLED} == {S.RESERVED}


def test_a_card_is_issued_only_from_its_report() -> None:
    assert {origin for origin, to in MOVES if to is S.ISSUED} == {S.REPORTING}


def test_every_way_to_an_issued_card_passes_every_intent_and_outcome() -> None:
    for passed in (S.ENCODING, S.ENCODED, S.PRINTING, S.PRINTED, S.REPORTING):
        around = [move for move in MOVES if passed not in move]
        assert S.ISSUED not in reachable(S.RESERVED, around), passed


def test_nothing_is_printed_a_second_time_but_by_two_persons_or_after_an_act_that_did_nothing() -> None:
    two_persons = (S.PRINT_UNKNOWN, S.ENCODED)
    nothing_sent = (S.PRINTING, S.ENCODED)
    assert {two_persons, nothing_sent} <= MOVES
    assert S.PRINTING not in reachable(S.PRINTING, MOVES - {two_persons, nothing_sent})


def test_an_intent_to_print_is_written_only_after_an_encoded_card() -> None:
    assert {origin for origin, to in MOVES if to is S.PRINTING} == {S.ENCODED}


def test_a_printed_card_is_never_encoded_again() -> None:
    assert not reachable(S.PRINTED, MOVES) & {S.RESERVED, S.ENCODING, S.ENCODED, S.PRINTING}


def test_only_encoding_may_be_begun_again_from_itself() -> None:
    assert {origin for origin, to in MOVES if origin is to} == {S.ENCODING}


@pytest.mark.parametrize("state", sorted(OPEN - {S.PRINTING}))
def test_a_card_can_be_withdrawn_from_every_open_state(state: JobState) -> None:
    assert (state, S.SPOILED) in MOVES


def test_a_card_in_the_printer_is_not_withdrawn_before_somebody_saw_what_came_out() -> None:
    assert (S.PRINTING, S.SPOILED) not in MOVES


@pytest.mark.parametrize("move", sorted(MOVES))
def test_every_move_says_what_it_means(move: tuple[JobState, JobState]) -> None:
    assert TRANSITIONS[move].strip()


@pytest.mark.parametrize("state", list(JobState))
def test_a_job_is_open_until_it_has_ended(state: JobState) -> None:
    assert replace(JOB, state=state).open is (state not in TERMINAL)


def expected(content: ChipContent, equal: bool, attempts: int) -> EncodingVerdict:
    """The row of design.md section 4, said again: written here from its words, not from the code."""
    match content, equal:
        case (ChipContent.FULL, True):
            return EncodingVerdict.ENCODED
        case (ChipContent.BLANK, _):
            return EncodingVerdict.WRITE_AGAIN
        case (ChipContent.PARTIAL, True) if attempts <= 1:
            return EncodingVerdict.WRITE_AGAIN
    return EncodingVerdict.SPOILED


@pytest.mark.parametrize(
    ("content", "digest", "attempts"),
    list(product(ChipContent, (DIGEST, "e" * 64, None), (0, 1, MAX_WRITES, MAX_WRITES + 1))),
)
def test_an_interrupted_chip_is_judged_by_content_digest_and_attempts(
    content: ChipContent, digest: str | None, attempts: int
) -> None:
    verdict = judge_interrupted_chip(
        replace(JOB, write_attempts=attempts), ChipProbe(SERIAL, content, digest)
    )
    assert verdict is expected(content, digest == DIGEST, attempts)


@pytest.mark.parametrize(
    ("verdict", "state"),
    [
        (EncodingVerdict.ENCODED, S.ENCODED),
        (EncodingVerdict.WRITE_AGAIN, S.ENCODING),
        (EncodingVerdict.SPOILED, S.SPOILED),
    ],
)
def test_each_verdict_on_an_interrupted_chip_is_a_legal_move(
    verdict: EncodingVerdict, state: JobState
) -> None:
    assert verdict in EncodingVerdict
    assert (S.ENCODING, state) in MOVES


@pytest.mark.parametrize(
    ("effect", "state"),
    [(Effect.NONE, S.ENCODED), (Effect.DONE, S.PRINTED), (Effect.UNKNOWN, S.PRINT_UNKNOWN)],
)
def test_a_failed_print_is_followed_by_what_its_effect_says(effect: Effect, state: JobState) -> None:
    assert after_print(effect) is state
    assert (S.PRINTING, state) in MOVES


@pytest.mark.parametrize(
    ("serial", "content", "digest"),
    list(product((SERIAL, "FFFF"), ChipContent, (DIGEST, "e" * 64, None))),
)
def test_a_chip_is_good_only_with_the_jobs_serial_and_whole_content(
    serial: str, content: ChipContent, digest: str | None
) -> None:
    wanted = (serial, content, digest) == (SERIAL, ChipContent.FULL, DIGEST)
    assert chip_is_good(JOB, ChipProbe(serial, content, digest)) is wanted


def test_no_chip_is_good_for_a_job_that_has_none_yet() -> None:
    assert not chip_is_good(replace(JOB, chip_serial=None), ChipProbe(SERIAL, ChipContent.FULL, DIGEST))


@given(st.text("23456789ABCDEFGH", min_size=12, max_size=12), st.integers(1, 10**6))
def test_a_job_id_names_its_request_and_its_number(request: str, attempt: int) -> None:
    assert job_id(request, attempt) == job_id(request, attempt)
    assert job_id(request, attempt).rpartition("-") == (request, "-", str(attempt))


def test_a_person_can_answer_an_unknown_print_in_four_ways() -> None:
    assert set(PrintAnswer) == {"card_good", "card_spoiled", "card_missing", "not_printed"}


def test_every_reason_to_destroy_a_card_has_a_name_of_its_own() -> None:
    assert len({reason.value for reason in SpoilReason}) == len(SpoilReason) == 6
