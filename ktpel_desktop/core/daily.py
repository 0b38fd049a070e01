"""One working day in figures: what its report tells (room.md 6.3, 6.4; instruction, step 9)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from ktpel_desktop.core.consumables import Consumption
from ktpel_desktop.core.destruction import HeldBalance
from ktpel_desktop.core.enrolment import Enrolment
from ktpel_desktop.core.period import WaitingReason
from ktpel_desktop.core.request import Ageing, Interval
from ktpel_desktop.core.room import RoomCheck
from ktpel_desktop.core.stock import BlankBalance

STUCK = frozenset({Enrolment.SENT_FOR_ENROLLMENT, "enrolment_in_progress"})
"""Reasons of waiting that say "still with SIAK": its own state (SFE), and the operator's word for it."""
DUPLICATES = frozenset({Enrolment.DUPLICATE_RECORD, Enrolment.ADJUDICATE_RECORD, "adjudication"})
"""Reasons of waiting that say "double record": SIAK's own states, and the operator's word for the second."""
REFERRED_DUPLICATE = "duplicate_record"


@dataclass(frozen=True, slots=True)
class OpenedFrom:
    """The working day before, and the blanks that its signed report left: in the cabinet and in work.

    Both are None, and `signed_by` empty, where this day was opened before that one was signed.
    """

    shift_id: int
    left: int | None = None
    in_work: int | None = None
    signed_by: str = ""

    def agrees(self, found: int) -> bool | None:
        """Whether the day began with what was signed; None where nothing was."""
        return None if self.left is None or self.in_work is None else self.left + self.in_work == found


@dataclass(frozen=True, slots=True)
class Results:
    """Results of both kinds, cards and documents, between being made and being collected (room.md 6.3, equation 5).

    `ready` are those that lie in the office at the day's end, with the operator or at the counter.
    """

    before: int = 0
    made: int = 0
    handed_over: int = 0
    taken_back: int = 0
    ready: int = 0

    @property
    def balanced(self) -> bool:
        """ready = before + made - handed over - taken back."""
        return self.ready == self.before + self.made - self.handed_over - self.taken_back


@dataclass(frozen=True, slots=True)
class PrinterTally:
    """The printer's own counter at the first and the last print of the day, and what the journal says came out between.

    Test and alignment cards count. Whether the printer counted a card whose print was in doubt (`unsure`) nobody knows,
    and one that was changed or reset tells nothing (room.md 6.3, equation 6).
    """

    first: int
    last: int
    came_out: int
    unsure: int = 0

    @property
    def agrees(self) -> bool | None:
        """None where the counter cannot be compared."""
        if self.last < self.first:
            return None
        return self.came_out <= self.last - self.first <= self.came_out + self.unsure


class Uncollected(StrEnum):
    """How long a result has been lying at the counter, in full days."""

    TODAY = "hari_ini"
    WEEK = "1_7"
    MONTH = "8_30"
    LONGER = "31_lebih"


def uncollected(days: int) -> Uncollected:
    """The band of a result that has been at the counter for so many full days."""
    if days < 1:
        return Uncollected.TODAY
    if days <= 7:
        return Uncollected.WEEK
    return Uncollected.MONTH if days <= 30 else Uncollected.LONGER


@dataclass(frozen=True, slots=True)
class DailyReport:
    """The figures of one working day, ready to be set in type. Durations in minutes, hours local.

    `withdrawn` are issued cards taken back at the counter, by reason; `supplies` percents left in the printer, by the
    operator's word. `kept` are the day's results by the service time they took, `open_ages` what is open at its end by
    the time used so far (targets and limits of the services; the clock stands while others are waited for). `refused`
    are rejections by reason; `confirmed` the day's issued cards that SIAK acknowledged, told by the tables alone;
    `waivers` are told by room item, `approvals` by act. `signature_holds` is False where the figures are no longer
    those that were signed.
    """

    office: str
    place: str
    date: datetime
    shift_id: int
    requests_in: int
    issued: int
    documents_made: int
    handed_over: int
    incomplete: int
    rejected: int
    waiting: Mapping[str, int]
    spoiled: Mapping[str, int]
    services: Sequence[tuple[str, int, int]]
    balance: BlankBalance
    counted: int | None
    oldest_waiting_days: int
    median_minutes: int | None
    room: Sequence[RoomCheck]
    outage_minutes: int
    chain_count: int
    chain_head: str
    chain_intact: bool
    closed_by: str
    signed_by: str
    training: bool
    withdrawn: Mapping[str, int] = field(default_factory=dict)
    supplies: Mapping[str, int] = field(default_factory=dict)
    opened_from: OpenedFrom | None = None
    carried: int = 0
    accepted_by_hour: Mapping[int, int] = field(default_factory=dict)
    produced_by_hour: Mapping[int, int] = field(default_factory=dict)
    kept: Mapping[Ageing, int] = field(default_factory=dict)
    open_ages: Mapping[Ageing, int] = field(default_factory=dict)
    results: Results = Results()
    uncollected: Mapping[str, int] = field(default_factory=dict)
    waiting_reasons: Sequence[WaitingReason] = ()
    refused: Mapping[str, int] = field(default_factory=dict)
    outages: Sequence[Interval] = ()
    waivers: Mapping[str, int] = field(default_factory=dict)
    approvals: Mapping[str, int] = field(default_factory=dict)
    confirmed: int | None = None
    tally: PrinterTally | None = None
    consumables: Sequence[Consumption] = ()
    invalid: HeldBalance | None = None
    signed_at: datetime | None = None
    signature_holds: bool = True
    copy: int = 0

    @property
    def balanced(self) -> bool | None:
        """Whether two persons found in the cabinet what the books say must lie there; None before it was counted."""
        return None if self.counted is None else self.counted == self.balance.left

    @property
    def stuck(self) -> int:
        """Requests that wait because SIAK still has the recording (SFE, domain.md 4)."""
        return sum(one.count for one in self.waiting_reasons if one.reason in STUCK)

    @property
    def duplicates(self) -> int:
        """Requests that wait or were referred this day because SIAK knows the fingers under another NIK."""
        waiting = sum(one.count for one in self.waiting_reasons if one.reason in DUPLICATES)
        return waiting + self.refused.get(REFERRED_DUPLICATE, 0)
