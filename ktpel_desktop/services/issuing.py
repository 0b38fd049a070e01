"""Issuing: one blank becomes one resident's card, each step journalled before and after the act.

Every step is the same four lines: move to the intent state (commit), act, on error let its effect choose the
next state, move to the outcome state (commit). A power cut between any two lines leaves a state whose recovery
rule stands in `core.issuance.RECOVERY`.
"""

from __future__ import annotations

from collections.abc import Callable

from ktpel_desktop.core import chip_load, print_order, roles
from ktpel_desktop.core.chip_load import ChipLoad
from ktpel_desktop.core.errors import DeviceError, Effect, PolicyError, UserCancelled
from ktpel_desktop.core.issuance import (
    OPEN,
    ChipContent,
    ChipProbe,
    EncodingVerdict,
    Job,
    JobState,
    PrintAnswer,
    SpoilReason,
    after_print,
    chip_is_good,
    job_id,
    judge_interrupted_chip,
)
from ktpel_desktop.core.outbox import CardOutcome
from ktpel_desktop.core.ports import PrintStage, Progress, unheard
from ktpel_desktop.core.print_order import VerifiedOrder
from ktpel_desktop.core.records import UnitOfWork
from ktpel_desktop.core.request import Request
from ktpel_desktop.core.roles import Action, Actor
from ktpel_desktop.services import calibration, card_feeding, outbox
from ktpel_desktop.services.approvals import Approval, demand
from ktpel_desktop.services.desk import Desk
from ktpel_desktop.services.issuing_leave import may_start, room_and_hour

FACE_FAULTS = frozenset({"photo", "text", "surface"})
"""Points of the check list after printing that a person can find wrong; the chip answers for itself."""


def reserve(
    desk: Desk,
    actor: Actor,
    request_id: str,
    *,
    reprint: Approval | None = None,
    out_of_hours: Approval | None = None,
) -> tuple[Job, VerifiedOrder]:
    """Get the print order, freeze its data, and take a blank from stock: the job is RESERVED.

    Raises PolicyError "issuing.not_a_card", "issuing.not_verified", "issuing.claim_needed", "issuing.no_shift",
    "issuing.room_blocks", "issuing.on_battery", "issuing.no_blank", "issuing.job_open", "issuing.already_issued",
    "approval.missing" (a reprint, or outside opening hours), and what `print_order.verify`, `chip_load.build`,
    SIAK and the drawing of the face raise.
    """
    roles.require(actor, Action.ISSUE)
    with desk.unit(actor) as unit:
        request, approvers = may_start(desk, unit, request_id, reprint, out_of_hours)
        wanted = job_id(request_id, len(unit.jobs.of_request(request_id)) + 1)
    order = _verified_order(desk, wanted, request)
    calibration.placed_face(desk, actor, order)  # a face that cannot be drawn in place must not cost a blank
    _load(desk, order)  # nor a chip that could not be proven
    with desk.unit(actor) as unit:
        may_start(desk, unit, request_id, reprint, out_of_hours)
        job = Job(
            id=wanted,
            request_id=request_id,
            state=JobState.RESERVED,
            order_id=order.order.order_id,
            digest=order.order.digest,
            created_at=unit.at,
            created_by=actor.username,
        )
        unit.jobs.open(job)
        for action, approver in approvers.items():
            unit.record(
                "issuing.approved", request_id, {"job": job.id, "action": action.value}, approver=approver
            )
    return job, order


def order_for(desk: Desk, actor: Actor, job: str) -> VerifiedOrder:
    """The open job's order, fetched again: photo, signature and fingers are never stored.

    Raises PolicyError "order.content_changed" where SIAK now says something else than was frozen.
    """
    roles.require(actor, Action.ISSUE)
    with desk.unit(actor) as unit:
        known = unit.jobs.get(job)
        request = unit.requests.get(known.request_id)
    order = _verified_order(desk, known.id, request)
    if (order.order.order_id, order.order.digest) != (known.order_id, known.digest):
        raise PolicyError("order.content_changed", order=known.order_id)
    return order


def cancel(desk: Desk, actor: Actor, job: str) -> Job:
    """Put the blank back: only from RESERVED, when nothing was touched. One machine puts out the blank it holds.

    Raises DeviceError "printer.card_not_ejected" (effect DONE) where the job is cancelled and the blank still inside.
    """
    roles.require(actor, Action.ISSUE)
    with desk.unit(actor) as unit:
        moved = unit.jobs.move(_mine(unit, job), JobState.CANCELLED)
    card_feeding.put_out_untouched(desk, actor, moved)
    return moved


def encode(desk: Desk, actor: Actor, job: str, order: VerifiedOrder, progress: Progress) -> Job:
    """Write the chip on the reader, or find out what an interrupted write left and finish it.

    One machine first takes the next card to its station, for a job whose card was never looked at (RESERVED).
    Ends ENCODED or SPOILED. On a DeviceError the job stays ENCODING (its chip will be asked next time), or goes
    back to RESERVED where the first write did nothing; so does a UserCancelled. Raises PolicyError
    "issuing.card_not_blank", "issuing.other_card", and what `chip_load.build` raises.
    """
    known = _begin(desk, actor, job, order)
    load = _load(desk, order)
    if known.state is JobState.RESERVED:
        card_feeding.bring_blank(desk, actor)
    probe = desk.chip.probe()
    if known.state is JobState.RESERVED:
        if probe.content is not ChipContent.BLANK:
            raise PolicyError("issuing.card_not_blank")
        with desk.unit(actor) as unit:
            known = unit.jobs.move(known, JobState.ENCODING, chip_serial=probe.serial)
        return _write(desk, actor, known, load, progress)
    if known.state is not JobState.ENCODING:
        raise PolicyError("issuing.not_allowed", state=known.state, to=JobState.ENCODING)
    return _resume(desk, actor, known, load, probe, progress)


def print_card(
    desk: Desk,
    actor: Actor,
    job: str,
    order: VerifiedOrder,
    *,
    out_of_hours: Approval | None = None,
    told: Callable[[PrintStage], None] = unheard,
) -> Job:
    """Print the face, once. Ends PRINTED, PRINT_UNKNOWN, or raises with the job still ENCODED.

    Nothing is ever sent a second time without a person who says what came out (`answer_unknown`). The room and
    the hour count here again: a job begun in the evening is not printed before the office opens. `told` hears the
    printer's stages.
    Raises PolicyError "issuing.not_allowed", "issuing.no_shift", "issuing.room_blocks", "approval.missing";
    what the face and the printer raise.
    """
    known = _begin(desk, actor, job, order)
    if known.state is not JobState.ENCODED:
        raise PolicyError("issuing.not_allowed", state=known.state, to=JobState.PRINTING)
    with desk.unit(actor) as unit:
        approver = room_and_hour(desk, unit, known.request_id, out_of_hours)
    face = calibration.placed_face(desk, actor, order)
    marker = desk.card_printer.marker()
    with desk.unit(actor) as unit:
        known = unit.jobs.move(known, JobState.PRINTING, printer_marker=marker, approver=approver)
    try:
        desk.card_printer.print_card(face, known.id, told)
    except DeviceError as error:
        with desk.unit(actor) as unit:
            known = unit.jobs.move(known, after_print(error.effect), data={"error": error.code})
        if error.effect is Effect.NONE:
            raise
        return known
    with desk.unit(actor) as unit:
        return unit.jobs.move(known, JobState.PRINTED)


def answer_unknown(
    desk: Desk, actor: Actor, job: str, answer: PrintAnswer, approval: Approval | None = None
) -> Job:
    """What a person found after a print of unknown outcome.

    A good card must be on the reader and show the job's serial. "Not printed" and "card missing" need a second
    person. Raises PolicyError "issuing.other_card", "approval.missing".
    """
    roles.require(actor, Action.ISSUE)
    with desk.unit(actor) as unit:
        known = _in_state(_mine(unit, job), JobState.PRINT_UNKNOWN)
    data = {"answer": answer.value}
    if answer is PrintAnswer.NOT_PRINTED:
        approver = demand(approval, Action.NOT_PRINTED, known.request_id, actor)
        if desk.card_printer.clear_queue():  # what still waited could print after the answer
            raise DeviceError("printer.leftover_stopped", Effect.UNKNOWN)
        with desk.unit(actor) as unit:
            return unit.jobs.move(known, JobState.ENCODED, data=data, approver=approver)
    if answer is PrintAnswer.CARD_GOOD:
        if not chip_is_good(known, _own_chip(desk, known)):
            return _spoil(desk, actor, known, SpoilReason.ENCODE_FAILED)
        with desk.unit(actor) as unit:
            return unit.jobs.move(known, JobState.PRINTED, data=data)
    if answer is PrintAnswer.CARD_MISSING:
        approver = demand(approval, Action.NOT_PRINTED, known.request_id, actor)
        return _spoil(desk, actor, known, SpoilReason.MISSING, approver)
    return _spoil(desk, actor, known, SpoilReason.PRINT_FAILED)


def check_printed(desk: Desk, actor: Actor, job: str, *, face_ok: bool, faults: tuple[str, ...] = ()) -> Job:
    """Read the printed card back and judge it: REPORTING (with its delivery), or SPOILED.

    `faults` names what is wrong with the face (FACE_FAULTS), for the journal; one is enough to spoil the card.
    Raises PolicyError "issuing.fault_unknown"; "issuing.other_card" while another card lies on the reader.
    """
    roles.require(actor, Action.ISSUE)
    if not FACE_FAULTS.issuperset(faults):
        raise PolicyError("issuing.fault_unknown")
    with desk.unit(actor) as unit:
        known = _in_state(_mine(unit, job), JobState.PRINTED)
    chip_ok = chip_is_good(known, _own_chip(desk, known))
    if not chip_ok or not face_ok or faults:
        reason = SpoilReason.PRINT_FAILED if chip_ok else SpoilReason.ENCODE_FAILED
        return _spoil(desk, actor, known, reason, faults=faults)
    with desk.unit(actor) as unit:
        moved = unit.jobs.move(known, JobState.REPORTING)
        outbox.put_print_result(unit, moved, CardOutcome.ISSUED)
        return moved


def spoil(desk: Desk, actor: Actor, job: str, reason: SpoilReason, approval: Approval | None = None) -> Job:
    """Withdraw a card by a person's word. One already reported, or missing, needs a second person.

    One machine puts the card into its box where it surely holds it.
    A faulty blank is booked with its serial where its chip still answers, so that it cannot be booked twice.
    Raises PolicyError "issuing.not_allowed" while the printer may still act (PRINTING), "issuing.chip_used",
    "issuing.whose_card", "approval.missing"; DeviceError "printer.card_not_rejected" (effect DONE) where the booking
    stands all the same.
    """
    roles.require(actor, Action.ISSUE)
    with desk.unit(actor) as unit:
        known = _mine(unit, job)
    approver = None
    if known.state is JobState.REPORTING or reason is SpoilReason.MISSING:
        approver = demand(approval, Action.DESTROY_SPOILED, known.request_id, actor)
    serial = _faulty_serial(desk) if known.state is JobState.RESERVED else None
    if reason is SpoilReason.FACTORY_FAULT and serial is None:
        _nobody_elses(desk, actor, known)
    return _spoil(desk, actor, known, reason, approver, serial)


def interrupted(desk: Desk, actor: Actor) -> tuple[Job, ...]:
    """Every job that has begun and not ended, oldest first."""
    roles.require(actor, Action.ISSUE)
    with desk.unit(actor) as unit:
        return tuple(unit.jobs.in_states(OPEN))


def _verified_order(desk: Desk, job: str, request: Request) -> VerifiedOrder:
    order = desk.siak.print_order(job, request.id, request.nik, request.service)
    return print_order.verify(order, job_id=job, nik=request.nik, now=desk.clock.now(), check=desk.authority)


def _mine(unit: UnitOfWork, job: str) -> Job:
    """The job, unless somebody else holds its request just now."""
    known = unit.jobs.get(job)
    request = unit.requests.get(known.request_id)
    if request.claim is not None and request.claimed_by_other(unit.actor.username, unit.at):
        raise PolicyError("request.claimed", holder=request.claim.by)
    return known


def _in_state(job: Job, state: JobState) -> Job:
    if job.state is not state:
        raise PolicyError("issuing.not_allowed", state=job.state, to=state)
    return job


def _begin(desk: Desk, actor: Actor, job: str, order: VerifiedOrder) -> Job:
    """The job, if the actor may work on it with this order."""
    roles.require(actor, Action.ISSUE)
    with desk.unit(actor) as unit:
        known = _mine(unit, job)
    if (order.order.order_id, order.order.digest) != (known.order_id, known.digest):
        raise PolicyError("order.content_changed", order=known.order_id)
    return known


def _own_chip(desk: Desk, job: Job) -> ChipProbe:
    """The probe of the job's own printed card; another card on the reader is refused and changes nothing."""
    probe = card_feeding.reader_after_printing(desk).probe()
    if probe.serial != job.chip_serial:
        raise PolicyError("issuing.other_card")
    return probe


def _load(desk: Desk, order: VerifiedOrder) -> ChipLoad:
    return chip_load.build(desk.profile, order, desk.authority)


def _write(desk: Desk, actor: Actor, job: Job, load: ChipLoad, progress: Progress) -> Job:
    """Write under an intent already committed, then believe only what the chip says."""
    try:
        written = desk.chip.write(job.chip_serial or "", load, progress)
    except (DeviceError, UserCancelled) as error:
        untouched = isinstance(error, UserCancelled) or error.effect is Effect.NONE
        if untouched and job.write_attempts == 1:
            cause = "cancelled" if isinstance(error, UserCancelled) else error.code
            with desk.unit(actor) as unit:
                unit.jobs.move(job, JobState.RESERVED, data={"error": cause})
        raise
    if not chip_is_good(job, written):
        raise DeviceError("chip.not_as_written", Effect.UNKNOWN)
    with desk.unit(actor) as unit:
        return unit.jobs.move(job, JobState.ENCODED)


def _resume(desk: Desk, actor: Actor, job: Job, load: ChipLoad, probe: ChipProbe, progress: Progress) -> Job:
    """Finish an interrupted ENCODING by what its chip holds."""
    if probe.serial != job.chip_serial:
        raise PolicyError("issuing.other_card")
    verdict = judge_interrupted_chip(job, probe)
    if verdict is EncodingVerdict.SPOILED:
        return _spoil(desk, actor, job, SpoilReason.ENCODE_FAILED)
    if verdict is EncodingVerdict.ENCODED:
        with desk.unit(actor) as unit:
            return unit.jobs.move(job, JobState.ENCODED, data={"found": "full"})
    if probe.content is ChipContent.PARTIAL:
        with desk.unit(actor) as unit:
            job = unit.jobs.move(job, JobState.ENCODING, chip_serial=probe.serial)
    return _write(desk, actor, job, load, progress)


def _faulty_serial(desk: Desk) -> str | None:
    """Serial of the blank on the reader, if its chip answers at all."""
    try:
        return desk.chip.probe().serial
    except DeviceError:
        return None


def _nobody_elses(desk: Desk, actor: Actor, job: Job) -> None:
    """Refuse to book a mute card as a faulty blank while a card that another job began may be this very one.

    Booked twice, one piece of plastic would stand for two. Raises PolicyError "issuing.whose_card".
    """
    with desk.unit(actor) as unit:
        for other in unit.jobs.in_states(frozenset({JobState.ENCODING})):
            request = unit.requests.get(other.request_id)
            if other.id != job.id and not request.claimed_by_other(actor.username, unit.at):
                raise PolicyError("issuing.whose_card", request=other.request_id)


def _spoil(
    desk: Desk,
    actor: Actor,
    job: Job,
    reason: SpoilReason,
    approver: str | None = None,
    serial: str | None = None,
    faults: tuple[str, ...] = (),
) -> Job:
    """Book the card, and whether it must go into the printer's box, in one transaction; then put it there."""
    inside = reason is not SpoilReason.MISSING and card_feeding.holds(desk, actor, job)
    data = {"faults": sorted(set(faults))} if faults else None
    with desk.unit(actor) as unit:
        moved = unit.jobs.move(
            job, JobState.SPOILED, spoil_reason=reason, approver=approver, chip_serial=serial, data=data
        )
        outbox.put_print_result(unit, moved, CardOutcome.SPOILED)
        if inside:
            card_feeding.owe(desk, unit, moved)
    if inside:
        card_feeding.put_away(desk, actor, moved)
    return moved
