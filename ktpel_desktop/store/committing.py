"""The end of a unit that is to be kept."""

from __future__ import annotations

from sqlalchemy import Connection

from ktpel_desktop.store.database import BROKEN, COMMITTING


def commit(connection: Connection) -> None:
    """Keep what the unit did. Raises StoreError; AssertionError after a refused statement."""
    if BROKEN in connection.info:
        # SQLite undoes a refused statement only, and PostgreSQL would end such a commit as a rollback without a word.
        raise AssertionError("a unit whose statement was refused cannot be kept")
    connection.info[COMMITTING] = True
    connection.commit()
