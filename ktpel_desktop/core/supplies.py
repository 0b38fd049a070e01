"""Supplies of the card printer as far as they can be known: ribbon, rest, cleaning. Reminders, never refusals.

Sources: domain.md 7 (about 100 cards, then rest, as overheated printers melt cards; Lombok Barat counted 125 to 127
cards from a ribbon rated for 200) and cards.md 1. What the printer tells goes before what the journal counts; a yield
measured in this office goes before the maker's.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from itertools import pairwise
from statistics import median_low

RIBBONS_MEASURED = 5
"""How many ended ribbons the measured yield is the median of."""


@dataclass(frozen=True, slots=True)
class SuppliesPolicy:
    """The office's figures: the maker's yield and interval, and when to remind."""

    ribbon_prints: int = 200
    ribbon_low: int = 20
    rest_after: int = 100
    rest_minutes: int = 30
    cleaning_every: int = 1000
    film_prints: int = 0
    """Cards of a retransfer film by its maker; 0 where the printer has none."""


MAKERS_FIGURES = SuppliesPolicy()


class RibbonSource(StrEnum):
    """Where the prints left of the ribbon come from."""

    PRINTER = "printer"
    COUNTED = "counted"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Printed:
    """A card that took ribbon: its place in the journal, which no clock can turn round, and its time."""

    seq: int
    at: datetime


@dataclass(frozen=True, slots=True)
class Ribbon:
    """A ribbon put in: its serial and rated prints as far as the person typed them."""

    seq: int
    serial: str = ""
    rated: int | None = None


@dataclass(frozen=True, slots=True)
class PrinterDiary:
    """What the journal tells of one printer, oldest first; `rested` and `cleaned` are the last places of these acts."""

    printed: Sequence[Printed] = ()
    ribbons: Sequence[Ribbon] = ()
    rested: int | None = None
    cleaned: int | None = None
    film: Ribbon | None = None


@dataclass(frozen=True, slots=True)
class Supplies:
    """Counts in cards; None where nobody can know. `warnings` are codes with words in resources/teks/galat."""

    ribbon_left: int | None
    ribbon_source: RibbonSource
    ribbon_serial: str
    measured_yield: int
    cards_since_rest: int
    rest_due: bool
    cards_since_cleaning: int
    cleaning_due: bool
    blanks_left: int | None
    warnings: tuple[str, ...]
    film_left: int | None = None
    film_source: RibbonSource | None = None
    """None where the printer has no film."""


def judge(
    policy: SuppliesPolicy,
    diary: PrinterDiary,
    readings: Mapping[str, str],
    now: datetime,
    blanks_left: int | None,
) -> Supplies:
    """What is left and due, from the printer's own readings where it tells, else from the journal."""
    ribbon = diary.ribbons[-1] if diary.ribbons else None
    rated = ribbon.rated if ribbon is not None and ribbon.rated else policy.ribbon_prints
    expected = measured_yield(diary) or rated
    left, source = _left("ribbon", readings, ribbon, expected, diary)
    film_left: int | None = None
    film_source: RibbonSource | None = None
    if policy.film_prints or "film_left" in readings:
        rolled = diary.film.rated if diary.film is not None and diary.film.rated else policy.film_prints
        film_left, film_source = _left("film", readings, diary.film, rolled, diary)
    unrested = since_rest(policy, diary, now)
    uncleaned = _uncleaned(diary, _count(readings.get("since_cleaning")))
    rest_due, cleaning_due = unrested >= policy.rest_after, uncleaned >= policy.cleaning_every
    low = left is not None and left <= policy.ribbon_low
    reminders = (
        ("printer.ribbon_low", low),
        ("printer.film_low", film_left is not None and film_left <= policy.ribbon_low),
        ("printer.rest_due", rest_due),
        ("printer.cleaning_due", cleaning_due),
    )
    return Supplies(
        ribbon_left=left,
        ribbon_source=source,
        ribbon_serial="" if ribbon is None else ribbon.serial,
        measured_yield=expected,
        cards_since_rest=unrested,
        rest_due=rest_due,
        cards_since_cleaning=uncleaned,
        cleaning_due=cleaning_due,
        blanks_left=blanks_left,
        warnings=tuple(code for code, due in reminders if due),
        film_left=film_left,
        film_source=film_source,
    )


def _left(
    what: str, readings: Mapping[str, str], put_in: Ribbon | None, expected: int, diary: PrinterDiary
) -> tuple[int | None, RibbonSource]:
    """Cards that a ribbon or film is good for, by the printer's word, else by counting since it was put in.

    A printer that tells only what this ribbon gave leaves the rest to what ribbons give here.
    """
    left, used = _count(readings.get(f"{what}_left")), _count(readings.get(f"{what}_used"))
    if left is not None:
        return left, RibbonSource.PRINTER
    if used is not None:
        return max(0, expected - used), RibbonSource.PRINTER
    if put_in is None:
        return None, RibbonSource.UNKNOWN
    return max(0, expected - _since(diary.printed, put_in.seq)), RibbonSource.COUNTED


def measured_yield(diary: PrinterDiary) -> int | None:
    """Median of the cards that the last ended ribbons gave; None before the first has ended.

    A ribbon that printed nothing was only put in again.
    """
    given = [
        sum(before.seq < card.seq < after.seq for card in diary.printed)
        for before, after in pairwise(diary.ribbons)
    ]
    counted = [cards for cards in given if cards][-RIBBONS_MEASURED:]
    return median_low(counted) if counted else None


def since_rest(policy: SuppliesPolicy, diary: PrinterDiary, now: datetime) -> int:
    """Cards printed without a rest. A pause as long as a rest is one, whether or not anybody said so."""
    rest = timedelta(minutes=policy.rest_minutes)
    count, later = 0, now
    for card in reversed(diary.printed):
        if later - card.at >= rest or (diary.rested is not None and card.seq < diary.rested):
            break
        count, later = count + 1, card.at
    return count


def _uncleaned(diary: PrinterDiary, told: int | None) -> int:
    """The printer's count starts at the figure in its settings, so that a cleaning noted here may be the later one."""
    if told is not None and diary.cleaned is None:
        return told
    counted = len(diary.printed) if diary.cleaned is None else _since(diary.printed, diary.cleaned)
    return counted if told is None else min(counted, told)


def _since(printed: Sequence[Printed], mark: int) -> int:
    return sum(card.seq > mark for card in printed)


def _count(text: str | None) -> int | None:
    """A reading as a count; a printer that says something else says nothing."""
    return int(text) if text is not None and text.isascii() and text.isdecimal() else None
