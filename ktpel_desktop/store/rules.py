"""What the database itself refuses, whoever asks, in words that both engines understand; and views to look on.

`IS DISTINCT FROM` compares with nulls; of an event's data `said(key)` is a text, `said_number(key)` a number and
`said_lists(key, text)` whether a list holds the text; `elements(column)` are the texts of a JSON array as rows with a
`value`, `many(column)` how many. `sqlite_rules` and `postgres_rules` write them, and a trigger per rule, as their
engine says it. The rule's name is the message of its refusal.

Rules and views are no part of the migrations: every migration drops them, changes tables, and puts the newest ones
back. A changed rule therefore needs a new (perhaps empty) revision; tests/store compares them with the stored database.
"""

# ruff: noqa: S608 - every piece of SQL here is a constant of this program
from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from ktpel_desktop.core import issuance, request
from ktpel_desktop.core.audit import GENESIS
from ktpel_desktop.core.destruction import DESTROYED, LEAST_WITNESSES, OF_OLD_CARD
from ktpel_desktop.core.issuance import TERMINAL, SpoilReason
from ktpel_desktop.core.stock import BLANK, LOAN_OF, LOANS, OUTGOING, MovementKind
from ktpel_desktop.store.schema import JOB_IS_OPEN, listed

_CHANGE = f"CASE WHEN kind IN ({listed(OUTGOING)}) THEN -quantity ELSE quantity END"
BLANKS_LEFT = f"""(
    (SELECT coalesce(sum({_CHANGE}), 0) FROM movement WHERE item = '{BLANK}')
    - (SELECT count(*) FROM job WHERE state <> 'CANCELLED'))"""
_LEFT = f"""CASE WHEN NEW.item = '{BLANK}' THEN {BLANKS_LEFT}
    ELSE (SELECT coalesce(sum({_CHANGE}), 0) FROM movement WHERE item = NEW.item) END"""
_GIVEN_BACK = listed(frozenset(LOAN_OF))
_OWED = f"""(SELECT coalesce(sum(CASE WHEN kind IN ({_GIVEN_BACK}) THEN -quantity ELSE quantity END), 0) FROM movement
    WHERE item = NEW.item AND partner = NEW.partner AND kind IN (NEW.kind, replace(NEW.kind, '_KEMBALI', '')))"""


@dataclass(frozen=True, slots=True)
class Rule:
    """Refuse `verb` on `table` when `refused` holds."""

    name: str
    verb: str
    table: str
    refused: str = "1 = 1"


def _kept(table: str, *verbs: str) -> Iterable[Rule]:
    return (Rule(f"{table}_{verb.lower()}_refused", verb, table) for verb in verbs)


def _changed(*columns: str) -> str:
    return " OR ".join(f"NEW.{column} IS DISTINCT FROM OLD.{column}" for column in columns)


def _no_event(kind: str, subject: str, *more: str, column: str = "event_seq") -> str:
    """No event tells of this row: it must be the newest one, so that no older event serves twice."""
    parts = (
        f"seq = NEW.{column}",
        "seq = (SELECT max(seq) FROM event)",
        f"kind = {kind}",
        f"subject = {subject}",
        *more,
    )
    return f"NOT EXISTS (SELECT 1 FROM event WHERE {' AND '.join(parts)})"


def _no_transition(machine: str) -> str:
    return (
        f"NOT EXISTS (SELECT 1 FROM transition WHERE machine = '{machine}'"
        " AND from_state = OLD.state AND to_state = NEW.state)"
    )


_JOB_EVENT = _no_event("'job.' || NEW.state", "NEW.request_id", "said(job) = NEW.id")
_REQUEST_EVENT = _no_event(
    "CASE WHEN NEW.state = OLD.state THEN 'request.documents' ELSE 'request.' || NEW.state END", "NEW.id"
)
_MOVEMENT_EVENT = _no_event(
    "'stock.' || NEW.kind",
    "NEW.item",
    "said_number(quantity) = NEW.quantity",
    "said(document) = NEW.document",
    "coalesce(said(partner), '') = NEW.partner",
    "coalesce(said(serial_first), '') = coalesce(NEW.serial_first, '')",
    "coalesce(said(serial_last), '') = coalesce(NEW.serial_last, '')",
    'actor = NEW."by"',
    "coalesce(approver, '') = coalesce(NEW.approver, '')",
)
_SHIFT_SUBJECT = "'shift-' || NEW.id"
_DESTRUCTION_EVENT = _no_event(
    f"'{DESTROYED}'",
    "'musnah-' || NEW.year || '-' || NEW.number",
    'actor = NEW."by"',
    "approver = NEW.approver",
)
_DESTROYED_EVENT = _no_event(
    f"'{DESTROYED}'",
    "subject",
    "said_lists(cards, NEW.card)",
)
_NOT_HELD = f"""
    NOT EXISTS (SELECT 1 FROM job WHERE id = NEW.card AND request_id = NEW.request_id
        AND (state = 'SPOILED' AND spoil_reason <> '{SpoilReason.MISSING}'
            OR state = 'ISSUED'
            AND EXISTS (SELECT 1 FROM request WHERE id = NEW.request_id AND state = 'CANCELLED')))
    AND NOT EXISTS (SELECT 1 FROM handover, elements(handover.withdrawn) AS given
        WHERE handover.request_id = NEW.request_id AND given.value IN ({listed(frozenset(OF_OLD_CARD))})
        AND NEW.card = NEW.request_id || '/' || given.value)"""

RULES: tuple[Rule, ...] = (
    # The chain: only ever longer, without gaps, each event on the one before it.
    Rule(
        "event_without_gap",
        "INSERT",
        "event",
        "NEW.seq IS DISTINCT FROM (SELECT coalesce(max(seq), 0) + 1 FROM event)",
    ),
    Rule(
        "event_chained",
        "INSERT",
        "event",
        f"NEW.previous IS DISTINCT FROM coalesce((SELECT hash FROM event ORDER BY seq DESC LIMIT 1), '{GENESIS}')",
    ),
    *_kept("event", "UPDATE", "DELETE"),
    Rule(
        "report_signed_once",
        "INSERT",
        "event",
        "NEW.kind = 'report.signed'"
        " AND EXISTS (SELECT 1 FROM event WHERE subject = NEW.subject AND kind = 'report.signed')",
    ),
    # Legal moves are those of the core.
    *_kept("transition", "INSERT", "UPDATE", "DELETE"),
    # Jobs. The "new" rules say again what the unique indexes say, because INSERT OR REPLACE deletes before it fails.
    Rule(
        "job_new",
        "INSERT",
        "job",
        "EXISTS (SELECT 1 FROM job WHERE id = NEW.id OR order_id = NEW.order_id)"
        f" OR EXISTS (SELECT 1 FROM job WHERE request_id = NEW.request_id AND {JOB_IS_OPEN})",
    ),
    Rule(
        "job_starts_reserved",
        "INSERT",
        "job",
        "NEW.state <> 'RESERVED' OR NEW.write_attempts <> 0 OR NEW.printer_marker IS NOT NULL",
    ),
    Rule(
        "job_not_after_issue",
        "INSERT",
        "job",
        "EXISTS (SELECT 1 FROM job WHERE request_id = NEW.request_id AND state = 'ISSUED')",
    ),
    Rule("job_blank_left", "INSERT", "job", f"{BLANKS_LEFT} < 1"),
    Rule("job_begun_with_event", "INSERT", "job", _JOB_EVENT),
    Rule("job_moved_with_event", "UPDATE", "job", f"NEW.event_seq <= OLD.event_seq OR {_JOB_EVENT}"),
    Rule("job_transition", "UPDATE", "job", _no_transition("job")),
    Rule(
        "job_facts_kept",
        "UPDATE",
        "job",
        _changed("id", "request_id", "order_id", "digest", "created_at", "created_by"),
    ),
    Rule(
        "job_chip_kept",
        "UPDATE",
        "job",
        "NEW.chip_serial IS DISTINCT FROM OLD.chip_serial AND NOT (OLD.state = 'RESERVED' OR NEW.state = 'RESERVED')",
    ),
    Rule(
        "job_chip_free",
        "UPDATE",
        "job",
        "NEW.chip_serial IS DISTINCT FROM OLD.chip_serial"
        " AND EXISTS (SELECT 1 FROM job WHERE chip_serial = NEW.chip_serial AND id <> NEW.id)",
    ),
    Rule(
        "job_attempts",
        "UPDATE",
        "job",
        "NEW.write_attempts <> CASE NEW.state WHEN 'ENCODING' THEN OLD.write_attempts + 1"
        " WHEN 'RESERVED' THEN 0 ELSE OLD.write_attempts END",
    ),
    *_kept("job", "DELETE"),
    # Requests. Only the lease moves without an event.
    Rule("request_new", "INSERT", "request", "EXISTS (SELECT 1 FROM request WHERE id = NEW.id)"),
    Rule("request_starts_accepted", "INSERT", "request", "NEW.state <> 'ACCEPTED'"),
    Rule("request_begun_with_event", "INSERT", "request", _no_event("'request.' || NEW.state", "NEW.id")),
    Rule(
        "request_moved_with_event",
        "UPDATE",
        "request",
        f"(NEW.event_seq <> OLD.event_seq OR {_changed('state', 'documents', 'reasons', 'result')})"
        f" AND (NEW.event_seq <= OLD.event_seq OR {_REQUEST_EVENT})",
    ),
    Rule(
        "request_transition",
        "UPDATE",
        "request",
        f"NEW.state IS DISTINCT FROM OLD.state AND {_no_transition('request')}",
    ),
    Rule(
        "request_result_withdrawn_by_two",
        "UPDATE",
        "request",
        "OLD.state = 'AT_COUNTER' AND NEW.state = 'CANCELLED' AND NOT EXISTS"
        " (SELECT 1 FROM event WHERE seq = NEW.event_seq AND approver IS NOT NULL AND approver <> actor)",
    ),
    Rule(
        "request_facts_kept",
        "UPDATE",
        "request",
        _changed(
            *(
                "id",
                "number",
                "service",
                "nik",
                "name",
                "accepted_at",
                "accepted_by",
                "kk",
                "phone",
                "priority",
            )
        ),
    ),
    *_kept("request", "DELETE"),
    # Blanks
    Rule(
        "movement_new",
        "INSERT",
        "movement",
        "EXISTS (SELECT 1 FROM movement WHERE event_seq = NEW.event_seq)",
    ),
    Rule("movement_with_event", "INSERT", "movement", _MOVEMENT_EVENT),
    Rule(
        "movement_left",
        "INSERT",
        "movement",
        f"{_LEFT} + CASE WHEN NEW.kind IN ({listed(OUTGOING)}) THEN -NEW.quantity ELSE NEW.quantity END < 0",
    ),
    Rule(
        "movement_owed",
        "INSERT",
        "movement",
        f"NEW.kind IN ({_GIVEN_BACK}) AND {_OWED} < NEW.quantity",
    ),
    *_kept("movement", "UPDATE", "DELETE"),
    # Deliveries: what was delivered stays as it was delivered.
    Rule("delivery_new", "INSERT", "delivery", "EXISTS (SELECT 1 FROM delivery WHERE id = NEW.id)"),
    Rule("delivery_delivered_kept", "UPDATE", "delivery", "OLD.delivered_at IS NOT NULL"),
    Rule("delivery_facts_kept", "UPDATE", "delivery", _changed("id", "kind", "request_id", "created_at")),
    *_kept("delivery", "DELETE"),
    # Handovers
    Rule(
        "handover_new",
        "INSERT",
        "handover",
        "EXISTS (SELECT 1 FROM handover WHERE request_id = NEW.request_id)",
    ),
    Rule("handover_with_event", "INSERT", "handover", _no_event("'handover'", "NEW.request_id")),
    *_kept("handover", "UPDATE", "DELETE"),
    # Destructions: insert-only, numbered without gaps, and each card only once.
    Rule(
        "destruction_new",
        "INSERT",
        "destruction",
        "EXISTS (SELECT 1 FROM destruction WHERE event_seq = NEW.event_seq)",
    ),
    Rule(
        "destruction_without_gap",
        "INSERT",
        "destruction",
        "NEW.number IS DISTINCT FROM (SELECT coalesce(max(number), 0) + 1 FROM destruction WHERE year = NEW.year)",
    ),
    Rule("destruction_with_event", "INSERT", "destruction", _DESTRUCTION_EVENT),
    Rule(
        "destruction_before_witnesses",
        "INSERT",
        "destruction",
        f"many(NEW.witnesses) < {LEAST_WITNESSES} OR many(NEW.executors) < 1",
    ),
    *_kept("destruction", "UPDATE", "DELETE"),
    Rule("destroyed_new", "INSERT", "destroyed", "EXISTS (SELECT 1 FROM destroyed WHERE card = NEW.card)"),
    Rule("destroyed_with_event", "INSERT", "destroyed", _DESTROYED_EVENT),
    Rule("destroyed_was_held", "INSERT", "destroyed", _NOT_HELD),
    *_kept("destroyed", "UPDATE", "DELETE"),
    # Shifts
    Rule(
        "shift_new",
        "INSERT",
        "shift",
        "EXISTS (SELECT 1 FROM shift WHERE id = NEW.id OR closed_at IS NULL) OR NEW.closed_at IS NOT NULL",
    ),
    Rule(
        "shift_opened_with_event",
        "INSERT",
        "shift",
        _no_event("'shift.opened'", _SHIFT_SUBJECT, column="first_event"),
    ),
    Rule(
        "shift_closed_with_event",
        "UPDATE",
        "shift",
        _no_event("'shift.closed'", _SHIFT_SUBJECT, column="last_event"),
    ),
    Rule(
        "shift_facts_kept",
        "UPDATE",
        "shift",
        f"OLD.closed_at IS NOT NULL OR {_changed('id', 'opened_at', 'opened_by', 'first_event')}",
    ),
    *_kept("shift", "DELETE"),
    # Room checks and people
    *_kept("room_check", "UPDATE", "DELETE"),
    *_kept("person", "DELETE"),
)


def _blanks_of(kind: MovementKind) -> str:
    return f"(SELECT coalesce(sum(quantity), 0) FROM movement WHERE item = '{BLANK}' AND kind = '{kind}')"


VIEWS: dict[str, str] = {
    "v_blangko": f"""SELECT
    {_blanks_of(MovementKind.OPENING)} AS awal,
    {_blanks_of(MovementKind.RECEIVED)} AS terima,
    {_blanks_of(MovementKind.CORRECTION)} AS koreksi,
    (SELECT coalesce(sum({_CHANGE}), 0) FROM movement
        WHERE item = '{BLANK}' AND kind IN ({listed(LOANS)})) AS pinjaman,
    (SELECT count(*) FROM job WHERE state = 'ISSUED') AS terbit,
    (SELECT count(*) FROM job WHERE state = 'SPOILED') AS rusak,
    {_blanks_of(MovementKind.RETURNED)} AS retur,
    (SELECT count(*) FROM job WHERE state NOT IN ({listed(TERMINAL)})) AS dipegang,
    {BLANKS_LEFT} AS akhir""",
    "v_permohonan": "SELECT state AS keadaan, count(*) AS jumlah FROM request GROUP BY state",
}


def transitions() -> Iterable[tuple[str, str, str]]:
    """Every legal move: machine, from, to."""
    for job_from, job_to in issuance.TRANSITIONS:
        yield "job", job_from.value, job_to.value
    for request_from, request_to in request.TRANSITIONS:
        yield "request", request_from.value, request_to.value
