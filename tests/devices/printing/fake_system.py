"""A print system by script: jobs whose states come one after the other, one at each look."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace

from ktpel_desktop.core.errors import DeviceError, Effect
from ktpel_desktop.devices.print_queue.following import Pace
from ktpel_desktop.devices.print_queue.jobs import (
    FINAL,
    Document,
    Format,
    InstalledQueue,
    Job,
    JobState,
    Queue,
    QueueState,
    Size,
)

CARD_QUEUE = Queue("kartu", QueueState.IDLE, accepting=True, media=(Size(5398, 8560),))
Look = Job | DeviceError | JobState
SILENT = DeviceError("queue.system_silent", Effect.NONE)


@dataclass
class Time:
    """A clock that only sleeping moves."""

    now: float = 0.0

    def monotonic(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        self.now += seconds

    def pace(self, **changes: float) -> Pace:
        pace = Pace(patience=20, look=0.5, silence=5, stuck=2, cancelling=3)
        return replace(pace, monotonic=self.monotonic, sleep=self.sleep, **changes)


@dataclass
class FakeSystem:
    """`looks`: what each look at the newest job shows, the last one for ever. `cancelled`: what it shows then."""

    looks: Sequence[Look] = (JobState.COMPLETED,)
    cancelled: Look | None = None
    known: Queue = CARD_QUEUE
    exact: Format = Format.PDF
    refusal: DeviceError | None = None
    accepts_all_the_same: bool = False
    history: list[Job] = field(default_factory=list)
    submitted: list[Document] = field(default_factory=list)
    cancels: list[int] = field(default_factory=list)
    settles: list[int] = field(default_factory=list)
    at_end: Callable[[], None] = lambda: None
    seen: int = 0
    others: tuple[str, ...] = ()

    def queue(self, name: str, seconds: float = 5.0) -> Queue:
        if name != self.known.name:
            raise DeviceError("queue.unknown", Effect.NONE, queue=name)
        return self.known

    def installed(self) -> tuple[InstalledQueue, ...]:
        return tuple(InstalledQueue(name, "", "") for name in (*self.others, self.known.name))

    def jobs(self, queue: str) -> tuple[Job, ...]:
        return tuple(self.history)

    def submit(self, queue: str, document: Document) -> int:
        if self.refusal is None or self.accepts_all_the_same:
            self.submitted.append(document)
            number = max((job.number for job in self.history), default=40) + 1
            self.history.append(Job(number, document.title, JobState.PENDING, started=False, mine=True))
        if self.refusal is not None:
            raise self.refusal
        return self.history[-1].number

    def job(self, queue: str, number: int) -> Job:
        (position,) = [at for at, job in enumerate(self.history) if job.number == number]
        look: Look
        if number in self.cancels and self.cancelled is not None:
            look = self.cancelled
        elif position < len(self.history) - 1 or not self.submitted:
            return self.history[position]
        else:
            look = self.looks[min(self.seen, len(self.looks) - 1)]
            self.seen += 1
        if isinstance(look, DeviceError):
            raise look
        job = self.history[position]
        job = replace(job, state=look) if isinstance(look, JobState) else replace(look, number=number)
        self.history[position] = job
        if job.state in FINAL:
            self.at_end()
        return job

    def cancel(self, queue: str, number: int) -> None:
        self.cancels.append(number)
        if isinstance(self.cancelled, DeviceError):
            raise self.cancelled
        for at, job in enumerate(self.history):
            if job.number == number and job.state not in FINAL and isinstance(self.cancelled, JobState):
                self.history[at] = replace(job, state=self.cancelled)

    def settled(self, queue: str, number: int) -> None:
        self.settles.append(number)


def job(state: JobState, started: bool | None) -> Job:
    return Job(0, "", state, started, mine=True)
