"""Issuance: the states of a job, the legal moves between them, and what a restart does in each.

A request is a resident's right to one result; a job is one blank card used for it. Intent states (ENCODING,
PRINTING, REPORTING) are committed before the act, outcome states after it. Nothing here acts: the functions
say which state follows from what was seen (design.md, section 4).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from ktpel_desktop.core.errors import Effect


class JobState(StrEnum):
    """States of a job in the order of a good run, the side ways last."""

    RESERVED = "RESERVED"
    ENCODING = "ENCODING"
    ENCODED = "ENCODED"
    PRINTING = "PRINTING"
    PRINT_UNKNOWN = "PRINT_UNKNOWN"
    PRINTED = "PRINTED"
    REPORTING = "REPORTING"
    ISSUED = "ISSUED"
    SPOILED = "SPOILED"
    CANCELLED = "CANCELLED"


TERMINAL = frozenset({JobState.ISSUED, JobState.SPOILED, JobState.CANCELLED})
OPEN = frozenset(JobState) - TERMINAL

TRANSITIONS: dict[tuple[JobState, JobState], str] = {
    (JobState.RESERVED, JobState.ENCODING): "intent to write, with chip serial and digest",
    (JobState.RESERVED, JobState.CANCELLED): "nothing was touched; the blank goes back to stock",
    (JobState.RESERVED, JobState.SPOILED): "the blank itself is faulty: mute or foreign chip",
    (JobState.ENCODING, JobState.ENCODING): "intent to write again over a torn write of this job",
    (JobState.ENCODING, JobState.RESERVED): "the first write did nothing; the chip is still blank",
    (JobState.ENCODING, JobState.ENCODED): "the chip was read back full and equal",
    (JobState.ENCODING, JobState.SPOILED): "foreign content, torn twice, or a dead chip",
    (JobState.ENCODED, JobState.PRINTING): "intent to print, with the printer's marker",
    (JobState.ENCODED, JobState.SPOILED): "the card was damaged on the way to the printer",
    (JobState.PRINTING, JobState.ENCODED): "nothing was sent to the printer",
    (JobState.PRINTING, JobState.PRINTED): "the printer counted one more card and put it out",
    (JobState.PRINTING, JobState.PRINT_UNKNOWN): "sent, and no honest word of what came out",
    (JobState.PRINT_UNKNOWN, JobState.PRINTED): "a person holds the card and its chip shows our serial",
    (JobState.PRINT_UNKNOWN, JobState.ENCODED): "two persons say that nothing was printed",
    (JobState.PRINT_UNKNOWN, JobState.SPOILED): "a person holds a spoiled card, or it is lost",
    (JobState.PRINTED, JobState.REPORTING): "chip read back equal, face looked at; intent to report",
    (JobState.PRINTED, JobState.SPOILED): "chip or face is not as it should be",
    (JobState.REPORTING, JobState.ISSUED): "SIAK has the result",
    (JobState.REPORTING, JobState.SPOILED): "SIAK refuses this card for good; two persons withdraw it",
}


class SpoilReason(StrEnum):
    """Why a card must be destroyed (SE 470.13/11176/SJ; SE 400.8.1.2/6753/Dukcapil)."""

    ENCODE_FAILED = "GAGAL_ENCODE"
    PRINT_FAILED = "GAGAL_CETAK"
    DAMAGED = "RUSAK_FISIK"
    FACTORY_FAULT = "CACAT_PABRIK"
    DATA_CHANGED = "PERUBAHAN_DATA"
    MISSING = "HILANG"


class Recovery(StrEnum):
    """The one thing that a restart allows in a state."""

    CONTINUE_OR_CANCEL = "continue_or_cancel"
    PROBE_CHIP = "probe_chip"
    CONTINUE = "continue"
    BECOME_UNKNOWN = "become_unknown"
    ASK_WHAT_CAME_OUT = "ask_what_came_out"
    READ_BACK = "read_back"
    DELIVER_AGAIN = "deliver_again"
    NOTHING = "nothing"


RECOVERY: dict[JobState, Recovery] = {
    JobState.RESERVED: Recovery.CONTINUE_OR_CANCEL,
    JobState.ENCODING: Recovery.PROBE_CHIP,
    JobState.ENCODED: Recovery.CONTINUE,
    JobState.PRINTING: Recovery.BECOME_UNKNOWN,
    JobState.PRINT_UNKNOWN: Recovery.ASK_WHAT_CAME_OUT,
    JobState.PRINTED: Recovery.READ_BACK,
    JobState.REPORTING: Recovery.DELIVER_AGAIN,
    JobState.ISSUED: Recovery.NOTHING,
    JobState.SPOILED: Recovery.NOTHING,
    JobState.CANCELLED: Recovery.NOTHING,
}


@dataclass(frozen=True, slots=True)
class Job:
    """One blank card used for a request. `id` is also the delivery id of its report to SIAK."""

    id: str
    request_id: str
    state: JobState
    order_id: str
    digest: str
    created_at: datetime
    created_by: str
    chip_serial: str | None = None
    write_attempts: int = 0
    printer_marker: int | None = None
    spoil_reason: SpoilReason | None = None

    @property
    def open(self) -> bool:
        """Whether the job still holds a blank or an unreported card."""
        return self.state in OPEN


class ChipContent(StrEnum):
    """What a chip holds, as far as it can be read."""

    BLANK = "blank"
    PARTIAL = "partial"
    FULL = "full"
    FOREIGN = "foreign"


@dataclass(frozen=True, slots=True)
class ChipProbe:
    """One look at a chip. `digest` is that of the content written or begun, where the chip tells."""

    serial: str
    content: ChipContent
    digest: str | None = None


class EncodingVerdict(StrEnum):
    """What to do with a chip whose writing was interrupted."""

    ENCODED = "encoded"
    WRITE_AGAIN = "write_again"
    SPOILED = "spoiled"


MAX_WRITES = 2


def judge_interrupted_chip(job: Job, probe: ChipProbe) -> EncodingVerdict:
    """What the chip of an ENCODING job says. `probe.serial` must already be the job's.

    Full and equal is done; blank, or a first partial write of this job, is written again (whole files, same
    data); anything else, or torn again, is spoiled.
    """
    if probe.content is ChipContent.BLANK:
        return EncodingVerdict.WRITE_AGAIN
    if probe.digest == job.digest:
        if probe.content is ChipContent.FULL:
            return EncodingVerdict.ENCODED
        if probe.content is ChipContent.PARTIAL and job.write_attempts < MAX_WRITES:
            return EncodingVerdict.WRITE_AGAIN
    return EncodingVerdict.SPOILED


def after_print(effect: Effect) -> JobState:
    """The state that follows a failed print command, by what the failure did."""
    return {
        Effect.NONE: JobState.ENCODED,
        Effect.DONE: JobState.PRINTED,
        Effect.UNKNOWN: JobState.PRINT_UNKNOWN,
    }[effect]


def chip_is_good(job: Job, probe: ChipProbe) -> bool:
    """Whether the chip is the job's, full, and holds the ordered content."""
    return (
        probe.serial == job.chip_serial and probe.content is ChipContent.FULL and probe.digest == job.digest
    )


class PrintAnswer(StrEnum):
    """What a person found after an unknown print."""

    CARD_GOOD = "card_good"
    CARD_SPOILED = "card_spoiled"
    CARD_MISSING = "card_missing"
    NOT_PRINTED = "not_printed"


def job_id(request_id: str, attempt: int) -> str:
    """Id of the request's n-th job (1 …): deterministic, so that a repeated reservation meets the same order."""
    return f"{request_id}-{attempt}"
