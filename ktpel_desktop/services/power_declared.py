"""The room's supply by its papers: declared by a person, journalled in figures, an item of the room check in watts."""

from __future__ import annotations

from ktpel_desktop.core import power_capacity, roles, room
from ktpel_desktop.core.errors import PolicyError
from ktpel_desktop.core.power_capacity import Connection
from ktpel_desktop.core.records import UnitOfWork
from ktpel_desktop.core.roles import Action, Actor
from ktpel_desktop.core.room import RoomCheck
from ktpel_desktop.core.room_items import ItemId
from ktpel_desktop.services.desk import Desk

SUBJECT, POWER_DECLARED = "daya", "room.power_declared"


def declare(desk: Desk, actor: Actor, supply: Connection) -> RoomCheck:
    """What the room's connection is, from its papers: contract, breaker, power factor, as far as they are known.

    The item's value is the real power in W (room.md 2.5). Raises PolicyError "role.not_allowed",
    "room.evidence_missing", "room.power_unclear".
    """
    roles.require(actor, Action.ROOM_CHECK)
    found = power_capacity.capacity(supply)
    if not supply.document.strip():
        raise PolicyError("room.evidence_missing", item=ItemId.POWER_CAPACITY)
    if found is None:
        raise PolicyError("room.power_unclear")
    check = room.measured(
        ItemId.POWER_CAPACITY,
        round(found.watts, 1),
        "W",
        at=desk.clock.now(),
        source=supply.document.strip(),
        method="typed",
        by=actor.name,
        must=desk.room_must,
        verdict=power_capacity.judge_connection(supply),
        document=supply.document.strip(),
    )
    stated = {
        "volt_amperes": supply.volt_amperes,
        "breaker_amperes": supply.breaker_amperes,
        "power_factor": supply.power_factor,
        "volts": supply.volts,
    }
    with desk.unit(actor) as unit:
        unit.room.add(check)
        unit.record(POWER_DECLARED, SUBJECT, {"status": check.status.value, **stated})
    return check


def newest(unit: UnitOfWork) -> Connection | None:
    """The newest declaration of the supply; None before there was one."""
    told = [event for event in unit.events.of(SUBJECT) if event.kind == POWER_DECLARED]
    if not told:
        return None
    data = told[-1].data

    def figure(name: str) -> float | None:
        value = data.get(name)
        return float(value) if isinstance(value, int | float) else None

    return Connection(
        figure("volt_amperes"), figure("breaker_amperes"), figure("power_factor"), figure("volts") or 0.0
    )
