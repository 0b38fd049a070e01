"""The register of blanks, told from the journal for one month, and its print."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date

from ktpel_desktop.core import roles
from ktpel_desktop.core.audit import Event
from ktpel_desktop.core.errors import PolicyError
from ktpel_desktop.core.issuance import JobState
from ktpel_desktop.core.records import UnitOfWork
from ktpel_desktop.core.register import RegisterLine, StockRegister
from ktpel_desktop.core.roles import Action, Actor
from ktpel_desktop.core.spoiled import spoil_class
from ktpel_desktop.core.stock import BLANK, BLANK_KINDS, Movement, MovementKind
from ktpel_desktop.services import accounts, on_paper
from ktpel_desktop.services.desk import Desk

PRINTED = "register.printed"
_ISSUED, _SPOILED = f"job.{JobState.ISSUED}", f"job.{JobState.SPOILED}"
_KINDS = frozenset({_ISSUED, _SPOILED, *(f"stock.{kind}" for kind in BLANK_KINDS)})


@dataclass(frozen=True, slots=True)
class Month:
    """A month with lines in the register; `number` is year and month, as 202611."""

    number: int
    lines: int


def months(desk: Desk, actor: Actor) -> tuple[Month, ...]:
    """Months in which anything was booked, the newest first. Raises PolicyError "role.not_allowed"."""
    roles.require(actor, Action.SEE_STOCK)
    with desk.unit(actor) as unit:
        counted: dict[int, int] = {}
        for line in _lines(desk, unit):
            number = _number(_day(desk, line))
            counted[number] = counted.get(number, 0) + 1
    return tuple(Month(number, lines) for number, lines in sorted(counted.items(), reverse=True))


def sheet(desk: Desk, actor: Actor, number: int) -> StockRegister:
    """What stands in the register for a month. Raises PolicyError "role.not_allowed", "register.empty"."""
    roles.require(actor, Action.SEE_STOCK)
    with desk.unit(actor) as unit:
        lines = list(_lines(desk, unit))
        printed = on_paper.next_copy_in(unit.events.of(subject(number)), PRINTED)
        names = accounts.names(unit)
    wanted = [replace(line, by=names[line.by]) for line in lines if _number(_day(desk, line)) == number]
    if not wanted:
        raise PolicyError("register.empty")
    return StockRegister(
        office=desk.office.name,
        place=desk.office.kelurahan,
        month=_day(desk, wanted[0]).replace(day=1),
        before=wanted[0].balance - wanted[0].came + wanted[0].went,
        lines=tuple(wanted),
        copy=printed,
        training=desk.office.training,
    )


def pdf(desk: Desk, actor: Actor, number: int) -> bytes:
    """The month set in type, to be looked at. Raises as `sheet`."""
    return desk.papers.stock_register(sheet(desk, actor, number))


def print_out(desk: Desk, actor: Actor, number: int) -> bytes:
    """The month on paper, journalled; every print after the first is a numbered copy.

    Raises as `sheet`; DeviceError of the page printer.
    """
    made = sheet(desk, actor, number)
    paper = desk.papers.stock_register(made)
    told = {"lines": len(made.lines), "after": made.after, on_paper.COPY: made.copy}
    title, about = f"Buku blangko {made.month:%m-%Y}", subject(number)
    on_paper.print_recorded(desk, actor, paper, title, kind=PRINTED, subject=about, told=told, keep=True)
    return paper


def _lines(desk: Desk, unit: UnitOfWork) -> Iterator[RegisterLine]:
    movements = iter(unit.stock.movements())
    return _summed(desk, _told(unit, unit.events.of_kinds(_KINDS), movements))


def _told(unit: UnitOfWork, events: Iterable[Event], movements: Iterator[Movement]) -> Iterator[RegisterLine]:
    """One line an event; movements come in the order of their events."""
    balance = 0
    for event in events:
        if event.kind == _ISSUED:
            balance -= 1
            yield RegisterLine(event.at, MovementKind.USED, "", 0, 1, balance, event.actor)
        elif event.kind == _SPOILED:
            balance -= 1
            kind = spoil_class(str(event.data["reason"]))
            number = unit.requests.get(event.subject).number
            yield RegisterLine(event.at, kind, number, 0, 1, balance, event.actor)
        elif event.subject == BLANK:
            moved = next(movements)
            balance += moved.change
            came, went = max(0, moved.change), max(0, -moved.change)
            yield RegisterLine(
                event.at,
                moved.kind,
                moved.document,
                *(came, went, balance, event.actor),
                note=moved.partner,
                serials=moved.serials,
            )


def _summed(desk: Desk, lines: Iterable[RegisterLine]) -> Iterator[RegisterLine]:
    """The good cards of one person on one day, in a row, are one line: a day makes hundreds."""
    open_line: RegisterLine | None = None
    for line in lines:
        good = line.kind == MovementKind.USED
        if open_line is not None:
            same = good and (_day(desk, line), line.by) == (_day(desk, open_line), open_line.by)
            if same:
                open_line = replace(open_line, went=open_line.went + 1, balance=line.balance)
                continue
            yield open_line
            open_line = None
        if good:
            open_line = line
        else:
            yield line
    if open_line is not None:
        yield open_line


def _day(desk: Desk, line: RegisterLine) -> date:
    return line.at.astimezone(desk.office.timezone).date()


def _number(day: date) -> int:
    return day.year * 100 + day.month


def subject(number: int) -> str:
    """Subject of the events about a month's prints."""
    return f"buku-blangko-{number}"
