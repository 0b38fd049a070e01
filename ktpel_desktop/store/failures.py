"""What the database engine can say, as the program's error codes: the one list.

A failure that has no code here is a bug of ours (a refused constraint, a wrong statement) and passes unchanged.
"""

from __future__ import annotations

import errno
import os
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from ktpel_desktop.core.errors import Effect, StoreError

_NO_ROOM = 256 * 1024
"""Free bytes below which a failed write is put down to a full disk: SQLite says only "I/O error" for some of them."""


def store_error(error: sqlite3.Error, path: Path, *, committing: bool = False) -> StoreError | None:
    """The StoreError for what SQLite said of the database at `path`, None for a bug.

    Outside a commit nothing was kept, for the unit is rolled back. A commit that found the disk full was rolled
    back as well; after any other failure of a commit it may still be in the write-ahead log, so it is UNKNOWN.
    """
    code = getattr(error, "sqlite_errorcode", None)
    if code is None:
        return None
    effect = Effect.UNKNOWN if committing else Effect.NONE
    if code == sqlite3.SQLITE_READONLY_DBMOVED:
        return StoreError("store.file_moved", effect, file=path.name)
    match code & 0xFF:
        case sqlite3.SQLITE_FULL:
            return StoreError("store.disk_full", file=path.name)
        case sqlite3.SQLITE_READONLY | sqlite3.SQLITE_PERM:
            return StoreError("store.read_only", effect, file=path.name)
        case sqlite3.SQLITE_BUSY | sqlite3.SQLITE_LOCKED | sqlite3.SQLITE_PROTOCOL:
            return StoreError("store.busy", effect, file=path.name)
        case sqlite3.SQLITE_CORRUPT | sqlite3.SQLITE_NOTADB:
            return StoreError("store.damaged", effect, file=path.name)
        case sqlite3.SQLITE_CANTOPEN:
            return _cannot_open(path, effect)
        case sqlite3.SQLITE_IOERR:
            return _disk_failed(path, effect)
    return None


def file_error(error: OSError, path: Path) -> StoreError:
    """The StoreError for what the file system said of the database file or its folder."""
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return StoreError("store.disk_full", file=path.name)
    if error.errno in (errno.EACCES, errno.EPERM, errno.EROFS):
        return StoreError("store.read_only", file=path.name)
    return StoreError("store.cannot_open", file=path.name)


@contextmanager
def translated(path: Path) -> Iterator[None]:
    """Around plain sqlite3 and file calls: expected failures leave as StoreErrors."""
    try:
        yield
    except sqlite3.Error as error:
        known = store_error(error, path)
        if known is None:
            raise
        raise known from error
    except OSError as error:
        raise file_error(error, path) from error


def _cannot_open(path: Path, effect: Effect) -> StoreError:
    if _full(path):
        return StoreError("store.disk_full", file=path.name)
    # In WAL mode the folder must be writable too: the log lies beside the database.
    if path.parent.is_dir() and not os.access(path.parent, os.W_OK):
        return StoreError("store.read_only", effect, file=path.name)
    return StoreError("store.cannot_open", effect, file=path.name)


def _disk_failed(path: Path, effect: Effect) -> StoreError:
    if _full(path):
        return StoreError("store.disk_full", effect, file=path.name)
    return StoreError("store.disk_failed", effect, file=path.name)


def _full(path: Path) -> bool:
    try:
        return shutil.disk_usage(path.parent).free < _NO_ROOM
    except OSError:
        return False
