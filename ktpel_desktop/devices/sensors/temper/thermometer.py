"""Room temperature by a TEMPer stick: several reads, one median, and the bytes as evidence.

Source: room.md 1.3 (exactly one stick, else ask which), 1.7 (reads, jumps, the probe before the inner sensor). What a
comparison with a wall thermometer makes of it is decided in core.thermometer.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from ktpel_desktop.core.errors import DeviceError
from ktpel_desktop.core.ports import Answer, Health, Reading
from ktpel_desktop.core.readings import HUMIDITY, LARGEST_JUMP_K, settled
from ktpel_desktop.core.room_limits import ROOM_C
from ktpel_desktop.core.thermometer import AirSensor
from ktpel_desktop.devices.sensors.temper import serial_stick
from ktpel_desktop.devices.sensors.temper.firmware import Channel, Decoded, decode, firmware_text, model_of
from ktpel_desktop.devices.sensors.temper.stick import Found, HidLibrary, Stick, find, hid_library, opened

_ORDER = (Channel.OUTER, Channel.THIRD, Channel.INNER)


@dataclass(frozen=True, slots=True)
class StickReading:
    """One measurement: the median of several reads, as the stick says it; `uncertain` as its formula is."""

    celsius: float
    channel: Channel
    humidity: float | None
    firmware: str
    port: str
    uncertain: bool
    evidence: str

    def as_reading(self) -> Reading:
        """The measurement as the port has it: firmware, sensor and port tell one instrument from another."""
        air = AirSensor(near_pc=self.channel is Channel.INNER, uncertain=self.uncertain)
        source = f"{self.firmware}/{self.channel}@{self.port}"
        return Reading(round(self.celsius, 2), "°C", source, self.evidence, air)


class Session(Protocol):
    """A stick that is open and known."""

    firmware: str
    port: str
    raw_firmware: bytes
    uncertain: bool

    def sample(self) -> tuple[Decoded, bytes]:
        """One answer, decoded, and its bytes. Raises DeviceError."""
        ...


class StickSource(Protocol):
    """How a thermometer gets its stick."""

    def present(self) -> tuple[str, ...]:
        """Ports with a stick. Raises DeviceError."""
        ...

    def open(self, quick: bool = False) -> AbstractContextManager[Session]:
        """The one stick, asked for its firmware; `quick` asks once. Raises DeviceError."""
        ...


class UsbSticks:
    """Sticks that hidapi finds; `port` chooses where there are several."""

    def __init__(
        self,
        library: HidLibrary | None = None,
        *,
        port: str = "",
        sysfs: Path = Path("/sys/class/hidraw"),
    ) -> None:
        self._library, self._port, self._sysfs = library, port, sysfs

    def present(self) -> tuple[str, ...]:
        return tuple(stick.port for stick in find(self._library or hid_library(), self._sysfs))

    @contextmanager
    def open(self, quick: bool = False) -> Iterator[Session]:
        library = self._library or hid_library()
        with opened(library, found := self._chosen(library)) as stick:
            yield _UsbSession(stick, found, within_s=0.2 if quick else 5.0)

    def _chosen(self, library: HidLibrary) -> Found:
        sticks = find(library, self._sysfs)
        if self._port:
            sticks = tuple(stick for stick in sticks if stick.port == self._port)
        if not sticks:
            raise DeviceError("sensor.missing", sensor="temper")
        if len(sticks) > 1:
            raise DeviceError("temper.several", ports=", ".join(stick.port for stick in sticks))
        return sticks[0]


class _UsbSession:
    def __init__(self, stick: Stick, found: Found, within_s: float) -> None:
        self._stick = stick
        self.port = found.port
        self.raw_firmware = stick.firmware(within_s)
        self._model = model_of(firmware_text(self.raw_firmware))
        self.firmware = self._model.prefix
        self.uncertain = self._model.uncertain

    def sample(self) -> tuple[Decoded, bytes]:
        answer = self._stick.data()
        return decode(self._model, answer), answer


class SerialSticks:
    """The TEMPerX232 at a serial port that the settings name."""

    def __init__(self, port: str) -> None:
        self._port = port

    def present(self) -> tuple[str, ...]:
        return (self._port,)

    @contextmanager
    def open(self, quick: bool = False) -> Iterator[Session]:
        with serial_stick.serial_opened(self._port) as stick:
            yield _SerialSession(stick, self._port)


class _SerialSession:
    uncertain = False

    def __init__(self, stick: serial_stick.SerialStick, port: str) -> None:
        self._stick = stick
        self.port = port
        self.raw_firmware = stick.firmware()
        self.firmware = serial_stick.FIRMWARE
        if self.raw_firmware.strip(b"\0 \r\n") != serial_stick.FIRMWARE.encode():
            raise DeviceError(
                "temper.unknown_firmware", firmware=self.raw_firmware.decode("ascii", "replace")[:40]
            )

    def sample(self) -> tuple[Decoded, bytes]:
        answer = self._stick.data()
        return serial_stick.decode_text(answer), answer


class TemperThermometer:
    """core.ports.Sensor. `reads` answers, `pause_s` apart, must agree; at most as many again are asked for."""

    def __init__(
        self,
        sticks: StickSource | None = None,
        *,
        reads: int = 3,
        pause_s: float = 5.0,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self._sticks = sticks or UsbSticks()
        self._reads, self._pause, self._sleep = max(2, reads), pause_s, sleep

    def health(self) -> Health:
        try:
            if not self._sticks.present():
                return Health(Answer.NO, ("sensor.missing",))
            with self._sticks.open(quick=True) as session:
                return Health(Answer.YES, (), {"firmware": session.firmware, "port": session.port})
        except DeviceError as error:
            return Health(Answer.NO if error.code == "sensor.missing" else Answer.UNKNOWN, (error.code,))

    def read(self) -> Reading:
        return self.measure().as_reading()

    def measure(self) -> StickReading:
        """One measurement with all that is known of it.

        Raises DeviceError: "sensor.missing" and "temper.*".
        """
        with self._sticks.open() as session:
            samples: list[tuple[Decoded, bytes]] = []
            for number in range(2 * self._reads):
                if number:
                    self._sleep(self._pause)
                samples.append(session.sample())
                last = samples[-self._reads :]
                channel = _channel([decoded for decoded, _ in last])
                if len(last) == self._reads and channel is not None:
                    median = settled([decoded.celsius[channel] for decoded, _ in last], LARGEST_JUMP_K)
                    if median is not None:
                        return self._result(session, channel, median, last)
        raise DeviceError("temper.unsteady", raw=_evidence(session.raw_firmware, samples))

    def _result(
        self, session: Session, channel: Channel, median: float, last: Sequence[tuple[Decoded, bytes]]
    ) -> StickReading:
        evidence = _evidence(session.raw_firmware, last)
        if not ROOM_C.holds(median):
            raise DeviceError("temper.implausible", raw=evidence)
        wet = last[-1][0].humidity
        humidity = wet.get(channel, wet.get(Channel.INNER))
        if humidity is not None and not HUMIDITY.holds(humidity):
            humidity = None
        return StickReading(
            median, channel, humidity, session.firmware, session.port, session.uncertain, evidence
        )


def _channel(decoded: Sequence[Decoded]) -> Channel | None:
    """The sensor to believe, or None where the answers do not show the same sensors: a probe comes and goes."""
    if any(one.celsius.keys() != decoded[0].celsius.keys() for one in decoded):
        return None
    return next(channel for channel in _ORDER if channel in decoded[0].celsius)


def _evidence(firmware: bytes, samples: Sequence[tuple[Decoded, bytes]]) -> str:
    """All bytes that the stick sent for this measurement: firmware, then each answer."""
    return " ".join([firmware.hex(), *(answer.hex() for _, answer in samples)])
