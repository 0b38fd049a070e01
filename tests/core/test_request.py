"""The life of a request: the nine steps, the side ways, the service clock and its promise."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ktpel_desktop.core.nik import FamilyCardNumber, Nik
from ktpel_desktop.core.ports import Answer, CardFace
from ktpel_desktop.core.records import Handover, RequestFilter
from ktpel_desktop.core.request import (
    CLOCK_RUNS,
    ENDED,
    TRANSITIONS,
    Ageing,
    Claim,
    Interval,
    Priority,
    Request,
    RequestState,
    StateChange,
    StepStatus,
    ageing,
    service_time,
    timeline,
)

S = RequestState
START = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
HOUR = timedelta(hours=1)
NIK = "3174050101900001"
REQUEST = Request(
    id="23456789ABCD",
    number="A-012",
    service="KTP_BARU",
    nik=Nik(NIK),
    name="BUDI SANTOSO",
    accepted_at=START,
    accepted_by="rini",
    kk=FamilyCardNumber("3174050101200001"),
    phone="081234567890",
)


def followers(state: RequestState) -> list[RequestState]:
    return [to for origin, to in TRANSITIONS if origin is state]


def at(minutes: int) -> datetime:
    return START + minutes * MINUTE


def changes(*states: RequestState) -> list[StateChange]:
    """A history that changes every hour."""
    return [StateChange(state, START + index * HOUR) for index, state in enumerate(states)]


@st.composite
def walks(draw: st.DrawFn, longest: int = 14) -> list[RequestState]:
    """States that a request can pass through, from its acceptance on."""
    states = [S.ACCEPTED]
    for _ in range(draw(st.integers(0, longest))):
        following = followers(states[-1])
        if not following:
            break
        states.append(draw(st.sampled_from(following)))
    return states


@st.composite
def histories(draw: st.DrawFn) -> list[StateChange]:
    moment, found = 0, []
    for state in draw(walks()):
        found.append(StateChange(state, at(moment)))
        moment += draw(st.integers(0, 600))
    return found


outages = st.lists(
    st.tuples(st.integers(-500, 5000), st.none() | st.integers(0, 900)).map(
        lambda span: Interval(at(span[0]), None if span[1] is None else at(span[0] + span[1]))
    ),
    max_size=5,
)

# ------------------------------------------------------------------ states


def test_every_state_can_be_reached() -> None:
    found, edge = {S.ACCEPTED}, [S.ACCEPTED]
    while edge:
        edge = [to for state in edge for to in followers(state) if to not in found]
        found |= set(edge)
    assert found == set(RequestState)


@pytest.mark.parametrize("state", sorted(set(RequestState) - ENDED))
def test_every_request_can_come_to_an_end(state: RequestState) -> None:
    found, edge = {state}, [state]
    while edge:
        edge = [to for origin in edge for to in followers(origin) if to not in found]
        found |= set(edge)
    assert found & ENDED


@pytest.mark.parametrize("state", sorted(ENDED))
def test_nothing_follows_an_end(state: RequestState) -> None:
    assert not followers(state)


def test_no_result_is_handed_over_without_the_counter_having_it() -> None:
    assert [origin for origin, to in TRANSITIONS if to is S.HANDED_OVER] == [S.AT_COUNTER]


def test_nothing_is_produced_that_was_not_verified() -> None:
    assert [origin for origin, to in TRANSITIONS if to is S.PRODUCED] == [S.VERIFIED]


def test_a_result_that_exists_goes_to_the_counter() -> None:
    assert followers(S.PRODUCED) == [S.AT_COUNTER]


def test_a_result_at_the_counter_is_handed_over_or_withdrawn() -> None:
    assert followers(S.AT_COUNTER) == [S.HANDED_OVER, S.CANCELLED]


@pytest.mark.parametrize("move", sorted(TRANSITIONS))
def test_every_move_says_what_it_means(move: tuple[RequestState, RequestState]) -> None:
    assert TRANSITIONS[move].strip()


@pytest.mark.parametrize("state", list(RequestState))
def test_a_request_has_ended_exactly_in_the_ended_states(state: RequestState) -> None:
    assert replace(REQUEST, state=state).ended is (state in ENDED)


def test_lawful_priorities_stand_beside_the_normal_one() -> None:
    assert set(Priority) - {Priority.NORMAL} == {"LANSIA", "DISABILITAS", "IBU_HAMIL", "DARURAT"}


# ------------------------------------------------------------------ claims


def claimed(by: str) -> Request:
    return replace(REQUEST, claim=Claim(by, at(30)))


def test_a_request_without_a_claim_is_nobodys() -> None:
    assert not REQUEST.claimed_by_other("sari", START)


def test_my_own_claim_does_not_keep_me_away() -> None:
    assert not claimed("sari").claimed_by_other("sari", START)


@pytest.mark.parametrize(("minutes", "kept_away"), [(0, True), (29, True), (30, False), (31, False)])
def test_anothers_claim_keeps_me_away_until_it_has_run_out(minutes: int, kept_away: bool) -> None:
    assert claimed("budi").claimed_by_other("sari", at(minutes)) is kept_away


def test_a_request_shows_nothing_of_its_resident() -> None:
    assert repr(REQUEST) == str(REQUEST) == "Request('23456789ABCD', KTP_BARU, ACCEPTED)"


@pytest.mark.parametrize(
    "holder",
    [
        RequestFilter(text=NIK),
        CardFace(b"BUDI", b"BUDI", 300),
        Handover(REQUEST.id, "BUDI", "pemohon", NIK, (), Answer.YES, START, "rini"),
    ],
)
def test_what_travels_with_a_request_shows_nothing_of_its_resident(holder: object) -> None:
    assert not any(secret in f"{holder!r} {holder}" for secret in (NIK, "BUDI"))


# ------------------------------------------------------------------ the service clock


@pytest.mark.parametrize("state", sorted(set(RequestState) - CLOCK_RUNS))
def test_the_clock_stands_while_others_are_waited_for(state: RequestState) -> None:
    assert service_time([StateChange(state, START)], [], at(600)) == timedelta()


@pytest.mark.parametrize("state", sorted(CLOCK_RUNS))
def test_the_clock_runs_while_the_office_has_the_file(state: RequestState) -> None:
    assert service_time([StateChange(state, START)], [], at(600)) == 600 * MINUTE


def test_the_clock_stands_for_the_applicant_a_blank_siak_and_every_end() -> None:
    waiting = {S.INCOMPLETE, S.WAITING_BLANK, S.WAITING_SIAK, S.AT_COUNTER}
    assert set(RequestState) - CLOCK_RUNS == waiting | ENDED


def test_only_running_stretches_are_added() -> None:
    history = changes(S.ACCEPTED, S.WITH_OPERATOR, S.INCOMPLETE, S.ACCEPTED, S.WITH_OPERATOR)
    assert service_time(history, [], START + 5 * HOUR) == 4 * HOUR


@pytest.mark.parametrize(
    ("start", "end", "minutes"),
    [
        (-60, 0, 60),
        (-60, 1, 59),
        (0, 1, 59),
        (20, 30, 50),
        (59, 60, 59),
        (59, 90, 59),
        (60, 90, 60),
        (-60, 90, 0),
        (50, None, 50),
        (70, None, 60),
        (-60, -30, 60),
    ],
)
def test_an_outage_is_subtracted_as_far_as_it_falls_into_running_time(
    start: int, end: int | None, minutes: int
) -> None:
    pause = Interval(at(start), None if end is None else at(end))
    assert service_time([StateChange(S.ACCEPTED, START)], [pause], at(60)) == minutes * MINUTE


def test_an_outage_while_the_clock_stands_is_not_subtracted() -> None:
    history = changes(S.ACCEPTED, S.WITH_OPERATOR, S.WAITING_SIAK)
    assert service_time(history, [Interval(START + 2 * HOUR, None)], START + 9 * HOUR) == 2 * HOUR


def test_a_moment_of_several_outages_is_subtracted_once() -> None:
    pauses = [Interval(at(20), at(40)), Interval(at(10), at(30)), Interval(at(25), at(28))]
    assert service_time([StateChange(S.ACCEPTED, START)], pauses, at(60)) == 30 * MINUTE


@given(histories(), outages, st.integers(0, 9000))
def test_the_service_time_is_the_running_minutes_counted_one_by_one(
    history: list[StateChange], pauses: list[Interval], until: int
) -> None:
    now = max(at(until), history[-1].at)
    assert service_time(history, pauses, now) == counted(history, pauses, now) * MINUTE


def counted(history: Sequence[StateChange], pauses: Sequence[Interval], now: datetime) -> int:
    """Minutes in which the state runs and no outage does; everything here falls on whole minutes."""
    ends = [change.at for change in history[1:]] + [now]
    total = 0
    for change, end in zip(history, ends, strict=True):
        if change.state in CLOCK_RUNS:
            running = set(range((change.at - START) // MINUTE, (end - START) // MINUTE))
            for pause in pauses:
                running -= set(range((pause.start - START) // MINUTE, ((pause.end or now) - START) // MINUTE))
            total += len(running)
    return total


@given(histories(), outages, st.integers(0, 4000), st.integers(0, 4000))
def test_the_service_time_is_additive_over_time(
    history: list[StateChange], pauses: list[Interval], first: int, more: int
) -> None:
    # What falls between two moments is the same whether it is asked for in one piece or in two.
    pauses = [replace(pause, end=pause.end or at(99_999)) for pause in pauses]
    early = max(at(first), history[-1].at)
    late = early + more * MINUTE
    rest = service_time([StateChange(history[-1].state, early)], pauses, late)
    assert service_time(history, pauses, early) + rest == service_time(history, pauses, late)


@given(histories(), outages, st.integers(0, 9000))
def test_the_service_time_is_never_negative_and_never_more_than_has_passed(
    history: list[StateChange], pauses: list[Interval], until: int
) -> None:
    now = max(at(until), history[-1].at)
    assert timedelta() <= service_time(history, pauses, now) <= now - history[0].at


def test_a_clock_that_was_set_back_adds_nothing() -> None:
    history = [StateChange(S.ACCEPTED, at(60)), StateChange(S.WITH_OPERATOR, START)]
    assert service_time(history, [Interval(START, at(90))], START) == timedelta()


# ------------------------------------------------------------------ ageing

TARGET, LIMIT = 24 * HOUR, timedelta(days=14)


@pytest.mark.parametrize(
    ("used", "found"),
    [
        (timedelta(), Ageing.IN_TIME),
        (18 * HOUR - MINUTE, Ageing.IN_TIME),
        (18 * HOUR, Ageing.DUE_SOON),
        (24 * HOUR - MINUTE, Ageing.DUE_SOON),
        (24 * HOUR, Ageing.LATE),
        (LIMIT - MINUTE, Ageing.LATE),
        (LIMIT, Ageing.BEYOND_LAW),
        (LIMIT * 2, Ageing.BEYOND_LAW),
    ],
)
def test_a_request_ages_at_three_quarters_at_the_target_and_at_the_limit_of_the_law(
    used: timedelta, found: Ageing
) -> None:
    assert ageing(used, TARGET, LIMIT) is found


@given(st.integers(0, 40_000), st.integers(0, 40_000))
def test_a_request_never_grows_younger(used: int, more: int) -> None:
    order = list(Ageing)
    early, late = (ageing(minutes * MINUTE, TARGET, LIMIT) for minutes in (used, used + more))
    assert order.index(early) <= order.index(late)


# ------------------------------------------------------------------ the timeline of nine steps

DONE, NOW, WAITING = StepStatus.DONE, StepStatus.NOW, StepStatus.WAITING
STOPPED, NOT_YET, SKIPPED = StepStatus.STOPPED, StepStatus.NOT_YET, StepStatus.SKIPPED

ACCEPTED_TO_OPERATOR = (S.ACCEPTED, S.WITH_OPERATOR)
VERIFIED = (*ACCEPTED_TO_OPERATOR, S.VERIFIED)
RETURNED = (*ACCEPTED_TO_OPERATOR, S.INCOMPLETE)


def first_seven(*states: RequestState) -> list[StepStatus]:
    return list(timeline(changes(*states), published=False, reported=False)[:7])


@pytest.mark.parametrize(
    ("states", "steps"),
    [
        ((S.ACCEPTED,), [DONE, NOW, NOT_YET, NOT_YET, NOT_YET, NOT_YET, NOT_YET]),
        (ACCEPTED_TO_OPERATOR, [DONE, DONE, NOW, NOT_YET, NOT_YET, NOT_YET, NOT_YET]),
        ((*ACCEPTED_TO_OPERATOR, S.WAITING_SIAK), [DONE, DONE, WAITING, *[NOT_YET] * 4]),
        (VERIFIED, [DONE, DONE, DONE, SKIPPED, NOW, NOT_YET, NOT_YET]),
        ((*VERIFIED, S.WAITING_BLANK), [DONE, DONE, DONE, SKIPPED, WAITING, NOT_YET, NOT_YET]),
        ((*VERIFIED, S.WAITING_SIAK), [DONE, DONE, WAITING, *[NOT_YET] * 4]),
        ((*VERIFIED, S.PRODUCED), [DONE, DONE, DONE, SKIPPED, DONE, NOW, NOT_YET]),
        ((*VERIFIED, S.PRODUCED, S.AT_COUNTER), [DONE, DONE, DONE, SKIPPED, DONE, DONE, WAITING]),
        (
            (*VERIFIED, S.PRODUCED, S.AT_COUNTER, S.HANDED_OVER),
            [DONE, DONE, DONE, SKIPPED, DONE, DONE, DONE],
        ),
    ],
)
def test_a_complete_file_walks_through_the_steps_without_the_fourth(
    states: tuple[RequestState, ...], steps: list[StepStatus]
) -> None:
    assert first_seven(*states) == steps


@pytest.mark.parametrize(
    ("states", "steps"),
    [
        (RETURNED, [DONE, DONE, DONE, WAITING, NOT_YET, NOT_YET, NOT_YET]),
        ((*RETURNED, S.ACCEPTED), [DONE, NOW, NOT_YET, DONE, NOT_YET, NOT_YET, NOT_YET]),
        ((*RETURNED, *ACCEPTED_TO_OPERATOR), [DONE, DONE, NOW, DONE, NOT_YET, NOT_YET, NOT_YET]),
        ((*RETURNED, *VERIFIED), [DONE, DONE, DONE, DONE, NOW, NOT_YET, NOT_YET]),
    ],
)
def test_an_incomplete_file_waits_on_step_four_and_keeps_that_the_applicant_was_told(
    states: tuple[RequestState, ...], steps: list[StepStatus]
) -> None:
    assert first_seven(*states) == steps


@pytest.mark.parametrize(
    ("states", "stopped"),
    [
        ((S.ACCEPTED, S.CANCELLED), 2),
        ((*ACCEPTED_TO_OPERATOR, S.REJECTED), 3),
        ((*ACCEPTED_TO_OPERATOR, S.WAITING_SIAK, S.REJECTED), 3),
        ((*ACCEPTED_TO_OPERATOR, S.WAITING_SIAK, S.CANCELLED), 3),
        ((*RETURNED, S.CANCELLED), 4),
        ((*RETURNED, S.ACCEPTED, S.CANCELLED), 2),
        ((*VERIFIED, S.REJECTED), 5),
        ((*VERIFIED, S.WAITING_BLANK, S.CANCELLED), 5),
        ((*VERIFIED, S.PRODUCED, S.AT_COUNTER, S.CANCELLED), 7),
    ],
)
def test_a_request_stops_on_the_step_that_it_was_on(states: tuple[RequestState, ...], stopped: int) -> None:
    assert [step for step, status in enumerate(first_seven(*states), 1) if status is STOPPED] == [stopped]


@pytest.mark.parametrize(("told", "status"), [(True, DONE), (False, NOT_YET)])
def test_step_eight_is_done_when_the_status_stands_on_the_website(told: bool, status: StepStatus) -> None:
    assert timeline(changes(*VERIFIED), published=told, reported=False)[7] is status


@pytest.mark.parametrize(("told", "status"), [(True, DONE), (False, NOT_YET)])
def test_step_nine_is_done_when_a_closed_days_report_holds_the_request(
    told: bool, status: StepStatus
) -> None:
    assert timeline(changes(*VERIFIED), published=False, reported=told)[8] is status


@given(walks(), st.booleans(), st.booleans())
def test_there_are_always_nine_steps_and_the_first_is_done(
    states: list[RequestState], published: bool, reported: bool
) -> None:
    steps = timeline(changes(*states), published, reported)
    assert len(steps) == 9
    assert steps[0] is DONE


@given(walks())
def test_exactly_one_step_is_the_present_one_until_the_result_is_handed_over(
    states: list[RequestState],
) -> None:
    present = [status for status in first_seven(*states) if status in {NOW, WAITING, STOPPED}]
    assert len(present) == (0 if states[-1] is S.HANDED_OVER else 1)


@given(walks())
def test_all_before_the_present_step_is_done_and_all_after_it_is_not_yet(states: list[RequestState]) -> None:
    steps = first_seven(*states)
    present = next((place for place, status in enumerate(steps) if status in {NOW, WAITING, STOPPED}), 7)
    beside_four = [(place, status) for place, status in enumerate(steps) if place not in {3, present}]
    assert all(status is (DONE if place < present else NOT_YET) for place, status in beside_four)


@given(walks())
def test_step_four_is_done_or_waiting_exactly_when_a_file_was_ever_incomplete(
    states: list[RequestState],
) -> None:
    fourth = first_seven(*states)[3]
    assert (fourth in {DONE, WAITING, STOPPED}) is (S.INCOMPLETE in states)


@given(walks())
def test_a_step_stops_exactly_when_the_request_was_rejected_or_cancelled(states: list[RequestState]) -> None:
    assert (STOPPED in first_seven(*states)) is (states[-1] in {S.REJECTED, S.CANCELLED})


@given(walks())
def test_the_present_step_is_now_exactly_while_the_clock_runs(states: list[RequestState]) -> None:
    assert (NOW in first_seven(*states)) is (states[-1] in CLOCK_RUNS)


@given(walks())
def test_a_move_never_undoes_a_step_but_where_the_file_goes_back(states: list[RequestState]) -> None:
    back = {(S.INCOMPLETE, S.ACCEPTED), (S.VERIFIED, S.WAITING_SIAK)}
    for length in range(1, len(states)):
        before, after = first_seven(*states[:length]), first_seven(*states[: length + 1])
        if (states[length - 1], states[length]) not in back:
            lost = [i for i in range(7) if before[i] in {DONE, SKIPPED} and after[i] not in {DONE, SKIPPED}]
            # Step 4 that was done before comes back when the file is incomplete a second time.
            assert lost in ([], [3]), states[: length + 1]
            assert lost == [] or states[length] is S.INCOMPLETE
