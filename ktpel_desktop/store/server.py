"""The room's server: one PostgreSQL database for all PCs."""

from __future__ import annotations

from typing import Self

from sqlalchemy import URL, Engine, text

from ktpel_desktop.core.errors import StoreError
from ktpel_desktop.store.file import BUSY_SECONDS, HEAD
from ktpel_desktop.store.postgres_engine import build_engine
from ktpel_desktop.store.postgres_feed import PostgresChangeFeed
from ktpel_desktop.store.postgres_rules import SCHEMA


class ServerDatabase:
    """Implements store.database.Database over a server. Made by `open`."""

    def __init__(self, url: URL, engine: Engine) -> None:
        self.url, self.engine = url, engine

    @classmethod
    def open(cls, url: URL, *, busy_seconds: float = BUSY_SECONDS) -> Self:
        """The database of `url`, which must have the newest schema already: tables are the server's business.

        Raises StoreError "store.server_gone", "store.login_refused", "store.not_prepared", "store.newer_schema",
        "store.older_schema".
        """
        found = cls(url, build_engine(url, busy_seconds=busy_seconds))
        try:
            found._look_over()
        except BaseException:
            found.close()
            raise
        return found

    def has_accounts(self) -> bool:
        with self.engine.connect() as connection:
            return bool(connection.scalar(text("SELECT EXISTS (SELECT 1 FROM person)")))

    def feed(self) -> PostgresChangeFeed:
        return PostgresChangeFeed(self.url)

    def close(self) -> None:
        """End all connections."""
        self.engine.dispose()

    def _look_over(self) -> None:
        host = self.url.host or ""
        with self.engine.connect() as connection:
            made = connection.scalar(text(f"SELECT to_regclass('{SCHEMA}.alembic_version') IS NOT NULL"))
            if not made:
                raise StoreError("store.not_prepared", server=host)
            version = str(connection.scalar(text("SELECT version_num FROM alembic_version")))
        if int(version) > int(HEAD):
            raise StoreError("store.newer_schema", file=host, found=version, known=HEAD)
        if int(version) < int(HEAD):
            raise StoreError("store.older_schema", server=host, found=version, known=HEAD)
