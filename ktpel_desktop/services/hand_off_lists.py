"""The list of one hand-off, to be signed by both: files to an operator (step 2), results to the counter (step 6).

A hand-off is what one person gave to one other at one moment; its number is that of its first event in the journal.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from itertools import takewhile

from ktpel_desktop.core import roles
from ktpel_desktop.core.audit import Event
from ktpel_desktop.core.errors import PolicyError
from ktpel_desktop.core.papers import HandedFile, HandOffList
from ktpel_desktop.core.records import UnitOfWork
from ktpel_desktop.core.request import RequestState
from ktpel_desktop.core.roles import Action, Actor
from ktpel_desktop.services import accounts, on_paper
from ktpel_desktop.services.desk import Desk
from ktpel_desktop.services.receipts import mask_name

HANDED, PRINTED = "handoff", "handoff.list_printed"
MOST = 100
"""So many of the newest hand-offs are listed."""


@dataclass(frozen=True, slots=True)
class HandOff:
    """One hand-off; people by their usernames, requests in the order in which they were handed over."""

    number: int
    at: datetime
    giver: str
    receiver: str
    state: RequestState
    requests: tuple[str, ...]


def recent(desk: Desk, actor: Actor) -> tuple[HandOff, ...]:
    """Hand-offs of the open or else the newest day, the newest first. Raises PolicyError "role.not_allowed"."""
    roles.require(actor, Action.SEE_RESIDENTS)
    with desk.unit(actor) as unit:
        shift = unit.shifts.latest()
        if shift is None:
            return ()
        handed = unit.events.of_kinds(frozenset({HANDED}), after=shift.first_event)
        return tuple(reversed(_grouped(handed)[-MOST:]))


def sheet(desk: Desk, actor: Actor, number: int) -> HandOffList:
    """What stands on the list. Raises PolicyError "role.not_allowed", "handoff.unknown"."""
    roles.require(actor, Action.SEE_RESIDENTS)
    with desk.unit(actor) as unit:
        copy = on_paper.next_copy_in(unit.events.of(_subject(number)), PRINTED)
        found = _one(unit, number)
        names = accounts.names(unit)
        return HandOffList(
            office=desk.office.name,
            place=desk.office.kelurahan,
            number=number,
            at=found.at,
            giver=names[found.giver],
            receiver=names[found.receiver],
            to_operator=found.state is RequestState.WITH_OPERATOR,
            files=tuple(_file(desk, unit, request_id) for request_id in found.requests),
            copy=copy,
            training=desk.office.training,
        )


def pdf(desk: Desk, actor: Actor, number: int) -> bytes:
    """The list set in type, to be looked at. Raises as `sheet`."""
    return desk.papers.hand_off_list(sheet(desk, actor, number))


def print_form(desk: Desk, actor: Actor, number: int) -> None:
    """The list on the continuous form of the dot-matrix printer, journalled and counted as any other print.

    Raises as `sheet`; PolicyError "handoff.no_printer"; DeviceError of the dot-matrix printer.
    """
    made = sheet(desk, actor, number)
    printer = desk.dot_matrix
    if printer is None:
        raise PolicyError("handoff.no_printer")
    form = desk.papers.hand_off_form(made)
    told = {"count": len(made.files), on_paper.COPY: made.copy, "form": True}
    on_paper.recorded(
        desk,
        actor,
        lambda: printer.send_raw(form, f"Daftar serah terima {number}"),
        kind=PRINTED,
        subject=_subject(number),
        told=told,
    )


def print_out(desk: Desk, actor: Actor, number: int) -> bytes:
    """The list on paper, journalled; every print after the first is a numbered copy.

    Raises as `sheet`; DeviceError of the page printer.
    """
    made = sheet(desk, actor, number)
    paper = desk.papers.hand_off_list(made)
    told = {"count": len(made.files), on_paper.COPY: made.copy}
    title = f"Daftar serah terima {number}"
    on_paper.print_recorded(
        desk, actor, paper, title, kind=PRINTED, subject=_subject(number), told=told, keep=True
    )
    return paper


def _subject(number: int) -> str:
    return f"serah-{number}"


def _one(unit: UnitOfWork, number: int) -> HandOff:
    """Read no farther than the transaction in which it was journalled, whose events are of one moment.

    Raises PolicyError "handoff.unknown".
    """
    events = unit.events.all(after=number - 1)
    first = next(events, None)
    if first is None or first.kind != HANDED:
        raise PolicyError("handoff.unknown", number=number)
    same = takewhile(lambda event: event.at == first.at, events)
    return _grouped([first, *(event for event in same if event.kind == HANDED)])[0]


def _grouped(events: Iterable[Event]) -> list[HandOff]:
    """Events of HANDED, those of one hand-off together."""
    found: list[HandOff] = []
    for event in events:
        told = _told(event)
        last = found[-1] if found else None
        if last is not None and (last.at, last.giver, last.receiver, last.state) == told:
            found[-1] = HandOff(last.number, *told, (*last.requests, event.subject))
        else:
            found.append(HandOff(event.seq, *told, (event.subject,)))
    return found


def _told(event: Event) -> tuple[datetime, str, str, RequestState]:
    return event.at, event.actor, str(event.data["to"]), RequestState(str(event.data["state"]))


def _file(desk: Desk, unit: UnitOfWork, request_id: str) -> HandedFile:
    request = unit.requests.get(request_id)
    return HandedFile(
        number=request.number,
        ticket=request.id,
        service=desk.catalogue.get(request.service).name,
        name_masked=mask_name(request.name),
        nik_masked=request.nik.masked,
        papers=len(request.documents),
    )
