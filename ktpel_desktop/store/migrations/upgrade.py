"""Bringing a database to the newest schema in one transaction. Imported only when there is something to do."""

from __future__ import annotations

from pathlib import Path

from alembic import command
from alembic.config import Config
from sqlalchemy import Connection, Engine

from ktpel_desktop.core.errors import StoreError
from ktpel_desktop.store import postgres_rules, sqlite_rules
from ktpel_desktop.store.file import APPLICATION_ID


def configuration() -> Config:
    """Alembic's settings, without a file of their own."""
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent))
    config.set_main_option("path_separator", "os")
    return config


def upgrade(engine: Engine, path: Path) -> None:
    """Rules off, tables changed, rules on: all of it or nothing.

    Raises StoreError, among them "store.damaged" where a row refers to none.
    """
    with engine.connect() as connection:
        raw = connection.connection.driver_connection
        assert raw is not None  # noqa: S101 - told to mypy: a checked-out connection has its driver's
        raw.execute("PRAGMA foreign_keys=OFF")  # works outside transactions only; a table may be rebuilt
        try:
            with connection.begin():
                sqlite_rules.drop(connection)
                _change_tables(connection)
                sqlite_rules.put(connection)
                connection.exec_driver_sql(f"PRAGMA application_id={APPLICATION_ID}")
                if connection.exec_driver_sql("PRAGMA foreign_key_check").first() is not None:
                    raise StoreError("store.damaged", file=path.name)
        finally:
            raw.execute("PRAGMA foreign_keys=ON")


def upgrade_server(engine: Engine) -> None:
    """The same on PostgreSQL, in the schema of postgres_rules, which is made where it is missing. Raises StoreError."""
    with engine.begin() as connection:
        connection.exec_driver_sql(f"CREATE SCHEMA IF NOT EXISTS {postgres_rules.SCHEMA}")
        postgres_rules.drop(connection)
        _change_tables(connection)
        postgres_rules.put(connection)


def _change_tables(connection: Connection) -> None:
    config = configuration()
    config.attributes["connection"] = connection
    command.upgrade(config, "head")
