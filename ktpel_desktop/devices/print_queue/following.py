"""A document to the end of its job: what the print system did with it, and what is certain of it.

Effects (design.md 7): NONE where nothing was accepted, or where the job ended in the queue before the device was
given a byte; after that everything but the job's completion is UNKNOWN. A job that does not end is taken out of the
queue, so that nothing prints by itself when nobody expects it any more.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, replace
from enum import StrEnum

from ktpel_desktop.core.errors import DeviceError, Effect
from ktpel_desktop.devices.print_queue.jobs import FINAL, Document, Job, JobState, PrintSystem

Watch = Callable[[Job], None]
"""Told every new state of the job, for a live status."""


class End(StrEnum):
    """How the following of a job ended."""

    SENT = "sent"
    """The print system completed it: every byte went to the device. Not: printed."""
    STOPPED = "stopped"
    """Cancelled by somebody, aborted by the print system, or held or stopped by it and then cancelled here."""
    GAVE_UP = "gave_up"
    """It did not end in time; cancelled here."""
    STILL_QUEUED = "still_queued"
    """It did not end, and it is not certain that it was cancelled: it may print later."""
    GONE = "gone"
    """The print system no longer knows the job."""
    LOST = "lost"
    """The print system fell silent."""


@dataclass(frozen=True, slots=True)
class Delivered:
    """How it ended, with the job as last seen. `effect` matters for every end but SENT."""

    end: End
    effect: Effect
    job: Job


@dataclass(frozen=True, slots=True)
class Pace:
    """How long is waited, in seconds: for the end, between two looks, for a silent print system.

    A held or stopped job is waited for only `stuck` seconds: neither goes on by itself. `cancelling` is the time a
    cancelled job has to end.
    """

    patience: float = 180.0
    look: float = 0.25
    silence: float = 15.0
    stuck: float = 2.0
    cancelling: float = 8.0
    monotonic: Callable[[], float] = time.monotonic
    sleep: Callable[[float], None] = time.sleep


def deliver(
    system: PrintSystem,
    queue: str,
    document: Document,
    *,
    pace: Pace | None = None,
    watch: Watch | None = None,
) -> Delivered:
    """Submit and follow. Raises DeviceError only where nothing was accepted or where nobody can know.

    A lost answer is looked for in the queue, so that a job that was accepted all the same is not left there.
    """
    pace = pace or Pace()
    newest = max((job.number for job in system.jobs(queue)), default=0)
    try:
        number = system.submit(queue, document)
    except DeviceError as error:
        found = None if error.effect is Effect.NONE else _accepted(system, queue, document.title, newest)
        if found is None:
            raise
        number = found
    delivered = _follow(system, queue, number, pace, watch)
    if delivered.end not in {End.LOST, End.STILL_QUEUED}:
        system.settled(queue, number)
    return delivered


def take_back(system: PrintSystem, queue: str, job: Job, pace: Pace | None = None) -> Delivered:
    """Cancel a job and wait until that is certain; never raises. STILL_QUEUED where it is not."""
    pace = pace or Pace()
    with suppress(DeviceError):  # perhaps it has ended; the next look says so
        system.cancel(queue, job.number)
    end = pace.monotonic() + pace.cancelling
    while True:
        try:
            job = _joined(job, system.job(queue, job.number))
        except DeviceError:
            pass
        else:
            if job.state in FINAL:
                return _ended(job)
        if pace.monotonic() >= end:
            return Delivered(End.STILL_QUEUED, Effect.UNKNOWN, job)
        pace.sleep(pace.look)


def _accepted(system: PrintSystem, queue: str, title: str, newest: int) -> int | None:
    """The one job of ours that came after `newest` under this title."""
    try:
        jobs = system.jobs(queue)
    except DeviceError:
        return None
    numbers = [job.number for job in jobs if job.mine and job.title == title and job.number > newest]
    return numbers[0] if len(numbers) == 1 else None


def _follow(system: PrintSystem, queue: str, number: int, pace: Pace, watch: Watch | None) -> Delivered:
    last = Job(number, "", JobState.PENDING, mine=True)
    end = pace.monotonic() + pace.patience
    silent_since: float | None = None
    stuck_since: float | None = None
    told: Job | None = None
    while True:
        now = pace.monotonic()
        try:
            last = _joined(last, system.job(queue, number))
            silent_since = None
        except DeviceError:
            silent_since = now if silent_since is None else silent_since
            if now - silent_since >= pace.silence:
                return Delivered(End.LOST, Effect.UNKNOWN, last)
        if watch is not None and last != told:
            watch(last)
            told = last
        if last.state in FINAL:
            return _ended(last)
        stuck = last.state in {JobState.HELD, JobState.STOPPED}
        stuck_since = (now if stuck_since is None else stuck_since) if stuck else None
        if stuck_since is not None and now - stuck_since >= pace.stuck:
            return _given_up(take_back(system, queue, last, pace), End.STOPPED)
        if now >= end:
            return _given_up(take_back(system, queue, last, pace), End.GAVE_UP)
        pace.sleep(pace.look)


def _given_up(taken_back: Delivered, why: End) -> Delivered:
    """A job that was cancelled here ended for the reason for which it was cancelled."""
    return replace(taken_back, end=why) if taken_back.end is End.STOPPED else taken_back


def _joined(before: Job, now: Job) -> Job:
    """What is seen now, not forgetting that it was once being processed or what its title was."""
    started = True if before.started else now.started
    if now.state is JobState.GONE:
        return replace(before, state=JobState.GONE, started=started)
    return replace(now, started=started)


def _ended(job: Job) -> Delivered:
    """An ended job: only one that surely never reached the device left nothing behind."""
    if job.state is JobState.COMPLETED:
        return Delivered(End.SENT, Effect.UNKNOWN, job)
    if job.state is JobState.GONE:
        return Delivered(End.GONE, Effect.UNKNOWN, job)
    return Delivered(End.STOPPED, Effect.NONE if job.started is False else Effect.UNKNOWN, job)
