"""journal.card: the database's share of one issued card, against bare commits of the same durability."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Iterator
from contextlib import AbstractContextManager, closing, contextmanager
from datetime import datetime
from pathlib import Path

from ktpel_desktop.bootstrap import TrainingOffice
from ktpel_desktop.core.issuance import JobState
from ktpel_desktop.core.records import UnitOfWork
from ktpel_desktop.core.roles import Actor
from ktpel_desktop.services import issuing, outbox
from ktpel_desktop.store.sql_store import SqlStore
from ktpel_desktop.training.people import OPERATOR
from tests.bench import office as offices
from tests.bench.measure import Figure, Peer, compare

RUNS = 40


def measure(folder: Path, runs: int | None) -> list[Figure]:
    """journal.card."""
    count = RUNS if runs is None else runs
    with offices.opened(folder) as office, closing(_bare(folder / "bare.db")) as bare:
        offices.begin(office)
        requests = offices.verified(office, count + 3)
        clock = UnitClock(office.store)
        cards = iter(requests)
        outbox.deliver(office.desk, OPERATOR, limit=10_000)  # what the counter's work left to tell
        for _ in range(2):  # each card's round of deliveries takes the status of the card before along
            _issue(office, next(cards), clock)
        units, writes = clock.units, clock.writes

        def ours() -> float:
            spent = _issue(office, next(cards), clock)
            if (clock.units, clock.writes) != (units, writes):
                raise AssertionError(
                    f"{units}, {writes}: a card took {clock.units} units, of which {clock.writes} write"
                )
            return spent

        def peer() -> float:
            began = time.perf_counter()
            for _ in range(writes):
                bare.execute("BEGIN IMMEDIATE")
                bare.execute("INSERT INTO fact (text) VALUES (?)", ("x" * 300,))
                bare.execute("COMMIT")
            return (time.perf_counter() - began) * 1000

        return [
            compare(
                "journal.card",
                ours,
                Peer(f"{writes} bare sqlite3 commits of one row, WAL, synchronous=FULL, same disk", peer),
                runs=count,
                target=1.5,
                note=f"Whole units of one card from reservation to SIAK's acknowledgement: {units} of them,"
                f" {writes} of which write; the services' own work inside a unit counts as the database's.",
                facts={"units": units, "writes": writes},
            )
        ]


class UnitClock:
    """Measures every unit of a store from its beginning to its end, commit included."""

    def __init__(self, store: SqlStore) -> None:
        self._plain = store.unit
        self.spent, self.units, self.writes = 0.0, 0, 0
        setattr(store, "unit", self._timed)  # noqa: B010 - the store itself is the one in use everywhere

    def reset(self) -> None:
        self.spent, self.units, self.writes = 0.0, 0, 0

    def _timed(self, actor: Actor, at: datetime) -> AbstractContextManager[UnitOfWork]:
        return self._measured(actor, at)

    @contextmanager
    def _measured(self, actor: Actor, at: datetime) -> Iterator[UnitOfWork]:
        before = after = 0
        began = time.perf_counter()
        with self._plain(actor, at) as unit:
            before = _changes(unit)
            yield unit
            after = _changes(unit)
        self.spent += (time.perf_counter() - began) * 1000
        self.units += 1
        self.writes += after > before


def _changes(unit: UnitOfWork) -> int:
    connection = getattr(unit, "_connection").connection.dbapi_connection  # noqa: B009 - SqlUnit's own
    assert isinstance(connection, sqlite3.Connection)
    return connection.total_changes


def _issue(office: TrainingOffice, request_id: str, clock: UnitClock) -> float:
    """One card, as the issuance page walks through it. Milliseconds within units."""
    desk = office.desk
    clock.reset()
    job, order = issuing.reserve(desk, OPERATOR, request_id)
    issuing.encode(desk, OPERATOR, job.id, order, lambda share: None)
    issuing.print_card(desk, OPERATOR, job.id, order)
    issuing.check_printed(desk, OPERATOR, job.id, face_ok=True)
    outbox.deliver(desk, OPERATOR, limit=1000)
    spent, units, writes = clock.spent, clock.units, clock.writes
    with desk.unit(OPERATOR) as unit:
        assert unit.jobs.get(job.id).state is JobState.ISSUED
    clock.units, clock.writes = units, writes
    return spent


def _bare(path: Path) -> sqlite3.Connection:
    connection = sqlite3.connect(path, isolation_level=None)
    connection.execute("PRAGMA journal_mode=WAL")
    connection.execute("PRAGMA synchronous=FULL")
    connection.execute("CREATE TABLE fact (id INTEGER PRIMARY KEY, text TEXT)")
    return connection
