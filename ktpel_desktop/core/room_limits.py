"""Limits of the room standard with their guard bands: a value in, a verdict out.

Sources: Instruksi Gubernur DKI 78/2016 for the limits; the bands around them follow the error of the instruments
that measure (design.md 8). What cannot be a
reading at all (NaN, infinity, an instrument's "no probe" value) is UNKNOWN. `advice` is a code in
resources/teks/layar.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from enum import StrEnum


class Status(StrEnum):
    """Verdict on one item."""

    OK = "ok"
    WARNING = "warning"
    CRITICAL = "critical"
    UNKNOWN = "unknown"
    WAIVED = "waived"


@dataclass(frozen=True, slots=True)
class Verdict:
    """A status with the code of its advice in resources/teks/layar."""

    status: Status
    advice: str


@dataclass(frozen=True, slots=True)
class Span:
    """What a quantity can be at all, ends included. NaN and the infinities lie in no span."""

    low: float
    high: float

    def holds(self, value: float) -> bool:
        """Whether the value can be a measurement."""
        return self.low <= value <= self.high


ROOM_C = Span(5.0, 60.0)
"""Air of a room in Jakarta, °C."""
MAINS_V = Span(50.0, 500.0)
"""Less is no supply but a fault or an absent instrument."""
MIN_POWER_W = 3500.0
ASSUMED_POWER_FACTOR = 0.85
"""Used where nobody stated one: PCs and an air-conditioner's compressor together."""
PLN_VOLTAGE = 220.0


def judge_temperature(celsius: float, guard: float = 0.5) -> Verdict:
    """Air temperature in °C against 20–25 with the instrument's guard band in K.

    What no room in Jakarta has (below 5, above 60: absent probe 200.00, unconverted DS18B20 85.00, 0xFFFF as
    -0.004, SNMP -1) is UNKNOWN.
    """
    if not ROOM_C.holds(celsius):
        return Verdict(Status.UNKNOWN, "temperature.implausible")
    if celsius < 19.0:
        return Verdict(Status.CRITICAL, "temperature.cold")
    if celsius > 26.0:
        return Verdict(Status.CRITICAL, "temperature.hot")
    if celsius < 20.0 + guard:
        return Verdict(Status.WARNING, "temperature.near_cold")
    if celsius > 25.0 - guard:
        return Verdict(Status.WARNING, "temperature.near_hot")
    return Verdict(Status.OK, "temperature.ok")


def capacity_watts(volt_amperes: float, power_factor: float = ASSUMED_POWER_FACTOR) -> float:
    """Real power in W that a connection of so many VA carries."""
    return volt_amperes * power_factor


def judge_power_watts(watts: float) -> Verdict:
    """Real power in W available to this service alone against 3500 W."""
    if not _within(watts, 1.0, 1_000_000.0):
        return Verdict(Status.UNKNOWN, "power.not_declared")
    if watts < MIN_POWER_W:
        return Verdict(Status.CRITICAL, "power.too_small")
    return Verdict(Status.OK, "power.ok")


def judge_power_contract(volt_amperes: float, power_factor: float | None = None) -> Verdict:
    """Contract power in VA (PLN bill, or breaker A × 220 V) against 3500 W.

    3500 VA are not 3500 W. Without a stated power factor (above 0, at most 1) a connection of 3500 VA or more
    that falls short at 0.85 is a WARNING, for the instruction may have meant PLN's class of that name; with one,
    the product decides.
    """
    if not _within(volt_amperes, 1.0, 1_000_000.0):
        return Verdict(Status.UNKNOWN, "power.not_declared")
    if power_factor is not None:
        if not (math.isfinite(power_factor) and 0.0 < power_factor <= 1.0):
            return Verdict(Status.UNKNOWN, "power.factor_implausible")
        return judge_power_watts(capacity_watts(volt_amperes, power_factor))
    if volt_amperes < MIN_POWER_W:
        return Verdict(Status.CRITICAL, "power.too_small")
    if capacity_watts(volt_amperes) < MIN_POWER_W:
        return Verdict(Status.WARNING, "power.va_is_not_w")
    return Verdict(Status.OK, "power.ok")


def judge_supply_voltage(volts: float) -> Verdict:
    """Supply voltage in V against 220 V −10 % +10 %."""
    if not MAINS_V.holds(volts):
        return Verdict(Status.UNKNOWN, "voltage.implausible")
    if not 198.0 <= volts <= 242.0:
        return Verdict(Status.WARNING, "voltage.outside")
    return Verdict(Status.OK, "voltage.ok")


def judge_power_used(watts: float) -> Verdict:
    """What the room draws now, in W, against what the Lampiran reckons with (1500 + 1200 + 800)."""
    if not _within(watts, 0.0, 100_000.0):
        return Verdict(Status.UNKNOWN, "used.not_measured")
    if watts > MIN_POWER_W:
        return Verdict(Status.WARNING, "used.more_than_reckoned")
    return Verdict(Status.OK, "used.ok")


def judge_power_load(percent: float) -> Verdict:
    """Load in % of what the connection carries. 80 is what may stay on for hours (room.md 2.5, 4.2)."""
    if not _within(percent, 0.0, 1000.0):
        return Verdict(Status.UNKNOWN, "load.not_measured")
    if percent > 95.0:
        return Verdict(Status.CRITICAL, "load.too_high")
    if percent > 80.0:
        return Verdict(Status.WARNING, "load.high")
    return Verdict(Status.OK, "load.ok")


def judge_clock(seconds: float) -> Verdict:
    """How far this computer's clock is from the server's, in s. Two are the proposal of room.md 4.1."""
    if not math.isfinite(seconds):
        return Verdict(Status.UNKNOWN, "clock.not_compared")
    if abs(seconds) > 60.0:
        return Verdict(Status.CRITICAL, "clock.wrong")
    if abs(seconds) > 2.0:
        return Verdict(Status.WARNING, "clock.off")
    return Verdict(Status.OK, "clock.ok")


def judge_disk(free_bytes: float) -> Verdict:
    """Room left on the disk of the database, in bytes: a day's work writes some megabytes, a backup the whole file."""
    if not _within(free_bytes, 0.0, 1e18):
        return Verdict(Status.UNKNOWN, "disk.not_told")
    if free_bytes < 0.5e9:
        return Verdict(Status.CRITICAL, "disk.full")
    if free_bytes < 2e9:
        return Verdict(Status.WARNING, "disk.low")
    return Verdict(Status.OK, "disk.ok")


def judge_bandwidth(mbps: float) -> Verdict:
    """Link-rate estimate in Mbps against 6, with bands of 5 % for the measuring error.

    Nothing carried is a failed test, not a slow line: zero is UNKNOWN.
    """
    if not _within(mbps, 0.001, 100_000.0):
        return Verdict(Status.UNKNOWN, "bandwidth.not_measured")
    if mbps < 5.7:
        return Verdict(Status.CRITICAL, "bandwidth.slow")
    if mbps < 6.3:
        return Verdict(Status.WARNING, "bandwidth.at_limit")
    return Verdict(Status.OK, "bandwidth.ok")


def judge_availability(percent: float) -> Verdict:
    """Share in % of the last 24 hours in which the line was up, against "24 hours, 7 days"."""
    if not _within(percent, 0.0, 100.0):
        return Verdict(Status.UNKNOWN, "network.not_measured")
    if percent < 98.0:
        return Verdict(Status.CRITICAL, "network.down")
    if percent < 99.5:
        return Verdict(Status.WARNING, "network.gaps")
    return Verdict(Status.OK, "network.ok")


def judge_area(square_metres: float) -> Verdict:
    """Floor area in m² against the ideal 20 (5 m × 4 m). "Ideal" leaves a fifth before it fails."""
    if not _within(square_metres, 1.0, 1000.0):
        return Verdict(Status.UNKNOWN, "area.implausible")
    if square_metres < 16.0:
        return Verdict(Status.CRITICAL, "area.small")
    if square_metres < 19.0:
        return Verdict(Status.WARNING, "area.near")
    return Verdict(Status.OK, "area.ok")


def _within(value: float, low: float, high: float) -> bool:
    # NaN compares false with everything, so it falls out here together with the infinities.
    return low <= value <= high
