"""A full disk and a folder that can only be read: a clear word, nothing lost, and on it goes when there is room."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from ktpel_desktop.core.audit import check_chain
from ktpel_desktop.core.errors import Effect, StoreError
from ktpel_desktop.store.sql_store import SqlStore
from tests.store.database import MORNING, OPERATOR, add_request

pytestmark = pytest.mark.embedded

ROOT = Path(__file__).parents[2]
OWN_MOUNTS = ["unshare", "--mount"] if os.name == "posix" and os.geteuid() == 0 else ["unshare", "-r", "-m"]


def on_small_disk(act: str, folder: Path) -> dict[str, Any]:
    """What `disk_child` says of the act. Its mounts are its own and end with it."""
    probe = [*OWN_MOUNTS, "mount", "-t", "tmpfs", "tmpfs", str(folder)]
    try:
        subprocess.run(probe, check=True, capture_output=True)
    except (OSError, subprocess.CalledProcessError) as error:
        pytest.skip(f"this machine lets nobody mount a small disk: {error}")
    command = [*OWN_MOUNTS, sys.executable, "-m", "tests.store.disk_child", act, str(folder)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False, timeout=120)
    assert done.returncode == 0, done.stderr
    answer: dict[str, Any] = json.loads(done.stdout)
    return answer


@pytest.mark.real
def test_a_full_disk_is_told_and_undoes_the_unit(tmp_path: Path) -> None:
    told = on_small_disk("full", tmp_path)
    assert told["refusals"] == [["store.disk_full", "none"]] * 3
    assert told["kept"] > 10
    assert (told["events"], told["intact"]) == (told["kept"] + 1, True)


@pytest.mark.real
def test_a_disk_full_from_the_start_is_told(tmp_path: Path) -> None:
    assert on_small_disk("full_at_start", tmp_path)["codes"] == ["store.disk_full none"]


@pytest.mark.real
def test_a_folder_that_can_only_be_read_is_told(tmp_path: Path) -> None:
    told = on_small_disk("read_only", tmp_path)
    assert told == {"codes": ["store.read_only none"] * 2, "same": True}


def test_a_database_that_may_not_grow_refuses_and_goes_on_later(store: SqlStore) -> None:
    """The portable form: SQLite's own limit of pages answers as a full disk does."""

    def limit(pages: int) -> None:
        with store.database.engine.connect() as connection:
            raw = connection.connection.driver_connection
            assert raw is not None
            raw.execute(f"PRAGMA max_page_count={pages}")

    limit(60)
    kept = 0
    with pytest.raises(StoreError) as told:
        while True:
            with store.unit(OPERATOR, MORNING) as unit:
                add_request(unit, f"T{kept}", name="X" * 500)
            kept += 1
    assert (told.value.code, told.value.effect) == ("store.disk_full", Effect.NONE)
    limit(1000)
    with store.unit(OPERATOR, MORNING) as unit:
        assert sum(unit.requests.count().values()) == kept
        add_request(unit, "AFTER")
        assert check_chain(unit.events.all()).intact
