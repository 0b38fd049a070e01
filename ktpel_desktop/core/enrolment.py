"""Enrolment states of a resident in SIAK, and whether a card may be printed in each.

Names as Dukcapil offices and public village systems use them (domain.md 4). The rules stand in `TABLE`; a test
compares it with the rows of resources/data/enrolment_states.csv. Advice is a code, its words stand in resources/teks.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from ktpel_desktop.core.errors import PolicyError


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


def states(rows: Iterable[Mapping[str, str]]) -> Mapping[str, EnrolmentState]:
    """All states by code, from the rows of enrolment_states.csv.

    Raises PolicyError "enrolment.state_malformed" naming the state.
    """
    found: dict[str, EnrolmentState] = {}
    for row in rows:
        code = row["state"]
        if row["printable"] not in set(Printing):
            raise PolicyError("enrolment.state_malformed", state=code)
        found[code] = EnrolmentState(code, Printing(row["printable"]))
    return found


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


class Advice(StrEnum):
    """What the operator does next."""

    ENROL = "enrolment.enrol"
    WAIT_UPLOAD = "enrolment.wait_upload"
    WAIT = "enrolment.wait"
    WAIT_CENTRE = "enrolment.wait_centre"
    RECORD_AGAIN = "enrolment.record_again"
    REPORT = "enrolment.report"
    REFER = "enrolment.refer"
    PRINT = "enrolment.print"
    CONFIRM_PRINT = "enrolment.confirm_print"
    HAS_CARD = "enrolment.has_card"
    PRINT_AGAIN = "enrolment.print_again"
    UNKNOWN_STATE = "enrolment.unknown_state"
    NOT_NEEDED = "enrolment.not_needed"


_E, _P, _A = Enrolment, Printing, Advice

TABLE: Mapping[Enrolment, tuple[Printing, Advice]] = {
    _E.UNREGISTERED: (_P.NO, _A.ENROL),
    _E.BIO_CAPTURED: (_P.NO, _A.WAIT_UPLOAD),
    _E.PROCESSING: (_P.NO, _A.WAIT),
    _E.SENT_FOR_ENROLLMENT: (_P.NO, _A.WAIT_CENTRE),
    _E.RECEIVED_AT_CENTRAL: (_P.NO, _A.WAIT),
    _E.ENROLL_FAILURE_AT_CENTRAL: (_P.NO, _A.RECORD_AGAIN),
    _E.ENROLL_FAILURE_AT_REGIONAL: (_P.NO, _A.RECORD_AGAIN),
    _E.SEARCH_FAILURE_AT_CENTRAL: (_P.NO, _A.REPORT),
    _E.ADJUDICATE_RECORD: (_P.NO, _A.REFER),
    _E.DUPLICATE_RECORD: (_P.NO, _A.REFER),
    _E.PRINT_READY_RECORD: (_P.YES, _A.PRINT),
    _E.SENT_FOR_CARD_PRINTING: (_P.IN_PROGRESS, _A.CONFIRM_PRINT),
    _E.CARD_PRINTED: (_P.DONE, _A.HAS_CARD),
    _E.CARD_SHIPPED: (_P.DONE, _A.HAS_CARD),
    _E.CARD_ISSUED: (_P.DONE, _A.HAS_CARD),
}
"""What each state says about printing, and what to do in it."""


@dataclass(frozen=True, slots=True)
class EnrolmentVerdict:
    """What SIAK's word means for one request. `state` is None for a word that the table does not have."""

    state: Enrolment | None
    printable: bool
    advice: Advice


def judge(word: str, *, reprint: bool) -> EnrolmentVerdict:
    """Whether a card may be printed for a resident in the state that SIAK named.

    `reprint`: the resident gives an old card up or reported it lost, so a printed card may be replaced. A word
    that is not in the table is never printable.
    """
    if word not in set(Enrolment):
        return EnrolmentVerdict(None, False, Advice.UNKNOWN_STATE)
    state = Enrolment(word)
    printing, advice = TABLE[state]
    if reprint and printing is Printing.DONE:
        return EnrolmentVerdict(state, True, Advice.PRINT_AGAIN)
    return EnrolmentVerdict(state, printing is Printing.YES, advice)
