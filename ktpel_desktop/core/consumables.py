"""What the print room uses up beside blanks: which items there are, and what is left of each.

The list is data (resources/bahan.toml); arithmetic and register are those of core.stock.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class PerCard(StrEnum):
    """Items that every printed card takes a share of."""

    RIBBON = "pita"
    FILM = "film"


@dataclass(frozen=True, slots=True)
class Consumable:
    """One item: `code` is what movements carry, `warn_at` what is left when a person must be reminded."""

    code: str
    name: str
    unit: str
    warn_at: int
    per_card: PerCard | None = None


@dataclass(frozen=True, slots=True)
class Consumption:
    """One item over a stretch of time: opening + came = went + left. Pieces of `unit`."""

    code: str
    name: str
    unit: str
    opening: int
    came: int
    went: int

    @property
    def left(self) -> int:
        """Pieces that must lie in the cabinet."""
        return self.opening + self.came - self.went
