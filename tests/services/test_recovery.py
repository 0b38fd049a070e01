"""A restart makes known what is known, for the prints of its own PC, and starts no device."""

from __future__ import annotations

import pytest

from ktpel_desktop.core.issuance import OPEN, RECOVERY, Job, JobState, Recovery
from ktpel_desktop.core.roles import Actor
from ktpel_desktop.services import issuing, recovery
from tests.services.office import AGUS, BUDI, World, nik


def printing(world: World, resident: int, actor: Actor) -> Job:
    """A job whose program died after the intent to print."""
    job = world.encoded(nik(resident))
    with world.desk.unit(actor) as unit:
        return unit.jobs.move(job, JobState.PRINTING, printer_marker=0)


def test_a_print_in_doubt_becomes_unknown(day: World) -> None:
    job = printing(day, 1, BUDI)
    (found,) = recovery.recover(day.desk, BUDI)
    assert (found.id, found.state) == (job.id, JobState.PRINT_UNKNOWN)
    assert day.events("job.PRINT_UNKNOWN")[0][1]["cause"] == "restart"
    assert day.bench.counter == 0
    assert recovery.recover(day.desk, BUDI) == (found,)
    assert len(day.events("job.PRINT_UNKNOWN")) == 1


def test_a_print_of_the_other_pc_is_its_own(day: World) -> None:
    mine, theirs = printing(day, 1, BUDI), printing(day, 2, AGUS)
    found = {job.id: job.state for job in recovery.recover(day.desk, BUDI)}
    assert found == {mine.id: JobState.PRINT_UNKNOWN, theirs.id: JobState.PRINTING}
    found = {job.id: job.state for job in recovery.recover(day.desk, AGUS)}
    assert set(found.values()) == {JobState.PRINT_UNKNOWN}


@pytest.mark.parametrize("stage", ["reserved", "encoded", "printed", "reporting"])
def test_every_other_open_job_stays_as_it_was(day: World, stage: str) -> None:
    job = getattr(day, stage)()
    assert recovery.recover(day.desk, BUDI) == (job,)
    assert issuing.interrupted(day.desk, BUDI) == (job,)


def test_what_has_ended_is_not_interrupted(day: World) -> None:
    day.produced()
    assert recovery.recover(day.desk, BUDI) == ()


def test_only_a_print_changes_by_itself() -> None:
    changing = {state for state, rule in RECOVERY.items() if rule is Recovery.BECOME_UNKNOWN}
    assert changing == {JobState.PRINTING}
    assert {state for state, rule in RECOVERY.items() if rule is Recovery.NOTHING} == set(JobState) - OPEN
