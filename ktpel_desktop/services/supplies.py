"""Supplies of the card printer: what is left, what is due, and what a person did about it. Reminds, never blocks."""

from __future__ import annotations

from ktpel_desktop.core import roles, supplies
from ktpel_desktop.core.consumables import PerCard
from ktpel_desktop.core.errors import PolicyError
from ktpel_desktop.core.roles import Action, Actor
from ktpel_desktop.core.supplies import Supplies
from ktpel_desktop.services import consumables
from ktpel_desktop.services.desk import Desk
from ktpel_desktop.services.devices import SUBJECT
from ktpel_desktop.services.printer_diary import CLEANED, FILM_CHANGED, RESTED, RIBBON_CHANGED, diary


def look(desk: Desk, actor: Actor) -> Supplies:
    """What is left and due. Blanks are counted only for those who may see the stock, else None.

    Raises PolicyError "role.not_allowed"; never a DeviceError.
    """
    roles.require(actor, Action.TEST_DEVICES)
    readings = desk.card_printer.health().readings
    with desk.unit(actor) as unit:
        blanks = unit.stock.balance().left if roles.may(actor, Action.SEE_STOCK) else None
        return supplies.judge(desk.supplies, diary(unit), readings, unit.at, blanks)


def ribbon_changed(desk: Desk, actor: Actor, serial: str, rated: int | None = None) -> None:
    """A ribbon was put in; `rated` is what its box says. Raises PolicyError "role.not_allowed", "ribbon.rating_odd"."""
    _changed(desk, actor, PerCard.RIBBON, serial, rated)


def film_changed(desk: Desk, actor: Actor, serial: str, rated: int | None = None) -> None:
    """A retransfer film was put in; as `ribbon_changed`."""
    _changed(desk, actor, PerCard.FILM, serial, rated)


def rested(desk: Desk, actor: Actor) -> None:
    """The printer has cooled down. Raises PolicyError "role.not_allowed"."""
    _done(desk, actor, RESTED)


def cleaned(desk: Desk, actor: Actor) -> None:
    """The printer was cleaned as its maker says. Raises PolicyError "role.not_allowed"."""
    _done(desk, actor, CLEANED)


def _changed(desk: Desk, actor: Actor, what: PerCard, serial: str, rated: int | None) -> None:
    roles.require(actor, Action.TEST_DEVICES)
    if rated is not None and rated < 1:
        raise PolicyError("ribbon.rating_odd")
    with desk.unit(actor) as unit:
        kind = RIBBON_CHANGED if what is PerCard.RIBBON else FILM_CHANGED
        unit.record(kind, SUBJECT, {"serial": serial.strip(), "rated": rated})
        consumables.put_in(desk, unit, what, serial.strip())


def _done(desk: Desk, actor: Actor, kind: str) -> None:
    roles.require(actor, Action.TEST_DEVICES)
    with desk.unit(actor) as unit:
        unit.record(kind, SUBJECT)
