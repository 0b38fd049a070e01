"""The engine over the room's server: one unit writes at a time, as on the embedded file, and failures in our words."""

from __future__ import annotations

from sqlalchemy import URL, Connection, Engine, create_engine, event
from sqlalchemy.engine import ExceptionContext

from ktpel_desktop.core.errors import StoreError
from ktpel_desktop.store.database import BROKEN, COMMITTING
from ktpel_desktop.store.postgres_rules import SCHEMA
from ktpel_desktop.store.server_failures import store_error

LOCK = 0x4B54504C
"""ASCII "KTPL": the advisory lock that a unit holds from its beginning, so that what it read stays true."""
CONNECT_SECONDS, STATEMENT_SECONDS, IDLE_SECONDS = 5, 30, 60
"""How long the server may take to greet, to answer one statement, and to wait for the unit's next one."""


def build_engine(url: URL, *, busy_seconds: float) -> Engine:
    """An engine whose transactions wait for one another and whose failures are StoreErrors.

    A commit answers when the server has it on its disk (`synchronous_commit`): an intent must survive a power cut.
    """
    settings = {
        "search_path": f"{SCHEMA},pg_temp",
        "synchronous_commit": "on",
        "lock_timeout": f"{round(busy_seconds * 1000)}ms",
        "statement_timeout": f"{STATEMENT_SECONDS}s",
        "idle_in_transaction_session_timeout": f"{IDLE_SECONDS}s",
        "timezone": "UTC",
    }
    engine = create_engine(
        url,
        pool_size=4,
        pool_pre_ping=True,  # a server that was restarted costs one look and no unit
        hide_parameters=True,  # names and numbers of residents must not reach a trace
        connect_args={
            "connect_timeout": CONNECT_SECONDS,
            "application_name": "ktpel-desktop",
            "options": " ".join(f"-c {name}={value}" for name, value in settings.items()),
        },
    )
    host = url.host or "localhost"

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        connection.info.pop(BROKEN, None)
        connection.info.pop(COMMITTING, None)
        connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({LOCK})")

    @event.listens_for(engine, "handle_error", retval=True)
    def _told(context: ExceptionContext) -> StoreError | None:
        info = context.connection.info if context.connection is not None else {}
        info[BROKEN] = True
        return store_error(context.original_exception, host, committing=COMMITTING in info)

    return engine
