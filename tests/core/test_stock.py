"""Blanks balance: opening + received + corrected = issued + spoiled + returned + open + left."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ktpel_desktop.core.errors import PolicyError
from ktpel_desktop.core.issuance import OPEN, JobState
from ktpel_desktop.core.serials import SerialRange, serial_range
from ktpel_desktop.core.stock import (
    BLANK,
    BLANK_KINDS,
    LOANS,
    Loan,
    Movement,
    MovementKind,
    PhysicalCount,
    balance,
    check_movement,
    outstanding,
    owed,
)

AT = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)


def movement(
    kind: MovementKind,
    quantity: int,
    document: str = "BAST-1",
    by: str = "sari",
    approver: str | None = None,
    partner: str = "Kelurahan Gambir",
    item: str = BLANK,
) -> Movement:
    return Movement(kind, quantity, document, AT, by, approver, partner, item=item)


def refusal(wanted: Movement, left: int = 100) -> str:
    with pytest.raises(PolicyError) as caught:
        check_movement(wanted, left)
    return caught.value.code


def verdict(wanted: Movement, left: int, owed: int = 10_000) -> str | None:
    try:
        check_movement(wanted, left, owed)
    except PolicyError as error:
        return error.code
    return None


plain_kinds = st.sampled_from(sorted(BLANK_KINDS - {MovementKind.CORRECTION}))
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
        takes = line.kind in (MovementKind.RETURNED, MovementKind.LENT, MovementKind.BORROWED_BACK)
        cabinet += -line.quantity if takes else line.quantity
    for state, count in jobs.items():
        if state is not JobState.CANCELLED:
            cabinet -= count
    assert balance(lines, jobs).left == cabinet


@given(st.lists(movements), job_counts)
def test_both_sides_of_the_equation_are_equal(lines: list[Movement], jobs: dict[JobState, int]) -> None:
    found = balance(lines, jobs)
    came = found.opening + found.received + found.corrected + found.loaned
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
        if verdict(line, balance(book, {}).left, owed(book, line.kind, line.partner)) is None:
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


# ---------------------------------------------------------------- loans between offices


@given(st.lists(movements, max_size=30))
def test_no_loan_is_given_back_twice(lines: list[Movement]) -> None:
    book: list[Movement] = []
    for line in lines:
        if verdict(line, balance(book, {}).left, owed(book, line.kind, line.partner)) is None:
            book.append(line)
        assert all(loan.owed > 0 for loan in outstanding(book))
        theirs = sum(loan.owed for loan in outstanding(book) if loan.kind is MovementKind.LENT)
        ours = sum(loan.owed for loan in outstanding(book) if loan.kind is MovementKind.BORROWED)
        assert balance(book, {}).loaned == ours - theirs


def test_a_loan_is_known_by_its_partner() -> None:
    book = [
        movement(MovementKind.LENT, 30, partner="Kelurahan Gambir"),
        movement(MovementKind.LENT, 5, partner="Kelurahan Senen"),
        movement(MovementKind.LENT_BACK, 30, partner="Kelurahan Gambir"),
        movement(MovementKind.BORROWED, 8, partner="Kelurahan Senen"),
    ]
    assert outstanding(book) == (
        Loan(MovementKind.LENT, "Kelurahan Senen", 5),
        Loan(MovementKind.BORROWED, "Kelurahan Senen", 8),
    )
    assert owed(book, MovementKind.LENT_BACK, "Kelurahan Gambir") == 0
    assert owed(book, MovementKind.LENT_BACK, "Kelurahan Senen") == 5
    assert owed(book, MovementKind.RECEIVED, "Kelurahan Senen") == 0


@pytest.mark.parametrize("kind", sorted(LOANS))
def test_a_loan_has_a_partner(kind: MovementKind) -> None:
    assert refusal(movement(kind, 1, partner=" ")) == "stock.partner_missing"


def test_more_than_was_lent_does_not_come_back() -> None:
    with pytest.raises(PolicyError) as caught:
        check_movement(movement(MovementKind.LENT_BACK, 6, partner="Senen"), 100, 5)
    assert caught.value.code == "stock.more_than_owed"
    assert caught.value.params == {"quantity": 6, "owed": 5, "partner": "Senen"}


@pytest.mark.parametrize("kind", [MovementKind.USED, MovementKind.LOST])
def test_a_blank_is_used_by_a_job_and_by_no_line_of_the_register(kind: MovementKind) -> None:
    assert refusal(movement(kind, 1)) == "stock.kind_wrong"
    check_movement(movement(kind, 1, item="pita"), 1)


# ---------------------------------------------------------------- printed numbers, where blanks have them


@pytest.mark.parametrize(
    ("first", "last", "count"),
    [
        ("AB0001", "AB0100", 100),
        ("7", "7", 1),
        ("AB0002", "AB0001", 0),
        ("A1", "B2", 0),
        ("A1", "A10", 0),
        ("x", "y", 0),
    ],
)
def test_a_range_counts_its_serials(first: str, last: str, count: int) -> None:
    assert SerialRange(first, last).count == count


def test_a_range_is_typed_or_left_out() -> None:
    assert serial_range(" ", "") is None
    assert serial_range("ab01", "ab09") == SerialRange("AB01", "AB09")
    assert serial_range("ab01", "") == SerialRange("AB01", "AB01")
    with pytest.raises(PolicyError) as caught:
        serial_range("ab09", "ab01")
    assert caught.value.code == "stock.range_wrong"


def test_a_range_is_as_long_as_the_line_says() -> None:
    wanted = Movement(MovementKind.RECEIVED, 9, "BAST-1", AT, "sari", serials=SerialRange("A01", "A10"))
    assert refusal(wanted) == "stock.range_wrong"


def test_blanks_may_be_received_into_an_empty_cabinet() -> None:
    check_movement(movement(MovementKind.RECEIVED, 2000), 0)


@given(st.integers(0, 3), st.integers(0, 3), st.integers(0, 3))
def test_a_count_agrees_only_when_both_persons_and_the_books_do(first: int, second: int, books: int) -> None:
    assert PhysicalCount(first, second, books).agrees is (len({first, second, books}) == 1)


def test_the_difference_is_negative_where_blanks_are_missing() -> None:
    assert PhysicalCount(first=97, second=97, books=100).difference == -3
