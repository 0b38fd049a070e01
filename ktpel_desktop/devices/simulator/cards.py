"""A simulated blank: its chip, its face and where it lies. Values only; `Workbench` changes and keeps them."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from enum import StrEnum

from ktpel_desktop.core.issuance import ChipContent

EMPTY_SHA256 = hashlib.sha256(b"").hexdigest()


class Place(StrEnum):
    """Where a card is. Every card is in exactly one place."""

    TRAY = "tray"
    HAND = "hand"
    READER = "reader"
    PRINTER = "printer"
    OUT = "out"
    FILED = "filed"
    REJECT = "reject"
    LOST = "lost"


class Face(StrEnum):
    """What can be seen on a card. RUINED: printed over a second time."""

    NONE = "none"
    HALF = "half"
    FULL = "full"
    RUINED = "ruined"


@dataclass(frozen=True, slots=True)
class SimulatedCard:
    """One card as it physically is.

    The chip's memory is kept as its length (bytes) and SHA-256 only: enough to tell blank, partial and full
    apart and to compare contents, and no resident's data ever lies in the training folder. `header` is the
    digest announced by the first writing command, `total` the length announced with it. `checked` says that
    the finished card has been read back; `touched` orders cards by when they were last handled.
    """

    serial: str
    place: Place = Place.TRAY
    header: str | None = None
    total: int = 0
    written: int = 0
    memory: str = EMPTY_SHA256
    locked: bool = False
    dead: bool = False
    foreign: bool = False
    face: Face = Face.NONE
    tag: str = ""
    artwork: str = ""
    prints: int = 0
    checked: bool = False
    touched: int = 0

    @property
    def content(self) -> ChipContent:
        """What a reader would say. Full means written whole, equal to its header, and locked."""
        if self.foreign:
            return ChipContent.FOREIGN
        if self.header is None and self.written == 0:
            return ChipContent.BLANK
        whole = self.written == self.total and self.memory == self.header
        return ChipContent.FULL if whole and self.locked else ChipContent.PARTIAL

    @property
    def untouched(self) -> bool:
        """Whether it may go back to the tray as a blank."""
        return self.content is ChipContent.BLANK and self.face is Face.NONE and not self.dead

    @property
    def finished(self) -> bool:
        """Whether chip and face are complete and the card was read back."""
        return self.content is ChipContent.FULL and self.face is Face.FULL and self.checked

    def holds(self, digest: str) -> bool:
        """Whether the chip holds exactly the load with this digest, locked."""
        return self.content is ChipContent.FULL and self.memory == digest
