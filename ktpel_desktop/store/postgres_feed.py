"""Live changes on PostgreSQL: LISTEN, and the triggers that `postgres_rules` puts tell after every commit."""

from __future__ import annotations

import psycopg
from psycopg import Connection
from sqlalchemy import URL

from ktpel_desktop.core.errors import StoreError
from ktpel_desktop.store.postgres_engine import CONNECT_SECONDS
from ktpel_desktop.store.postgres_rules import CHANNEL
from ktpel_desktop.store.server_failures import store_error


class PostgresChangeFeed:
    """Implements core.records.ChangeFeed over LISTEN: told after each commit, this program's own among them."""

    def __init__(self, url: URL) -> None:
        """Changes from now on. Raises StoreError."""
        self._url = url
        self._connection: Connection | None = None
        self._listen()

    def changed(self) -> bool:
        """Whether anything was committed since the last call. After a lost connection: yes, for nobody told.

        Raises StoreError.
        """
        if self._connection is None:
            self._listen()
            return True
        try:
            self._connection.execute("SELECT 1")  # a dead server sends nothing, and so would seem quiet
            return bool(list(self._connection.notifies(timeout=0)))
        except psycopg.Error as error:
            self.close()
            raise self._told(error) from error

    def close(self) -> None:
        """End the connection."""
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    def _listen(self) -> None:
        url = self._url
        try:
            self._connection = psycopg.connect(
                host=url.host,
                port=url.port,
                user=url.username,
                password=str(url.password) if url.password else None,
                dbname=url.database,
                connect_timeout=CONNECT_SECONDS,
                application_name="ktpel-desktop",
                autocommit=True,
            )
            self._connection.execute(f"LISTEN {CHANNEL}")
        except psycopg.Error as error:
            self.close()
            raise self._told(error) from error

    def _told(self, error: psycopg.Error) -> StoreError:
        known = store_error(error, self._url.host or "")
        if known is None:
            raise error
        return known
