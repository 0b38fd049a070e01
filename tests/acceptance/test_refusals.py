"""Bad beginnings at the command line: each told in words with a next step, exit code 2, and nothing lost."""

from __future__ import annotations

import hashlib
import shutil
import sqlite3
import subprocess
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from ktpel_desktop.bootstrap import claim_folder
from tests.acceptance import morning
from tests.acceptance.program import run

pytestmark = [pytest.mark.real, pytest.mark.timeout(120)]


def refused(*arguments: object, code: str, says: str, display: str = "") -> None:
    done = run(*arguments, display=display)
    assert done.returncode == 2, done.stderr
    assert f"[{code}]" in done.stderr
    assert says in done.stderr
    assert "Langkah berikutnya: " in done.stderr
    assert "Traceback" not in done.stderr


def digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


@pytest.fixture
def office(tmp_path: Path) -> Path:
    folder = tmp_path / "kantor"
    morning.make(folder)
    return folder


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    folder = tmp_path / "kecil"
    folder.mkdir()
    made = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", str(folder)], check=False)
    if made.returncode != 0:
        pytest.skip("this machine gives no right to mount a small disk")
    yield folder
    subprocess.run(["umount", "-l", str(folder)], check=True)


@pytest.mark.parametrize(
    ("text", "code", "says"),
    [
        ('[kantor]\nnamma = "x"\n', "settings.unknown_key", "kantor.namma"),
        ("[kantor]\nnama = 5\n", "settings.wrong_value", "kantor.nama"),
        ('[kantor]\nnama = "x\n', "settings.syntax", "line 2"),
        ('[kantor]\nkelurahan = "3100000000"\n', "regions.kelurahan_unknown", "3100000000"),
    ],
)
def test_broken_settings_name_the_key(tmp_path: Path, text: str, code: str, says: str) -> None:
    path = tmp_path / "kantor.toml"
    path.write_text(text)
    refused(
        "--latihan", "--data", tmp_path / "d", "--pengaturan", path, code=code, says=says, display="offscreen"
    )


def test_settings_that_are_not_there(tmp_path: Path) -> None:
    refused(
        "--latihan", "--pengaturan", tmp_path / "tidak-ada.toml", code="settings.unreadable", says="tidak-ada"
    )


def test_a_database_of_a_newer_version_is_left_as_it_is(office: Path) -> None:
    path = office / "ktpel.db"
    with closing(sqlite3.connect(path)) as connection:
        (table,) = connection.execute(
            "SELECT name FROM sqlite_master WHERE name LIKE 'alembic%' AND type = 'table'"
        ).fetchone()
        connection.execute(f"UPDATE {table} SET version_num = '9901'")
        connection.commit()
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    before = digest(path)
    refused("--latihan", "--data", office, code="store.newer_schema", says="ktpel.db", display="offscreen")
    assert digest(path) == before


def test_a_damaged_database_is_left_as_it_is(office: Path) -> None:
    path = office / "ktpel.db"
    path.write_bytes(b"bukan basis data " * 500)
    before = digest(path)
    refused("--latihan", "--data", office, code="store.damaged", says="ktpel.db", display="offscreen")
    assert digest(path) == before


def test_two_copies_on_one_folder(office: Path) -> None:
    with claim_folder(office):
        refused("--latihan", "--data", office, code="folder.in_use", says=str(office), display="offscreen")


def test_a_read_only_folder(small_disk: Path, office: Path) -> None:
    folder = small_disk / "kantor"
    shutil.copytree(office, folder)
    before = digest(folder / "ktpel.db")
    subprocess.run(["mount", "-o", "remount,ro", str(small_disk)], check=True)
    refused("--latihan", "--data", folder, code="folder.read_only", says=str(folder), display="offscreen")
    assert digest(folder / "ktpel.db") == before


def test_a_full_disk_loses_nothing_that_was_kept(small_disk: Path) -> None:
    folder = small_disk / "hari"
    refused(
        "latihan", "--keluaran", folder, "--tanpa-layar", code="store.disk_full", says="Jangan ambil blangko"
    )
    with closing(sqlite3.connect(folder / "ktpel.db")) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        kept = connection.execute("SELECT count(*), max(seq) FROM event").fetchone()
    assert kept[0] == kept[1] > 0


def test_a_folder_with_an_earlier_day_is_not_written_over(tmp_path: Path) -> None:
    (tmp_path / "ringkasan.json").write_text("{}")
    refused("latihan", "--keluaran", tmp_path, code="folder.not_empty", says=str(tmp_path))
    assert [path.name for path in tmp_path.iterdir()] == ["ringkasan.json"]


def test_no_screen(tmp_path: Path) -> None:
    refused("--latihan", "--data", tmp_path, code="display.missing", says="ktpel-desktop latihan --keluaran")


def test_no_real_devices_in_this_version() -> None:
    refused(code="mode.not_ready", says="--latihan")
