"""Recovery at start: makes known what is known, and never starts a device."""

from __future__ import annotations

from ktpel_desktop.core.issuance import OPEN, RECOVERY, Job, JobState, Recovery
from ktpel_desktop.core.records import UnitOfWork
from ktpel_desktop.core.roles import Actor
from ktpel_desktop.services.desk import Desk


def recover(desk: Desk, actor: Actor) -> tuple[Job, ...]:
    """Turn this PC's prints in doubt into PRINT_UNKNOWN; return every open job for "Pekerjaan terputus".

    A job that another PC is printing right now is left alone: its own program answers for it.
    """
    with desk.unit(actor) as unit:
        for job in unit.jobs.in_states(frozenset({JobState.PRINTING})):
            if RECOVERY[job.state] is Recovery.BECOME_UNKNOWN and _last_pc(unit, job) == actor.pc:
                unit.jobs.move(job, JobState.PRINT_UNKNOWN, data={"cause": "restart"})
        return tuple(unit.jobs.in_states(OPEN))


def _last_pc(unit: UnitOfWork, job: Job) -> str:
    moves = (event for event in unit.events.of(job.request_id) if event.data.get("job") == job.id)
    return max(moves, key=lambda event: event.seq).pc
