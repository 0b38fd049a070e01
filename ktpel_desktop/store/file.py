"""The database file: connections to it with the house's settings, and what is looked at before the first unit.

Nothing here needs SQLAlchemy, so that a start finds every trouble with the file and costs almost nothing.

`synchronous` is FULL unless a caller says otherwise: an intent must survive a power cut (design.md, section 4).
OFF is for tests that open thousands of stores and kill nothing but Python.
"""

from __future__ import annotations

import os
import sqlite3
from pathlib import Path
from typing import Literal

from ktpel_desktop.core.errors import StoreError
from ktpel_desktop.store.failures import file_error

Synchronous = Literal["FULL", "OFF"]

HEAD = "0001"
"""The newest schema, the last revision in migrations/versions."""

APPLICATION_ID = 0x4B54504C
"""ASCII "KTPL" in the file's header: tells our database from any other SQLite file."""

BUSY_SECONDS = 5.0
"""How long a unit waits for another one to end before it is refused as busy."""


def connect(
    path: Path, *, synchronous: Synchronous = "FULL", busy_seconds: float = BUSY_SECONDS
) -> sqlite3.Connection:
    """A connection with the house's settings; the file must exist. Raises sqlite3.Error."""
    connection = sqlite3.connect(
        f"{path.absolute().as_uri()}?mode=rw",
        uri=True,
        timeout=busy_seconds,
        isolation_level=None,  # no BEGIN by the module: units begin themselves, at once for writing
        check_same_thread=False,  # the pool hands a connection to one lane at a time
        cached_statements=256,
    )
    try:
        connection.execute(f"PRAGMA synchronous={synchronous}")
        connection.execute("PRAGMA foreign_keys=ON")
        connection.execute("PRAGMA recursive_triggers=ON")  # INSERT OR REPLACE then meets the delete triggers
        connection.execute("PRAGMA temp_store=MEMORY")  # residents' data is sorted in memory, never in /tmp
    except sqlite3.Error:
        connection.close()
        raise
    return connection


def create_if_missing(path: Path) -> None:
    """An empty database file that only this account may read: it will hold residents' data.

    Raises StoreError "store.read_only", "store.disk_full", "store.cannot_open".
    """
    try:
        os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600))
    except FileExistsError:
        return
    except OSError as error:
        raise file_error(error, path) from error


def look_over(connection: sqlite3.Connection, path: Path) -> str | None:
    """The schema of the file, None for an empty one. Reads only.

    Raises sqlite3.Error; StoreError "store.not_ours", "store.damaged", "store.newer_schema".
    """
    if not connection.execute("SELECT count(*) FROM sqlite_master").fetchone()[0]:
        return None
    if connection.execute("PRAGMA application_id").fetchone()[0] != APPLICATION_ID:
        raise StoreError("store.not_ours", file=path.name)
    row = connection.execute("SELECT version_num FROM alembic_version").fetchone()
    if row is None:
        raise StoreError("store.damaged", file=path.name)
    found = str(row[0])
    if int(found) > int(HEAD):
        raise StoreError("store.newer_schema", file=path.name, found=found, known=HEAD)
    return found


def make_ready(connection: sqlite3.Connection, path: Path) -> None:
    """Learn at the start, not at the first card, that the folder or the file cannot be written.

    Raises sqlite3.Error; StoreError "store.no_log".
    """
    # Persistent in the file; where it is refused (some network folders), commits would not be safe.
    if connection.execute("PRAGMA journal_mode=WAL").fetchone()[0] != "wal":
        raise StoreError("store.no_log", file=path.name)
    connection.execute("BEGIN IMMEDIATE")
    connection.execute("ROLLBACK")
