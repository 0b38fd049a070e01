"""Runs in a mount namespace of its own, on a small disk: `python -m tests.store.disk_child full|read_only DIR`.

Prints what happened as JSON; `test_disk` judges it.
"""

import json
import subprocess
import sys
from pathlib import Path

from ktpel_desktop.core.audit import check_chain
from ktpel_desktop.core.errors import StoreError
from ktpel_desktop.store.sql_store import SqlStore
from tests.store.database import MORNING, OPERATOR, QUICK, add_request


def mount(folder: Path, options: str) -> None:
    subprocess.run(["mount", "-t", "tmpfs", "-o", options, "tmpfs", str(folder)], check=True)


def full(folder: Path) -> dict[str, object]:
    """Units until the disk is full, then with a little room again."""
    mount(folder, "size=2m")
    spare = folder / "spare"
    spare.write_bytes(b"x" * 512 * 1024)
    kept = 0
    refusals: list[list[str]] = []
    with SqlStore.open(folder / "ktpel.db", at=MORNING, hasher=QUICK) as store:
        while len(refusals) < 3:
            try:
                with store.unit(OPERATOR, MORNING) as unit:
                    add_request(unit, f"T{kept}", name="X" * 500)
                kept += 1
            except StoreError as error:
                refusals.append([error.code, error.effect])
        spare.unlink()
        with store.unit(OPERATOR, MORNING) as unit:
            add_request(unit, "AFTER")
            report = check_chain(unit.events.all())
    return {"kept": kept, "refusals": refusals, "events": report.count, "intact": report.intact}


def full_at_start(folder: Path) -> dict[str, object]:
    """Neither a new database nor its log fits."""
    mount(folder, "size=64k")
    (folder / "filler").write_bytes(b"x" * 48 * 1024)
    return {"codes": [opened(folder / "ktpel.db")]}


def read_only(folder: Path) -> dict[str, object]:
    """A folder that can only be read: with a database, and without one."""
    mount(folder, "size=2m")
    SqlStore.open(folder / "ktpel.db", at=MORNING, hasher=QUICK).close()
    before = (folder / "ktpel.db").read_bytes()
    subprocess.run(["mount", "-o", "remount,ro", str(folder)], check=True)
    codes = [opened(folder / name) for name in ("ktpel.db", "new.db")]
    return {"codes": codes, "same": (folder / "ktpel.db").read_bytes() == before}


def opened(path: Path) -> str:
    try:
        SqlStore.open(path, at=MORNING, hasher=QUICK).close()
    except StoreError as error:
        return f"{error.code} {error.effect}"
    return "opened"


if __name__ == "__main__":
    tried = {"full": full, "full_at_start": full_at_start, "read_only": read_only}[sys.argv[1]]
    print(json.dumps(tried(Path(sys.argv[2]))))
