"""Deliveries wait longer after each failure, and never longer than a quarter of an hour."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ktpel_desktop.core.outbox import LONGEST_WAIT, CardOutcome, Delivery, DeliveryKind, wait_after


@pytest.mark.parametrize(
    ("attempts", "seconds"), [(1, 30), (2, 60), (3, 120), (4, 240), (5, 480), (6, 900), (7, 900), (1000, 900)]
)
def test_the_wait_doubles_up_to_a_quarter_of_an_hour(attempts: int, seconds: int) -> None:
    assert wait_after(attempts) == timedelta(seconds=seconds)


@given(st.integers(0, 10**9))
def test_the_wait_never_shrinks_and_never_passes_its_limit(attempts: int) -> None:
    assert timedelta(0) < wait_after(attempts) <= wait_after(attempts + 1) <= LONGEST_WAIT


def test_a_new_delivery_is_due_at_once_and_was_never_tried() -> None:
    new = Delivery("J-1", DeliveryKind.PRINT_RESULT, "J", datetime(2026, 3, 2, tzinfo=UTC))
    assert (new.attempts, new.next_at, new.delivered_at, new.payload) == (0, None, None, {})


def test_siak_hears_of_good_and_of_spoiled_cards_only() -> None:
    assert set(CardOutcome) == {"ISSUED", "SPOILED"}
