"""Lets the workbench follow the screen: what a person would do with their hands when the screen says so.

A person at a real bench picks up the card that the screen is about, and puts blanks that were delivered into the
cabinet. In training the store tells the bench; nothing else about the store changes.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from typing import Any, cast

from ktpel_desktop.core.issuance import Job, JobState, SpoilReason
from ktpel_desktop.core.records import Store, UnitOfWork
from ktpel_desktop.core.roles import Actor
from ktpel_desktop.core.stock import Movement, MovementKind
from ktpel_desktop.devices.simulator.hands import AutoHands
from ktpel_desktop.devices.simulator.workbench import Workbench


class FollowingStore:
    """A store over whose shoulder bench and hands look."""

    def __init__(self, store: Store, bench: Workbench, hands: AutoHands) -> None:
        self._store, self._bench, self._hands = store, bench, hands

    @contextmanager
    def unit(self, actor: Actor, at: datetime) -> Iterator[UnitOfWork]:
        """As the store's own."""
        with self._store.unit(actor, at) as unit:
            yield cast(UnitOfWork, _Unit(unit, self._bench, self._hands))


class _Unit:
    def __init__(self, unit: UnitOfWork, bench: Workbench, hands: AutoHands) -> None:
        self._unit = unit
        self.jobs = _Jobs(unit.jobs, hands)
        self.stock = _Stock(unit.stock, bench)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._unit, name)


class _Jobs:
    def __init__(self, jobs: Any, hands: AutoHands) -> None:
        self._jobs, self._hands = jobs, hands

    def __getattr__(self, name: str) -> Any:
        return getattr(self._jobs, name)

    def open(self, job: Job) -> None:
        self._jobs.open(job)
        self._hands.want_blank()

    def get(self, job_id: str) -> Job:
        return self._seen(self._jobs.get(job_id))

    def move(self, job: Job, to: JobState, **changes: Any) -> Job:
        moved = self._seen(self._jobs.move(job, to, **changes))
        if moved.state is JobState.SPOILED and moved.spoil_reason is not SpoilReason.MISSING:
            self._hands.discard(moved.chip_serial)
        return moved

    def _seen(self, job: Job) -> Job:
        if job.open and job.chip_serial is not None:
            self._hands.want(job.chip_serial)
        elif job.open:
            self._hands.want_blank()
        return job

    def of_request(self, request_id: str) -> Sequence[Job]:
        jobs: Sequence[Job] = self._jobs.of_request(request_id)
        if jobs and jobs[-1].state is JobState.ISSUED and jobs[-1].chip_serial is not None:
            self._hands.want(jobs[-1].chip_serial)
        return jobs


class _Stock:
    def __init__(self, stock: Any, bench: Workbench) -> None:
        self._stock, self._bench = stock, bench

    def __getattr__(self, name: str) -> Any:
        return getattr(self._stock, name)

    def add(self, movement: Movement) -> None:
        """As the store's own. Deliveries and returns move blanks; an opening or a correction only counts them."""
        self._stock.add(movement)
        if movement.kind is MovementKind.RECEIVED:
            self._bench.restock(movement.quantity)
        elif movement.kind is MovementKind.RETURNED:
            self._bench.restock(-movement.quantity)
