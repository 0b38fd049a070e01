"""The list of one hand-off, built from the journal, so that it can be printed at once or again as a copy."""

from __future__ import annotations

from dataclasses import dataclass

from ktpel_desktop.core import roles
from ktpel_desktop.core.audit import Event
from ktpel_desktop.core.errors import DeviceError, Effect, PolicyError
from ktpel_desktop.core.papers import HandedOff, HandOffList
from ktpel_desktop.core.records import UnitOfWork
from ktpel_desktop.core.request import RequestState
from ktpel_desktop.core.roles import Action, Actor
from ktpel_desktop.services.desk import Desk
from ktpel_desktop.services.intake import mask_name

_HANDED, _PRINTED, _FAILED = "handoff", "handoff.list_printed", "handoff.list_failed"
_SPAN = 20_000
"""Events among which the others of a hand-off are looked for: they were journalled in one transaction."""


@dataclass(frozen=True, slots=True)
class ListOutcome:
    """Whether the list came out; `error` is the device's code. `copy` 0 is the first print."""

    printed: bool
    error: str | None
    copy: int


def print_list(desk: Desk, actor: Actor, request_id: str) -> ListOutcome:
    """Print the list of the hand-off in which this request changed hands last; from the second time on as a copy.

    A printer that is off is told in the outcome and stops nothing. Raises PolicyError "role.not_allowed",
    "handoff.no_printer", "handoff.never".
    """
    _require(actor)
    if desk.dot_matrix is None:
        raise PolicyError("handoff.no_printer")
    with desk.unit(actor) as unit:
        first, data = _list(desk, unit, request_id)
    title = "Daftar serah hasil" if data.results else "Daftar serah berkas"
    error: DeviceError | None = None
    try:
        desk.dot_matrix.send_raw(desk.papers.hand_off_list(data), title)
    except DeviceError as failure:
        error = failure
    told: dict[str, object] = {"event": first.seq, "copy": data.copy}
    if error is not None:
        told["error"] = error.code
    with desk.unit(actor) as unit:
        # What may have come out counts: there must not be two lists that both say they are the first.
        came_out = error is None or error.effect is not Effect.NONE
        unit.record(_PRINTED if came_out else _FAILED, first.subject, told)
    return ListOutcome(error is None, None if error is None else error.code, data.copy)


def hand_off_list(desk: Desk, actor: Actor, request_id: str) -> HandOffList:
    """What the next print of that list would say. Raises PolicyError "role.not_allowed", "handoff.never"."""
    _require(actor)
    with desk.unit(actor) as unit:
        return _list(desk, unit, request_id)[1]


def _require(actor: Actor) -> None:
    """Whoever may hand over, in either direction, may print what was handed over."""
    if not roles.may(actor, Action.HAND_FILES_OVER):
        roles.require(actor, Action.HAND_RESULTS_OVER)


def _list(desk: Desk, unit: UnitOfWork, request_id: str) -> tuple[Event, HandOffList]:
    """The first event of the hand-off, and the list."""
    own = [event for event in unit.events.of(request_id) if event.kind == _HANDED]
    if not own:
        raise PolicyError("handoff.never")
    last = own[-1]
    near = unit.events.of_kinds(frozenset({_HANDED}), after=max(0, last.seq - _SPAN))
    events = [event for event in near if _together(event, last)]
    first = events[0]
    printed = sum(
        event.kind == _PRINTED and event.data.get("event") == first.seq
        for event in unit.events.of(first.subject)
    )
    names = {person.username: person.name for person in unit.people.list()}
    giver, receiver = str(last.data["from"]), str(last.data["to"])
    return first, HandOffList(
        office=desk.office.name,
        results=last.data["state"] == RequestState.AT_COUNTER,
        giver=names.get(giver, giver),
        receiver=names.get(receiver, receiver),
        at=last.at,
        rows=tuple(_row(desk, unit, event.subject) for event in events),
        copy=printed,
        training=desk.office.training,
    )


def _together(one: Event, other: Event) -> bool:
    """Whether both are of one hand-off: nobody hands over twice in one microsecond."""
    return (one.at, one.actor, dict(one.data)) == (other.at, other.actor, dict(other.data))


def _row(desk: Desk, unit: UnitOfWork, request_id: str) -> HandedOff:
    request = unit.requests.get(request_id)
    return HandedOff(
        number=request.number,
        ticket=request.id,
        service=desk.catalogue.get(request.service).name,
        name_masked=mask_name(request.name),
        nik_masked=request.nik.masked,
    )
