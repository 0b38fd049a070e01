"""Simulated instruments of the room: thermometer (°C), power meter (W, VA) and line test (Mbps).

Each reads from a series of values, the last repeated for ever. Values that real instruments give when they
measure nothing (room.md 0.3: 200.00 °C is "no probe") are failures, never readings.
"""

from __future__ import annotations

from collections.abc import Sequence

from ktpel_desktop.core.errors import DeviceError, Effect
from ktpel_desktop.core.ports import Answer, Health, Reading
from ktpel_desktop.core.thermometer import AirSensor
from ktpel_desktop.devices.simulator.faults import Faults

NO_PROBE_C = 200.0
"""TEMPer sticks answer 0x4E20 (200.00 °C) when no probe is plugged in."""

TRAINING_TEMPERATURES_C = (22.8, 23.1, 23.4, 23.6, 23.9, 23.7)
TRAINING_POWER_W = (2480.0, 2615.0, 2550.0)
TRAINING_APPARENT_POWER_VA = (2790.0, 2940.0, 2865.0)
TRAINING_MAINS_V = (221.4, 219.8, 222.6)
TRAINING_LINE_MBPS = (8.7, 8.4, 8.9)


class SimulatedSensor:
    """An instrument. `name` chooses its faults ("NAME_missing", "NAME_sentinel"); `low` to `high` is what it
    can measure at all.
    """

    def __init__(
        self,
        name: str,
        unit: str,
        values: Sequence[float],
        faults: Faults,
        *,
        low: float,
        high: float,
        sentinel: float,
        air: AirSensor | None = None,
    ) -> None:
        if not values:
            raise ValueError("a simulated sensor needs at least one value")
        self._name = name
        self._unit = unit
        self._values = list(values)
        self._faults = faults
        self._low, self._high = low, high
        self._sentinel, self._air = sentinel, air

    def feed(self, *values: float) -> None:
        """The next readings, in this order."""
        self._values = list(values) + self._values[-1:]

    def health(self) -> Health:
        if self._faults.pending(f"{self._name}_missing"):
            return Health(Answer.NO, ("sensor.missing",))
        return Health(Answer.YES)

    def read(self) -> Reading:
        if self._faults.strikes(f"{self._name}_missing", "read") is not None:
            raise DeviceError("sensor.missing", Effect.NONE, sensor=self._name)
        value = self._values.pop(0) if len(self._values) > 1 else self._values[0]
        if self._faults.strikes(f"{self._name}_sentinel", "read") is not None:
            value = self._sentinel
        if not self._low <= value <= self._high:
            raise DeviceError("sensor.not_measured", Effect.NONE, sensor=self._name, raw=value)
        return Reading(value, self._unit, f"simulator:{self._name}", f"raw={value!r}", self._air)


def thermometer(faults: Faults, values: Sequence[float] = TRAINING_TEMPERATURES_C) -> SimulatedSensor:
    """Room temperature in °C."""
    return SimulatedSensor(
        "thermometer", "°C", values, faults, low=-40, high=125, sentinel=NO_PROBE_C, air=AirSensor()
    )


def power_meter(faults: Faults, values: Sequence[float] = TRAINING_POWER_W) -> SimulatedSensor:
    """Real power of the room's circuit in W."""
    return SimulatedSensor("power_meter", "W", values, faults, low=0, high=23_000, sentinel=-1)


def apparent_power_meter(
    faults: Faults, values: Sequence[float] = TRAINING_APPARENT_POWER_VA
) -> SimulatedSensor:
    """Apparent power of the room's circuit in VA."""
    return SimulatedSensor("power_meter", "VA", values, faults, low=0, high=23_000, sentinel=-1)


def mains_voltage(faults: Faults, values: Sequence[float] = TRAINING_MAINS_V) -> SimulatedSensor:
    """Voltage of the room's mains in V."""
    return SimulatedSensor("power_meter", "V", values, faults, low=0, high=400, sentinel=-1)


def line_test(faults: Faults, values: Sequence[float] = TRAINING_LINE_MBPS) -> SimulatedSensor:
    """Measured bandwidth of the line in Mbps (10^6 bit/s)."""
    return SimulatedSensor("line_test", "Mbps", values, faults, low=0, high=10_000, sentinel=-1)
