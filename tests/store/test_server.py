"""The room's server: what it refuses beyond the file, what it says when it is gone, and who is told of changes."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import psycopg
import pytest
from sqlalchemy import URL, event

from ktpel_desktop.core.audit import check_chain
from ktpel_desktop.core.errors import Effect, StoreError
from ktpel_desktop.store.migrations.upgrade import upgrade_server
from ktpel_desktop.store.postgres_engine import LOCK, build_engine
from ktpel_desktop.store.rules import RULES
from ktpel_desktop.store.server import ServerDatabase
from ktpel_desktop.store.server_failures import store_error
from ktpel_desktop.store.sql_store import SqlStore
from tests.store.database import MORNING, OPERATOR, QUICK, add_request
from tests.store.postgres_server import PostgresServer, fresh_database, server
from tests.store.raw import again, attacker, refusal, refused

pytestmark = pytest.mark.real
KEPT = tuple(sorted({rule.table for rule in RULES if rule.verb == "DELETE"}))


@pytest.fixture
def on_server() -> Iterator[SqlStore]:
    with SqlStore(ServerDatabase.open(fresh_database()), QUICK) as opened:
        yield opened


@pytest.fixture(scope="module")
def mortal() -> Iterator[PostgresServer]:
    """A server that these tests may kill."""
    started = PostgresServer("fsync=off", "shared_buffers=16MB")
    started.run("CREATE DATABASE ktpel")
    engine = build_engine(started.url("ktpel"), busy_seconds=5)
    upgrade_server(engine)
    engine.dispose()
    yield started
    started.remove()


def url_of(store: SqlStore) -> URL:
    assert isinstance(store.database, ServerDatabase)
    return store.database.url


# ---------------------------------------------------------------- refused beyond what the file refuses


@pytest.mark.parametrize("table", KEPT)
def test_what_is_kept_is_not_truncated_either(on_server: SqlStore, table: str) -> None:
    with attacker(on_server) as db:
        refused(db, "truncate_refused", f"TRUNCATE {table} CASCADE")


def test_a_rule_looks_at_our_tables_whatever_the_attacker_calls_his(on_server: SqlStore) -> None:
    """A temporary table `event` in front of ours would let any row be without its event."""
    with attacker(on_server) as db:
        db.execute("CREATE TEMP TABLE event (LIKE ktpel.event)")
        db.execute(
            "INSERT INTO event VALUES (1, 't', 'x', 'OPERATOR', 'PC', 'stock.TERIMA', 'blangko', ?, NULL, 'p', 'h')",
            ('{"quantity": 5}',),
        )
        refused(
            db,
            "movement_with_event",
            "INSERT INTO ktpel.movement VALUES (1, 'TERIMA', 5, 'BAST', 't', 'x', NULL, '', NULL, NULL, 'blangko')",
        )


def test_rules_are_put_anew_without_leaving_old_ones(on_server: SqlStore) -> None:
    engine = build_engine(url_of(on_server), busy_seconds=5)
    upgrade_server(engine)
    engine.dispose()
    with attacker(on_server) as db:
        found = db.execute(
            "SELECT count(*) FROM pg_trigger WHERE NOT tgisinternal AND tgname ~ '^r[0-9]{3}_'"
        ).fetchone()
    assert found == (len(RULES),)


# ---------------------------------------------------------------- opening


def test_an_empty_database_is_not_prepared() -> None:
    server().run("CREATE DATABASE bare")
    with refusal("store.not_prepared"):
        ServerDatabase.open(server().url("bare"))


@pytest.mark.parametrize(
    ("version", "code"), [("9999", "store.newer_schema"), ("0000", "store.older_schema")]
)
def test_another_schema_is_told_and_left(on_server: SqlStore, version: str, code: str) -> None:
    with attacker(on_server) as db:
        db.execute("UPDATE alembic_version SET version_num = ?", (version,))
    with refusal(code):
        ServerDatabase.open(url_of(on_server))


def test_nobody_there() -> None:
    with refusal("store.server_gone"):
        ServerDatabase.open(
            URL.create("postgresql+psycopg", username="x", host="127.0.0.1", port=1, database="x")
        )


def test_a_wrong_password_is_told_as_one() -> None:
    error = psycopg.OperationalError(
        'connection failed: FATAL:  password authentication failed for user "sari"'
    )
    found = store_error(error, "server-ruang")
    assert isinstance(found, StoreError)
    assert (found.code, found.params) == ("store.login_refused", {"server": "server-ruang"})


# ---------------------------------------------------------------- waiting, and the server gone


def test_a_lock_held_too_long_is_told(on_server: SqlStore) -> None:
    impatient = SqlStore(ServerDatabase.open(url_of(on_server), busy_seconds=0.05), QUICK)
    with impatient, attacker(on_server) as db:
        db.begin()
        db.execute(f"SELECT pg_advisory_xact_lock({LOCK})")
        with refusal("store.busy"), impatient.unit(OPERATOR, MORNING):
            pass
        db.execute("ROLLBACK")
        with impatient.unit(OPERATOR, MORNING) as unit:
            unit.record("test.kind", "x")


def test_a_server_that_dies_in_the_middle_keeps_nothing_and_is_found_again(mortal: PostgresServer) -> None:
    with SqlStore(ServerDatabase.open(mortal.url("ktpel")), QUICK) as store:
        with pytest.raises(StoreError) as told, store.unit(OPERATOR, MORNING) as unit:
            add_request(unit, "TICKET000009")
            mortal.stop("immediate")
            unit.record("test.kind", "x")
        assert (told.value.code, told.value.effect) == ("store.server_gone", Effect.NONE)
        with refusal("store.server_gone"), store.unit(OPERATOR, MORNING):
            pass
        mortal.start()
        with store.unit(OPERATOR, MORNING) as unit:
            assert unit.requests.count() == {}
            unit.record("test.kind", "x")
            assert check_chain(unit.events.all()).intact


def test_an_answer_lost_at_the_commit_is_unknown(mortal: PostgresServer) -> None:
    with SqlStore(ServerDatabase.open(mortal.url("ktpel")), QUICK) as store:
        engine: Any = store.database.engine
        dying = [True]

        @event.listens_for(engine, "commit")
        def _die(_connection: object) -> None:
            if dying.pop() if dying else False:
                mortal.stop("immediate")

        with pytest.raises(StoreError) as told, store.unit(OPERATOR, MORNING) as unit:
            unit.record("test.lost", "x")
        assert (told.value.code, told.value.effect) == ("store.server_gone", Effect.UNKNOWN)
        mortal.start()
        with store.unit(OPERATOR, MORNING) as unit:
            assert check_chain(unit.events.all()).intact


# ---------------------------------------------------------------- changes


def test_every_kind_of_change_wakes_who_listens(on_server: SqlStore) -> None:
    feed = on_server.feed()
    with again(on_server) as other:
        with other.unit(OPERATOR, MORNING) as unit:
            found = add_request(unit)
        assert feed.changed()
        with other.unit(OPERATOR, MORNING) as unit:
            unit.requests.claim(found, MORNING)  # a lease moves without an event
        assert feed.changed()
    assert not feed.changed()
    feed.close()


def test_after_a_lost_connection_nobody_can_say_that_nothing_changed(mortal: PostgresServer) -> None:
    with SqlStore(ServerDatabase.open(mortal.url("ktpel")), QUICK) as store:
        feed = store.feed()
        mortal.stop("immediate")
        with refusal("store.server_gone"):
            feed.changed()
        mortal.start()
        assert feed.changed()
        assert not feed.changed()
        feed.close()
