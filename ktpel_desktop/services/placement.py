"""The register of the room's devices: added, changed, taken away, each an act in the journal.

No table of its own: a line is the newest event of its number, so the journal tells who changed what when.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from ktpel_desktop.core import placement, power_capacity, roles
from ktpel_desktop.core.errors import PolicyError
from ktpel_desktop.core.placement import Condition, FoundDevice, PlacedDevice
from ktpel_desktop.core.power_capacity import Budget, Capacity, Fit
from ktpel_desktop.core.records import UnitOfWork
from ktpel_desktop.core.roles import Action, Actor
from ktpel_desktop.services import power_declared
from ktpel_desktop.services.desk import Desk

SUBJECT = "penempatan"
ADDED, CHANGED = "placement.added", "placement.changed"


@dataclass(frozen=True, slots=True)
class Line:
    """A line of the register under its number, which it keeps for ever."""

    number: int
    device: PlacedDevice


@dataclass(frozen=True, slots=True)
class PowerBudget:
    """What the register needs beside what the declared supply carries; `supply` is None before a declaration."""

    needed: Budget
    supply: Capacity | None
    fit: Fit


@dataclass(frozen=True, slots=True)
class Offers:
    """What was found and is in no line yet, and the codes of why something could not be looked at."""

    devices: tuple[FoundDevice, ...]
    notes: tuple[str, ...]


def register(desk: Desk, actor: Actor) -> tuple[Line, ...]:
    """Every line by its number, what was taken away among them. Raises PolicyError "role.not_allowed"."""
    roles.require(actor, Action.SEE_READINESS)
    with desk.unit(actor) as unit:
        return lines(unit)


def lines(unit: UnitOfWork) -> tuple[Line, ...]:
    """The same inside a transaction."""
    found: dict[int, Line] = {}
    for event in unit.events.of(SUBJECT):
        number = event.data.get("number")
        if event.kind in (ADDED, CHANGED) and isinstance(number, int):
            found[number] = Line(number, placement.from_journal(event.data))
    return tuple(found[number] for number in sorted(found))


def add(desk: Desk, actor: Actor, device: PlacedDevice) -> Line:
    """Put a device into the register.

    Raises PolicyError "role.not_allowed", "placement.serial_twice", and what `placement.checked` raises.
    """
    roles.require(actor, Action.PLACE_DEVICES)
    with desk.unit(actor) as unit:
        known = lines(unit)
        line = Line(len(known) + 1, _checked(desk, unit, device, known))
        _record(unit, ADDED, line, "")
        return line


def change(desk: Desk, actor: Actor, number: int, device: PlacedDevice, reason: str) -> Line:
    """Put a line right, or say that its device was damaged, repaired or taken away; `reason` says why.

    Raises PolicyError "role.not_allowed", "placement.no_line", "placement.reason_missing", "placement.serial_twice",
    and what `placement.checked` raises.
    """
    roles.require(actor, Action.PLACE_DEVICES)
    if not reason.strip():
        raise PolicyError("placement.reason_missing")
    with desk.unit(actor) as unit:
        known = lines(unit)
        if number not in {line.number for line in known}:
            raise PolicyError("placement.no_line", number=number)
        others = tuple(line for line in known if line.number != number)
        line = Line(number, _checked(desk, unit, device, others))
        _record(unit, CHANGED, line, reason.strip())
        return line


def find(desk: Desk, actor: Actor) -> Offers:
    """What this PC sees of devices that are in no line yet. Raises PolicyError "role.not_allowed"."""
    roles.require(actor, Action.PLACE_DEVICES)
    if desk.finder is None:
        return Offers((), ())
    found = desk.finder.find()
    with desk.unit(actor) as unit:
        known = [line.device for line in lines(unit)]
    return Offers(tuple(placement.not_registered(found.devices, known)), found.notes)


def power_budget(desk: Desk, actor: Actor) -> PowerBudget:
    """The devices' watts beside the declared supply. Raises PolicyError "role.not_allowed"."""
    roles.require(actor, Action.SEE_READINESS)
    with desk.unit(actor) as unit:
        return budget_of(unit, [line.device for line in lines(unit)])


def budget_of(unit: UnitOfWork, devices: list[PlacedDevice]) -> PowerBudget:
    """The same inside a transaction."""
    needed = power_capacity.budget(placement.power_inventory(devices))
    declared = power_declared.newest(unit)
    supply = None if declared is None else power_capacity.capacity(declared)
    return PowerBudget(needed, supply, power_capacity.fits(needed, supply))


def _checked(desk: Desk, unit: UnitOfWork, device: PlacedDevice, others: tuple[Line, ...]) -> PlacedDevice:
    settled = placement.checked(device, _today(desk, unit))
    same = settled.serial.casefold()
    twice = next(
        (
            line.number
            for line in others
            if same and line.device.there and line.device.serial.casefold() == same
        ),
        None,
    )
    if twice is not None and settled.condition is not Condition.TAKEN_AWAY:
        raise PolicyError("placement.serial_twice", number=twice)
    return settled


def _today(desk: Desk, unit: UnitOfWork) -> date:
    return unit.at.astimezone(desk.office.timezone).date()


def _record(unit: UnitOfWork, kind: str, line: Line, reason: str) -> None:
    unit.record(kind, SUBJECT, {"number": line.number, **line.device.told(), "reason": reason})
