"""The rules as SQLite's triggers, and the views."""

from __future__ import annotations

import re

from sqlalchemy import Connection

from ktpel_desktop.store.rules import RULES, VIEWS, Rule, transitions

_WRITTEN = (
    (" IS DISTINCT FROM ", " IS NOT "),  # the longer form is known since 3.39 only
    (r"\bsaid(?:_number)?\((\w+)\)", r"json_extract(data, '$.\1')"),
    (
        r"\bsaid_lists\((\w+), ([\w.]+)\)",
        r"EXISTS (SELECT 1 FROM json_each(event.data, '$.\1') WHERE value = \2)",
    ),
    (r"\belements\(([\w.]+)\)", r"json_each(\1)"),
    (r"\bmany\(([\w.]+)\)", r"json_array_length(\1)"),
)


def trigger(rule: Rule) -> str:
    """The trigger of one rule."""
    refused = rule.refused
    for pattern, written in _WRITTEN:
        refused = re.sub(pattern, written, refused)
    return (
        f"CREATE TRIGGER {rule.name} BEFORE {rule.verb} ON {rule.table}\nWHEN {refused}\n"
        f"BEGIN SELECT RAISE(ABORT, '{rule.name}'); END"
    )


def drop(connection: Connection) -> None:
    """Remove every rule and view, so that a migration may change the tables."""
    found = connection.exec_driver_sql(
        "SELECT type, name FROM sqlite_master WHERE type IN ('trigger', 'view')"
    ).fetchall()
    for kind, name in found:
        connection.exec_driver_sql(f'DROP {kind} "{name}"')


def put(connection: Connection) -> None:
    """Put the newest transitions, rules and views in place of those before."""
    drop(connection)
    connection.exec_driver_sql("DELETE FROM transition")
    connection.exec_driver_sql("INSERT INTO transition VALUES (?, ?, ?)", list(transitions()))
    for rule in RULES:
        connection.exec_driver_sql(trigger(rule))
    for name, select in VIEWS.items():
        connection.exec_driver_sql(f"CREATE VIEW {name} AS {select}")
