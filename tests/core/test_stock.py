"""Blanks balance: opening + received + corrected = issued + spoiled + returned + open + left."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ktpel_desktop.core.errors import PolicyError
from ktpel_desktop.core.issuance import OPEN, JobState
from ktpel_desktop.core.stock import Movement, MovementKind, PhysicalCount, balance, check_movement

AT = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)


def movement(
    kind: MovementKind,
    quantity: int,
    document: str = "BAST-1",
    by: str = "sari",
    approver: str | None = None,
) -> Movement:
    return Movement(kind, quantity, document, AT, by, approver)


def refusal(wanted: Movement, left: int = 100) -> str:
    with pytest.raises(PolicyError) as caught:
        check_movement(wanted, left)
    return caught.value.code


def verdict(wanted: Movement, left: int) -> str | None:
    try:
        check_movement(wanted, left)
    except PolicyError as error:
        return error.code
    return None


plain_kinds = st.sampled_from([MovementKind.OPENING, MovementKind.RECEIVED, MovementKind.RETURNED])
movements = st.builds(movement, plain_kinds, st.integers(1, 5000)) | st.builds(
    lambda quantity: movement(MovementKind.CORRECTION, quantity, approver="wati"), st.integers(-99, 99)
)
job_counts = st.dictionaries(st.sampled_from(list(JobState)), st.integers(0, 3000))


@given(st.lists(movements), job_counts)
def test_what_is_left_is_all_that_came_less_each_card_that_went(
    lines: list[Movement], jobs: dict[JobState, int]
) -> None:
    cabinet = 0
    for line in lines:
        cabinet += -line.quantity if line.kind is MovementKind.RETURNED else line.quantity
    for state, count in jobs.items():
        if state is not JobState.CANCELLED:
            cabinet -= count
    assert balance(lines, jobs).left == cabinet


@given(st.lists(movements), job_counts)
def test_both_sides_of_the_equation_are_equal(lines: list[Movement], jobs: dict[JobState, int]) -> None:
    found = balance(lines, jobs)
    came = found.opening + found.received + found.corrected
    assert came == found.issued + found.spoiled + found.returned + found.open + found.left


@given(job_counts)
def test_every_job_is_counted_in_exactly_one_place_or_back_in_the_cabinet(jobs: dict[JobState, int]) -> None:
    found = balance([], jobs)
    assert found.issued + found.spoiled + found.open + jobs.get(JobState.CANCELLED, 0) == sum(jobs.values())


@pytest.mark.parametrize("state", sorted(OPEN))
def test_a_blank_in_an_open_job_is_out_of_the_cabinet(state: JobState) -> None:
    assert balance([movement(MovementKind.OPENING, 10)], {state: 1}).left == 9


def test_a_cancelled_job_gives_its_blank_back() -> None:
    assert balance([movement(MovementKind.OPENING, 10)], {JobState.CANCELLED: 3}).left == 10


@given(st.lists(movements, max_size=30))
def test_a_book_of_checked_movements_never_falls_below_zero(lines: list[Movement]) -> None:
    book: list[Movement] = []
    for line in lines:
        if verdict(line, balance(book, {}).left) is None:
            book.append(line)
        assert balance(book, {}).left >= 0


@given(st.lists(movements, max_size=10), movements)
def test_a_movement_is_refused_for_want_of_blanks_exactly_when_it_would_leave_less_than_none(
    lines: list[Movement], line: Movement
) -> None:
    left = max(balance(lines, {}).left, 0)
    after = left + balance([line], {}).left
    expected = "stock.quantity" if line.quantity == 0 else "stock.more_than_left" if after < 0 else None
    assert verdict(line, left) == expected


@pytest.mark.parametrize("kind", list(MovementKind))
def test_a_movement_of_nothing_is_refused(kind: MovementKind) -> None:
    assert refusal(movement(kind, 0, approver="wati")) == "stock.quantity"


@pytest.mark.parametrize("kind", [MovementKind.OPENING, MovementKind.RECEIVED, MovementKind.RETURNED])
def test_only_a_correction_may_be_negative(kind: MovementKind) -> None:
    assert refusal(movement(kind, -1)) == "stock.quantity"


@pytest.mark.parametrize("kind", list(MovementKind))
@pytest.mark.parametrize("document", ["", " \t\n"])
def test_a_movement_without_a_paper_is_refused(kind: MovementKind, document: str) -> None:
    assert refusal(movement(kind, 1, document, approver="wati")) == "stock.document_missing"


@pytest.mark.parametrize("approver", [None, "", "sari"])
def test_a_correction_takes_a_second_and_different_person(approver: str | None) -> None:
    wanted = movement(MovementKind.CORRECTION, 1, approver=approver)
    assert refusal(wanted) == "stock.second_person_missing"


def test_a_correction_by_two_persons_is_accepted() -> None:
    check_movement(movement(MovementKind.CORRECTION, -100, approver="wati"), 100)


def test_more_than_what_is_left_cannot_be_returned() -> None:
    assert refusal(movement(MovementKind.RETURNED, 101)) == "stock.more_than_left"


def test_all_that_is_left_can_be_returned() -> None:
    check_movement(movement(MovementKind.RETURNED, 100), 100)


def test_a_correction_cannot_take_more_than_what_is_left() -> None:
    assert refusal(movement(MovementKind.CORRECTION, -101, approver="wati")) == "stock.more_than_left"


def test_the_refusal_tells_how_many_were_wanted_and_how_many_are_left() -> None:
    with pytest.raises(PolicyError) as caught:
        check_movement(movement(MovementKind.CORRECTION, -7, approver="wati"), 3)
    assert caught.value.params == {"quantity": 7, "left": 3}


def test_blanks_may_be_received_into_an_empty_cabinet() -> None:
    check_movement(movement(MovementKind.RECEIVED, 2000), 0)


@given(st.integers(0, 3), st.integers(0, 3), st.integers(0, 3))
def test_a_count_agrees_only_when_both_persons_and_the_books_do(first: int, second: int, books: int) -> None:
    assert PhysicalCount(first, second, books).agrees is (len({first, second, books}) == 1)


def test_the_difference_is_negative_where_blanks_are_missing() -> None:
    assert PhysicalCount(first=97, second=97, books=100).difference == -3
