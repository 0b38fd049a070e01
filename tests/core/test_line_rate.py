import math
import random

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from ktpel_desktop.core.line_rate import (
    CAP_MBPS,
    Confidence,
    Decision,
    Direction,
    Estimate,
    Run,
    Sample,
    Wording,
    decide,
    estimate,
    may_stop,
    payload_factor,
)
from ktpel_desktop.core.room_limits import Status

FACTOR = payload_factor()


def line(mbps: float, seconds: float = 4.5, gaps: tuple[tuple[float, float], ...] = ()) -> list[Sample]:
    """Samples of a line at IP level; in a gap nothing is delivered, and all of it at its end."""
    rate = mbps * 1e6 / 8 / FACTOR
    samples = []
    for number in range(round(seconds * 50) + 1):
        at = number / 50
        held = next((begin for begin, end in gaps if begin < at < end), at)
        samples.append((at, int(held * rate)))
    return samples


def reading(samples: list[Sample], own: float = 0.0) -> Estimate:
    found = estimate(samples, factor=FACTOR, own_traffic_mbps=own)
    assert found is not None
    return found


# ------------------------------------------------------------------ the estimate


def test_headers_are_counted_to_the_line() -> None:
    assert payload_factor() == pytest.approx(1500 / 1448)
    assert payload_factor(ipv6=True) == pytest.approx(1500 / 1428)
    assert payload_factor(timestamps=False) == pytest.approx(1500 / 1460)


@settings(max_examples=30)
@given(st.floats(0.5, 8.5), st.floats(2.5, 8.0))
def test_an_even_line_reads_as_it_is(mbps: float, seconds: float) -> None:
    found = reading(line(mbps, seconds))
    assert found.mbps == pytest.approx(mbps, rel=0.002)
    assert found.check_mbps == pytest.approx(mbps, rel=0.002)
    assert not found.at_least
    assert found.confidence is (Confidence.HIGH if found.seconds >= 3 else Confidence.LOW)


@settings(max_examples=30)
@given(st.floats(0.55, 2.0), st.floats(0.1, 0.6))
def test_a_gap_that_is_filled_later_changes_nothing(begin: float, length: float) -> None:
    """TCP holds back what arrived behind a lost packet, and delivers it at once: not more than the line carried."""
    found = reading(line(5.5, gaps=((begin, begin + length),)))
    assert found.mbps == pytest.approx(5.5, rel=0.03)


def test_many_gaps_change_little() -> None:
    found = reading(line(5.5, gaps=((0.8, 1.2), (1.9, 2.2), (3.0, 3.2), (4.1, 4.4))))
    assert found.mbps == pytest.approx(5.5, rel=0.03)


def test_slow_start_is_left_out() -> None:
    rate = 6e6 / 8 / FACTOR
    samples = [(at / 100, int(rate * max(at / 100 * 0.3, at / 100 - 0.3))) for at in range(451)]
    assert reading(samples).mbps == pytest.approx(6, rel=0.01)


def test_a_fast_line_reads_at_least_the_cap() -> None:
    found = reading(line(20))
    assert (found.mbps, found.at_least) == (CAP_MBPS, True)
    assert not reading(line(8.6)).at_least


def test_the_data_is_told() -> None:
    found = reading(line(6))
    assert found.received == line(6)[-1][1]
    assert found.seconds == pytest.approx(4.5)
    assert len(found.bins) in (89, 90)
    assert sum(found.bins) == pytest.approx(found.received, rel=0.02)


def test_own_traffic_takes_the_confidence() -> None:
    assert reading(line(6), own=0.5).confidence is Confidence.HIGH
    assert reading(line(6), own=0.51).confidence is Confidence.LOW


def test_a_line_that_sways_has_medium_confidence() -> None:
    chance = random.Random(3)
    total, samples = 0, []
    for number in range(10):
        total += int(chance.uniform(2e5, 6e5))
        samples.append(((number + 1) * 0.45, total))
    assert reading(samples).confidence is Confidence.MEDIUM


@pytest.mark.parametrize(
    "samples",
    [
        [],
        [(0.0, 100)],
        [(0.0, 100), (1.5, 100_000)],
        [(1.0, 0), (4.5, 0)],
        [(0.1, 1000), (4.5, 1000)],
    ],
)
def test_too_little_is_no_figure(samples: list[Sample]) -> None:
    """Above all not 0 Mbps: a test that failed says nothing about the line."""
    assert estimate(samples, factor=FACTOR) is None


@pytest.mark.parametrize(
    "samples",
    [[(1.0, 5), (0.5, 6)], [(1.0, 5), (2.0, 4)], [(-1.0, 5)], [(1.0, -5)], [(math.nan, 5)], [(math.inf, 5)]],
)
def test_samples_that_go_back_are_a_mistake(samples: list[Sample]) -> None:
    with pytest.raises(ValueError, match="samples"):
        estimate(samples, factor=FACTOR)


@given(st.lists(st.tuples(st.floats(0, 0.5), st.integers(0, 200_000)), max_size=60))
def test_any_curve_gives_a_sane_figure_or_none(steps: list[tuple[float, int]]) -> None:
    at, total, samples = 0.0, 0, []
    for seconds, count in steps:
        at, total = at + seconds, total + count
        samples.append((at, total))
    assume(at < 12)
    found = estimate(samples, factor=FACTOR)
    may_stop(samples, factor=FACTOR)
    if found is not None:
        assert 0 < found.mbps <= CAP_MBPS
        assert math.isfinite(found.check_mbps)


def test_a_test_stops_early_only_when_it_would_say_nothing_new() -> None:
    assert may_stop(line(20, 3.0), factor=FACTOR)
    assert not may_stop(line(20, 2.9), factor=FACTOR)
    assert not may_stop(line(8, 4.5), factor=FACTOR)
    assert not may_stop([], factor=FACTOR)


# ------------------------------------------------------------------ the verdict


def figure(mbps: float, confidence: Confidence = Confidence.HIGH) -> Estimate:
    return Estimate(mbps, mbps, confidence, False, 4.5, 1, ())


def run(down: float, up: float = 8.0, confidence: Confidence = Confidence.HIGH) -> Run:
    return Run(figure(down, confidence), figure(up, confidence))


def told(decision: Decision) -> tuple[Status, Wording, bool]:
    return decision.verdict.status, decision.wording, decision.again


@pytest.mark.parametrize(
    ("first", "second", "expected"),
    [
        (run(7.0), None, (Status.OK, Wording.ENOUGH, False)),
        (run(6.3), None, (Status.OK, Wording.ENOUGH, False)),
        (run(8.0, 6.29), None, (Status.WARNING, Wording.AT_LIMIT, False)),
        (run(5.7), None, (Status.WARNING, Wording.AT_LIMIT, False)),
        (run(5.69), None, (Status.WARNING, Wording.SLOW_ONCE, True)),
        (run(5.0), run(5.1), (Status.CRITICAL, Wording.SLOW_TWICE, False)),
        (run(8.0, 5.0), run(8.0, 5.0), (Status.CRITICAL, Wording.SLOW_TWICE, False)),
        (run(5.0), run(7.0), (Status.WARNING, Wording.VARIES, False)),
        (run(5.0, 8.0), run(8.0, 5.0), (Status.WARNING, Wording.VARIES, False)),
        (run(5.0, confidence=Confidence.LOW), None, (Status.UNKNOWN, Wording.DISTURBED, True)),
        (
            run(5.0, confidence=Confidence.LOW),
            run(5.0, confidence=Confidence.LOW),
            (Status.UNKNOWN, Wording.DISTURBED, False),
        ),
        (run(5.0, confidence=Confidence.LOW), run(7.0), (Status.OK, Wording.ENOUGH, False)),
        (run(5.0, confidence=Confidence.LOW), run(6.0), (Status.WARNING, Wording.AT_LIMIT, False)),
        (run(5.0, confidence=Confidence.LOW), run(5.0), (Status.WARNING, Wording.SLOW_ONCE, True)),
        (run(7.0, confidence=Confidence.LOW), None, (Status.OK, Wording.ENOUGH, False)),
        (Run(None, figure(8)), None, (Status.UNKNOWN, Wording.NOT_MEASURED, False)),
        (run(5.0), Run(figure(5), None), (Status.UNKNOWN, Wording.NOT_MEASURED, False)),
        (run(0.0001), None, (Status.UNKNOWN, Wording.NOT_MEASURED, False)),
    ],
)
def test_the_verdict(first: Run, second: Run | None, expected: tuple[Status, Wording, bool]) -> None:
    assert told(decide(first, second)) == expected


figures = st.builds(figure, st.floats(0.01, 9.0), st.sampled_from(Confidence))
runs = st.builds(Run, st.none() | figures, st.none() | figures)


@given(runs, st.none() | runs)
def test_no_verdict_is_harder_than_what_was_measured(first: Run, second: Run | None) -> None:
    verdict = decide(first, second).verdict
    if verdict.status is Status.CRITICAL:
        assert second is not None
        assert any(
            (one := each[way]) and one.mbps < 5.7 and one.confidence is not Confidence.LOW
            for each in (first, second)
            for way in Direction
        )
    if verdict.status is Status.OK:
        trusted = [each for each in (first, second) if each and each.worst >= 6.3]
        assert trusted


def test_the_line_is_as_good_as_its_slower_direction() -> None:
    assert run(7.0, 6.5).worst == 6.5
    assert Run(None, figure(7)).worst == 0.0
    assert not Run(None, None).is_slow(Direction.DOWN)
    assert not Run(None, None).is_doubtful(Direction.UP)
