"""What makes several answers of an instrument one reading, and one reading a verdict that does not flap.

Sources: room.md 1.7 (read at least three times over ten seconds, the median counts, a jump above 0.5 K means repeat;
±0.5 K for a calibrated probe, ±1.0 K for a stick as bought; a sensor inside the stick feels the PC's heat), 2.2 to 2.4
(what meters can measure at all), 4.2 (bands). No clock, no device: values in, values out.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from itertools import pairwise
from statistics import median

from ktpel_desktop.core.room_limits import Span, Status, Verdict, judge_temperature

STICK_C = Span(-40.0, 85.0)
"""What a TEMPer stick can measure (room.md 1.2)."""
HUMIDITY = Span(1.0, 100.0)
"""Relative humidity of air in per cent."""
METER_V = Span(80.0, 260.0)
"""Range of the PZEM-004T v3 (room.md 2.4), and wide enough for every single-phase meter here."""
METER_A = Span(0.0, 100.0)
METER_W = Span(0.0, 26_000.0)
"""100 A at 260 V."""
MAINS_HZ = Span(45.0, 65.0)
PERCENT = Span(0.0, 100.0)
LOAD_PERCENT = Span(0.0, 300.0)
"""A UPS tells more than 100 while it is overloaded (room.md 2.2, OVER)."""

GUARD_CALIBRATED_K = 0.5
GUARD_AS_BOUGHT_K = 1.0
LARGEST_JUMP_K = 0.5


def settled(values: Sequence[float], jump: float) -> float | None:
    """The median, or None where there is no value, one is no number, or two that follow differ by more than `jump`.

    The differences are rounded to a millionth, so that 0.5 K in binary fractions is 0.5 K.
    """
    if not values or not all(map(math.isfinite, values)):
        return None
    if any(round(abs(later - earlier), 6) > jump for earlier, later in pairwise(values)):
        return None
    return median(values)


def judge_air(celsius: float, *, calibrated: bool, near_pc: bool) -> Verdict:
    """Room temperature by a thermometer whose guard band follows from its calibration.

    A sensor that sits at the PC and was never compared with a wall thermometer feels the PC: at best WARNING, and
    what it shows as too hot may be the PC alone, so that is no more than a WARNING either (room.md 1.7: the inner
    sensor read 1.7 to 6.1 K above the probe beside it).
    """
    verdict = judge_temperature(celsius, GUARD_CALIBRATED_K if calibrated else GUARD_AS_BOUGHT_K)
    unsure = near_pc and not calibrated
    if unsure and (verdict.status is Status.OK or verdict.advice == "temperature.hot"):
        return Verdict(Status.WARNING, "temperature.sensor_near_pc")
    return verdict


def agrees(watts: float, volt_amperes: float) -> bool:
    """Whether real power fits the apparent power of the same moment: never above it but for rounding.

    5 % and 5 W leave room for two roundings and two moments (room.md 2.3: a real meter's own three figures differ
    by 2 %); more than that is a garbled answer.
    """
    return watts <= volt_amperes * 1.05 + 5.0


_RANK = {Status.OK: 0, Status.WARNING: 1, Status.CRITICAL: 2}


def with_recovery(
    before: Status | None, value: float, margin: float, judge: Callable[[float], Verdict]
) -> Verdict:
    """The verdict on a value that follows one with the status `before`, so that it does not flap at a limit.

    It gets worse at once. It gets better only as far as it still would if the value were `margin` lower or higher
    (Zabbix's recovery expression, room.md 4). From and to UNKNOWN, and after a waiver, the plain verdict counts.
    """
    now = judge(value)
    if before not in _RANK or now.status not in _RANK or _RANK[now.status] >= _RANK[before]:
        return now
    shifted = [judge(value - margin), judge(value + margin)]
    known = [verdict for verdict in shifted if verdict.status in _RANK]
    return max([now, *known], key=lambda verdict: _RANK[verdict.status])
