"""The escalation letter: requests that wait for SIAK too long are told to the Suku Dinas, with both signatures."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from ktpel_desktop.core import roles
from ktpel_desktop.core.audit import Event
from ktpel_desktop.core.errors import PolicyError
from ktpel_desktop.core.letters import EscalationLetter, LetterKind, StuckRequest
from ktpel_desktop.core.records import RequestFilter, UnitOfWork
from ktpel_desktop.core.request import Request, RequestState
from ktpel_desktop.core.roles import Action, Actor
from ktpel_desktop.services import accounts, letter_book, on_paper
from ktpel_desktop.services.desk import Desk
from ktpel_desktop.services.letter_book import Entry
from ktpel_desktop.services.referrals import asked_of

PRINTED = "escalation.printed"
DRAFT = 0
"""In the place of a letter's event: what would be told now."""
MOST = 1000
"""So many waiting requests are looked at, the longest in hand first."""
_KIND = LetterKind.ESCALATION


@dataclass(frozen=True, slots=True)
class Listed:
    """A letter or the DRAFT: place of its event, number (empty on the draft), when, and of how many requests."""

    seq: int
    letter: str
    at: datetime
    count: int


def listed(desk: Desk, actor: Actor) -> tuple[Listed, ...]:
    """What could be written now, where anything is stuck; then this year's letters and last year's, newest first.

    Raises PolicyError "role.not_allowed".
    """
    roles.require(actor, Action.VERIFY)
    with desk.unit(actor) as unit:
        count = len(_stuck(desk, unit))
        draft = [Listed(DRAFT, "", unit.at, count)] if count else []
        written = [
            Listed(one.event.seq, str(one.number), one.event.at, len(_told(one.event)))
            for one in reversed(_book(desk, unit))
        ]
        return (*draft, *written)


def sheet(desk: Desk, actor: Actor, seq: int) -> EscalationLetter:
    """What stands on the letter of this event, or on the DRAFT.

    Raises PolicyError "role.not_allowed", "escalation.unknown", "escalation.nothing" (a draft of nothing).
    """
    roles.require(actor, Action.VERIFY)
    with desk.unit(actor) as unit:
        if seq != DRAFT:
            return _written(desk, unit, seq)
        stuck = _stuck(desk, unit)
        if not stuck:
            raise PolicyError("escalation.nothing", days=desk.office.stuck_after.days)
        return EscalationLetter(
            office=desk.office,
            letter="",
            at=unit.at,
            limit_days=desk.office.stuck_after.days,
            stuck=[_line(desk, unit, said, unit.at) for said in stuck],
            by=actor.name,
            copy=0,
        )


def pdf(desk: Desk, actor: Actor, seq: int) -> bytes:
    """The letter set in type, to be looked at. Raises as `sheet`."""
    return desk.papers.escalation_letter(sheet(desk, actor, seq))


def print_out(desk: Desk, actor: Actor, seq: int) -> int:
    """The letter on paper, journalled: a draft gets its number first; returns the place of the letter's event.

    Raises as `sheet`; DeviceError of the page printer (a draft has its number then, and is listed under it).
    """
    roles.require(actor, Action.VERIFY)
    if seq == DRAFT:
        seq = _write(desk, actor)
    made = sheet(desk, actor, seq)
    paper = desk.papers.escalation_letter(made)
    told = {"letter": made.letter, "count": len(made.stuck), "copy": made.copy}
    on_paper.print_recorded(
        desk,
        actor,
        paper,
        f"Surat eskalasi {made.letter}",
        kind=PRINTED,
        subject=subject(seq),
        told=told,
        keep=True,
    )
    return seq


_Said = Mapping[str, object]
"""What a letter says of one `request`: answer, since, asked, last_asked, earlier; moments in ISO 8601."""


def _write(desk: Desk, actor: Actor) -> int:
    with desk.unit(actor) as unit:
        stuck = _stuck(desk, unit)
        days = desk.office.stuck_after.days
        if not stuck:
            raise PolicyError("escalation.nothing", days=days)
        number = letter_book.enter(desk, unit, _KIND, {"limit_days": days, "stuck": stuck})
        return letter_book.entries(unit, _KIND, number.year)[-1].event.seq


def _stuck(desk: Desk, unit: UnitOfWork) -> list[_Said]:
    """The longest waiting first. What a letter told of is told again only after the same span of time."""
    told = _told_before(_book(desk, unit))
    found: list[_Said] = []
    for request in unit.requests.find(RequestFilter(frozenset({RequestState.WAITING_SIAK})), MOST):
        since = unit.requests.history(request.id)[-1].at
        letter = told.get(request.id)
        before = letter if letter is not None and letter.event.at > since else None
        if unit.at - (before.event.at if before else since) >= desk.office.stuck_after:
            found.append(_said(unit, request, since, str(before.number) if before else ""))
    return sorted(found, key=lambda said: (str(said["since"]), str(said["request"])))


def _said(unit: UnitOfWork, request: Request, since: datetime, earlier: str) -> _Said:
    """SIAK's newest word, else the reason that the operator gave."""
    answers = asked_of(unit.events.of(request.id))
    return {
        "request": request.id,
        "answer": answers[-1].answer if answers else "".join(request.reasons[:1]),
        "since": since.isoformat(),
        "asked": len(answers),
        "last_asked": answers[-1].at.isoformat() if answers else "",
        "earlier": earlier,
    }


def _line(desk: Desk, unit: UnitOfWork, said: _Said, at: datetime) -> StuckRequest:
    """One line of a letter that was written `at`."""
    request = unit.requests.get(str(said["request"]))
    since = datetime.fromisoformat(str(said["since"]))
    last = str(said["last_asked"])
    return StuckRequest(
        number=request.number,
        ticket=request.id,
        service=desk.catalogue.get(request.service).name,
        nik_masked=request.nik.masked,
        answer=str(said["answer"]),
        since=since,
        days=(at - since).days,
        asked=int(str(said["asked"])),
        last_asked=datetime.fromisoformat(last) if last else None,
        earlier=str(said["earlier"]),
    )


def _written(desk: Desk, unit: UnitOfWork, seq: int) -> EscalationLetter:
    entry = next((one for one in _book(desk, unit) if one.event.seq == seq), None)
    if entry is None:
        raise PolicyError("escalation.unknown")
    event = entry.event
    return EscalationLetter(
        office=desk.office,
        letter=str(entry.number),
        at=event.at,
        limit_days=int(str(event.data["limit_days"])),
        stuck=[_line(desk, unit, said, event.at) for said in _told(event)],
        by=accounts.names(unit)[event.actor],
        copy=on_paper.next_copy_in(unit.events.of(subject(seq)), PRINTED),
    )


def _book(desk: Desk, unit: UnitOfWork) -> list[Entry]:
    """Letters of last year and this one, oldest first."""
    year = letter_book.this_year(desk, unit)
    return [one for each in (year - 1, year) for one in letter_book.entries(unit, _KIND, each)]


def _told_before(letters: Iterable[Entry]) -> dict[str, Entry]:
    """By request id the newest letter that told of it."""
    return {str(said["request"]): one for one in letters for said in _told(one.event)}


def _told(event: Event) -> Sequence[_Said]:
    """What the letter says, in the order of its lines."""
    found = event.data["stuck"]
    return found if isinstance(found, list) else []


def subject(seq: int) -> str:
    """Subject of the events of the letter whose own event has this place."""
    return f"eskalasi-{seq}"
