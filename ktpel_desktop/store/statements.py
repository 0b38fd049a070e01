"""Statements compiled once per kind of engine and then run as text.

SQLAlchemy's own cache belongs to one engine and is asked anew at every run; this one is shared, so that a unit costs
little more than its SQL and a store just opened is as quick as an old one. Columns are plain text and integers, so
no conversion is lost.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from sqlalchemy import Connection, CursorResult, Table, bindparam, insert
from sqlalchemy.engine import Dialect
from sqlalchemy.engine.default import DefaultDialect
from sqlalchemy.sql import ClauseElement


class Statement:
    """One statement with named parameters. `run` takes a value for each `bindparam` of the clause."""

    __slots__ = ("_clause", "_compiled")

    def __init__(self, clause: ClauseElement) -> None:
        self._clause = clause
        self._compiled: dict[str, tuple[str, dict[str, object]]] = {}

    def run(self, connection: Connection, **values: object) -> CursorResult[*tuple[Any, ...]]:
        """Run it in the connection's transaction."""
        dialect = connection.dialect
        known = self._compiled.get(dialect.name)
        if known is None:
            known = self._compiled[dialect.name] = _compiled(self._clause, dialect)
        sql, fixed = known
        return connection.exec_driver_sql(sql, {**fixed, **values})

    def rows(self, connection: Connection, **values: object) -> list[tuple[Any, ...]]:
        """Run it, and every row as the driver gives it: for lists, where a Row object each is half the cost."""
        result = self.run(connection, **values)
        cursor = result.cursor
        assert cursor is not None  # noqa: S101 - told to mypy: a statement with rows has its cursor open
        found: list[tuple[Any, ...]] = list(cursor.fetchall())
        result.close()
        return found


def insert_into(table: Table, without: Iterable[str] = ()) -> Statement:
    """INSERT with one parameter per column, less those that the database fills itself."""
    columns = (column.name for column in table.c if column.name not in without)
    return Statement(insert(table).values({name: bindparam(name) for name in columns}).inline())


def _compiled(clause: ClauseElement, dialect: Dialect) -> tuple[str, dict[str, object]]:
    """The text, and the values that stand in the clause itself."""
    assert isinstance(dialect, DefaultDialect)  # noqa: S101 - told to mypy: the ones that take a paramstyle
    named = type(dialect)(paramstyle="named") if dialect.positional else dialect
    compiled = clause.compile(dialect=named)
    fixed: Mapping[str, object] = compiled.params
    return str(compiled), {name: value for name, value in fixed.items() if value is not None}
