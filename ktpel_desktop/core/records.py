"""What the use cases need from the office's records: one transaction at a time, repositories of a few verbs each.

Failures of the database are StoreErrors; a rule that the records themselves hold is a PolicyError.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from ktpel_desktop.core.audit import Event
from ktpel_desktop.core.availability import Moment
from ktpel_desktop.core.destruction import Deed, Destruction, HeldCard
from ktpel_desktop.core.issuance import Job, JobState, SpoilReason
from ktpel_desktop.core.nik import Nik
from ktpel_desktop.core.outbox import Delivery
from ktpel_desktop.core.ports import Answer
from ktpel_desktop.core.request import Request, RequestState, StateChange
from ktpel_desktop.core.roles import Actor, Role
from ktpel_desktop.core.room import RoomCheck
from ktpel_desktop.core.stock import BLANK, BlankBalance, Movement


@dataclass(frozen=True, slots=True)
class Person:
    """An account of the office."""

    username: str
    name: str
    role: Role
    active: bool = True


class People(Protocol):
    """Accounts; passwords are kept as Argon2id hashes only."""

    def add(self, person: Person, password: str) -> None: ...
    def list(self) -> Sequence[Person]: ...
    def authenticate(self, username: str, password: str) -> Person:
        """Raises PolicyError "login.wrong", "login.locked", "login.inactive"."""
        ...


@dataclass(frozen=True, slots=True, repr=False)
class RequestFilter:
    """Which requests a list shows. `text` matches number, ticket, name or a full NIK."""

    states: frozenset[RequestState] = frozenset()
    text: str = ""
    claimed_by: str = ""
    service: str = ""
    open_only: bool = False


class Requests(Protocol):
    """Requests. Every change is guarded by the state it starts from and journalled in the same transaction."""

    def add(self, request: Request) -> None: ...
    def get(self, request_id: str) -> Request:
        """Raises PolicyError "request.unknown"."""
        ...

    def move(
        self,
        request: Request,
        to: RequestState,
        *,
        reasons: Sequence[str] = (),
        result: str | None = None,
        data: Mapping[str, object] | None = None,
        approver: str | None = None,
    ) -> Request:
        """Raises PolicyError "request.not_allowed" (no such transition), "request.moved_meanwhile"."""
        ...

    def set_documents(self, request: Request, documents: frozenset[str]) -> Request: ...
    def claim(self, request: Request, until: datetime) -> Request:
        """Raises PolicyError "request.claimed" naming the holder."""
        ...

    def release(self, request: Request, approver: str | None = None) -> Request: ...
    def find(self, wanted: RequestFilter, limit: int = 100, offset: int = 0) -> Sequence[Request]:
        """Lawful priorities first, then by time of acceptance."""
        ...

    def count(self) -> Mapping[RequestState, int]: ...
    def open_of(self, nik: Nik, service: str | None = None) -> Sequence[Request]: ...
    def next_number(self, prefix: str, day_start: datetime) -> str:
        """The next counter number of the day, e.g. "A-012"."""
        ...

    def history(self, request_id: str) -> Sequence[StateChange]: ...


class Jobs(Protocol):
    """The issuance journal."""

    def open(self, job: Job) -> None:
        """Raises PolicyError "issuing.job_open", "issuing.already_issued", "issuing.no_blank", "order.used"."""
        ...

    def get(self, job_id: str) -> Job: ...
    def of_request(self, request_id: str) -> Sequence[Job]: ...
    def in_states(self, states: frozenset[JobState]) -> Sequence[Job]: ...
    def counts(self) -> Mapping[JobState, int]: ...
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
        """State and event together. A move to ENCODING adds one write attempt; a move back to RESERVED
        forgets the chip and its attempts. Raises PolicyError "issuing.not_allowed", "issuing.moved_meanwhile",
        "issuing.chip_used".
        """
        ...


class Stock(Protocol):
    """Movements of blanks and consumables, each an item."""

    def add(self, movement: Movement) -> None: ...
    def movements(self, item: str = BLANK) -> Sequence[Movement]: ...
    def left(self, item: str = BLANK) -> int: ...
    def sums(self) -> Mapping[str, Mapping[str, int]]:
        """Quantities moved so far, by item and kind."""
        ...

    def balance(self) -> BlankBalance: ...


class Destructions(Protocol):
    """Cards held for destruction, and what became of them."""

    def held(self) -> Sequence[HeldCard]:
        """Every card that must be destroyed and was not yet, the longest held first."""
        ...

    def next_number(self, year: int) -> int:
        """The number of the year's next minutes."""
        ...

    def add(self, year: int, deed: Deed, cards: Sequence[HeldCard], approver: str) -> Destruction:
        """Write one destruction down. Raises PolicyError "destruction.not_held" where a card is held no more."""
        ...

    def all(self) -> Sequence[Destruction]:
        """The newest first."""
        ...

    def get(self, destruction: int) -> Destruction:
        """Raises PolicyError "destruction.unknown"."""
        ...

    def cards(self, destruction: int) -> Sequence[HeldCard]:
        """What was destroyed then, the longest held first."""
        ...


class Outbox(Protocol):
    """Deliveries waiting and done."""

    def put(self, delivery: Delivery) -> None:
        """Keep it for delivery; it replaces an undelivered one of the same id."""
        ...

    def get(self, delivery_id: str) -> Delivery: ...
    def waiting(self) -> Sequence[Delivery]: ...
    def of_request(self, request_id: str) -> Sequence[Delivery]: ...
    def confirmed(self, after: int, until: int) -> int:
        """Cards issued by events of these places (`after` excluded, `until` included) that SIAK acknowledged."""
        ...

    def delivered(self, delivery_id: str) -> None: ...
    def failed(self, delivery_id: str, error: str, next_at: datetime) -> None: ...


@dataclass(frozen=True, slots=True, repr=False)
class Handover:
    """Step 7: who took the result. `chip_answers` is the reader's word just before."""

    request_id: str
    collector: str
    relation: str
    identity: str
    withdrawn: tuple[str, ...]
    chip_answers: Answer
    at: datetime
    by: str


@dataclass(frozen=True, slots=True)
class Shift:
    """One working day of the room, from opening to the signed report."""

    id: int
    opened_at: datetime
    opened_by: str
    first_event: int
    closed_at: datetime | None = None
    closed_by: str | None = None
    last_event: int | None = None


class Shifts(Protocol):
    """Working days."""

    def open(self, data: Mapping[str, object] | None = None) -> Shift:
        """`data` goes into the event. Raises PolicyError "shift.already_open"."""
        ...

    def current(self) -> Shift | None: ...
    def latest(self) -> Shift | None: ...
    def close(self, approver: str | None = None) -> Shift: ...


class RoomLog(Protocol):
    """Results of room checks and waivers."""

    def add(self, check: RoomCheck) -> None: ...
    def latest(self) -> Sequence[RoomCheck]:
        """The newest result of each item."""
        ...

    def history(self, item: str, limit: int = 100) -> Sequence[RoomCheck]: ...

    def add_moment(self, found: Moment) -> None:
        """Keep what the line's probe of a minute found; what is older than `availability.MONTH` is forgotten."""
        ...

    def moments(self, since: datetime) -> Sequence[Moment]:
        """Probes since then, oldest first."""
        ...


class Events(Protocol):
    """The audit chain, to read."""

    def all(self, after: int = 0, until: int | None = None) -> Iterator[Event]: ...
    def of(self, subject: str) -> Sequence[Event]: ...
    def of_kinds(self, kinds: frozenset[str], after: int = 0) -> Sequence[Event]: ...
    def head(self) -> Event | None: ...


class UnitOfWork(Protocol):
    """One transaction of one actor at one instant: all of it is kept, or nothing."""

    actor: Actor
    at: datetime
    people: People
    requests: Requests
    jobs: Jobs
    stock: Stock
    outbox: Outbox
    shifts: Shifts
    destructions: Destructions
    room: RoomLog
    events: Events

    def record(
        self,
        kind: str,
        subject: str,
        data: Mapping[str, object] | None = None,
        approver: str | None = None,
    ) -> Event:
        """Add an event of its own to the chain."""
        ...

    def add_handover(self, handover: Handover) -> None: ...
    def handover(self, request_id: str) -> Handover | None: ...


class Store(Protocol):
    """The office's records."""

    def unit(self, actor: Actor, at: datetime) -> AbstractContextManager[UnitOfWork]:
        """A transaction: committed at a clean end, rolled back by any exception. Raises StoreError."""
        ...


class ChangeFeed(Protocol):
    """Tells that another program changed the store."""

    def changed(self) -> bool:
        """Whether anything was committed elsewhere since the last call."""
        ...

    def close(self) -> None: ...
