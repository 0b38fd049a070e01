"""When the office is open: local hours of working days, the closing minute excluded."""

from dataclasses import replace
from datetime import UTC, datetime, time, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ktpel_desktop.core.office import Office

WIB = timezone(timedelta(hours=7), "WIB")
OFFICE = Office(
    name="Satpel Dukcapil",
    kelurahan_code="3174051001",
    kelurahan="GROGOL SELATAN",
    kecamatan="KEBAYORAN LAMA",
    kabupaten="JAKARTA SELATAN",
    province="PROVINSI DKI JAKARTA",
    timezone=WIB,
)
MONDAY = datetime(2026, 3, 2, tzinfo=WIB)


@pytest.mark.parametrize(
    ("at", "open_"),
    [
        (time(7, 29, 59, 999_999), False),
        (time(7, 30), True),
        (time(12, 0), True),
        (time(15, 59, 59, 999_999), True),
        (time(16, 0), False),
        (time(0, 0), False),
    ],
)
def test_the_office_is_open_from_its_first_minute_to_before_its_last(at: time, open_: bool) -> None:
    assert OFFICE.open_at(datetime.combine(MONDAY, at, WIB)) is open_


@pytest.mark.parametrize(("day", "open_"), [(4, True), (5, False), (6, False), (7, True)])
def test_the_office_is_closed_at_the_weekend(day: int, open_: bool) -> None:
    assert OFFICE.open_at(MONDAY + timedelta(days=day, hours=9)) is open_


def test_an_office_may_work_on_saturdays() -> None:
    saturday = replace(OFFICE, working_days=frozenset({5}))
    assert saturday.open_at(MONDAY + timedelta(days=5, hours=9))


def test_the_weekday_is_that_of_jakarta_and_not_of_utc() -> None:
    # Sunday 23:30 in UTC is Monday 06:30 in Jakarta; Friday 23:30 UTC is Saturday.
    early = replace(OFFICE, opens=time(6, 0))
    assert early.open_at(datetime(2026, 3, 1, 23, 30, tzinfo=UTC))
    assert not early.open_at(datetime(2026, 3, 6, 23, 30, tzinfo=UTC))


@given(st.integers(0, 10**7), st.integers(-12, 14))
def test_the_answer_depends_on_the_instant_and_not_on_how_it_is_written(minutes: int, hours: int) -> None:
    instant = (MONDAY + timedelta(minutes=minutes)).astimezone(UTC)
    assert OFFICE.open_at(instant) is OFFICE.open_at(instant.astimezone(timezone(timedelta(hours=hours))))
