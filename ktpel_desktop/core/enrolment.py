"""Enrolment states of a resident in SIAK, and whether a card may be printed in each.

Names as Dukcapil offices and public village systems use them (sources: resources/data/README.md). `TABLE` is
held equal to resources/data/enrolment_states.csv by a test.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum


class Printing(StrEnum):
    """What an enrolment state says about printing."""

    NO = "no"
    YES = "yes"
    IN_PROGRESS = "in progress"
    DONE = "done"


@dataclass(frozen=True, slots=True)
class EnrolmentState:
    """One state; what the operator does in it stands in resources/teks/layar under the same code."""

    code: str
    printing: Printing

    def may_print(self, *, first: bool) -> bool:
        """Whether SIAK can give a print order: a first card needs PRR, a further one may follow a printed one.

        That reprints start from the printed states is common practice, not a text that was read.
        """
        return self.printing is Printing.YES or (not first and self.printing is Printing.DONE)


def find(known: Mapping[str, EnrolmentState], code: str) -> EnrolmentState:
    """The state that SIAK named. A name that the table does not have may not be printed.

    SIAK adds states without notice; the operator sees the name and asks the Dinas.
    """
    return known.get(code, EnrolmentState(code, Printing.NO))


class Enrolment(StrEnum):
    """Where a resident stands between recording and the card in hand."""

    UNREGISTERED = "UNREGISTERED"
    BIO_CAPTURED = "BIO_CAPTURED"
    PROCESSING = "PROCESSING"
    SENT_FOR_ENROLLMENT = "SENT_FOR_ENROLLMENT"
    RECEIVED_AT_CENTRAL = "RECEIVED_AT_CENTRAL"
    ENROLL_FAILURE_AT_CENTRAL = "ENROLL_FAILURE_AT_CENTRAL"
    ENROLL_FAILURE_AT_REGIONAL = "ENROLL_FAILURE_AT_REGIONAL"
    SEARCH_FAILURE_AT_CENTRAL = "SEARCH_FAILURE_AT_CENTRAL"
    ADJUDICATE_RECORD = "ADJUDICATE_RECORD"
    DUPLICATE_RECORD = "DUPLICATE_RECORD"
    PRINT_READY_RECORD = "PRINT_READY_RECORD"
    SENT_FOR_CARD_PRINTING = "SENT_FOR_CARD_PRINTING"
    CARD_PRINTED = "CARD_PRINTED"
    CARD_SHIPPED = "CARD_SHIPPED"
    CARD_ISSUED = "CARD_ISSUED"


_E, _P = Enrolment, Printing

TABLE: Mapping[str, EnrolmentState] = {
    state.value: EnrolmentState(state.value, printing)
    for state, printing in (
        (_E.UNREGISTERED, _P.NO),
        (_E.BIO_CAPTURED, _P.NO),
        (_E.PROCESSING, _P.NO),
        (_E.SENT_FOR_ENROLLMENT, _P.NO),
        (_E.RECEIVED_AT_CENTRAL, _P.NO),
        (_E.ENROLL_FAILURE_AT_CENTRAL, _P.NO),
        (_E.ENROLL_FAILURE_AT_REGIONAL, _P.NO),
        (_E.SEARCH_FAILURE_AT_CENTRAL, _P.NO),
        (_E.ADJUDICATE_RECORD, _P.NO),
        (_E.DUPLICATE_RECORD, _P.NO),
        (_E.PRINT_READY_RECORD, _P.YES),
        (_E.SENT_FOR_CARD_PRINTING, _P.IN_PROGRESS),
        (_E.CARD_PRINTED, _P.DONE),
        (_E.CARD_SHIPPED, _P.DONE),
        (_E.CARD_ISSUED, _P.DONE),
    )
}
"""What each state says about printing, for use cases, which read no files."""

PRINT_AGAIN, UNKNOWN_STATE, NOT_NEEDED = "PRINT_AGAIN", "UNKNOWN_STATE", "NOT_NEEDED"
"""Advice that is not the state's own: a printed card may be replaced; ask the Dinas; no card is printed here."""


@dataclass(frozen=True, slots=True)
class EnrolmentVerdict:
    """What SIAK's word means for one request; `advice` is a key of [enrolment_advice] in resources/teks/layar."""

    printable: bool
    advice: str


def judge(word: str, *, first: bool) -> EnrolmentVerdict:
    """Whether a card may be printed for a resident in the state that SIAK named, and what to do.

    `first`: no card is given up or was reported lost. A word that is not in the table is never printable.
    """
    state = find(TABLE, word)
    printable = state.may_print(first=first)
    if word not in TABLE:
        return EnrolmentVerdict(printable, UNKNOWN_STATE)
    replaced = printable and state.printing is Printing.DONE
    return EnrolmentVerdict(printable, PRINT_AGAIN if replaced else word)
