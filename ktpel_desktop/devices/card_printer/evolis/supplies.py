"""What the printer tells of its supplies and its cleaning: counters only. None where it does not tell.

What is left and due is judged by core.supplies, which knows the office's own yield (125 of 200 in Lombok Barat,
domain.md 7) and when a person last cleaned: the printer names no count since the last cleaning in any public text.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Supplies:
    """`ribbon_used` is prints of this ribbon, `cards` the counter of inserted cards, `cleanings` those so far."""

    ribbon_kind: str | None = None
    ribbon_used: int | None = None
    cards: int | None = None
    cleanings: int | None = None

    def readings(self) -> Mapping[str, str]:
        """For Health, with names that stay; what is not known is left out."""
        told = {
            "ribbon": self.ribbon_kind,
            "ribbon_used": self.ribbon_used,
            "cards_inserted": self.cards,
            "cleanings": self.cleanings,
        }
        return {name: str(value) for name, value in told.items() if value is not None}
