"""start.*: the program to its usable login page, against a bare window, both as fresh processes."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.bench.measure import Figure, figure

ROOT = Path(__file__).parents[2]
RUNS = 15
TRIES = 3
"""A sample that somebody ended from outside is taken again."""
PEER = "a bare PySide6 QMainWindow with a table of 50 × 8"
NOTE = (
    "Process start to first paint with an empty event queue, on an existing training folder (not the first"
    " start), byte code compiled, file cache warm"
)

AT_WORK = (
    "After a login and a first answer of SIAK, whose simulated server and city are in the same process. The window"
    " itself loads these when they are first needed."
)


def measure(folder: Path, runs: int | None) -> list[Figure]:
    """start.wall, start.rss, and start.rss_at_work, which has no target."""
    with _display() as display:
        program = _Child("tests.bench.window_program", folder, display, str(folder / "latihan"))
        bare = _Child("tests.bench.window_peer", folder, display)
        taken = [
            (program.run(), bare.run(), program.run("--work"))
            for _ in range((RUNS if runs is None else runs) + 1)
        ][1:]  # the first makes the training folder and the byte code
    ours, peer, working = ([pair[place] for pair in taken] for place in range(3))
    base = [one["rss"] for one in peer]
    walls, bare_walls = [one["wall"] for one in ours], [one["wall"] for one in peer]
    sizes = [one["rss"] for one in ours]
    at_work = [one["rss_at_work"] for one in working]
    return [
        figure("start.wall", walls, bare_walls, unit="ms", peer=PEER, target=1.6, note=f"{NOTE}."),
        figure("start.rss", sizes, base, unit="MB", peer=PEER, target=1.6, note="At that moment."),
        figure("start.rss_at_work", at_work, base, unit="MB", peer=PEER, target=None, note=AT_WORK),
    ]


class _Child:
    """A module run in a fresh interpreter."""

    def __init__(self, module: str, folder: Path, display: dict[str, str], *arguments: str) -> None:
        self._command = [sys.executable, "-m", module, *arguments]
        # Byte code is kept as in any installation, but beside the source tree, which stays as it is.
        self._environment = {
            **{name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"},
            "PYTHONPYCACHEPREFIX": str(folder / "pyc"),
            **display,
        }

    def run(self, *more: str) -> dict[str, float]:
        """Milliseconds from the spawn to the usable window, megabytes then."""
        told = ""
        for _ in range(TRIES):
            began = time.perf_counter()  # the same clock in every process of this machine
            done = subprocess.run(
                [*self._command, *more],
                cwd=ROOT,
                check=False,
                env=self._environment,
                capture_output=True,
                text=True,
                timeout=120,
            )
            if done.returncode == 0:
                at, *kilobytes = json.loads(done.stdout.splitlines()[-1])
                sizes = zip(("rss", "rss_at_work"), (value / 1024 for value in kilobytes), strict=False)
                return {"wall": (at - began) * 1000, **dict(sizes)}
            told = f"{done.returncode}: {done.stdout}{done.stderr}"
        raise RuntimeError(f"{self._command} ended with {told}")


@contextmanager
def _display() -> Iterator[dict[str, str]]:
    """A display for the children: a virtual one where Xvfb is installed, else Qt's screenless platform."""
    server = shutil.which("Xvfb")
    if server is None:
        yield {"QT_QPA_PLATFORM": "offscreen"}
        return
    reading, writing = os.pipe()
    process = subprocess.Popen(
        [server, "-displayfd", str(writing), "-screen", "0", "1600x1000x24", "-nolisten", "tcp"],
        pass_fds=(writing,),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        os.close(writing)
        with os.fdopen(reading) as told:
            number = told.readline().strip()
        yield {"DISPLAY": f":{number}", "QT_QPA_PLATFORM": "xcb"}
    finally:
        process.terminate()
        process.wait()


def display_name() -> str:
    """Where windows are shown."""
    return "Xvfb" if shutil.which("Xvfb") else "offscreen"
