"""The audit chain played again: the office as it stood at each event, and the figures of the one day asked for.

A day reaches from the closing of the day before to its own closing, so that what happened between two days (a
card that SIAK acknowledged at night) is in exactly one report.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from ktpel_desktop.core.audit import Event
from ktpel_desktop.core.errors import PolicyError
from ktpel_desktop.core.issuance import TERMINAL, JobState
from ktpel_desktop.core.request import ENDED, RequestState
from ktpel_desktop.core.stock import BlankBalance, MovementKind
from ktpel_desktop.services import outbox
from ktpel_desktop.services.handing_over import RESULT_WITHDRAWN
from ktpel_desktop.services.shifts import COUNTED, SUPPLIES

_REQUEST, _JOB, _STOCK = "request.", "job.", "stock."
_OPENED, _CLOSED = "shift.opened", "shift.closed"


@dataclass(slots=True)
class File:
    """An open request as far as the figures need it."""

    service: str
    accepted_at: datetime
    state: RequestState


@dataclass(slots=True)
class Day:
    """What is counted within one day; `before` is what the room held when it began."""

    before: int = 0
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
    minutes: list[float] = field(default_factory=list)
    outage: timedelta = timedelta()


class Replay:
    """The office as the chain tells it, and the figures of the one day that is asked for."""

    def __init__(self, shift_id: int) -> None:
        self._shift, self._before = f"shift-{shift_id}", f"shift-{shift_id - 1}"
        self.files: dict[str, File] = {}
        self.held = 0
        self.left = 0
        self.offline_since: datetime | None = None
        self.day = Day()
        self.ended = False

    def take(self, event: Event) -> None:
        """One more event. Kinds that no figure needs pass by."""
        if event.kind.startswith(_REQUEST):
            self._request(event, event.kind.removeprefix(_REQUEST))
        elif event.kind.startswith(_JOB):
            self._job(event, JobState(event.kind.removeprefix(_JOB)))
        elif event.kind.startswith(_STOCK):
            self._stock(event, MovementKind(event.kind.removeprefix(_STOCK)))
        elif event.subject in (self._shift, self._before):
            self._shift_event(event)
        elif event.kind in (outbox.OFFLINE, outbox.ONLINE):
            self._line(event)
        elif event.kind == RESULT_WITHDRAWN and "job" in event.data:
            self.day.withdrawn[str(event.data["reason"])] += 1

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
            self.files[event.subject] = File(service, event.at, state)
            self.day.accepted[service] += 1
            return
        known = self.files[event.subject]
        known.state = state
        self.day.states[state] += 1
        if state is RequestState.PRODUCED:
            self.day.produced[known.service] += 1
            self.day.minutes.append((event.at - known.accepted_at).total_seconds() / 60)
        if state in ENDED:
            del self.files[event.subject]

    def _job(self, event: Event, state: JobState) -> None:
        if state is JobState.RESERVED and "from" not in event.data:
            self.left, self.held = self.left - 1, self.held + 1
        if state not in TERMINAL:
            return
        self.held -= 1
        if state is JobState.CANCELLED:
            self.left += 1
        elif state is JobState.ISSUED:
            self.day.issued += 1
        else:
            self.day.spoiled[str(event.data["reason"])] += 1

    def _stock(self, event: Event, kind: MovementKind) -> None:
        quantity = int(str(event.data["quantity"]))
        self.left += -quantity if kind is MovementKind.RETURNED else quantity
        self.day.moved[kind] += quantity

    def _shift_event(self, event: Event) -> None:
        day = self.day
        if event.subject == self._before:
            if event.kind == _CLOSED:
                self.day = Day(before=self.left + self.held)
        elif event.kind == _OPENED:
            day.opened_at = event.at
        elif event.kind == COUNTED:
            day.counted = int(str(event.data["first"]))
            day.supplies = {name: int(str(event.data[name])) for name in SUPPLIES if name in event.data}
        elif event.kind == _CLOSED:
            day.closed_at, day.closed_by = event.at, event.actor
            self.ended = True

    def _line(self, event: Event) -> None:
        if event.kind == outbox.OFFLINE:
            self.offline_since = event.at
        else:
            self._add_outage(event.at)
            self.offline_since = None

    def _add_outage(self, until: datetime) -> None:
        """Only what falls into the opened day: a night without SIAK kept nobody waiting."""
        if self.offline_since is not None and self.day.opened_at is not None:
            lasted = until - max(self.offline_since, self.day.opened_at)
            self.day.outage += max(lasted, timedelta())

    def balance(self) -> BlankBalance:
        """Of the day. The opening holds the cards that were still in work when the day began."""
        day = self.day
        return BlankBalance(
            opening=day.before + day.moved[MovementKind.OPENING],
            received=day.moved[MovementKind.RECEIVED],
            corrected=day.moved[MovementKind.CORRECTION],
            issued=day.issued,
            spoiled=day.spoiled.total(),
            returned=day.moved[MovementKind.RETURNED],
            open=self.held,
        )


def watched(events: Iterable[Event], replay: Replay) -> Iterator[Event]:
    """The events up to the day's closing, each shown to the replay on its way.

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
