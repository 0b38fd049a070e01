"""What every power meter tells, whatever line it hangs on, and one quantity of it as a sensor of the room."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum
from typing import Protocol

from ktpel_desktop.core.errors import DeviceError
from ktpel_desktop.core.ports import Answer, Health, Reading
from ktpel_desktop.core.readings import METER_A, METER_V, METER_W, agrees


@dataclass(frozen=True, slots=True)
class MeterMeasurement:
    """One answer. None where this kind of meter does not tell it."""

    watts: float
    volts: float | None
    amperes: float | None
    volt_amperes: float | None
    evidence: str

    def is_plausible(self) -> bool:
        """Whether each figure can be measured at all, and real power fits apparent power."""
        told = (
            (METER_W, self.watts),
            (METER_V, self.volts),
            (METER_A, self.amperes),
            (METER_W, self.volt_amperes),
        )
        if any(value is not None and not span.holds(value) for span, value in told):
            return False
        return self.volt_amperes is None or agrees(self.watts, self.volt_amperes)


class PowerMeter(Protocol):
    """A meter that can be asked."""

    @property
    def source(self) -> str:
        """Its kind, for the record."""
        ...

    def measure(self, timeout_s: float | None = None) -> MeterMeasurement:
        """One measurement. Raises DeviceError, "sensor.missing" where there is no meter to ask."""
        ...


@dataclass(frozen=True, slots=True)
class _Measured:
    unit: str
    value: Callable[[MeterMeasurement], float | None]


class MeterQuantity(Enum):
    """What of a meter is read."""

    WATTS = _Measured("W", lambda found: found.watts)
    VOLT_AMPERES = _Measured("VA", lambda found: found.volt_amperes)
    VOLTAGE = _Measured("V", lambda found: found.volts)
    CURRENT = _Measured("A", lambda found: found.amperes)


class PowerMeterSensor:
    """core.ports.Sensor: one quantity of a meter."""

    def __init__(self, meter: PowerMeter, quantity: MeterQuantity = MeterQuantity.WATTS) -> None:
        self._meter, self._quantity = meter, quantity

    def health(self) -> Health:
        try:
            found = self._meter.measure(timeout_s=0.8)
        except DeviceError as error:
            return Health(Answer.NO if error.code == "sensor.missing" else Answer.UNKNOWN, (error.code,))
        if self._quantity.value.value(found) is None:
            return Health(Answer.NO, ("meter.not_measured",))
        return Health(Answer.YES, (), {"watts": f"{found.watts:.1f}"})

    def read(self) -> Reading:
        """One reading. Raises DeviceError as the meter's `measure`, and "meter.not_measured"."""
        found, wanted = self._meter.measure(), self._quantity.value
        value = wanted.value(found)
        if value is None:
            raise DeviceError("meter.not_measured")
        return Reading(round(value, 3), wanted.unit, self._meter.source, found.evidence)
