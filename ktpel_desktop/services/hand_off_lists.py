"""The list of one hand-off, to be signed by both: files to an operator (step 2), results to the counter (step 6).

A hand-off is what one person gave to one other at one moment; its number is that of its first event in the journal.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from ktpel_desktop.core import roles
from ktpel_desktop.core.audit import Event
from ktpel_desktop.core.errors import PolicyError
from ktpel_desktop.core.papers import HandedFile, HandOffList
from ktpel_desktop.core.records import UnitOfWork
from ktpel_desktop.core.request import RequestState
from ktpel_desktop.core.roles import Action, Actor
from ktpel_desktop.services import on_paper
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
        return tuple(reversed(_grouped(unit, shift.first_event)[-MOST:]))


def sheet(desk: Desk, actor: Actor, number: int) -> HandOffList:
    """What stands on the list. Raises PolicyError "role.not_allowed", "handoff.unknown"."""
    roles.require(actor, Action.SEE_RESIDENTS)
    with desk.unit(actor) as unit:
        found = next((one for one in _grouped(unit, number - 1) if one.number == number), None)
        if found is None:
            raise PolicyError("handoff.unknown", number=number)
        names = {person.username: person.name for person in unit.people.list()}
        printed = [event for event in unit.events.of(_subject(number)) if event.kind == PRINTED]
        return HandOffList(
            office=desk.office.name,
            place=desk.office.kelurahan,
            number=number,
            at=found.at,
            giver=names.get(found.giver, found.giver),
            receiver=names.get(found.receiver, found.receiver),
            to_operator=found.state is RequestState.WITH_OPERATOR,
            files=tuple(_file(desk, unit, request_id) for request_id in found.requests),
            copy=len(printed),
            training=desk.office.training,
        )


def pdf(desk: Desk, actor: Actor, number: int) -> bytes:
    """The list set in type, to be looked at. Raises as `sheet`."""
    return desk.papers.hand_off_list(sheet(desk, actor, number))


def print_out(desk: Desk, actor: Actor, number: int) -> bytes:
    """The list on paper, journalled; every print after the first is a numbered copy.

    Raises as `sheet`; DeviceError of the page printer.
    """
    made = sheet(desk, actor, number)
    paper = desk.papers.hand_off_list(made)
    told = {"count": len(made.files), "copy": made.copy}
    title = f"Daftar serah terima {number}"
    on_paper.print_recorded(desk, actor, paper, title, kind=PRINTED, subject=_subject(number), told=told)
    return paper


def _subject(number: int) -> str:
    return f"serah-{number}"


def _grouped(unit: UnitOfWork, after: int) -> list[HandOff]:
    found: list[HandOff] = []
    for event in unit.events.of_kinds(frozenset({HANDED}), after=after):
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
        service=desk.catalogue.get(request.service).name,
        name_masked=mask_name(request.name),
        nik_masked=request.nik.masked,
        papers=len(request.documents),
    )
