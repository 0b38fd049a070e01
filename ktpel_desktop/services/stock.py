"""The register of blanks and consumables: what came, what went, loans, counts, corrections by two (domain.md 6).

An item is "blangko" or a code of resources/bahan.toml; the blanks' own use and spoiling are the jobs' (core.stock).
"""

from __future__ import annotations

from datetime import datetime

from ktpel_desktop.core import roles
from ktpel_desktop.core.errors import PolicyError
from ktpel_desktop.core.nik import mask_nik
from ktpel_desktop.core.records import UnitOfWork
from ktpel_desktop.core.roles import Action, Actor
from ktpel_desktop.core.serials import SerialRange
from ktpel_desktop.core.stock import (
    BLANK,
    LOANS,
    BlankBalance,
    Loan,
    Movement,
    MovementKind,
    PhysicalCount,
    check_movement,
    outstanding,
    owed,
)
from ktpel_desktop.services import counting
from ktpel_desktop.services.approvals import Approval, demand
from ktpel_desktop.services.desk import Desk

SUBJECT = BLANK
"""Subject of an approval of STOCK_CORRECTION for the blanks; an item's code is that of the others."""
COUNTED = "cabinet.counted"
_K = MovementKind


def receive(
    desk: Desk,
    actor: Actor,
    quantity: int,
    document: str,
    *,
    serials: SerialRange | None = None,
    item: str = BLANK,
) -> BlankBalance:
    """Pieces have come from the Suku Dinas, under the number of the hand-over minutes.

    Raises PolicyError "role.not_allowed", "stock.item_unknown", "stock.quantity", "stock.document_missing",
    "stock.range_wrong".
    """
    roles.require(actor, Action.STOCK_RECEIVE)
    return _add(desk, actor, _K.RECEIVED, quantity, document, serials=serials, item=item)


def give_back(desk: Desk, actor: Actor, quantity: int, document: str, *, item: str = BLANK) -> BlankBalance:
    """Pieces go back to the Suku Dinas.

    Raises PolicyError "role.not_allowed", "stock.item_unknown", "stock.quantity", "stock.document_missing",
    "stock.more_than_left".
    """
    roles.require(actor, Action.STOCK_RETURN)
    return _add(desk, actor, _K.RETURNED, quantity, document, item=item)


def loan(
    desk: Desk,
    actor: Actor,
    kind: MovementKind,
    quantity: int,
    document: str,
    partner: str,
    *,
    item: str = BLANK,
) -> BlankBalance:
    """Pieces go to or come from another office: one of core.stock.LOANS, which stays open until it is given back.

    Raises PolicyError "role.not_allowed", "stock.kind_wrong", "stock.item_unknown", "stock.quantity",
    "stock.document_missing", "stock.partner_missing", "stock.more_than_owed", "stock.more_than_left".
    """
    roles.require(actor, Action.STOCK_RECEIVE)
    roles.require(actor, Action.STOCK_RETURN)
    if kind not in LOANS:
        raise PolicyError("stock.kind_wrong", kind=kind)
    return _add(desk, actor, kind, quantity, document, partner=partner, item=item)


def take_out(
    desk: Desk, actor: Actor, kind: MovementKind, quantity: int, note: str, *, item: str
) -> BlankBalance:
    """A consumable was used (PAKAI) or went bad (RUSAK); `note` says for what.

    Raises PolicyError "role.not_allowed", "stock.kind_wrong", "stock.item_unknown", "stock.quantity",
    "stock.document_missing", "stock.more_than_left".
    """
    roles.require(actor, Action.STOCK_COUNT)
    if kind not in (_K.USED, _K.LOST):
        raise PolicyError("stock.kind_wrong", kind=kind)
    return _add(desk, actor, kind, quantity, note, item=item)


def correct(
    desk: Desk, actor: Actor, quantity: int, reason: str, approval: Approval | None, *, item: str = BLANK
) -> BlankBalance:
    """Bring the books to what lies in the cabinet, with a written reason and a second person.

    Raises PolicyError "role.not_allowed", "approval.missing", "approval.for_another", "stock.item_unknown",
    "stock.quantity", "stock.document_missing", "stock.more_than_left".
    """
    roles.require(actor, Action.STOCK_CORRECTION)
    approver = demand(approval, Action.STOCK_CORRECTION, item, actor)
    return _add(desk, actor, _K.CORRECTION, quantity, reason, approver, item=item)


def opening(
    desk: Desk,
    actor: Actor,
    count: PhysicalCount,
    document: str,
    approval: Approval | None,
    *,
    second_counter: str,
    item: str = BLANK,
) -> BlankBalance:
    """The stock on the day the program begins, once, counted blind by two and approved by a second person.

    Raises PolicyError "role.not_allowed", "approval.missing", "approval.for_another", "shift.count_negative",
    "shift.second_counter", "shift.counts_disagree", "stock.opened_already", "stock.item_unknown", "stock.quantity",
    "stock.document_missing".
    """
    roles.require(actor, Action.STOCK_CORRECTION)
    approver = demand(approval, Action.STOCK_CORRECTION, item, actor)
    with desk.unit(actor) as unit:
        counting.agreed(unit, actor, count, second_counter)
        if unit.stock.movements(item):
            raise PolicyError("stock.opened_already")
        said = {"first": count.first, "second": count.second, "books": 0, "second_counter": second_counter}
        unit.record(COUNTED, item, said, approver=approver)
        return _moved(
            desk, unit, Movement(_K.OPENING, count.first, *_paper(unit, document), approver, item=item)
        )


def count(
    desk: Desk,
    actor: Actor,
    found: PhysicalCount,
    reason: str = "",
    approval: Approval | None = None,
    *,
    second_counter: str,
    item: str = BLANK,
) -> None:
    """Journal a count of the cabinet at any time. It does not correct the books.

    Raises PolicyError "role.not_allowed", and as `counting.settled` with the approval of STOCK_CORRECTION on `item`.
    """
    roles.require(actor, Action.STOCK_COUNT)
    with desk.unit(actor) as unit:
        said, approver = counting.settled(
            unit, actor, found, reason, approval, second_counter=second_counter, subject=item, item=item
        )
        unit.record(COUNTED, item, said, approver=approver)


def balance(desk: Desk, actor: Actor) -> BlankBalance:
    """Where every blank is now. Raises PolicyError "role.not_allowed"."""
    roles.require(actor, Action.SEE_STOCK)
    with desk.unit(actor) as unit:
        return unit.stock.balance()


def loans(desk: Desk, actor: Actor, *, item: str = BLANK) -> tuple[Loan, ...]:
    """What is lent and borrowed now. Raises PolicyError "role.not_allowed"."""
    roles.require(actor, Action.SEE_STOCK)
    with desk.unit(actor) as unit:
        return outstanding(unit.stock.movements(item))


def _add(
    desk: Desk,
    actor: Actor,
    kind: MovementKind,
    quantity: int,
    document: str,
    approver: str | None = None,
    *,
    partner: str = "",
    serials: SerialRange | None = None,
    item: str,
) -> BlankBalance:
    with desk.unit(actor) as unit:
        paper = _paper(unit, document)
        return _moved(
            desk, unit, Movement(kind, quantity, *paper, approver, _spelt(unit, partner, item), serials, item)
        )


def _spelt(unit: UnitOfWork, partner: str, item: str) -> str:
    """The office as it was spelt when the loan was begun: capitals and blanks tell no two offices apart."""
    typed = mask_nik(" ".join(partner.split()))
    known = {one.partner.casefold(): one.partner for one in outstanding(unit.stock.movements(item))}
    return known.get(typed.casefold(), typed)


def _paper(unit: UnitOfWork, document: str) -> tuple[str, datetime, str]:
    return mask_nik(document.strip()), unit.at, unit.actor.username


def _moved(desk: Desk, unit: UnitOfWork, movement: Movement) -> BlankBalance:
    if movement.item != BLANK and movement.item not in {one.code for one in desk.consumables}:
        raise PolicyError("stock.item_unknown", item=movement.item)
    before = unit.stock.movements(movement.item)
    still_out = owed(before, movement.kind, movement.partner)
    check_movement(movement, unit.stock.left(movement.item), still_out)
    unit.stock.add(movement)
    return unit.stock.balance()
