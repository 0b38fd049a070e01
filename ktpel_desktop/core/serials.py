"""A range of printed serial numbers, for blanks that carry one."""

from __future__ import annotations

import re
from dataclasses import dataclass

from ktpel_desktop.core.errors import PolicyError

_NUMBERED = re.compile(r"(\D*)(\d{1,18})", re.ASCII)


@dataclass(frozen=True, slots=True)
class SerialRange:
    """From `first` to `last`, both included, of the same letters and length."""

    first: str
    last: str

    @property
    def count(self) -> int:
        """Serials in the range; 0 where the two cannot be the ends of one."""
        ends = [_NUMBERED.fullmatch(end) for end in (self.first, self.last)]
        if ends[0] is None or ends[1] is None or len(self.first) != len(self.last):
            return 0
        if ends[0][1] != ends[1][1]:
            return 0
        return max(0, int(ends[1][2]) - int(ends[0][2]) + 1)


def serial_range(first: str, last: str) -> SerialRange | None:
    """What was typed as a range; None where nothing was. Raises PolicyError "stock.range_wrong"."""
    first, last = first.strip().upper(), last.strip().upper()
    if not first and not last:
        return None
    found = SerialRange(first, last or first)
    if not found.count:
        raise PolicyError("stock.range_wrong", count=0, quantity=0)
    return found
