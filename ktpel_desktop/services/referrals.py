"""The referral letter: what SIAK answered that no kelurahan can solve, for the applicant to take to the Suku Dinas."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from ktpel_desktop.core import roles
from ktpel_desktop.core.audit import Event
from ktpel_desktop.core.errors import PolicyError
from ktpel_desktop.core.letters import REFERRED, LetterKind, Referral, ReferralLetter
from ktpel_desktop.core.records import UnitOfWork
from ktpel_desktop.core.request import Request, RequestState
from ktpel_desktop.core.roles import Action, Actor
from ktpel_desktop.services import accounts, letter_book, on_paper, verifying
from ktpel_desktop.services.desk import Desk

WRITTEN, PRINTED = "referral.written", "referral.printed"
"""Events on the request: the letter got its number; it was printed."""
_ASKED = frozenset({verifying.LOOKED_UP, verifying.RECHECKED, verifying.REFUSED})


@dataclass(frozen=True, slots=True)
class Basis:
    """SIAK's answer that is referred: its code, when it was given, and whether to this program (`asked`)."""

    referral: Referral
    answer: str
    at: datetime
    asked: bool


@dataclass(frozen=True, slots=True)
class Asked:
    """One answer of SIAK about a request, as a code; `seq` is its place in the journal."""

    answer: str
    at: datetime
    seq: int


def asked_of(events: Sequence[Event]) -> list[Asked]:
    """Every answer that SIAK gave about a request, oldest first."""
    return [
        Asked(str(event.data.get("enrolment") or event.data.get("error")), event.at, event.seq)
        for event in events
        if event.kind in _ASKED
    ]


def basis(request: Request, events: Sequence[Event]) -> Basis | None:
    """What can be referred of a request, None where nothing can.

    The request must be rejected or wait for SIAK. An answer newer than that decision counts for itself; else the
    decision's reason, told by the answer before it where SIAK gave this program one that is referred.
    """
    if request.state not in (RequestState.REJECTED, RequestState.WAITING_SIAK):
        return None
    decided = [event for event in events if event.kind == f"request.{request.state}"][-1]
    answers = asked_of(events)
    newest = _asked(answers[-1]) if answers else None
    if answers and answers[-1].seq > decided.seq:
        return newest
    reason = next((code for code in request.reasons if code in REFERRED), None)
    if reason is None:
        return None
    return newest or Basis(REFERRED[reason], reason, decided.at, asked=False)


def sheet(desk: Desk, actor: Actor, request_id: str) -> ReferralLetter:
    """What stands on the letter, the NIK masked as for any screen; a draft has no number yet.

    Raises PolicyError "role.not_allowed", "request.unknown", "referral.nothing".
    """
    roles.require(actor, Action.VERIFY)
    with desk.unit(actor) as unit:
        return _sheet(desk, unit, request_id)


def pdf(desk: Desk, actor: Actor, request_id: str) -> bytes:
    """The letter set in type, to be looked at. Raises as `sheet`."""
    return desk.papers.referral_letter(sheet(desk, actor, request_id))


def print_out(desk: Desk, actor: Actor, request_id: str) -> None:
    """The letter on paper with the whole NIK, for its owner takes it along. The first print takes its number.

    What SIAK answered anew is a new letter; else every further print is a numbered copy of the first. Raises as
    `sheet`; DeviceError of the page printer.
    """
    roles.require(actor, Action.VERIFY)
    roles.require(actor, Action.REVEAL_NIK)
    with desk.unit(actor) as unit:
        if not _sheet(desk, unit, request_id).letter:
            _write(desk, unit, request_id)
        made = _sheet(desk, unit, request_id, whole=True)
    paper = desk.papers.referral_letter(made)
    told = {"letter": made.letter, on_paper.EDITION: made.letter, on_paper.COPY: made.copy}
    title = f"Surat rujukan {made.letter}"
    on_paper.print_recorded(
        desk, actor, paper, title, kind=PRINTED, subject=request_id, told=told, keep=False
    )


def _asked(one: Asked) -> Basis | None:
    referral = REFERRED.get(one.answer)
    return None if referral is None else Basis(referral, one.answer, one.at, asked=True)


def _basis(unit: UnitOfWork, request_id: str) -> tuple[Request, Basis, Event | None]:
    """Request, what is referred, and the event of the letter that was written of it.

    Raises PolicyError "request.unknown", "referral.nothing".
    """
    request = unit.requests.get(request_id)
    events = unit.events.of(request_id)
    found = basis(request, events)
    if found is None:
        raise PolicyError("referral.nothing")
    letters = [event for event in events if event.kind == WRITTEN]
    same = letters and letters[-1].data["referral"] == found.referral
    return request, found, letters[-1] if same else None


def _write(desk: Desk, unit: UnitOfWork, request_id: str) -> None:
    _request, found, _letter = _basis(unit, request_id)
    number = letter_book.enter(desk, unit, LetterKind.REFERRAL, {"request": request_id})
    told = {
        "letter": str(number),
        "referral": found.referral.value,
        "answer": found.answer,
        "answered_at": found.at.isoformat(),
        "asked": found.asked,
    }
    unit.record(WRITTEN, request_id, told)


def _sheet(desk: Desk, unit: UnitOfWork, request_id: str, *, whole: bool = False) -> ReferralLetter:
    """The letter as it was written, else as it would be now."""
    request, found, letter = _basis(unit, request_id)
    number, at, by, copy = "", unit.at, unit.actor.name, 0
    if letter is not None:
        told = letter.data
        answered = datetime.fromisoformat(str(told["answered_at"]))
        found = Basis(found.referral, str(told["answer"]), answered, bool(told["asked"]))
        number, at = str(told["letter"]), letter.at
        by = accounts.names(unit)[letter.actor]
        copy = on_paper.next_copy_in(unit.events.of(request_id), PRINTED, number)
    return ReferralLetter(
        office=desk.office,
        letter=number,
        at=at,
        referral=found.referral,
        answer=found.answer,
        answered_at=found.at,
        asked=found.asked,
        name=request.name,
        nik=request.nik.reveal() if whole else request.nik.masked,
        service=desk.catalogue.get(request.service).name,
        number=request.number,
        ticket=request.id,
        accepted_at=request.accepted_at,
        by=by,
        copy=copy,
    )
