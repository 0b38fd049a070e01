"""What the screens show: queues, and one request with everything that is known of it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from ktpel_desktop.core import request as life
from ktpel_desktop.core import roles
from ktpel_desktop.core.audit import Event
from ktpel_desktop.core.issuance import Job
from ktpel_desktop.core.outbox import Delivery, DeliveryKind
from ktpel_desktop.core.records import Handover, RequestFilter, UnitOfWork
from ktpel_desktop.core.request import Ageing, Interval, Request, RequestState, StateChange, StepStatus
from ktpel_desktop.core.roles import Action, Actor
from ktpel_desktop.core.services_catalogue import Product
from ktpel_desktop.services import outbox
from ktpel_desktop.services.desk import Desk

COUNTER_STATES = frozenset({RequestState.ACCEPTED, RequestState.INCOMPLETE, RequestState.AT_COUNTER})
"""Requests that lie at the counter: to be handed to the operator, to be completed, to be collected."""


@dataclass(frozen=True, slots=True, repr=False)
class RequestView:
    """One request and everything that follows from its history."""

    request: Request
    history: tuple[StateChange, ...]
    timeline: tuple[StepStatus, ...]
    service_time: timedelta
    ageing: Ageing
    jobs: tuple[Job, ...]
    events: tuple[Event, ...]
    deliveries: tuple[Delivery, ...]
    handover: Handover | None
    next_actions: tuple[Action, ...]


def queue(
    desk: Desk, actor: Actor, wanted: RequestFilter, limit: int = 100, offset: int = 0
) -> tuple[Request, ...]:
    """Requests that fit the filter, lawful priorities first. Raises PolicyError "role.not_allowed"."""
    roles.require(actor, Action.SEE_RESIDENTS)
    with desk.unit(actor) as unit:
        return tuple(unit.requests.find(wanted, limit, offset))


def counter_queue(desk: Desk, actor: Actor, limit: int = 200) -> tuple[Request, ...]:
    """What lies at the counter. Raises PolicyError "role.not_allowed"."""
    return queue(desk, actor, RequestFilter(COUNTER_STATES), limit)


def request_view(desk: Desk, actor: Actor, request_id: str) -> RequestView:
    """One request with timeline, clock, cards, deliveries and what the person may do next.

    Raises PolicyError "role.not_allowed", "request.unknown".
    """
    roles.require(actor, Action.SEE_RESIDENTS)
    with desk.unit(actor) as unit:
        request = unit.requests.get(request_id)
        history = tuple(unit.requests.history(request_id))
        events = tuple(unit.events.of(request_id))
        deliveries = tuple(unit.outbox.of_request(request_id))
        service = desk.catalogue.get(request.service)
        stopped = outages(unit.events.of(outbox.SIAK))
        # The clock of an ended request stands at its end, whatever the hour.
        until = history[-1].at if request.ended else unit.at
        used = life.service_time(history, stopped, until)
        return RequestView(
            request=request,
            history=history,
            timeline=life.timeline(history, _published(deliveries), _reported(unit, request, events)),
            service_time=used,
            ageing=life.ageing(used, service.target, service.limit),
            jobs=tuple(unit.jobs.of_request(request_id)),
            events=events,
            deliveries=deliveries,
            handover=unit.handover(request_id),
            next_actions=next_actions(actor, request, service.product, unit.at),
        )


def outages(events: Iterable[Event]) -> tuple[Interval, ...]:
    """Stretches without SIAK, from its offline and online events; the last may still last."""
    found: list[Interval] = []
    start: datetime | None = None
    for event in events:
        if event.kind == outbox.OFFLINE and start is None:
            start = event.at
        elif event.kind == outbox.ONLINE and start is not None:
            found.append(Interval(start, event.at))
            start = None
    if start is not None:
        found.append(Interval(start, None))
    return tuple(found)


_S, _A = RequestState, Action
_NEXT: dict[RequestState, tuple[Action, ...]] = {
    _S.ACCEPTED: (_A.HAND_FILES_OVER, _A.PRINT_RECEIPT, _A.CANCEL_REQUEST),
    _S.WITH_OPERATOR: (_A.VERIFY,),
    _S.INCOMPLETE: (_A.COMPLETE_FILE, _A.CANCEL_REQUEST),
    _S.WAITING_SIAK: (_A.VERIFY, _A.CANCEL_REQUEST),
    _S.WAITING_BLANK: (_A.VERIFY, _A.CANCEL_REQUEST),
    _S.VERIFIED: (_A.ISSUE,),
    _S.PRODUCED: (_A.HAND_RESULTS_OVER,),
    _S.AT_COUNTER: (_A.HAND_OVER_RESULT, _A.DESTROY_SPOILED),
    _S.HANDED_OVER: (),
    _S.REJECTED: (),
    _S.CANCELLED: (),
}
_NEEDS_CLAIM = frozenset({_A.VERIFY, _A.ISSUE, _A.MAKE_DOCUMENT})


def next_actions(actor: Actor, request: Request, product: Product, now: datetime) -> tuple[Action, ...]:
    """What this person may do with the request now: a function of its state, its claim and the role.

    Work on a file begins with CLAIM; a file that somebody else holds offers RELEASE_CLAIM instead.
    """
    found: list[Action] = []
    for action in _NEXT[request.state]:
        wanted = action
        if wanted is Action.ISSUE and product is Product.DOCUMENT:
            wanted = Action.MAKE_DOCUMENT
        if wanted in _NEEDS_CLAIM:
            if request.claimed_by_other(actor.username, now):
                wanted = Action.RELEASE_CLAIM
            elif request.claim is None or now >= request.claim.until:
                wanted = Action.CLAIM
        if roles.may(actor, wanted):
            found.append(wanted)
    return tuple(found)


def _published(deliveries: Sequence[Delivery]) -> bool:
    """Whether the newest status stands on the website."""
    statuses = [delivery for delivery in deliveries if delivery.kind is DeliveryKind.STATUS]
    return bool(statuses) and max(statuses, key=_number).delivered_at is not None


def _number(delivery: Delivery) -> tuple[datetime, int, str]:
    return delivery.created_at, len(delivery.id), delivery.id


def _reported(unit: UnitOfWork, request: Request, events: Sequence[Event]) -> bool:
    """Whether the report of a closed day holds how the request ended."""
    shift = unit.shifts.latest()
    if shift is None or not request.ended:
        return False
    ended = max(event.seq for event in events if event.kind == f"request.{request.state}")
    # Days are reported one after the other: what lies before the open day's first event is in an earlier report.
    closed_until = shift.last_event if shift.last_event is not None else shift.first_event - 1
    return ended <= closed_until and (shift.last_event is not None or shift.id > 1)
