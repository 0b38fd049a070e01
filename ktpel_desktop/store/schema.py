"""The tables. Portable SQL: what an engine says in its own words stands in `sqlite_rules` and `postgres_rules`.

Moments are ISO 8601 UTC text, structured values canonical JSON text (`columns`). `event_seq` ties a row to the event
that tells of it. No figure is stored that can be counted.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import (
    CheckConstraint,
    Column,
    Double,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    Table,
    Text,
    text,
)
from sqlalchemy.dialects import sqlite

from ktpel_desktop.core.issuance import OPEN, JobState
from ktpel_desktop.core.request import ENDED

metadata = MetaData()


def listed(states: frozenset[Any]) -> str:
    """States as an SQL list, in a fixed order: an index and a query must say it alike to fit."""
    return ", ".join(f"'{state}'" for state in sorted(states))


JOB_IS_OPEN = f"state IN ({listed(OPEN)})"
REQUEST_IS_OPEN = f"state NOT IN ({listed(ENDED)})"
SOMETHING_GIVEN_UP = "withdrawn <> '[]'"
LAWFUL_FIRST = "(priority = 'NORMAL')"
"""Sorts lawful priorities before the others (UU 25/2009 Ps. 29)."""


def _table(name: str, *parts: Any, rowid: bool = True) -> Table:
    # Without a rowid there is one way less to replace a row: INSERT OR REPLACE by a rowid deletes unasked.
    return Table(name, metadata, *parts, sqlite_strict=True, sqlite_with_rowid=rowid)


def _text(name: str, *parts: Any, nullable: bool = False) -> Column[Any]:
    return Column(name, Text, *parts, nullable=nullable)


def _number(name: str, *parts: Any, nullable: bool = False, key: bool = False) -> Column[Any]:
    return Column(name, Integer, *parts, nullable=nullable, primary_key=key, autoincrement=False)


def _digits(name: str) -> str:
    return f"length({name}) = 16 AND ltrim({name}, '0123456789') = ''"


def _only_where(condition: str) -> dict[str, Any]:
    return {"sqlite_where": text(condition), "postgresql_where": text(condition)}


event = _table(
    "event",
    _number("seq", key=True),
    _text("at"),
    _text("actor"),
    _text("role"),
    _text("pc"),
    _text("kind"),
    _text("subject"),
    _text("data"),
    _text("approver", nullable=True),
    _text("previous"),
    _text("hash"),
    CheckConstraint("length(hash) = 64", name="event_hash_length"),
    Index("event_of_subject", "subject", "seq"),
    Index("event_of_kind", "kind", "seq"),
)

transition = _table(
    "transition",
    Column("machine", Text, primary_key=True),
    Column("from_state", Text, primary_key=True),
    Column("to_state", Text, primary_key=True),
    rowid=False,
)

person = _table(
    "person",
    Column("username", Text, primary_key=True),
    _text("name"),
    _text("role"),
    _number("active"),
    _text("password"),
    _number("failures"),
    _text("locked_until", nullable=True),
    CheckConstraint("active IN (0, 1)", name="person_active"),
    Index("person_one_spelling", text("lower(username)"), unique=True),
    rowid=False,
)

request = _table(
    "request",
    Column("id", Text, primary_key=True),
    _text("number"),
    _text("service"),
    _text("nik"),
    _text("name"),
    _text("accepted_at"),
    _text("accepted_by"),
    _text("state"),
    _text("kk", nullable=True),
    _text("phone"),
    _text("documents"),
    _text("priority"),
    _text("reasons"),
    _text("result"),
    _text("claim_by", nullable=True),
    _text("claim_until", nullable=True),
    _number("event_seq", ForeignKey("event.seq")),
    CheckConstraint(_digits("nik"), name="request_nik_digits"),
    CheckConstraint(f"kk IS NULL OR ({_digits('kk')})", name="request_kk_digits"),
    CheckConstraint("(claim_by IS NULL) = (claim_until IS NULL)", name="request_claim_whole"),
    Index("request_queue", "state", text(LAWFUL_FIRST), "accepted_at", "id"),
    Index("request_open", text(LAWFUL_FIRST), "accepted_at", "id", **_only_where(REQUEST_IS_OPEN)),
    Index("request_all", text(LAWFUL_FIRST), "accepted_at", "id"),
    Index("request_day", "accepted_at"),
    Index("request_number", "number"),
    Index("request_nik", "nik"),
    Index("request_name", text("lower(name)")),
    Index("request_claimed", "claim_by", **_only_where("claim_by IS NOT NULL")),
    rowid=False,
)

job = _table(
    "job",
    Column("id", Text, primary_key=True),
    _text("request_id", ForeignKey("request.id")),
    _text("state"),
    _text("order_id"),
    _text("digest"),
    _text("created_at"),
    _text("created_by"),
    _text("chip_serial", nullable=True),
    _number("write_attempts"),
    _number("printer_marker", nullable=True),
    _text("spoil_reason", nullable=True),
    _number("event_seq", ForeignKey("event.seq")),
    CheckConstraint(
        "state = 'SPOILED' OR (chip_serial IS NULL) = (state IN ('RESERVED', 'CANCELLED'))",
        name="job_chip_known",
    ),
    CheckConstraint("(spoil_reason IS NULL) = (state <> 'SPOILED')", name="job_spoiled_with_reason"),
    CheckConstraint("write_attempts >= 0", name="job_attempts_counted"),
    Index("job_of_request", "request_id"),
    Index("job_one_open", "request_id", unique=True, **_only_where(JOB_IS_OPEN)),
    Index("job_one_issued", "request_id", unique=True, **_only_where(f"state = '{JobState.ISSUED}'")),
    Index("job_one_per_chip", "chip_serial", unique=True, **_only_where("chip_serial IS NOT NULL")),
    Index("job_one_per_order", "order_id", unique=True),
    Index("job_in_state", "state", "created_at", "id"),
    rowid=False,
)

movement = _table(
    "movement",
    _number("event_seq", ForeignKey("event.seq"), key=True),
    _text("kind"),
    _number("quantity"),
    _text("document"),
    _text("at"),
    _text("by"),
    _text("approver", nullable=True),
    _text("partner"),
    _text("serial_first", nullable=True),
    _text("serial_last", nullable=True),
    _text("item"),
    CheckConstraint(
        "kind IN ('SALDO_AWAL', 'TERIMA', 'RETUR', 'KOREKSI', 'PINJAM_KELUAR', 'PINJAM_KELUAR_KEMBALI',"
        " 'PINJAM_MASUK', 'PINJAM_MASUK_KEMBALI') OR (kind IN ('PAKAI', 'RUSAK') AND item <> 'blangko')",
        name="movement_kind",
    ),
    CheckConstraint("kind NOT LIKE 'PINJAM%' OR trim(partner) <> ''", name="movement_partner"),
    CheckConstraint("(serial_first IS NULL) = (serial_last IS NULL)", name="movement_serials_whole"),
    Index("movement_of_item", "item", "event_seq"),
    CheckConstraint("quantity > 0 OR (kind = 'KOREKSI' AND quantity < 0)", name="movement_quantity"),
    CheckConstraint("trim(document) <> ''", name="movement_document"),
    CheckConstraint(
        "kind <> 'KOREKSI' OR (approver IS NOT NULL AND approver <> \"by\")", name="movement_second_person"
    ),
)

delivery = _table(
    "delivery",
    Column("id", Text, primary_key=True),
    _text("kind"),
    _text("request_id", ForeignKey("request.id")),
    _text("created_at"),
    _text("payload"),
    _number("attempts"),
    _text("next_at", nullable=True),
    _text("last_error"),
    _text("delivered_at", nullable=True),
    Index("delivery_of_request", "request_id"),
    Index("delivery_waiting", "created_at", "id", **_only_where("delivered_at IS NULL")),
    rowid=False,
)

handover = _table(
    "handover",
    Column("request_id", Text, ForeignKey("request.id"), primary_key=True),
    _text("collector"),
    _text("relation"),
    _text("identity"),
    _text("withdrawn"),
    _text("chip_answers"),
    _text("at"),
    _text("by"),
    _number("event_seq", ForeignKey("event.seq")),
    Index("handover_with_withdrawn", "request_id", **_only_where(SOMETHING_GIVEN_UP)),
    rowid=False,
)

destruction = _table(
    "destruction",
    _number("event_seq", ForeignKey("event.seq"), key=True),
    _number("year"),
    _number("number"),
    _text("at"),
    _text("by"),
    _text("approver"),
    _text("place"),
    _text("way"),
    _text("executors"),
    _text("witnesses"),
    CheckConstraint('approver <> "by"', name="destruction_second_person"),
    CheckConstraint("trim(place) <> '' AND trim(way) <> ''", name="destruction_told"),
    Index("destruction_number", "year", "number", unique=True),
    rowid=False,
)

destroyed = _table(
    "destroyed",
    Column("card", Text, primary_key=True),
    _text("request_id", ForeignKey("request.id")),
    _number("event_seq", ForeignKey("destruction.event_seq")),
    Index("destroyed_of_destruction", "event_seq"),
    rowid=False,
)
"""A card is destroyed at most once: its id is the key. Old cards of residents have ids of core.destruction."""

shift = _table(
    "shift",
    _number("id", key=True),
    _text("opened_at"),
    _text("opened_by"),
    _number("first_event", ForeignKey("event.seq")),
    _text("closed_at", nullable=True),
    _text("closed_by", nullable=True),
    _number("last_event", ForeignKey("event.seq"), nullable=True),
    CheckConstraint(
        "(closed_at IS NULL) = (closed_by IS NULL) AND (closed_at IS NULL) = (last_event IS NULL)",
        name="shift_closed_whole",
    ),
    Index("shift_one_open", text("(closed_at IS NULL)"), unique=True, **_only_where("closed_at IS NULL")),
)

room_check = _table(
    "room_check",
    Column("id", Integer, primary_key=True),
    _text("item"),
    _text("status"),
    _text("advice"),
    _text("measured_at"),
    Column("value", Double().with_variant(sqlite.REAL(), "sqlite"), nullable=True),
    _text("unit"),
    _text("text"),
    _text("source"),
    _text("method"),
    _text("evidence"),
    _text("by"),
    _number("blocking"),
    _text("waived_by"),
    _text("waived_reason"),
    _text("document"),
    _text("valid_until", nullable=True),
    Index("room_check_of_item", "item", "id"),
)

line_moment = _table(
    "line_moment",
    Column("at", Text, primary_key=True, nullable=False),
    _text("state"),
    rowid=False,
)
"""One row a minute, forgotten after a month: no evidence of anybody's act, so nothing guards it."""
