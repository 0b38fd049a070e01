"""The life of a request through the nine steps of Instruksi Gubernur DKI 78/2016.

Queue membership and "what can be done next" are functions of the state. The service clock runs while the
office has the file and stands while the applicant, a blank, SIAK or an outage is waited for.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from ktpel_desktop.core.nik import FamilyCardNumber, Nik


class RequestState(StrEnum):
    """Where a request is."""

    ACCEPTED = "ACCEPTED"
    WITH_OPERATOR = "WITH_OPERATOR"
    INCOMPLETE = "INCOMPLETE"
    WAITING_SIAK = "WAITING_SIAK"
    WAITING_BLANK = "WAITING_BLANK"
    VERIFIED = "VERIFIED"
    PRODUCED = "PRODUCED"
    AT_COUNTER = "AT_COUNTER"
    HANDED_OVER = "HANDED_OVER"
    REJECTED = "REJECTED"
    CANCELLED = "CANCELLED"


_S = RequestState
ENDED = frozenset({_S.HANDED_OVER, _S.REJECTED, _S.CANCELLED})
CLOCK_RUNS = frozenset({_S.ACCEPTED, _S.WITH_OPERATOR, _S.VERIFIED, _S.PRODUCED})

TRANSITIONS: dict[tuple[RequestState, RequestState], str] = {
    (_S.ACCEPTED, _S.WITH_OPERATOR): "step 2: the counter hands the file to the operator",
    (_S.ACCEPTED, _S.CANCELLED): "the applicant withdraws",
    (_S.WITH_OPERATOR, _S.VERIFIED): "step 3: the file is complete and agrees with SIAK",
    (_S.WITH_OPERATOR, _S.INCOMPLETE): "step 4: the applicant is told what is missing",
    (
        _S.WITH_OPERATOR,
        _S.WAITING_SIAK,
    ): "SIAK cannot print this resident yet (SFE, failed enrolment, offline)",
    (_S.WITH_OPERATOR, _S.REJECTED): "refused or referred with a reason",
    (_S.INCOMPLETE, _S.ACCEPTED): "the applicant brought what was missing",
    (_S.INCOMPLETE, _S.CANCELLED): "the applicant withdraws",
    (_S.WAITING_SIAK, _S.WITH_OPERATOR): "SIAK is asked again",
    (_S.WAITING_SIAK, _S.REJECTED): "referred to the Dinas",
    (_S.WAITING_SIAK, _S.CANCELLED): "the applicant withdraws",
    (_S.VERIFIED, _S.WAITING_BLANK): "no blank in the cabinet",
    (_S.VERIFIED, _S.WAITING_SIAK): "SIAK gives no print order",
    (_S.VERIFIED, _S.PRODUCED): "step 5: card issued or document made",
    (_S.VERIFIED, _S.REJECTED): "refused or referred with a reason",
    (_S.WAITING_BLANK, _S.VERIFIED): "blanks have come",
    (_S.WAITING_BLANK, _S.CANCELLED): "the applicant withdraws",
    (_S.PRODUCED, _S.AT_COUNTER): "step 6: the result is handed to the counter",
    (_S.AT_COUNTER, _S.HANDED_OVER): "step 7: the result is handed to the applicant",
    (_S.AT_COUNTER, _S.CANCELLED): "two persons withdraw a result that cannot be handed over",
}


class Priority(StrEnum):
    """Order in the queue: lawful priorities first, then by time (UU 25/2009 Ps. 29)."""

    NORMAL = "NORMAL"
    ELDERLY = "LANSIA"
    DISABLED = "DISABILITAS"
    PREGNANT = "IBU_HAMIL"
    URGENT = "DARURAT"


@dataclass(frozen=True, slots=True)
class Claim:
    """A lease: who works on the request, and until when nobody else may."""

    by: str
    until: datetime


@dataclass(frozen=True, slots=True, repr=False)
class Request:
    """A resident's right to one result. `id` is the ticket code, `number` the day's counter number.

    `documents` are the requirement codes that lie in the file; `reasons` are the codes of why it stands in a
    side state (incomplete, waiting, rejected).
    """

    id: str
    number: str
    service: str
    nik: Nik
    name: str
    accepted_at: datetime
    accepted_by: str
    state: RequestState = RequestState.ACCEPTED
    kk: FamilyCardNumber | None = None
    phone: str = ""
    documents: frozenset[str] = frozenset()
    priority: Priority = Priority.NORMAL
    reasons: tuple[str, ...] = ()
    result: str = ""
    claim: Claim | None = None

    def __repr__(self) -> str:
        return f"Request({self.id!r}, {self.service}, {self.state})"

    @property
    def ended(self) -> bool:
        """Whether nothing more happens to it."""
        return self.state in ENDED

    def claimed_by_other(self, username: str, now: datetime) -> bool:
        """Whether somebody else's lease is still running."""
        return self.claim is not None and self.claim.by != username and now < self.claim.until


@dataclass(frozen=True, slots=True)
class StateChange:
    """The request was in `state` from `at` on."""

    state: RequestState
    at: datetime
    by: str = ""


@dataclass(frozen=True, slots=True)
class Interval:
    """A stretch of time; `end` is None while it lasts."""

    start: datetime
    end: datetime | None


def service_time(history: Sequence[StateChange], outages: Iterable[Interval], now: datetime) -> timedelta:
    """Time the office has had the file: running states, less the outages that fall into them.

    A moment that several outages cover stops the clock once. Target 24 h of this time, hard limit 14 days
    (Perpres 96/2018; Permendagri 19/2018).
    """
    stops = _joined(outages, now)
    total = timedelta()
    for index, change in enumerate(history):
        if change.state not in CLOCK_RUNS:
            continue
        end = history[index + 1].at if index + 1 < len(history) else now
        total += max(end - change.at, timedelta())
        for start, stop in stops:
            total -= max(min(end, stop) - max(change.at, start), timedelta())
    return total


def _joined(outages: Iterable[Interval], now: datetime) -> list[tuple[datetime, datetime]]:
    """The outages as stretches that do not overlap; one that lasts ends now."""
    stops: list[tuple[datetime, datetime]] = []
    for start, stop in sorted((pause.start, pause.end or now) for pause in outages):
        if stops and start <= stops[-1][1]:
            stops[-1] = (stops[-1][0], max(stop, stops[-1][1]))
        else:
            stops.append((start, stop))
    return stops


class Ageing(StrEnum):
    """How a request stands against its promise."""

    IN_TIME = "in_time"
    DUE_SOON = "due_soon"
    LATE = "late"
    BEYOND_LAW = "beyond_law"


def ageing(used: timedelta, target: timedelta, limit: timedelta) -> Ageing:
    """Ageing by service time used: due soon from three quarters of the target on."""
    if used >= limit:
        return Ageing.BEYOND_LAW
    if used >= target:
        return Ageing.LATE
    if used >= target * 3 / 4:
        return Ageing.DUE_SOON
    return Ageing.IN_TIME


class StepStatus(StrEnum):
    """State of one of the nine steps on the timeline."""

    DONE = "done"
    NOW = "now"
    WAITING = "waiting"
    STOPPED = "stopped"
    NOT_YET = "not_yet"
    SKIPPED = "skipped"


_ON_STEP: dict[RequestState, int] = {
    _S.ACCEPTED: 2,
    _S.WITH_OPERATOR: 3,
    _S.INCOMPLETE: 4,
    _S.WAITING_SIAK: 3,
    _S.VERIFIED: 5,
    _S.WAITING_BLANK: 5,
    _S.PRODUCED: 6,
    _S.AT_COUNTER: 7,
    _S.HANDED_OVER: 8,
}
"""The step that a request in this state is on: all before it were taken."""


def timeline(history: Sequence[StateChange], published: bool, reported: bool) -> tuple[StepStatus, ...]:
    """Status of the nine steps, index 0 being step 1.

    Step 4 is DONE once the applicant was told of an incomplete file, SKIPPED when the file went on without. A
    rejected or cancelled request is STOPPED on the step that it was on. `published`: the last status stands on
    the Dinas website (step 8); `reported`: a closed day's report holds the request (step 9).
    """
    state = history[-1].state
    told = any(change.state is _S.INCOMPLETE for change in history)
    on = next((_ON_STEP[change.state] for change in reversed(history) if change.state in _ON_STEP), 2)
    steps = [StepStatus.DONE if step < on else StepStatus.NOT_YET for step in range(1, 10)]
    if told or on > 4:
        steps[3] = StepStatus.DONE if told else StepStatus.SKIPPED
    if state in (_S.REJECTED, _S.CANCELLED):
        steps[on - 1] = StepStatus.STOPPED
    elif state not in ENDED:
        steps[on - 1] = StepStatus.NOW if state in CLOCK_RUNS else StepStatus.WAITING
    steps[7] = StepStatus.DONE if published else StepStatus.NOT_YET
    steps[8] = StepStatus.DONE if reported else StepStatus.NOT_YET
    return tuple(steps)
