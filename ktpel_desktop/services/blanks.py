"""The register of blank cards: what came, what went back, and corrections by two persons (domain.md 6)."""

from __future__ import annotations

from ktpel_desktop.core import roles
from ktpel_desktop.core.errors import PolicyError
from ktpel_desktop.core.roles import Action, Actor
from ktpel_desktop.core.stock import BlankBalance, Movement, MovementKind, check_movement
from ktpel_desktop.services.approvals import Approval, demand
from ktpel_desktop.services.desk import Desk

SUBJECT = "blangko"
"""Subject of an approval of STOCK_CORRECTION."""


def receive(desk: Desk, actor: Actor, quantity: int, document: str) -> BlankBalance:
    """Blanks have come from the Suku Dinas, under the number of the hand-over minutes.

    Raises PolicyError "role.not_allowed", "stock.quantity", "stock.document_missing".
    """
    roles.require(actor, Action.STOCK_RECEIVE)
    return _add(desk, actor, MovementKind.RECEIVED, quantity, document)


def give_back(desk: Desk, actor: Actor, quantity: int, document: str) -> BlankBalance:
    """Blanks go back to the Suku Dinas.

    Raises PolicyError "role.not_allowed", "stock.quantity", "stock.document_missing", "stock.more_than_left".
    """
    roles.require(actor, Action.STOCK_RETURN)
    return _add(desk, actor, MovementKind.RETURNED, quantity, document)


def correct(desk: Desk, actor: Actor, quantity: int, reason: str, approval: Approval | None) -> BlankBalance:
    """Bring the books to what lies in the cabinet, with a written reason and a second person.

    Raises PolicyError "role.not_allowed", "approval.missing", "approval.for_another", "stock.quantity",
    "stock.document_missing", "stock.more_than_left".
    """
    roles.require(actor, Action.STOCK_CORRECTION)
    approver = demand(approval, Action.STOCK_CORRECTION, SUBJECT, actor)
    return _add(desk, actor, MovementKind.CORRECTION, quantity, reason, approver)


def opening(
    desk: Desk, actor: Actor, quantity: int, document: str, approval: Approval | None
) -> BlankBalance:
    """The stock on the day the program begins, once, with a second person.

    Raises PolicyError "role.not_allowed", "approval.missing", "approval.for_another", "stock.opened_already",
    "stock.quantity", "stock.document_missing".
    """
    roles.require(actor, Action.STOCK_CORRECTION)
    approver = demand(approval, Action.STOCK_CORRECTION, SUBJECT, actor)
    return _add(desk, actor, MovementKind.OPENING, quantity, document, approver)


def balance(desk: Desk, actor: Actor) -> BlankBalance:
    """Where every blank is now. Raises PolicyError "role.not_allowed"."""
    roles.require(actor, Action.SEE_STOCK)
    with desk.unit(actor) as unit:
        return unit.stock.balance()


def _add(
    desk: Desk,
    actor: Actor,
    kind: MovementKind,
    quantity: int,
    document: str,
    approver: str | None = None,
) -> BlankBalance:
    with desk.unit(actor) as unit:
        if kind is MovementKind.OPENING and unit.stock.movements():
            raise PolicyError("stock.opened_already")
        movement = Movement(kind, quantity, document.strip(), unit.at, actor.username, approver)
        check_movement(movement, unit.stock.balance().left)
        unit.stock.add(movement)
        return unit.stock.balance()
