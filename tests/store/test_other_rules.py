"""The invariants of requests, blanks, deliveries, handovers, shifts, checks and people, attacked by raw SQL."""

from collections.abc import Iterator

import pytest

from ktpel_desktop.core.outbox import Delivery, DeliveryKind
from ktpel_desktop.core.ports import Answer
from ktpel_desktop.core.records import Handover, Person
from ktpel_desktop.core.request import RequestState
from ktpel_desktop.core.roles import Role
from ktpel_desktop.core.room import unknown
from ktpel_desktop.core.room_items import ItemId
from ktpel_desktop.store.sql_store import SqlStore
from tests.store.database import MORNING, OPERATOR, add_blanks, add_request, open_job
from tests.store.raw import REFUSALS, Attacker, attacker, drop_rules, forge_event, refused

_S = RequestState
TICKET = "TICKET000001"


@pytest.fixture
def db(store: SqlStore) -> Iterator[Attacker]:
    """One row of everything; of ten blanks one is in a job."""
    with store.unit(OPERATOR, MORNING) as unit:
        add_blanks(unit, 10)
        add_request(unit, TICKET)
        open_job(unit, TICKET)
        unit.outbox.put(Delivery("d-1", DeliveryKind.STATUS, TICKET, MORNING, {"status": "ACCEPTED"}))
        unit.outbox.put(Delivery("d-2", DeliveryKind.STATUS, TICKET, MORNING, {"status": "VERIFIED"}))
        unit.outbox.delivered("d-1")
        unit.add_handover(Handover(TICKET, "Siti", "sendiri", "KTP-el", (), Answer.YES, MORNING, "sari"))
        unit.shifts.open()
        unit.room.add(unknown(ItemId.AREA, at=MORNING))
        unit.people.add(Person("sari", "Sari", Role.OPERATOR), "kata sandi")
    with attacker(store) as connection:
        yield connection


@pytest.mark.parametrize(
    "table",
    [
        "event",
        "job",
        "request",
        "movement",
        "delivery",
        "handover",
        "shift",
        "room_check",
        "person",
        "transition",
    ],
)
def test_nothing_is_deleted(db: Attacker, table: str) -> None:
    refused(db, f"{table}_delete_refused", f"DELETE FROM {table}")


@pytest.mark.parametrize("table", ["event", "movement", "handover", "room_check", "transition"])
def test_what_was_written_down_is_never_rewritten(db: Attacker, table: str) -> None:
    column = {"handover": "collector", "room_check": "status", "transition": "to_state"}.get(table, "at")
    rule = "movement_update_refused" if table == "movement" else f"{table}_update_refused"
    column = '"by"' if table == "movement" else column
    refused(db, rule, f"UPDATE {table} SET {column} = 'x'")


@pytest.mark.parametrize("table", ["request", "delivery", "handover", "shift", "movement"])
def test_no_row_is_replaced(db: Attacker, table: str) -> None:
    replace = f"INSERT OR REPLACE INTO {table} SELECT * FROM {table} LIMIT 1"
    refused(db, table, replace)
    drop_rules(db, but=f"{table}_new")
    refused(db, f"{table}_new", replace)


# ---------------------------------------------------------------- requests


@pytest.mark.parametrize(
    "nik", ["317404150190000", "31740415019000012", "317404150190000x", "३१७४०४१५०१९०००००", ""]
)
def test_a_nik_has_sixteen_digits(db: Attacker, nik: str) -> None:
    copy = (
        "INSERT INTO request SELECT 'NEW', number, service, ?, name, accepted_at, accepted_by, state, {kk}, phone,"
        " documents, priority, reasons, result, NULL, NULL, ? FROM request"
    )
    event = forge_event(db, "request.ACCEPTED", "NEW")
    refused(db, "request_nik_digits", copy.format(kk="NULL"), nik, event)
    refused(db, "request_kk_digits", copy.format(kk=f"'{nik}'"), "3174041501900002", event)
    db.execute(copy.format(kk="NULL"), ("3174041501900002", event))


def test_a_request_begins_accepted_and_with_its_event(db: Attacker) -> None:
    copy = (
        "INSERT INTO request SELECT 'NEW', number, service, nik, name, accepted_at, accepted_by, ?, kk, phone,"
        " documents, priority, reasons, result, NULL, NULL, ? FROM request"
    )
    refused(db, "request_starts_accepted", copy, "VERIFIED", forge_event(db, "request.VERIFIED", "NEW"))
    refused(db, "request_begun_with_event", copy, "ACCEPTED", forge_event(db, "request.ACCEPTED", TICKET))


@pytest.mark.parametrize(
    "change", ["state = 'WITH_OPERATOR'", "documents = '[1]'", "reasons = '[1]'", "result = 'x'"]
)
def test_nothing_about_a_request_changes_without_its_event(db: Attacker, change: str) -> None:
    rule = "request_moved_with_event"
    refused(db, rule, f"UPDATE request SET {change}")
    refused(db, rule, f"UPDATE request SET {change}, event_seq = ?", forge_event(db, "request.OTHER", TICKET))
    kind = "request.WITH_OPERATOR" if "state" in change else "request.documents"
    refused(db, rule, f"UPDATE request SET {change}, event_seq = ?", forge_event(db, kind, "OTHER"))
    right = forge_event(db, kind, TICKET)
    db.execute(f"UPDATE request SET {change}, event_seq = ?", (right,))
    refused(db, rule, "UPDATE request SET result = 'again', event_seq = ?", right)


def test_a_lease_moves_without_an_event_and_is_whole(db: Attacker) -> None:
    db.execute("UPDATE request SET claim_by = 'budi', claim_until = 't'")
    refused(db, "request_claim_whole", "UPDATE request SET claim_by = NULL")


@pytest.mark.parametrize(
    "column", ["id", "number", "service", "nik", "name", "accepted_at", "accepted_by", "phone", "priority"]
)
def test_what_the_applicant_said_stays(db: Attacker, column: str) -> None:
    refused(db, "request_facts_kept", f"UPDATE request SET {column} = 'other'")


@pytest.mark.parametrize("approver", [None, "x"])
def test_a_result_at_the_counter_is_withdrawn_by_two(
    store: SqlStore, db: Attacker, approver: str | None
) -> None:
    with store.unit(OPERATOR, MORNING) as unit:
        request = unit.requests.get(TICKET)
        for state in (_S.WITH_OPERATOR, _S.VERIFIED, _S.PRODUCED, _S.AT_COUNTER):
            request = unit.requests.move(request, state)
    withdraw = "UPDATE request SET state = 'CANCELLED', event_seq = ?"
    alone = forge_event(db, "request.CANCELLED", TICKET, approver=approver)
    refused(db, "request_result_withdrawn_by_two", withdraw, alone)
    db.execute(withdraw, (forge_event(db, "request.CANCELLED", TICKET, approver="ratna"),))


# ---------------------------------------------------------------- blanks

MOVE = "INSERT INTO movement VALUES (?, ?, ?, ?, 't', 'x', ?, ?, ?, ?, ?)"


def line(
    db: Attacker,
    kind: str,
    quantity: float,
    document: str = "BAST",
    approver: str | None = None,
    partner: str = "",
    item: str = "blangko",
) -> tuple[object, ...]:
    """Values of MOVE, with the event that tells of them."""
    said = {"quantity": quantity, "document": document} | ({"partner": partner} if partner else {})
    event = forge_event(db, f"stock.{kind}", item, approver=approver, **said)
    return event, kind, quantity, document, approver, partner, None, None, item


def test_no_more_is_returned_or_corrected_away_than_is_left(db: Attacker) -> None:
    refused(db, "movement_left", MOVE, *line(db, "RETUR", 10))
    refused(db, "movement_left", MOVE, *line(db, "KOREKSI", -10, "hitung", "ratna"))
    db.execute(MOVE, line(db, "RETUR", 9))


def test_no_more_of_an_item_goes_than_is_left(db: Attacker) -> None:
    refused(db, "movement_left", MOVE, *line(db, "PAKAI", 1, item="pita"))
    db.execute(MOVE, line(db, "TERIMA", 2, item="pita"))
    refused(db, "movement_left", MOVE, *line(db, "PAKAI", 3, item="pita"))
    db.execute(MOVE, line(db, "PAKAI", 2, item="pita"))


def test_no_more_of_a_loan_comes_back_than_is_out_with_that_partner(db: Attacker) -> None:
    db.execute(MOVE, line(db, "PINJAM_KELUAR", 3, partner="Senen"))
    refused(db, "movement_owed", MOVE, *line(db, "PINJAM_KELUAR_KEMBALI", 4, partner="Senen"))
    refused(db, "movement_owed", MOVE, *line(db, "PINJAM_KELUAR_KEMBALI", 1, partner="Gambir"))
    refused(db, "movement_owed", MOVE, *line(db, "PINJAM_MASUK_KEMBALI", 1, partner="Senen"))
    db.execute(MOVE, line(db, "PINJAM_KELUAR_KEMBALI", 3, partner="Senen"))
    refused(db, "movement_owed", MOVE, *line(db, "PINJAM_KELUAR_KEMBALI", 1, partner="Senen"))


def test_a_loan_has_a_partner(db: Attacker) -> None:
    refused(db, "movement_partner", MOVE, *line(db, "PINJAM_KELUAR", 3, partner=" "))


@pytest.mark.parametrize("approver", [None, "sari"])
def test_a_correction_takes_two(db: Attacker, approver: str | None) -> None:
    by_one = "x" if approver else None
    refused(db, "movement_second_person", MOVE, *line(db, "KOREKSI", 1, "hitung", by_one))


@pytest.mark.parametrize(
    ("kind", "quantity", "document", "rule"),
    [
        ("TERIMA", 0, "BAST", "movement_quantity"),
        ("TERIMA", -1, "BAST", "movement_quantity"),
        ("RETUR", -1, "BAST", "movement_quantity"),
        ("KOREKSI", 0, "hitung", "movement_quantity"),
        ("TERIMA", 1, "  ", "movement_document"),
        ("HADIAH", 1, "BAST", "movement_kind"),
        ("PAKAI", 1, "BAST", "movement_kind"),
    ],
)
def test_a_movement_makes_sense(db: Attacker, kind: str, quantity: int, document: str, rule: str) -> None:
    refused(db, rule, MOVE, *line(db, kind, quantity, document, "ratna"))


@pytest.mark.parametrize(
    ("place", "other"),
    [
        (1, "RETUR"),
        (2, 6),
        (3, "BAST-LAIN"),
        (4, "ratna"),
        (5, "Senen"),
        (6, "A01"),
        (8, "pita"),
    ],
)
def test_a_movement_says_what_its_event_says(db: Attacker, place: int, other: object) -> None:
    told = list(line(db, "TERIMA", 5))
    told[place] = other
    if place == 6:
        told[7] = "A05"
    refused(db, "movement_with_event", MOVE, *told)


def test_a_movement_has_the_newest_event_and_its_actor(db: Attacker) -> None:
    event, *rest = line(db, "TERIMA", 1)
    assert isinstance(event, int)
    refused(db, "movement_with_event", MOVE, event - 1, *rest)
    refused(db, "movement_with_event", MOVE.replace("'x'", "'sari'"), event, *rest)


def test_half_a_blank_is_none(db: Attacker) -> None:
    rule = "cannot store REAL value in INTEGER column|movement_with_event"
    refused(db, rule, MOVE, *line(db, "TERIMA", 0.5))


# ---------------------------------------------------------------- deliveries, handovers, shifts, people


@pytest.mark.parametrize(
    "change", ["payload = '{}'", "delivered_at = NULL", "attempts = 9", "last_error = 'x'"]
)
def test_a_delivered_delivery_is_closed(db: Attacker, change: str) -> None:
    refused(db, "delivery_delivered_kept", f"UPDATE delivery SET {change} WHERE id = 'd-1'")


@pytest.mark.parametrize("column", ["id", "kind", "request_id", "created_at"])
def test_a_delivery_keeps_its_name(db: Attacker, column: str) -> None:
    refused(db, "delivery_facts_kept", f"UPDATE delivery SET {column} = 'x' WHERE id = 'd-2'")


def test_a_handover_has_its_event(db: Attacker) -> None:
    insert = "INSERT INTO handover VALUES ('OTHER', 'c', 'r', 'i', '[]', 'yes', 't', 'b', ?)"
    refused(db, "handover_with_event", insert, forge_event(db, "handover", TICKET))


def test_at_most_one_shift_is_open(db: Attacker) -> None:
    insert = "INSERT INTO shift VALUES (2, 't', 'x', ?, NULL, NULL, NULL)"
    refused(db, "shift_new", insert, forge_event(db, "shift.opened", "shift-2"))
    drop_rules(db)
    refused(db, "shift_one_open", insert, 1)


def test_a_shift_opens_and_closes_by_its_events_and_stays_closed(db: Attacker) -> None:
    close = "UPDATE shift SET closed_at = 't', closed_by = 'x', last_event = ?"
    refused(db, "shift_closed_with_event", close, forge_event(db, "shift.closed", "shift-2"))
    refused(
        db,
        "shift_closed_whole",
        "UPDATE shift SET closed_at = 't', last_event = ?",
        forge_event(db, "shift.closed", "shift-1"),
    )
    refused(db, "shift_facts_kept", f"{close}, opened_by = 'y'", forge_event(db, "shift.closed", "shift-1"))
    db.execute(close, (forge_event(db, "shift.closed", "shift-1"),))
    refused(db, "shift_facts_kept", close, forge_event(db, "shift.closed", "shift-1"))
    insert = "INSERT INTO shift VALUES (2, 't', 'x', ?, NULL, NULL, NULL)"
    refused(db, "shift_opened_with_event", insert, forge_event(db, "shift.opened", "shift-1"))


def test_a_report_is_signed_once(db: Attacker) -> None:
    forge_event(db, "report.signed", "shift-1")
    with pytest.raises(REFUSALS, match="report_signed_once"):
        forge_event(db, "report.signed", "shift-1")
    forge_event(db, "report.printed", "shift-1")
    forge_event(db, "report.signed", "shift-2")


def test_two_spellings_are_one_account(db: Attacker) -> None:
    insert = "INSERT INTO person VALUES ('SARI', 'x', 'PENYELIA', 1, 'h', 0, NULL)"
    refused(db, "person_one_spelling", insert)


def test_rows_refer_to_rows(store: SqlStore, db: Attacker) -> None:
    if db.embedded:
        db.execute("PRAGMA foreign_keys=ON")
    insert = "INSERT INTO delivery VALUES ('d-3', 'status', 'NOBODY', 't', '{}', 0, NULL, '', NULL)"
    refused(db, "(?i)foreign key constraint", insert)
