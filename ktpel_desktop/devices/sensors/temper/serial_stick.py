"""The TEMPerX232, which speaks text over a serial line instead of reports.

Source: room.md 1.1 (1a86:5523) and 1.2 (9600 8N1; `Version`, then `ReadTemp`, both without a newline; `Temp-Inner:`
with the humidity behind the comma, `Temp-Outer:`). In its keyboard mode the stick has no serial line.
"""

from __future__ import annotations

import re
import time
from collections.abc import Iterator
from contextlib import contextmanager

import serial

from ktpel_desktop.core.errors import DeviceError
from ktpel_desktop.core.readings import HUMIDITY, STICK_C
from ktpel_desktop.devices.sensors.serial_line import LINE_ERRORS, is_absent
from ktpel_desktop.devices.sensors.temper.firmware import Channel, Decoded

FIRMWARE = "TEMPerX232_V2.0"

_LONGEST = 512
_WAIT_S = 0.7
_NUMBER = r"(-?\d{1,3}(?:\.\d{1,4})?)(?![\d.])"
_INNER = re.compile(rf"Temp-Inner:\s*{_NUMBER}(?:[^,\n]*,\s*{_NUMBER})?")
_OUTER = re.compile(rf"Temp-Outer:\s*{_NUMBER}")


def decode_text(answer: bytes) -> Decoded:
    """What the answer to `ReadTemp` says. Raises DeviceError as `firmware.decode`; Fahrenheit is no answer."""
    text = answer.decode("ascii", "replace")
    if re.search(r"\[F\]|°F", text):
        raise DeviceError("temper.garbled", raw=answer.hex())
    inner, outer = _INNER.search(text), _OUTER.search(text)
    celsius = {
        channel: float(match.group(1))
        for channel, match in ((Channel.INNER, inner), (Channel.OUTER, outer))
        if match
    }
    celsius = {channel: value for channel, value in celsius.items() if value != 200.0}
    if not celsius:
        raise DeviceError("temper.no_probe", raw=answer.hex())
    if not all(map(STICK_C.holds, celsius.values())):
        raise DeviceError("temper.implausible", raw=answer.hex())
    humidity = float(inner.group(2)) if inner and inner.group(2) else 0.0
    return Decoded(celsius, {Channel.INNER: humidity} if HUMIDITY.holds(humidity) else {})


class SerialStick:
    """The stick on an open line."""

    def __init__(self, line: serial.Serial) -> None:
        self._line = line

    def firmware(self) -> bytes:
        """The answer to `Version`. Raises DeviceError "temper.silent", "temper.garbled", "temper.unplugged"."""
        return self._ask(b"Version")

    def data(self) -> bytes:
        """The answer to `ReadTemp`. Raises DeviceError as `firmware`."""
        return self._ask(b"ReadTemp")

    def _ask(self, command: bytes) -> bytes:
        try:
            self._line.reset_input_buffer()
            self._line.write(command)
            answer, ends = b"", time.monotonic() + _WAIT_S
            while time.monotonic() < ends and len(answer) <= _LONGEST:
                more = self._line.read(_LONGEST)
                if not more and answer:
                    break
                answer += more
        except LINE_ERRORS:
            raise DeviceError("temper.unplugged") from None
        if not answer:
            raise DeviceError("temper.silent")
        if len(answer) > _LONGEST:
            raise DeviceError("temper.garbled", raw=answer[:_LONGEST].hex())
        return answer


@contextmanager
def serial_opened(port: str) -> Iterator[SerialStick]:
    """The stick at a serial port, open for one action. Raises DeviceError "sensor.missing", "temper.no_access"."""
    try:
        line = serial.Serial(port, 9600, timeout=0.2, write_timeout=0.5)
    except LINE_ERRORS as error:
        if is_absent(error):
            raise DeviceError("sensor.missing", sensor="temper") from None
        raise DeviceError("temper.no_access") from None
    with line:
        yield SerialStick(line)
