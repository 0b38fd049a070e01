"""Live changes on SQLite: `PRAGMA data_version` moves when any other connection has committed."""

from __future__ import annotations

from pathlib import Path

from ktpel_desktop.store.failures import translated
from ktpel_desktop.store.file import connect


class SqliteChangeFeed:
    """Implements core.records.ChangeFeed. To be asked now and then, from one thread.

    The engine's connections are others, too: what this very program commits is told as well, which costs a screen
    one look too many and never one too few.
    """

    def __init__(self, path: Path) -> None:
        """Changes from now on. Raises StoreError."""
        self._path = path
        with translated(path):
            self._connection = connect(path)
            self._seen = self._version()

    def changed(self) -> bool:
        """Whether anything was committed since the last call. Raises StoreError."""
        with translated(self._path):
            before, self._seen = self._seen, self._version()
        return before != self._seen

    def close(self) -> None:
        """End the connection."""
        self._connection.close()

    def _version(self) -> int:
        return int(self._connection.execute("PRAGMA data_version").fetchone()[0])
