"""Movements of blanks and their balance, which is counted anew each time and never stored."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import Connection, case, func, select

from ktpel_desktop.core.issuance import OPEN, JobState
from ktpel_desktop.core.stock import BlankBalance, Movement, MovementKind, check_movement
from ktpel_desktop.store.chain import Chain
from ktpel_desktop.store.columns import moment, moment_text
from ktpel_desktop.store.schema import job, movement
from ktpel_desktop.store.statements import Statement, insert_into

SUBJECT = "blangko"
"""Subject of the stock's events."""

_M = movement.c
_READ = Statement(select(_M.kind, _M.quantity, _M.document, _M.at, _M.by, _M.approver).order_by(_M.event_seq))
_INSERT = insert_into(movement)
_SUMS = Statement(select(_M.kind, func.sum(_M.quantity)).group_by(_M.kind))
_JOBS = Statement(select(job.c.state, func.count()).group_by(job.c.state))
_SIGNED = case((_M.kind == MovementKind.RETURNED.value, -_M.quantity), else_=_M.quantity)
_CAME = select(func.coalesce(func.sum(_SIGNED), 0)).scalar_subquery()
_TAKEN = (
    select(func.count()).select_from(job).where(job.c.state != JobState.CANCELLED.value).scalar_subquery()
)
_LEFT = Statement(select(_CAME - _TAKEN))


def blanks_left(connection: Connection) -> int:
    """Blanks that must lie in the cabinet."""
    return int(_LEFT.run(connection).scalar() or 0)


class Blanks:
    """Implements core.records.Stock."""

    def __init__(self, connection: Connection, chain: Chain) -> None:
        self._connection = connection
        self._chain = chain

    def add(self, movement: Movement) -> None:
        """Raises PolicyError as `core.stock.check_movement` does."""
        check_movement(movement, blanks_left(self._connection))
        said = {"quantity": movement.quantity, "document": movement.document}
        event = self._chain.record(f"stock.{movement.kind.value}", SUBJECT, said, movement.approver)
        _INSERT.run(
            self._connection,
            event_seq=event.seq,
            kind=movement.kind.value,
            quantity=movement.quantity,
            document=movement.document,
            at=moment_text(movement.at),
            by=movement.by,
            approver=movement.approver,
        )

    def movements(self) -> Sequence[Movement]:
        """Every movement, in the order of the register."""
        return [
            Movement(MovementKind(kind), quantity, document, moment(at), by, approver)
            for kind, quantity, document, at, by, approver in _READ.run(self._connection)
        ]

    def balance(self) -> BlankBalance:
        """The same arithmetic as `core.stock.balance`, with the sums made by the database."""
        sums: dict[str, int] = dict(map(tuple, _SUMS.run(self._connection)))
        jobs: dict[str, int] = dict(map(tuple, _JOBS.run(self._connection)))
        return BlankBalance(
            opening=sums.get(MovementKind.OPENING, 0),
            received=sums.get(MovementKind.RECEIVED, 0),
            corrected=sums.get(MovementKind.CORRECTION, 0),
            issued=jobs.get(JobState.ISSUED, 0),
            spoiled=jobs.get(JobState.SPOILED, 0),
            returned=sums.get(MovementKind.RETURNED, 0),
            open=sum(jobs.get(state, 0) for state in OPEN),
        )
