"""From the print room to the counter, and from the counter into the applicant's hands (steps 6 and 7)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from ktpel_desktop.core import chip_load, roles
from ktpel_desktop.core.chip_load import Finding
from ktpel_desktop.core.errors import DeviceError, PolicyError
from ktpel_desktop.core.issuance import JobState
from ktpel_desktop.core.nik import mask_nik
from ktpel_desktop.core.ports import Answer
from ktpel_desktop.core.records import Handover, RequestFilter, UnitOfWork
from ktpel_desktop.core.request import Request, RequestState
from ktpel_desktop.core.roles import Action, Actor
from ktpel_desktop.core.services_catalogue import Product
from ktpel_desktop.services.approvals import Approval, demand
from ktpel_desktop.services.desk import Desk
from ktpel_desktop.services.intake import accept_again, hand_off, known_reasons
from ktpel_desktop.services.outbox import publish_status
from ktpel_desktop.services.verifying import LOSS_REPORT, replaces_card

CHIP_MUTE, DAMAGED, WRONG_DATA, NOT_FETCHED = "chip_mute", "damaged", "wrong_data", "not_fetched"
RESULT_REASONS = (CHIP_MUTE, DAMAGED, WRONG_DATA, NOT_FETCHED)
"""Why a result at the counter is withdrawn; words in [result_reason] of resources/teks/layar/kata.toml."""

RESULT_WITHDRAWN = "result.withdrawn"
CHIP_CHECKED = "handover.chip_checked"
REPLACEMENT = "KTP-RUSAK"
"""Service of a card in place of a bad one, and the requirement code of the bad card."""


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


@dataclass(frozen=True, slots=True)
class ChipCheck:
    """What the check reader says of a card before it is handed over: YES only where nothing is wrong with it."""

    answer: Answer
    findings: tuple[Finding, ...] = ()


def check_chip(desk: Desk, actor: Actor, request_id: str) -> ChipCheck:
    """Read the whole chip on the check reader and compare it with what was ordered for this request.

    Faults must not surface at a bank (domain.md 3). UNKNOWN where the reader itself has no word. Raises PolicyError
    "role.not_allowed", "handover.other_card"; DeviceError "chip.no_card".
    """
    roles.require(actor, Action.HAND_OVER_RESULT)
    with desk.unit(actor) as unit:
        issued = [job for job in unit.jobs.of_request(request_id) if job.state is JobState.ISSUED]
    try:
        reading = desk.check_chip.read()
    except DeviceError as error:
        if error.code == "chip.no_card":
            raise
        if error.code != "chip.mute":
            return ChipCheck(Answer.UNKNOWN)
        # Whose card it was cannot be known; a card of this request that is read afterwards counts instead.
        return _checked(desk, actor, request_id, Answer.NO)
    job = next((job for job in issued if job.chip_serial == reading.serial), None)
    if job is None:
        raise PolicyError("handover.other_card")
    findings = chip_load.compare(reading, job.digest)
    return _checked(desk, actor, request_id, Answer.NO if findings else Answer.YES, findings)


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
        # A chip that the reader found bad is not made good by a word.
        known = collection.chip_answers is not Answer.NO and _last_check(unit, request_id) is not Answer.NO
        if service.product is Product.CARD and not known:
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


def _checked(
    desk: Desk, actor: Actor, request_id: str, answer: Answer, findings: tuple[Finding, ...] = ()
) -> ChipCheck:
    with desk.unit(actor) as unit:
        faults = [f"{one.fault}:{one.part}".rstrip(":") for one in findings]
        unit.record(CHIP_CHECKED, request_id, {"answer": answer.value, "faults": ", ".join(faults)})
    return ChipCheck(answer, findings)


def _last_check(unit: UnitOfWork, request_id: str) -> Answer:
    """What the check reader said last of this request's card."""
    checks = [event for event in unit.events.of(request_id) if event.kind == CHIP_CHECKED]
    return Answer(str(checks[-1].data["answer"])) if checks else Answer.UNKNOWN


@dataclass(frozen=True, slots=True, repr=False)
class Withdrawal:
    """A result that will not be handed over, and the request that takes its place, if one does."""

    request: Request
    again: Request | None


def withdraw_result(
    desk: Desk, actor: Actor, request_id: str, reason: str, approval: Approval | None
) -> Withdrawal:
    """The end of a result that cannot be handed over (AT_COUNTER → CANCELLED): operator and penyelia take it back.

    The card stays issued in the books of blanks and is journalled as a card to be destroyed (approval of
    DESTROY_SPOILED on the request). Unless nobody fetched it, the resident gets a new request at once, linked in
    both journals. Raises PolicyError "role.not_allowed", "approval.missing", "approval.for_another",
    "request.reason_unknown", "handover.no_chip", "request.not_allowed", "request.moved_meanwhile".
    """
    roles.require(actor, Action.DESTROY_SPOILED)
    approver = demand(approval, Action.DESTROY_SPOILED, request_id, actor)
    codes = known_reasons([reason], RESULT_REASONS)
    with desk.unit(actor) as unit:
        request = unit.requests.get(request_id)
        if request.state is not RequestState.AT_COUNTER:
            raise PolicyError("request.not_allowed", state=request.state, to=RequestState.CANCELLED)
        service = desk.catalogue.get(request.service)
        card = service.product is Product.CARD
        if reason == CHIP_MUTE and not card:
            raise PolicyError("handover.no_chip")
        moved = unit.requests.move(request, RequestState.CANCELLED, reasons=codes, approver=approver)
        publish_status(unit, moved)
        again = None
        if reason != NOT_FETCHED:
            # A first card has been given by SIAK's book, so it is made again as a damaged one; any other service
            # is asked for again as it was, so that what it withdraws from the resident is still withdrawn.
            documents = request.documents
            if card and not replaces_card(service, documents):
                service, documents = desk.catalogue.get(REPLACEMENT), documents | {REPLACEMENT}
            again = accept_again(desk, unit, request, service, documents)
        data: dict[str, object] = {
            "reason": reason,
            "product": desk.catalogue.get(request.service).product.value,
        }
        if card:
            data["job"] = request.result
        if again is not None:
            data["again"] = again.id
        unit.record(RESULT_WITHDRAWN, request_id, data, approver=approver)
        return Withdrawal(moved, again)


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
