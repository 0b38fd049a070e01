"""What an office is called and when it is open: facts that papers, rules and screens share."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, time, timedelta, tzinfo


@dataclass(frozen=True, slots=True)
class Office:
    """One kelurahan's print room. `kelurahan_code` is the ten-digit code; hours are local (WIB).

    A request that waits for SIAK for `stuck_after` or longer is told to the Suku Dinas.
    """

    name: str
    kelurahan_code: str
    kelurahan: str
    kecamatan: str
    kabupaten: str
    province: str
    timezone: tzinfo
    opens: time = time(7, 30)
    closes: time = time(16, 0)
    working_days: frozenset[int] = frozenset({0, 1, 2, 3, 4})
    status_url: str = "https://www.kependudukancapil.jakarta.go.id"
    complaints: str = "JAKI / 1500-031"
    claim_lease: timedelta = timedelta(minutes=30)
    stuck_after: timedelta = timedelta(days=7)
    training: bool = False

    def open_at(self, moment: datetime) -> bool:
        """Whether the office is open at this aware moment."""
        local = moment.astimezone(self.timezone)
        return local.weekday() in self.working_days and self.opens <= local.time() < self.closes
