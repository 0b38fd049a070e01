"""The issuance journal: every move of a job is one event and one guarded update in the same transaction."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any

from sqlalchemy import Connection, bindparam, exists, func, select, text, update

from ktpel_desktop.core.errors import PolicyError
from ktpel_desktop.core.issuance import TRANSITIONS, Job, JobState, SpoilReason
from ktpel_desktop.store.chain import Chain
from ktpel_desktop.store.columns import moment, moment_text
from ktpel_desktop.store.schema import JOB_IS_OPEN, listed
from ktpel_desktop.store.schema import job as table
from ktpel_desktop.store.statements import Statement, insert_into
from ktpel_desktop.store.stock import blanks_left

_C = table.c
_READ = select(
    *(_C.id, _C.request_id, _C.state, _C.order_id, _C.digest, _C.created_at, _C.created_by),
    *(_C.chip_serial, _C.write_attempts, _C.printer_marker, _C.spoil_reason),
)
_GET = Statement(_READ.where(_C.id == bindparam("id")))
_SAME_REQUEST = _C.request_id == bindparam("request_id")
_OF_REQUEST = Statement(_READ.where(_SAME_REQUEST).order_by(_C.created_at, _C.id))
_COUNTS = Statement(select(_C.state, func.count()).group_by(_C.state))
_MAY_OPEN = Statement(
    select(
        exists().where(_SAME_REQUEST, _C.state == JobState.ISSUED.value),
        exists().where(_SAME_REQUEST, text(JOB_IS_OPEN)),
        exists().where(_C.order_id == bindparam("order_id")),
    )
)
_CHIP_TAKEN = Statement(select(_C.id).where(_C.chip_serial == bindparam("serial"), _C.id != bindparam("id")))
_INSERT = insert_into(table)
_MOVE = Statement(
    update(table)
    .where(
        _C.id == bindparam("job_id"),
        _C.state == bindparam("before"),
        _C.write_attempts == bindparam("attempts_before"),
    )
    .values(
        {
            name: bindparam(name)
            for name in (
                *("state", "chip_serial", "write_attempts", "printer_marker"),
                *("spoil_reason", "event_seq"),
            )
        }
    )
)


class Journal:
    """Implements core.records.Jobs."""

    def __init__(self, connection: Connection, chain: Chain) -> None:
        self._connection = connection
        self._chain = chain

    def open(self, job: Job) -> None:
        """Raises PolicyError "issuing.already_issued", "issuing.job_open", "order.used", "issuing.no_blank"."""
        issued, open_one, order_used = _MAY_OPEN.run(
            self._connection, request_id=job.request_id, order_id=job.order_id
        ).one()
        if issued:
            raise PolicyError("issuing.already_issued", request=job.request_id)
        if open_one:
            raise PolicyError("issuing.job_open", request=job.request_id)
        if order_used:
            raise PolicyError("order.used", order=job.order_id)
        if blanks_left(self._connection) < 1:
            raise PolicyError("issuing.no_blank")
        said = {"job": job.id, "order": job.order_id, "digest": job.digest}
        event = self._chain.record(_kind(job.state), job.request_id, said)
        _INSERT.run(
            self._connection,
            id=job.id,
            request_id=job.request_id,
            state=job.state.value,
            order_id=job.order_id,
            digest=job.digest,
            created_at=moment_text(job.created_at),
            created_by=job.created_by,
            chip_serial=job.chip_serial,
            write_attempts=job.write_attempts,
            printer_marker=job.printer_marker,
            spoil_reason=job.spoil_reason,
            event_seq=event.seq,
        )

    def get(self, job_id: str) -> Job:
        """Raises PolicyError "issuing.unknown"."""
        row = _GET.run(self._connection, id=job_id).first()
        if row is None:
            raise PolicyError("issuing.unknown", job=job_id)
        return _job(row)

    def of_request(self, request_id: str) -> Sequence[Job]:
        """The request's jobs, oldest first."""
        return [_job(row) for row in _OF_REQUEST.run(self._connection, request_id=request_id)]

    def in_states(self, states: frozenset[JobState]) -> Sequence[Job]:
        """Jobs in any of these states, oldest first."""
        return [_job(row) for row in _in_states(states).run(self._connection)] if states else []

    def counts(self) -> Mapping[JobState, int]:
        """How many jobs are in each state; a state without jobs is left out."""
        return {JobState(state): number for state, number in _COUNTS.run(self._connection)}

    def move(
        self,
        job: Job,
        to: JobState,
        *,
        chip_serial: str | None = None,
        printer_marker: int | None = None,
        spoil_reason: SpoilReason | None = None,
        data: Mapping[str, object] | None = None,
        approver: str | None = None,
    ) -> Job:
        """The moved job, as the port says.

        Writes count per chip: a move back to RESERVED forgets the chip and its attempts, for the next card is a
        new one. Raises PolicyError "issuing.not_allowed", "issuing.moved_meanwhile", "issuing.chip_used".
        """
        if (job.state, to) not in TRANSITIONS:
            raise PolicyError("issuing.not_allowed", state=job.state, to=to)
        now = self.get(job.id)
        if (now.state, now.write_attempts) != (job.state, job.write_attempts):
            raise PolicyError("issuing.moved_meanwhile", job=job.id, state=now.state)
        if chip_serial is not None and self._taken(chip_serial, job.id):
            raise PolicyError("issuing.chip_used")
        after = _after(now, to, chip_serial, printer_marker, spoil_reason)
        said: dict[str, object] = {**(data or {}), "job": job.id, "from": job.state.value}
        if to is JobState.ENCODING:
            said["attempts"] = after["write_attempts"]
        given = {"chip_serial": chip_serial, "marker": printer_marker, "reason": spoil_reason}
        said |= {name: value for name, value in given.items() if value is not None}
        event = self._chain.record(_kind(to), job.request_id, said, approver)
        moved = _MOVE.run(
            self._connection,
            job_id=job.id,
            before=job.state.value,
            attempts_before=job.write_attempts,
            event_seq=event.seq,
            **after,
        )
        if moved.rowcount != 1:
            raise AssertionError("a job moved while its unit held the write lock")
        return self.get(job.id)

    def _taken(self, serial: str, job_id: str) -> bool:
        return _CHIP_TAKEN.run(self._connection, serial=serial, id=job_id).first() is not None


@cache
def _in_states(states: frozenset[JobState]) -> Statement:
    return Statement(_READ.where(text(f"state IN ({listed(states)})")).order_by(_C.created_at, _C.id))


def _after(
    job: Job, to: JobState, serial: str | None, marker: int | None, reason: SpoilReason | None
) -> dict[str, object]:
    """The changing columns after the move."""
    back = to is JobState.RESERVED
    return {
        "state": to.value,
        "chip_serial": None if back else serial or job.chip_serial,
        "write_attempts": 0 if back else job.write_attempts + (to is JobState.ENCODING),
        "printer_marker": job.printer_marker if marker is None else marker,
        "spoil_reason": None if reason is None else reason.value,
    }


def _kind(state: JobState) -> str:
    return f"job.{state.value}"


def _job(row: Sequence[Any]) -> Job:
    id_, request_id, state, order_id, digest, created_at, created_by, serial, attempts, marker, reason = row
    return Job(
        id_,
        request_id,
        JobState(state),
        order_id,
        digest,
        moment(created_at),
        created_by,
        serial,
        attempts,
        marker,
        None if reason is None else SpoilReason(reason),
    )
