"""Whether a card may be begun now, for this request, in this room, and who must have given leave for it."""

from __future__ import annotations

from ktpel_desktop.core.errors import PolicyError
from ktpel_desktop.core.issuance import JobState
from ktpel_desktop.core.records import UnitOfWork
from ktpel_desktop.core.request import Request, RequestState
from ktpel_desktop.core.roles import Action
from ktpel_desktop.core.services_catalogue import Product
from ktpel_desktop.services import preflight
from ktpel_desktop.services.approvals import Approval, demand
from ktpel_desktop.services.desk import Desk


def may_start(
    desk: Desk,
    unit: UnitOfWork,
    request_id: str,
    reprint: Approval | None,
    out_of_hours: Approval | None,
) -> tuple[Request, dict[Action, str]]:
    """The request if a card may be begun for it, and who gave leave for what.

    Raises PolicyError as `issuing.reserve` says. On battery the card in work is finished and none begun (room.md 7.3).
    """
    request = unit.requests.get(request_id)
    if desk.catalogue.get(request.service).product is not Product.CARD:
        raise PolicyError("issuing.not_a_card", service=request.service)
    if request.state is not RequestState.VERIFIED:
        raise PolicyError("issuing.not_verified", state=request.state)
    if request.claim is None or request.claim.by != unit.actor.username or unit.at >= request.claim.until:
        raise PolicyError("issuing.claim_needed")
    if preflight.on_battery(unit):
        raise PolicyError("issuing.on_battery")
    approvers = {}
    if late := room_and_hour(desk, unit, request_id, out_of_hours):
        approvers[Action.PRINT_OUT_OF_HOURS] = late
    if unit.stock.balance().left < 1:
        raise PolicyError("issuing.no_blank")
    if any(job.state is JobState.SPOILED for job in unit.jobs.of_request(request_id)):
        approvers[Action.REPRINT] = demand(reprint, Action.REPRINT, request_id, unit.actor)
    return request, approvers


def room_and_hour(desk: Desk, unit: UnitOfWork, request_id: str, out_of_hours: Approval | None) -> str | None:
    """Whether cards may be printed here and now; who gave leave where the office is closed.

    The case of Grogol Selatan, June 2020: a card printed before opening, on no file (domain.md 0).
    """
    if unit.shifts.current() is None:
        raise PolicyError("issuing.no_shift")
    blocking = preflight.blocks_printing(desk, unit)
    if blocking:
        raise PolicyError("issuing.room_blocks", items=", ".join(blocking))
    if desk.office.open_at(unit.at):
        return None
    return demand(out_of_hours, Action.PRINT_OUT_OF_HOURS, request_id, unit.actor)
