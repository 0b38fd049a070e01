"""The register of blanks in the columns of domain.md 6 (a proposal: the official one was not found).

A card is booked out when its job has ended, by its class; the balance is what lies in the cabinet and in work.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from ktpel_desktop.core.serials import SerialRange


@dataclass(frozen=True, slots=True)
class RegisterLine:
    """One line. `kind` is a movement, "PAKAI" for the good cards of a day, or a class of spoiled cards.

    `document` is the minutes' number or the request; `by` whose hand it was, by name.
    """

    at: datetime
    kind: str
    document: str
    came: int
    went: int
    balance: int
    by: str
    note: str = ""
    serials: SerialRange | None = None


@dataclass(frozen=True, slots=True)
class StockRegister:
    """The lines of one month in order, from the balance before to the one after. `copy`: printed so often before."""

    office: str
    place: str
    month: date
    before: int
    lines: Sequence[RegisterLine]
    copy: int
    training: bool

    @property
    def after(self) -> int:
        """The balance after the last line."""
        return self.lines[-1].balance if self.lines else self.before
