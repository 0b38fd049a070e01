"""The room's thermometer compared with a reference beside it: an act of a person, in the journal, for one instrument.

No table of its own: what counts is the newest comparison of the instrument at this port.
"""

from __future__ import annotations

from ktpel_desktop.core import roles, thermometer
from ktpel_desktop.core.errors import PolicyError
from ktpel_desktop.core.ports import Reading
from ktpel_desktop.core.records import UnitOfWork
from ktpel_desktop.core.roles import Action, Actor
from ktpel_desktop.core.room import Look
from ktpel_desktop.core.room_items import ItemId
from ktpel_desktop.core.thermometer import AirSensor, Comparison
from ktpel_desktop.services import accounts
from ktpel_desktop.services.desk import Desk

COMPARED = "room.thermometer_compared"


def compare(desk: Desk, actor: Actor, reference: float, instrument: str) -> Comparison:
    """Read the instrument now and keep how far it is from `reference` (°C) on `instrument`.

    Takes as long as a reading. Raises PolicyError "role.not_allowed", "thermometer.none", and those of
    `core.thermometer.compared`; DeviceError of the instrument.
    """
    roles.require(actor, Action.ROOM_CHECK)
    sensor = desk.sensors.get(ItemId.TEMPERATURE)
    if sensor is None:
        raise PolicyError("thermometer.none")
    reading = sensor.read()
    at = desk.clock.now().astimezone(desk.office.timezone)
    made = thermometer.compared(float(reading.value), reference, instrument, at, actor.name)
    with desk.unit(actor) as unit:
        unit.record(COMPARED, subject(reading), made.told())
    return made


def newest(desk: Desk, unit: UnitOfWork, reading: Reading) -> Comparison | None:
    """The comparison that counts for the instrument of this reading."""
    kept = [event for event in unit.events.of(subject(reading)) if event.kind == COMPARED]
    if not kept:
        return None
    last = kept[-1]
    name = accounts.names(unit)[last.actor]
    return thermometer.from_journal(last.data, last.at.astimezone(desk.office.timezone), name)


def look(desk: Desk, actor: Actor, reading: Reading, sensor: AirSensor) -> Look:
    """What a sensor of air said in °C, as it counts. Raises DeviceError "thermometer.needs_comparison"."""
    with desk.unit(actor) as unit:
        known = newest(desk, unit, reading)
    found = thermometer.corrected(float(reading.value), reading.source, sensor, known, desk.clock.now())
    return Look(
        found.judge(found.celsius),
        found.celsius,
        reading.unit,
        source=reading.source,
        evidence=(*found.evidence, *([reading.evidence] if reading.evidence else [])),
        judge=found.judge,
        method="sensor",
    )


def subject(reading: Reading) -> str:
    """Of the journal: the instrument with its port, for the sticks have no serial number."""
    return f"termometer:{reading.source}"
