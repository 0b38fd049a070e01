"""The printer's ear: bytes as they come off USB, cut into commands. Knows the lengths of binary data."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

_PIXELS = 648 * 1016
_BITS = {"2": 1, "32": 5, "64": 6, "128": 7}
_LONGEST_HEADER = 64


@dataclass(frozen=True, slots=True)
class Heard:
    """One command with its parameters and data."""

    name: str
    parameters: tuple[str, ...]
    data: bytes = b""


class Ear:
    """Feed it pieces of any size; it gives whole commands. ESC may be left out after a CR (guide A5013, page 4)."""

    def __init__(self) -> None:
        self._waiting = bytearray()

    @property
    def in_the_middle(self) -> bool:
        """Whether a command has begun and not ended."""
        return bool(self._waiting.strip(b"\x00"))

    def forget(self) -> None:
        """The power went off, or the bus was reset."""
        self._waiting.clear()

    def hear(self, piece: bytes) -> Iterator[Heard]:
        self._waiting += piece
        while (heard := self._next()) is not None:
            yield heard

    def _next(self) -> Heard | None:
        del self._waiting[: len(self._waiting) - len(self._waiting.lstrip(b"\x00\x1b"))]
        start = self._data_start()
        if start is None:
            return self._plain()
        fields = bytes(self._waiting[:start]).decode("ascii", "replace").rstrip(";").split(";")
        size = _data_size(fields)
        if size is None:
            return self._plain()
        if len(self._waiting) < start + size + 1:
            return None
        data = bytes(self._waiting[start : start + size])
        del self._waiting[: start + size + 1]
        return Heard(fields[0], tuple(fields[1:]), data)

    def _data_start(self) -> int | None:
        """Where the data of a bitmap command begins."""
        head = bytes(self._waiting[:_LONGEST_HEADER])
        wanted = 3 if head.startswith(b"Db;") else 4 if head.startswith(b"Dbc;") else 0
        at = -1
        for _ in range(wanted):
            at = head.find(b";", at + 1)
            if at < 0:
                return None
        return at + 1 if wanted else None

    def _plain(self) -> Heard | None:
        end = self._waiting.find(b"\r")
        if end < 0:
            return None
        fields = bytes(self._waiting[:end]).decode("ascii", "replace").split(";")
        del self._waiting[: end + 1]
        return Heard(fields[0], tuple(fields[1:]))


def _data_size(fields: list[str]) -> int | None:
    if fields[0] == "Db":
        return _PIXELS * _BITS[fields[2]] // 8 if fields[2] in _BITS else None
    return int(fields[3]) if fields[3].isdecimal() else None
