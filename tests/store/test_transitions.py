"""Every pair of states is tried on the database itself: the legal ones pass, each illegal one is refused."""

from collections import deque
from collections.abc import Callable, Iterable, Mapping
from enum import StrEnum
from functools import partial
from typing import Any, TypeVar

import pytest

from ktpel_desktop.core import issuance, request
from ktpel_desktop.core.errors import PolicyError
from ktpel_desktop.core.issuance import Job, JobState, SpoilReason
from ktpel_desktop.core.records import UnitOfWork
from ktpel_desktop.core.request import Request, RequestState
from ktpel_desktop.store.sql_store import SqlStore
from tests.store.database import MORNING, OPERATOR, add_blanks, add_request, open_job
from tests.store.raw import REFUSALS, Attacker, attacker, drop_rules, forge_event, told

State = TypeVar("State", bound=StrEnum)
TICKET = "TICKET000001"


def way(table: Iterable[tuple[State, State]], start: State, goal: State) -> list[State]:
    """The shortest legal way, the start left out."""
    moves = list(table)
    paths = deque([[start]])
    while True:
        path = paths.popleft()
        if path[-1] is goal:
            return path[1:]
        paths += [[*path, to] for before, to in moves if before is path[-1] and to not in path]


def details(state: JobState) -> Mapping[str, Any]:
    """What a legal move to this state brings along."""
    known: Mapping[JobState, Mapping[str, Any]] = {
        JobState.ENCODING: {"chip_serial": "04AA"},
        JobState.PRINTING: {"printer_marker": 7},
        JobState.SPOILED: {"spoil_reason": SpoilReason.DAMAGED},
    }
    return known.get(state, {})


def job_in(unit: UnitOfWork, state: JobState) -> Job:
    """A job brought there by legal moves."""
    add_blanks(unit)
    add_request(unit)
    job = open_job(unit)
    for to in way(issuance.TRANSITIONS, JobState.RESERVED, state):
        job = unit.jobs.move(job, to, **details(to))
    return job


def request_in(unit: UnitOfWork, state: RequestState) -> Request:
    """A request brought there by legal moves."""
    found = add_request(unit)
    for to in way(request.TRANSITIONS, RequestState.ACCEPTED, state):
        found = unit.requests.move(found, to)
    return found


def answer(db: Attacker, attempt: Callable[[], object]) -> str:
    """The rule that refuses the attempt, "" when none does; undone either way."""
    db.begin()
    try:
        attempt()
    except REFUSALS as error:
        return told(error)
    else:
        return ""
    finally:
        db.execute("ROLLBACK")


def tried(db: Attacker, states: Iterable[State], attempt: Callable[[State], object]) -> dict[State, str]:
    """The answer to a move to each of the states."""
    return {to: answer(db, partial(attempt, to)) for to in states}


@pytest.mark.parametrize("before", list(JobState))
def test_job_moves_by_raw_sql(store: SqlStore, before: JobState) -> None:
    with store.unit(OPERATOR, MORNING) as unit:
        job = job_in(unit, before)

    def attempt(to: JobState) -> None:
        event = forge_event(db, f"job.{to}", TICKET, job=job.id)
        chip = None if to in (JobState.RESERVED, JobState.CANCELLED) else job.chip_serial or "04AA"
        attempts = {JobState.ENCODING: job.write_attempts + 1, JobState.RESERVED: 0}
        reason = "RUSAK_FISIK" if to is JobState.SPOILED else None
        db.execute(
            "UPDATE job SET state = ?, chip_serial = ?, write_attempts = ?, spoil_reason = ?, event_seq = ?",
            (to, chip, attempts.get(to, job.write_attempts), reason, event),
        )

    legal = {to for start, to in issuance.TRANSITIONS if start is before}
    with attacker(store) as db:
        assert {to for to, rule in tried(db, JobState, attempt).items() if not rule} == legal
        drop_rules(db, but="job_transition")
        alone = tried(db, JobState, attempt)
    assert {to for to, rule in alone.items() if rule == "job_transition"} == set(JobState) - legal


@pytest.mark.parametrize("before", list(RequestState))
def test_request_moves_by_raw_sql(store: SqlStore, before: RequestState) -> None:
    with store.unit(OPERATOR, MORNING) as unit:
        request_in(unit, before)

    def attempt(to: RequestState) -> None:
        event = forge_event(db, f"request.{to}", TICKET, approver="ratna")
        db.execute("UPDATE request SET state = ?, event_seq = ?", (to, event))

    legal = {to for start, to in request.TRANSITIONS if start is before}
    others = set(RequestState) - {before}
    with attacker(store) as db:
        answers = tried(db, others, attempt)
    assert {to for to, rule in answers.items() if not rule} == legal
    assert {to for to, rule in answers.items() if rule == "request_transition"} == others - legal


@pytest.mark.parametrize("before", list(JobState))
def test_illegal_job_moves_by_the_port(store: SqlStore, before: JobState) -> None:
    with store.unit(OPERATOR, MORNING) as unit:
        job = job_in(unit, before)
        events = unit.events.head()
        for to in JobState:
            if (before, to) not in issuance.TRANSITIONS:
                with pytest.raises(PolicyError) as refusal:
                    unit.jobs.move(job, to)
                assert refusal.value.code == "issuing.not_allowed"
        assert (unit.jobs.get(job.id), unit.events.head()) == (job, events)


@pytest.mark.parametrize("before", list(RequestState))
def test_illegal_request_moves_by_the_port(store: SqlStore, before: RequestState) -> None:
    with store.unit(OPERATOR, MORNING) as unit:
        found = request_in(unit, before)
        for to in RequestState:
            if (before, to) not in request.TRANSITIONS:
                with pytest.raises(PolicyError) as refusal:
                    unit.requests.move(found, to)
                assert refusal.value.code == "request.not_allowed"
        assert unit.requests.get(found.id) == found


def test_the_table_in_the_database_is_that_of_the_core(store: SqlStore) -> None:
    with attacker(store) as db:
        kept = set(db.execute("SELECT machine, from_state, to_state FROM transition"))
    assert kept == {("job", *move) for move in issuance.TRANSITIONS} | {
        ("request", *move) for move in request.TRANSITIONS
    }
