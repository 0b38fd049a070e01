"""From the print room to the counter, and from the counter into the applicant's hands (steps 6 and 7)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from ktpel_desktop.core import roles
from ktpel_desktop.core.errors import DeviceError, PolicyError
from ktpel_desktop.core.issuance import ChipContent, JobState
from ktpel_desktop.core.nik import mask_nik
from ktpel_desktop.core.ports import Answer
from ktpel_desktop.core.records import Handover, RequestFilter
from ktpel_desktop.core.request import Request, RequestState
from ktpel_desktop.core.roles import Action, Actor
from ktpel_desktop.core.services_catalogue import Product
from ktpel_desktop.services.desk import Desk
from ktpel_desktop.services.intake import hand_off
from ktpel_desktop.services.outbox import publish_status
from ktpel_desktop.services.verifying import LOSS_REPORT


class Relation(StrEnum):
    """Who collects: the holder, one of the family, or somebody with a power of attorney (form F-1.07)."""

    SELF = "SENDIRI"
    FAMILY = "KELUARGA"
    PROXY = "KUASA"


@dataclass(frozen=True, slots=True, repr=False)
class Collection:
    """What the counter officer saw and took at handover.

    `collector` is the name of who collects (empty for SENDIRI), `identity` the paper shown, `withdrawn` the
    codes of what was taken back, LAPOR-POLISI standing for what was lost; `letter` the power of attorney of a KUASA.
    """

    collector: str
    relation: str
    identity: str
    withdrawn: tuple[str, ...] = ()
    chip_answers: Answer = Answer.UNKNOWN
    receipt_signed: bool = False
    letter: str = ""


def hand_to_counter(
    desk: Desk, actor: Actor, request_ids: Sequence[str], receiver: str
) -> tuple[Request, ...]:
    """Step 6: results go to the counter in a bundle; both names and the time are journalled. All or none.

    Raises PolicyError "role.not_allowed", "handoff.nothing", "handoff.receiver", "request.not_allowed",
    "request.moved_meanwhile".
    """
    roles.require(actor, Action.HAND_RESULTS_OVER)
    with desk.unit(actor) as unit:
        return hand_off(unit, request_ids, RequestState.AT_COUNTER, receiver, Action.RECEIVE_RESULTS)


def ready(desk: Desk, actor: Actor, limit: int = 1000) -> tuple[Request, ...]:
    """Results that wait at the counter. Raises PolicyError "role.not_allowed"."""
    roles.require(actor, Action.SEE_RESIDENTS)
    with desk.unit(actor) as unit:
        return tuple(unit.requests.find(RequestFilter(frozenset({RequestState.AT_COUNTER})), limit))


def chip_answers(desk: Desk, actor: Actor, request_id: str | None = None) -> Answer:
    """Whether the chip on the reader answers and holds data: faults must not surface at a bank (domain.md 3).

    With `request_id` the card must be the one issued for it. UNKNOWN where the reader itself has no word.
    Raises PolicyError "role.not_allowed", "handover.other_card"; DeviceError "chip.no_card".
    """
    roles.require(actor, Action.HAND_OVER_RESULT)
    try:
        probe = desk.chip.probe()
    except DeviceError as error:
        if error.code == "chip.no_card":
            raise
        return Answer.NO if error.code == "chip.mute" else Answer.UNKNOWN
    if request_id is not None:
        with desk.unit(actor) as unit:
            issued = {
                job.chip_serial for job in unit.jobs.of_request(request_id) if job.state is JobState.ISSUED
            }
        if probe.serial not in issued:
            raise PolicyError("handover.other_card")
    return Answer.YES if probe.content is ChipContent.FULL else Answer.NO


def hand_over(desk: Desk, actor: Actor, request_id: str, collection: Collection) -> Request:
    """Step 7: the result goes into the applicant's hands, with who took it, what was shown, what was withdrawn.

    Raises PolicyError "role.not_allowed", "handover.relation", "handover.collector_missing",
    "handover.identity_missing", "handover.letter_missing", "handover.not_withdrawn", "handover.item_unknown",
    "handover.chip_mute", "handover.receipt_unsigned", "request.not_allowed", "request.moved_meanwhile".
    """
    roles.require(actor, Action.HAND_OVER_RESULT)
    with desk.unit(actor) as unit:
        request = unit.requests.get(request_id)
        collector = _collector(request, collection)
        service = desk.catalogue.get(request.service)
        _withdrawn(
            {item.code for item in service.withdrawn_for(request.documents)}, frozenset(collection.withdrawn)
        )
        if service.product is Product.CARD and collection.chip_answers is Answer.NO:
            raise PolicyError("handover.chip_mute")
        if not collection.receipt_signed:
            raise PolicyError("handover.receipt_unsigned")
        moved = unit.requests.move(
            request, RequestState.HANDED_OVER, data={"relation": Relation(collection.relation).value}
        )
        unit.add_handover(
            Handover(
                request_id=request_id,
                collector=collector,
                relation=collection.relation,
                identity=mask_nik(collection.identity.strip()),
                withdrawn=tuple(sorted(set(collection.withdrawn))),
                chip_answers=collection.chip_answers,
                at=unit.at,
                by=actor.username,
            )
        )
        publish_status(unit, moved)
        return moved


def _collector(request: Request, collection: Collection) -> str:
    """Name of who collects. Everybody shows a paper; who is not of the family also brings a power of attorney."""
    if collection.relation not in set(Relation):
        raise PolicyError("handover.relation")
    name = " ".join(collection.collector.split())
    if collection.relation == Relation.SELF:
        name = request.name
    elif not name:
        raise PolicyError("handover.collector_missing")
    if not collection.identity.strip():
        raise PolicyError("handover.identity_missing")
    if collection.relation == Relation.PROXY and not collection.letter.strip():
        raise PolicyError("handover.letter_missing")
    return name


def _withdrawn(due: set[str], given: frozenset[str]) -> None:
    """Every item due must have been given up, unless the police report says that it is lost."""
    unknown = given - due - {LOSS_REPORT}
    if unknown:
        raise PolicyError("handover.item_unknown", count=len(unknown))
    if not due <= given and LOSS_REPORT not in given:
        raise PolicyError("handover.not_withdrawn", documents=", ".join(sorted(due - given)))
