"""Calibration: where one printer (and tray) really puts the face, as its alignment card showed.

Offsets in mm, right and down positive; the stretch is about the card's middle. The limits are those of what a printer
may be corrected by: beyond them the printer is broken, or the card was measured wrongly.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from ktpel_desktop.core.errors import PolicyError

FARTHEST_MM = 5.0
LEAST_STRETCH, MOST_STRETCH = 0.95, 1.05


@dataclass(frozen=True, slots=True)
class Calibration:
    """What the face is moved and stretched by. Raises PolicyError "calibration.out_of_range", NaN included."""

    right_mm: float = 0.0
    down_mm: float = 0.0
    stretch: float = 1.0

    def __post_init__(self) -> None:
        near = all(abs(part) <= FARTHEST_MM for part in (self.right_mm, self.down_mm))
        if not (near and LEAST_STRETCH <= self.stretch <= MOST_STRETCH):
            raise PolicyError("calibration.out_of_range")

    def told(self) -> dict[str, object]:
        """For the journal."""
        return {"right_mm": self.right_mm, "down_mm": self.down_mm, "stretch": self.stretch}


def from_journal(data: Mapping[str, object]) -> Calibration:
    """As `told` wrote it; what is missing is as without a calibration."""
    return Calibration(
        *(_number(data.get(name), usual) for name, usual in Calibration().told().items()),
    )


def _number(value: object, usual: object) -> float:
    found = value if isinstance(value, int | float) else usual
    return float(found) if isinstance(found, int | float) else 0.0
