"""The attacker of these tests: plain SQL on a connection of its own, past every line of the program."""

import json
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

from ktpel_desktop.core.audit import GENESIS
from ktpel_desktop.core.errors import KtpelError


@contextmanager
def attacker(path: Path) -> Iterator[sqlite3.Connection]:
    """A bare connection: no pragma of the house is on."""
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        yield connection


def forge_event(
    db: sqlite3.Connection, kind: str, subject: str, *, approver: str | None = None, **data: object
) -> int:
    """An event that fits the chain by number and link. Its hash is made up, which only the chain check sees."""
    seq, previous = db.execute(
        "SELECT max(seq), (SELECT hash FROM event ORDER BY seq DESC LIMIT 1) FROM event"
    ).fetchone()
    seq = (seq or 0) + 1
    db.execute(
        "INSERT INTO event VALUES (?, '2026-01-05T01:00:00.000000+00:00', 'x', 'OPERATOR', 'PC', ?, ?, ?, ?, ?, ?)",
        (seq, kind, subject, json.dumps(data), approver, previous or GENESIS, f"{seq:064d}"),
    )
    return int(seq)


def refused(db: sqlite3.Connection, rule: str, sql: str, *values: object) -> None:
    """The database itself refuses the statement, by this rule."""
    with pytest.raises(sqlite3.IntegrityError, match=rule):
        db.execute(sql, values)


def drop_rules(db: sqlite3.Connection, *, but: str = "") -> None:
    """What no program does: triggers away, so that the index, the check or the one rule `but` is seen to hold alone."""
    for (name,) in db.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
        if name != but:
            db.execute(f"DROP TRIGGER {name}")


@contextmanager
def refusal(code: str) -> Iterator[None]:
    """The program refuses with this code."""
    with pytest.raises(KtpelError) as told:
        yield
    assert told.value.code == code
