"""The program is killed in the middle of its commits: what it was told to be kept is there, and nothing half."""

import random
import shutil
import subprocess
import sys
import time
from pathlib import Path

import pytest

from ktpel_desktop.core.audit import check_chain
from ktpel_desktop.core.issuance import JobState
from ktpel_desktop.store.sql_store import SqlStore
from tests.store.database import MORNING, OPERATOR
from tests.store.raw import file_attacker

pytestmark = pytest.mark.embedded

ROOT = Path(__file__).parents[2]
EVENTS_PER_UNIT = 4


@pytest.mark.real
def test_a_kill_loses_no_kept_unit_and_keeps_no_half(store: SqlStore) -> None:
    store.close()
    template = store.path.read_bytes()
    chance = random.Random(20260105)
    for round_ in range(8):
        path = store.path.with_name(f"killed-{round_}.db")
        path.write_bytes(template)
        told = killed(path, chance.uniform(0.0, 0.08))
        copy = path.with_name(f"seen-{round_}.db")  # the database as the kill left it, log included
        for suffix in ("", "-wal"):
            shutil.copyfile(f"{path}{suffix}", f"{copy}{suffix}")
        with SqlStore.open(copy, at=MORNING) as again, again.unit(OPERATOR, MORNING) as unit:
            report = check_chain(unit.events.all())
            encoding = unit.jobs.counts().get(JobState.ENCODING, 0)
            assert report.intact
            assert told <= encoding <= told + 1  # one may have been kept and not told any more
            assert report.count == encoding * EVENTS_PER_UNIT
            assert sum(unit.requests.count().values()) == encoding
            assert unit.jobs.counts() == {JobState.ENCODING: encoding}
            assert unit.stock.balance().left == 0
        with file_attacker(copy) as db:
            assert db.execute("PRAGMA integrity_check").fetchone() == ("ok",)


def killed(path: Path, after: float) -> int:
    """Start the child, let it commit for a moment, kill it. The number of the last unit that it told."""
    command = [sys.executable, "-m", "tests.store.kill_child", str(path)]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as child:
        assert child.stdout is not None
        first = child.stdout.readline()
        time.sleep(after)
        child.kill()
        lines = [first, *child.stdout]
    return max(int(line) for line in lines if line.endswith("\n"))
