"""How long the line was up, from a probe each minute: shares and outages of the last 24 hours and 30 days.

Instruksi Gubernur DKI 78/2016, KEDUA huruf c angka 2: network 24 hours, 7 days. Time that nobody watched (computer
off, program closed) is counted neither as up nor as down, but told beside the figure (room.md 3.7).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

PROBE_EVERY = timedelta(minutes=1)
LONGEST_STRIDE = timedelta(seconds=150)
"""A state holds until the next probe, but no longer than this: afterwards nobody knows."""
DAY = timedelta(hours=24)
MONTH = timedelta(days=30)
LONGEST_GAP = timedelta(minutes=10)
"""One outage longer than this is told, however good the share (room.md 4.2)."""
LEAST_WATCHED = timedelta(hours=1)
"""Below this no percentage is told."""


class Place(StrEnum):
    """What a probe knocks at, from the near to the far."""

    GATEWAY = "gateway"
    DATA_CENTRE = "data_centre"
    OUTSIDE = "outside"
    NAME = "name"


class LineState(StrEnum):
    """What the answers of one minute say together."""

    UP = "up"
    LAN_DOWN = "lan_down"
    LINE_DOWN = "line_down"
    DATA_CENTRE_DOWN = "data_centre_down"
    DNS_DOWN = "dns_down"
    UNKNOWN = "unknown"


OUT = frozenset({LineState.LAN_DOWN, LineState.LINE_DOWN})
"""States in which the line itself is out. A data centre that is down is not the line's fault."""


@dataclass(frozen=True, slots=True)
class Moment:
    """The state of the line at one probe."""

    at: datetime
    state: LineState


@dataclass(frozen=True, slots=True)
class Outage:
    """A stretch in which the line was out. `ended` says that the very next probe found it up again."""

    begin: datetime
    end: datetime
    ended: bool

    @property
    def length(self) -> timedelta:
        return self.end - self.begin


@dataclass(frozen=True, slots=True)
class Availability:
    """`percent` of the watched time in which the line was up; None where too little of the window was watched."""

    percent: float | None
    watched: timedelta
    window: timedelta
    down: timedelta
    outages: tuple[Outage, ...]

    @property
    def longest(self) -> timedelta:
        return max((outage.length for outage in self.outages), default=timedelta())

    @property
    def watched_percent(self) -> float:
        """Share of the window that was watched at all."""
        return 100 * (self.watched / self.window)


def line_state(answers: dict[Place, bool]) -> LineState:
    """The state by which knocks were answered; a place that nobody asked is no evidence.

    Whatever answers beyond the gateway proves gateway and line, for many routers do not answer a knock at all.
    """
    beyond = {place: up for place, up in answers.items() if place in (Place.DATA_CENTRE, Place.OUTSIDE)}
    name = answers.get(Place.NAME)
    if not any(beyond.values()) and not name:
        if answers.get(Place.GATEWAY) is False:
            return LineState.LAN_DOWN
        return LineState.LINE_DOWN if beyond or name is False else LineState.UNKNOWN
    if beyond.get(Place.DATA_CENTRE) is False:
        return LineState.DATA_CENTRE_DOWN
    return LineState.DNS_DOWN if name is False else LineState.UP


def availability(moments: Iterable[Moment], now: datetime, window: timedelta = DAY) -> Availability:
    """Up and down time in the window that ends now. Probes in any order; those after now are left out."""
    up = down = timedelta()
    outages: list[Outage] = []
    for begin, end, state in _stretches(moments, now - window, now):
        last = outages[-1] if outages else None
        goes_on = last is not None and last.end == begin and not last.ended
        if state in OUT:
            down += end - begin
            if last is not None and goes_on:
                outages[-1] = Outage(last.begin, end, ended=False)
            else:
                outages.append(Outage(begin, end, ended=False))
        else:
            up += end - begin
            if last is not None and goes_on:
                outages[-1] = Outage(last.begin, last.end, ended=True)
    watched = up + down
    percent = 100 * (up / watched) if watched >= LEAST_WATCHED else None
    return Availability(percent, watched, window, down, tuple(outages))


def _stretches(
    moments: Iterable[Moment], begin: datetime, now: datetime
) -> Iterator[tuple[datetime, datetime, LineState]]:
    """Watched time within the window: each state from its probe to the next, or as long as it may stand."""
    watched = sorted((moment for moment in moments if moment.at <= now), key=lambda moment: moment.at)
    ends = [moment.at for moment in watched[1:]] + [now]
    for moment, next_at in zip(watched, ends, strict=False):
        early, late = max(moment.at, begin), min(next_at, moment.at + LONGEST_STRIDE)
        if early < late and moment.state is not LineState.UNKNOWN:
            yield early, late, moment.state
