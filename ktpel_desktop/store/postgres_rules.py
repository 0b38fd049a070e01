"""The rules as PostgreSQL's triggers, one function each, and the views.

A rule's function sees our schema only, whatever the search path of who asks. Triggers fire in the order of their names,
which therefore begin with the rule's place. What may not be deleted may not be truncated either.
"""

# ruff: noqa: S608 - every piece of SQL here is a constant of this program
from __future__ import annotations

import re

from sqlalchemy import Connection

from ktpel_desktop.store.rules import RULES, VIEWS, Rule, transitions
from ktpel_desktop.store.schema import metadata

SCHEMA = "ktpel"
CHANNEL = "ktpel_changes"
"""What a screen listens to."""
CHANGING = tuple(name for name in metadata.tables if name != "transition")
_RETURNED = {"INSERT": "NEW", "UPDATE": "NEW", "DELETE": "OLD"}
_PREFIX = "rule_"
_WRITTEN = (
    (r"\bsaid\((\w+)\)", r"(data::jsonb ->> '\1')"),
    (r"\bsaid_number\((\w+)\)", r"(data::jsonb ->> '\1')::numeric"),
    (r"\bsaid_lists\((\w+), ([\w.]+)\)", r"jsonb_exists(event.data::jsonb -> '\1', \2)"),
    (r"\belements\(([\w.]+)\) AS (\w+)", r"jsonb_array_elements_text(\1::jsonb) AS \2(value)"),
    (r"\bmany\(([\w.]+)\)", r"jsonb_array_length(\1::jsonb)"),
)


def function(rule: Rule) -> str:
    """The function that refuses."""
    refused = rule.refused
    for pattern, written in _WRITTEN:
        refused = re.sub(pattern, written, refused)
    return (
        f"CREATE FUNCTION {SCHEMA}.{_PREFIX}{rule.name}() RETURNS trigger LANGUAGE plpgsql"
        f" SET search_path = {SCHEMA}, pg_temp AS $$ BEGIN\n"
        f"IF ({refused}) THEN RAISE EXCEPTION USING"
        f" ERRCODE = 'integrity_constraint_violation', MESSAGE = '{rule.name}'; END IF;\n"
        f"RETURN {_RETURNED[rule.verb]}; END $$"
    )


def trigger(place: int, rule: Rule) -> str:
    """The trigger that calls it for every row."""
    return (
        f"CREATE TRIGGER r{place:03d}_{rule.name} BEFORE {rule.verb} ON {SCHEMA}.{rule.table}"
        f" FOR EACH ROW EXECUTE FUNCTION {SCHEMA}.{_PREFIX}{rule.name}()"
    )


def drop(connection: Connection) -> None:
    """Remove every rule and view, so that a migration may change the tables."""
    for name in VIEWS:
        connection.exec_driver_sql(f"DROP VIEW IF EXISTS {SCHEMA}.{name}")
    found = connection.exec_driver_sql(
        "SELECT p.oid::regprocedure FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace"
        f" WHERE n.nspname = '{SCHEMA}' AND starts_with(p.proname, '{_PREFIX}')"
    ).fetchall()
    for (signature,) in found:
        connection.exec_driver_sql(f"DROP FUNCTION {signature} CASCADE")  # its triggers go with it


def put(connection: Connection) -> None:
    """Put the newest transitions, rules and views in place of those before."""
    drop(connection)
    connection.exec_driver_sql(f"DELETE FROM {SCHEMA}.transition")
    connection.exec_driver_sql(f"INSERT INTO {SCHEMA}.transition VALUES (%s, %s, %s)", list(transitions()))
    for place, rule in enumerate(RULES):
        connection.exec_driver_sql(function(rule))
        connection.exec_driver_sql(trigger(place, rule))
    _no_truncation(connection)
    _tell_changes(connection)
    for name, select in VIEWS.items():
        connection.exec_driver_sql(f"CREATE VIEW {SCHEMA}.{name} AS {select}")


def _no_truncation(connection: Connection) -> None:
    connection.exec_driver_sql(
        f"CREATE FUNCTION {SCHEMA}.{_PREFIX}truncate_refused() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN"
        " RAISE EXCEPTION USING ERRCODE = 'integrity_constraint_violation',"
        " MESSAGE = TG_TABLE_NAME || '_truncate_refused'; END $$"
    )
    for table in sorted({rule.table for rule in RULES if rule.verb == "DELETE"}):
        connection.exec_driver_sql(
            f"CREATE TRIGGER truncate_refused BEFORE TRUNCATE ON {SCHEMA}.{table}"
            f" FOR EACH STATEMENT EXECUTE FUNCTION {SCHEMA}.{_PREFIX}truncate_refused()"
        )


def _tell_changes(connection: Connection) -> None:
    """Every commit that added an event wakes who listens; the server tells equal messages of one commit once."""
    connection.exec_driver_sql(
        f"CREATE FUNCTION {SCHEMA}.{_PREFIX}tell_change() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN"
        f" PERFORM pg_notify('{CHANNEL}', ''); RETURN NULL; END $$"
    )
    for table in CHANGING:
        connection.exec_driver_sql(
            f"CREATE TRIGGER tell_change AFTER INSERT OR UPDATE ON {SCHEMA}.{table}"
            f" FOR EACH STATEMENT EXECUTE FUNCTION {SCHEMA}.{_PREFIX}tell_change()"
        )
