"""What the printer tells of its supplies and its cleaning, as values. None where it does not tell.

Ribbon left is the maker's yield less the prints of this ribbon: an estimate, as the office's own yield may be far
lower (125 of 200 in Lombok Barat, domain.md 7). The printer names no count since the last cleaning in any public text,
so that is the counter of inserted cards less the one a person noted (`EvolisSettings.cleaned_at`).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from ktpel_desktop.core.ports import Answer
from ktpel_desktop.devices.card_printer.evolis.settings import EvolisSettings


@dataclass(frozen=True, slots=True)
class Supplies:
    """Counts in cards. `cards` is the counter of inserted cards, `cleanings` the number of cleanings so far."""

    ribbon_kind: str | None = None
    ribbon_used: int | None = None
    ribbon_left: int | None = None
    ribbon_low: Answer = Answer.UNKNOWN
    cards: int | None = None
    cleanings: int | None = None
    since_cleaning: int | None = None
    cleaning_due: Answer = Answer.UNKNOWN

    @property
    def notes(self) -> tuple[str, ...]:
        """Codes of what a person should see to soon; none of them stops printing."""
        found = []
        if self.ribbon_low is Answer.YES:
            found.append("printer.ribbon_low")
        if self.cleaning_due is Answer.YES:
            found.append("printer.cleaning_due")
        return tuple(found)

    def readings(self) -> Mapping[str, str]:
        """For Health, with names that stay; what is not known is left out."""
        told = {
            "ribbon": self.ribbon_kind,
            "ribbon_used": self.ribbon_used,
            "ribbon_left": self.ribbon_left,
            "cards_inserted": self.cards,
            "cleanings": self.cleanings,
            "since_cleaning": self.since_cleaning,
        }
        return {name: str(value) for name, value in told.items() if value is not None}


def judge(
    settings: EvolisSettings, kind: str | None, used: int | None, cards: int | None, cleanings: int | None
) -> Supplies:
    """Supplies from the printer's counters and the office's figures."""
    left = None if used is None else max(0, settings.ribbon_prints - used)
    since = None
    if cards is not None and settings.cleaned_at is not None and cards >= settings.cleaned_at:
        since = cards - settings.cleaned_at
    return Supplies(
        ribbon_kind=kind,
        ribbon_used=used,
        ribbon_left=left,
        ribbon_low=_whether(left, None if left is None else left <= settings.ribbon_low),
        cards=cards,
        cleanings=cleanings,
        since_cleaning=since,
        cleaning_due=_whether(since, None if since is None else since >= settings.cleaning_every),
    )


def _whether(known: int | None, holds: bool | None) -> Answer:
    if known is None:
        return Answer.UNKNOWN
    return Answer.YES if holds else Answer.NO
