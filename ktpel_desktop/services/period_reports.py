"""A period in figures, and its exports for other offices (Instruksi Gubernur DKI 78/2016 KEEMPAT, step 9).

One replay of the audit chain tells all days of the period, in portions, so that a year neither fills the memory nor
keeps the other PC from writing. The figures hold counts and the names of the office's own people: no
resident's data, and so nothing to mask.
"""

from __future__ import annotations

from array import array
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import TypeVar

from ktpel_desktop.core import roles
from ktpel_desktop.core.audit import ChainReport, Event, check_chain
from ktpel_desktop.core.errors import PolicyError
from ktpel_desktop.core.nik import mask_nik
from ktpel_desktop.core.period import (
    DayFigures,
    Form,
    PeriodReport,
    ServiceFigures,
    Workload,
)
from ktpel_desktop.core.records import UnitOfWork
from ktpel_desktop.core.request import RequestState
from ktpel_desktop.core.roles import Action, Actor
from ktpel_desktop.core.services_catalogue import Product
from ktpel_desktop.services import accounts, on_paper, open_files
from ktpel_desktop.services.accounts import Names
from ktpel_desktop.services.desk import Desk
from ktpel_desktop.services.replay import OPENED, Replay, ToldDay, median_of, watched

K = TypeVar("K", int, str)
EXPORTED, PRINTED = "report.exported", "report.period_printed"
PORTION = 5_000
"""Events read in one transaction: some hundredths of a second, during which nobody else can write."""


@dataclass(frozen=True, slots=True)
class Export:
    """A report, and the file that it became."""

    report: PeriodReport
    content: bytes


@dataclass(frozen=True, slots=True)
class _Span:
    """The shifts of the period, the last event that may be told, and the moment and the people at the beginning."""

    shifts: range
    until: int
    at: datetime
    names: Names


def report(desk: Desk, actor: Actor, first: date, last: date) -> PeriodReport:
    """The working days from `first` to `last`, both included, the open one as far as it is.

    Raises PolicyError "role.not_allowed", "report.span_reversed", "report.span_empty", "report.chain_unreadable".
    """
    roles.require(actor, Action.MAKE_REPORT)
    if last < first:
        raise PolicyError("report.span_reversed", first=_told(first), last=_told(last))
    with desk.unit(actor) as unit:
        span = _span(desk, unit, first, last)
    replay = Replay(span.shifts[0], span.shifts[-1], desk.office.timezone)
    chain = check_chain(watched(_events(desk, actor, span.until), replay))
    return _report(desk, (first, last), span, replay, chain)


def preview(desk: Desk, actor: Actor, first: date, last: date) -> bytes:
    """The report as PDF, to be looked at. Raises as `report`."""
    return desk.papers.period(report(desk, actor, first, last), Form.PDF)


def export(desk: Desk, actor: Actor, first: date, last: date, form: Form, reason: str) -> Export:
    """The report to be kept as a file, journalled with why it leaves the program and its digest.

    Raises as `report`; PolicyError "report.reason_missing".
    """
    why = _why(actor, reason)
    made = report(desk, actor, first, last)
    content = desk.papers.period(made, form)
    told = {
        "form": form.value,
        "reason": why,
        "head": made.chain_head,
        on_paper.KIND: PRINTED,
        **on_paper.kept(desk, content, form.value),
    }
    with desk.unit(actor) as unit:
        unit.record(EXPORTED, _subject(first, last), told)
    return Export(made, content)


def print_out(desk: Desk, actor: Actor, first: date, last: date, reason: str) -> bytes:
    """The report on paper, journalled with why; every print after the first is a numbered copy.

    Raises as `export`; DeviceError of the page printer.
    """
    why = _why(actor, reason)
    made, subject = report(desk, actor, first, last), _subject(first, last)
    copy = on_paper.next_copy(desk, actor, PRINTED, subject)
    pdf = desk.papers.period(replace(made, copy=copy), Form.PDF)
    told = {"reason": why, "head": made.chain_head, on_paper.COPY: copy}
    on_paper.print_recorded(
        desk, actor, pdf, "Laporan periode", kind=PRINTED, subject=subject, told=told, keep=True
    )
    return pdf


def _why(actor: Actor, reason: str) -> str:
    """Raises PolicyError "role.not_allowed", "report.reason_missing"."""
    roles.require(actor, Action.MAKE_REPORT)
    why = mask_nik(reason.strip())
    if not why:
        raise PolicyError("report.reason_missing")
    return why


def _subject(first: date, last: date) -> str:
    return f"{first.isoformat()}..{last.isoformat()}"


def _span(desk: Desk, unit: UnitOfWork, first: date, last: date) -> _Span:
    """Raises PolicyError "report.span_empty"."""
    newest, head = unit.shifts.latest(), unit.events.head()
    wanted: list[int] = []
    for shift in range(newest.id if newest is not None else 0, 0, -1):
        opened = _opened(desk, unit, shift)
        if opened is not None and opened < first:
            break
        if opened is not None and opened <= last:
            wanted.append(shift)
    if not wanted or head is None:
        raise PolicyError("report.span_empty", first=_told(first), last=_told(last))
    names = accounts.names(unit)
    return _Span(range(min(wanted), max(wanted) + 1), head.seq, unit.at, names)


def _opened(desk: Desk, unit: UnitOfWork, shift: int) -> date | None:
    moments = (event.at for event in unit.events.of(f"shift-{shift}") if event.kind == OPENED)
    opened = next(moments, None)
    return None if opened is None else opened.astimezone(desk.office.timezone).date()


def _events(desk: Desk, actor: Actor, until: int) -> Iterator[Event]:
    """The chain up to `until`; it only grows, so that portions fit together."""
    for after in range(0, until, PORTION):
        with desk.unit(actor) as unit:
            portion = list(unit.events.all(after=after, until=min(after + PORTION, until)))
        yield from portion


def _report(
    desk: Desk, asked: tuple[date, date], span: _Span, replay: Replay, chain: ChainReport
) -> PeriodReport:
    told = [*replay.done, replay.told(span.shifts[-1], span.at)]
    minutes = array("d")
    for one in told:
        minutes.extend(one.day.minutes)
    return PeriodReport(
        office=desk.office.name,
        place=desk.office.kelurahan,
        first=asked[0],
        last=asked[1],
        days=tuple(_day(desk, one, span.at) for one in told),
        services=_services(desk, told),
        workloads=_workloads(desk, told, span.names),
        accepted_by_hour=_sum(one.day.accepted_by_hour for one in told),
        produced_by_hour=_sum(one.day.produced_by_hour for one in told),
        median_minutes=median_of(minutes),
        waiting=_sum([Counter(known.state.value for known in replay.files.values())]),
        waiting_reasons=open_files.waiting_reasons(desk, replay.files.values()),
        waivers=_sum(one.day.waivers for one in told),
        approvals=_sum(one.day.approvals for one in told),
        chain_count=chain.count,
        chain_head=chain.head,
        chain_intact=chain.intact,
        training=desk.office.training,
    )


def _day(desk: Desk, told: ToldDay, now: datetime) -> DayFigures:
    day, documents = told.day, _documents(desk)
    return DayFigures(
        day=(day.opened_at or now).astimezone(desk.office.timezone).date(),
        shift_id=told.shift,
        closed=day.closed_at is not None,
        requests_in=day.accepted.total(),
        incomplete=day.states[RequestState.INCOMPLETE],
        rejected=day.states[RequestState.REJECTED],
        cancelled=day.states[RequestState.CANCELLED],
        issued=day.issued,
        documents_made=sum(number for code, number in day.produced.items() if code in documents),
        handed_over=day.states[RequestState.HANDED_OVER],
        spoiled=_sum([day.spoiled]),
        withdrawn=_sum([day.withdrawn]),
        median_minutes=median_of(day.minutes),
        outage_minutes=round(day.outage.total_seconds() / 60),
        waivers=day.waivers.total(),
        approvals=day.approvals.total(),
        carried=day.before,
        balance=told.balance,
        counted=day.counted,
    )


def _services(desk: Desk, told: list[ToldDay]) -> tuple[ServiceFigures, ...]:
    """What had anything, in the order of the catalogue; what it no longer knows comes last, under its code."""
    came, done = _sum(one.day.accepted for one in told), _sum(one.day.produced for one in told)
    known = {service.code: service.name for service in desk.catalogue}
    names = {**known, **{code: code for code in (*came, *done) if code not in known}}
    return tuple(
        ServiceFigures(code, name, came.get(code, 0), done.get(code, 0))
        for code, name in names.items()
        if code in came or code in done
    )


def _workloads(desk: Desk, told: list[ToldDay], names: Names) -> tuple[Workload, ...]:
    claims, cards = _sum(one.day.claims for one in told), _sum(one.day.cards for one in told)
    documents = Counter[str]()
    of_documents = _documents(desk)
    for one in told:
        for (service, who), number in one.day.made.items():
            if service in of_documents:
                documents[who] += number
    everybody = sorted({*claims, *cards, *documents}, key=lambda who: (names[who], who))
    return tuple(
        Workload(names[who], claims.get(who, 0), cards.get(who, 0), documents[who]) for who in everybody
    )


def _documents(desk: Desk) -> frozenset[str]:
    """Services whose result is a document."""
    return frozenset(service.code for service in desk.catalogue if service.product is Product.DOCUMENT)


def _sum(counts: Iterable[Counter[K]]) -> dict[K, int]:
    """All of them together, in the order of their keys."""
    total = Counter[K]()
    for one in counts:
        total.update(one)
    return dict(sorted(total.items()))


def _told(day: date) -> str:
    return f"{day:%d-%m-%Y}"
