"""The room's thermometer: one comparison with a reference, and what it makes of each reading afterwards.

Sources: room.md 1.3 (sticks have no serial: a calibration belongs to port, firmware and sensor), 1.4 (sticks on whose
formula the sources disagree count only when calibrated), 1.7 (one-point calibration with offset, who, when, reference;
guard bands; the inner sensor feels the PC by up to 6.1 K). How long a comparison holds is a guess: no source says.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial

from ktpel_desktop.core.errors import DeviceError, Effect, PolicyError
from ktpel_desktop.core.readings import judge_air
from ktpel_desktop.core.room_limits import ROOM_C, Verdict

HOLDS_FOR = timedelta(days=365)
CLOCKS_APART = timedelta(minutes=5)
"""A comparison dated farther ahead is none: the clock was set back (as in room.as_of)."""
FARTHEST_K = 8.0
"""The largest offset that is believed: the vectors of room.md show 6.1 K. Beyond, something else was measured."""


@dataclass(frozen=True, slots=True)
class AirSensor:
    """What is known of a sensor of air: `near_pc` feels the PC's heat, `uncertain` counts only when calibrated."""

    near_pc: bool = False
    uncertain: bool = False


@dataclass(frozen=True, slots=True)
class Comparison:
    """The instrument said `reading` while `reference`, in °C, stood on the instrument of that name beside it.

    `at` and `by` as they are to be shown: the office's time, the person's name.
    """

    reading: float
    reference: float
    instrument: str
    at: datetime
    by: str

    @property
    def offset(self) -> float:
        """Kelvin to be added to what the instrument says."""
        return round(self.reference - self.reading, 2)

    def told(self) -> dict[str, object]:
        """For the journal, which adds when and by whom."""
        return {"reading": self.reading, "reference": self.reference, "instrument": self.instrument}


def compared(reading: float, reference: float, instrument: str, at: datetime, by: str) -> Comparison:
    """A comparison that can be believed.

    Raises PolicyError "thermometer.instrument_missing", "thermometer.reference_implausible", "thermometer.too_far".
    """
    if not instrument.strip():
        raise PolicyError("thermometer.instrument_missing")
    if not ROOM_C.holds(reference):
        raise PolicyError("thermometer.reference_implausible", low=ROOM_C.low, high=ROOM_C.high)
    if not abs(reference - reading) <= FARTHEST_K:
        raise PolicyError("thermometer.too_far", reading=round(reading, 1), farthest=FARTHEST_K)
    return Comparison(reading, reference, instrument.strip(), at, by)


def from_journal(data: Mapping[str, object], at: datetime, by: str) -> Comparison:
    """As `told` wrote it."""
    reading, reference = data["reading"], data["reference"]
    assert isinstance(reading, int | float)  # noqa: S101 - told to mypy: `told` wrote it
    assert isinstance(reference, int | float)  # noqa: S101 - the same
    return Comparison(float(reading), float(reference), str(data["instrument"]), at, by)


@dataclass(frozen=True, slots=True)
class AirTemperature:
    """A reading after its correction, the rule that judges it, and what was done to it, as evidence."""

    celsius: float
    judge: Callable[[float], Verdict]
    evidence: tuple[str, ...]


def corrected(
    celsius: float, source: str, sensor: AirSensor, known: Comparison | None, now: datetime
) -> AirTemperature:
    """What the instrument said, as it counts.

    An old comparison still corrects, but no longer narrows the guard band. Raises DeviceError
    "thermometer.needs_comparison" for an uncertain sensor without a valid one.
    """
    holds = known is not None and -CLOCKS_APART <= now - known.at <= HOLDS_FOR
    if sensor.uncertain and not holds:
        raise DeviceError("thermometer.needs_comparison", Effect.NONE, source=source)
    judge = partial(judge_air, calibrated=holds, near_pc=sensor.near_pc)
    if known is None:
        return AirTemperature(celsius, judge, ())
    evidence = (
        f"read_celsius={_written(celsius)} °C",
        f"offset={_written(known.offset, '+')} °C",
        f"compared={known.at:%d-%m-%Y} {known.instrument} ({known.by})",
        *(["comparison=old"] if not holds else []),
    )
    return AirTemperature(round(celsius + known.offset, 2), judge, evidence)


def _written(value: float, sign: str = "") -> str:
    return format(value, f"{sign}.2f").replace(".", ",")
