"""Opening: fresh, up to date, older, newer, somebody else's, damaged."""

import sqlite3
import stat
import subprocess
import sys
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest
from alembic.script import ScriptDirectory
from sqlalchemy import create_engine

from ktpel_desktop.core.audit import check_chain
from ktpel_desktop.store import schema
from ktpel_desktop.store.file import HEAD, connect
from ktpel_desktop.store.migrations.upgrade import configuration
from ktpel_desktop.store.rules import RULES, VIEWS
from ktpel_desktop.store.sql_store import SqlStore
from ktpel_desktop.store.sqlite_rules import trigger
from tests.store.database import MORNING, OPERATOR, QUICK, add_blanks, add_request
from tests.store.raw import attacker, file_attacker, refusal

pytestmark = pytest.mark.embedded

AT = datetime(2026, 1, 5, 1, 2, 3, tzinfo=UTC)


def objects(path: Path, kinds: str = "'table', 'index', 'trigger', 'view'") -> dict[str, str]:
    with file_attacker(path) as db:
        rows = db.execute(f"SELECT name, sql FROM sqlite_master WHERE type IN ({kinds}) AND sql IS NOT NULL")
        return {name: " ".join(sql.split()) for name, sql in rows}


def pretend(path: Path, version: str) -> None:
    """The file as a program of this schema version left it."""
    with file_attacker(path) as db:
        db.execute("UPDATE alembic_version SET version_num = ?", (version,))
        db.execute("PRAGMA wal_checkpoint(TRUNCATE)")


def test_a_fresh_store_is_for_this_account_only_and_has_the_house_settings(tmp_path: Path) -> None:
    path = tmp_path / "ktpel % ?#ü.db"
    with SqlStore.open(path, at=AT, hasher=QUICK) as store:
        with store.unit(OPERATOR, MORNING) as unit:
            unit.record("test.kind", "x")
        for file in path.parent.iterdir():
            assert stat.S_IMODE(file.stat().st_mode) == 0o600, file
        with closing(connect(path)) as db:
            asked = ("journal_mode", "synchronous", "foreign_keys", "recursive_triggers", "busy_timeout")
            assert [db.execute(f"PRAGMA {name}").fetchone()[0] for name in asked] == ["wal", 2, 1, 1, 5000]
    assert [file.name for file in path.parent.iterdir()] == [path.name]  # closed: the log is in the file


def test_synchronous_is_full_on_every_connection_of_the_pool(tmp_path: Path) -> None:
    store = SqlStore.open(tmp_path / "ktpel.db", at=AT)
    with store, store.database.engine.connect() as one, store.database.engine.connect() as two:
        for connection in (one, two):
            assert connection.exec_driver_sql("PRAGMA synchronous").scalar() == 2
            connection.rollback()


def test_what_the_migrations_make_is_what_the_schema_says(store: SqlStore, tmp_path: Path) -> None:
    made = tmp_path / "made.db"
    schema.metadata.create_all(create_engine(f"sqlite:///{made}"))
    kinds = "'table', 'index'"
    migrated = objects(store.path, kinds)
    del migrated["alembic_version"]
    assert migrated == objects(made, kinds)


def test_the_schema_names_the_last_revision() -> None:
    assert ScriptDirectory.from_config(configuration()).get_heads() == [HEAD]


def test_every_rule_and_view_is_in_the_database(store: SqlStore) -> None:
    assert objects(store.path, "'trigger'") == {rule.name: " ".join(trigger(rule).split()) for rule in RULES}
    assert set(objects(store.path, "'view'")) == set(VIEWS)
    assert len({rule.name for rule in RULES}) == len(RULES)


def test_an_up_to_date_store_opens_without_alembic(store: SqlStore) -> None:
    with store.unit(OPERATOR, MORNING) as unit:
        unit.record("test.kind", "x")
    code = (
        "import sys; from datetime import UTC, datetime; from pathlib import Path;"
        "from ktpel_desktop.store.sql_store import SqlStore;"
        f"SqlStore.open(Path({str(store.path)!r}), at=datetime(2026, 1, 5, tzinfo=UTC)).close();"
        "sys.exit('alembic' in sys.modules)"
    )
    subprocess.run([sys.executable, "-c", code], check=True, cwd=Path(__file__).parents[2])


def test_a_newer_schema_is_refused_and_the_file_untouched(store: SqlStore) -> None:
    with store.unit(OPERATOR, MORNING) as unit:
        add_request(unit)
    store.close()
    pretend(store.path, "0002")
    before = store.path.read_bytes()
    with refusal("store.newer_schema"):
        SqlStore.open(store.path, at=AT)
    assert store.path.read_bytes() == before
    assert list(store.path.parent.iterdir()) == [store.path]


STORED = sorted((Path(__file__).parent / "data").glob("schema_*.db"))


@pytest.mark.parametrize("stored", STORED, ids=lambda path: path.stem)
def test_each_released_schema_is_opened_by_the_newest_program(stored: Path, tmp_path: Path) -> None:
    path = tmp_path / "ktpel.db"
    path.write_bytes(stored.read_bytes())
    released = stored.stem.removeprefix("schema_")
    with SqlStore.open(path, at=AT, hasher=QUICK) as store, store.unit(OPERATOR, MORNING) as unit:
        assert check_chain(unit.events.all()).intact
        assert unit.requests.get("TICKET000001").name == "SITI AMINAH"
        assert unit.stock.balance().issued == 1
        assert unit.people.authenticate("sari", "kata sandi").username == "sari"
    assert rules(path) == newest_rules(tmp_path)
    backups = [file.name for file in tmp_path.glob("ktpel.skema-*")]
    assert backups == ([] if released == HEAD else [f"ktpel.skema-{released}.20260105T010203Z.db"])


def rules(path: Path) -> tuple[object, ...]:
    """What the file refuses by itself, and the legal moves it knows."""
    with file_attacker(path) as db:
        return objects(path, "'trigger', 'view'"), set(db.execute("SELECT * FROM transition"))


def newest_rules(folder: Path) -> tuple[object, ...]:
    """Those of a store made now: a changed rule or move needs a new revision, or old files keep the old one."""
    path = folder / "newest.db"
    SqlStore.open(path, at=AT).close()
    return rules(path)


def test_there_is_a_stored_database_of_every_schema() -> None:
    revisions = [script.revision for script in ScriptDirectory.from_config(configuration()).walk_revisions()]
    assert [path.stem.removeprefix("schema_") for path in STORED] == sorted(revisions)


def older_version(store: SqlStore, monkeypatch: pytest.MonkeyPatch, script: str) -> None:
    """Let the newest program be one revision ahead of this store, by a revision with this body."""
    folder = store.path.parent / "migrations"
    (folder / "versions").mkdir(parents=True)
    package = Path(schema.__file__).parent / "migrations"
    for name in ("env.py", "versions/v0001_journal.py"):
        (folder / name).write_text((package / name).read_text())
    (folder / "versions" / "v0002_next.py").write_text(
        f'from alembic import op\nrevision = "0002"\ndown_revision = "0001"\ndef upgrade():\n    {script}\n'
    )
    config = configuration()
    config.set_main_option("script_location", str(folder))
    monkeypatch.setattr("ktpel_desktop.store.migrations.upgrade.configuration", lambda: config)
    monkeypatch.setattr("ktpel_desktop.store.file.HEAD", "0002")


def test_an_older_store_is_copied_and_then_migrated(store: SqlStore, monkeypatch: pytest.MonkeyPatch) -> None:
    with store.unit(OPERATOR, MORNING) as unit:
        add_blanks(unit)
        add_request(unit)
    older_version(
        store, monkeypatch, "op.execute(\"UPDATE request SET name = 'MIGRATED'\")"
    )  # rules are off then
    with SqlStore.open(store.path, at=AT) as newest, newest.unit(OPERATOR, MORNING) as unit:
        assert unit.requests.get("TICKET000001").name == "MIGRATED"
        assert unit.stock.balance().left == 100
    assert len(objects(store.path, "'trigger'")) == len(RULES)
    copy = store.path.with_name(f"{store.path.stem}.skema-0001.20260105T010203Z.db")
    assert stat.S_IMODE(copy.stat().st_mode) == 0o600
    with file_attacker(copy) as db:
        assert db.execute("SELECT name FROM request").fetchone() == ("SITI AMINAH",)
        assert db.execute("PRAGMA integrity_check").fetchone() == ("ok",)


def test_a_migration_that_fails_changes_nothing_and_two_backups_stay(
    store: SqlStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    with store.unit(OPERATOR, MORNING) as unit:
        add_request(unit)
    before = objects(store.path)
    older_version(store, monkeypatch, "op.execute('DROP TABLE job'); op.execute('DROP TABLE nonsense')")
    for _ in range(2):
        with pytest.raises(Exception, match="nonsense"):
            SqlStore.open(store.path, at=AT)
    assert objects(store.path) == before
    copies = sorted(path.name for path in store.path.parent.glob("*.skema-*"))
    stem = f"{store.path.stem}.skema-0001.20260105T010203Z"
    assert copies == [f"{stem}-2.db", f"{stem}.db"]


def test_a_migration_that_breaks_references_is_undone(
    store: SqlStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    with store.unit(OPERATOR, MORNING) as unit:
        add_request(unit)
    older_version(store, monkeypatch, "op.execute('UPDATE request SET event_seq = 77')")
    with refusal("store.damaged"):
        SqlStore.open(store.path, at=AT)
    with attacker(store) as db:
        assert db.execute("SELECT event_seq FROM request").fetchone() == (1,)


def test_somebody_elses_database_is_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "other.db"
    with closing(sqlite3.connect(path)) as db:
        db.execute("CREATE TABLE job (id)")
    before = path.read_bytes()
    with refusal("store.not_ours"):
        SqlStore.open(path, at=AT)
    assert path.read_bytes() == before


@pytest.mark.parametrize("content", [b"x" * 4096, b"SQLite format 3\x00" + b"\xff" * 8000])
def test_what_is_no_database_is_damaged(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "ktpel.db"
    path.write_bytes(content)
    with refusal("store.damaged"):
        SqlStore.open(path, at=AT)
    assert path.read_bytes() == content


def test_damage_in_the_middle_is_told_when_it_is_met(store: SqlStore) -> None:
    with store.unit(OPERATOR, MORNING) as unit:
        for number in range(200):
            add_request(unit, f"T{number}", name="X" * 200)
    store.close()
    content = bytearray(store.path.read_bytes())
    content[4096 * 2 :] = b"\x7f" * (len(content) - 4096 * 2)
    store.path.write_bytes(content)
    with refusal("store.damaged"):
        again = SqlStore.open(store.path, at=AT)
        with again, again.unit(OPERATOR, MORNING) as unit:
            unit.requests.count()
            unit.requests.get("T7")


def test_an_empty_file_left_by_a_failed_first_start_becomes_a_store(tmp_path: Path) -> None:
    path = tmp_path / "ktpel.db"
    path.touch()
    with SqlStore.open(path, at=AT) as store, store.unit(OPERATOR, MORNING) as unit:
        assert unit.events.head() is None
    assert list(tmp_path.iterdir()) == [path]


def test_a_missing_folder_is_told(tmp_path: Path) -> None:
    with refusal("store.cannot_open"):
        SqlStore.open(tmp_path / "nowhere" / "ktpel.db", at=AT)


def test_a_folder_in_the_place_of_the_file_is_told(tmp_path: Path) -> None:
    with refusal("store.cannot_open"):
        SqlStore.open(tmp_path, at=AT)
