"""What a line carries, from counted bytes: the estimator and the verdict of room.md 3.6, without any socket.

Instruksi Gubernur DKI 78/2016, KEDUA huruf c angka 1, asks for at least 6 Mbps. A test counts bytes that arrived, at
most `CAP_MBPS` of them. High percentiles are no estimate: they pass a 5 Mbps line as 6 in half of the runs (room.md
3.4). The least-squares slope of room.md 3.6 is not good enough on lines with a small delay: TCP holds back what arrived
behind a lost packet, and a slope that begins in such a gap takes its refill for speed. What is held back can only
make the curve of cumulative bytes lower, never higher, so the rate is the slope of its upper edge (`_Line.edge`). On
lines shaped to 4.5 to 7 Mbps with buffers of 40 to 200 ms none of 138 readings by the edge was off by more than 2.6 %
(0.3 % in the mean); by least squares, of the same data, 19 were off by more than 5 %. The edge was chosen on 456
earlier readings (0 to 300 ms of delay, loss up to 1 %) and checked on these. A line that loses packets reads low, up
to 6.5 % with 1 % lost.

One slow run is never a failed line: only a second one makes it so. Words for `Wording` stand in resources/teks/galat.
"""

from __future__ import annotations

import math
import statistics
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import pairwise

from ktpel_desktop.core.room_limits import Status, Verdict, judge_bandwidth

Sample = tuple[float, int]
"""Seconds since the first byte, bytes that had arrived by then."""

FLOOR_MBPS = 6.0
CAP_MBPS = 1.5 * FLOOR_MBPS
"""IP-level rate that a test never exceeds: faster lines read "at least", and the data stays small."""

DISCARD_S = 0.5
"""Slow start, not counted."""
CHECK_FROM_S = 1.5
"""The mean that the slope is held against begins here."""
ENOUGH_S = 3.0
"""A shorter test has low confidence, and no test of a fast line goes on longer."""
STEADY = 0.05
"""Moving averages that spread no more than this are stable (draft-ietf-ippm-responsiveness, SDT)."""
BUSY_MBPS = 0.3
"""Own traffic that is named before a test."""
DISTURBING_MBPS = 0.5
"""Own traffic beside a test that makes its confidence low."""
SECOND_RUN_AFTER_S = 30.0

FILLS_CAP = 0.97
"""Share of the cap from which a figure means "at least"."""

_BIN_S = 0.05
_GRID_S = 0.1
_POINTS = 40
_APART = 5
_ABOVE, _BELOW = 0.9, 0.1


class Confidence(StrEnum):
    """How far a figure may be trusted; told with the figure, always."""

    LOW = "low"
    MEDIUM = "medium"
    HIGH = "high"


class Direction(StrEnum):
    """Seen from the room."""

    DOWN = "down"
    UP = "up"


class Wording(StrEnum):
    """What may be said of a line after its test, and no more."""

    ENOUGH = "line.enough"
    AT_LIMIT = "line.at_limit"
    SLOW_ONCE = "line.slow_once"
    SLOW_TWICE = "line.slow_twice"
    VARIES = "line.varies"
    DISTURBED = "line.disturbed"
    NOT_MEASURED = "line.not_measured"


@dataclass(frozen=True, slots=True)
class Estimate:
    """Rate of one direction in Mbps (10^6 bit/s) at IP level. `at_least` says that the line may carry more.

    `check_mbps` is the plain mean after the slow start; `bins` are bytes per 50 ms from the first byte on.
    """

    mbps: float
    check_mbps: float
    confidence: Confidence
    at_least: bool
    seconds: float
    received: int
    bins: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Run:
    """Both directions of one test; None where a direction gave no figure."""

    down: Estimate | None
    up: Estimate | None

    def __getitem__(self, direction: Direction) -> Estimate | None:
        return self.down if direction is Direction.DOWN else self.up

    @property
    def worst(self) -> float:
        """The slower direction in Mbps, 0 where a direction gave no figure: the line is as good as that."""
        return min(figure.mbps if figure else 0.0 for figure in (self.down, self.up))

    def is_slow(self, direction: Direction) -> bool:
        """Whether a figure is below the floor by more than the measuring error."""
        figure = self[direction]
        return figure is not None and judge_bandwidth(figure.mbps).status is Status.CRITICAL

    def is_doubtful(self, direction: Direction) -> bool:
        figure = self[direction]
        return figure is not None and figure.confidence is Confidence.LOW


@dataclass(frozen=True, slots=True)
class Decision:
    """The verdict on a line with the words that go with it; `again` asks for a second run before anything hard."""

    verdict: Verdict
    wording: Wording
    again: bool = False


def payload_factor(*, ipv6: bool = False, timestamps: bool = True) -> float:
    """IP-level bytes per counted byte in full packets of 1500: 40 or 60 bytes of headers, 12 of TCP timestamps."""
    return 1500 / (1500 - (60 if ipv6 else 40) - (12 if timestamps else 0))


def estimate(samples: Sequence[Sample], *, factor: float, own_traffic_mbps: float = 0.0) -> Estimate | None:
    """The rate of one direction; None where too little arrived for any figure.

    Samples out of order, or bytes that go back, are a caller's mistake: ValueError.
    """
    line = _Line.of(samples)
    if line is None:
        return None
    rate = _mbps(line.edge(DISCARD_S), factor)
    check = _mbps(line.mean(CHECK_FROM_S, line.end), factor)
    if rate <= 0 or check <= 0:
        return None  # nothing after the slow start: the test failed, the line is not slow
    at_least = rate >= FILLS_CAP * CAP_MBPS
    return Estimate(
        mbps=min(rate, CAP_MBPS),
        check_mbps=check,
        confidence=_confidence(line, rate / check, own_traffic_mbps),
        at_least=at_least,
        seconds=line.end,
        received=line.totals[-1],
        bins=line.bins(),
    )


def may_stop(samples: Sequence[Sample], *, factor: float) -> bool:
    """Whether more data would say nothing new: the line fills the cap, steadily, for long enough.

    The mean from the first byte on must be near it too, for a slower line's filled gaps look fast for a second.
    """
    line = _Line.of(samples)
    if line is None or line.end < ENOUGH_S:
        return False
    late, whole = (_mbps(line.mean(begin, line.end), factor) for begin in (CHECK_FROM_S, 0.0))
    return late >= FILLS_CAP * CAP_MBPS and whole >= 0.9 * CAP_MBPS


def decide(first: Run, second: Run | None = None) -> Decision:
    """The verdict of room.md 3.6 step 6 on one run, or on two where the first asked for it (`again`).

    A direction is CRITICAL only when it was slow in both runs. A run with a slow figure of low confidence (own
    traffic, a test cut short) says as little about the line as none, and is set aside.
    """
    runs = [first] if second is None else [first, second]
    if any(run[direction] is None for run in runs for direction in Direction):
        return Decision(judge_bandwidth(0.0), Wording.NOT_MEASURED)
    trusted = [run for run in runs if not any(run.is_slow(one) and run.is_doubtful(one) for one in Direction)]
    if not trusted:
        return Decision(judge_bandwidth(0.0), Wording.DISTURBED, again=second is None)
    slow = [{direction for direction in Direction if run.is_slow(direction)} for run in trusted]
    if not any(slow):
        worst = judge_bandwidth(min(run.worst for run in trusted))
        return Decision(worst, _WORDING.get(worst.status, Wording.NOT_MEASURED))
    if len(trusted) == 2 and slow[0] & slow[1]:
        return Decision(Verdict(Status.CRITICAL, "bandwidth.slow"), Wording.SLOW_TWICE)
    undecided = Verdict(Status.WARNING, "bandwidth.at_limit")
    if len(trusted) == 2:
        return Decision(undecided, Wording.VARIES)
    return Decision(undecided, Wording.SLOW_ONCE, again=True)


_WORDING = {Status.OK: Wording.ENOUGH, Status.WARNING: Wording.AT_LIMIT}


def _mbps(bytes_per_second: float, factor: float) -> float:
    return bytes_per_second * 8 * factor / 1e6


def _confidence(line: _Line, agreement: float, own_traffic_mbps: float) -> Confidence:
    """The label of room.md 3.6 step 4, after the draft on responsiveness under working conditions."""
    if line.end < ENOUGH_S or own_traffic_mbps > DISTURBING_MBPS:
        return Confidence.LOW
    averages = [line.mean(end - 1.0, end) for end in (line.end - 0.5 * back for back in range(4))]
    steady = (
        statistics.pstdev(averages) <= STEADY * statistics.fmean(averages) and abs(agreement - 1) <= STEADY
    )
    return Confidence.HIGH if steady else Confidence.MEDIUM


@dataclass(frozen=True, slots=True)
class _Line:
    """Samples with a total at any moment, straight between two of them."""

    times: Sequence[float]
    totals: Sequence[int]

    @classmethod
    def of(cls, samples: Sequence[Sample]) -> _Line | None:
        """None where the samples end too early for a slope."""
        times = [0.0, *(at for at, _ in samples)]
        totals = [0, *(total for _, total in samples)]
        for numbers in (times, totals):
            if not all(one <= other for one, other in pairwise(numbers)):
                raise ValueError("samples must not go back in time or in bytes")
        if not math.isfinite(times[-1]):
            raise ValueError("samples must end")
        if times[-1] < CHECK_FROM_S + _GRID_S or totals[-1] == 0:
            return None
        return cls(times, totals)

    @property
    def end(self) -> float:
        return self.times[-1]

    def total(self, at: float) -> float:
        """Bytes that had arrived at a moment within the test."""
        after = bisect_left(self.times, min(at, self.end))
        if after == 0:
            return float(self.totals[0])
        early, late = self.times[after - 1], self.times[after]
        share = min(1.0, (at - early) / (late - early))
        return self.totals[after - 1] + share * (self.totals[after] - self.totals[after - 1])

    def mean(self, begin: float, end: float) -> float:
        """Bytes per second between two moments."""
        return (self.total(end) - self.total(begin)) / (end - begin)

    def edge(self, begin: float) -> float:
        """Bytes per second of the upper edge from a moment on: the 0.9 quantile regression line of the total on time.

        Such a line goes through two of the points (`_APART` of them apart at least), so all pairs are tried.
        """
        step = max(_GRID_S, (self.end - begin) / _POINTS)
        times = [begin + number * step for number in range(int((self.end - begin) / step) + 1)]
        points = [(at, self.total(at)) for at in times]
        best, least = 0.0, math.inf
        for place, (early, low) in enumerate(points):
            for late, high in points[place + _APART :]:
                slope = (high - low) / (late - early)
                loss = sum(
                    off * (_ABOVE if off > 0 else -_BELOW)
                    for off in (total - low - slope * (at - early) for at, total in points)
                )
                if loss < least:
                    best, least = slope, loss
        return best

    def bins(self) -> tuple[int, ...]:
        """Bytes per 50 ms, whole bins only."""
        edges = [round(self.total(number * _BIN_S)) for number in range(int(self.end / _BIN_S) + 1)]
        return tuple(late - early for early, late in pairwise(edges))
