"""Who may do what: one table from role to actions, and the acts that take a second person.

The same table feeds the screens (what is offered) and the use cases (what is done). The counter and the print
room are kept apart: who accepts and hands over does not print, and who prints does not hand over.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from ktpel_desktop.core.errors import PolicyError


class Role(StrEnum):
    """The five kinds of people."""

    LOKET = "LOKET"
    OPERATOR = "OPERATOR"
    PENYELIA = "PENYELIA"
    PEMANTAU = "PEMANTAU"
    ADMIN = "ADMIN"


class Action(StrEnum):
    """Every act of the program that a role can be given."""

    # counter (steps 1, 2, 4, 6, 7)
    INTAKE = "intake"
    CANCEL_REQUEST = "cancel_request"
    HAND_FILES_OVER = "hand_files_over"
    COMPLETE_FILE = "complete_file"
    RECEIVE_RESULTS = "receive_results"
    HAND_OVER_RESULT = "hand_over_result"
    PRINT_RECEIPT = "print_receipt"
    # print room (steps 2 to 6)
    RECEIVE_FILES = "receive_files"
    CLAIM = "claim"
    VERIFY = "verify"
    ISSUE = "issue"
    MAKE_DOCUMENT = "make_document"
    HAND_RESULTS_OVER = "hand_results_over"
    # acts that take a second person
    REPRINT = "reprint"
    NOT_PRINTED = "not_printed"
    DESTROY_SPOILED = "destroy_spoiled"
    STOCK_CORRECTION = "stock_correction"
    PRINT_OUT_OF_HOURS = "print_out_of_hours"
    WAIVE_ROOM = "waive_room"
    RELEASE_CLAIM = "release_claim"
    APPROVE = "approve"
    # residents' data
    SEE_RESIDENTS = "see_residents"
    REVEAL_NIK = "reveal_nik"
    # blanks
    SEE_STOCK = "see_stock"
    STOCK_RECEIVE = "stock_receive"
    STOCK_RETURN = "stock_return"
    STOCK_COUNT = "stock_count"
    # room, devices, day (steps 8, 9)
    ROOM_CHECK = "room_check"
    TEST_DEVICES = "test_devices"
    PLACE_DEVICES = "place_devices"
    OPEN_DAY = "open_day"
    CLOSE_DAY = "close_day"
    RECORD_OUTAGE = "record_outage"
    MAKE_REPORT = "make_report"
    SIGN_REPORT = "sign_report"
    SEND_OUTBOX = "send_outbox"
    # looking on
    SEE_READINESS = "see_readiness"
    SEE_COUNTS = "see_counts"
    READ_AUDIT = "read_audit"
    CHECK_AUDIT_CHAIN = "check_audit_chain"
    # set-up
    MANAGE_PEOPLE = "manage_people"
    SET_UP = "set_up"


_A = Action

SECOND_PERSON: frozenset[Action] = frozenset(
    {
        _A.REPRINT,
        _A.NOT_PRINTED,
        _A.DESTROY_SPOILED,
        _A.STOCK_CORRECTION,
        _A.PRINT_OUT_OF_HOURS,
        _A.WAIVE_ROOM,
        _A.RELEASE_CLAIM,
    }
)
"""Acts that need a second person who may APPROVE beside the one who acts (design.md, section 4)."""

_LOKET = frozenset(
    {
        _A.INTAKE,
        _A.CANCEL_REQUEST,
        _A.HAND_FILES_OVER,
        _A.COMPLETE_FILE,
        _A.RECEIVE_RESULTS,
        _A.HAND_OVER_RESULT,
        _A.PRINT_RECEIPT,
        _A.SEE_RESIDENTS,
        _A.REVEAL_NIK,
    }
)

_OPERATOR = SECOND_PERSON | {
    _A.RECEIVE_FILES,
    _A.CLAIM,
    _A.VERIFY,
    _A.ISSUE,
    _A.MAKE_DOCUMENT,
    _A.HAND_RESULTS_OVER,
    _A.SEE_RESIDENTS,
    _A.REVEAL_NIK,
    _A.SEE_STOCK,
    _A.STOCK_RECEIVE,
    _A.STOCK_RETURN,
    _A.STOCK_COUNT,
    _A.ROOM_CHECK,
    _A.TEST_DEVICES,
    _A.OPEN_DAY,
    _A.CLOSE_DAY,
    _A.RECORD_OUTAGE,
    _A.MAKE_REPORT,
    _A.SEND_OUTBOX,
    _A.SEE_READINESS,
    _A.SEE_COUNTS,
    _A.CHECK_AUDIT_CHAIN,
}

ALLOWED: dict[Role, frozenset[Action]] = {
    Role.LOKET: _LOKET,
    Role.OPERATOR: _OPERATOR,
    Role.PENYELIA: _OPERATOR
    | {_A.APPROVE, _A.SIGN_REPORT, _A.READ_AUDIT, _A.MANAGE_PEOPLE, _A.PLACE_DEVICES},
    Role.PEMANTAU: frozenset({_A.SEE_READINESS, _A.SEE_COUNTS, _A.CHECK_AUDIT_CHAIN}),
    Role.ADMIN: frozenset(
        {
            _A.SET_UP,
            _A.MANAGE_PEOPLE,
            _A.TEST_DEVICES,
            _A.PLACE_DEVICES,
            _A.SEE_READINESS,
            _A.CHECK_AUDIT_CHAIN,
        }
    ),
}
"""The one table. PENYELIA may do all that an operator does; PEMANTAU and ADMIN see no residents' data."""


@dataclass(frozen=True, slots=True)
class Actor:
    """Who acts, and at which PC of the room."""

    username: str
    name: str
    role: Role
    pc: str


def may(actor: Actor, action: Action) -> bool:
    """Whether the actor's role has the action."""
    return action in ALLOWED[actor.role]


def require(actor: Actor, action: Action) -> None:
    """Refuse an act that the actor's role does not have. Raises PolicyError "role.not_allowed"."""
    if not may(actor, action):
        raise PolicyError("role.not_allowed", role=actor.role, action=action)


def require_approved(actor: Actor, approver: Actor | None, action: Action) -> None:
    """Refuse an act of SECOND_PERSON without a second, different person who may approve.

    Raises PolicyError "role.not_allowed" (either person), "role.second_person_missing",
    "role.second_person_same".
    """
    require(actor, action)
    if approver is None:
        raise PolicyError("role.second_person_missing", action=action)
    if approver.username == actor.username:
        raise PolicyError("role.second_person_same", action=action)
    require(approver, Action.APPROVE)
