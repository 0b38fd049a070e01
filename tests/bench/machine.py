"""On what was measured."""

from __future__ import annotations

import os
import platform
import sqlite3
import sys
from importlib.metadata import version
from pathlib import Path


def facts(folder: Path, display: str) -> dict[str, object]:
    """Of this machine; `folder` is where the databases of the bench lie."""
    return {
        "cpu": _field("/proc/cpuinfo", "model name"),
        "cores": os.cpu_count(),
        "memory": _field("/proc/meminfo", "MemTotal"),
        "system": platform.platform(),
        "disk": _file_system(folder),
        "python": sys.version.split()[0],
        "pyside6": version("PySide6-Essentials"),
        "sqlite": sqlite3.sqlite_version,
        "display": display,
        "load_1min": round(os.getloadavg()[0], 2),
    }


def _field(file: str, name: str) -> str:
    try:
        lines = Path(file).read_text(encoding="utf-8").splitlines()
    except OSError:
        return "unknown"
    return next((line.partition(":")[2].strip() for line in lines if line.startswith(name)), "unknown")


def _file_system(folder: Path) -> str:
    """Type of the file system that holds the folder: in memory a commit costs nothing."""
    try:
        mounts = [line.split()[1:3] for line in Path("/proc/mounts").read_text(encoding="utf-8").splitlines()]
    except OSError:
        return "unknown"
    holding = [(at, kind) for at, kind in mounts if folder.resolve().is_relative_to(at)]
    return max(holding, key=lambda mount: len(mount[0]))[1] if holding else "unknown"
