from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ktpel_desktop.core.availability import (
    DAY,
    LONGEST_STRIDE,
    MONTH,
    LineState,
    Moment,
    Place,
    availability,
    line_state,
)

NOW = datetime(2026, 11, 23, 8, 0, tzinfo=UTC)
UP, OUT = LineState.UP, LineState.LINE_DOWN


def minutes(*states: LineState, until: datetime = NOW) -> list[Moment]:
    """One probe a minute, the last a minute before `until`."""
    first = until - timedelta(minutes=len(states))
    return [Moment(first + timedelta(minutes=number), state) for number, state in enumerate(states)]


# ------------------------------------------------------------------ one minute


@pytest.mark.parametrize(
    ("gateway", "centre", "outside", "name", "state"),
    [
        (True, True, True, True, LineState.UP),
        (False, True, True, True, LineState.UP),  # many routers answer no knock
        (None, True, None, None, LineState.UP),
        (True, False, True, True, LineState.DATA_CENTRE_DOWN),
        (True, False, None, True, LineState.DATA_CENTRE_DOWN),
        (True, True, False, True, LineState.UP),  # the office's line may lead to the data centre only
        (True, True, True, False, LineState.DNS_DOWN),
        (True, False, False, False, LineState.LINE_DOWN),
        (None, False, False, None, LineState.LINE_DOWN),
        (None, None, None, False, LineState.LINE_DOWN),
        (False, False, False, False, LineState.LAN_DOWN),
        (False, None, None, None, LineState.LAN_DOWN),
        (True, None, None, None, LineState.UNKNOWN),
        (None, None, None, None, LineState.UNKNOWN),
    ],
)
def test_which_part_is_down(
    gateway: bool | None, centre: bool | None, outside: bool | None, name: bool | None, state: LineState
) -> None:
    asked = zip(Place, (gateway, centre, outside, name), strict=True)
    assert line_state({place: answer for place, answer in asked if answer is not None}) is state


# ------------------------------------------------------------------ a day, a month


def test_a_month_as_it_is_told() -> None:
    """room.md 3.7: 30 days, 4 outages, the longest 41 minutes."""
    states = [UP] * 43_200
    for begin, length in ((1_000, 41), (9_000, 1), (20_000, 30), (43_150, 5)):
        states[begin : begin + length] = [OUT] * length
    found = availability(minutes(*states), NOW, MONTH)
    assert found.percent == pytest.approx(100 * (1 - 77 / 43_200))
    assert len(found.outages) == 4
    assert found.longest == timedelta(minutes=41)
    assert found.down == timedelta(minutes=77)
    assert all(outage.ended for outage in found.outages)
    assert found.watched_percent == pytest.approx(100)


def test_an_outage_that_goes_on_has_no_end_yet() -> None:
    found = availability(minutes(*[UP] * 60, OUT, OUT), NOW)
    (outage,) = found.outages
    assert (outage.end, outage.ended, outage.length) == (NOW, False, timedelta(minutes=2))


def test_time_nobody_watched_is_neither_up_nor_down() -> None:
    early = minutes(*[UP] * 60, OUT, until=NOW - timedelta(hours=5))
    found = availability(early + minutes(*[UP] * 60), NOW)
    assert found.watched == timedelta(minutes=120) + LONGEST_STRIDE
    assert found.down == LONGEST_STRIDE
    (outage,) = found.outages
    assert not outage.ended  # nobody saw its end
    assert found.watched_percent == pytest.approx(100 * (found.watched / DAY))


def test_two_outages_with_a_gap_between_are_two() -> None:
    early = minutes(OUT, until=NOW - timedelta(hours=1))
    assert len(availability(early + minutes(OUT, OUT), NOW).outages) == 2


def test_little_watched_gives_no_percentage() -> None:
    assert availability([], NOW).percent is None
    assert availability([], NOW).longest == timedelta()
    assert availability(minutes(*[UP] * 59), NOW).percent is None
    assert availability(minutes(*[UP] * 60), NOW).percent == 100


def test_a_data_centre_that_is_down_is_not_the_lines_fault() -> None:
    found = availability(minutes(*[UP] * 59, LineState.DATA_CENTRE_DOWN, LineState.DNS_DOWN), NOW)
    assert (found.percent, found.outages) == (100, ())


def test_probes_of_the_future_and_of_long_ago_are_left_out() -> None:
    odd = [Moment(NOW + timedelta(minutes=1), OUT), Moment(NOW - timedelta(days=2), OUT)]
    assert availability(odd + minutes(*[UP] * 60), NOW).percent == 100


def test_an_outage_from_before_the_window_counts_from_its_begin() -> None:
    states = [OUT] * 10 + [UP] * (24 * 60 - 5)
    found = availability(minutes(*states), NOW)
    assert found.down == timedelta(minutes=5)


@given(
    st.lists(st.tuples(st.integers(-100_000, 4_000_000), st.sampled_from(LineState)), max_size=60),
    st.sampled_from([DAY, MONTH]),
)
def test_the_sums_always_hold(probes: list[tuple[int, LineState]], window: timedelta) -> None:
    moments = [Moment(NOW - timedelta(seconds=ago), state) for ago, state in probes]
    found = availability(moments, NOW, window)
    assert timedelta() <= found.down <= found.watched <= window
    assert sum((one.length for one in found.outages), timedelta()) == found.down
    assert all(NOW - window <= one.begin < one.end <= NOW for one in found.outages)
    assert all(one.end <= other.begin for one, other in zip(found.outages, found.outages[1:], strict=False))
    assert found.percent is None or 0 <= found.percent <= 100
