"""The store: opened once, then one unit after another, from any lane.

    store = SqlStore.open(folder / "ktpel.db", at=clock.now())
    with store.unit(actor, clock.now()) as unit:
        unit.jobs.move(job, JobState.PRINTING, printer_marker=marker)

A unit that ends cleanly is on the disk; one that ends by an exception has left nothing behind, but for the count of
wrong passwords, which no rollback may undo.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from functools import cached_property
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Self

from ktpel_desktop.core.records import ChangeFeed, UnitOfWork
from ktpel_desktop.core.roles import Actor
from ktpel_desktop.store.database import Database
from ktpel_desktop.store.embedded import EmbeddedDatabase
from ktpel_desktop.store.file import BUSY_SECONDS, Synchronous

if TYPE_CHECKING:
    from argon2 import PasswordHasher


class SqlStore:
    """Implements core.records.Store over a database."""

    def __init__(
        self, database: Database, hasher: PasswordHasher | Callable[[], PasswordHasher] | None = None
    ) -> None:
        self.database = database
        self._chosen_hasher = hasher

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
        return cls(EmbeddedDatabase.open(path, at, synchronous, busy_seconds), hasher)

    @property
    def path(self) -> Path:
        """The file of an embedded store."""
        assert isinstance(self.database, EmbeddedDatabase)  # noqa: S101 - told to mypy
        return self.database.path

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
        from ktpel_desktop.store.committing import commit  # noqa: PLC0415
        from ktpel_desktop.store.unit import SqlUnit  # noqa: PLC0415

        failed: list[str] = []
        try:
            with self.database.engine.connect() as connection:
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
        """Whether anybody can log in. Raises StoreError."""
        return self.database.has_accounts()

    def feed(self) -> ChangeFeed:
        """Tells what others commit from now on. Raises StoreError."""
        return self.database.feed()

    def close(self) -> None:
        """End all connections."""
        self.database.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _keep_failures(self, accounts: list[str], actor: Actor, at: datetime) -> None:
        """Count the wrong passwords of a rolled-back unit again, in a transaction of their own."""
        from ktpel_desktop.store.unit import SqlUnit  # noqa: PLC0415

        with self.database.engine.begin() as connection:
            again = SqlUnit(connection, actor, at, self._hasher)
            for account in accounts:
                again.accounts.count_failure(account)
