"""The service clock of a request, and how it stands against the promise."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ktpel_desktop.core.request import (
    CLOCK_RUNS,
    ENDED,
    Ageing,
    Interval,
    RequestState,
    StateChange,
    ageing,
    service_time,
)
from tests.core.lives import HOUR, MINUTE, START, S, at, changes, histories

outages = st.lists(
    st.tuples(st.integers(-500, 5000), st.none() | st.integers(0, 900)).map(
        lambda span: Interval(at(span[0]), None if span[1] is None else at(span[0] + span[1]))
    ),
    max_size=5,
)


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
