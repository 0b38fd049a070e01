"""Destructions by their port, and their invariants attacked by raw SQL: numbered without gaps, each card once."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import replace

import pytest

from ktpel_desktop.core.destruction import Cause, HeldCard, old_card
from ktpel_desktop.core.issuance import JobState, SpoilReason
from ktpel_desktop.core.ports import Answer
from ktpel_desktop.core.records import Handover, UnitOfWork
from ktpel_desktop.core.request import RequestState
from ktpel_desktop.store.sql_store import SqlStore
from tests.store.database import DEED, MORNING, OPERATOR, add_blanks, add_request, later, open_job
from tests.store.raw import Attacker, attacker, drop_rules, forge_event, refusal, refused, taken

SPOILED, GOOD, LOST, GIVEN, OPEN = (f"TICKET00000{number}" for number in range(1, 6))
_S = RequestState


def spoil(unit: UnitOfWork, ticket: str, reason: SpoilReason = SpoilReason.DAMAGED) -> None:
    add_request(unit, ticket)
    unit.jobs.move(open_job(unit, ticket), JobState.SPOILED, spoil_reason=reason)


def issue(unit: UnitOfWork, ticket: str) -> None:
    """To the counter."""
    request = add_request(unit, ticket)
    job = unit.jobs.move(open_job(unit, ticket), JobState.ENCODING, chip_serial="04AA")
    for step in (JobState.ENCODED, JobState.PRINTING, JobState.PRINTED, JobState.REPORTING, JobState.ISSUED):
        job = unit.jobs.move(job, step)
    for state in (_S.WITH_OPERATOR, _S.VERIFIED, _S.PRODUCED, _S.AT_COUNTER):
        request = unit.requests.move(request, state, result=job.id)


@pytest.fixture
def invalid(store: SqlStore) -> SqlStore:
    """A spoiled card, a good one at the counter, a lost one, an old one given up, one still in work."""
    with store.unit(OPERATOR, MORNING) as unit:
        add_blanks(unit, 10)
        spoil(unit, SPOILED)
        issue(unit, GOOD)
        spoil(unit, LOST, SpoilReason.MISSING)
        add_request(unit, GIVEN)
        codes = ("KK-LAMA", "KTP-LAMA")
        unit.add_handover(Handover(GIVEN, "Siti", "SENDIRI", "KK", codes, Answer.YES, later(1), "sari"))
        add_request(unit, OPEN)
        open_job(unit, OPEN)
    return store


FIRST = HeldCard(f"{SPOILED}-1", SPOILED, Cause.DAMAGED, MORNING)
OLD = HeldCard(old_card(GIVEN, "KTP-LAMA"), GIVEN, Cause.ELEMENT_CHANGED, later(1))


def test_what_is_held_and_what_became_of_it(invalid: SqlStore) -> None:
    with invalid.unit(OPERATOR, later(2)) as unit:
        assert unit.destructions.held() == [FIRST, OLD]
        assert unit.destructions.next_number(2026) == 1
        made = unit.destructions.add(2026, DEED, [OLD], "ratna")
        assert (made.number, made.year, made.at, made.by, made.approver) == (
            1,
            2026,
            later(2),
            "sari",
            "ratna",
        )
        assert (made.deed, made.cards) == (DEED, 1)
        assert unit.destructions.held() == [FIRST]
        assert unit.destructions.cards(made.id) == [OLD]
    with invalid.unit(OPERATOR, later(3)) as unit:
        second = unit.destructions.add(2026, DEED, [FIRST], "ratna")
        assert unit.destructions.all() == [second, made]
        assert unit.destructions.get(made.id) == made
        assert unit.destructions.add(2027, DEED, _taken_back(unit), "ratna").title == "1/BA-MUSNAH/2027"
        with refusal("destruction.unknown"):
            unit.destructions.get(made.id + 1000)


def _taken_back(unit: UnitOfWork) -> Sequence[HeldCard]:
    unit.requests.move(unit.requests.get(GOOD), _S.CANCELLED, reasons=("chip_mute",), approver="ratna")
    held = unit.destructions.held()
    assert held == [HeldCard(f"{GOOD}-1", GOOD, Cause.FACTORY_FAULT, later(3), "04AA")]
    return held


def test_a_card_that_is_not_held_leaves_nothing_behind(invalid: SqlStore) -> None:
    with invalid.unit(OPERATOR, later(2)) as unit:
        before = unit.events.head()
        with refusal("destruction.not_held"):
            unit.destructions.add(2026, DEED, [FIRST, replace(FIRST, id=f"{OPEN}-1")], "ratna")
        assert unit.events.head() == before
        assert unit.destructions.all() == []


# ---------------------------------------------------------------- past every line of the program


@pytest.fixture
def db(invalid: SqlStore) -> Iterator[Attacker]:
    """The old card was destroyed, the spoiled one is still held."""
    with invalid.unit(OPERATOR, later(2)) as unit:
        unit.destructions.add(2026, DEED, [OLD], "ratna")
    with attacker(invalid) as connection:
        yield connection


WITNESSES = '[["Halim","Satpol PP"],["Wati","Kelurahan"]]'
WRITE = "INSERT INTO destruction VALUES (?, 2026, ?, 't', 'x', 'ratna', 'p', 'w', '[\"a\"]', ?)"
BURN = "INSERT INTO destroyed VALUES (?, ?, ?)"


def forged(db: Attacker, number: int = 2, approver: str = "ratna", **data: object) -> int:
    return forge_event(db, "cards.destroyed", f"musnah-2026-{number}", approver=approver, **data)


@pytest.mark.parametrize("table", ["destruction", "destroyed"])
def test_minutes_are_neither_changed_nor_taken_away(db: Attacker, table: str) -> None:
    refused(db, f"{table}_update_refused", f"UPDATE {table} SET event_seq = event_seq")
    refused(db, f"{table}_delete_refused", f"DELETE FROM {table}")
    replace_row = f"INSERT OR REPLACE INTO {table} SELECT * FROM {table}"
    refused(db, table, replace_row)
    drop_rules(db, but=f"{table}_new")
    refused(db, f"{table}_new", replace_row)


def test_numbers_have_no_gap_and_come_once(db: Attacker) -> None:
    for number in (1, 3):
        refused(db, "destruction_without_gap", WRITE, forged(db, number), number, WITNESSES)
    db.execute(WRITE, (forged(db), 2, WITNESSES))
    drop_rules(db)
    refused(db, "(?i)unique constraint", WRITE, forged(db), 2, WITNESSES)


def test_minutes_have_their_event_of_two_persons(db: Attacker) -> None:
    rule = "destruction_with_event"
    refused(db, rule, WRITE, forged(db, 3), 2, WITNESSES)
    refused(db, rule, WRITE, forged(db, approver="wati"), 2, WITNESSES)
    refused(db, rule, WRITE.replace("'x'", "'wati'"), forged(db), 2, WITNESSES)
    old = forged(db)
    forge_event(db, "test.more", "x")
    refused(db, rule, WRITE, old, 2, WITNESSES)
    drop_rules(db)
    alone = WRITE.replace("'ratna'", "'x'")
    refused(db, "destruction_second_person", alone, forged(db, approver="x"), 2, WITNESSES)


@pytest.mark.parametrize("witnesses", ["[]", '[["Halim","Satpol PP"]]'])
def test_minutes_have_two_witnesses(db: Attacker, witnesses: str) -> None:
    refused(db, "destruction_before_witnesses", WRITE, forged(db), 2, witnesses)


@pytest.mark.parametrize("column", ["'p'", "'w'"])
def test_minutes_say_where_and_how(db: Attacker, column: str) -> None:
    refused(db, "destruction_told", WRITE.replace(column, "' '"), forged(db), 2, WITNESSES)


def test_minutes_have_an_executor(db: Attacker) -> None:
    nobody = WRITE.replace('["a"]', "[]")
    refused(db, "destruction_before_witnesses", nobody, forged(db), 2, WITNESSES)


def test_a_card_is_destroyed_once_and_by_the_event_that_names_it(db: Attacker) -> None:
    event = forged(db, cards=[OLD.id, FIRST.id])
    db.execute(WRITE, (event, 2, WITNESSES))
    refused(db, "destroyed_new", BURN, OLD.id, GIVEN, event)
    db.execute(BURN, (FIRST.id, SPOILED, event))
    drop_rules(db)
    refused(db, taken(db, "destroyed_pkey", "destroyed.card"), BURN, FIRST.id, SPOILED, event)


def test_an_event_that_does_not_name_the_card_does_not_destroy_it(db: Attacker) -> None:
    event = forged(db, cards=[f"{LOST}-1"])
    db.execute(WRITE, (event, 2, WITNESSES))
    refused(db, "destroyed_with_event", BURN, FIRST.id, SPOILED, event)


@pytest.mark.parametrize(
    ("card", "request_id"),
    [
        (f"{LOST}-1", LOST),
        (f"{OPEN}-1", OPEN),
        (f"{GOOD}-1", GOOD),
        (old_card(GIVEN, "KK-LAMA"), GIVEN),
        (old_card(GIVEN, "KTP-RUSAK"), GIVEN),
        (FIRST.id, GIVEN),
        ("NOBODY-1", SPOILED),
    ],
)
def test_only_what_is_held_is_destroyed(db: Attacker, card: str, request_id: str) -> None:
    event = forged(db, cards=[card])
    db.execute(WRITE, (event, 2, WITNESSES))
    refused(db, "destroyed_was_held", BURN, card, request_id, event)


def test_the_event_tells_which_cards(db: Attacker) -> None:
    (data,) = db.execute("SELECT data FROM event WHERE kind = 'cards.destroyed'").fetchone()
    assert json.loads(data) == {"cards": [OLD.id]}
