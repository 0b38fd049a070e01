"""Calibration of the card printer: alignment card, look, numbers, and one more alignment card to confirm.

No table of its own: what counts is the newest event about this printer, so the journal also tells who set what when.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from ktpel_desktop.core import roles
from ktpel_desktop.core.calibration import Calibration, from_journal
from ktpel_desktop.core.errors import DeviceError, Effect
from ktpel_desktop.core.ports import CardFace
from ktpel_desktop.core.print_order import VerifiedOrder
from ktpel_desktop.core.records import UnitOfWork
from ktpel_desktop.core.roles import Action, Actor
from ktpel_desktop.services.desk import Desk

CALIBRATED, PRINTED, TEST_PRINTED = "printer.calibrated", "printer.alignment_printed", "printer.test_printed"
TAG = "KALIBRASI"
"""Job tag of an alignment card: no job of the journal bears it."""


UNCALIBRATED = Calibration()


@dataclass(frozen=True, slots=True)
class Calibrated:
    """The calibration that counts, and who kept it when; nobody (None, "") where it was never set."""

    calibration: Calibration = UNCALIBRATED
    at: datetime | None = None
    by: str = ""


def current(desk: Desk, actor: Actor) -> Calibrated:
    """What this desk's printer is calibrated to. Raises PolicyError "role.not_allowed"."""
    roles.require(actor, Action.TEST_DEVICES)
    with desk.unit(actor) as unit:
        return newest(desk, unit)


def newest(desk: Desk, unit: UnitOfWork) -> Calibrated:
    """The same inside a transaction of a use case that may print."""
    kept = [event for event in unit.events.of(_subject(desk)) if event.kind == CALIBRATED]
    if not kept:
        return Calibrated()
    return Calibrated(from_journal(kept[-1].data), kept[-1].at, kept[-1].actor)


def keep(desk: Desk, actor: Actor, calibration: Calibration) -> Calibrated:
    """From now on every card of this printer is placed so. Raises PolicyError "role.not_allowed"."""
    roles.require(actor, Action.TEST_DEVICES)
    with desk.unit(actor) as unit:
        unit.record(CALIBRATED, _subject(desk), calibration.told())
        return newest(desk, unit)


def print_lines(desk: Desk, actor: Actor, calibration: Calibration) -> None:
    """Print the alignment card so placed, to be measured. It bears nobody's data and is no job.

    A printer that cannot count says "look at the card", which is what the person does anyway. Raises PolicyError
    "role.not_allowed"; every other DeviceError of the card printer.
    """
    roles.require(actor, Action.TEST_DEVICES)
    _print(desk, actor, _card(desk, calibration), PRINTED, calibration)


def print_test(desk: Desk, actor: Actor, calibration: Calibration) -> None:
    """Print a card of nobody with text, photo and signature, so placed. Raises as `print_lines`."""
    roles.require(actor, Action.TEST_DEVICES)
    face = desk.papers.placed(desk.papers.test_card(), calibration)
    _print(desk, actor, face, TEST_PRINTED, calibration)


def _print(desk: Desk, actor: Actor, face: CardFace, kind: str, calibration: Calibration) -> None:
    try:
        desk.card_printer.print_card(face, TAG)
    except DeviceError as error:
        if (error.code, error.effect) != ("printer.look_at_card", Effect.UNKNOWN):
            raise
    with desk.unit(actor) as unit:
        unit.record(kind, _subject(desk), calibration.told())


def preview(desk: Desk, actor: Actor, calibration: Calibration) -> bytes:
    """PNG of the alignment card so placed, for the screen. Raises PolicyError "role.not_allowed"."""
    roles.require(actor, Action.TEST_DEVICES)
    return desk.papers.picture(_card(desk, calibration))


def placed_face(desk: Desk, actor: Actor, order: VerifiedOrder) -> CardFace:
    """The face of an order where this desk's printer must be told to put it. Raises what the papers raise."""
    face = desk.papers.card_face(order)
    with desk.unit(actor) as unit:
        known = newest(desk, unit)
    return desk.papers.placed(face, known.calibration)


def _card(desk: Desk, calibration: Calibration) -> CardFace:
    day = desk.clock.now().astimezone(desk.office.timezone).date()
    return desk.papers.alignment_card(desk.card_printer_name, calibration, day)


def _subject(desk: Desk) -> str:
    return f"kalibrasi:{desk.card_printer_name}"
