"""The room standard of Instruksi Gubernur DKI 78/2016 as one table, and the verdict on each of its items.

Thresholds are judged in `room_limits`. A missing, broken or overdue reading is UNKNOWN, never OK. Words (names,
advice, who acts) stand in resources/teks/layar under the codes used here.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

from ktpel_desktop.core.errors import PolicyError
from ktpel_desktop.core.room_limits import (
    Status,
    Verdict,
    judge_area,
    judge_availability,
    judge_bandwidth,
    judge_power_contract,
    judge_power_watts,
    judge_supply_voltage,
    judge_temperature,
)


class ItemId(StrEnum):
    """Items of the standard, in the order in which a check walks through them."""

    AREA = "area"
    SECURED = "secured"
    CABINET_LOCKED = "cabinet_locked"
    AIR_CONDITIONED = "air_conditioned"
    TEMPERATURE = "temperature"
    POWER_CAPACITY = "power_capacity"
    POWER_DEDICATED = "power_dedicated"
    POWER_CONDITION = "power_condition"
    NETWORK_24_7 = "network_24_7"
    BANDWIDTH_DEDICATED = "bandwidth_dedicated"
    BANDWIDTH = "bandwidth"


class Group(StrEnum):
    """Groups of items on the screen and in the minutes."""

    ROOM = "room"
    CLIMATE = "climate"
    POWER = "power"
    NETWORK = "network"


class Kind(StrEnum):
    """How an item becomes known: by a value (measured or typed in), or by a person's word with evidence."""

    MEASURED = "measured"
    ATTESTED = "attested"


class Who(StrEnum):
    """Who puts a failed item right."""

    OPERATOR = "operator"
    PENYELIA = "penyelia"
    KELURAHAN = "kelurahan"
    KOMINFO = "kominfo"


@dataclass(frozen=True, slots=True)
class RoomItem:
    """One line of the standard. `paragraph` cites the instruction; `limit` is in `unit`.

    `must` is the default; which items block printing is the office's setting. `valid_for` is how long a
    result counts.
    """

    id: ItemId
    group: Group
    paragraph: str
    limit: str
    unit: str
    kind: Kind
    must: bool
    valid_for: timedelta
    who: Who


_YEAR, _DAY = timedelta(days=365), timedelta(hours=24)
_A1, _A2, _A3, _A4 = (f"KEDUA huruf a angka {number}" for number in range(1, 5))
_C1, _C2 = "KEDUA huruf c angka 1", "KEDUA huruf c angka 2"

_G, _K, _W = Group, Kind, Who

# Only the two items that guard the blanks block by default: residents are waiting, and a room at 25.4 °C must not
# stop the service.
ITEMS: tuple[RoomItem, ...] = (
    RoomItem(ItemId.AREA, _G.ROOM, _A1, "≈ 20", "m²", _K.MEASURED, False, _YEAR, _W.KELURAHAN),
    RoomItem(ItemId.SECURED, _G.ROOM, _A1, "", "", _K.ATTESTED, True, _DAY, _W.KELURAHAN),
    RoomItem(ItemId.CABINET_LOCKED, _G.ROOM, _A4, "", "", _K.ATTESTED, True, _DAY, _W.OPERATOR),
    RoomItem(ItemId.AIR_CONDITIONED, _G.CLIMATE, _A2, "", "", _K.ATTESTED, False, _DAY, _W.KELURAHAN),
    RoomItem(
        ItemId.TEMPERATURE,
        _G.CLIMATE,
        _A2,
        "20–25",
        "°C",
        _K.MEASURED,
        False,
        timedelta(hours=2),
        _W.OPERATOR,
    ),
    RoomItem(ItemId.POWER_CAPACITY, _G.POWER, _A3, "≥ 3500", "W", _K.MEASURED, False, _YEAR, _W.KELURAHAN),
    RoomItem(ItemId.POWER_DEDICATED, _G.POWER, _A3, "", "", _K.ATTESTED, False, _YEAR, _W.KELURAHAN),
    RoomItem(ItemId.POWER_CONDITION, _G.POWER, _A3, "198–242", "V", _K.MEASURED, False, _DAY, _W.KELURAHAN),
    RoomItem(ItemId.NETWORK_24_7, _G.NETWORK, _C2, "≥ 99,5", "%", _K.MEASURED, False, _DAY, _W.KOMINFO),
    RoomItem(
        ItemId.BANDWIDTH_DEDICATED, _G.NETWORK, "Lampiran", "", "", _K.ATTESTED, False, _YEAR, _W.KOMINFO
    ),
    RoomItem(
        ItemId.BANDWIDTH, _G.NETWORK, _C1, "≥ 6", "Mbps", _K.MEASURED, False, timedelta(hours=4), _W.KOMINFO
    ),
)

ITEM: dict[ItemId, RoomItem] = {item.id: item for item in ITEMS}
DEFAULT_MUST: frozenset[ItemId] = frozenset(item.id for item in ITEMS if item.must)
WAIVER_VALID_FOR = timedelta(hours=12)
"""A waiver counts for the day's work only."""


@dataclass(frozen=True, slots=True)
class RoomCheck:
    """The result of one item at one moment. `value` in `unit`, or `text` where a person attested.

    `source` is the instrument, document or person; `method` is "sensor", "typed", "attested" or "none". `by` is
    who took or typed it. `blocking` says that the item is a must-item of this office.
    """

    item: ItemId
    status: Status
    advice: str
    measured_at: datetime
    value: float | None = None
    unit: str = ""
    text: str = ""
    source: str = ""
    method: str = "none"
    evidence: tuple[str, ...] = ()
    by: str = ""
    blocking: bool = False
    waived_by: str = ""
    waived_reason: str = ""

    @property
    def limit(self) -> str:
        """The limit of the standard, in the item's unit."""
        return ITEM[self.item].limit

    @property
    def who(self) -> Who:
        """Who puts it right."""
        return ITEM[self.item].who

    @property
    def blocks(self) -> bool:
        """Whether it keeps the room from printing."""
        return self.blocking and self.status in (Status.CRITICAL, Status.UNKNOWN)


# ---------------------------------------------------------------- judging

_JUDGE: dict[tuple[ItemId, str], Callable[[float], Verdict]] = {
    (ItemId.AREA, "m²"): judge_area,
    (ItemId.TEMPERATURE, "°C"): judge_temperature,
    (ItemId.POWER_CAPACITY, "W"): judge_power_watts,
    (ItemId.POWER_CAPACITY, "VA"): judge_power_contract,
    (ItemId.POWER_CONDITION, "V"): judge_supply_voltage,
    (ItemId.BANDWIDTH, "Mbps"): judge_bandwidth,
    (ItemId.NETWORK_24_7, "%"): judge_availability,
}


def judge(item: ItemId, value: float, unit: str) -> Verdict:
    """The verdict on a reading of any measured item; a unit that the item does not have is UNKNOWN."""
    found = _JUDGE.get((item, unit))
    return found(value) if found else Verdict(Status.UNKNOWN, "unit_unknown")


# ---------------------------------------------------------------- results


def measured(
    item: ItemId,
    value: float,
    unit: str,
    *,
    at: datetime,
    source: str,
    must: frozenset[ItemId] = DEFAULT_MUST,
    method: str = "sensor",
    by: str = "",
    evidence: tuple[str, ...] = (),
    verdict: Verdict | None = None,
) -> RoomCheck:
    """The result of a reading; `verdict` where the caller knew more than value and unit (guard, power factor).

    A typed value needs the name of who read the instrument: raises PolicyError "room.name_missing".
    """
    if method == "typed" and not by.strip():
        raise PolicyError("room.name_missing", item=item)
    judged = verdict or judge(item, value, unit)
    return RoomCheck(
        item=item,
        status=judged.status,
        advice=judged.advice,
        measured_at=at,
        value=value if math.isfinite(value) else None,
        unit=unit,
        source=source,
        method=method,
        evidence=evidence,
        by=by,
        blocking=item in must,
    )


def attested(
    item: ItemId,
    holds: bool,
    *,
    seen: str,
    by: str,
    at: datetime,
    must: frozenset[ItemId] = DEFAULT_MUST,
    evidence: tuple[str, ...] = (),
) -> RoomCheck:
    """A person's word, with what was seen (a seal number, a document), for a bare tick is said too easily.

    Raises PolicyError "room.name_missing", "room.evidence_missing".
    """
    if not by.strip():
        raise PolicyError("room.name_missing", item=item)
    if not seen.strip():
        raise PolicyError("room.evidence_missing", item=item)
    return RoomCheck(
        item=item,
        status=Status.OK if holds else Status.CRITICAL,
        advice=f"{item}.{'holds' if holds else 'fails'}",
        measured_at=at,
        text=seen.strip(),
        source=by,
        method="attested",
        evidence=evidence,
        by=by,
        blocking=item in must,
    )


def unknown(
    item: ItemId, *, at: datetime, must: frozenset[ItemId] = DEFAULT_MUST, advice: str = "not_checked"
) -> RoomCheck:
    """The result of an item that nobody and nothing could tell; `advice` may be an error's code."""
    return RoomCheck(item=item, status=Status.UNKNOWN, advice=advice, measured_at=at, blocking=item in must)


def waive(check: RoomCheck, *, by: str, reason: str, at: datetime) -> RoomCheck:
    """The same result, no longer in the way of printing, because a named penyelia answers for it.

    Raises PolicyError "room.nothing_to_waive", "room.name_missing", "room.reason_missing".
    """
    if check.status not in (Status.CRITICAL, Status.UNKNOWN):
        raise PolicyError("room.nothing_to_waive", item=check.item)
    if not by.strip():
        raise PolicyError("room.name_missing", item=check.item)
    if not reason.strip():
        raise PolicyError("room.reason_missing", item=check.item)
    return replace(
        check, status=Status.WAIVED, measured_at=at, waived_by=by.strip(), waived_reason=reason.strip()
    )


def as_of(check: RoomCheck, now: datetime) -> RoomCheck:
    """The result as it counts now: overdue, or dated in the future by a wrong clock, it is UNKNOWN."""
    waived = check.status is Status.WAIVED
    valid_for = WAIVER_VALID_FOR if waived else ITEM[check.item].valid_for
    if timedelta(minutes=-5) <= now - check.measured_at <= valid_for:
        return check
    return replace(check, status=Status.UNKNOWN, advice="expired", waived_by="", waived_reason="")


# ---------------------------------------------------------------- the room as a whole


class Readiness(StrEnum):
    """The one word about the room."""

    READY = "ready"
    READY_WITH_WARNINGS = "ready_with_warnings"
    NOT_MEASURED = "not_measured"
    NOT_READY = "not_ready"


@dataclass(frozen=True, slots=True)
class RoomVerdict:
    """All items of the standard, in its order, as they count now."""

    checks: tuple[RoomCheck, ...]

    @property
    def blocking(self) -> tuple[RoomCheck, ...]:
        """What keeps the room from printing. It never keeps the counter from intake or handover."""
        return tuple(check for check in self.checks if check.blocks)

    @property
    def readiness(self) -> Readiness:
        """A function of the items, never stored."""
        statuses = {check.status for check in self.blocking}
        if Status.CRITICAL in statuses:
            return Readiness.NOT_READY
        if statuses:
            return Readiness.NOT_MEASURED
        if all(check.status is Status.OK for check in self.checks):
            return Readiness.READY
        return Readiness.READY_WITH_WARNINGS


def overall(
    latest: Iterable[RoomCheck], now: datetime, must: frozenset[ItemId] = DEFAULT_MUST
) -> RoomVerdict:
    """The room as of `now` from the newest result of each item; an item without one is UNKNOWN.

    `must` is the office's setting of today; it replaces what stood in the results.
    """
    known = {check.item: check for check in latest}
    return RoomVerdict(
        tuple(
            replace(as_of(known[item.id], now), blocking=item.id in must)
            if item.id in known
            else unknown(item.id, at=now, must=must)
            for item in ITEMS
        )
    )


def require_ready(verdict: RoomVerdict) -> None:
    """Refuse printing while a must-item stands against it. Raises PolicyError "room.not_ready"."""
    if verdict.blocking:
        raise PolicyError("room.not_ready", items=", ".join(check.item for check in verdict.blocking))
