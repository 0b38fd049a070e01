"""PZEM-004T v3, the energy meter on the room's circuit, over Modbus-RTU at a serial adapter.

Source: room.md 2.4 (9600 8N1, function 0x04, ten registers from 0, 32-bit values low word first, address 1 as bought
or 0xF8 for a single meter; ranges 80 to 260 V and 0 to 100 A). minimalmodbus (Apache-2.0) frames and checks length,
address, function and CRC: it is synchronous by nature, where pymodbus's client brings asyncio along. Only read here:
0x42, which would reset the energy count, is never sent.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

import minimalmodbus
import serial

from ktpel_desktop.core.errors import DeviceError
from ktpel_desktop.core.readings import MAINS_HZ
from ktpel_desktop.core.room_limits import Span
from ktpel_desktop.devices.sensors.power_meter import MeterMeasurement
from ktpel_desktop.devices.sensors.serial_line import LINE_ERRORS, is_absent

ADDRESS_AS_BOUGHT = 1
ADDRESS_OF_ANY = 0xF8

_REGISTERS = 10
_READ_INPUT = 0x04
_ALARMS = {0x0000, 0xFFFF}
_FACTOR = Span(0.0, 1.0)


def measurement_of(registers: Sequence[int]) -> MeterMeasurement:
    """What the ten registers say. Raises DeviceError "pzem.nonsense" where they cannot be a measurement.

    Frequency, power factor and the word of the meter's own alarm are only looked at, as a sign of garbled registers;
    the energy count may be any number. All of them stand in the evidence.
    """
    evidence = "".join(f"{register:04x}" for register in registers)
    if len(registers) != _REGISTERS or registers[9] not in _ALARMS:
        raise DeviceError("pzem.nonsense", raw=evidence)
    volts, amperes = registers[0] / 10, _double(registers, 1) / 1000
    found = MeterMeasurement(
        watts=_double(registers, 3) / 10,
        volts=volts,
        amperes=amperes,
        volt_amperes=volts * amperes,
        evidence=evidence,
    )
    possible = MAINS_HZ.holds(registers[7] / 10) and _FACTOR.holds(registers[8] / 100)
    if not (possible and found.is_plausible()):
        raise DeviceError("pzem.nonsense", raw=evidence)
    return found


def _double(registers: Sequence[int], low: int) -> int:
    return registers[low] | registers[low + 1] << 16


class PzemMeter:
    """A meter at a serial port, opened for each measurement."""

    source: ClassVar[str] = "PZEM-004T v3"

    def __init__(self, port: str, address: int = ADDRESS_AS_BOUGHT, timeout_s: float = 1.0) -> None:
        self._port, self._address, self._timeout = port, address, timeout_s

    def measure(self, timeout_s: float | None = None) -> MeterMeasurement:
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
