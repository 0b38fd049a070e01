"""Connections to the embedded database: one SQLite file, write-ahead log, every commit forced to the disk.

`synchronous` is FULL unless a caller says otherwise: an intent must survive a power cut (design.md, section 4).
OFF is for tests that open thousands of stores and kill nothing but Python.
"""

from __future__ import annotations

import sqlite3
from pathlib import Path
from typing import Literal

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.engine import ExceptionContext
from sqlalchemy.pool import QueuePool

from ktpel_desktop.core.errors import StoreError
from ktpel_desktop.store.failures import store_error

Synchronous = Literal["FULL", "OFF"]

APPLICATION_ID = 0x4B54504C
"""ASCII "KTPL" in the file's header: tells our database from any other SQLite file."""

BUSY_SECONDS = 5.0
"""How long a unit waits for another one to end before it is refused as busy."""

COMMITTING, BROKEN = "committing", "broken"
"""Marks in a connection's `info`: a commit is under way; a statement was refused, so nothing may be kept."""


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


def build_engine(
    path: Path,
    first: sqlite3.Connection,
    *,
    synchronous: Synchronous = "FULL",
    busy_seconds: float = BUSY_SECONDS,
) -> Engine:
    """An engine whose transactions begin IMMEDIATE and whose failures are StoreErrors.

    `first` is the connection that has looked the file over; the pool begins with it, which saves a third of opening.
    """
    ready = [first]

    def _connect() -> sqlite3.Connection:
        try:
            return ready.pop()
        except IndexError:
            return connect(path, synchronous=synchronous, busy_seconds=busy_seconds)

    engine = create_engine(
        "sqlite://",
        creator=_connect,
        poolclass=QueuePool,
        pool_size=4,
        hide_parameters=True,  # names and numbers of residents must not reach a trace
    )

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        # SQLAlchemy's recipe for SQLite: the write lock is taken first, so that what a unit read stays true.
        connection.info.pop(BROKEN, None)
        connection.info.pop(COMMITTING, None)
        connection.exec_driver_sql("BEGIN IMMEDIATE")

    @event.listens_for(engine, "handle_error", retval=True)
    def _told(context: ExceptionContext) -> StoreError | None:
        info = context.connection.info if context.connection is not None else {}
        info[BROKEN] = True
        if not isinstance(context.original_exception, sqlite3.Error):
            return None
        return store_error(context.original_exception, path, committing=COMMITTING in info)

    return engine
