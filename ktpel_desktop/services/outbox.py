"""The outbox: print results for SIAK and statuses for the Dinas website, kept until they have arrived.

A delivery is put in the same transaction as the change it tells of, and delivered at least once; the receiver
knows it by its id. An unreachable SIAK is logged as an outage, which stops the service clock.
"""

from __future__ import annotations

from dataclasses import dataclass

from ktpel_desktop.core.errors import Effect, GatewayError
from ktpel_desktop.core.issuance import Job, JobState
from ktpel_desktop.core.outbox import NO_ENTRY, NO_LINE, CardOutcome, Delivery, DeliveryKind, wait_after
from ktpel_desktop.core.records import UnitOfWork
from ktpel_desktop.core.request import Request, RequestState
from ktpel_desktop.core.roles import Actor
from ktpel_desktop.services.desk import Desk

SIAK = "siak"
OFFLINE, ONLINE = "siak.offline", "siak.online"


def publish_status(unit: UnitOfWork, request: Request) -> None:
    """Let the applicant see the request's present state on the website (step 8)."""
    changes = len(unit.requests.history(request.id))
    unit.outbox.put(
        Delivery(
            id=f"{request.id}-S{changes}",
            kind=DeliveryKind.STATUS,
            request_id=request.id,
            created_at=unit.at,
            payload={"ticket": request.id, "status": request.state.value},
        )
    )


def put_print_result(unit: UnitOfWork, job: Job, outcome: CardOutcome) -> None:
    """Tell SIAK what became of the job's print order. The delivery id is the job id."""
    unit.outbox.put(
        Delivery(
            id=job.id,
            kind=DeliveryKind.PRINT_RESULT,
            request_id=job.request_id,
            created_at=unit.at,
            payload={
                "job_id": job.id,
                "order_id": job.order_id,
                "request_id": job.request_id,
                "outcome": outcome.value,
                "chip_serial": job.chip_serial or "",
                "reason": job.spoil_reason.value if job.spoil_reason else "",
            },
        )
    )


@dataclass(frozen=True, slots=True)
class Outcome:
    """What one round of deliveries did. `refused` were answered with a refusal and need a person."""

    delivered: int
    failed: int
    refused: int
    waiting: int


def deliver(desk: Desk, actor: Actor, limit: int = 50) -> Outcome:
    """Deliver what is due, oldest first. Stops at the first sign that SIAK cannot be reached or lets nobody in.

    Raises StoreError only: a gateway failure is noted on the delivery and tried again later.
    """
    delivered = failed = refused = 0
    with desk.unit(actor) as unit:
        due = [item for item in unit.outbox.waiting() if item.next_at is None or item.next_at <= unit.at]
    for item in due[:limit]:
        try:
            desk.siak.deliver(item)
        except GatewayError as error:
            note_failure(desk, actor, item, error)
            if _unreachable(error) or error.code in NO_ENTRY:
                failed += 1
                break
            refused += 1
        else:
            _settle(desk, actor, item)
            delivered += 1
    with desk.unit(actor) as unit:
        waiting = len(unit.outbox.waiting())
    return Outcome(delivered, failed, refused, waiting)


def waiting(desk: Desk, actor: Actor) -> tuple[Delivery, ...]:
    """What has not arrived yet, oldest first."""
    with desk.unit(actor) as unit:
        return tuple(unit.outbox.waiting())


def note_failure(desk: Desk, actor: Actor, item: Delivery, error: GatewayError) -> None:
    """Keep the delivery for later and log the beginning of an outage."""
    with desk.unit(actor) as unit:
        unit.outbox.failed(item.id, error.code, unit.at + wait_after(item.attempts + 1))
        if _unreachable(error):
            note_reachable(unit, reachable=False)


def note_reachable(unit: UnitOfWork, *, reachable: bool) -> None:
    """Record the beginning or the end of an outage of SIAK, once each."""
    told = [event.kind for event in unit.events.of(SIAK)]
    offline = bool(told) and told[-1] == OFFLINE
    if reachable == offline:
        unit.record(ONLINE if reachable else OFFLINE, SIAK)


def _unreachable(error: GatewayError) -> bool:
    return error.effect is Effect.UNKNOWN or error.code in NO_LINE


def _settle(desk: Desk, actor: Actor, item: Delivery) -> None:
    """SIAK has it: mark it, and bring the job and its request forward, in one transaction.

    A delivery that was replaced while it was on the way (its card was withdrawn) stays in the queue with what it says
    now: SIAK has heard the other thing, and its refusal is for a person to see.
    """
    with desk.unit(actor) as unit:
        note_reachable(unit, reachable=True)
        if dict(unit.outbox.get(item.id).payload) != dict(item.payload):
            return
        unit.outbox.delivered(item.id)
        if item.payload.get("outcome") != CardOutcome.ISSUED.value:
            return
        job = unit.jobs.get(item.payload["job_id"])
        if job.state is not JobState.REPORTING:
            return
        unit.jobs.move(job, JobState.ISSUED)
        request = unit.requests.get(job.request_id)
        moved = unit.requests.move(request, RequestState.PRODUCED, result=job.id)
        publish_status(unit, moved)
