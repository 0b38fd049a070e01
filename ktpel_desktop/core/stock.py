"""Arithmetic of blank cards. Whole cards only; no figure is stored, each is a function of movements and jobs.

Equation (room.md 6.3, domain.md 6): opening + received + corrected = issued + spoiled + returned + open + left.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from ktpel_desktop.core.errors import PolicyError
from ktpel_desktop.core.issuance import OPEN, JobState


class MovementKind(StrEnum):
    """Kinds of stock movements, named as the office's register names them."""

    OPENING = "SALDO_AWAL"
    RECEIVED = "TERIMA"
    RETURNED = "RETUR"
    CORRECTION = "KOREKSI"


@dataclass(frozen=True, slots=True)
class Movement:
    """One line of the blank register. `quantity` is positive, except that a CORRECTION may be negative.

    `document` is the number of the hand-over minutes (BAST) or the written reason of a correction.
    """

    kind: MovementKind
    quantity: int
    document: str
    at: datetime
    by: str
    approver: str | None = None


def check_movement(movement: Movement, left: int) -> None:
    """Refuse a movement that cannot be true.

    Raises PolicyError "stock.quantity", "stock.document_missing", "stock.more_than_left",
    "stock.second_person_missing".
    """
    signed = movement.kind is MovementKind.CORRECTION
    if movement.quantity == 0 or (movement.quantity < 0 and not signed):
        raise PolicyError("stock.quantity", quantity=movement.quantity)
    if not movement.document.strip():
        raise PolicyError("stock.document_missing")
    if signed and (not movement.approver or movement.approver == movement.by):
        raise PolicyError("stock.second_person_missing")
    taken = movement.quantity if movement.kind is MovementKind.RETURNED else -movement.quantity
    if taken > left:
        raise PolicyError("stock.more_than_left", quantity=abs(movement.quantity), left=left)


@dataclass(frozen=True, slots=True)
class BlankBalance:
    """Where every blank is. `open` are cards in jobs not yet ended."""

    opening: int
    received: int
    corrected: int
    issued: int
    spoiled: int
    returned: int
    open: int

    @property
    def left(self) -> int:
        """Blanks that must lie in the cabinet."""
        came = self.opening + self.received + self.corrected
        return came - self.issued - self.spoiled - self.returned - self.open


def balance(movements: Iterable[Movement], jobs: Mapping[JobState, int]) -> BlankBalance:
    """The balance from all movements and the number of jobs in each state."""
    sums = dict.fromkeys(MovementKind, 0)
    for movement in movements:
        sums[movement.kind] += movement.quantity
    return BlankBalance(
        opening=sums[MovementKind.OPENING],
        received=sums[MovementKind.RECEIVED],
        corrected=sums[MovementKind.CORRECTION],
        issued=jobs.get(JobState.ISSUED, 0),
        spoiled=jobs.get(JobState.SPOILED, 0),
        returned=sums[MovementKind.RETURNED],
        open=sum(jobs.get(state, 0) for state in OPEN),
    )


@dataclass(frozen=True, slots=True)
class PhysicalCount:
    """Two independent counts of the cabinet against the books (blind double count)."""

    first: int
    second: int
    books: int

    @property
    def agrees(self) -> bool:
        """Whether both persons and the books say the same."""
        return self.first == self.second == self.books

    @property
    def difference(self) -> int:
        """Counted minus books, by the first count."""
        return self.first - self.books
