"""The schema's version: a newer one is refused, an older one backed up and migrated, the newest opened at once."""

from __future__ import annotations

import os
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


def version(path: Path) -> str | None:
    """The schema of the file, None for an empty one. Reads only, and changes nothing.

    Raises StoreError "store.not_ours", "store.damaged".
    """
    with translated(path), closing(connect(path, mode="ro")) as connection:
        if not connection.execute("SELECT count(*) FROM sqlite_master").fetchone()[0]:
            return None
        if connection.execute("PRAGMA application_id").fetchone()[0] != APPLICATION_ID:
            raise StoreError("store.not_ours", berkas=path.name)
        row = connection.execute("SELECT version_num FROM alembic_version").fetchone()
        if row is None:
            raise StoreError("store.damaged", berkas=path.name)
        return str(row[0])


def refuse_newer(path: Path, found: str | None) -> None:
    """Raises StoreError "store.newer_schema" for a file that a newer program wrote."""
    if found is not None and int(found) > int(HEAD):
        raise StoreError("store.newer_schema", berkas=path.name, ada=found, dikenal=HEAD)


def migrate(engine: Engine, path: Path, found: str | None, at: datetime) -> None:
    """Bring the file to the newest schema; before, copy it beside itself where it holds anything."""
    # Alembic costs a fifth of a second at start; most starts have nothing to migrate.
    from ktpel_desktop.store.migrations.upgrade import upgrade  # noqa: PLC0415

    if found is not None:
        back_up(path, found, at)
    upgrade(engine)


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
