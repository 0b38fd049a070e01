"""The engine over the embedded database: transactions that begin for writing, and failures in our words."""

from __future__ import annotations

import sqlite3
from pathlib import Path

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.engine import ExceptionContext
from sqlalchemy.pool import QueuePool

from ktpel_desktop.core.errors import StoreError
from ktpel_desktop.store.database import BROKEN, COMMITTING
from ktpel_desktop.store.failures import store_error
from ktpel_desktop.store.file import BUSY_SECONDS, Synchronous, connect


def build_engine(
    path: Path,
    first: sqlite3.Connection | None,
    *,
    synchronous: Synchronous = "FULL",
    busy_seconds: float = BUSY_SECONDS,
) -> Engine:
    """An engine whose transactions begin IMMEDIATE and whose failures are StoreErrors.

    `first` is the connection that has looked the file over; the pool begins with it.
    """
    ready = [] if first is None else [first]

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
