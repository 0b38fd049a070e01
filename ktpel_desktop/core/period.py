"""An arbitrary period in figures: working days in a row, and what they make together. No resident's data.

A working day is a shift; it belongs to the period by the local day on which it was opened, and reaches from the
closing of the one before to its own closing, so that a period is the sum of its daily reports (services/replay.py).
"""

from __future__ import annotations

from calendar import monthrange
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from itertools import pairwise

from ktpel_desktop.core.stock import BlankBalance


class Form(StrEnum):
    """As what a period leaves the program."""

    PDF = "pdf"
    XLSX = "xlsx"
    CSV = "csv"
    JSON = "json"


@dataclass(frozen=True, slots=True)
class DayFigures:
    """One working day. Durations in minutes; `median_minutes` is from acceptance to result, None without a result.

    `carried` are the blanks that the day before left, in the cabinet and in work; the balance's opening holds them.
    `counted` is the cabinet by two persons at the closing, None while the day is open.
    """

    day: date
    shift_id: int
    closed: bool
    requests_in: int
    incomplete: int
    rejected: int
    cancelled: int
    issued: int
    documents_made: int
    handed_over: int
    spoiled: Mapping[str, int]
    withdrawn: Mapping[str, int]
    median_minutes: int | None
    outage_minutes: int
    waivers: int
    approvals: int
    carried: int
    balance: BlankBalance
    counted: int | None

    @property
    def opened_books(self) -> int:
        """Blanks with which the books were begun on this day, mostly none."""
        return self.balance.opening - self.carried

    @property
    def difference(self) -> int | None:
        """Counted minus books; None while the cabinet was not counted."""
        return None if self.counted is None else self.counted - self.balance.left


@dataclass(frozen=True, slots=True)
class ServiceFigures:
    """One service of the period: asked for, and produced."""

    code: str
    name: str
    came: int
    done: int


@dataclass(frozen=True, slots=True)
class Workload:
    """What passed one person's hands. A measure of load, never of worth: it is told in the order of names.

    `claims` are files taken up, `cards` those issued of the ones the person began, `documents` those made.
    """

    name: str
    claims: int
    cards: int
    documents: int


@dataclass(frozen=True, slots=True)
class WaitingReason:
    """Open requests that stand in `state` for `reason`: the name of a missing document (`is_paper`), else a code.

    A request with two reasons is counted under each.
    """

    state: str
    reason: str
    count: int
    is_paper: bool = False


@dataclass(frozen=True, slots=True)
class PeriodReport:
    """Working days from `first` to `last` (local days, both included), in order, at least one.

    `waiting` are the open requests at the end by state; `waivers` are told by room item, `approvals` by act. Hours are
    local. The chain's head is that of the last event told of.
    """

    office: str
    place: str
    first: date
    last: date
    days: Sequence[DayFigures]
    services: Sequence[ServiceFigures]
    workloads: Sequence[Workload]
    accepted_by_hour: Mapping[int, int]
    produced_by_hour: Mapping[int, int]
    median_minutes: int | None
    waiting: Mapping[str, int]
    waiting_reasons: Sequence[WaitingReason]
    waivers: Mapping[str, int]
    approvals: Mapping[str, int]
    chain_count: int
    chain_head: str
    chain_intact: bool
    training: bool
    copy: int = 0

    def total(self, figure: str) -> int:
        """The sum over all days of one of the whole figures of DayFigures, by its name."""
        return sum(int(getattr(day, figure)) for day in self.days)

    @property
    def spoiled(self) -> Mapping[str, int]:
        """Spoiled cards by cause."""
        return _summed([day.spoiled for day in self.days])

    @property
    def withdrawn(self) -> Mapping[str, int]:
        """Issued cards taken back at the counter, by reason."""
        return _summed([day.withdrawn for day in self.days])

    @property
    def balance(self) -> BlankBalance:
        """Of the whole period: what the first day found, what moved, what the last left in work."""
        balances = [day.balance for day in self.days]
        return BlankBalance(
            opening=self.days[0].carried + self.total("opened_books"),
            received=sum(one.received for one in balances),
            corrected=sum(one.corrected for one in balances),
            issued=sum(one.issued for one in balances),
            spoiled=sum(one.spoiled for one in balances),
            returned=sum(one.returned for one in balances),
            open=balances[-1].open,
            loaned=sum(one.loaned for one in balances),
        )

    @property
    def carried_over(self) -> bool:
        """Whether every day began with what the one before had left, in the cabinet and in work."""
        return all(
            after.carried == before.balance.left + before.balance.open
            for before, after in pairwise(self.days)
        )

    @property
    def balanced(self) -> bool:
        """Whether the period's own equation ends at what the last day left, and no day broke the row."""
        return self.carried_over and self.balance.left == self.days[-1].balance.left

    @property
    def differences(self) -> int:
        """Days whose count of the cabinet was not what the books said."""
        return sum(1 for day in self.days if day.difference)

    @property
    def is_month(self) -> bool:
        """Whether the period is exactly one month of the calendar."""
        days = monthrange(self.first.year, self.first.month)[1]
        return self.first.day == 1 and self.last == self.first.replace(day=days)


def _summed(counts: Sequence[Mapping[str, int]]) -> Mapping[str, int]:
    total = Counter[str]()
    for one in counts:
        total.update(one)
    return dict(sorted(total.items()))
