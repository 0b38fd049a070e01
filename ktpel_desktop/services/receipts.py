"""The applicant's receipt: printed when the request is accepted, again as a marked copy, or later where it could not.

A printer that is off never stops the counter. A receipt that surely did not come out waits in a list until it was
printed or its request has ended; the list is events on one subject, no table, so it outlives the program. A receipt of
which nobody knows what came out does not wait: a person must look, and prints a copy by hand where it is needed.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from ktpel_desktop.core import roles
from ktpel_desktop.core.audit import Event
from ktpel_desktop.core.errors import DeviceError, Effect
from ktpel_desktop.core.papers import ReceiptData
from ktpel_desktop.core.records import UnitOfWork
from ktpel_desktop.core.request import ENDED, Request
from ktpel_desktop.core.roles import Action, Actor
from ktpel_desktop.services.desk import Desk

PRINTED, FAILED = "receipt.printed", "receipt.failed"
"""Events on the request."""
WAITING, NO_LONGER_WAITING = "receipt.waiting", "receipt.no_longer_waiting"
"""Events on WAITING_LIST, each naming its request."""
WAITING_LIST = "struk-tertunda"


@dataclass(frozen=True, slots=True)
class ReceiptOutcome:
    """What became of one receipt: printed, or the device's failure with its effect. `data` are the bytes to preview."""

    data: bytes = field(repr=False)
    failure: DeviceError | None = None

    @property
    def printed(self) -> bool:
        """Whether the printer took it to its end."""
        return self.failure is None


@dataclass(frozen=True, slots=True)
class LateOutcome:
    """What became of the waiting receipts: numbers printed, how many still wait, and the one that failed and how."""

    printed: tuple[str, ...]
    left: int
    failed: str = ""
    failure: DeviceError | None = None


def receipt_data(desk: Desk, actor: Actor, request_id: str) -> ReceiptData:
    """What stands on the applicant's next receipt, NIK and name masked; a copy where one may have come out before.

    Raises PolicyError "role.not_allowed", "request.unknown".
    """
    roles.require(actor, Action.PRINT_RECEIPT)
    with desk.unit(actor) as unit:
        request = unit.requests.get(request_id)
        copy = _came_out(unit.events.of(request_id))
    service = desk.catalogue.get(request.service)
    return ReceiptData(
        office=desk.office.name,
        number=request.number,
        ticket=request.id,
        service=service.name,
        name_masked=mask_name(request.name),
        nik_masked=request.nik.masked,
        accepted_at=request.accepted_at,
        promised_at=request.accepted_at + service.target,
        documents=tuple(need.text for need in service.requirements if need.code in request.documents),
        missing=tuple(need.text for need in service.missing(request.documents)),
        status_url=desk.office.status_url,
        complaints=desk.office.complaints,
        copy=copy,
        training=desk.office.training,
    )


def print_receipt(desk: Desk, actor: Actor, request_id: str) -> ReceiptOutcome:
    """Print the receipt. A printer that is off never stops the counter: the failure is in the outcome.

    Raises PolicyError "role.not_allowed", "request.unknown"; never a DeviceError.
    """
    told = receipt_data(desk, actor, request_id)
    data = desk.papers.receipt(told)
    failure: DeviceError | None = None
    try:
        desk.receipt_printer.send(data)
    except DeviceError as error:
        failure = error
    said: dict[str, object] = {"copy": told.copy}
    with desk.unit(actor) as unit:
        waits = request_id in _waiting(unit)
        if failure is None:
            unit.record(PRINTED, request_id, said)
        else:
            unit.record(FAILED, request_id, {**said, "error": failure.code, "effect": failure.effect.value})
        must_wait = failure is not None and failure.effect is Effect.NONE
        if must_wait != waits:
            unit.record(WAITING if must_wait else NO_LONGER_WAITING, WAITING_LIST, {"request": request_id})
    return ReceiptOutcome(data, failure)


def waiting(desk: Desk, actor: Actor) -> tuple[Request, ...]:
    """Requests in hand whose receipt could not be printed yet, oldest first. Raises PolicyError "role.not_allowed"."""
    roles.require(actor, Action.PRINT_RECEIPT)
    with desk.unit(actor) as unit:
        found = [unit.requests.get(request_id) for request_id in _waiting(unit)]
    return tuple(request for request in found if request.state not in ENDED)


def print_waiting(desk: Desk, actor: Actor) -> LateOutcome:
    """Print the waiting receipts until one fails; never a DeviceError. Raises PolicyError "role.not_allowed"."""
    printed: list[str] = []
    for request in waiting(desk, actor):
        outcome = print_receipt(desk, actor, request.id)
        if not outcome.printed:
            left = len(waiting(desk, actor))
            return LateOutcome(tuple(printed), left, request.number, outcome.failure)
        printed.append(request.number)
    return LateOutcome(tuple(printed), 0)


def mask_name(name: str) -> str:
    """First letter of each word: enough for its owner to recognise the receipt, for nobody else to read it."""
    return " ".join(word[0] + "•" * (len(word) - 1) for word in name.split())


def _came_out(events: Sequence[Event]) -> int:
    """How many receipts came out or may have."""
    return sum(
        event.kind == PRINTED or (event.kind == FAILED and event.data.get("effect") == Effect.UNKNOWN)
        for event in events
    )


def _waiting(unit: UnitOfWork) -> list[str]:
    """Request ids on the list, oldest first."""
    found: dict[str, None] = {}
    for event in unit.events.of(WAITING_LIST):
        request_id = str(event.data["request"])
        if event.kind == WAITING:
            found[request_id] = None
        else:
            found.pop(request_id, None)
    return list(found)
