"""What is left of every item, how long it lasts, and the ribbon or film that goes from the store into the printer."""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from ktpel_desktop.core import roles, supplies
from ktpel_desktop.core.audit import Event
from ktpel_desktop.core.consumables import Consumable, PerCard
from ktpel_desktop.core.forecast import DAYS, Forecast, days_left
from ktpel_desktop.core.issuance import JobState
from ktpel_desktop.core.records import UnitOfWork
from ktpel_desktop.core.roles import Action, Actor
from ktpel_desktop.core.stock import Movement, MovementKind
from ktpel_desktop.services.desk import Desk
from ktpel_desktop.services.printer_diary import diary
from ktpel_desktop.services.replay import OPENED

_CARDS = frozenset({f"job.{JobState.ISSUED}", f"job.{JobState.SPOILED}"})
_USED = f"stock.{MovementKind.USED}"


@dataclass(frozen=True, slots=True)
class Level:
    """One item: pieces left, an estimate of the days they last, and whether a person must be reminded."""

    consumable: Consumable
    left: int
    forecast: Forecast

    @property
    def low(self) -> bool:
        """Whether it is time to order."""
        return self.left <= self.consumable.warn_at


def levels(desk: Desk, actor: Actor) -> tuple[Level, ...]:
    """Every item of the list, in its order. Raises PolicyError "role.not_allowed"."""
    roles.require(actor, Action.SEE_STOCK)
    with desk.unit(actor) as unit:
        yields = _cards_of(desk, diary(unit))
        used = _by_day(unit, frozenset({*_CARDS, _USED}))
        return tuple(_level(one, unit.stock.left(one.code), used, yields) for one in desk.consumables)


def blanks_last(desk: Desk, actor: Actor) -> Forecast:
    """How long the blanks in the cabinet will last. Raises PolicyError "role.not_allowed"."""
    roles.require(actor, Action.SEE_STOCK)
    with desk.unit(actor) as unit:
        cards = [sum(day[kind] for kind in _CARDS) for day in _by_day(unit, _CARDS)]
        return days_left(unit.stock.left(), cards)


def put_in(desk: Desk, unit: UnitOfWork, what: PerCard, serial: str) -> None:
    """A ribbon or film leaves the store for the printer. One that the store does not know of was brought along."""
    item = next((one.code for one in desk.consumables if one.per_card is what), None)
    if item is not None and unit.stock.left(item) > 0:
        note = f"dipasang {serial}".strip()
        unit.stock.add(Movement(MovementKind.USED, 1, note, unit.at, unit.actor.username, item=item))


def _cards_of(desk: Desk, diary: supplies.PrinterDiary) -> dict[PerCard, int]:
    """Cards that a ribbon gives in this office, by measure or else by its maker, and a film by its maker."""
    return {
        PerCard.RIBBON: supplies.measured_yield(diary) or desk.supplies.ribbon_prints,
        PerCard.FILM: desk.supplies.film_prints,
    }


def _level(one: Consumable, left: int, used: list[Counter[str]], yields: Mapping[PerCard, int]) -> Level:
    if one.per_card is not None:
        cards = [sum(day[kind] for kind in _CARDS) for day in used]
        return Level(one, left, days_left(left * yields.get(one.per_card, 0), cards))
    total = sum(day[one.code] for day in used)
    each = (
        [total / len(used)] * len(used) if used else []
    )  # some are used once a month: a median would be nought
    return Level(one, left, days_left(left, each))


def _by_day(unit: UnitOfWork, kinds: frozenset[str]) -> list[Counter[str]]:
    """What happened on each of the newest closed days, from opening to opening: events by kind, uses by item."""
    opened = [event.seq for event in unit.events.of_kinds(frozenset({OPENED}))]
    newest = unit.shifts.latest()
    whole = len(opened) if newest is not None and newest.closed_at is not None else len(opened) - 1
    starts = opened[max(0, whole - DAYS) : max(0, whole)]
    if not starts:
        return []
    days: list[Counter[str]] = [Counter() for _ in starts]
    end = opened[whole] if whole < len(opened) else None
    for event in unit.events.of_kinds(kinds, after=starts[0]):
        if end is None or event.seq < end:
            days[bisect_right(starts, event.seq) - 1].update(_counted(event))
    return days


def _counted(event: Event) -> dict[str, int]:
    if event.kind == _USED:
        return {event.subject: int(str(event.data["quantity"]))}
    return {event.kind: 1}
