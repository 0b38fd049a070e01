"""Movements of blanks and consumables, and their balance, which is counted anew each time and never stored."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from sqlalchemy import Connection, bindparam, case, func, select, text

from ktpel_desktop.core.issuance import JobState
from ktpel_desktop.core.serials import SerialRange
from ktpel_desktop.core.stock import (
    BLANK,
    OUTGOING,
    BlankBalance,
    Movement,
    MovementKind,
    balance_of,
    check_movement,
    owed,
)
from ktpel_desktop.store.chain import Chain
from ktpel_desktop.store.columns import moment, moment_text
from ktpel_desktop.store.schema import job, listed, movement
from ktpel_desktop.store.statements import Statement, insert_into

_M = movement.c
_OF_ITEM = _M.item == bindparam("item")
_READ = Statement(
    select(
        *(_M.kind, _M.quantity, _M.document, _M.at, _M.by, _M.approver),
        *(_M.partner, _M.serial_first, _M.serial_last),
    )
    .where(_OF_ITEM)
    .order_by(_M.event_seq)
)
_INSERT = insert_into(movement)
_SUMS = Statement(select(_M.item, _M.kind, func.sum(_M.quantity)).group_by(_M.item, _M.kind))
_JOBS = Statement(select(job.c.state, func.count()).group_by(job.c.state))
_CHANGE = case((text(f"kind IN ({listed(OUTGOING)})"), -_M.quantity), else_=_M.quantity)
_CAME = select(func.coalesce(func.sum(_CHANGE), 0)).where(_OF_ITEM).scalar_subquery()
_TAKEN = (
    select(func.count()).select_from(job).where(job.c.state != JobState.CANCELLED.value).scalar_subquery()
)
_LEFT = Statement(select(_CAME))
_BLANKS_LEFT = Statement(select(_CAME - _TAKEN))


def blanks_left(connection: Connection) -> int:
    """Blanks that must lie in the cabinet."""
    return int(_BLANKS_LEFT.run(connection, item=BLANK).scalar() or 0)


class Stock:
    """Implements core.records.Stock."""

    def __init__(self, connection: Connection, chain: Chain) -> None:
        self._connection = connection
        self._chain = chain

    def add(self, movement: Movement) -> None:
        """Raises PolicyError as `core.stock.check_movement` does."""
        still_out = owed(self.movements(movement.item), movement.kind, movement.partner)
        check_movement(movement, self.left(movement.item), still_out)
        said: dict[str, object] = {"quantity": movement.quantity, "document": movement.document}
        if movement.partner:
            said["partner"] = movement.partner
        serials = movement.serials
        if serials is not None:
            said |= {"serial_first": serials.first, "serial_last": serials.last}
        event = self._chain.record(f"stock.{movement.kind.value}", movement.item, said, movement.approver)
        _INSERT.run(
            self._connection,
            event_seq=event.seq,
            kind=movement.kind.value,
            quantity=movement.quantity,
            document=movement.document,
            at=moment_text(movement.at),
            by=movement.by,
            approver=movement.approver,
            partner=movement.partner,
            serial_first=None if serials is None else serials.first,
            serial_last=None if serials is None else serials.last,
            item=movement.item,
        )

    def movements(self, item: str = BLANK) -> Sequence[Movement]:
        """Every movement of an item, in the order of the register."""
        return [
            Movement(
                *(MovementKind(kind), quantity, document, moment(at), by, approver, partner),
                serials=None if first is None else SerialRange(first, last),
                item=item,
            )
            for kind, quantity, document, at, by, approver, partner, first, last in _READ.run(
                self._connection, item=item
            )
        ]

    def left(self, item: str = BLANK) -> int:
        """Pieces of an item that must lie in the cabinet."""
        if item == BLANK:
            return blanks_left(self._connection)
        return int(_LEFT.run(self._connection, item=item).scalar() or 0)

    def sums(self) -> Mapping[str, Mapping[str, int]]:
        """Quantities moved so far, by item and kind."""
        found: dict[str, dict[str, int]] = {}
        for item, kind, quantity in _SUMS.run(self._connection):
            found.setdefault(item, {})[kind] = int(quantity)
        return found

    def balance(self) -> BlankBalance:
        """The same arithmetic as `core.stock.balance`, with the sums made by the database."""
        jobs = {JobState(state): int(count) for state, count in _JOBS.run(self._connection)}
        return balance_of(self.sums().get(BLANK, {}), jobs)
