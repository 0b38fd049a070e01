"""What a print system is to the drivers: queues, documents, jobs and their states, whatever the computer.

The states are IPP's (RFC 8011 5.3.7), which Windows' job status is put into words of; GONE is what both may answer
when a job has ended and was not kept.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Protocol


class JobState(StrEnum):
    """Where a job is. The first four may still print by themselves."""

    PENDING = "pending"
    HELD = "held"
    PROCESSING = "processing"
    STOPPED = "stopped"
    CANCELLED = "cancelled"
    ABORTED = "aborted"
    COMPLETED = "completed"
    GONE = "gone"


FINAL = frozenset({JobState.CANCELLED, JobState.ABORTED, JobState.COMPLETED, JobState.GONE})


class QueueState(StrEnum):
    """What the print system does with a queue."""

    IDLE = "idle"
    PROCESSING = "processing"
    STOPPED = "stopped"


class Format(StrEnum):
    """What is handed over; RAW goes to the device untouched."""

    PDF = "application/pdf"
    PNG = "image/png"
    RAW = "application/octet-stream"


class Trouble(StrEnum):
    """What a printer complains of, in the words that a person can act on; the first of several is told."""

    OFFLINE = "offline"
    DOOR_OPEN = "door_open"
    NO_MEDIA = "no_media"
    SUPPLY_OUT = "supply_out"
    JAM = "jam"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Size:
    """A sheet or card in hundredths of a millimetre, the unit of IPP's media sizes; exact for CR80."""

    width: int
    height: int

    def turned(self) -> Size:
        return Size(self.height, self.width)

    def near(self, other: Size, within: int) -> bool:
        return abs(self.width - other.width) <= within and abs(self.height - other.height) <= within

    @property
    def points(self) -> tuple[float, float]:
        return (self.width * 72 / 2540, self.height * 72 / 2540)

    def pixels(self, dpi: int) -> tuple[int, int]:
        return (round(self.width * dpi / 2540), round(self.height * dpi / 2540))


@dataclass(frozen=True, slots=True)
class Document:
    """What is to be printed. `title` stands in the queue for all to see: never personal data.

    `size` is the medium asked for, None leaves it to the queue; `tray` is where it is to be taken from, "" leaves it to
    the printer. `strict`: on that medium, unscaled and one-sided, or not at all.
    """

    data: bytes = field(repr=False)
    format: Format
    title: str
    size: Size | None = None
    dpi: int | None = None
    strict: bool = False
    tray: str = ""


@dataclass(frozen=True, slots=True)
class Queue:
    """A queue as the print system sees it.

    `live`: the printer itself was asked just now. Without it `troubles` are what the last job met, perhaps long
    ago, and a printer that is switched off looks idle. `media` are the sizes it offers, `custom` the smallest and the
    largest that it cuts to order, both empty where untold. `printed` is the printer's own count of impressions, where
    it has one; `trays` are where it can take paper from (IPP's media-source), empty where untold.
    """

    name: str
    state: QueueState
    accepting: bool
    troubles: frozenset[Trouble] = frozenset()
    media: tuple[Size, ...] = ()
    custom: tuple[Size, Size] | None = None
    live: bool = False
    printed: int | None = None
    trays: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Job:
    """A job as the print system tells it now.

    `started`: whether it was ever given to the device: no, yes, or nobody knows (None). `mine`: this person's.
    """

    number: int
    title: str
    state: JobState
    started: bool | None = None
    mine: bool = False
    troubles: frozenset[Trouble] = frozenset()


@dataclass(frozen=True, slots=True)
class InstalledQueue:
    """A queue as it was set up: what its printer is said to be, and the address that its bytes go to.

    `device` is CUPS's device-uri or Windows' port, as it stands there.
    """

    name: str
    make: str
    device: str


class QueueList(Protocol):
    """The queues of CUPS or Windows' spooler."""

    def installed(self) -> tuple[InstalledQueue, ...]:
        """Every queue, as it was set up; no printer is asked. Raises DeviceError "queue.…", effect NONE."""
        ...


class PrintSystem(Protocol):
    """CUPS or Windows' spooler. Every failure is a DeviceError "queue.…" with its effect."""

    exact: Format
    """The format whose pages reach the device as they are, unscaled."""

    def queue(self, name: str, seconds: float = 5.0) -> Queue:
        """One queue, its printer asked too where that is possible. Raises "queue.unknown"."""
        ...

    def jobs(self, queue: str) -> tuple[Job, ...]:
        """Every job of the queue that is still known, ended ones included, oldest first."""
        ...

    def submit(self, queue: str, document: Document) -> int:
        """Hand a document over; the job's number. NONE if it was not accepted, UNKNOWN if nobody knows."""
        ...

    def job(self, queue: str, number: int) -> Job:
        """The job now; GONE when it is no longer known."""
        ...

    def cancel(self, queue: str, number: int) -> None:
        """Ask for the job's end. Returning is not proof: read the job again."""
        ...

    def settled(self, queue: str, number: int) -> None:
        """Nothing more will be asked about this job: what was kept for it may go."""
        ...


class ListedPrintSystem(PrintSystem, QueueList, Protocol):
    """One that tells its queues, too."""
