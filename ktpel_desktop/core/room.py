"""Results of the room check: one item at one moment, and the verdict on the room as a whole.

Items stand in `room_items`, thresholds in `room_limits`. A missing, broken or overdue reading is UNKNOWN, never OK.
Words (names, advice, who acts) stand in resources/teks/layar under the codes used here.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from enum import StrEnum

from ktpel_desktop.core.errors import PolicyError
from ktpel_desktop.core.readings import with_recovery
from ktpel_desktop.core.room_items import DEFAULT_MUST, ITEM, ITEMS, ItemId, Who
from ktpel_desktop.core.room_limits import (
    Status,
    Verdict,
    judge_area,
    judge_availability,
    judge_bandwidth,
    judge_power_contract,
    judge_power_load,
    judge_power_used,
    judge_power_watts,
    judge_supply_voltage,
    judge_temperature,
)

WAIVER_VALID_FOR = timedelta(hours=12)
"""A waiver counts for the day's work only."""


@dataclass(frozen=True, slots=True)
class RoomCheck:
    """The result of one item at one moment. `value` in `unit`, or `text` where a person attested.

    `source` is the instrument, document or person; `method` is "sensor", "asked", "typed", "attested" or "none".
    `by` is who took or typed it. `blocking` says that the item is a must-item of this office. A declaration names its
    `document`, and may count no longer than the document does.
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
    document: str = ""
    valid_until: datetime | None = None

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
    (ItemId.POWER_USED, "W"): judge_power_used,
    (ItemId.POWER_LOAD, "%"): judge_power_load,
    (ItemId.BANDWIDTH, "Mbps"): judge_bandwidth,
    (ItemId.NETWORK_24_7, "%"): judge_availability,
}


def judge(item: ItemId, value: float, unit: str) -> Verdict:
    """The verdict on a reading of any measured item; a unit that the item does not have is UNKNOWN."""
    found = _JUDGE.get((item, unit))
    return found(value) if found else Verdict(Status.UNKNOWN, "unit_unknown")


# ---------------------------------------------------------------- results


@dataclass(frozen=True, slots=True)
class Look:
    """What one look at an item brought, judged: a value in `unit`, words, or both.

    `judge` is the rule by which the value was judged, where there is one: such a verdict does not flap at its limit.
    """

    verdict: Verdict
    value: float | None = None
    unit: str = ""
    text: str = ""
    source: str = ""
    evidence: tuple[str, ...] = ()
    judge: Callable[[float], Verdict] | None = field(default=None, compare=False)
    method: str = "asked"


def seen(
    item: ItemId,
    look: Look,
    *,
    at: datetime,
    before: Status | None = None,
    must: frozenset[ItemId] = DEFAULT_MUST,
) -> RoomCheck:
    """The result of a look that the program took by itself; `before` is what counted until now."""
    verdict = look.verdict
    if look.judge is not None and look.value is not None:
        verdict = with_recovery(before, look.value, ITEM[item].margin, look.judge)
    return RoomCheck(
        item=item,
        status=verdict.status,
        advice=verdict.advice,
        measured_at=at,
        value=look.value if look.value is not None and math.isfinite(look.value) else None,
        unit=look.unit,
        text=look.text,
        source=look.source,
        method=look.method,
        evidence=look.evidence,
        blocking=item in must,
    )


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
    document: str = "",
    valid_until: datetime | None = None,
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
        document=document,
        valid_until=valid_until,
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
    document: str = "",
    valid_until: datetime | None = None,
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
        document=document.strip(),
        valid_until=valid_until,
    )


def unknown(
    item: ItemId,
    *,
    at: datetime,
    must: frozenset[ItemId] = DEFAULT_MUST,
    advice: str = "not_checked",
    evidence: tuple[str, ...] = (),
) -> RoomCheck:
    """The result of an item that nobody and nothing could tell; `advice` may be an error's code."""
    return RoomCheck(
        item=item,
        status=Status.UNKNOWN,
        advice=advice,
        measured_at=at,
        evidence=evidence,
        blocking=item in must,
    )


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
    """The result as it counts now: overdue, its document expired, or dated in the future, it is UNKNOWN."""
    waived = check.status is Status.WAIVED
    valid_for = WAIVER_VALID_FOR if waived else ITEM[check.item].valid_for
    stands = waived or check.valid_until is None or now <= check.valid_until
    if stands and timedelta(minutes=-5) <= now - check.measured_at <= valid_for:
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
