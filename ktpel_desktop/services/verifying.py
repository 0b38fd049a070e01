"""The operator's table: claim a file, compare it with SIAK, decide (steps 3, 4 and the waiting side ways)."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from ktpel_desktop.core import enrolment, letters, roles
from ktpel_desktop.core.errors import GatewayError, PolicyError
from ktpel_desktop.core.flows_room import (
    EXPLANATIONS,
    INCOMPLETE_REASONS,
    REJECT_REASONS,
    WAITING_REASONS,
)
from ktpel_desktop.core.nik import FamilyCardNumber, NikFinding, Sex, mask_nik
from ktpel_desktop.core.ports import SiakRecord
from ktpel_desktop.core.records import UnitOfWork
from ktpel_desktop.core.request import Request, RequestState
from ktpel_desktop.core.roles import Action, Actor
from ktpel_desktop.core.services_catalogue import Holder, Product, Service
from ktpel_desktop.services.approvals import Approval, demand
from ktpel_desktop.services.desk import Desk
from ktpel_desktop.services.intake import known_reasons
from ktpel_desktop.services.outbox import publish_status

LOSS_REPORT = "LAPOR-POLISI"
"""Requirement code of the police report, which stands for a lost card."""

LOOKED_UP, RECHECKED, REFUSED = "verifying.looked_up", "verifying.rechecked", "verifying.siak_refused"
"""What SIAK answered: to a look-up, to a question put again, and where it refuses the resident."""

NO_BLANK = "no_blank"
"""The one reason to wait that is not SIAK's: the file waits for blanks."""


@dataclass(frozen=True, slots=True, repr=False)
class Difference:
    """A field in which the file and SIAK disagree. No. KK stands masked."""

    field: str
    file: str
    siak: str


@dataclass(frozen=True, slots=True, repr=False)
class Comparison:
    """What a look-up showed. Differences and findings warn and never refuse (domain.md 1)."""

    record: SiakRecord
    differences: tuple[Difference, ...]
    nik_findings: tuple[NikFinding, ...]
    enrolment: str
    printable: bool
    advice: str


_IN_WORK = frozenset(
    {
        RequestState.WITH_OPERATOR,
        RequestState.WAITING_SIAK,
        RequestState.VERIFIED,
        RequestState.WAITING_BLANK,
    }
)


def claim(desk: Desk, actor: Actor, request_id: str) -> Request:
    """Take a file to work on it, for the office's lease; again to renew the lease.

    Raises PolicyError "role.not_allowed", "verifying.not_in_work", "request.claimed" naming the holder.
    """
    roles.require(actor, Action.CLAIM)
    with desk.unit(actor) as unit:
        request = unit.requests.get(request_id)
        if request.state not in _IN_WORK:
            raise PolicyError("verifying.not_in_work", state=request.state)
        return unit.requests.claim(request, unit.at + desk.office.claim_lease)


def release(desk: Desk, actor: Actor, request_id: str, approval: Approval | None = None) -> Request:
    """Put a file back. Another person's running claim needs a second person (RELEASE_CLAIM on the request).

    Raises PolicyError "role.not_allowed", "approval.missing", "approval.for_another".
    """
    roles.require(actor, Action.CLAIM)
    with desk.unit(actor) as unit:
        request = unit.requests.get(request_id)
        if not request.claimed_by_other(actor.username, unit.at):
            return unit.requests.release(request)
        return unit.requests.release(request, demand(approval, Action.RELEASE_CLAIM, request_id, actor))


def look_up(desk: Desk, actor: Actor, request_id: str) -> Comparison:
    """Step 3: ask SIAK for the resident and compare. What was shown is journalled, as codes.

    Raises PolicyError "role.not_allowed", "verifying.claim_needed"; GatewayError of SIAK.
    """
    roles.require(actor, Action.VERIFY)
    with desk.unit(actor) as unit:
        request = _claimed(unit, request_id)
    record = _answer(desk, actor, request)
    comparison = compare(desk, request, record)
    with desk.unit(actor) as unit:
        unit.record(
            LOOKED_UP,
            request_id,
            {
                "visit": len(unit.requests.history(request_id)),
                "enrolment": comparison.enrolment,
                "printable": comparison.printable,
                "differences": [difference.field for difference in comparison.differences],
                "findings": [finding.value for finding in comparison.nik_findings],
            },
        )
    return comparison


def compare(desk: Desk, request: Request, record: SiakRecord) -> Comparison:
    """The file against SIAK's record: a function of both, and of today's date."""
    service = desk.catalogue.get(request.service)
    fields = record.fields
    today = desk.clock.now().astimezone(desk.office.timezone).date()
    differences = []
    if _plain(request.name) != _plain(fields.get("NAMA_LGKP", "")):
        differences.append(Difference("NAMA_LGKP", request.name, fields.get("NAMA_LGKP", "")))
    theirs = _family_card(fields.get("NO_KK", ""))
    if request.kk is not None and request.kk != theirs:
        differences.append(Difference("NO_KK", request.kk.masked, theirs.masked if theirs else ""))
    findings = request.nik.findings(
        today,
        desk.regions,
        kk=request.kk,
        biodata_date=_date(fields.get("TGL_LHR", "")),
        biodata_sex=_sex(fields.get("JENIS_KLMIN", "")),
        ever_married=_plain(fields.get("STATUS_KAWIN", "")) not in ("", "BELUMKAWIN")
        or service.holder is Holder.EVER_MARRIED,
        child=service.holder is not Holder.ADULT,
    )
    if service.product is Product.DOCUMENT:
        return Comparison(record, tuple(differences), findings, record.enrolment, True, enrolment.NOT_NEEDED)
    verdict = enrolment.judge(record.enrolment, first=not replaces_card(service, request.documents))
    return Comparison(
        record, tuple(differences), findings, record.enrolment, verdict.printable, verdict.advice
    )


def replaces_card(service: Service, documents: Collection[str]) -> bool:
    """Whether the new card takes the place of one that is given up or was reported lost."""
    return bool(service.withdrawn_for(documents)) or LOSS_REPORT in documents


def decide_complete(desk: Desk, actor: Actor, request_id: str, explanation: str = "") -> Request:
    """Step 3, done: the file is complete and agrees with SIAK (WITH_OPERATOR → VERIFIED).

    `explanation` is the one of EXPLANATIONS why a difference is right, and is journalled. Raises PolicyError
    "role.not_allowed", "verifying.claim_needed", "verifying.documents_missing", "verifying.look_up_needed" (by
    this person, since the file came), "verifying.not_printable", "request.reason_unknown", "request.not_allowed",
    "request.moved_meanwhile".
    """
    roles.require(actor, Action.VERIFY)
    explained = {"explained": known_reasons([explanation], EXPLANATIONS)[0]} if explanation else {}
    with desk.unit(actor) as unit:
        request = _claimed(unit, request_id)
        service = desk.catalogue.get(request.service)
        missing = service.missing(request.documents)
        if missing:
            codes = ", ".join(need.code for need in missing)
            raise PolicyError("verifying.documents_missing", documents=codes)
        visit = len(unit.requests.history(request_id))
        seen = [
            event
            for event in unit.events.of(request_id)
            if event.kind in (LOOKED_UP, REFUSED)
            and event.actor == actor.username
            and event.data.get("visit") == visit
        ]
        if not seen:
            raise PolicyError("verifying.look_up_needed")
        if not seen[-1].data.get("printable"):
            said = seen[-1].data
            raise PolicyError("verifying.not_printable", enrolment=said.get("enrolment") or said.get("error"))
        return _decided(unit, request, RequestState.VERIFIED, (), explained)


def decide_incomplete(desk: Desk, actor: Actor, request_id: str, reasons: Sequence[str]) -> Request:
    """Step 4: the applicant is told. Reasons are INCOMPLETE_REASONS and codes of the service's documents.

    Raises PolicyError "role.not_allowed", "verifying.claim_needed", "request.reason_missing",
    "request.reason_unknown", "request.not_allowed", "request.moved_meanwhile".
    """
    roles.require(actor, Action.VERIFY)
    with desk.unit(actor) as unit:
        request = _claimed(unit, request_id)
        known = {need.code for need in desk.catalogue.get(request.service).requirements}
        codes = known_reasons(reasons, known.union(INCOMPLETE_REASONS))
        return _decided(unit, request, RequestState.INCOMPLETE, codes)


def decide_wait(desk: Desk, actor: Actor, request_id: str, reason: str) -> Request:
    """Wait for SIAK, or (NO_BLANK, from VERIFIED) for blanks. The service clock stands.

    `reason` is one of WAITING_REASONS, an enrolment state, or NO_BLANK. Raises PolicyError "role.not_allowed",
    "verifying.claim_needed", "request.reason_unknown", "verifying.blanks_left", "verifying.job_open",
    "request.not_allowed", "request.moved_meanwhile".
    """
    roles.require(actor, Action.VERIFY)
    codes = known_reasons([reason], {*WAITING_REASONS, *enrolment.TABLE, NO_BLANK})
    with desk.unit(actor) as unit:
        request = _claimed(unit, request_id)
        _no_open_job(unit, request_id)
        if reason != NO_BLANK:
            return _decided(unit, request, RequestState.WAITING_SIAK, codes)
        left = unit.stock.balance().left
        if left > 0:
            raise PolicyError("verifying.blanks_left", left=left)
        return _decided(unit, request, RequestState.WAITING_BLANK, codes)


def decide_reject(desk: Desk, actor: Actor, request_id: str, reasons: Sequence[str]) -> Request:
    """Refuse or refer the request; reasons are REJECT_REASONS.

    Raises PolicyError "role.not_allowed", "verifying.claim_needed", "request.reason_missing",
    "request.reason_unknown", "verifying.job_open", "request.not_allowed", "request.moved_meanwhile".
    """
    roles.require(actor, Action.VERIFY)
    codes = known_reasons(reasons, REJECT_REASONS)
    with desk.unit(actor) as unit:
        request = _claimed(unit, request_id)
        _no_open_job(unit, request_id)
        return _decided(unit, request, RequestState.REJECTED, codes)


def recheck(desk: Desk, actor: Actor, request_id: str) -> Request:
    """Ask SIAK again for a waiting file: back to the operator when it can go on, else it stays.

    Nobody needs to hold the file for it, but nobody else may. Raises PolicyError "role.not_allowed",
    "request.claimed", "verifying.not_waiting"; GatewayError of SIAK.
    """
    roles.require(actor, Action.VERIFY)
    with desk.unit(actor) as unit:
        request = _free_and_waiting(unit, request_id, RequestState.WAITING_SIAK)
    comparison = compare(desk, request, _answer(desk, actor, request))
    with desk.unit(actor) as unit:
        request = _free_and_waiting(unit, request_id, RequestState.WAITING_SIAK)
        seen = {"enrolment": comparison.enrolment, "printable": comparison.printable}
        unit.record(RECHECKED, request_id, seen)
        if not comparison.printable:
            return request
        moved = unit.requests.move(request, RequestState.WITH_OPERATOR)
        publish_status(unit, moved)
        return moved


def blanks_arrived(desk: Desk, actor: Actor, request_id: str) -> Request:
    """Blanks have come (WAITING_BLANK → VERIFIED).

    Raises PolicyError "role.not_allowed", "request.claimed", "verifying.not_waiting", "verifying.no_blank".
    """
    roles.require(actor, Action.VERIFY)
    with desk.unit(actor) as unit:
        request = _free_and_waiting(unit, request_id, RequestState.WAITING_BLANK)
        if unit.stock.balance().left < 1:
            raise PolicyError("verifying.no_blank")
        moved = unit.requests.move(request, RequestState.VERIFIED)
        publish_status(unit, moved)
        return moved


def make_document(desk: Desk, actor: Actor, request_id: str, reference: str) -> Request:
    """Step 5 of a document: it was made in SIAK under this register number (VERIFIED → PRODUCED).

    A No. KK or NIK is no reference: it would stand in the journal. Raises PolicyError "role.not_allowed",
    "verifying.claim_needed", "verifying.not_a_document", "verifying.reference", "request.not_allowed",
    "request.moved_meanwhile".
    """
    roles.require(actor, Action.MAKE_DOCUMENT)
    number = " ".join(reference.split())
    if not number or mask_nik(number) != number:
        raise PolicyError("verifying.reference")
    with desk.unit(actor) as unit:
        request = _claimed(unit, request_id)
        if desk.catalogue.get(request.service).product is not Product.DOCUMENT:
            raise PolicyError("verifying.not_a_document", service=request.service)
        moved = unit.requests.release(unit.requests.move(request, RequestState.PRODUCED, result=number))
        publish_status(unit, moved)
        return moved


def _answer(desk: Desk, actor: Actor, request: Request) -> SiakRecord:
    """SIAK's record; a refusal that speaks of the resident is journalled, for a referral must name its day."""
    try:
        return desk.siak.look_up(request.nik)
    except GatewayError as error:
        if error.code in letters.REFUSALS:
            with desk.unit(actor) as unit:
                visit = len(unit.requests.history(request.id))
                unit.record(REFUSED, request.id, {"visit": visit, "error": error.code})
        raise


def _decided(
    unit: UnitOfWork,
    request: Request,
    to: RequestState,
    reasons: tuple[str, ...],
    data: Mapping[str, object] | None = None,
) -> Request:
    """The decision, told to the applicant. Whoever verified goes on to print; else the file is let go."""
    moved = unit.requests.move(request, to, reasons=reasons, data=data)
    if to is not RequestState.VERIFIED:
        moved = unit.requests.release(moved)
    publish_status(unit, moved)
    return moved


def _claimed(unit: UnitOfWork, request_id: str) -> Request:
    """The request, if the acting person holds it just now. Raises PolicyError "verifying.claim_needed"."""
    request = unit.requests.get(request_id)
    if request.claim is None or request.claim.by != unit.actor.username or unit.at >= request.claim.until:
        raise PolicyError("verifying.claim_needed")
    return request


def _free_and_waiting(unit: UnitOfWork, request_id: str, state: RequestState) -> Request:
    request = unit.requests.get(request_id)
    if request.state is not state:
        raise PolicyError("verifying.not_waiting", state=request.state)
    if request.claim is not None and request.claimed_by_other(unit.actor.username, unit.at):
        raise PolicyError("request.claimed", holder=request.claim.by)
    return request


def _no_open_job(unit: UnitOfWork, request_id: str) -> None:
    """A request with a card in work stays where its job is. Raises PolicyError "verifying.job_open"."""
    if any(job.open for job in unit.jobs.of_request(request_id)):
        raise PolicyError("verifying.job_open")


def _plain(text: str) -> str:
    """For comparing: case and white space say nothing."""
    return "".join(text.split()).upper()


def _family_card(text: str) -> FamilyCardNumber | None:
    try:
        return FamilyCardNumber.parse(text)
    except PolicyError:
        return None


def _date(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def _sex(text: str) -> Sex | None:
    return Sex(text) if text in set(Sex) else None
