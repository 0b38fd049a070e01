"""What a store needs of its database, whichever engine it is."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from ktpel_desktop.core.records import ChangeFeed

if TYPE_CHECKING:
    from sqlalchemy import Engine

COMMITTING, BROKEN = "committing", "broken"
"""Marks in a connection's `info`: a commit is under way; a statement was refused, so nothing may be kept."""


class Database(Protocol):
    """One database, looked over and ready for units."""

    @property
    def engine(self) -> Engine:
        """Transactions that hold the write lock from their beginning; expected failures are StoreErrors."""
        ...

    def has_accounts(self) -> bool:
        """Whether anybody can log in. Raises StoreError."""
        ...

    def feed(self) -> ChangeFeed:
        """Tells what others commit from now on. Raises StoreError."""
        ...

    def close(self) -> None:
        """End all connections."""
        ...
