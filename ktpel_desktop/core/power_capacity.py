"""How many watts the room's connection carries, why 3,500 VA are not 3,500 W, and what the room's devices need.

Sources: Instruksi Gubernur DKI 78/2016 KEDUA huruf a angka 3 (3500 W for this service alone: two PCs and the server
1500, three printers 1200, the air-conditioner of 1 PK 800); room.md 2.5 (PLN sells VA and limits by the breaker's
current at 220 V; tiers above 5500 VA are second-hand; keep 80 % for continuous load). Verdicts stand in `room_limits`.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from ktpel_desktop.core.room_limits import (
    ASSUMED_POWER_FACTOR,
    MIN_POWER_W,
    PLN_VOLTAGE,
    Span,
    Status,
    Verdict,
    capacity_watts,
    judge_power_contract,
)

CONTINUOUS_SHARE = 0.8
"""Of the breaker, for load that stays on for hours (common practice)."""

_VA = Span(1.0, 1_000_000.0)
_AMPERES = Span(0.5, 5_000.0)
_VOLTS = Span(100.0, 500.0)
_FACTOR = Span(0.01, 1.0)


# ---------------------------------------------------------------- what the connection carries


@dataclass(frozen=True, slots=True)
class Tier:
    """A class of connection that PLN sells."""

    volt_amperes: int
    amperes: int


PLN_TIERS: tuple[Tier, ...] = (
    Tier(450, 2), Tier(900, 4), Tier(1300, 6), Tier(2200, 10), Tier(3500, 16), Tier(4400, 20), Tier(5500, 25),
    Tier(6600, 30), Tier(7700, 35),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Connection:
    """What is known of the room's supply: contract (VA), breaker (A), or both; None where nobody stated it.

    `document` names what it was read from: the bill, a photo of the breaker.
    """

    volt_amperes: float | None = None
    breaker_amperes: float | None = None
    power_factor: float | None = None
    volts: float = PLN_VOLTAGE
    document: str = ""


class LimitedBy(StrEnum):
    """What sets the capacity."""

    CONTRACT = "contract"
    BREAKER = "breaker"


@dataclass(frozen=True, slots=True)
class Capacity:
    """Real power of a connection. `assumed` says that nobody stated the power factor."""

    watts: float
    volt_amperes: float
    amperes: float
    power_factor: float
    assumed: bool
    limited_by: LimitedBy

    @property
    def continuous_watts(self) -> float:
        """What may stay on for hours."""
        return self.watts * CONTINUOUS_SHARE


def capacity(connection: Connection) -> Capacity | None:
    """The smaller of contract and breaker, in watts; None where nothing was stated or a figure cannot be true."""
    volts, factor = connection.volts, connection.power_factor
    stated = [
        (_VA, connection.volt_amperes),
        (_AMPERES, connection.breaker_amperes),
        (_FACTOR, factor),
        (_VOLTS, volts),
    ]
    if any(value is not None and not span.holds(value) for span, value in stated):
        return None
    ways: list[tuple[float, LimitedBy]] = []
    if connection.volt_amperes is not None:
        ways.append((connection.volt_amperes, LimitedBy.CONTRACT))
    if connection.breaker_amperes is not None:
        ways.append((connection.breaker_amperes * volts, LimitedBy.BREAKER))
    if not ways:
        return None
    volt_amperes, limited_by = min(ways)
    used = ASSUMED_POWER_FACTOR if factor is None else factor
    watts = capacity_watts(volt_amperes, used)
    return Capacity(watts, volt_amperes, volt_amperes / volts, used, factor is None, limited_by)


def judge_connection(connection: Connection) -> Verdict:
    """The verdict on a supply; without figures, or with one that cannot be true, UNKNOWN."""
    found = capacity(connection)
    if found is None:
        factor = connection.power_factor
        odd = factor is not None and not _FACTOR.holds(factor)
        return Verdict(Status.UNKNOWN, "power.factor_implausible" if odd else "power.not_declared")
    return judge_power_contract(found.volt_amperes, connection.power_factor)


@dataclass(frozen=True, slots=True)
class WattFacts:
    """The figures of the sentence "3,500 VA are 16 A; at a power factor of 0.85 that is 2,975 W; ask for 4,400 VA".

    `ask_for` is PLN's smallest class that carries what is needed (None where the supply does already, or no class of
    the table does).
    """

    found: Capacity
    needed_watts: float
    ask_for: Tier | None

    @property
    def missing_watts(self) -> float:
        """0 where the supply carries what is needed."""
        return max(0.0, self.needed_watts - self.found.watts)

    @property
    def ask_for_watts(self) -> float:
        """What that class carries at the same power factor; 0 without one."""
        return capacity_watts(self.ask_for.volt_amperes, self.found.power_factor) if self.ask_for else 0.0


def watt_facts(found: Capacity, needed: float = MIN_POWER_W) -> WattFacts:
    """Why a connection of so many VA does, or does not, carry the watts that are needed."""
    tier = smallest_tier(needed, found.power_factor) if found.watts < needed else None
    return WattFacts(found, needed, tier)


def smallest_tier(watts: float, power_factor: float = ASSUMED_POWER_FACTOR) -> Tier | None:
    """PLN's smallest class that carries so many watts."""
    return next(
        (tier for tier in PLN_TIERS if capacity_watts(tier.volt_amperes, power_factor) >= watts), None
    )


# ---------------------------------------------------------------- what the devices need


class LoadGroup(StrEnum):
    """The instruction's three groups, and what it does not name (chargers, lamps, the network)."""

    COMPUTERS = "computers"
    PRINTERS = "printers"
    AIR_CONDITIONER = "air_conditioner"
    OTHER = "other"


INSTRUCTED_WATTS: dict[LoadGroup, float] = {
    LoadGroup.COMPUTERS: 1500.0,
    LoadGroup.PRINTERS: 1200.0,
    LoadGroup.AIR_CONDITIONER: 800.0,
    LoadGroup.OTHER: 0.0,
}


@dataclass(frozen=True, slots=True)
class RoomDevice:
    """A line of the room's inventory. The label says watts or volt-amperes; None where it was not read yet."""

    name: str
    group: LoadGroup
    count: int = 1
    watts: float | None = None
    volt_amperes: float | None = None
    power_factor: float = ASSUMED_POWER_FACTOR
    on_ups: bool = False


@dataclass(frozen=True, slots=True)
class Load:
    """Real and apparent power of some devices."""

    watts: float = 0.0
    volt_amperes: float = 0.0

    def __add__(self, other: Load) -> Load:
        return Load(self.watts + other.watts, self.volt_amperes + other.volt_amperes)


@dataclass(frozen=True, slots=True)
class GroupLoad:
    """A group beside the figure that the instruction has for it."""

    group: LoadGroup
    load: Load
    instructed_watts: float

    @property
    def over_by(self) -> float:
        """Watts above the instruction's figure, 0 where there are none."""
        return max(0.0, self.load.watts - self.instructed_watts)


@dataclass(frozen=True, slots=True)
class Budget:
    """What the inventory needs. With `unread` labels the totals are a lower bound and say nothing is enough."""

    groups: tuple[GroupLoad, ...]
    on_ups: Load
    unread: tuple[str, ...]

    @property
    def total(self) -> Load:
        """All devices together."""
        return sum((group.load for group in self.groups), Load())


def budget(devices: Iterable[RoomDevice]) -> Budget:
    """The inventory added up by group. A device whose label or count cannot be true counts as not read."""
    loads = dict.fromkeys(LoadGroup, Load())
    on_ups, unread = Load(), []
    for device in devices:
        load = load_of(device)
        if load is None:
            unread.append(device.name)
            continue
        loads[device.group] += load
        on_ups += load if device.on_ups else Load()
    return Budget(
        tuple(GroupLoad(group, load, INSTRUCTED_WATTS[group]) for group, load in loads.items()),
        on_ups,
        tuple(unread),
    )


def load_of(device: RoomDevice) -> Load | None:
    """What all pieces of a line draw by their label; None where nobody read it or it cannot be true."""
    label = device.watts if device.watts is not None else device.volt_amperes
    if label is None or not _VA.holds(label) or not _FACTOR.holds(device.power_factor):
        return None
    if not 1 <= device.count <= 1000:
        return None
    if device.watts is not None:
        return Load(label * device.count, label * device.count / device.power_factor)
    return Load(label * device.count * device.power_factor, label * device.count)


class Fit(StrEnum):
    """Whether a supply carries an inventory."""

    UNKNOWN = "unknown"
    ENOUGH = "enough"
    NO_RESERVE = "no_reserve"
    """Carries it, but more than 80 % for hours."""
    TOO_SMALL = "too_small"


def fits(needed: Budget, found: Capacity | None) -> Fit:
    """Whether the supply carries the inventory. What is too small already is so with labels unread, too.

    Both sides are compared in VA, since that is what a breaker counts.
    """
    if found is None:
        return Fit.UNKNOWN
    share = needed.total.volt_amperes / found.volt_amperes
    if share > 1.0:
        return Fit.TOO_SMALL
    if needed.unread or share == 0.0:
        return Fit.UNKNOWN
    return Fit.NO_RESERVE if share > CONTINUOUS_SHARE else Fit.ENOUGH
