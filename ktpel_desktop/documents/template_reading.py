"""A TOML table of resources/kartu read key by key: each with its type and limits, an unknown one refused by name.

The office moves these millimetres by hand, so every mistake is told with the place where it stands.
"""

from __future__ import annotations

import tomllib
from math import isfinite
from pathlib import Path
from typing import Any

from ktpel_desktop.core.errors import StoreError


class Place:
    """One table of the file. `where` is its path for people: "row.name.tail"."""

    def __init__(self, plain: dict[str, Any], file: str, where: str = "") -> None:
        self._plain = plain
        self._left = set(plain)
        self.file = file
        self.where = where

    def at(self, key: str) -> str:
        """The path of a key."""
        return f"{self.where}.{key}" if self.where else key

    def has(self, key: str) -> bool:
        return key in self._plain

    def wrong(self, key: str) -> StoreError:
        """The refusal of a value of the wrong type or out of its limits."""
        return StoreError("face.template_value", file=self.file, where=self.at(key))

    def number(self, key: str, least: float, most: float) -> float:
        value = self._take(key)
        if isinstance(value, bool) or not isinstance(value, int | float) or not isfinite(value):
            raise self.wrong(key)
        if not least <= value <= most:
            raise self.wrong(key)
        return float(value)

    def whole(self, key: str, least: int, most: int) -> int:
        value = self._take(key)
        if type(value) is not int or not least <= value <= most:
            raise self.wrong(key)
        return value

    def text(self, key: str, among: tuple[str, ...] = ()) -> str:
        value = self._take(key)
        if not isinstance(value, str) or (among and value not in among):
            raise self.wrong(key)
        return value

    def pair(self, key: str) -> tuple[str, str]:
        """Two texts: Indonesian and English."""
        value = self._take(key)
        if not isinstance(value, list) or [type(item) for item in value] != [str, str]:
            raise self.wrong(key)
        return value[0], value[1]

    def numbers(self, key: str, count: int) -> tuple[float, ...]:
        value = self._take(key)
        if not isinstance(value, list) or len(value) != count:
            raise self.wrong(key)
        if any(isinstance(item, bool) or not isinstance(item, int | float) for item in value):
            raise self.wrong(key)
        if not all(isfinite(item) for item in value):
            raise self.wrong(key)
        return tuple(float(item) for item in value)

    def texts(self, key: str) -> dict[str, str]:
        """A table of texts with free keys."""
        table = self.table(key)
        return {name: table.text(name) for name in table.names()}

    def table(self, key: str) -> Place:
        value = self._take(key)
        if not isinstance(value, dict):
            raise self.wrong(key)
        return Place(value, self.file, self.at(key))

    def tables(self, key: str, named_by: str = "") -> list[Place]:
        """A list of tables; where they have a name, it stands in their path."""
        value = self._take(key)
        if not isinstance(value, list) or not all(isinstance(item, dict) for item in value):
            raise self.wrong(key)
        names = [str(item.get(named_by, number)) for number, item in enumerate(value, start=1)]
        places = [f"{self.at(key)}.{name}" for name in names]
        return [Place(item, self.file, where) for item, where in zip(value, places, strict=True)]

    def names(self) -> tuple[str, ...]:
        """The keys of a table with free keys."""
        return tuple(self._plain)

    def done(self) -> None:
        """Everything was read. Raises StoreError "face.template_unknown" naming the first key that was not."""
        for key in self._plain:
            if key in self._left:
                raise StoreError("face.template_unknown", file=self.file, where=self.at(key))

    def _take(self, key: str) -> Any:
        if key not in self._plain:
            raise StoreError("face.template_missing", file=self.file, where=self.at(key))
        self._left.discard(key)
        return self._plain[key]


def opened(resources: Path, name: str) -> Place:
    """resources/kartu/NAME.toml. Raises StoreError "face.template_unreadable"."""
    file = f"kartu/{name}.toml"
    try:
        plain = tomllib.loads((resources / file).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        raise StoreError("face.template_unreadable", file=file) from None
    return Place(plain, file)
