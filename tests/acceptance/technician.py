"""A technician's terminal: the program's commands in a process of their own, with a keyring of their own."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]


class Technician:
    """Types commands for the data folder `folder`; `environment` is what the program runs in."""

    def __init__(self, folder: Path, backend: str = "tests.file_keyring.FileKeyring") -> None:
        self.folder = folder
        self.environment = {
            **os.environ,
            "PYTHONPATH": str(ROOT),
            "PYTHON_KEYRING_BACKEND": backend,
            "KTPEL_TEST_KEYRING": str(folder / "keyring.json"),
        }

    def __call__(self, *words: str, typed: str = "") -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-m", "ktpel_desktop", "--data", str(self.folder), *words],
            input=typed,
            capture_output=True,
            text=True,
            check=False,
            env=self.environment,
            cwd=self.folder,
            timeout=120,
        )
