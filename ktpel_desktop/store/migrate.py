"""An older schema is backed up and migrated; a newer one was refused before (`file.look_over`)."""

from __future__ import annotations

import os
from contextlib import closing
from datetime import datetime
from itertools import count
from pathlib import Path

from sqlalchemy import Engine

from ktpel_desktop.store.columns import utc
from ktpel_desktop.store.failures import translated
from ktpel_desktop.store.file import connect
from ktpel_desktop.store.migrations.upgrade import upgrade


def migrate(engine: Engine, path: Path, found: str | None, at: datetime) -> None:
    """Bring the file to the newest schema; before, copy it beside itself where it holds anything."""
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
