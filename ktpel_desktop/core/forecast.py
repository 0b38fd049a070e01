"""How long the stock will last: an estimate from the office's own working days, never a promise."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median

DAYS = 10
"""So many of the newest closed working days are looked at."""
LEAST_DAYS = 3
"""Below so many days nothing is said."""


@dataclass(frozen=True, slots=True)
class Forecast:
    """`days` is None where nobody can know: too few working days (`basis`), or nothing used on most of them."""

    days: int | None
    basis: int


def days_left(left: float, used: Sequence[float]) -> Forecast:
    """`left` pieces against those used on each of the newest working days, by their median."""
    looked = used[-DAYS:]
    each = median(looked) if looked else 0
    known = len(looked) >= LEAST_DAYS and each > 0
    return Forecast(int(left // each) if known else None, len(looked))
