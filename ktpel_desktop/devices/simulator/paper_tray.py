"""Where simulated printers leave their paper: numbered files in a folder, or memory only."""

from __future__ import annotations

import re
from pathlib import Path

from ktpel_desktop.core.errors import DeviceError, Effect


class PaperTray:
    """Sheets in the order they came out. Names never hold more than what the caller gave as a title."""

    def __init__(self, kind: str, suffix: str, folder: Path | None = None) -> None:
        self._kind = kind
        self._suffix = suffix
        self._folder = folder
        self.sheets: list[bytes] = []

    def put(self, data: bytes, title: str = "") -> None:
        """Keep a sheet. Raises DeviceError "simulator.paper_unwritable" when the folder refuses it."""
        if self._folder is not None:
            try:
                self._folder.mkdir(parents=True, exist_ok=True)
                (self._folder / self._name(title)).write_bytes(data)
            except OSError:
                raise DeviceError("simulator.paper_unwritable", Effect.UNKNOWN) from None
        self.sheets.append(data)

    def _name(self, title: str) -> str:
        folder = self._folder
        number = 1 if folder is None else 1 + sum(1 for _ in folder.glob(f"{self._kind}-*{self._suffix}"))
        clean = re.sub(r"[^a-z0-9]+", "-", title.lower()).strip("-")[:60]
        return "-".join(part for part in (self._kind, f"{number:04d}", clean) if part) + self._suffix
