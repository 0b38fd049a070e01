"""The book of letters that leave the office: numbers of one kind and year without gaps, each an event of the chain.

A number is taken before its letter is printed and stays taken; one that did not come out is printed again under it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from ktpel_desktop.core.audit import Event
from ktpel_desktop.core.letters import LetterKind, LetterNumber
from ktpel_desktop.core.records import UnitOfWork
from ktpel_desktop.services.desk import Desk

NUMBERED = "letter.numbered"


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the book."""

    number: LetterNumber
    event: Event


def enter(desk: Desk, unit: UnitOfWork, kind: LetterKind, told: Mapping[str, object]) -> LetterNumber:
    """Take the next number of this year, by the office's calendar; `told` is what the letter says, as codes."""
    year = this_year(desk, unit)
    number = LetterNumber(len(entries(unit, kind, year)) + 1, kind, year)
    unit.record(NUMBERED, book(kind, year), {**told, "number": number.place})
    return number


def entries(unit: UnitOfWork, kind: LetterKind, year: int) -> list[Entry]:
    """The letters of one kind and year, oldest first."""
    found = unit.events.of(book(kind, year))
    return [Entry(LetterNumber(place, kind, year), event) for place, event in enumerate(found, 1)]


def this_year(desk: Desk, unit: UnitOfWork) -> int:
    """The year of the transaction's moment where the office is."""
    return unit.at.astimezone(desk.office.timezone).year


def book(kind: LetterKind, year: int) -> str:
    """Subject of the numbers of one kind and year, and of nothing else."""
    return f"surat-{kind}-{year}"
