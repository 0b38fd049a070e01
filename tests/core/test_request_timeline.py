"""The timeline of the nine steps that a request goes through."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ktpel_desktop.core.request import CLOCK_RUNS, RequestState, StepStatus, timeline
from tests.core.lives import S, changes, walks

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
