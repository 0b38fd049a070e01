"""What every page is handed: the desk, who sits at it, the lanes, and the ways to other pages."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from ktpel_desktop.core.ports import USUAL, PrinterChoice
from ktpel_desktop.core.roles import Action, Actor, may
from ktpel_desktop.services.desk import Desk
from ktpel_desktop.ui.messages import MessagePanel
from ktpel_desktop.ui.reader_watch import WatchedReaders
from ktpel_desktop.ui.runner import Runner


@dataclass(frozen=True, slots=True)
class SampleAccount:
    """An account of the training office that the login page may show with its password."""

    username: str
    password: str
    name: str
    role: str


@dataclass(frozen=True, slots=True)
class SampleResident:
    """A made-up resident of the training office, whom SIAK's simulator knows."""

    nik: str
    kk: str
    name: str


def _nowhere(_name: str, **_what: object) -> None:
    """Before the window is there, no page can be gone to."""


@dataclass(slots=True)
class Workplace:
    """One PC of the room while the program runs."""

    desk: Desk
    runner: Runner
    messages: MessagePanel
    pc: str = "PC-1"
    readers: WatchedReaders | None = None
    """The card readers of this PC, where they are real ones."""
    samples: Sequence[SampleAccount] = ()
    resident_for: Callable[[str], SampleResident | None] | None = None
    """In training: somebody who may ask for the service of this code."""
    names: dict[str, str] = field(default_factory=dict)
    actor: Actor | None = None
    go: Callable[..., None] = _nowhere
    print_on: PrinterChoice = USUAL
    """Where pages of this PC come out until the program ends."""
    home: Callable[[], None] = field(default=lambda: None)
    recount: Callable[[], None] = field(default=lambda: None)
    """What waits has changed: strip and navigation count again now."""

    @property
    def me(self) -> Actor:
        """Who is logged in; a page exists only while somebody is."""
        if self.actor is None:
            raise RuntimeError("nobody is logged in")
        return self.actor

    def name_of(self, username: str) -> str:
        """A person's name, where the office knows it."""
        return self.names.get(username, username)

    def names_of(self, username: str, approver: str | None) -> str:
        """Who did it, with the second person where there was one."""
        first = self.name_of(username)
        return f"{first} + {self.name_of(approver)}" if approver else first

    def may(self, action: Action) -> bool:
        """Whether who is logged in may do it."""
        return self.actor is not None and may(self.actor, action)

    def now(self) -> datetime:
        """The present moment in the office's time."""
        return self.desk.clock.now().astimezone(self.desk.office.timezone)

    def local(self, moment: datetime) -> datetime:
        """A moment of the records in the office's time."""
        return moment.astimezone(self.desk.office.timezone)
