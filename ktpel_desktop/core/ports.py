"""What the use cases need from the outside, as protocols of a few verbs each.

Device rules (design.md 7): blocking, no retries, no words for people; `health` never raises; every other
failure is a DeviceError whose `effect` is honest. Gateway failures are GatewayErrors, store failures StoreErrors.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Protocol

from ktpel_desktop.core.audit import Event
from ktpel_desktop.core.issuance import ChipProbe, Job, JobState, SpoilReason
from ktpel_desktop.core.nik import Nik
from ktpel_desktop.core.outbox import Delivery
from ktpel_desktop.core.print_order import PrintOrder, VerifiedOrder
from ktpel_desktop.core.request import Request, RequestState, StateChange
from ktpel_desktop.core.roles import Actor, Role
from ktpel_desktop.core.room import RoomCheck
from ktpel_desktop.core.stock import BlankBalance, Movement
from ktpel_desktop.core.subject import Subject

# ---------------------------------------------------------------- time, chance


class Clock(Protocol):
    """Time, in one place."""

    def now(self) -> datetime:
        """The present moment, aware, UTC."""
        ...


class Ids(Protocol):
    """Fresh identifiers."""

    def ticket(self) -> str:
        """A new ticket code (core.ticket)."""
        ...


# ---------------------------------------------------------------- devices


class Answer(StrEnum):
    """A device's word about itself."""

    YES = "yes"
    NO = "no"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Health:
    """`ready` with the codes of what is wrong or odd (resources/teks) and readings such as counters."""

    ready: Answer
    notes: tuple[str, ...] = ()
    readings: Mapping[str, str] = field(default_factory=dict)


Progress = Callable[[float], None]
"""Told the share done, 0.0 to 1.0."""


class Device(Protocol):
    """Every device can be asked how it is."""

    def health(self) -> Health:
        """Answer within a second, never raise, never move a card."""
        ...


class ChipStation(Device, Protocol):
    """Reader and encoder of the contactless chip."""

    def probe(self) -> ChipProbe:
        """Serial and content of the card on the reader. Raises DeviceError "chip.no_card", "chip.mute", …"""
        ...

    def write(self, serial: str, content: bytes, progress: Progress) -> None:
        """Write the content whole, verify and lock. Checks the serial before the first writing command.

        Raises DeviceError with the effect: NONE only if no writing command was sent.
        """
        ...


@dataclass(frozen=True, slots=True, repr=False)
class CardFace:
    """Artwork of one card: PNG of the colour layer and 1-bit PNG of the black layer, at `dpi`."""

    colour: bytes
    black: bytes
    dpi: int


class CardPrinter(Device, Protocol):
    """Printer of card faces."""

    def marker(self) -> int:
        """Cards printed in the printer's life, the marker of an intent. Raises DeviceError."""
        ...

    def print_card(self, face: CardFace, tag: str) -> None:
        """Print one card and put it out. Returning means the counter went up by one and the card is out."""
        ...


class ReceiptPrinter(Device, Protocol):
    """Receipt printer (ESC/POS)."""

    def send(self, data: bytes) -> None:
        """Send a whole receipt."""
        ...


class PagePrinter(Device, Protocol):
    """Laser or dot-matrix printer of pages."""

    def print_pdf(self, pdf: bytes, title: str) -> None:
        """Print a PDF document."""
        ...


@dataclass(frozen=True, slots=True)
class Reading:
    """One measured value with its unit, the instrument it came from, and the raw evidence."""

    value: float
    unit: str
    source: str
    evidence: str = ""


class Sensor(Device, Protocol):
    """An instrument of the room: thermometer, power meter, line test."""

    def read(self) -> Reading:
        """One reading. Raises DeviceError."""
        ...


# ---------------------------------------------------------------- SIAK


@dataclass(frozen=True, slots=True, repr=False)
class SiakRecord:
    """What SIAK knows of a NIK: the subject's plain fields (no biometrics) and the enrolment state."""

    nik: Nik
    fields: Mapping[str, str]
    enrolment: str


class Reception(StrEnum):
    """SIAK's answer to a delivery."""

    ACCEPTED = "accepted"
    ALREADY_HAD = "already_had"


class Siak(Protocol):
    """The gateway. Raises GatewayError; UNKNOWN effect where the answer was lost."""

    def health(self) -> Health:
        """Whether SIAK can be reached; never raises."""
        ...

    def look_up(self, nik: Nik) -> SiakRecord:
        """The record of a NIK."""
        ...

    def print_order(self, job_id: str, request_id: str, nik: Nik, service: str) -> PrintOrder:
        """The print order for this job: the same job always gets the same order."""
        ...

    def deliver(self, delivery: Delivery) -> Reception:
        """Deliver a print result or a status. Idempotent by the delivery's id."""
        ...


# ---------------------------------------------------------------- store


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
    """Movements of blanks."""

    def add(self, movement: Movement) -> None: ...
    def movements(self) -> Sequence[Movement]: ...
    def balance(self) -> BlankBalance: ...


class Outbox(Protocol):
    """Deliveries waiting and done."""

    def put(self, delivery: Delivery) -> None:
        """Keep it for delivery; it replaces an undelivered one of the same id."""
        ...

    def get(self, delivery_id: str) -> Delivery: ...
    def waiting(self) -> Sequence[Delivery]: ...
    def of_request(self, request_id: str) -> Sequence[Delivery]: ...
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

    def open(self) -> Shift:
        """Raises PolicyError "shift.already_open"."""
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


class Events(Protocol):
    """The audit chain, to read."""

    def all(self, after: int = 0, until: int | None = None) -> Iterator[Event]: ...
    def of(self, subject: str) -> Sequence[Event]: ...
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


# ---------------------------------------------------------------- papers


@dataclass(frozen=True, slots=True, repr=False)
class ReceiptData:
    """What stands on an applicant's receipt: never a full NIK or name."""

    office: str
    number: str
    ticket: str
    service: str
    name_masked: str
    nik_masked: str
    accepted_at: datetime
    promised_at: datetime
    documents: tuple[str, ...]
    missing: tuple[str, ...]
    status_url: str
    complaints: str
    copy: int = 0
    training: bool = False


@dataclass(frozen=True, slots=True)
class DailyReport:
    """The figures of one working day, ready to be set in type. Durations in minutes."""

    office: str
    place: str
    date: datetime
    shift_id: int
    requests_in: int
    issued: int
    documents_made: int
    handed_over: int
    incomplete: int
    rejected: int
    waiting: Mapping[str, int]
    spoiled: Mapping[str, int]
    services: Sequence[tuple[str, int, int]]
    balance: BlankBalance
    counted: int | None
    oldest_waiting_days: int
    median_minutes: int | None
    room: Sequence[RoomCheck]
    outage_minutes: int
    chain_count: int
    chain_head: str
    chain_intact: bool
    closed_by: str
    signed_by: str
    training: bool


class Papers(Protocol):
    """Bytes of papers and card faces from plain data; the same data always gives the same bytes."""

    def card_face(self, order: VerifiedOrder) -> CardFace: ...
    def proof(self, subject: Subject) -> bytes:
        """PNG of the face with CONTOH over it, never printable as a card."""
        ...

    def receipt(self, data: ReceiptData) -> bytes:
        """ESC/POS bytes."""
        ...

    def daily_report(self, report: DailyReport) -> bytes:
        """PDF, A4."""
        ...
