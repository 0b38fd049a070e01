"""One reading out of several answers, and a verdict that does not flap."""

import math
from collections.abc import Callable
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ktpel_desktop.core.readings import agrees, judge_air, settled, with_recovery
from ktpel_desktop.core.room_limits import (
    MAINS_V,
    ROOM_C,
    Span,
    Status,
    Verdict,
    judge_bandwidth,
    judge_supply_voltage,
    judge_temperature,
)

OK, WARNING, CRITICAL, UNKNOWN = Status.OK, Status.WARNING, Status.CRITICAL, Status.UNKNOWN
FINITE = st.floats(-1000, 1000)


@pytest.mark.parametrize("odd", [math.nan, math.inf, -math.inf, 4.9, 60.1, 200.0])
def test_what_lies_in_no_span(odd: float) -> None:
    assert not ROOM_C.holds(odd)
    assert Span(5, 60).holds(5) and Span(5, 60).holds(60)  # noqa: PT018


@pytest.mark.parametrize(
    ("span", "judge"), [(ROOM_C, judge_temperature), (MAINS_V, judge_supply_voltage)], ids=["air", "mains"]
)
def test_what_a_driver_lets_through_is_what_can_be_judged(
    span: Span, judge: Callable[[float], Verdict]
) -> None:
    statuses = [judge(value).status for value in (span.low - 0.1, span.low, span.high, span.high + 0.1)]
    assert [status is UNKNOWN for status in statuses] == [True, False, False, True]


def test_the_median_of_steady_answers() -> None:
    assert settled([22.0, 22.5, 22.25], 0.5) == 22.25
    assert settled([22.0, 22.1], 0.5) == pytest.approx(22.05)
    assert settled([29.9, 30.4], 0.5) is not None  # half a kelvin, though not in binary


@pytest.mark.parametrize("values", [[], [math.nan, 22], [22, math.inf], [22.0, 22.6], [22.0, 22.4, 21.8]])
def test_answers_that_are_no_reading(values: list[float]) -> None:
    assert settled(values, 0.5) is None


@given(st.lists(FINITE, min_size=1, max_size=7), st.floats(0, 5))
def test_a_settled_value_lies_among_its_answers(values: list[float], jump: float) -> None:
    found = settled(values, jump)
    assert found is None or min(values) <= found <= max(values)


@pytest.mark.parametrize(
    ("celsius", "calibrated", "near_pc", "status", "advice"),
    [
        (22.5, True, False, OK, "temperature.ok"),
        (24.4, True, False, OK, "temperature.ok"),
        (24.4, False, False, WARNING, "temperature.near_hot"),
        (22.5, False, True, WARNING, "temperature.sensor_near_pc"),
        (27.0, False, True, WARNING, "temperature.sensor_near_pc"),
        (27.0, True, True, CRITICAL, "temperature.hot"),
        (27.0, False, False, CRITICAL, "temperature.hot"),
        (18.0, False, True, CRITICAL, "temperature.cold"),
        (200.0, False, True, UNKNOWN, "temperature.implausible"),
    ],
)
def test_the_guard_band_follows_the_instrument(
    celsius: float, calibrated: bool, near_pc: bool, status: Status, advice: str
) -> None:
    verdict = judge_air(celsius, calibrated=calibrated, near_pc=near_pc)
    assert (verdict.status, verdict.advice) == (status, advice)


def test_real_power_fits_apparent_power() -> None:
    assert agrees(501.8, 612.4)
    assert agrees(24.4, 24.376)
    assert agrees(5.0, 0.0)
    assert not agrees(700.0, 612.4)
    assert not agrees(math.nan, 612.4)


# ------------------------------------------------------------------ recovery


def test_it_gets_worse_at_once_and_better_with_a_margin() -> None:
    def after(before: Status | None, celsius: float) -> Status:
        return with_recovery(before, celsius, 0.3, judge_temperature).status

    assert after(None, 24.4) is OK
    assert after(OK, 24.6) is WARNING
    assert after(WARNING, 24.4) is WARNING
    assert after(WARNING, 24.1) is OK
    assert after(CRITICAL, 25.9) is CRITICAL
    assert after(CRITICAL, 25.6) is WARNING
    assert after(CRITICAL, 24.4) is WARNING
    assert after(CRITICAL, 23.0) is OK
    assert after(WARNING, 20.6) is WARNING


def test_unknown_and_waived_have_no_memory() -> None:
    assert with_recovery(UNKNOWN, 24.4, 0.3, judge_temperature).status is OK
    assert with_recovery(Status.WAIVED, 24.4, 0.3, judge_temperature).status is OK
    assert with_recovery(CRITICAL, 200.0, 0.3, judge_temperature).status is UNKNOWN
    assert with_recovery(CRITICAL, 6.0, 2.0, judge_bandwidth).status is CRITICAL
    # a margin that leaves what can be measured says nothing
    assert with_recovery(WARNING, 99_999.9, 1.0, judge_bandwidth).status is OK


@given(centre=st.floats(18, 27), wobble=st.lists(st.floats(-0.14, 0.14), min_size=2, max_size=30))
def test_a_wobble_within_the_margin_settles(centre: float, wobble: list[float]) -> None:
    """After its first step down the verdict of a wobbling value never goes up and down again."""
    status: Status | None = None
    seen = []
    for step in wobble:
        status = with_recovery(status, centre + step, 0.3, judge_temperature).status
        seen.append(status)
    rank = {OK: 0, WARNING: 1, CRITICAL: 2}
    ups = [rank[later] - rank[earlier] for earlier, later in pairwise(seen)]
    assert not any(change < 0 for change in ups)
