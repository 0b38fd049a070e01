"""The audit chain played again: the office as it stood at each event, and the figures of the days asked for.

A day reaches from the closing of the day before to its own closing, so that what happened between two days (a
card that SIAK acknowledged at night) is in exactly one report.
"""

from __future__ import annotations

from array import array
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta, tzinfo

from ktpel_desktop.core.audit import Event
from ktpel_desktop.core.destruction import DESTROYED, OF_OLD_CARD, HeldBalance
from ktpel_desktop.core.errors import PolicyError
from ktpel_desktop.core.issuance import TERMINAL, JobState
from ktpel_desktop.core.request import ENDED, Interval, RequestState, StateChange, service_time
from ktpel_desktop.core.spoiled import DESTROYABLE, spoil_class
from ktpel_desktop.core.stock import BLANK, OUTGOING, BlankBalance, MovementKind, balance_of
from ktpel_desktop.services import outbox
from ktpel_desktop.services.handing_over import RESULT_WITHDRAWN
from ktpel_desktop.services.printer_diary import USES_RIBBON, CounterWatch
from ktpel_desktop.services.shifts import COUNTED, SUPPLIES

_REQUEST, _JOB, _STOCK, _SHIFT = "request.", "job.", "stock.", "shift-"
OPENED, _CLOSED = "shift.opened", "shift.closed"
READY = frozenset({RequestState.PRODUCED, RequestState.AT_COUNTER})
"""States of a request whose result lies in the office."""
_HANDED_OVER = "handover"
_CLAIMED, _WAIVED, _APPROVED = "claim.taken", "room.waived", "approval.given"


@dataclass(slots=True)
class File:
    """An open request as far as the figures need it."""

    service: str
    accepted_at: datetime
    state: RequestState
    history: list[StateChange]
    reasons: tuple[str, ...] = ()


@dataclass(slots=True)
class Day:
    """What is counted within one day; `before` is what the room held when it began.

    `claims` and `cards` are by username: files taken up, and issued cards by who began them; `made` are results by
    service and by who said that they are made. `used` is the service time in minutes of each result, by service;
    `opened_from` what the opening said of the day before. `given_up` are old cards of residents, `destroyed` cards
    with minutes, `invalid_before` those held for it when the day began; `items_came` and `items_went` are pieces of
    each consumable, a correction by its sign.
    """

    before: int = 0
    ready_before: int = 0
    began_after: int = 0
    printer: CounterWatch = field(default_factory=CounterWatch)
    items_before: Counter[str] = field(default_factory=Counter)
    items_came: Counter[str] = field(default_factory=Counter)
    items_went: Counter[str] = field(default_factory=Counter)
    opened_from: Mapping[str, object] = field(default_factory=dict)
    opened_at: datetime | None = None
    closed_at: datetime | None = None
    closed_by: str = ""
    counted: int | None = None
    supplies: dict[str, int] = field(default_factory=dict)
    accepted: Counter[str] = field(default_factory=Counter)
    produced: Counter[str] = field(default_factory=Counter)
    states: Counter[str] = field(default_factory=Counter)
    spoiled: Counter[str] = field(default_factory=Counter)
    withdrawn: Counter[str] = field(default_factory=Counter)
    moved: Counter[str] = field(default_factory=Counter)
    issued: int = 0
    minutes: array[float] = field(default_factory=lambda: array("d"))
    used: dict[str, array[float]] = field(default_factory=dict)
    outages: list[Interval] = field(default_factory=list)
    refused: Counter[str] = field(default_factory=Counter)
    taken_back: int = 0
    accepted_by_hour: Counter[int] = field(default_factory=Counter)
    produced_by_hour: Counter[int] = field(default_factory=Counter)
    claims: Counter[str] = field(default_factory=Counter)
    cards: Counter[str] = field(default_factory=Counter)
    made: Counter[tuple[str, str]] = field(default_factory=Counter)
    invalid_before: int = 0
    given_up: int = 0
    destroyed: int = 0
    waivers: Counter[str] = field(default_factory=Counter)
    approvals: Counter[str] = field(default_factory=Counter)

    @property
    def invalid(self) -> HeldBalance:
        """The invalid cards of the day; a lost one is held by nobody."""
        return HeldBalance(
            before=self.invalid_before,
            spoiled=sum(n for reason, n in self.spoiled.items() if spoil_class(reason) in DESTROYABLE),
            withdrawn=self.withdrawn.total() + self.given_up,
            destroyed=self.destroyed,
        )

    @property
    def outage(self) -> timedelta:
        """Time without SIAK while the day was open."""
        lasted = ((one.end or one.start) - one.start for one in self.outages)
        return sum(lasted, timedelta())


@dataclass(frozen=True, slots=True)
class ToldDay:
    """A day that was told to its end, and the balance of blanks then."""

    shift: int
    day: Day
    balance: BlankBalance


class Replay:
    """The office as the chain tells it, and the figures of the shifts `first` to `last` (`first` alone without it).

    `day` is the one that is being told; `done` are those closed before it. Hours are counted in `zone`.
    """

    def __init__(self, first: int, last: int | None = None, zone: tzinfo = UTC) -> None:
        self._first, self._last, self._zone = first, first if last is None else last, zone
        self._begun_by: dict[str, str] = {}
        self.done: list[ToldDay] = []
        self.files: dict[str, File] = {}
        self.held = 0
        self.left = 0
        self.items = Counter[str]()
        self.seq = 0
        self.offline_since: datetime | None = None
        self._outages: list[Interval] = []
        self.day = Day()
        self.ended = False

    def take(self, event: Event) -> None:
        """One more event. Kinds that no figure needs pass by."""
        self.seq = event.seq
        if event.kind.startswith(_REQUEST):
            self._request(event, event.kind.removeprefix(_REQUEST))
        elif event.kind.startswith(_JOB):
            self.day.printer.take(event)
            self._job(event, JobState(event.kind.removeprefix(_JOB)))
        elif event.kind.startswith(_STOCK):
            self._stock(event, MovementKind(event.kind.removeprefix(_STOCK)))
        elif event.kind in (OPENED, COUNTED, _CLOSED):
            self._shift_event(event)
        elif event.kind in (outbox.OFFLINE, outbox.ONLINE):
            self._line(event)
        elif event.kind == RESULT_WITHDRAWN and "job" in event.data:
            self.day.withdrawn[str(event.data["reason"])] += 1
        elif event.kind == _HANDED_OVER:
            self.day.given_up += sum(code in OF_OLD_CARD for code in _listed(event.data["withdrawn"]))
        elif event.kind == DESTROYED:
            self.day.destroyed += len(_listed(event.data["cards"]))
        elif event.kind in USES_RIBBON:
            self.day.printer.take(event)
        elif event.kind == _CLAIMED:
            self.day.claims[event.actor] += 1
        elif event.kind == _WAIVED:
            self.day.waivers[str(event.data["item"])] += 1
        elif event.kind == _APPROVED:
            self.day.approvals[str(event.data["action"])] += 1

    def end(self, now: datetime) -> datetime:
        """Moment up to which the day is told, with an outage that still lasts counted in."""
        until = self.day.closed_at or now
        self._add_outage(until)
        return until

    def _request(self, event: Event, word: str) -> None:
        if word not in set(RequestState):
            return  # documents added to a file
        state = RequestState(word)
        if "from" not in event.data:
            service = str(event.data["service"])
            self.files[event.subject] = File(service, event.at, state, [StateChange(state, event.at)])
            self.day.accepted[service] += 1
            self.day.accepted_by_hour[self._hour(event)] += 1
            return
        known = self.files[event.subject]
        came_from, known.state, known.reasons = known.state, state, _listed(event.data.get("reasons"))
        known.history.append(StateChange(state, event.at))
        self.day.states[state] += 1
        if state is RequestState.REJECTED:
            self.day.refused.update(known.reasons)
        if state is RequestState.CANCELLED and came_from is RequestState.AT_COUNTER:
            self.day.taken_back += 1
        if state is RequestState.PRODUCED:
            self.day.produced[known.service] += 1
            self.day.made[known.service, event.actor] += 1
            self.day.produced_by_hour[self._hour(event)] += 1
            self.day.minutes.append((event.at - known.accepted_at).total_seconds() / 60)
            used = self.used(known, event.at).total_seconds() / 60
            self.day.used.setdefault(known.service, array("d")).append(used)
        if state in ENDED:
            del self.files[event.subject]

    def _job(self, event: Event, state: JobState) -> None:
        if state is JobState.RESERVED and "from" not in event.data:
            self.left, self.held = self.left - 1, self.held + 1
            self._begun_by[str(event.data["job"])] = event.actor
        if state not in TERMINAL:
            return
        self.held -= 1
        begun_by = self._begun_by.pop(str(event.data["job"]))
        if state is JobState.CANCELLED:
            self.left += 1
        elif state is JobState.ISSUED:
            self.day.issued += 1
            self.day.cards[begun_by] += 1
        else:
            self.day.spoiled[str(event.data["reason"])] += 1

    def _hour(self, event: Event) -> int:
        return event.at.astimezone(self._zone).hour

    def _stock(self, event: Event, kind: MovementKind) -> None:
        quantity = int(str(event.data["quantity"]))
        change = -quantity if kind in OUTGOING else quantity
        if event.subject == BLANK:
            self.left += change
            self.day.moved[kind] += quantity
            return
        self.items[event.subject] += change
        (self.day.items_came if change > 0 else self.day.items_went)[event.subject] += abs(change)

    def _shift_event(self, event: Event) -> None:
        day, shift = self.day, int(event.subject.removeprefix(_SHIFT))
        if event.kind == OPENED:
            day.opened_at, day.opened_from = event.at, event.data
        elif event.kind == COUNTED:
            day.counted = int(str(event.data["first"]))
            day.supplies = {name: int(str(event.data[name])) for name in SUPPLIES if name in event.data}
        else:
            day.closed_at, day.closed_by = event.at, event.actor
            self.ended = shift == self._last
            if not self.ended:
                self._next_day(shift, event.at)

    def _next_day(self, shift: int, at: datetime) -> None:
        if shift >= self._first:
            self.done.append(self.told(shift, at))
        self.day = Day(
            before=self.left + self.held,
            items_before=self.items.copy(),
            ready_before=self.ready,
            began_after=self.seq,
            invalid_before=self.day.invalid.held,
        )

    def told(self, shift: int, now: datetime) -> ToldDay:
        """The running day as it stands, with an outage that still lasts counted in."""
        self.end(now)
        return ToldDay(shift, self.day, self.balance())

    def _line(self, event: Event) -> None:
        if event.kind == outbox.OFFLINE:
            self.offline_since = event.at
        elif self.offline_since is not None:
            self._add_outage(event.at)
            self._outages.append(Interval(self.offline_since, event.at))
            self.offline_since = None

    def _add_outage(self, until: datetime) -> None:
        """Only what falls into the opened day: a night without SIAK kept nobody waiting."""
        if self.offline_since is not None and self.day.opened_at is not None:
            begun = max(self.offline_since, self.day.opened_at)
            if until > begun:
                self.day.outages.append(Interval(begun, until))

    def used(self, known: File, now: datetime) -> timedelta:
        """Service time that the file has taken so far."""
        since = bisect_left(self._outages, known.accepted_at, key=lambda one: one.end or now)
        stops = self._outages[since:]
        if self.offline_since is not None:
            stops.append(Interval(self.offline_since, None))
        return service_time(known.history, stops, now)

    @property
    def ready(self) -> int:
        """Results that were made and not yet collected."""
        return sum(known.state in READY for known in self.files.values())

    def balance(self) -> BlankBalance:
        """Of the day. The opening holds the cards that were still in work when the day began."""
        day = self.day
        return replace(
            balance_of(day.moved, {}),
            opening=day.before + day.moved[MovementKind.OPENING],
            issued=day.issued,
            spoiled=day.spoiled.total(),
            open=self.held,
        )


def _listed(reasons: object) -> tuple[str, ...]:
    return tuple(map(str, reasons)) if isinstance(reasons, list) else ()


def watched(events: Iterable[Event], replay: Replay) -> Iterator[Event]:
    """The events up to the last day's closing, each shown to the replay on its way.

    Raises PolicyError "report.chain_unreadable" at an event that cannot be the program's own.
    """
    for event in events:
        try:
            replay.take(event)
        except (KeyError, ValueError):
            raise PolicyError("report.chain_unreadable", event=event.seq) from None
        yield event
        if replay.ended:
            return


def median_of(minutes: Sequence[float]) -> int | None:
    """The median in whole minutes, None of nothing."""
    from statistics import median  # noqa: PLC0415 - it loads fractions and decimals, and every start loads this file

    return round(median(minutes)) if minutes else None
