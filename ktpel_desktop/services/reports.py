"""The day in figures, all from the audit chain, and the chain's own check (step 9).

A day reaches from the closing of the day before to its own closing, so that what happened between two days (a
card that SIAK acknowledged at night) is in exactly one report. The chain is replayed from its first event: what
is reported of a closed day never changes, and costs time in proportion to the events before it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from statistics import median

from ktpel_desktop.core import roles, room
from ktpel_desktop.core.audit import ChainReport, Event, check_chain
from ktpel_desktop.core.errors import PolicyError
from ktpel_desktop.core.issuance import TERMINAL, JobState
from ktpel_desktop.core.ports import DailyReport
from ktpel_desktop.core.records import RequestFilter, UnitOfWork
from ktpel_desktop.core.request import ENDED, RequestState
from ktpel_desktop.core.roles import Action, Actor, Role
from ktpel_desktop.core.room import RoomCheck
from ktpel_desktop.core.services_catalogue import Product
from ktpel_desktop.core.stock import BlankBalance, MovementKind
from ktpel_desktop.services import outbox
from ktpel_desktop.services.desk import Desk
from ktpel_desktop.services.shifts import COUNTED

_REQUEST, _JOB, _STOCK = "request.", "job.", "stock."
_OPENED, _CLOSED = "shift.opened", "shift.closed"
_ACCEPTED, _PRODUCED = f"{_REQUEST}{RequestState.ACCEPTED}", f"{_REQUEST}{RequestState.PRODUCED}"
MOST_WAITING = 10_000
"""Open requests whose age the penyelia's page tells; a kelurahan has some hundreds."""


@dataclass(slots=True)
class _File:
    """An open request as far as the figures need it."""

    service: str
    accepted_at: datetime
    state: RequestState


@dataclass(slots=True)
class _Day:
    """What is counted within one day; `before` is what the room held when it began."""

    before: int = 0
    opened_at: datetime | None = None
    closed_at: datetime | None = None
    closed_by: str = ""
    closer_role: str = ""
    approver: str = ""
    counted: int | None = None
    accepted: Counter[str] = field(default_factory=Counter)
    produced: Counter[str] = field(default_factory=Counter)
    states: Counter[str] = field(default_factory=Counter)
    spoiled: Counter[str] = field(default_factory=Counter)
    moved: Counter[str] = field(default_factory=Counter)
    issued: int = 0
    minutes: list[float] = field(default_factory=list)
    outage: timedelta = timedelta()


class _Replay:
    """The office as the chain tells it, and the figures of the one day that is asked for."""

    def __init__(self, shift_id: int) -> None:
        self._shift, self._before = f"shift-{shift_id}", f"shift-{shift_id - 1}"
        self.files: dict[str, _File] = {}
        self.held = 0
        self.left = 0
        self.offline_since: datetime | None = None
        self.day = _Day()
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
            self.files[event.subject] = _File(service, event.at, state)
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
                self.day = _Day(before=self.left + self.held)
        elif event.kind == _OPENED:
            day.opened_at = event.at
        elif event.kind == COUNTED:
            day.counted = int(str(event.data["first"]))
        elif event.kind == _CLOSED:
            day.closed_at, day.closed_by, day.closer_role = event.at, event.actor, event.role
            day.approver = event.approver or ""
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


@dataclass(frozen=True, slots=True)
class DaySummary:
    """The running day for the penyelia's page. Keys of `waiting_days` are full days since acceptance."""

    requests_in: int
    issued: int
    documents_made: int
    handed_over: int
    by_state: Mapping[RequestState, int]
    accepted_by_hour: Mapping[int, int]
    produced_by_hour: Mapping[int, int]
    waiting_days: Mapping[int, int]
    balance: BlankBalance
    deliveries_waiting: int


def daily(desk: Desk, actor: Actor, shift_id: int | None = None) -> DailyReport:
    """The figures of one day, by default the open or else the newest one.

    Raises PolicyError "role.not_allowed", "report.no_shift", "report.chain_unreadable".
    """
    roles.require(actor, Action.MAKE_REPORT)
    with desk.unit(actor) as unit:
        newest = unit.shifts.latest()
        wanted = newest.id if shift_id is None and newest is not None else shift_id
        if newest is None or wanted is None or not 1 <= wanted <= newest.id:
            raise PolicyError("report.no_shift")
        replay = _Replay(wanted)
        until = newest.last_event if wanted == newest.id else None
        chain = check_chain(_watched(unit.events.all(until=until), replay))
        return _report(desk, unit, wanted, replay, chain)


def daily_pdf(desk: Desk, actor: Actor, shift_id: int | None = None) -> bytes:
    """The daily report set in type, to be looked at or kept. Raises as `daily`."""
    return desk.papers.daily_report(daily(desk, actor, shift_id))


def print_daily(desk: Desk, actor: Actor, shift_id: int | None = None) -> bytes:
    """The daily report as a PDF, printed and journalled with the chain's head.

    Raises as `daily`; DeviceError of the page printer.
    """
    report = daily(desk, actor, shift_id)
    pdf = desk.papers.daily_report(report)
    desk.page_printer.print_pdf(pdf, f"Laporan harian sif {report.shift_id}")
    with desk.unit(actor) as unit:
        unit.record("report.printed", f"shift-{report.shift_id}", {"head": report.chain_head})
    return pdf


def audit(desk: Desk, actor: Actor) -> ChainReport:
    """Walk the whole chain and compute every hash again. Raises PolicyError "role.not_allowed"."""
    roles.require(actor, Action.CHECK_AUDIT_CHAIN)
    with desk.unit(actor) as unit:
        return check_chain(unit.events.all())


def day_summary(desk: Desk, actor: Actor) -> DaySummary:
    """The running day, cheaply: what is there now from the tables, what happened from the day's events only.

    Raises PolicyError "role.not_allowed".
    """
    roles.require(actor, Action.SEE_COUNTS)
    with desk.unit(actor) as unit:
        shift = unit.shifts.current()
        today = Counter[tuple[str, int]]()
        documents = 0
        for event in unit.events.all(after=shift.first_event - 1) if shift is not None else ():
            if event.kind == _ACCEPTED and "from" in event.data:
                continue  # a completed file is not a new one
            today[event.kind, event.at.astimezone(desk.office.timezone).hour] += 1
            if event.kind == _PRODUCED:
                request = unit.requests.get(event.subject)
                documents += desk.catalogue.get(request.service).product is Product.DOCUMENT
        waiting = unit.requests.find(RequestFilter(open_only=True), limit=MOST_WAITING)
        balance = unit.stock.balance()
        return DaySummary(
            requests_in=sum(_by_hour(today, _ACCEPTED).values()),
            issued=sum(_by_hour(today, "job.ISSUED").values()),
            documents_made=documents,
            handed_over=sum(_by_hour(today, "request.HANDED_OVER").values()),
            by_state=unit.requests.count(),
            accepted_by_hour=_by_hour(today, _ACCEPTED),
            produced_by_hour=_by_hour(today, _PRODUCED),
            waiting_days=Counter((unit.at - request.accepted_at).days for request in waiting),
            balance=balance,
            deliveries_waiting=len(unit.outbox.waiting()),
        )


def _by_hour(counted: Counter[tuple[str, int]], kind: str) -> dict[int, int]:
    return {hour: number for (found, hour), number in sorted(counted.items()) if found == kind}


def _watched(events: Iterable[Event], replay: _Replay) -> Iterator[Event]:
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


def _report(
    desk: Desk,
    unit: UnitOfWork,
    shift_id: int,
    replay: _Replay,
    chain: ChainReport,
) -> DailyReport:
    until = replay.end(unit.at)
    day, states = replay.day, replay.day.states
    names = {person.username: person.name for person in unit.people.list()}
    signer = day.closed_by if day.closer_role == Role.PENYELIA else day.approver
    oldest = min((known.accepted_at for known in replay.files.values()), default=until)
    return DailyReport(
        office=desk.office.name,
        place=desk.office.kelurahan,
        date=day.opened_at or until,
        shift_id=shift_id,
        requests_in=day.accepted.total(),
        issued=day.issued,
        documents_made=sum(
            day.produced[service.code] for service in desk.catalogue if service.product is Product.DOCUMENT
        ),
        handed_over=states[RequestState.HANDED_OVER],
        incomplete=states[RequestState.INCOMPLETE],
        rejected=states[RequestState.REJECTED],
        waiting=Counter(known.state.value for known in replay.files.values()),
        spoiled=day.spoiled,
        services=_services(desk, day),
        balance=replay.balance(),
        counted=day.counted,
        oldest_waiting_days=(until - oldest).days,
        median_minutes=round(median(day.minutes)) if day.minutes else None,
        room=_room_at(unit, until),
        outage_minutes=round(day.outage.total_seconds() / 60),
        chain_count=chain.count,
        chain_head=chain.head,
        chain_intact=chain.intact,
        closed_by=names.get(day.closed_by, day.closed_by),
        signed_by=names.get(signer, signer),
        training=desk.office.training,
    )


def _services(desk: Desk, day: _Day) -> tuple[tuple[str, int, int], ...]:
    """Name, taken in and produced of each service that had either, in the order of the catalogue."""
    return tuple(
        (service.name, day.accepted[service.code], day.produced[service.code])
        for service in desk.catalogue
        if day.accepted[service.code] or day.produced[service.code]
    )


def _room_at(unit: UnitOfWork, until: datetime) -> tuple[RoomCheck, ...]:
    """The room as it counted at that moment, whatever was measured since."""
    standing = []
    for item in room.ITEMS:
        limit, rows = 100, unit.room.history(item.id, 100)
        while len(rows) == limit and rows[-1].measured_at > until:
            limit *= 10
            rows = unit.room.history(item.id, limit)
        standing += [row for row in rows if row.measured_at <= until][:1]
    return room.overall(standing, until).checks
