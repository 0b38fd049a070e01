"""Each invariant of a job holds against raw SQL: by its trigger, and by the index behind it."""

from collections.abc import Iterator

import pytest

from ktpel_desktop.core.issuance import JobState, SpoilReason
from ktpel_desktop.store.sql_store import SqlStore
from tests.store.database import MORNING, OPERATOR, add_blanks, add_request, open_job
from tests.store.raw import REFUSALS, Attacker, attacker, drop_rules, forge_event, refused, taken

FIRST, SECOND = "TICKET000001", "TICKET000002"
INSERT = (
    "INSERT {or_} INTO job (id, request_id, state, order_id, digest, created_at, created_by, chip_serial,"
    " write_attempts, printer_marker, spoil_reason, event_seq)"
    " VALUES (:id, :request, :state, :order, 'd', 't', 'x', :chip, :attempts, NULL, :reason, :event)"
)


@pytest.fixture
def db(store: SqlStore) -> Iterator[Attacker]:
    """Two requests; the first has a job in ENCODING on chip 04AA."""
    with store.unit(OPERATOR, MORNING) as unit:
        add_blanks(unit, 10)
        add_request(unit, FIRST)
        add_request(unit, SECOND)
        unit.jobs.move(open_job(unit, FIRST), JobState.ENCODING, chip_serial="04AA")
    with attacker(store) as connection:
        yield connection


def row(db: Attacker, **facts: object) -> dict[str, object]:
    """A job that would be right but for what a test puts wrong, with its event."""
    told = {
        "id": f"{SECOND}-1", "request": SECOND, "state": "RESERVED", "order": "order-new", "chip": None,
        "attempts": 0, "reason": None,
    } | facts  # fmt: skip
    told.setdefault("event", forge_event(db, f"job.{told['state']}", str(told["request"]), job=told["id"]))
    return told


def insert_refused(db: Attacker, rule: str, or_: str = "", **facts: object) -> None:
    with pytest.raises(REFUSALS, match=rule):
        db.execute(INSERT.format(or_=or_), row(db, **facts))


def test_a_right_job_is_taken(db: Attacker) -> None:
    db.execute(INSERT.format(or_=""), row(db))


def test_one_open_job_per_request(db: Attacker) -> None:
    insert_refused(db, "job_new", id=f"{FIRST}-2", request=FIRST)
    drop_rules(db)
    insert_refused(db, taken(db, "job_one_open", "job.request_id"), id=f"{FIRST}-2", request=FIRST)


def test_one_issued_job_per_request(store: SqlStore, db: Attacker) -> None:
    with store.unit(OPERATOR, MORNING) as unit:
        job = unit.jobs.get(f"{FIRST}-1")
        for state in ("ENCODED", "PRINTING", "PRINTED", "REPORTING", "ISSUED"):
            job = unit.jobs.move(job, JobState(state))
    insert_refused(db, "job_not_after_issue", id=f"{FIRST}-2", request=FIRST)
    drop_rules(db)
    insert_refused(
        db,
        taken(db, "job_one_issued", "job.request_id"),
        id=f"{FIRST}-2",
        request=FIRST,
        state="ISSUED",
        chip="04BB",
    )


def test_one_job_per_chip(db: Attacker) -> None:
    db.execute(INSERT.format(or_=""), row(db))
    for or_ in ("", "OR REPLACE"):
        event = forge_event(db, "job.ENCODING", SECOND, job=f"{SECOND}-1")
        refused(
            db,
            "job_chip_free",
            f"UPDATE {or_} job SET state = 'ENCODING', chip_serial = '04AA', write_attempts = 1, event_seq = ?"
            " WHERE id = ?",
            *(event, f"{SECOND}-1"),
        )
    drop_rules(db)
    refused(
        db,
        taken(db, "job_one_per_chip", "job.chip_serial"),
        "UPDATE job SET state = 'ENCODING', chip_serial = '04AA' WHERE id = ?",
        f"{SECOND}-1",
    )


def test_one_job_per_order(db: Attacker) -> None:
    insert_refused(db, "job_new", order=f"order-{FIRST}-1")
    drop_rules(db)
    insert_refused(db, taken(db, "job_one_per_order", "job.order_id"), order=f"order-{FIRST}-1")


@pytest.mark.parametrize("facts", [{"id": f"{FIRST}-1"}, {"order": f"order-{FIRST}-1"}])
def test_no_job_is_replaced(db: Attacker, facts: dict[str, object]) -> None:
    insert_refused(db, "job_new", or_="OR REPLACE", **facts)
    assert db.execute("SELECT state FROM job WHERE id = ?", (f"{FIRST}-1",)).fetchone() == ("ENCODING",)


def test_no_job_is_deleted(db: Attacker) -> None:
    refused(db, "job_delete_refused", "DELETE FROM job")


def test_no_job_begins_half_way(db: Attacker) -> None:
    insert_refused(db, "job_starts_reserved", state="ENCODED", chip="04BB")
    insert_refused(db, "job_starts_reserved", attempts=1)


def test_no_job_without_a_blank(store: SqlStore, db: Attacker) -> None:
    event = forge_event(db, "stock.RETUR", "blangko", quantity=9, document="BAST")
    db.execute(
        "INSERT INTO movement VALUES (?, 'RETUR', 9, 'BAST', 't', 'x', NULL, '', NULL, NULL, 'blangko')",
        (event,),
    )
    insert_refused(db, "job_blank_left")


def test_no_job_without_its_event(db: Attacker) -> None:
    newest = db.execute("SELECT max(seq) FROM event").fetchone()[0]
    insert_refused(db, "job_begun_with_event", event=newest)
    insert_refused(db, "job_begun_with_event", event=newest + 100)
    for kind, subject, job in (
        ("job.ENCODED", SECOND, f"{SECOND}-1"),
        ("job.RESERVED", FIRST, f"{SECOND}-1"),
        ("job.RESERVED", SECOND, f"{SECOND}-2"),
    ):
        insert_refused(db, "job_begun_with_event", event=forge_event(db, kind, subject, job=job))


def test_no_state_changes_without_its_own_new_event(db: Attacker) -> None:
    job, rule = f"{FIRST}-1", "job_moved_with_event"
    move = "UPDATE job SET state = 'ENCODED', event_seq = ? WHERE id = ?"
    refused(db, rule, "UPDATE job SET state = 'ENCODED' WHERE id = ?", job)
    right = forge_event(db, "job.ENCODED", FIRST, job=job)
    refused(db, rule, move, right - 1, job)
    for kind, subject, about in (
        ("job.PRINTING", FIRST, job),
        ("job.ENCODED", SECOND, job),
        ("job.ENCODED", FIRST, f"{SECOND}-1"),
    ):
        refused(db, rule, move, forge_event(db, kind, subject, job=about), job)
    refused(db, rule, move, right, job)  # right once, but no longer the newest


def test_one_event_serves_one_move(db: Attacker) -> None:
    event = forge_event(db, "job.ENCODING", FIRST, job=f"{FIRST}-1")
    again = "UPDATE job SET write_attempts = write_attempts + 1, event_seq = ?"
    db.execute(again, (event,))
    refused(db, "job_moved_with_event", again, event)


@pytest.mark.parametrize(
    "change",
    [
        "id = 'other'",
        f"request_id = '{SECOND}'",
        "order_id = 'o'",
        "digest = 'e'",
        "created_by = 'y'",
        "created_at = ''",
    ],
)
def test_what_was_frozen_stays(db: Attacker, change: str) -> None:
    event = forge_event(db, "job.ENCODED", FIRST, job=f"{FIRST}-1")
    rules = "job_facts_kept|job_moved_with_event"  # a changed id no longer fits its event either
    refused(db, rules, f"UPDATE job SET {change}, state = 'ENCODED', event_seq = ?", event)


def test_the_chip_of_a_begun_card_stays(db: Attacker) -> None:
    event = forge_event(db, "job.ENCODED", FIRST, job=f"{FIRST}-1")
    refused(
        db, "job_chip_kept", "UPDATE job SET state = 'ENCODED', chip_serial = '04BB', event_seq = ?", event
    )


def test_writes_are_counted_by_the_moves(db: Attacker) -> None:
    event = forge_event(db, "job.ENCODING", FIRST, job=f"{FIRST}-1")
    refused(db, "job_attempts", "UPDATE job SET event_seq = ?", event)
    refused(db, "job_attempts", "UPDATE job SET write_attempts = 0, event_seq = ?", event)


def test_a_card_has_its_chip_and_a_spoiled_one_its_reason(db: Attacker) -> None:
    move = "UPDATE job SET state = ?, spoil_reason = ?, event_seq = ?"
    event = forge_event(db, "job.SPOILED", FIRST, job=f"{FIRST}-1")
    refused(db, "job_spoiled_with_reason", move, "SPOILED", None, event)
    event = forge_event(db, "job.ENCODED", FIRST, job=f"{FIRST}-1")
    refused(db, "job_spoiled_with_reason", move, "ENCODED", SpoilReason.DAMAGED.value, event)
    drop_rules(db)
    refused(db, "job_chip_known", "UPDATE job SET state = 'ENCODED', chip_serial = NULL")


def test_the_legal_moves_cannot_be_widened(db: Attacker) -> None:
    refused(db, "transition_insert_refused", "INSERT INTO transition VALUES ('job', 'ISSUED', 'RESERVED')")
    refused(db, "transition_update_refused", "UPDATE transition SET to_state = 'ISSUED'")
    refused(db, "transition_delete_refused", "DELETE FROM transition")
