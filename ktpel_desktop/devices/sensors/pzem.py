"""PZEM-004T v3, the energy meter on the room's circuit, over Modbus-RTU at a serial adapter.

Source: room.md 2.4 (9600 8N1, function 0x04, ten registers from 0, 32-bit values low word first, address 1 as bought
or 0xF8 for a single meter; ranges 80 to 260 V and 0 to 100 A). minimalmodbus (Apache-2.0) frames and checks length,
address, function and CRC: it is synchronous by nature, where pymodbus's client brings asyncio along. Only read here:
0x42, which would reset the energy count, is never sent.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import Enum

import minimalmodbus
import serial

from ktpel_desktop.core.errors import DeviceError
from ktpel_desktop.core.ports import Answer, Health, Reading
from ktpel_desktop.core.readings import MAINS_HZ, METER_A, METER_V, METER_W, Span, agrees
from ktpel_desktop.devices.sensors.serial_line import LINE_ERRORS, is_absent

ADDRESS_AS_BOUGHT = 1
ADDRESS_OF_ANY = 0xF8

_REGISTERS = 10
_READ_INPUT = 0x04
_ALARMS = {0x0000: False, 0xFFFF: True}
_FACTOR = Span(0.0, 1.0)


@dataclass(frozen=True, slots=True)
class PzemMeasurement:
    """One answer of the meter. `alarm` says that the power is above the meter's own threshold."""

    volts: float
    amperes: float
    watts: float
    watt_hours: int
    hertz: float
    power_factor: float
    alarm: bool
    evidence: str

    @property
    def volt_amperes(self) -> float:
        """Apparent power."""
        return self.volts * self.amperes


def measurement_of(registers: Sequence[int]) -> PzemMeasurement:
    """What the ten registers say. Raises DeviceError "pzem.nonsense" where they cannot be a measurement."""
    evidence = "".join(f"{register:04x}" for register in registers)
    if len(registers) != _REGISTERS or registers[9] not in _ALARMS:
        raise DeviceError("pzem.nonsense", raw=evidence)
    found = PzemMeasurement(
        volts=registers[0] / 10,
        amperes=_double(registers, 1) / 1000,
        watts=_double(registers, 3) / 10,
        watt_hours=_double(registers, 5),
        hertz=registers[7] / 10,
        power_factor=registers[8] / 100,
        alarm=_ALARMS[registers[9]],
        evidence=evidence,
    )
    possible = (
        METER_V.holds(found.volts)
        and METER_A.holds(found.amperes)
        and METER_W.holds(found.watts)
        and MAINS_HZ.holds(found.hertz)
        and _FACTOR.holds(found.power_factor)
    )
    if not (possible and agrees(found.watts, found.volt_amperes)):
        raise DeviceError("pzem.nonsense", raw=evidence)
    return found


def _double(registers: Sequence[int], low: int) -> int:
    return registers[low] | registers[low + 1] << 16


class PzemMeter:
    """A meter at a serial port, opened for each measurement."""

    def __init__(self, port: str, address: int = ADDRESS_AS_BOUGHT, timeout_s: float = 1.0) -> None:
        self._port, self._address, self._timeout = port, address, timeout_s

    def measure(self, timeout_s: float | None = None) -> PzemMeasurement:
        """One measurement.

        Raises DeviceError "sensor.missing", "pzem.no_access", "pzem.silent", "pzem.garbled", "pzem.refused",
        "pzem.unplugged", "pzem.nonsense".
        """
        wait = timeout_s or self._timeout
        try:
            line = serial.Serial(self._port, 9600, timeout=wait, write_timeout=wait)
        except LINE_ERRORS as error:
            if is_absent(error):
                raise DeviceError("sensor.missing", sensor="pzem") from None
            raise DeviceError("pzem.no_access") from None
        with line:
            return measurement_of(_registers(line, self._address))


def _registers(line: serial.Serial, address: int) -> list[int]:
    try:
        meter = minimalmodbus.Instrument(line, address)
        answer = meter.read_registers(0, _REGISTERS, functioncode=_READ_INPUT)
    except minimalmodbus.NoResponseError:
        raise DeviceError("pzem.silent") from None
    except minimalmodbus.SlaveReportedException:
        raise DeviceError("pzem.refused") from None
    except (minimalmodbus.ModbusException, TypeError, ValueError):
        raise DeviceError("pzem.garbled") from None
    except LINE_ERRORS:
        raise DeviceError("pzem.unplugged") from None
    return [int(register) for register in answer]


@dataclass(frozen=True, slots=True)
class _Measured:
    unit: str
    value: Callable[[PzemMeasurement], float]


class PzemQuantity(Enum):
    """What of a meter is read."""

    VOLTAGE = _Measured("V", lambda found: found.volts)
    CURRENT = _Measured("A", lambda found: found.amperes)
    WATTS = _Measured("W", lambda found: found.watts)
    VOLT_AMPERES = _Measured("VA", lambda found: found.volt_amperes)


class PzemSensor:
    """core.ports.Sensor: one quantity of a PZEM-004T."""

    def __init__(self, meter: PzemMeter, quantity: PzemQuantity) -> None:
        self._meter, self._quantity = meter, quantity

    def health(self) -> Health:
        try:
            found = self._meter.measure(timeout_s=0.6)
        except DeviceError as error:
            return Health(Answer.NO if error.code == "sensor.missing" else Answer.UNKNOWN, (error.code,))
        return Health(Answer.YES, (), {"watts": f"{found.watts:.1f}", "volts": f"{found.volts:.1f}"})

    def read(self) -> Reading:
        found, wanted = self._meter.measure(), self._quantity.value
        return Reading(round(wanted.value(found), 3), wanted.unit, "PZEM-004T v3", found.evidence)
