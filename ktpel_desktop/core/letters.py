"""The office's letters and notices: what stands on each, how letters are numbered, and what of SIAK's word is referred.

SIAK's word stays SIAK's word: no letter says of a person that they are a duplicate or have died.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from ktpel_desktop.core.office import Office
from ktpel_desktop.core.subject import Subject


class LetterKind(StrEnum):
    """Letters that leave the office under a number; the value stands in it."""

    REFERRAL = "SR"
    ESCALATION = "ESK"


@dataclass(frozen=True, slots=True)
class LetterNumber:
    """ "12/SR/2026": the place among the letters of its kind in one year, without gaps."""

    place: int
    kind: LetterKind
    year: int

    def __str__(self) -> str:
        return f"{self.place}/{self.kind}/{self.year}"


class Referral(StrEnum):
    """Answers of SIAK that cannot be solved in a kelurahan (domain.md 4)."""

    DUPLICATE = "duplicate"
    DECEASED = "deceased"
    INACTIVE = "inactive"
    ADJUDICATION = "adjudication"
    ENROLMENT_FAILED = "enrolment_failed"
    SEARCH_FAILED = "search_failed"


REFUSALS: Mapping[str, Referral] = {
    "siak.deceased": Referral.DECEASED,
    "siak.duplicate": Referral.DUPLICATE,
    "siak.inactive": Referral.INACTIVE,
}
"""Refusals of the look-up that speak of the resident: its codes 11, 12 and 14 (dukcapil_ws_errors.csv)."""

REFERRED: Mapping[str, Referral] = {
    **REFUSALS,
    "DUPLICATE_RECORD": Referral.DUPLICATE,
    "ADJUDICATE_RECORD": Referral.ADJUDICATION,
    "ENROLL_FAILURE_AT_CENTRAL": Referral.ENROLMENT_FAILED,
    "ENROLL_FAILURE_AT_REGIONAL": Referral.ENROLMENT_FAILED,
    "SEARCH_FAILURE_AT_CENTRAL": Referral.SEARCH_FAILED,
    "duplicate_record": Referral.DUPLICATE,
    "deceased": Referral.DECEASED,
    "inactive_record": Referral.INACTIVE,
    "adjudication": Referral.ADJUDICATION,
    "enrolment_failed": Referral.ENROLMENT_FAILED,
}
"""What is referred, by SIAK's refusal, its enrolment state, or the operator's reason to reject or to wait."""


@dataclass(frozen=True, slots=True, repr=False)
class IncompleteNotice:
    """Step 4: what the applicant lacks. `reasons` are codes, `lacking` documents by their names.

    `since` is when the file came back to the counter and the clock stopped; `by` the officer who gives it.
    """

    office: Office
    number: str
    ticket: str
    service: str
    name: str
    nik_masked: str
    accepted_at: datetime
    since: datetime
    reasons: tuple[str, ...]
    lacking: tuple[str, ...]
    by: str
    copy: int


@dataclass(frozen=True, slots=True, repr=False)
class ReferralLetter:
    """What the applicant takes along to the Suku Dinas.

    `letter` is empty on a draft; `answer` is SIAK's word as a code, given at `answered_at`: to this program where it
    was `asked`, else read by the operator on SIAK's own screen. `nik` is whole only on what goes to the applicant.
    """

    office: Office
    letter: str
    at: datetime
    referral: Referral
    answer: str
    answered_at: datetime
    asked: bool
    name: str
    nik: str
    service: str
    number: str
    ticket: str
    accepted_at: datetime
    by: str
    copy: int


@dataclass(frozen=True, slots=True, repr=False)
class StuckRequest:
    """A request that waits for SIAK. `answer` is the last code known; `asked` counts the questions put to SIAK.

    `earlier` is the number of the letter that told of it before, empty where none did.
    """

    number: str
    ticket: str
    service: str
    nik_masked: str
    answer: str
    since: datetime
    days: int
    asked: int
    last_asked: datetime | None
    earlier: str


@dataclass(frozen=True, slots=True)
class EscalationLetter:
    """Requests stuck at SIAK for `limit_days` or longer, oldest first; `letter` is empty on a draft."""

    office: Office
    letter: str
    at: datetime
    limit_days: int
    stuck: Sequence[StuckRequest]
    by: str
    copy: int


@dataclass(frozen=True, slots=True, repr=False)
class ReadBack:
    """The elements that will stand on the card, for their owner to read. Exists in memory and on paper only."""

    office: Office
    number: str
    service: str
    subject: Subject
    at: datetime
    by: str
    copy: int
