"""Before a card is printed its owner reads what will stand on it, and signs that it is right.

The sheet is made of the order that SIAK signed, in memory, and goes to paper only; the journal keeps its digest.
"""

from __future__ import annotations

from ktpel_desktop.core import roles
from ktpel_desktop.core.errors import PolicyError
from ktpel_desktop.core.issuance import JobState
from ktpel_desktop.core.letters import ReadBack
from ktpel_desktop.core.print_order import VerifiedOrder
from ktpel_desktop.core.roles import Action, Actor
from ktpel_desktop.services import on_paper
from ktpel_desktop.services.desk import Desk

PRINTED = "read_back.printed"
BEFORE_PRINT = frozenset({JobState.RESERVED, JobState.ENCODING, JobState.ENCODED})
"""States of a job whose card can still be kept from being printed."""


def sheet(desk: Desk, actor: Actor, job: str, order: VerifiedOrder) -> ReadBack:
    """What stands on the sheet, whole: it is its owner's own paper.

    Raises PolicyError "role.not_allowed", "order.content_changed" (not this job's order), "read_back.too_late".
    """
    roles.require(actor, Action.ISSUE)
    with desk.unit(actor) as unit:
        known = unit.jobs.get(job)
        if (order.order.order_id, order.order.digest) != (known.order_id, known.digest):
            raise PolicyError("order.content_changed", order=known.order_id)
        if known.state not in BEFORE_PRINT:
            raise PolicyError("read_back.too_late", state=known.state)
        request = unit.requests.get(known.request_id)
        return ReadBack(
            office=desk.office,
            number=request.number,
            service=desk.catalogue.get(request.service).name,
            subject=order.subject,
            at=unit.at,
            by=actor.name,
            copy=on_paper.next_copy_in(unit.events.of(request.id), PRINTED, known.digest),
        )


def pdf(desk: Desk, actor: Actor, job: str, order: VerifiedOrder) -> bytes:
    """The sheet set in type, to be looked at; never kept. Raises as `sheet`, and what the face's texts raise."""
    return desk.papers.read_back(sheet(desk, actor, job, order))


def print_out(desk: Desk, actor: Actor, job: str, order: VerifiedOrder) -> None:
    """The sheet on paper, journalled by the digest of what SIAK signed.

    Raises as `pdf`; DeviceError of the page printer.
    """
    made = sheet(desk, actor, job, order)
    paper = desk.papers.read_back(made)
    with desk.unit(actor) as unit:
        request_id = unit.jobs.get(job).request_id
    told = {"job": job, on_paper.EDITION: order.order.digest, on_paper.COPY: made.copy}
    title = f"Lembar periksa data {made.number}"
    on_paper.print_recorded(
        desk, actor, paper, title, kind=PRINTED, subject=request_id, told=told, keep=False
    )
