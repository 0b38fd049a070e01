"""Periods: what days make together, and whether their blanks follow from one another."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from ktpel_desktop.core.period import PeriodReport
from tests.documents.periods import days, period


def changed(place: int, **changes: object) -> PeriodReport:
    """Ten days of which one is not as it was."""
    found = list(days(10))
    found[place] = replace(found[place], **changes)  # type: ignore[arg-type]
    return period(10, days=tuple(found))


def test_the_period_is_the_sum_of_its_days() -> None:
    report = period(10)
    assert report.total("issued") == sum(day.issued for day in report.days) == report.balance.issued
    assert report.spoiled == {"GAGAL_CETAK": 9, "HILANG": 5}
    assert report.withdrawn == {"chip_mute": 1}
    assert (report.balance.opening, report.balance.received, report.balance.corrected) == (500, 500, -1)
    assert report.balance.left == report.days[-1].balance.left
    assert (report.carried_over, report.balanced, report.differences) == (True, True, 1)


@pytest.mark.parametrize("place", range(1, 10))
def test_a_day_that_does_not_begin_with_what_was_left_is_seen(place: int) -> None:
    found = days(10)[place]
    report = changed(place, carried=found.carried + 1)
    assert not report.carried_over
    assert not report.balanced


def test_cards_in_work_over_the_night_are_carried() -> None:
    second, third = days(3)[1:]
    assert second.balance.open == 1
    assert third.carried == second.balance.left + 1


def test_a_cabinet_that_was_not_counted_has_no_difference() -> None:
    report = changed(2, counted=None)
    assert report.days[2].difference is None
    assert report.differences == 1
    assert changed(2, counted=0).differences == 2


@pytest.mark.parametrize(
    ("first", "last", "month"),
    [
        (date(2026, 11, 1), date(2026, 11, 30), True),
        (date(2028, 2, 1), date(2028, 2, 29), True),
        (date(2028, 2, 1), date(2028, 2, 28), False),
        (date(2026, 11, 2), date(2026, 11, 30), False),
        (date(2026, 11, 1), date(2026, 12, 31), False),
        (date(2025, 11, 1), date(2026, 11, 30), False),
    ],
)
def test_a_month_is_a_whole_one(first: date, last: date, month: bool) -> None:
    assert period(1, first=first, last=last).is_month is month
