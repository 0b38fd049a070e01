"""What the use cases need from the outside, as protocols of a few verbs each.

Device rules (design.md 7): blocking, no retries, no words for people; `health` never raises; every other
failure is a DeviceError whose `effect` is honest. Gateway failures are GatewayErrors, store failures StoreErrors.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Protocol

from ktpel_desktop.core.availability import LineState
from ktpel_desktop.core.chip_load import ChipLoad, ChipReading
from ktpel_desktop.core.issuance import ChipProbe
from ktpel_desktop.core.line_sharing import Evidence
from ktpel_desktop.core.nik import Nik
from ktpel_desktop.core.outbox import Delivery
from ktpel_desktop.core.placement import FoundDevices
from ktpel_desktop.core.print_order import PrintOrder
from ktpel_desktop.core.thermometer import AirSensor

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


class Stage(StrEnum):
    """The parts of writing a chip, in their order."""

    IDENTIFY = "identify"
    AUTHENTICATE = "authenticate"
    WRITE = "write"
    READ_BACK = "read_back"
    LOCK = "lock"


@dataclass(frozen=True, slots=True)
class Step:
    """How far a chip's writing is. `share` goes from 0.0 to 1.0 over all stages, `done` of `total` are the bytes of
    this one, `part` is the file. While `may_stop`, nothing has been written yet.
    """

    stage: Stage
    share: float
    part: str = ""
    done: int = 0
    total: int = 0
    may_stop: bool = False


Progress = Callable[[Step], None]
"""Told each step. It may raise UserCancelled at a step that `may_stop`, and at no other."""


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

    def write(self, serial: str, load: ChipLoad, progress: Progress) -> ChipProbe:
        """Write every file, read each back, verify SIAK's signature over what was read, lock, confirm the lock.

        Checks the serial before the first writing command. What is returned was read from the chip, never assumed.
        Raises DeviceError with the effect: NONE only if no writing command was sent; UserCancelled only before that.
        """
        ...

    def read(self) -> ChipReading:
        """The whole chip, judged. Raises DeviceError as `probe` does."""
        ...


@dataclass(frozen=True, slots=True, repr=False)
class CardFace:
    """Artwork of one card: PNG of the colour layer and 1-bit PNG of the black layer, at `dpi`."""

    colour: bytes
    black: bytes
    dpi: int


class PrintStage(StrEnum):
    """What a card printer is doing, for a live status; nothing follows from it."""

    SENDING = "sending"
    WAITING = "waiting"
    PRINTING = "printing"
    COUNTING = "counting"


def unheard(_stage: PrintStage) -> None:
    """Nobody listens to the stages of this print."""


class CardPrinter(Device, Protocol):
    """Printer of card faces."""

    def marker(self) -> int:
        """Cards printed in the printer's life, the marker of an intent. Raises DeviceError."""
        ...

    def print_card(self, face: CardFace, tag: str, told: Callable[[PrintStage], None] = unheard) -> None:
        """Print one card and put it out. Returning means the counter went up by one and the card is out.

        `told` hears each stage that the printer can tell apart, some of them never; it must not raise.
        """
        ...

    def clear_queue(self) -> bool:
        """Take out whatever of ours still waits to be printed; whether any of it may have begun. Raises DeviceError."""
        ...


class Spot(StrEnum):
    """Where a card is, by the printer's own sensors."""

    NOWHERE = "nowhere"
    STATION = "station"
    INSIDE = "inside"
    UNKNOWN = "unknown"


class CardFeeder(Protocol):
    """A printer with the chip's reader inside: moves one card at a time without printing it.

    `feed_to_station`, then the chip is written, then `CardPrinter.print_card` prints the card at the station and puts
    it out; `reject` instead where anything about the card is in doubt. Every verb raises DeviceError; NONE means that
    no card was moved.
    """

    def spot(self) -> Spot:
        """Where a card is. Moves nothing."""
        ...

    def feed_to_station(self) -> None:
        """Take a card to the contactless station; returning means that the sensor there sees it."""
        ...

    def eject(self) -> None:
        """Put the card out unprinted; returning means that none is inside any more."""
        ...

    def reject(self) -> None:
        """Put the card into the box of rejected cards; returning means that none is inside any more."""
        ...


class ReceiptPrinter(Device, Protocol):
    """Receipt printer (ESC/POS)."""

    def send(self, data: bytes) -> None:
        """Send a whole receipt."""
        ...


class DotMatrixPrinter(Device, Protocol):
    """Dot-matrix printer with continuous form (ESC/P)."""

    def send_raw(self, data: bytes, title: str) -> None:
        """Send whole forms in the printer's own language; the title holds no personal data. Raises DeviceError."""
        ...


@dataclass(frozen=True, slots=True)
class PrinterChoice:
    """Where a page is to come out: a queue of the print system and one of its trays, "" for what the settings say."""

    queue: str = ""
    tray: str = ""


USUAL = PrinterChoice()
"""The printer and tray of the settings."""


@dataclass(frozen=True, slots=True)
class PageQueue:
    """A printer that pages can be sent to, and how it is. `trays` are the print system's own words, none where untold;
    `usual` is the one of the settings.
    """

    name: str
    health: Health
    trays: tuple[str, ...] = ()
    usual: bool = False


class PagePrinter(Device, Protocol):
    """Laser printer of pages."""

    def print_pdf(self, pdf: bytes, title: str, choice: PrinterChoice = USUAL) -> None:
        """Print a PDF document. Raises DeviceError, "page.no_tray" where the printer has no such tray."""
        ...

    def queues(self) -> Sequence[PageQueue]:
        """Every printer to choose from, the usual one first; some seconds. Raises DeviceError of the print system."""
        ...


@dataclass(frozen=True, slots=True)
class Reading:
    """One measured value with its unit, the instrument it came from, and the raw evidence.

    `air` is what is known of a sensor of the room's air; other instruments have none.
    """

    value: float
    unit: str
    source: str
    evidence: str = ""
    air: AirSensor | None = None


class Sensor(Device, Protocol):
    """An instrument of the room: thermometer, power meter, line test."""

    def read(self) -> Reading:
        """One reading. Raises DeviceError."""
        ...


class LineWatcher(Protocol):
    """The room's network line: is it up, and does anybody else use it?"""

    def probe(self) -> LineState:
        """One knock at everything that the settings name; a few seconds. Never raises."""
        ...

    def sharing(self) -> Sequence[Evidence]:
        """What can be seen now of others on the line (counters of the router, cameras). Never raises."""
        ...

    contract_mbps: float | None
    """What was ordered from the provider; None where nobody stated it."""


class DeviceFinder(Protocol):
    """What this PC sees of the room's devices: plugged in, installed, in the network."""

    def find(self) -> FoundDevices:
        """Some seconds. Never raises: what could not be looked at is a note."""
        ...


# ---------------------------------------------------------------- kept papers


class Archive(Protocol):
    """Papers as they left the program, each under the SHA-256 (hex) of its bytes: kept once, never changed."""

    def keep(self, paper: bytes, form: str, year: int) -> str:
        """Keep it, if it is not kept yet, and tell its digest. `form` is the file's suffix, such as "pdf".

        Raises StoreError "archive.not_written", "archive.altered", "file.not_written".
        """
        ...

    def read(self, digest: str) -> bytes:
        """The paper, its digest computed again. Raises StoreError "archive.missing", "archive.altered"."""
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
