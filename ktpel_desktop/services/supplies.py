"""Supplies of the card printer: what is left, what is due, and what a person did about it. Reminds, never blocks."""

from __future__ import annotations

from ktpel_desktop.core import roles, supplies
from ktpel_desktop.core.audit import Event
from ktpel_desktop.core.errors import PolicyError
from ktpel_desktop.core.issuance import JobState
from ktpel_desktop.core.records import UnitOfWork
from ktpel_desktop.core.roles import Action, Actor
from ktpel_desktop.core.supplies import Printed, PrinterDiary, Ribbon, Supplies
from ktpel_desktop.services import calibration
from ktpel_desktop.services.desk import Desk
from ktpel_desktop.services.devices import SUBJECT

RIBBON_CHANGED, FILM_CHANGED = "ribbon.changed", "film.changed"
RESTED, CLEANED = "printer.rested", "printer.cleaned"
_CARD_PRINTED, _CARD_SPOILED = f"job.{JobState.PRINTED}", f"job.{JobState.SPOILED}"
_USES_RIBBON = frozenset({_CARD_PRINTED, _CARD_SPOILED, calibration.PRINTED, calibration.TEST_PRINTED})


def look(desk: Desk, actor: Actor) -> Supplies:
    """What is left and due. Blanks are counted only for those who may see the stock, else None.

    Raises PolicyError "role.not_allowed"; never a DeviceError.
    """
    roles.require(actor, Action.TEST_DEVICES)
    readings = desk.card_printer.health().readings
    with desk.unit(actor) as unit:
        blanks = unit.stock.balance().left if roles.may(actor, Action.SEE_STOCK) else None
        return supplies.judge(desk.supplies, _diary(unit), readings, unit.at, blanks)


def ribbon_changed(desk: Desk, actor: Actor, serial: str, rated: int | None = None) -> None:
    """A ribbon was put in; `rated` is what its box says. Raises PolicyError "role.not_allowed", "ribbon.rating_odd"."""
    _changed(desk, actor, RIBBON_CHANGED, serial, rated)


def film_changed(desk: Desk, actor: Actor, serial: str, rated: int | None = None) -> None:
    """A retransfer film was put in; as `ribbon_changed`."""
    _changed(desk, actor, FILM_CHANGED, serial, rated)


def rested(desk: Desk, actor: Actor) -> None:
    """The printer has cooled down. Raises PolicyError "role.not_allowed"."""
    _done(desk, actor, RESTED)


def cleaned(desk: Desk, actor: Actor) -> None:
    """The printer was cleaned as its maker says. Raises PolicyError "role.not_allowed"."""
    _done(desk, actor, CLEANED)


def _changed(desk: Desk, actor: Actor, kind: str, serial: str, rated: int | None) -> None:
    roles.require(actor, Action.TEST_DEVICES)
    if rated is not None and rated < 1:
        raise PolicyError("ribbon.rating_odd")
    with desk.unit(actor) as unit:
        unit.record(kind, SUBJECT, {"serial": serial.strip(), "rated": rated})


def _done(desk: Desk, actor: Actor, kind: str) -> None:
    roles.require(actor, Action.TEST_DEVICES)
    with desk.unit(actor) as unit:
        unit.record(kind, SUBJECT)


def _diary(unit: UnitOfWork) -> PrinterDiary:
    """What was printed since the oldest ribbon, film or cleaning that still counts, and these acts themselves."""
    acts = unit.events.of(SUBJECT)
    ribbons = [event for event in acts if event.kind == RIBBON_CHANGED][-(supplies.RIBBONS_MEASURED + 1) :]
    rests = [event for event in acts if event.kind == RESTED]
    cleanings = [event for event in acts if event.kind == CLEANED]
    films = [event for event in acts if event.kind == FILM_CHANGED][-1:]
    marks = (*ribbons[:1], *cleanings[-1:], *films)
    after = min(event.seq for event in marks) if ribbons and cleanings else 0
    found = unit.events.of_kinds(_USES_RIBBON, after)
    printed = tuple(Printed(event.seq, event.at) for event in found if _printed(event))
    return PrinterDiary(
        printed,
        tuple(_ribbon(event) for event in ribbons),
        rests[-1].seq if rests else None,
        cleanings[-1].seq if cleanings else None,
        _ribbon(films[0]) if films else None,
    )


def _printed(event: Event) -> bool:
    """A spoiled card was counted when it came out, but for one whose print nobody could tell of until then."""
    return event.kind != _CARD_SPOILED or event.data["from"] == JobState.PRINT_UNKNOWN


def _ribbon(event: Event) -> Ribbon:
    serial, rated = event.data.get("serial"), event.data.get("rated")
    return Ribbon(event.seq, str(serial or ""), rated if isinstance(rated, int) else None)
