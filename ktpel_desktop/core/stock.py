"""Arithmetic of stock: blank cards and consumables. Whole pieces only; no figure is stored, each is counted anew.

Where each equation of room.md 6.3 is held: 1 and 3 (vault, together) by PhysicalCount against the books, which are

    opening + received + corrected + loaned = issued + spoiled + returned + open + left

2 (the bench is empty at close) by services.shifts, 4 by core.destruction.HeldBalance, 5 and 6 by core.daily (Results;
what SIAK confirmed, PrinterTally), 7 (no card ends twice) by the store's unique index.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from ktpel_desktop.core.errors import PolicyError
from ktpel_desktop.core.issuance import OPEN, JobState
from ktpel_desktop.core.serials import SerialRange


class MovementKind(StrEnum):
    """Kinds of stock movements, named as the office's register names them."""

    OPENING = "SALDO_AWAL"
    RECEIVED = "TERIMA"
    RETURNED = "RETUR"
    CORRECTION = "KOREKSI"
    LENT = "PINJAM_KELUAR"
    LENT_BACK = "PINJAM_KELUAR_KEMBALI"
    BORROWED = "PINJAM_MASUK"
    BORROWED_BACK = "PINJAM_MASUK_KEMBALI"
    USED = "PAKAI"
    LOST = "RUSAK"


_K = MovementKind
BLANK = "blangko"
"""The item that every card is made of; the others are consumables (core.consumables)."""
BLANK_KINDS = frozenset(_K) - {_K.USED, _K.LOST}
"""A blank is used and spoiled by a job, never by a line of the register."""

OUTGOING = frozenset({_K.RETURNED, _K.LENT, _K.BORROWED_BACK, _K.USED, _K.LOST})
LOAN_OF = {_K.LENT_BACK: _K.LENT, _K.BORROWED_BACK: _K.BORROWED}
"""What gives a loan back, and the loan."""

LOANS = frozenset({*LOAN_OF, *LOAN_OF.values()})


@dataclass(frozen=True, slots=True)
class Movement:
    """One line of a register. `quantity` is positive, except that a CORRECTION may be negative.

    `document` is the number of the hand-over minutes (BAST) or the written reason of a correction, `partner` the other
    office of a loan. Whether blanks carry a number that can be read is unknown (domain.md 6): `serials` are for those
    that do.
    """

    kind: MovementKind
    quantity: int
    document: str
    at: datetime
    by: str
    approver: str | None = None
    partner: str = ""
    serials: SerialRange | None = None
    item: str = BLANK

    @property
    def change(self) -> int:
        """What the movement adds to the stock; negative where it takes."""
        return -self.quantity if self.kind in OUTGOING else self.quantity


def check_movement(movement: Movement, left: int, owed: int = 0) -> None:
    """Refuse a movement that cannot be true; `owed` is what of this loan with this partner is still out.

    Raises PolicyError "stock.quantity", "stock.document_missing", "stock.more_than_left",
    "stock.second_person_missing", "stock.partner_missing", "stock.more_than_owed", "stock.range_wrong",
    "stock.kind_wrong".
    """
    signed = movement.kind is MovementKind.CORRECTION
    if movement.quantity == 0 or (movement.quantity < 0 and not signed):
        raise PolicyError("stock.quantity", quantity=movement.quantity)
    if not movement.document.strip():
        raise PolicyError("stock.document_missing")
    if movement.item == BLANK and movement.kind not in BLANK_KINDS:
        raise PolicyError("stock.kind_wrong", kind=movement.kind)
    if signed and (not movement.approver or movement.approver == movement.by):
        raise PolicyError("stock.second_person_missing")
    if movement.kind in LOANS and not movement.partner.strip():
        raise PolicyError("stock.partner_missing")
    if movement.kind in LOAN_OF and movement.quantity > owed:
        raise PolicyError(
            "stock.more_than_owed", quantity=movement.quantity, owed=owed, partner=movement.partner
        )
    if movement.serials is not None and movement.serials.count != movement.quantity:
        raise PolicyError("stock.range_wrong", count=movement.serials.count, quantity=movement.quantity)
    if -movement.change > left:
        raise PolicyError("stock.more_than_left", quantity=abs(movement.quantity), left=left)


@dataclass(frozen=True, slots=True)
class Loan:
    """What is out with one partner: LENT are theirs to bring, BORROWED ours."""

    kind: MovementKind
    partner: str
    owed: int


def outstanding(movements: Iterable[Movement]) -> tuple[Loan, ...]:
    """Loans that were not wholly given back, in the order in which they were begun."""
    owed: dict[tuple[MovementKind, str], int] = {}
    for movement in movements:
        if movement.kind in LOANS:
            loan = LOAN_OF.get(movement.kind, movement.kind)
            given = -movement.quantity if movement.kind in LOAN_OF else movement.quantity
            owed[loan, movement.partner] = owed.get((loan, movement.partner), 0) + given
    return tuple(Loan(kind, partner, count) for (kind, partner), count in owed.items() if count)


def owed(movements: Iterable[Movement], kind: MovementKind, partner: str) -> int:
    """What a movement of `kind` may give back to or from this partner; 0 for kinds that give nothing back."""
    found = ((loan.kind, loan.partner, loan.owed) for loan in outstanding(movements))
    return next((count for loan, who, count in found if (loan, who) == (LOAN_OF.get(kind), partner)), 0)


@dataclass(frozen=True, slots=True)
class BlankBalance:
    """Where every blank is. `open` are cards in jobs not yet ended.

    `loaned` is what came by loans less what went by them: borrowed - given back - lent + brought back.
    """

    opening: int
    received: int
    corrected: int
    issued: int
    spoiled: int
    returned: int
    open: int
    loaned: int = 0

    @property
    def came(self) -> int:
        """All that was put into the cabinet from outside."""
        return self.opening + self.received + self.corrected + self.loaned

    @property
    def left(self) -> int:
        """Blanks that must lie in the cabinet."""
        return self.came - self.issued - self.spoiled - self.returned - self.open


def balance_of(sums: Mapping[str, int], jobs: Mapping[JobState, int]) -> BlankBalance:
    """The balance from the quantities summed by kind, and the number of jobs in each state."""
    return BlankBalance(
        opening=sums.get(MovementKind.OPENING, 0),
        received=sums.get(MovementKind.RECEIVED, 0),
        corrected=sums.get(MovementKind.CORRECTION, 0),
        issued=jobs.get(JobState.ISSUED, 0),
        spoiled=jobs.get(JobState.SPOILED, 0),
        returned=sums.get(MovementKind.RETURNED, 0),
        open=sum(jobs.get(state, 0) for state in OPEN),
        loaned=sum((-1 if kind in OUTGOING else 1) * sums.get(kind, 0) for kind in LOANS),
    )


def balance(movements: Iterable[Movement], jobs: Mapping[JobState, int]) -> BlankBalance:
    """The balance from all movements and the number of jobs in each state."""
    sums = dict.fromkeys(map(str, MovementKind), 0)
    for movement in movements:
        sums[movement.kind] += movement.quantity
    return balance_of(sums, jobs)


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
