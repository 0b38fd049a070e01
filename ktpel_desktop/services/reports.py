"""The day in figures, all from the audit chain, their signature, and the chain's own check (step 9).

The chain is replayed from its first event (`replay`): what is reported of a closed day never changes, and costs
time in proportion to the events before it.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, fields, is_dataclass, replace
from datetime import UTC, datetime
from typing import TypeVar

from ktpel_desktop.core import roles, room
from ktpel_desktop.core.audit import Anchor, ChainReport, check_chain
from ktpel_desktop.core.consumables import Consumption
from ktpel_desktop.core.daily import DailyReport, Results
from ktpel_desktop.core.errors import PolicyError
from ktpel_desktop.core.records import RequestFilter, UnitOfWork
from ktpel_desktop.core.request import RequestState
from ktpel_desktop.core.roles import Action, Actor
from ktpel_desktop.core.room import RoomCheck
from ktpel_desktop.core.room_items import ITEMS
from ktpel_desktop.core.services_catalogue import Product
from ktpel_desktop.core.stock import BlankBalance
from ktpel_desktop.core.subject import canonical_json
from ktpel_desktop.services import accounts, on_paper, open_files, signing
from ktpel_desktop.services.desk import Desk
from ktpel_desktop.services.replay import Day, Replay, median_of, watched

_ACCEPTED, _PRODUCED = f"request.{RequestState.ACCEPTED}", f"request.{RequestState.PRODUCED}"
K = TypeVar("K", int, str)
PRINTED = "report.printed"
NO_FIGURES = frozenset(
    {
        *("office", "place", "closed_by", "opened_from", "signed_by", "signed_at", "signature_holds"),
        *("training", "copy"),
    }
)
"""Fields of the report that are names, settings or another day's, which may change without the day being another."""
MOST_WAITING = 10_000
"""Open requests whose age the penyelia's page tells; a kelurahan has some hundreds."""


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
        return _told(desk, unit, shift_id)[0]


def sign(desk: Desk, actor: Actor, shift_id: int | None = None) -> DailyReport:
    """The penyelia signs a closed day, by default the newest: the figures' digest goes into the chain, once.

    Raises as `daily`; PolicyError "report.not_closed", "report.signed_already", "report.same_person" (who closed
    the day does not sign it too), "report.chain_broken".
    """
    roles.require(actor, Action.SIGN_REPORT)
    with desk.unit(actor) as unit:
        report, day = _told(desk, unit, shift_id)
        if day.closed_at is None:
            raise PolicyError("report.not_closed")
        if report.signed_at is not None:
            raise PolicyError("report.signed_already", by=report.signed_by)
        if day.closed_by == actor.username:
            raise PolicyError("report.same_person")
        if not report.chain_intact:
            raise PolicyError("report.chain_broken")
        signed = replace(report, signed_by=actor.name, signed_at=unit.at)
        keeping = on_paper.kept(desk, desk.papers.daily_report(signed), name="paper")
        told = {**keeping, on_paper.KIND: PRINTED}
        signing.put(unit, report, figures_digest(report), told)
        return signed


def unsigned(desk: Desk, actor: Actor) -> tuple[int, ...]:
    """Closed days that wait for a signature, oldest first. Raises PolicyError "role.not_allowed"."""
    roles.require(actor, Action.MAKE_REPORT)
    with desk.unit(actor) as unit:
        newest = unit.shifts.latest()
        if newest is None:
            return ()
        closed = newest.id if newest.last_event is not None else newest.id - 1
        return tuple(number for number in range(1, closed + 1) if signing.signature(unit, number) is None)


def figures_digest(report: DailyReport) -> str:
    """SHA-256 of the day's figures in canonical JSON: what the signature is for."""
    figures = {one.name: getattr(report, one.name) for one in fields(report) if one.name not in NO_FIGURES}
    return hashlib.sha256(canonical_json(_plain(figures))).hexdigest()


def daily_pdf(desk: Desk, actor: Actor, shift_id: int | None = None) -> bytes:
    """The daily report set in type, to be looked at or kept. Raises as `daily`."""
    return desk.papers.daily_report(daily(desk, actor, shift_id))


def print_daily(desk: Desk, actor: Actor, shift_id: int | None = None) -> bytes:
    """The daily report as a PDF, printed and journalled with the chain's head; after the first a numbered copy.

    Raises as `daily`; DeviceError of the page printer.
    """
    report = daily(desk, actor, shift_id)
    title, subject = f"Laporan harian sif {report.shift_id}", f"shift-{report.shift_id}"
    copy = on_paper.next_copy(desk, actor, PRINTED, subject)
    pdf = desk.papers.daily_report(replace(report, copy=copy))
    told = {"head": report.chain_head, on_paper.COPY: copy}
    on_paper.print_recorded(desk, actor, pdf, title, kind=PRINTED, subject=subject, told=told, keep=True)
    return pdf


def audit(desk: Desk, actor: Actor, anchor: Anchor | None = None) -> ChainReport:
    """Walk the whole chain, compute every hash again, and hold it against a report's code.

    Raises PolicyError "role.not_allowed".
    """
    roles.require(actor, Action.CHECK_AUDIT_CHAIN)
    with desk.unit(actor) as unit:
        return check_chain(unit.events.all(), anchor)


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


def _told(desk: Desk, unit: UnitOfWork, shift_id: int | None) -> tuple[DailyReport, Day]:
    newest = unit.shifts.latest()
    wanted = newest.id if shift_id is None and newest is not None else shift_id
    if newest is None or wanted is None or not 1 <= wanted <= newest.id:
        raise PolicyError("report.no_shift")
    replay = Replay(wanted, zone=desk.office.timezone)
    until = newest.last_event if wanted == newest.id else None
    chain = check_chain(watched(unit.events.all(until=until), replay))
    report = _report(desk, unit, wanted, replay, chain)
    signature = signing.signature(unit, wanted)
    if signature is None:
        return report, replay.day
    names = accounts.names(unit)
    holds = (signature.data.get("head"), signature.data.get("digest")) == (chain.head, figures_digest(report))
    by = names[signature.actor]
    return replace(report, signed_by=by, signed_at=signature.at, signature_holds=holds), replay.day


def _plain(value: object) -> object:
    """The value as JSON knows it; moments in UTC, so that a time zone's name changes no digest."""
    if is_dataclass(value):
        return {one.name: _plain(getattr(value, one.name)) for one in fields(value)}
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat()
    if isinstance(value, Mapping):
        return {str(key): _plain(one) for key, one in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(one) for one in value]
    return value


def _report(
    desk: Desk,
    unit: UnitOfWork,
    shift_id: int,
    replay: Replay,
    chain: ChainReport,
) -> DailyReport:
    until = replay.end(unit.at)
    day, states = replay.day, replay.day.states
    names = accounts.names(unit)
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
        median_minutes=median_of(day.minutes),
        room=_room_at(desk, unit, until),
        outage_minutes=round(day.outage.total_seconds() / 60),
        chain_count=chain.count,
        chain_head=chain.head,
        chain_intact=chain.intact,
        closed_by=names[day.closed_by],
        signed_by="",
        training=desk.office.training,
        withdrawn=day.withdrawn,
        supplies=day.supplies,
        opened_from=signing.opened_from(day.opened_from, names),
        carried=day.before,
        accepted_by_hour=_sorted(day.accepted_by_hour),
        produced_by_hour=_sorted(day.produced_by_hour),
        kept=open_files.kept(desk, replay),
        open_ages=open_files.open_ages(desk, replay, until),
        results=Results(
            before=day.ready_before,
            made=day.produced.total(),
            handed_over=states[RequestState.HANDED_OVER],
            taken_back=day.taken_back,
            ready=replay.ready,
        ),
        uncollected=open_files.left_at_counter(replay, until),
        waiting_reasons=open_files.waiting_reasons(desk, replay.files.values()),
        refused=_sorted(day.refused),
        outages=tuple(day.outages),
        waivers=_sorted(day.waivers),
        approvals=_sorted(day.approvals),
        confirmed=unit.outbox.confirmed(day.began_after, replay.seq),
        tally=day.printer.tally,
        consumables=tuple(
            Consumption(
                *(one.code, one.name, one.unit, day.items_before[one.code]),
                *(day.items_came[one.code], day.items_went[one.code]),
            )
            for one in desk.consumables
            if day.items_before[one.code] or one.code in day.items_came or one.code in day.items_went
        ),
        invalid=day.invalid,
    )


def _sorted(counted: Counter[K]) -> dict[K, int]:
    return dict(sorted(counted.items()))


def _services(desk: Desk, day: Day) -> tuple[tuple[str, int, int], ...]:
    """Name, taken in and produced of each service that had either, in the order of the catalogue."""
    return tuple(
        (service.name, day.accepted[service.code], day.produced[service.code])
        for service in desk.catalogue
        if day.accepted[service.code] or day.produced[service.code]
    )


def _room_at(desk: Desk, unit: UnitOfWork, until: datetime) -> tuple[RoomCheck, ...]:
    """The room as it counted at that moment, whatever was measured since."""
    standing = []
    for item in ITEMS:
        limit, rows = 100, unit.room.history(item.id, 100)
        while len(rows) == limit and rows[-1].measured_at > until:
            limit *= 10
            rows = unit.room.history(item.id, limit)
        standing += [row for row in rows if row.measured_at <= until][:1]
    return room.overall(standing, until, desk.room_must).checks
