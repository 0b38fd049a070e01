"""One UPS seen through NUT: a typed state, and each of its quantities as a sensor of the room.

Source: room.md 2.1 (a UPS sees only what hangs on it: its load is a lower bound of the room's), 2.2 (which variables
to use, how watts follow, stale data is never the last good value), 1.8 (`ambient.temperature`, also numbered).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import Enum

from ktpel_desktop.core.errors import DeviceError
from ktpel_desktop.core.ports import Answer, Health, Reading
from ktpel_desktop.core.readings import (
    HUMIDITY,
    LOAD_PERCENT,
    MAINS_HZ,
    METER_W,
    PERCENT,
)
from ktpel_desktop.core.room_limits import MAINS_V, ROOM_C, Span
from ktpel_desktop.core.thermometer import AirSensor
from ktpel_desktop.core.ups_state import UpsFlag, UpsOrder, flags_of, is_clear, order
from ktpel_desktop.devices.sensors.nut import PORT, NutClient, number

ASSUMED_UPS_POWER_FACTOR = 0.6
"""Of cheap line-interactive units that tell VA only (room.md 2.2): stated in `watts_from`, never silent."""


@dataclass(frozen=True, slots=True)
class UpsState:
    """What a UPS says at one moment. None where it does not tell; what cannot be true is named in `nonsense`.

    `watts_from` says how the watts came about.
    """

    name: str
    flags: frozenset[UpsFlag]
    status: str
    load_percent: float | None
    watts: float | None
    watts_from: str
    input_volts: float | None
    input_hertz: float | None
    battery_percent: float | None
    runtime_s: float | None
    ambient_celsius: float | None
    ambient_humidity: float | None
    alarm: str
    nonsense: tuple[str, ...]
    evidence: str

    @property
    def order(self) -> UpsOrder:
        """What the work has to do."""
        return order(self.flags)


_NOMINAL_W = Span(1.0, METER_W.high)
_WATTS_FROM_LOAD = (
    ("ups.realpower.nominal", 1.0, "ups.load × ups.realpower.nominal"),
    (
        "ups.power.nominal",
        ASSUMED_UPS_POWER_FACTOR,
        f"ups.load × ups.power.nominal × {ASSUMED_UPS_POWER_FACTOR}",
    ),
)
"""Variable of the rated power, factor, and how the watts came about; in the order of trust."""
_RUNTIME_S = Span(0.0, 10_000_000.0)
_AMBIENT = ("ambient.temperature", "ambient.1.temperature", "ambient.2.temperature")
_AMBIENT_HUMIDITY = ("ambient.humidity", "ambient.1.humidity", "ambient.2.humidity")
_SHOWN = (
    "ups.status", "ups.load", "ups.realpower", "ups.realpower.nominal", "ups.power.nominal", "input.voltage",
    "input.frequency", "battery.charge", "battery.runtime", *_AMBIENT, *_AMBIENT_HUMIDITY, "ups.alarm",
)  # fmt: skip


def state_of(name: str, variables: Mapping[str, str]) -> UpsState:
    """The state that a UPS's variables tell. Raises DeviceError "ups.unclear" where its status words say nothing."""
    status = variables.get("ups.status", "")
    flags = flags_of(status)
    if not is_clear(flags):
        raise DeviceError("ups.unclear", raw=status[:80])
    nonsense: list[str] = []

    def taken(span: Span, *names: str) -> float | None:
        for wanted in names:
            try:
                value = number(variables, wanted)
            except DeviceError:
                nonsense.append(wanted)
                continue
            if value is not None and span.holds(value):
                return value
            if value is not None:
                nonsense.append(wanted)
        return None

    load = taken(LOAD_PERCENT, "ups.load")
    watts, source = taken(METER_W, "ups.realpower"), "ups.realpower"
    for rated, factor, words in _WATTS_FROM_LOAD:
        if watts is not None or load is None or nonsense:  # a broken figure is not replaced by a guess
            break
        nominal = taken(_NOMINAL_W, rated)
        if nominal is None:
            continue
        watts, source = load / 100 * nominal * factor, words
        if not METER_W.holds(watts):
            watts = None
            nonsense.append(rated)
    # On battery there is no mains to measure, and some units go on telling the last voltage.
    mains = UpsFlag.ON_BATTERY not in flags
    return UpsState(
        name=name,
        flags=flags,
        status=_printable(status),
        load_percent=load,
        watts=watts,
        watts_from=source if watts is not None else "",
        input_volts=taken(MAINS_V, "input.voltage") if mains else None,
        input_hertz=taken(MAINS_HZ, "input.frequency") if mains else None,
        battery_percent=taken(PERCENT, "battery.charge"),
        runtime_s=taken(_RUNTIME_S, "battery.runtime"),
        ambient_celsius=taken(ROOM_C, *_AMBIENT),
        ambient_humidity=taken(HUMIDITY, *_AMBIENT_HUMIDITY),
        alarm=_printable(variables.get("ups.alarm", "")),
        nonsense=tuple(nonsense),
        evidence="; ".join(
            f"{shown}={_printable(variables[shown])}" for shown in _SHOWN if shown in variables
        ),
    )


def _printable(text: str) -> str:
    # Evidence goes into the journal and on paper: no control characters, no novels.
    return "".join(letter if letter.isprintable() else "?" for letter in text[:80])


class Ups:
    """A UPS at a NUT server. Without `name` the server must know exactly one."""

    def __init__(
        self, host: str = "127.0.0.1", port: int = PORT, name: str = "", timeout_s: float = 3.0
    ) -> None:
        self._host, self._port, self._name, self._timeout = host, port, name, timeout_s

    def state(self, timeout_s: float | None = None) -> UpsState:
        """What the UPS says now.

        Raises DeviceError "ups.none", "ups.several", "ups.unclear" and those of the conversation (nut.NutClient).
        """
        return state_of(*self.variables(timeout_s))

    def variables(self, timeout_s: float | None = None) -> tuple[str, dict[str, str]]:
        """The UPS's name and every variable of it.

        Raises DeviceError "ups.none", "ups.several" and those of the conversation (nut.NutClient).
        """
        with NutClient(self._host, self._port, timeout_s or self._timeout) as client:
            name = self._name
            if not name:
                known = client.list_ups()
                if not known:
                    raise DeviceError("ups.none")
                if len(known) > 1:
                    raise DeviceError("ups.several", names=", ".join(sorted(known)))
                (name,) = known
            return name, client.list_vars(name)


@dataclass(frozen=True, slots=True)
class _Measured:
    unit: str
    value: Callable[[UpsState], float | None]
    variables: tuple[str, ...]


class UpsQuantity(Enum):
    """What of a UPS is read."""

    VOLTAGE = _Measured("V", lambda state: state.input_volts, ("input.voltage",))
    LOAD = _Measured("%", lambda state: state.load_percent, ("ups.load",))
    WATTS = _Measured(
        "W",
        lambda state: state.watts,
        ("ups.realpower", "ups.realpower.nominal", "ups.power.nominal", "ups.load"),
    )
    TEMPERATURE = _Measured("°C", lambda state: state.ambient_celsius, _AMBIENT)
    HUMIDITY = _Measured("%", lambda state: state.ambient_humidity, _AMBIENT_HUMIDITY)


class UpsSensor:
    """core.ports.Sensor: one quantity of a UPS."""

    def __init__(self, ups: Ups, quantity: UpsQuantity) -> None:
        self._ups, self._quantity = ups, quantity

    def health(self) -> Health:
        try:
            state = self._ups.state(timeout_s=0.8)
            self._value(state)
        except DeviceError as error:
            return Health(
                Answer.NO if error.code == "ups.variable_missing" else Answer.UNKNOWN, (error.code,)
            )
        return Health(Answer.YES, (), {"ups": state.name, "status": state.status})

    def read(self) -> Reading:
        """One reading. Raises DeviceError as Ups.state, and "ups.nonsense", "ups.variable_missing", "ups.no_mains"."""
        state = self._ups.state()
        source = f"NUT {state.name}"
        if self._quantity is UpsQuantity.WATTS:
            source = f"{source} ({state.watts_from})"
        air = AirSensor() if self._quantity is UpsQuantity.TEMPERATURE else None
        return Reading(round(self._value(state), 2), self._quantity.value.unit, source, state.evidence, air)

    def _value(self, state: UpsState) -> float:
        wanted = self._quantity.value
        value = wanted.value(state)
        if value is not None:
            return value
        if self._quantity is UpsQuantity.VOLTAGE and UpsFlag.ON_BATTERY in state.flags:
            raise DeviceError("ups.no_mains")
        odd = [name for name in wanted.variables if name in state.nonsense]
        if odd:
            raise DeviceError("ups.nonsense", variable=odd[0], raw=state.evidence)
        raise DeviceError("ups.variable_missing", variable=wanted.variables[0])
