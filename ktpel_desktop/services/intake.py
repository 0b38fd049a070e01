"""The counter: an application becomes a request, and a file in the operator's hands (steps 1, 2, 4)."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from ktpel_desktop.core import roles
from ktpel_desktop.core.errors import PolicyError
from ktpel_desktop.core.flows_counter import DUPLICATE_REASONS
from ktpel_desktop.core.nik import FamilyCardNumber, Nik
from ktpel_desktop.core.records import RequestFilter, UnitOfWork
from ktpel_desktop.core.request import Priority, Request, RequestState
from ktpel_desktop.core.roles import Action, Actor
from ktpel_desktop.core.services_catalogue import Service
from ktpel_desktop.services.desk import Desk
from ktpel_desktop.services.outbox import publish_status

WITHDRAW_REASONS = ("changed_mind", "moved_away", "wrong_service", "duplicate", "deceased")
"""Why an applicant's request ends without a result; words in resources/teks/layar/alasan.toml."""


@dataclass(frozen=True, slots=True, repr=False)
class Application:
    """What the counter officer entered. `documents` are requirement codes.

    `duplicate_reason` says why a second request for the same service is right: one of DUPLICATE_REASONS, which is
    journalled. Free text is refused, for it could name residents.
    """

    service: str
    nik: Nik
    kk: FamilyCardNumber | None
    name: str
    phone: str = ""
    documents: frozenset[str] = frozenset()
    priority: Priority = Priority.NORMAL
    duplicate_reason: str = ""

    def __repr__(self) -> str:
        return f"Application({self.service}, {self.nik!r})"


_PHONE = re.compile(r"\+?[0-9][0-9 \-]{5,18}")


def duplicates(desk: Desk, actor: Actor, nik: Nik, service: str) -> tuple[Request, ...]:
    """Open requests of the NIK, those for the same service first: shown to the officer as a warning.

    Raises PolicyError "role.not_allowed".
    """
    roles.require(actor, Action.INTAKE)
    with desk.unit(actor) as unit:
        found = unit.requests.open_of(nik)
    return tuple(sorted(found, key=lambda request: (request.service != service, request.accepted_at)))


def accept(desk: Desk, actor: Actor, application: Application) -> Request:
    """Step 1: take the application in. Missing mandatory documents are allowed; they are listed on the receipt.

    Raises PolicyError "role.not_allowed", "service.unknown", "intake.name_missing", "intake.phone",
    "intake.document_unknown", "intake.duplicate" (naming the open request's ticket), "request.reason_unknown".
    """
    roles.require(actor, Action.INTAKE)
    service = desk.catalogue.get(application.service)
    name = " ".join(application.name.split())
    if not name:
        raise PolicyError("intake.name_missing")
    phone = application.phone.strip()
    if phone and not _PHONE.fullmatch(phone):
        raise PolicyError("intake.phone")
    _known_documents(service, application.documents)
    with desk.unit(actor) as unit:
        twin = next(iter(unit.requests.open_of(application.nik, service.code)), None)
        if twin is not None and not application.duplicate_reason:
            raise PolicyError("intake.duplicate", ticket=twin.id, number=twin.number)
        why = known_reasons([application.duplicate_reason], DUPLICATE_REASONS) if twin is not None else ()
        request = Request(
            id=desk.ids.ticket(),
            number=unit.requests.next_number(_prefix(application.priority), _day_start(desk, unit.at)),
            service=service.code,
            nik=application.nik,
            name=name,
            accepted_at=unit.at,
            accepted_by=actor.username,
            kk=application.kk,
            phone=phone,
            documents=application.documents,
            priority=application.priority,
        )
        unit.requests.add(request)
        if twin is not None:
            unit.record("intake.duplicate_accepted", request.id, {"open": twin.id, "reason": why[0]})
        publish_status(unit, request)
    return request


def accept_again(
    desk: Desk, unit: UnitOfWork, old: Request, service: Service, documents: frozenset[str]
) -> Request:
    """The office's own fault is mended: the resident of `old` gets a new request without coming to apply.

    One that is open already for the service serves as well. It begins at the counter like any other.
    """
    open_already = unit.requests.open_of(old.nik, service.code)
    if open_already:
        return open_already[0]
    request = replace(
        old,
        id=desk.ids.ticket(),
        number=unit.requests.next_number(_prefix(old.priority), _day_start(desk, unit.at)),
        service=service.code,
        accepted_at=unit.at,
        accepted_by=unit.actor.username,
        state=RequestState.ACCEPTED,
        documents=documents & {need.code for need in service.requirements},
        reasons=(),
        result="",
        claim=None,
    )
    unit.requests.add(request)
    unit.record("intake.accepted_again", request.id, {"of": old.id})
    publish_status(unit, request)
    return request


def find(desk: Desk, actor: Actor, text: str, limit: int = 100) -> tuple[Request, ...]:
    """Requests by counter number, scanned ticket, name or full NIK; nothing for an empty search.

    Raises PolicyError "role.not_allowed".
    """
    roles.require(actor, Action.SEE_RESIDENTS)
    if not text.strip():
        return ()
    with desk.unit(actor) as unit:
        return tuple(unit.requests.find(RequestFilter(text=text), limit))


def complete(desk: Desk, actor: Actor, request_id: str, documents: Collection[str]) -> Request:
    """Step 4, the way back: the applicant brought what was missing (INCOMPLETE → ACCEPTED).

    `documents` are added to those in the file. Raises PolicyError "role.not_allowed", "intake.document_unknown",
    "intake.still_missing", "request.not_allowed", "request.moved_meanwhile".
    """
    roles.require(actor, Action.COMPLETE_FILE)
    with desk.unit(actor) as unit:
        request = unit.requests.get(request_id)
        service = desk.catalogue.get(request.service)
        _known_documents(service, documents)
        together = request.documents | frozenset(documents)
        missing = service.missing(together)
        if missing:
            raise PolicyError("intake.still_missing", documents=", ".join(need.code for need in missing))
        if together != request.documents:
            request = unit.requests.set_documents(request, together)
        moved = unit.requests.move(request, RequestState.ACCEPTED)
        publish_status(unit, moved)
    return moved


def withdraw(desk: Desk, actor: Actor, request_id: str, reason: str) -> Request:
    """The applicant withdraws; `reason` is one of WITHDRAW_REASONS. Not once the file is in work or the result made.

    A result that exists takes two persons: `handing_over.withdraw_result`. Raises PolicyError "role.not_allowed",
    "request.reason_unknown", "intake.result_made", "request.not_allowed", "request.moved_meanwhile".
    """
    roles.require(actor, Action.CANCEL_REQUEST)
    codes = known_reasons([reason], WITHDRAW_REASONS)
    with desk.unit(actor) as unit:
        request = unit.requests.get(request_id)
        if request.state is RequestState.AT_COUNTER:
            raise PolicyError("intake.result_made")
        moved = unit.requests.move(request, RequestState.CANCELLED, reasons=codes)
        publish_status(unit, moved)
    return moved


def hand_to_operator(
    desk: Desk, actor: Actor, request_ids: Sequence[str], receiver: str
) -> tuple[Request, ...]:
    """Step 2: the counter hands files to an operator; both names and the time are journalled. All or none.

    Raises PolicyError "role.not_allowed", "handoff.nothing", "handoff.receiver", "request.not_allowed",
    "request.moved_meanwhile".
    """
    roles.require(actor, Action.HAND_FILES_OVER)
    with desk.unit(actor) as unit:
        return hand_off(unit, request_ids, RequestState.WITH_OPERATOR, receiver, Action.RECEIVE_FILES)


def hand_off(
    unit: UnitOfWork, request_ids: Sequence[str], to: RequestState, receiver: str, action: Action
) -> tuple[Request, ...]:
    """Move requests from the acting person's hands into the receiver's, who must be active and have `action`.

    Raises PolicyError "handoff.nothing", "handoff.receiver".
    """
    if not request_ids:
        raise PolicyError("handoff.nothing")
    if not any(
        person.username == receiver and person.active and action in roles.ALLOWED[person.role]
        for person in unit.people.list()
    ):
        raise PolicyError("handoff.receiver")
    handed = []
    for request_id in dict.fromkeys(request_ids):
        moved = unit.requests.move(unit.requests.get(request_id), to)
        unit.record("handoff", moved.id, {"from": unit.actor.username, "to": receiver, "state": to.value})
        publish_status(unit, moved)
        handed.append(moved)
    return tuple(handed)


def reveal_nik(desk: Desk, actor: Actor, request_id: str) -> str:
    """The full NIK on a screen, for once; each time is an audit event (design.md, section 4).

    Raises PolicyError "role.not_allowed", "request.unknown".
    """
    roles.require(actor, Action.REVEAL_NIK)
    with desk.unit(actor) as unit:
        request = unit.requests.get(request_id)
        unit.record("nik.revealed", request_id)
    return request.nik.reveal()


def known_reasons(reasons: Sequence[str], known: Collection[str]) -> tuple[str, ...]:
    """The reasons, each once; free text is refused, for it could carry residents' data into the journal.

    Raises PolicyError "request.reason_missing", "request.reason_unknown" (which does not repeat what was given).
    """
    if not reasons:
        raise PolicyError("request.reason_missing")
    if not set(reasons) <= set(known):
        raise PolicyError("request.reason_unknown")
    return tuple(dict.fromkeys(reasons))


def _known_documents(service: Service, documents: Collection[str]) -> None:
    unknown = set(documents) - {need.code for need in service.requirements}
    if unknown:
        raise PolicyError("intake.document_unknown", service=service.code, count=len(unknown))


def _prefix(priority: Priority) -> str:
    """Numbers of lawful priorities are never mixed with the others (UU 25/2009 Ps. 29; room.md 5.2)."""
    return "A" if priority is Priority.NORMAL else "P"


def _day_start(desk: Desk, moment: datetime) -> datetime:
    """Midnight of the office's day, at which the counter numbers begin again."""
    local = moment.astimezone(desk.office.timezone)
    return local.replace(hour=0, minute=0, second=0, microsecond=0)
