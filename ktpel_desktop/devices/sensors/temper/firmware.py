"""What the bytes of a TEMPer stick mean, chosen by the firmware string that the stick itself tells.

Sources: room.md 1.1 (strings), 1.2 (answers), 1.4 (formulas), 1.6 (vectors), after ccwienk/temper, OpenBSD ugold(4),
TEMPered and padelt/temper-python; padelt's table for TEMPer1F_V1.3 (its one sensor, outside, answers in the second
field). USB ids say nothing: each is shared by several products. There is no checksum, so everything that can be wrong
is looked at: the head, the length or marker, the number of reports, and the range of the instrument. A firmware that
stands in no line of the table is refused, for a guess may be wrong by a factor of 2.56.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum, StrEnum, auto

from ktpel_desktop.core.errors import DeviceError
from ktpel_desktop.core.readings import STICK_C

REPORT = 8
"""Bytes of a report, always (room.md 1.2)."""
DATA_HEAD = 0x80

_ABSENT = frozenset({0x4E20, 0xFFFF})
"""200.00 of hundredths: no probe or no humidity chip; all ones: no outer probe on the older sticks."""


class Channel(StrEnum):
    """Where a sensor sits."""

    INNER = "inner"
    """In the stick, beside the PC."""
    OUTER = "outer"
    """On the cable."""
    THIRD = "third"
    """The second cable of the NTC stick."""


class Formula(Enum):
    """From a 16-bit number to a temperature and a relative humidity."""

    FM75 = auto()
    HUNDREDTHS = auto()
    SI7005 = auto()
    SI7006 = auto()
    SHT1X = auto()
    SHT20 = auto()


@dataclass(frozen=True, slots=True)
class Model:
    """One line of the table: how answers of firmware strings that begin with `prefix` are read.

    `fields` are offsets in the one report of the older sticks; empty where reports carry a marker of their sensor.
    `reports` is the least number that makes a whole answer. `uncertain` is a firmware on whose formula the sources
    disagree, so that a reading counts only after comparison with another thermometer.
    """

    prefix: str
    formula: Formula
    fields: Mapping[Channel, int] = field(default_factory=dict)
    humid: bool = False
    reports: int = 1
    only_outer: bool = False
    uncertain: bool = False


@dataclass(frozen=True, slots=True)
class Decoded:
    """The sensors that are there, in °C, and the humidity beside them in per cent."""

    celsius: Mapping[Channel, float]
    humidity: Mapping[Channel, float]


_ONE = {Channel.INNER: 2}
_TWO = {Channel.INNER: 2, Channel.OUTER: 4}
_F = Formula

MODELS: tuple[Model, ...] = (
    *(Model(name, _F.FM75, _ONE) for name in ("TEMPerF1.2", "TEMPerF1.4", "TEMPerV1.2", "TEMPerV1.4")),
    Model("TEMPer1F1.1", _F.FM75, {Channel.OUTER: 2}),
    Model("TEMPer1F_V1.3", _F.FM75, {Channel.OUTER: 4}),
    *(Model(name, _F.FM75, _TWO) for name in ("TEMPer2_M12_V1.3", "TEMPer2V1.3")),
    Model("TEMPerNTC1.O", _F.FM75, {Channel.INNER: 2, Channel.OUTER: 4, Channel.THIRD: 6}),
    Model("TEMPerHumM12V1.0", _F.SI7005, _ONE, humid=True),
    *(
        Model(name, _F.SI7006, _ONE, humid=True)
        for name in ("TEMPerHumM12V1.2", "TEMPERHUM1V1.2", "TEMPERHUM1V1.3")
    ),
    Model("TEMPerHumV1.0", _F.SHT1X, _ONE, humid=True),
    *(
        Model(name, _F.SHT20, _ONE, humid=True, uncertain=True)
        for name in ("TEMPer1F_H1V1.4", "TEMPer1F_H1V1.5")
    ),
    *(Model(f"TEMPerX_V3.{number}", _F.HUNDREDTHS, humid=True) for number in (1, 2, 3)),
    *(Model(f"TEMPerGold_V3.{number}", _F.HUNDREDTHS) for number in (1, 3, 4, 5)),
    *(Model(f"TEMPer2_V{version}", _F.HUNDREDTHS, reports=2) for version in ("3.7", "3.9", "4.1")),
    *(Model(f"TEMPer1F_V{version}", _F.HUNDREDTHS, only_outer=True) for version in ("3.9", "4.1")),
    *(Model(f"TEMPerHUM_V{version}", _F.HUNDREDTHS, humid=True) for version in ("3.8", "3.9", "4.0", "4.1")),
)

_LENGTHS = {2, 4, 6}
"""Second byte of the older answers: data bytes (room.md 1.2); the bytes behind them are left over from before."""
_MARKERS = {0x80: Channel.INNER, 0x01: Channel.OUTER}
_HUMID_MARKERS = {0x04: Channel.INNER, 0x20: Channel.INNER, 0x40: Channel.INNER, **_MARKERS}


def firmware_text(answer: bytes) -> str:
    """The firmware string of an answer, its padding of spaces and NULs cut. Raises DeviceError "temper.garbled"."""
    text = answer[: 2 * REPORT].rstrip(b"\0 ")
    if len(answer) < 2 * REPORT or not text.isascii() or not (name := text.decode("ascii")).isprintable():
        raise DeviceError("temper.garbled", raw=answer.hex())
    return name


def model_of(firmware: str) -> Model:
    """The line of the table. Raises DeviceError "temper.unknown_firmware".

    What follows the prefix is padding: left-over letters of the string itself. A further digit is another version.
    """
    for model in MODELS:
        rest = firmware.removeprefix(model.prefix)
        if rest != firmware and not rest[:1].isdigit():
            return model
    raise DeviceError("temper.unknown_firmware", firmware=firmware)


def decode(model: Model, answer: bytes) -> Decoded:
    """What a whole answer to the data command says.

    Raises DeviceError "temper.short", "temper.garbled", "temper.no_probe", "temper.implausible".
    """
    reports = [answer[start : start + REPORT] for start in range(0, len(answer), REPORT)]
    if len(reports) < model.reports or len(reports[-1]) < REPORT:
        raise DeviceError("temper.short", raw=answer.hex())
    if len(reports) > 2 or any(report[0] != DATA_HEAD for report in reports):
        raise DeviceError("temper.garbled", raw=answer.hex())
    raw = _by_marker(model, reports) if model.formula is Formula.HUNDREDTHS else _by_length(model, reports[0])
    celsius: dict[Channel, float] = {}
    humidity: dict[Channel, float] = {}
    for channel, (heat, wet) in raw.items():
        if heat in _ABSENT:
            continue
        celsius[channel] = _celsius(model.formula, heat)
        if wet is not None and wet not in _ABSENT:
            humidity[channel] = _humidity(model.formula, wet, celsius[channel])
    if not celsius:
        raise DeviceError("temper.no_probe", raw=answer.hex())
    if not all(map(STICK_C.holds, celsius.values())):
        raise DeviceError("temper.implausible", raw=answer.hex())
    return Decoded(celsius, humidity)


_Raw = dict[Channel, tuple[int, int | None]]


def _by_marker(model: Model, reports: list[bytes]) -> _Raw:
    markers = _HUMID_MARKERS if model.humid else _MARKERS
    found: _Raw = {}
    for report in reports:
        channel = markers.get(report[1])
        if channel is not None and model.only_outer:
            channel = Channel.OUTER
        heat = _u16(report, 2)
        if channel is None or (channel in found and heat not in _ABSENT):
            raise DeviceError("temper.garbled", raw=b"".join(reports).hex())
        if heat not in _ABSENT:
            found[channel] = (heat, _u16(report, 4) if model.humid else None)
    return found


def _by_length(model: Model, report: bytes) -> _Raw:
    length = report[1]
    if length not in _LENGTHS or (model.humid and length != 4):
        raise DeviceError("temper.garbled", raw=report.hex())
    return {
        channel: (_u16(report, offset), _u16(report, 4) if model.humid else None)
        for channel, offset in model.fields.items()
        if offset + 2 <= 2 + length
    }


def _u16(report: bytes, offset: int) -> int:
    return int.from_bytes(report[offset : offset + 2], "big")


def _signed(raw: int) -> int:
    return raw - 0x10000 if raw & 0x8000 else raw


def _celsius(formula: Formula, raw: int) -> float:
    match formula:
        case Formula.FM75:
            return _signed(raw) / 256
        case Formula.HUNDREDTHS:
            return _signed(raw) / 100
        case Formula.SI7005:
            return (raw & 0x3FFF) / 32 - 50
        case Formula.SI7006:
            return 175.72 * (raw & 0xFFFC) / 65536 - 46.85
        case Formula.SHT1X:
            return -39.7 + 0.01 * _signed(raw)
        case Formula.SHT20:
            return 175.72 * (raw << 2) / 65536 - 46.85


def _humidity(formula: Formula, raw: int, celsius: float) -> float:
    match formula:
        case Formula.SI7005:
            return (raw & 0x0FFF) / 16 - 24
        case Formula.SI7006:
            return 125 * raw / 65536 - 6
        case Formula.SHT1X:  # linear part, then the data sheet's compensation of temperature
            linear = -2.0468 + 0.0367 * raw - 1.5955e-6 * raw * raw
            return (celsius - 25) * (0.01 + 0.00008 * raw) + linear
        case Formula.SHT20:
            return 125 * (raw << 4) / 65536 - 6
        case Formula.HUNDREDTHS | Formula.FM75:
            return _signed(raw) / 100
