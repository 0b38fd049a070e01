"""The store: opened once, then one unit after another, from any lane.

    store = SqlStore.open(folder / "ktpel.db", at=clock.now())
    with store.unit(actor, clock.now()) as unit:
        unit.jobs.move(job, JobState.PRINTING, printer_marker=marker)

A unit that ends cleanly is on the disk; one that ends by an exception has left nothing behind, but for the count of
wrong passwords, which no rollback may undo.

Opening looks at the file by sqlite3 alone; SQLAlchemy is loaded by the first unit, for the start-up time.
"""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from datetime import datetime
from functools import cached_property
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Self

from ktpel_desktop.core.records import UnitOfWork
from ktpel_desktop.core.roles import Actor
from ktpel_desktop.store import file
from ktpel_desktop.store.failures import translated
from ktpel_desktop.store.feed import SqliteChangeFeed
from ktpel_desktop.store.file import BUSY_SECONDS, Synchronous

if TYPE_CHECKING:
    from argon2 import PasswordHasher
    from sqlalchemy import Engine


class SqlStore:
    """Implements core.records.Store over an engine, which the first unit builds."""

    def __init__(
        self,
        path: Path,
        first: sqlite3.Connection,
        hasher: PasswordHasher | Callable[[], PasswordHasher] | None,
        synchronous: Synchronous,
        busy_seconds: float,
    ) -> None:
        self.path = path
        self._first: sqlite3.Connection | None = first
        self._chosen_hasher = hasher
        self._synchronous, self._busy_seconds = synchronous, busy_seconds
        self._building = threading.Lock()
        self._built: Engine | None = None

    @classmethod
    def open(
        cls,
        path: Path,
        *,
        at: datetime,
        hasher: PasswordHasher | Callable[[], PasswordHasher] | None = None,
        synchronous: Synchronous = "FULL",
        busy_seconds: float = BUSY_SECONDS,
    ) -> Self:
        """The store in the file `path`, made or migrated where needed. `at` names the backup of a migration.

        `hasher` (or what makes one) with lower costs is for training and tests, `synchronous="OFF"` for tests only.

        Raises StoreError "store.newer_schema" (the file is left as it is), "store.not_ours", "store.damaged",
        "store.read_only", "store.disk_full", "store.busy", "store.no_log", "store.cannot_open".
        """
        file.create_if_missing(path)
        with translated(path):
            first = file.connect(path, synchronous=synchronous, busy_seconds=busy_seconds)
            try:
                found = file.look_over(first, path)
                file.make_ready(first, path)
            except BaseException:
                first.close()
                raise
        store = cls(path, first, hasher, synchronous, busy_seconds)
        if found != file.HEAD:
            from ktpel_desktop.store.migrate import migrate  # noqa: PLC0415

            try:
                migrate(store._engine, path, found, at)
            except BaseException:
                store.close()
                raise
        return store

    @property
    def _engine(self) -> Engine:
        """Built when it is first needed, by whichever lane comes first."""
        with self._building:
            if self._built is None:
                from ktpel_desktop.store.engine import build_engine  # noqa: PLC0415

                first, self._first = self._first, None
                self._built = build_engine(
                    self.path, first, synchronous=self._synchronous, busy_seconds=self._busy_seconds
                )
            return self._built

    @cached_property
    def _hasher(self) -> PasswordHasher:
        chosen = self._chosen_hasher
        if chosen is None:
            from argon2 import PasswordHasher  # noqa: PLC0415

            return PasswordHasher()
        return chosen() if callable(chosen) else chosen

    @contextmanager
    def unit(self, actor: Actor, at: datetime) -> Iterator[UnitOfWork]:
        """A transaction: committed at a clean end, rolled back by any exception. Raises StoreError."""
        from ktpel_desktop.store.engine import commit  # noqa: PLC0415
        from ktpel_desktop.store.unit import SqlUnit  # noqa: PLC0415

        failed: list[str] = []
        try:
            with self._engine.connect() as connection:
                unit = SqlUnit(connection, actor, at, self._hasher)
                failed = unit.accounts.failed
                transaction = connection.begin()
                try:
                    yield unit
                    commit(connection)
                except BaseException:
                    transaction.rollback()
                    raise
        except BaseException:
            if failed:
                self._keep_failures(failed, actor, at)
            raise

    def has_accounts(self) -> bool:
        """Whether anybody can log in: asked at every start, and without SQLAlchemy. Raises StoreError."""
        with translated(self.path), closing(file.connect(self.path)) as connection:
            return bool(connection.execute("SELECT EXISTS (SELECT 1 FROM person)").fetchone()[0])

    def feed(self) -> SqliteChangeFeed:
        """Tells what others commit from now on."""
        return SqliteChangeFeed(self.path)

    def close(self) -> None:
        """End all connections; the last one puts the log into the file."""
        with self._building:
            if self._first is not None:
                self._first.close()
                self._first = None
            if self._built is not None:
                self._built.dispose()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _keep_failures(self, accounts: list[str], actor: Actor, at: datetime) -> None:
        """Count the wrong passwords of a rolled-back unit again, in a transaction of their own."""
        from ktpel_desktop.store.unit import SqlUnit  # noqa: PLC0415

        with self._engine.begin() as connection:
            again = SqlUnit(connection, actor, at, self._hasher)
            for account in accounts:
                again.accounts.count_failure(account)
