"""The journal by its port: moves with their events, and every refusal with its code."""

from dataclasses import replace
from typing import Any

import pytest

from ktpel_desktop.core.issuance import JobState, SpoilReason
from ktpel_desktop.core.records import UnitOfWork
from ktpel_desktop.core.stock import Movement, MovementKind
from ktpel_desktop.store.sql_store import SqlStore
from tests.store.database import MORNING, OPERATOR, OTHER, add_blanks, add_request, later, open_job
from tests.store.raw import refusal

TICKET, SECOND = "TICKET000001", "TICKET000002"
GOOD_RUN: tuple[tuple[JobState, dict[str, Any]], ...] = (
    (JobState.ENCODING, {"chip_serial": "04AA"}),
    (JobState.ENCODED, {}),
    (JobState.PRINTING, {"printer_marker": 812}),
    (JobState.PRINTED, {}),
    (JobState.REPORTING, {}),
    (JobState.ISSUED, {}),
)


@pytest.fixture
def ready(store: SqlStore) -> SqlStore:
    """Two requests and two blanks."""
    with store.unit(OPERATOR, MORNING) as unit:
        add_blanks(unit, 2)
        add_request(unit, TICKET)
        add_request(unit, SECOND)
    return store


def test_a_good_run_is_told_move_by_move(ready: SqlStore) -> None:
    with ready.unit(OPERATOR, MORNING) as unit:
        job = open_job(unit)
        assert unit.jobs.get(job.id) == job
    for minute, (state, given) in enumerate(GOOD_RUN, 1):
        with ready.unit(OTHER, later(minute)) as unit:
            job = unit.jobs.move(job, state, data={"note": minute}, approver="ratna", **given)
    with ready.unit(OPERATOR, MORNING) as unit:
        assert unit.jobs.get(job.id) == job
        assert (job.chip_serial, job.write_attempts, job.printer_marker) == ("04AA", 1, 812)
        told = [event for event in unit.events.of(TICKET) if event.kind.startswith("job.")]
        assert [event.kind for event in told] == [
            "job.RESERVED",
            *(f"job.{state}" for state, _ in GOOD_RUN),
        ]
        assert told[0].data == {"job": job.id, "order": job.order_id, "digest": job.digest}
        assert told[1].data == {
            "job": job.id, "from": "RESERVED", "chip_serial": "04AA", "attempts": 1, "note": 1,
        }  # fmt: skip
        assert told[3].data == {"job": job.id, "from": "ENCODED", "marker": 812, "note": 3}
        assert (told[3].actor, told[3].at, told[3].approver) == ("budi", later(3), "ratna")
        assert unit.jobs.counts() == {JobState.ISSUED: 1}


def test_a_spoiled_card_keeps_chip_and_reason(ready: SqlStore) -> None:
    with ready.unit(OPERATOR, MORNING) as unit:
        job = unit.jobs.move(open_job(unit), JobState.ENCODING, chip_serial="04AA")
        job = unit.jobs.move(job, JobState.SPOILED, spoil_reason=SpoilReason.ENCODE_FAILED)
        assert (job.chip_serial, job.spoil_reason) == ("04AA", SpoilReason.ENCODE_FAILED)
        head = unit.events.head()
        assert head is not None
        assert head.data["reason"] == "GAGAL_ENCODE"


def test_back_to_reserved_the_chip_and_its_writes_are_forgotten(ready: SqlStore) -> None:
    with ready.unit(OPERATOR, MORNING) as unit:
        reserved = open_job(unit)
        job = unit.jobs.move(reserved, JobState.ENCODING, chip_serial="04AA")
        assert unit.jobs.move(job, JobState.ENCODING).write_attempts == 2
        job = unit.jobs.move(unit.jobs.get(job.id), JobState.RESERVED)
        assert job == reserved
        job = unit.jobs.move(job, JobState.ENCODING, chip_serial="04BB")
        assert (job.chip_serial, job.write_attempts) == ("04BB", 1)


def test_refusals_of_opening_in_the_order_that_helps(ready: SqlStore) -> None:
    with ready.unit(OPERATOR, MORNING) as unit:
        job = open_job(unit)
        with refusal("issuing.job_open"):
            open_job(unit, attempt=2)
        with refusal("order.used"):
            unit.jobs.open(replace(job, id="other", request_id=SECOND))
        for state, given in GOOD_RUN:
            job = unit.jobs.move(job, state, **given)
        with refusal("issuing.already_issued"):
            open_job(unit, attempt=2)
        unit.stock.add(Movement(MovementKind.RETURNED, 1, "BAST", MORNING, "sari"))
        with refusal("issuing.no_blank"):
            open_job(unit, SECOND)
        assert len(unit.jobs.of_request(SECOND)) == 0


def test_a_cancelled_job_gives_its_blank_back(ready: SqlStore) -> None:
    with ready.unit(OPERATOR, MORNING) as unit:
        before = unit.stock.balance()
        unit.jobs.move(open_job(unit), JobState.CANCELLED)
        assert unit.stock.balance() == before
        open_job(unit, attempt=2)
        assert [job.id for job in unit.jobs.of_request(TICKET)] == [f"{TICKET}-1", f"{TICKET}-2"]


def test_a_used_chip_is_refused_and_nothing_is_told(ready: SqlStore) -> None:
    with ready.unit(OPERATOR, MORNING) as unit:
        first = unit.jobs.move(open_job(unit), JobState.ENCODING, chip_serial="04AA")
        unit.jobs.move(first, JobState.SPOILED, spoil_reason=SpoilReason.DAMAGED)
        second = open_job(unit, SECOND)
        head = unit.events.head()
        with refusal("issuing.chip_used"):
            unit.jobs.move(second, JobState.ENCODING, chip_serial="04AA")
        assert (unit.events.head(), unit.jobs.get(second.id)) == (head, second)


def test_a_job_that_moved_meanwhile_is_refused(ready: SqlStore) -> None:
    with ready.unit(OPERATOR, MORNING) as unit:
        reserved = open_job(unit)
        once = unit.jobs.move(reserved, JobState.ENCODING, chip_serial="04AA")
        with refusal("issuing.moved_meanwhile"):
            unit.jobs.move(reserved, JobState.CANCELLED)
        twice = unit.jobs.move(once, JobState.ENCODING)
        with refusal("issuing.moved_meanwhile"):  # the same state, one write later
            unit.jobs.move(once, JobState.ENCODING)
        assert unit.jobs.get(twice.id) == twice
    with ready.unit(OPERATOR, MORNING) as unit, refusal("issuing.unknown"):
        unit.jobs.get("nobody")


def test_jobs_in_states_are_the_oldest_first(ready: SqlStore) -> None:
    def begin(unit: UnitOfWork, ticket: str) -> None:
        open_job(unit, ticket)

    with ready.unit(OPERATOR, later(2)) as unit:
        begin(unit, TICKET)
    with ready.unit(OPERATOR, later(1)) as unit:
        begin(unit, SECOND)
        wanted = frozenset({JobState.RESERVED, JobState.PRINTING})
        assert [job.request_id for job in unit.jobs.in_states(wanted)] == [SECOND, TICKET]
        assert unit.jobs.in_states(frozenset({JobState.ISSUED})) == []
        assert unit.jobs.in_states(frozenset()) == []
