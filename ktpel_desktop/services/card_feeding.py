"""A room with one machine: the printer holds the card while its chip is written, and puts doubtful ones into its box.

Only what the journal and the printer's own sensors say decides what may be moved. That a card must go into the box is
written down with its booking; after a power cut the next feeding settles it first, so that no booked card is taken
for a blank and no blank for a booked card. In a room with two machines (`desk.feeder` None) nothing here does anything.
"""

from __future__ import annotations

from ktpel_desktop.core.errors import DeviceError, Effect
from ktpel_desktop.core.issuance import ChipContent, Job, JobState
from ktpel_desktop.core.ports import CardFeeder, ChipStation, Spot
from ktpel_desktop.core.records import UnitOfWork
from ktpel_desktop.core.roles import Actor
from ktpel_desktop.services.desk import Desk

REJECT_DUE, REJECTED, NOT_REJECTED = "printer.reject_due", "printer.card_rejected", "printer.reject_failed"
UNCLEAR, EJECTED, NOT_EJECTED = "printer.reject_unclear", "printer.card_ejected", "printer.eject_failed"

_MAY_BE_INSIDE = frozenset(
    {JobState.RESERVED, JobState.ENCODING, JobState.ENCODED, JobState.PRINTING, JobState.PRINT_UNKNOWN}
)
"""States whose card may still be in the printer; from PRINTED on it is known to be out."""


def bring_blank(desk: Desk, actor: Actor) -> None:
    """See to it that a card is at the station before its first look; one that is there already stays.

    Raises DeviceError as `CardFeeder` does, "printer.card_left_inside" where a card is inside but not there, and
    "printer.state_unknown" where the sensors do not tell. A feeding of unknown effect is settled by the next call,
    which looks where the card is before it feeds.
    """
    if desk.feeder is None:
        return
    settle(desk, actor, desk.feeder)
    spot = desk.feeder.spot()
    if spot is Spot.NOWHERE:
        desk.feeder.feed_to_station()
    elif spot is Spot.INSIDE:
        raise DeviceError("printer.card_left_inside", Effect.NONE)
    elif spot is Spot.UNKNOWN:
        raise DeviceError("printer.state_unknown", Effect.NONE)


def settle(desk: Desk, actor: Actor, feeder: CardFeeder) -> None:
    """Put a card that was booked as spoiled into the box, where that was not done or not noted. Raises DeviceError."""
    with desk.unit(actor) as unit:
        job = _owed(desk, unit)
    if job is None:
        return
    spot = feeder.spot()
    if spot is Spot.UNKNOWN:
        raise DeviceError("printer.state_unknown", Effect.NONE)
    if spot is not Spot.NOWHERE:
        feeder.reject()
    with desk.unit(actor) as unit:
        unit.record(REJECTED, _subject(desk), {"job": job, "found": spot.value})


def holds(desk: Desk, actor: Actor, job: Job) -> bool:
    """Whether the card inside the printer is surely this job's, asked before it is booked as spoiled.

    A chip that answers says whose it is. One that does not is the job's only where no other card can be inside.
    """
    if desk.feeder is None or job.state not in _MAY_BE_INSIDE:
        return False
    try:
        if desk.feeder.spot() is Spot.NOWHERE:
            return False
    except DeviceError:
        return False
    return _is_of(desk, actor, job)


def owe(desk: Desk, unit: UnitOfWork, job: Job) -> None:
    """Write down, with the booking itself, that the card inside belongs into the box."""
    unit.record(REJECT_DUE, _subject(desk), {"job": job.id})


def put_away(desk: Desk, actor: Actor, job: Job) -> None:
    """Put the card of a job just booked as spoiled into the box.

    Raises DeviceError "printer.card_not_rejected" with effect DONE: the booking stands, a person takes the card out.
    """
    if desk.feeder is None:
        return
    try:
        settle(desk, actor, desk.feeder)
    except DeviceError as error:
        with desk.unit(actor) as unit:
            unit.record(NOT_REJECTED, _subject(desk), {"job": job.id, "error": error.code})
        raise DeviceError("printer.card_not_rejected", Effect.DONE, cause=error.code) from error


def put_out_untouched(desk: Desk, actor: Actor, job: Job) -> None:
    """Put out the blank of a job just cancelled, if one is inside and its chip is still blank.

    Raises DeviceError "printer.card_not_ejected" with effect DONE: the job is cancelled, a person takes the card out.
    """
    feeder = desk.feeder
    if feeder is None:
        return
    try:
        if not _untouched_inside(desk, actor, feeder, job):
            return
        feeder.eject()
    except DeviceError as error:
        with desk.unit(actor) as unit:
            unit.record(NOT_EJECTED, _subject(desk), {"job": job.id, "error": error.code})
        raise DeviceError("printer.card_not_ejected", Effect.DONE, cause=error.code) from error
    with desk.unit(actor) as unit:
        unit.record(EJECTED, _subject(desk), {"job": job.id})


def reader_after_printing(desk: Desk) -> ChipStation:
    """Where a printed card is read back: it is out of the printer, so never by the reader inside."""
    return desk.chip if desk.feeder is None else desk.check_chip


def _untouched_inside(desk: Desk, actor: Actor, feeder: CardFeeder, job: Job) -> bool:
    if feeder.spot() is Spot.NOWHERE:
        return False
    with desk.unit(actor) as unit:
        if _owed(desk, unit) is not None:
            return False
        named = {other.chip_serial for other in unit.jobs.in_states(_MAY_BE_INSIDE) if other.id != job.id}
    found = desk.chip.probe()
    return found.content is ChipContent.BLANK and found.serial not in named


def _is_of(desk: Desk, actor: Actor, job: Job) -> bool:
    with desk.unit(actor) as unit:
        others = [other for other in unit.jobs.in_states(_MAY_BE_INSIDE) if other.id != job.id]
        owed = _owed(desk, unit)
    try:
        serial = desk.chip.probe().serial
    except DeviceError:
        if not others and owed is None:
            return True
        with desk.unit(actor) as unit:
            unit.record(UNCLEAR, _subject(desk), {"job": job.id})
        return False
    if job.chip_serial is not None:
        return serial == job.chip_serial
    return owed is None and all(serial != other.chip_serial for other in others)


def _owed(desk: Desk, unit: UnitOfWork) -> str | None:
    """The job whose card must still go into the box: what the newest word about it says."""
    said = [
        event
        for event in unit.events.of(_subject(desk))
        if event.kind in {REJECT_DUE, REJECTED, NOT_REJECTED}
    ]
    if not said or said[-1].kind == REJECTED:
        return None
    return str(said[-1].data["job"])


def _subject(desk: Desk) -> str:
    return f"pencetak:{desk.card_printer_name}"
