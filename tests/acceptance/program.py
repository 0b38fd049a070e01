"""The installed program as a child process."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

COMMAND = [sys.executable, "-m", "ktpel_desktop"]


def run(*arguments: object, display: str = "", seconds: float = 170) -> subprocess.CompletedProcess[str]:
    """Run the program to its end. Without `display` it finds no screen."""
    hidden = {"DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM"}
    environment = {name: value for name, value in os.environ.items() if name not in hidden}
    if display:
        environment["QT_QPA_PLATFORM"] = display
    return subprocess.run(
        [*COMMAND, *(str(argument) for argument in arguments)],
        capture_output=True,
        text=True,
        timeout=seconds,
        env=environment,
        check=False,
    )


def play(folder: Path, visits: int, seed: int, *more: str) -> None:
    """A head-less day that must end well."""
    done = run("latihan", "--keluaran", folder, "--permohonan", visits, "--benih", seed, *more)
    assert done.returncode == 0, f"ended with {done.returncode}: {done.stderr}"
