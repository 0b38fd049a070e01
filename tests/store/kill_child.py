"""Commits unit after unit and says so after each: `python -m tests.store.kill_child FILE`. Killed by `test_kill`."""

import sys
from pathlib import Path

from ktpel_desktop.core.issuance import JobState
from ktpel_desktop.store.sql_store import SqlStore
from tests.store.database import MORNING, OPERATOR, QUICK, add_blanks, add_request, open_job


def main(path: Path) -> None:
    """Each unit moves a job in three steps with a request beside it, so that half a unit would show."""
    with SqlStore.open(path, at=MORNING, hasher=QUICK) as store:
        number = 0
        while True:
            number += 1
            with store.unit(OPERATOR, MORNING) as unit:
                add_blanks(unit, 1)
                add_request(unit, f"T{number}", name="X" * 300)
                job = open_job(unit, f"T{number}")
                unit.jobs.move(job, JobState.ENCODING, chip_serial=f"chip-{number}")
            print(number, flush=True)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
