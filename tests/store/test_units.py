"""A unit is kept whole or not at all, whoever else is at work on the same file."""

import sqlite3
import threading
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path

import pytest
from sqlalchemy.exc import IntegrityError

from ktpel_desktop.core.audit import check_chain
from ktpel_desktop.core.errors import PolicyError, StoreError
from ktpel_desktop.core.issuance import JobState
from ktpel_desktop.core.records import ChangeFeed, Store
from ktpel_desktop.core.request import Claim, RequestState
from ktpel_desktop.store.sql_store import SqlStore
from tests.store.database import (
    MORNING,
    OPERATOR,
    OTHER,
    add_blanks,
    add_request,
    fresh_store,
    later,
    open_job,
)
from tests.store.raw import again, attacker, everything, refusal

TICKET = "TICKET000001"


def test_it_is_a_store_and_its_feed_a_feed(store: SqlStore) -> None:
    as_port: Store = store
    feed: ChangeFeed = store.feed()
    assert (as_port, feed.changed()) == (store, False)
    feed.close()


@pytest.mark.parametrize("error", [PolicyError("x.y"), ValueError("bug"), KeyboardInterrupt(), SystemExit(1)])
def test_any_exception_leaves_nothing_behind(store: SqlStore, error: BaseException) -> None:
    with store.unit(OPERATOR, MORNING) as unit:
        add_blanks(unit)
    before = everything(store)
    with pytest.raises(type(error)), store.unit(OPERATOR, MORNING) as unit:
        add_request(unit)
        open_job(unit)
        unit.shifts.open()
        raise error
    assert everything(store) == before


def test_a_unit_whose_statement_was_refused_is_not_kept_even_if_the_caller_goes_on(store: SqlStore) -> None:
    before = everything(store)
    with pytest.raises(AssertionError), store.unit(OPERATOR, MORNING) as unit:
        add_blanks(unit)
        add_request(unit)
        with pytest.raises(IntegrityError):  # a bug of ours: no chip serial with the first write
            unit.jobs.move(open_job(unit), JobState.ENCODING)
    assert everything(store) == before
    with store.unit(OPERATOR, MORNING) as unit:
        add_request(unit)


def test_a_moment_without_a_zone_is_a_bug(store: SqlStore) -> None:
    with pytest.raises(ValueError, match="time zone"), store.unit(OPERATOR, datetime(2026, 1, 5)):  # noqa: DTZ001
        pass


def side_by_side(first: Callable[[], None], second: Callable[[], None]) -> None:
    """Both in threads of their own; `first` is well on its way when `second` begins."""
    failures: list[BaseException] = []

    def run(work: Callable[[], None]) -> None:
        try:
            work()
        except BaseException as error:  # noqa: BLE001 - carried to the test's own thread
            failures.append(error)

    threads = [threading.Thread(target=run, args=(work,)) for work in (first, second)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=30)
    if failures:
        raise failures[0]


@pytest.fixture
def two(store: SqlStore) -> Iterator[tuple[SqlStore, SqlStore]]:
    """Two programs on one database with one verified request."""
    with store.unit(OPERATOR, MORNING) as unit:
        add_blanks(unit, 1)
        add_request(unit)
    with again(store) as other:
        yield store, other


def test_two_programs_race_for_one_request(two: tuple[SqlStore, SqlStore]) -> None:
    """The second waits for the first and then sees what it did, for each way of taking the request."""
    one, other = two
    started, codes = threading.Event(), []
    with one.unit(OPERATOR, MORNING) as unit:
        request = unit.requests.get(TICKET)

    def first() -> None:
        with one.unit(OPERATOR, MORNING) as unit:
            started.set()
            threading.Event().wait(0.2)
            unit.requests.claim(request, later(30))
            unit.requests.move(request, RequestState.WITH_OPERATOR)
            open_job(unit)

    def second() -> None:
        started.wait(10)
        for take in (
            lambda unit: unit.requests.claim(request, later(30)),
            lambda unit: unit.requests.move(request, RequestState.WITH_OPERATOR),
            lambda unit: open_job(unit, attempt=2),
        ):
            try:
                with other.unit(OTHER, MORNING) as unit:
                    take(unit)
            except PolicyError as refused:
                codes.append(refused.code)

    side_by_side(first, second)
    assert codes == ["request.claimed", "request.moved_meanwhile", "issuing.job_open"]
    with other.unit(OTHER, MORNING) as unit:
        assert unit.requests.get(TICKET).claim == Claim("sari", later(30))
        assert check_chain(unit.events.all()).intact


def test_many_programs_share_one_chain_and_the_last_blank(two: tuple[SqlStore, SqlStore]) -> None:
    one, other = two
    codes = []

    def work(store: SqlStore, name: str) -> None:
        for number in range(20):
            with store.unit(OPERATOR, MORNING) as unit:
                add_request(unit, f"{name}{number}", number=unit.requests.next_number("B", MORNING))
            try:
                with store.unit(OPERATOR, MORNING) as unit:
                    open_job(unit, f"{name}{number}")
            except PolicyError as refused:
                codes.append(refused.code)

    side_by_side(lambda: work(one, "X"), lambda: work(other, "Y"))
    assert codes == ["issuing.no_blank"] * 39
    with one.unit(OPERATOR, MORNING) as unit:
        report = check_chain(unit.events.all())
        assert (report.intact, report.count) == (True, 2 + 40 + 1)
        assert unit.stock.balance().left == 0
    with attacker(one) as db:
        numbers = [row[0] for row in db.execute("SELECT number FROM request WHERE id <> ?", (TICKET,))]
        assert sorted(numbers) == [f"B-{number:03d}" for number in range(1, 41)]


def test_lanes_of_one_program_take_turns(store: SqlStore) -> None:
    def work() -> None:
        for _ in range(50):
            with store.unit(OPERATOR, MORNING) as unit:
                unit.record("test.kind", "x")

    side_by_side(work, work)
    with store.unit(OPERATOR, MORNING) as unit:
        assert check_chain(unit.events.all()).intact
        assert check_chain(unit.events.all()).count == 100


def test_a_lock_held_too_long_is_told(tmp_path: Path) -> None:
    with fresh_store(tmp_path, busy_seconds=0.05) as store, attacker(store) as db:
        db.begin()
        with refusal("store.busy"), store.unit(OPERATOR, MORNING):
            pass
        with refusal("store.busy"):
            SqlStore.open(store.path, at=MORNING, busy_seconds=0.05)
        db.execute("ROLLBACK")
        with store.unit(OPERATOR, MORNING) as unit:
            unit.record("test.kind", "x")


@pytest.mark.embedded
def test_the_effect_of_a_failed_commit_is_honest(store: SqlStore, monkeypatch: pytest.MonkeyPatch) -> None:
    """Only a full disk surely undoes a commit; after any other failure it may be in the log."""
    from ktpel_desktop.store.failures import store_error

    def told(code: int, committing: bool) -> str:
        error = sqlite3.OperationalError("x")
        error.sqlite_errorcode = code
        found = store_error(error, store.path, committing=committing)
        assert isinstance(found, StoreError)
        return f"{found.code} {found.effect}"

    assert told(sqlite3.SQLITE_FULL, committing=True) == "store.disk_full none"
    assert told(sqlite3.SQLITE_IOERR_FSYNC, committing=True) == "store.disk_failed unknown"
    assert told(sqlite3.SQLITE_IOERR_WRITE, committing=False) == "store.disk_failed none"
    assert told(sqlite3.SQLITE_BUSY, committing=False) == "store.busy none"
    assert told(sqlite3.SQLITE_READONLY_DBMOVED, committing=False) == "store.file_moved none"
    assert store_error(sqlite3.ProgrammingError("closed"), store.path) is None
    constraint = sqlite3.IntegrityError("x")
    constraint.sqlite_errorcode = sqlite3.SQLITE_CONSTRAINT_UNIQUE
    assert store_error(constraint, store.path) is None
