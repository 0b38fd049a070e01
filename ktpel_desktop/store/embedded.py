"""The embedded database: one SQLite file.

Opening looks at the file by sqlite3 alone; SQLAlchemy is loaded by the first unit, for the start-up time.
"""

from __future__ import annotations

import sqlite3
import threading
from contextlib import closing
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Self

from ktpel_desktop.store import file
from ktpel_desktop.store.failures import translated
from ktpel_desktop.store.file import Synchronous
from ktpel_desktop.store.sqlite_feed import SqliteChangeFeed

if TYPE_CHECKING:
    from sqlalchemy import Engine


class EmbeddedDatabase:
    """Implements store.database.Database over a file. Made by `open`."""

    def __init__(
        self, path: Path, first: sqlite3.Connection, synchronous: Synchronous, busy_seconds: float
    ) -> None:
        self.path = path
        self._first: sqlite3.Connection | None = first
        self._synchronous, self._busy_seconds = synchronous, busy_seconds
        self._building = threading.Lock()
        self._built: Engine | None = None

    @classmethod
    def open(cls, path: Path, at: datetime, synchronous: Synchronous, busy_seconds: float) -> Self:
        """The file, made or migrated where needed; `at` names the backup of a migration. Raises StoreError."""
        file.create_if_missing(path)
        with translated(path):
            first = file.connect(path, synchronous=synchronous, busy_seconds=busy_seconds)
            try:
                found = file.look_over(first, path)
                file.make_ready(first, path)
            except BaseException:
                first.close()
                raise
        database = cls(path, first, synchronous, busy_seconds)
        if found != file.HEAD:
            from ktpel_desktop.store.migrate import migrate  # noqa: PLC0415

            try:
                migrate(database.engine, path, found, at)
            except BaseException:
                database.close()
                raise
        return database

    @property
    def engine(self) -> Engine:
        """Built when it is first needed, by whichever lane comes first."""
        with self._building:
            if self._built is None:
                from ktpel_desktop.store.sqlite_engine import build_engine  # noqa: PLC0415

                first, self._first = self._first, None
                self._built = build_engine(
                    self.path, first, synchronous=self._synchronous, busy_seconds=self._busy_seconds
                )
            return self._built

    def has_accounts(self) -> bool:
        """Asked at every start, and without SQLAlchemy."""
        with translated(self.path), closing(file.connect(self.path)) as connection:
            return bool(connection.execute("SELECT EXISTS (SELECT 1 FROM person)").fetchone()[0])

    def feed(self) -> SqliteChangeFeed:
        return SqliteChangeFeed(self.path)

    def close(self) -> None:
        """End all connections; the last one puts the log into the file."""
        with self._building:
            if self._first is not None:
                self._first.close()
                self._first = None
            if self._built is not None:
                self._built.dispose()
