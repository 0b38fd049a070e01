"""The list of one working day's handovers (step 7): which result was given to whom, with a place for each signature.

Signatures of applicants and spoiled cards together are what left the office (room.md 6.1, the daily log).
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import datetime

from ktpel_desktop.core import roles
from ktpel_desktop.core.errors import PolicyError
from ktpel_desktop.core.papers import HandedOver, HandoverList
from ktpel_desktop.core.records import UnitOfWork
from ktpel_desktop.core.roles import Action, Actor
from ktpel_desktop.services import accounts, on_paper
from ktpel_desktop.services.accounts import Names
from ktpel_desktop.services.desk import Desk
from ktpel_desktop.services.receipts import mask_name
from ktpel_desktop.services.replay import OPENED

HANDED, PRINTED = "handover", "handover.list_printed"
MOST_DAYS = 60
"""So many of the newest days are listed."""


@dataclass(frozen=True, slots=True)
class HandoverDay:
    """A working day on which anything was handed over; `number` is its shift."""

    number: int
    opened_at: datetime
    count: int


def days(desk: Desk, actor: Actor) -> tuple[HandoverDay, ...]:
    """Days with handovers, the newest first. Raises PolicyError "role.not_allowed"."""
    roles.require(actor, Action.SEE_RESIDENTS)
    with desk.unit(actor) as unit:
        spans = _spans(unit)[:MOST_DAYS]
        if not spans:
            return ()
        handed = unit.events.of_kinds(frozenset({HANDED}), after=spans[-1].begins)
    counted = Counter(next(span.number for span in spans if span.begins < event.seq) for event in handed)
    return tuple(
        HandoverDay(span.number, span.opened_at, counted[span.number])
        for span in spans
        if counted[span.number]
    )


def sheet(desk: Desk, actor: Actor, number: int) -> HandoverList:
    """What stands on a day's list. Raises PolicyError "role.not_allowed", "handover.no_list"."""
    roles.require(actor, Action.SEE_RESIDENTS)
    with desk.unit(actor) as unit:
        span = next((span for span in _spans(unit) if span.number == number), None)
        handed = [] if span is None else _handed(unit, span)
        if span is None or not handed:
            raise PolicyError("handover.no_list")
        names = accounts.names(unit)
        return HandoverList(
            office=desk.office.name,
            place=desk.office.kelurahan,
            number=number,
            opened_at=span.opened_at,
            results=tuple(_line(desk, unit, request_id, names) for request_id in handed),
            copy=on_paper.next_copy_in(unit.events.of(subject(number)), PRINTED),
            training=desk.office.training,
        )


def pdf(desk: Desk, actor: Actor, number: int) -> bytes:
    """The list set in type, to be looked at. Raises as `sheet`."""
    return desk.papers.handover_list(sheet(desk, actor, number))


def print_out(desk: Desk, actor: Actor, number: int) -> bytes:
    """The list on paper, journalled; every print after the first is a numbered copy.

    Raises as `sheet`; DeviceError of the page printer.
    """
    made = sheet(desk, actor, number)
    paper = desk.papers.handover_list(made)
    told = {"count": len(made.results), on_paper.COPY: made.copy}
    title, about = f"Daftar penyerahan hasil sif {number}", subject(number)
    on_paper.print_recorded(desk, actor, paper, title, kind=PRINTED, subject=about, told=told, keep=True)
    return paper


def subject(number: int) -> str:
    """Subject of the events about a day's list."""
    return f"penyerahan-{number}"


@dataclass(frozen=True, slots=True)
class _Span:
    """A day's shift and its events: from its opening to that of the next day (None: it runs)."""

    number: int
    begins: int
    ends: int | None
    opened_at: datetime


def _spans(unit: UnitOfWork) -> list[_Span]:
    """Every day, the newest first."""
    opened = unit.events.of_kinds(frozenset({OPENED}))
    ends = [*(event.seq for event in opened[1:]), None]
    days = enumerate(zip(opened, ends, strict=False), 1)
    return [_Span(number, event.seq, end, event.at) for number, (event, end) in days][::-1]


def _handed(unit: UnitOfWork, span: _Span) -> list[str]:
    events = unit.events.of_kinds(frozenset({HANDED}), after=span.begins)
    return [event.subject for event in events if span.ends is None or event.seq < span.ends]


def _line(desk: Desk, unit: UnitOfWork, request_id: str, names: Names) -> HandedOver:
    request, handed = unit.requests.get(request_id), unit.handover(request_id)
    assert handed is not None  # noqa: S101 - its event is written with it
    return HandedOver(
        number=request.number,
        service=desk.catalogue.get(request.service).name,
        name_masked=mask_name(request.name),
        nik_masked=request.nik.masked,
        collector_masked=mask_name(handed.collector),
        relation=handed.relation,
        withdrawn=len(handed.withdrawn),
        at=handed.at,
        by=names[handed.by],
    )
