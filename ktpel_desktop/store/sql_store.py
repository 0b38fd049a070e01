"""The store: opened once, then one unit after another, from any lane.

    store = SqlStore.open(folder / "ktpel.db", at=clock.now())
    with store.unit(actor, clock.now()) as unit:
        unit.jobs.move(job, JobState.PRINTING, printer_marker=marker)

A unit that ends cleanly is on the disk; one that ends by an exception has left nothing behind, but for the count of
wrong passwords, which no rollback may undo.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from types import TracebackType
from typing import Self

from argon2 import PasswordHasher
from sqlalchemy import Connection, Engine

from ktpel_desktop.core.records import UnitOfWork
from ktpel_desktop.core.roles import Actor
from ktpel_desktop.store import migrate
from ktpel_desktop.store.engine import (
    BROKEN,
    BUSY_SECONDS,
    COMMITTING,
    Synchronous,
    build_engine,
    connect,
)
from ktpel_desktop.store.failures import translated
from ktpel_desktop.store.feed import SqliteChangeFeed
from ktpel_desktop.store.schema import HEAD
from ktpel_desktop.store.unit import SqlUnit


class SqlStore:
    """Implements core.records.Store over an engine."""

    def __init__(self, engine: Engine, path: Path, hasher: PasswordHasher) -> None:
        self._engine = engine
        self._hasher = hasher
        self.path = path

    @classmethod
    def open(
        cls,
        path: Path,
        *,
        at: datetime,
        hasher: PasswordHasher | None = None,
        synchronous: Synchronous = "FULL",
        busy_seconds: float = BUSY_SECONDS,
    ) -> Self:
        """The store in the file `path`, made or migrated where needed. `at` names the backup of a migration.

        `hasher` with lower costs is for training and tests, `synchronous="OFF"` for tests only.

        Raises StoreError "store.newer_schema" (the file is left as it is), "store.not_ours", "store.damaged",
        "store.read_only", "store.disk_full", "store.busy", "store.no_log", "store.cannot_open".
        """
        migrate.create_if_missing(path)
        with translated(path):
            first = connect(path, synchronous=synchronous, busy_seconds=busy_seconds)
            try:
                found = migrate.look_over(first, path)
                migrate.make_ready(first, path)
            except BaseException:
                first.close()
                raise
        engine = build_engine(path, first, synchronous=synchronous, busy_seconds=busy_seconds)
        try:
            if found != HEAD:
                migrate.migrate(engine, path, found, at)
        except BaseException:
            engine.dispose()
            raise
        return cls(engine, path, hasher or PasswordHasher())

    @contextmanager
    def unit(self, actor: Actor, at: datetime) -> Iterator[UnitOfWork]:
        """A transaction: committed at a clean end, rolled back by any exception. Raises StoreError."""
        failed: list[str] = []
        try:
            with self._engine.connect() as connection:
                unit = SqlUnit(connection, actor, at, self._hasher)
                failed = unit.accounts.failed
                transaction = connection.begin()
                try:
                    yield unit
                    _commit(connection)
                except BaseException:
                    transaction.rollback()
                    raise
        except BaseException:
            if failed:
                self._keep_failures(failed, actor, at)
            raise

    def feed(self) -> SqliteChangeFeed:
        """Tells what others commit from now on."""
        return SqliteChangeFeed(self.path)

    def close(self) -> None:
        """End all connections; the last one puts the log into the file."""
        self._engine.dispose()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _keep_failures(self, accounts: list[str], actor: Actor, at: datetime) -> None:
        """Count the wrong passwords of a rolled-back unit again, in a transaction of their own."""
        with self._engine.begin() as connection:
            again = SqlUnit(connection, actor, at, self._hasher)
            for account in accounts:
                again.accounts.count_failure(account)


def _commit(connection: Connection) -> None:
    if BROKEN in connection.info:
        # SQLite undoes a refused statement only; the event written before it must not stay alone.
        raise AssertionError("a unit whose statement was refused cannot be kept")
    connection.info[COMMITTING] = True
    connection.commit()
