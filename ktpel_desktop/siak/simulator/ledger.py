"""What the training SIAK must remember over a restart: orders, results, statuses, one JSON line each.

Lines are only added, and written before the answer leaves, so that a killed program finds on its return what SIAK
had accepted. A last line that was cut off was never answered, and is dropped.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

from ktpel_desktop.core.errors import GatewayError


@dataclass(frozen=True, slots=True)
class Entry:
    """One fact: its kind, its id and its fields."""

    kind: str
    id: str
    body: Mapping[str, str]


class Ledger(Protocol):
    """Where entries are kept."""

    def add(self, entry: Entry) -> None: ...
    def __iter__(self) -> Iterator[Entry]: ...


class MemoryLedger:
    """Forgets at the end of the program."""

    def __init__(self) -> None:
        self._entries: list[Entry] = []

    def add(self, entry: Entry) -> None:
        self._entries.append(entry)

    def __iter__(self) -> Iterator[Entry]:
        return iter(self._entries)


class FileLedger:
    """A file of lines that only its owner may read."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def add(self, entry: Entry) -> None:
        """Raises GatewayError "siak.training_state" where the disk refuses."""
        line = (
            json.dumps({"kind": entry.kind, "id": entry.id, "body": dict(entry.body)}, sort_keys=True) + "\n"
        )
        fault = ""
        try:
            with os.fdopen(os.open(self._path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600), "ab") as file:
                file.write(line.encode())
        except OSError as error:
            fault = type(error).__name__
        if fault:
            raise GatewayError("siak.training_state", file=self._path.name, place=fault)

    def __iter__(self) -> Iterator[Entry]:
        """Raises GatewayError "siak.training_state" naming file and line."""
        if not self._path.exists():
            return
        raw = self._path.read_bytes()
        whole = raw.rfind(b"\n") + 1
        if whole < len(raw):
            os.truncate(self._path, whole)
        for number, line in enumerate(raw[:whole].splitlines(), start=1):
            entry = _entry(line)
            if entry is None:
                raise GatewayError("siak.training_state", file=self._path.name, place=f"baris {number}")
            yield entry


def _entry(line: bytes) -> Entry | None:
    try:
        plain: Any = json.loads(line)
        kind, name, body = plain["kind"], plain["id"], plain["body"]
    except (ValueError, KeyError, TypeError):
        return None
    if not (isinstance(body, dict) and all(isinstance(text, str) for text in (kind, name, *body.values()))):
        return None
    return Entry(kind, name, body)
