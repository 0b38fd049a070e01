"""Words kept as data in resources/, read once. The window's own loader: rings of one layer are blind to each other."""

from __future__ import annotations

import tomllib
from functools import cache
from pathlib import Path
from typing import Any

import ktpel_desktop

Table = dict[str, Any]


def resources() -> Path:
    """The folder of resources: inside the package once installed, beside it in the source tree."""
    package = Path(ktpel_desktop.__file__).parent
    installed = package / "_resources"
    return installed if installed.is_dir() else package.parent / "resources"


@cache
def tables(folder: str) -> Table:
    """All TOML files of resources/teks/`folder` in one table; a table that stands in two files is merged."""
    merged: Table = {}
    for path in sorted((resources() / "teks" / folder).glob("*.toml")):
        _merge(merged, tomllib.loads(path.read_text(encoding="utf-8")))
    return merged


@cache
def table(name: str) -> Table:
    """One TOML file of resources/teks, empty where it is not there."""
    path = resources() / "teks" / f"{name}.toml"
    return tomllib.loads(path.read_text(encoding="utf-8")) if path.is_file() else {}


def help_page(name: str) -> str:
    """A help page in Markdown, empty where there is none."""
    path = resources() / "panduan" / "bantuan" / f"{name}.md"
    return path.read_text(encoding="utf-8") if path.is_file() else ""


def help_pages() -> list[str]:
    """Names of all help pages, in reading order (the files are numbered by their first line's order)."""
    return [path.stem for path in sorted((resources() / "panduan" / "bantuan").glob("*.md"))]


def _merge(into: Table, more: Table) -> None:
    for key, value in more.items():
        if isinstance(value, dict) and isinstance(into.get(key), dict):
            _merge(into[key], value)
        else:
            into[key] = value
