"""Words for the codes on papers, from the same file as the screens' words: one code has one word everywhere."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from pathlib import Path


class Words:
    """Groups of code → word in resources/teks/layar/kata.toml; a code without a word stands for itself."""

    def __init__(self, resources: Path) -> None:
        path = resources / "teks" / "layar" / "kata.toml"
        self._groups: Mapping[str, Mapping[str, str]] = (
            tomllib.loads(path.read_text(encoding="utf-8")) if path.is_file() else {}
        )

    def word(self, group: str, code: str) -> str:
        """The word for `code`."""
        return str(self._groups.get(group, {}).get(code, code))
