"""Step 4 on paper: the applicant is told what is missing, what to bring, and that the clock stands still."""

from __future__ import annotations

from ktpel_desktop.core import roles
from ktpel_desktop.core.errors import PolicyError
from ktpel_desktop.core.letters import IncompleteNotice
from ktpel_desktop.core.request import RequestState
from ktpel_desktop.core.roles import Action, Actor
from ktpel_desktop.services import on_paper
from ktpel_desktop.services.desk import Desk

PRINTED = "notice.printed"


def sheet(desk: Desk, actor: Actor, request_id: str) -> IncompleteNotice:
    """What stands on the notice; the NIK is masked, for a slip gets lost.

    Raises PolicyError "role.not_allowed", "request.unknown", "notice.not_incomplete".
    """
    return _made(desk, actor, request_id)[0]


def pdf(desk: Desk, actor: Actor, request_id: str) -> bytes:
    """The notice set in type, to be looked at. Raises as `sheet`."""
    return desk.papers.incomplete_notice(sheet(desk, actor, request_id))


def print_out(desk: Desk, actor: Actor, request_id: str) -> bytes:
    """The notice on paper, journalled; every print after the first is a numbered copy.

    Raises as `sheet`; DeviceError of the page printer.
    """
    made, visit = _made(desk, actor, request_id)
    paper = desk.papers.incomplete_notice(made)
    title = f"Pemberitahuan {made.number}"
    told = {on_paper.EDITION: visit, on_paper.COPY: made.copy}
    on_paper.print_recorded(
        desk, actor, paper, title, kind=PRINTED, subject=request_id, told=told, keep=False
    )
    return paper


def _made(desk: Desk, actor: Actor, request_id: str) -> tuple[IncompleteNotice, str]:
    """The notice and which stop of the file it tells of: a file that comes back twice gets two notices."""
    roles.require(actor, Action.SEE_RESIDENTS)
    with desk.unit(actor) as unit:
        request = unit.requests.get(request_id)
        if request.state is not RequestState.INCOMPLETE:
            raise PolicyError("notice.not_incomplete", state=request.state)
        history = unit.requests.history(request_id)
        visit = str(len(history))
        copy = on_paper.next_copy_in(unit.events.of(request_id), PRINTED, visit)
    service = desk.catalogue.get(request.service)
    documents = {need.code: need.text for need in service.requirements}
    made = IncompleteNotice(
        office=desk.office,
        number=request.number,
        ticket=request.id,
        service=service.name,
        name=request.name,
        nik_masked=request.nik.masked,
        accepted_at=request.accepted_at,
        since=history[-1].at,
        reasons=tuple(code for code in request.reasons if code not in documents),
        lacking=tuple(documents[code] for code in request.reasons if code in documents),
        by=actor.name,
        copy=copy,
    )
    return made, visit
