"""The attacker of these tests: plain SQL on a connection of its own, past every line of the program."""

import json
import re
import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import psycopg
import pytest
from argon2 import PasswordHasher

from ktpel_desktop.core.audit import GENESIS
from ktpel_desktop.core.errors import KtpelError
from ktpel_desktop.store.embedded import EmbeddedDatabase
from ktpel_desktop.store.postgres_rules import SCHEMA
from ktpel_desktop.store.schema import metadata
from ktpel_desktop.store.server import ServerDatabase
from ktpel_desktop.store.sql_store import SqlStore
from tests.store.database import MORNING


class Attacker:
    """A bare connection of either engine: no setting of the house is on. SQL has `?` or `:name` for values."""

    def __init__(self, connection: sqlite3.Connection | psycopg.Connection) -> None:
        self.connection = connection
        self.embedded = isinstance(connection, sqlite3.Connection)

    def execute(self, sql: str, values: Sequence[object] | Mapping[str, object] = ()) -> Any:
        """Run one statement, kept at once."""
        if (
            not self.embedded
        ):  # where no row can be replaced or skipped in passing, the plain statement is tried
            sql = sql.replace("OR REPLACE ", "").replace("OR IGNORE ", "")
            sql = re.sub(r"(?<!:):([a-z_]+)", r"%(\1)s", sql).replace("?", "%s")
        bare: Any = self.connection
        return bare.execute(sql, values)

    def begin(self) -> None:
        """A transaction that may write, until COMMIT or ROLLBACK."""
        self.execute("BEGIN IMMEDIATE" if self.embedded else "BEGIN")


@contextmanager
def attacker(store: SqlStore) -> Iterator[Attacker]:
    """Past every line of the program, into the store's database."""
    database = store.database
    if isinstance(database, EmbeddedDatabase):
        with closing(sqlite3.connect(database.path, isolation_level=None)) as file:
            yield Attacker(file)
    elif isinstance(database, ServerDatabase):
        url = database.url
        with psycopg.connect(
            host=url.host,
            user=url.username,
            dbname=url.database,
            autocommit=True,
            options=f"-c search_path={SCHEMA}",
        ) as connection:
            yield Attacker(connection)


@contextmanager
def file_attacker(path: Path) -> Iterator[sqlite3.Connection]:
    """The same for a file alone."""
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        yield connection


def forge_event(db: Attacker, kind: str, subject: str, *, approver: str | None = None, **data: object) -> int:
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


REFUSALS = (sqlite3.IntegrityError, psycopg.IntegrityError)


def refused(db: Attacker, rule: str, sql: str, *values: object) -> None:
    """The database itself refuses the statement, by this rule."""
    with pytest.raises(REFUSALS, match=rule):
        db.execute(sql, values)


def told(error: BaseException) -> str:
    """The rule that refused, without the place in it that PostgreSQL names."""
    return str(error).partition("\n")[0]


def again(store: SqlStore, hasher: PasswordHasher | None = None) -> SqlStore:
    """Another program on the same database."""
    database = store.database
    if isinstance(database, ServerDatabase):
        return SqlStore(ServerDatabase.open(database.url), hasher)
    return SqlStore.open(store.path, at=MORNING, hasher=hasher, synchronous="OFF")


def everything(store: SqlStore) -> dict[str, list[tuple[object, ...]]]:
    """Every row of every table."""
    with attacker(store) as db:
        return {
            name: sorted((tuple(row) for row in db.execute(f"SELECT * FROM {name}")), key=repr)
            for name in metadata.tables
        }


def taken(db: Attacker, index: str, columns: str) -> str:
    """How the engine says that a unique index holds: SQLite names its columns, PostgreSQL the index."""
    return f"UNIQUE constraint failed: {columns}" if db.embedded else index


def drop_rules(db: Attacker, *, but: str = "") -> None:
    """What no program does: triggers away, so that the index, the check or the one rule `but` is seen to hold alone."""
    if db.embedded:
        found = db.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall()
        for (name,) in found:
            if name != but:
                db.execute(f"DROP TRIGGER {name}")
        return
    found = db.execute(
        "SELECT tgname, relname FROM pg_trigger JOIN pg_class ON pg_class.oid = tgrelid WHERE NOT tgisinternal"
    ).fetchall()
    for name, table in found:
        if not but or not name.endswith(f"_{but}"):
            db.execute(f"DROP TRIGGER {name} ON {table}")


@contextmanager
def refusal(code: str) -> Iterator[None]:
    """The program refuses with this code."""
    with pytest.raises(KtpelError) as told:
        yield
    assert told.value.code == code
