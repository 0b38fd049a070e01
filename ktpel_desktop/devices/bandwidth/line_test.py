"""The line test of room.md 3.6: own traffic and idle delay, download, upload, and one figure with its confidence.

About ten seconds and at most 9 MB. A slow run is followed by a second one half a minute later before anybody may call
the line too slow. The figure is of the line to the target: without a server of the Dinas it says "internet" only.
"""

from __future__ import annotations

import statistics
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from ktpel_desktop.core.errors import DeviceError, Effect
from ktpel_desktop.core.line_rate import (
    BUSY_MBPS,
    CAP_MBPS,
    SECOND_RUN_AFTER_S,
    Confidence,
    Decision,
    Estimate,
    Run,
    decide,
    estimate,
    payload_factor,
)
from ktpel_desktop.core.ports import Answer, Health, Reading
from ktpel_desktop.core.room_limits import Status
from ktpel_desktop.devices.bandwidth.client import Talk, Target, open_talk
from ktpel_desktop.devices.bandwidth.own_traffic import Card, card_of, mbps
from ktpel_desktop.devices.bandwidth.transfer import Transfer, download, upload

_TRUST = {Confidence.HIGH: "tinggi", Confidence.MEDIUM: "sedang", Confidence.LOW: "rendah"}
"""Highest first; as it is told in the evidence."""
_OWN_OVERHEAD = 1514 / 1500
_TEST_NOISE_MBPS = 0.2


@dataclass(frozen=True, slots=True)
class Plan:
    """Durations in seconds. `patience` is how often own traffic is waited for, an idle phase each time."""

    idle_pings: int = 20
    idle_gap: float = 0.05
    down: float = 4.5
    up: float = 3.5
    streams: int = 4
    ping_gap: float = 0.1
    patience: int = 3


@dataclass(frozen=True, slots=True)
class Spread:
    """Delays in milliseconds."""

    least: float
    median: float
    p95: float


@dataclass(frozen=True, slots=True)
class LineTest:
    """One whole test. Rates at IP level; bytes and seconds are what the test itself took.

    `own_mbps` is what this computer moved beside the test, before it or during it; None where its card does not count.
    """

    target: Target
    run: Run
    idle: Spread | None
    loaded_down_ms: float | None
    loaded_up_ms: float | None
    own_mbps: float | None
    card: Card | None
    moved: int
    seconds: float

    @property
    def down_mbps(self) -> float:
        return self.run.down.mbps if self.run.down else 0.0

    @property
    def up_mbps(self) -> float:
        return self.run.up.mbps if self.run.up else 0.0

    @property
    def mbps(self) -> float:
        """The slower direction: the line is as good as that."""
        return self.run.worst

    @property
    def at_least(self) -> bool:
        """Whether both directions filled the test's cap, so that the line may carry more."""
        return all(figure is not None and figure.at_least for figure in (self.run.down, self.run.up))

    @property
    def confidence(self) -> Confidence:
        """The lower of the two directions'."""
        labels = [figure.confidence if figure else Confidence.LOW for figure in (self.run.down, self.run.up)]
        return max(labels, key=list(_TRUST).index)

    @property
    def evidence(self) -> str:
        """Everything a minutes' reader needs to judge the figure, as plain words and numbers."""
        told = [
            f"turun={self._told(self.run.down)}",
            f"naik={self._told(self.run.up)}",
            f"jeda={self.idle.median:.1f} ms" if self.idle else "jeda=?",
            f"jeda_penuh={_ms(self.loaded_down_ms)}/{_ms(self.loaded_up_ms)}",
            "lalu_lintas_sendiri=" + ("?" if self.own_mbps is None else f"{self.own_mbps:.2f} Mbps"),
            f"data={self.moved / 1e6:.1f} MB/{self.seconds:.1f} s",
            f"tujuan={self.target} ({self.target.scope})",
            f"kartu={self.card.name} {self.card.medium}".rstrip() if self.card else "kartu=?",
        ]
        return "; ".join(told)

    @staticmethod
    def _told(figure: Estimate | None) -> str:
        if figure is None:
            return "?"
        trust = _TRUST[figure.confidence]
        return f"{'≥ ' if figure.at_least else ''}{figure.mbps:.2f} Mbps (keyakinan {trust})"


@dataclass(frozen=True, slots=True)
class LineVerdict:
    """One or two tests, and what may be said of the line after them."""

    first: LineTest
    second: LineTest | None
    decision: Decision

    @property
    def last(self) -> LineTest:
        return self.second or self.first

    @property
    def mbps(self) -> float:
        """The slower direction, each by its better run: below the floor only where `decision` may say so."""
        tests = [test for test in (self.first, self.second) if test is not None]
        return min(max(test.down_mbps for test in tests), max(test.up_mbps for test in tests))


class LineSensor:
    """The line as an instrument (core.ports.Sensor). Targets are tried in their order; `pause` waits."""

    def __init__(
        self,
        targets: Sequence[Target],
        *,
        plan: Plan | None = None,
        second_run_after: float = SECOND_RUN_AFTER_S,
        pause: Callable[[float], None] = time.sleep,
    ) -> None:
        self._targets = tuple(targets)
        self._plan = plan or Plan()
        self._second_run_after = second_run_after
        self._pause = pause

    def health(self) -> Health:
        """Unknown until it is measured: asking a server may take longer than a second."""
        if not self._targets:
            return Health(Answer.NO, ("line.no_target",))
        return Health(Answer.UNKNOWN)

    def read(self) -> Reading:
        """The line's rate in Mbps, so that whoever sees only the value judges no harder than `measure` does.

        Raises DeviceError "line.disturbed" where a low figure must not be used, and as `run` does.
        """
        found = self.measure()
        if found.decision.verdict.status is Status.UNKNOWN or found.decision.again:
            raise DeviceError("line.disturbed", Effect.NONE, target=str(found.last.target))
        evidence = [found.decision.wording.value, found.first.evidence]
        if found.second is not None:
            evidence.append(f"ulangan: {found.second.evidence}")
        return Reading(found.mbps, "Mbps", f"line:{found.last.target}", " | ".join(evidence))

    def measure(self) -> LineVerdict:
        """A test, and a second one after a pause where the first alone must not decide. Raises as `run` does."""
        first = self.run()
        decision = decide(first.run)
        if not decision.again:
            return LineVerdict(first, None, decision)
        self._pause(self._second_run_after)
        second = self.run()
        return LineVerdict(first, second, decide(first.run, second.run))

    def run(self) -> LineTest:
        """One test. Raises DeviceError "line.no_target", "line.server_unreachable", "line.server_busy",
        "line.server_version", "line.server_silent", "line.not_our_server", "line.cut", "line.stalled",
        "line.altered", "line.counts_wrong", "line.too_little".
        """
        plan, began = self._plan, time.monotonic()
        talk = open_talk(self._targets)
        try:
            card = card_of(str(talk.sock.getsockname()[0]))
            before, idle = self._idle(talk, card)
            factor = payload_factor(ipv6=talk.ipv6, timestamps=sys.platform != "win32")
            down, own_down = _beside(
                card,
                lambda: download(
                    talk, seconds=plan.down, streams=plan.streams, factor=factor, ping_gap=plan.ping_gap
                ),
                factor,
            )
            up, own_up = _beside(
                card,
                lambda: upload(
                    talk, seconds=plan.up, streams=plan.streams, factor=factor, ping_gap=plan.ping_gap
                ),
                factor,
            )
        finally:
            talk.close()
        run = Run(
            estimate(down.samples, factor=factor, own_traffic_mbps=max(before or 0.0, own_down or 0.0)),
            estimate(up.samples, factor=factor, own_traffic_mbps=max(before or 0.0, own_up or 0.0)),
        )
        if run.down is None or run.up is None:
            raise DeviceError("line.too_little", Effect.NONE, target=str(talk.target))
        known = [one for one in (before, own_down, own_up) if one is not None]
        return LineTest(
            target=talk.target,
            run=run,
            idle=idle,
            loaded_down_ms=_median_ms(down.delays),
            loaded_up_ms=_median_ms(up.delays),
            own_mbps=max(known) if known else None,
            card=card,
            moved=down.moved + up.moved,
            seconds=time.monotonic() - began,
        )

    def _idle(self, talk: Talk, card: Card | None) -> tuple[float | None, Spread | None]:
        """Own traffic and idle delay in the same second; again, a few times, while this computer is busy itself."""
        plan = self._plan
        own: float | None = None
        began = time.monotonic()
        for _ in range(max(1, plan.patience)):
            began, before = time.monotonic(), card.counters() if card else None
            for _ in range(plan.idle_pings):
                talk.ping()
                talk.listen(plan.idle_gap)
            talk.settle(1.0)
            own = mbps(before, card.counters() if card else None)
            if own is None or own <= BUSY_MBPS:
                break
        delays = sorted(1000 * took for took in talk.delays_since(began)) if plan.idle_pings else []
        if not delays:
            return own, None
        p95 = delays[min(len(delays) - 1, int(0.95 * len(delays)))]
        return own, Spread(delays[0], statistics.median(delays), p95)


def _beside(card: Card | None, act: Callable[[], Transfer], factor: float) -> tuple[Transfer, float | None]:
    """A transfer, and what the card moved beside it in Mbps.

    What is sent again after a loss, and acknowledgements, are the test's own; they are allowed for generously, for
    only a real second user of this computer is meant. Beside a test that fills its cap nobody was in the way (and
    what waits unread in this computer would look like somebody else's).
    """
    before = card.counters() if card else None
    done = act()
    whole = mbps(before, card.counters() if card else None)
    if whole is None:
        return done, None
    ours = done.moved * 8 * factor * _OWN_OVERHEAD / done.seconds / 1e6
    if ours >= 0.9 * CAP_MBPS:
        return done, 0.0
    return done, max(0.0, whole - ours * 1.1 - _TEST_NOISE_MBPS)


def _median_ms(delays: Sequence[float]) -> float | None:
    return 1000 * statistics.median(delays) if delays else None


def _ms(value: float | None) -> str:
    return "?" if value is None else f"{value:.0f} ms"
