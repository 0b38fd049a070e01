"""The schema's version: a newer one is refused, an older one backed up and migrated, the newest opened at once."""

from __future__ import annotations

import os
import sqlite3
from contextlib import closing
from datetime import datetime
from itertools import count
from pathlib import Path

from sqlalchemy import Engine

from ktpel_desktop.core.errors import StoreError
from ktpel_desktop.store.columns import utc
from ktpel_desktop.store.engine import APPLICATION_ID, connect
from ktpel_desktop.store.failures import file_error, translated
from ktpel_desktop.store.schema import HEAD


def create_if_missing(path: Path) -> None:
    """An empty database file that only this account may read: it will hold residents' data.

    Raises StoreError "store.read_only", "store.disk_full", "store.cannot_open".
    """
    try:
        os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600))
    except FileExistsError:
        return
    except OSError as error:
        raise file_error(error, path) from error


def look_over(connection: sqlite3.Connection, path: Path) -> str | None:
    """The schema of the file, None for an empty one. Reads only.

    Raises sqlite3.Error; StoreError "store.not_ours", "store.damaged", "store.newer_schema".
    """
    if not connection.execute("SELECT count(*) FROM sqlite_master").fetchone()[0]:
        return None
    if connection.execute("PRAGMA application_id").fetchone()[0] != APPLICATION_ID:
        raise StoreError("store.not_ours", file=path.name)
    row = connection.execute("SELECT version_num FROM alembic_version").fetchone()
    if row is None:
        raise StoreError("store.damaged", file=path.name)
    found = str(row[0])
    if int(found) > int(HEAD):
        raise StoreError("store.newer_schema", file=path.name, found=found, known=HEAD)
    return found


def make_ready(connection: sqlite3.Connection, path: Path) -> None:
    """Learn at the start, not at the first card, that the folder or the file cannot be written.

    Raises sqlite3.Error; StoreError "store.no_log".
    """
    # Persistent in the file; where it is refused (some network folders), commits would not be safe.
    if connection.execute("PRAGMA journal_mode=WAL").fetchone()[0] != "wal":
        raise StoreError("store.no_log", file=path.name)
    connection.execute("BEGIN IMMEDIATE")
    connection.execute("ROLLBACK")


def migrate(engine: Engine, path: Path, found: str | None, at: datetime) -> None:
    """Bring the file to the newest schema; before, copy it beside itself where it holds anything."""
    # Alembic costs a fifth of a second at start; most starts have nothing to migrate.
    from ktpel_desktop.store.migrations.upgrade import upgrade  # noqa: PLC0415

    if found is not None:
        back_up(path, found, at)
    upgrade(engine, path)


def back_up(path: Path, found: str, at: datetime) -> Path:
    """A whole copy, e.g. ktpel.skema-0001.20260105T010000Z.db, readable by this account only."""
    stem = f"{path.stem}.skema-{found}.{utc(at):%Y%m%dT%H%M%SZ}"
    with translated(path):
        copy = _fresh(path, stem)
        with closing(connect(path)) as source, closing(connect(copy)) as target:
            source.backup(target)
    return copy


def _fresh(path: Path, stem: str) -> Path:
    for number in count(1):
        copy = path.with_name(f"{stem}{f'-{number}' if number > 1 else ''}{path.suffix}")
        try:
            os.close(os.open(copy, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600))
        except FileExistsError:
            continue
        return copy
    raise AssertionError("count() does not end")
