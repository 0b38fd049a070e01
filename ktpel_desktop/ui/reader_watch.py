"""The readers of this PC as the window knows them: asked for in their own lane, again and again.

No screen ever waits for a reader. What is wrong with readers is a word on a page, never a message in the way.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Protocol

from PySide6.QtCore import QObject, QTimer, Signal

from ktpel_desktop.core.ports import Answer
from ktpel_desktop.ui.runner import Lane, Runner

log = logging.getLogger(__name__)

WAIT_SECONDS = 30.0
"""How long one question may take; a change answers it at once."""
BETWEEN_MS, AFTER_FAILURE_MS = 50, 2_000

RolesOf = Callable[[Sequence[str]], Mapping[str, Sequence[str]]]
"""What each of the readers of these names is for: codes of the table `reader_role`."""


class SeenReader(Protocol):
    """One reader and whether a card lies there."""

    @property
    def name(self) -> str: ...
    @property
    def present(self) -> bool: ...
    @property
    def mute(self) -> bool: ...
    @property
    def in_use(self) -> bool: ...


class Seen(Protocol):
    """All readers at one moment, and whether there is a service that knows them. Equal when nothing changed."""

    @property
    def readers(self) -> Sequence[SeenReader]: ...
    @property
    def service(self) -> Answer: ...
    @property
    def note(self) -> str: ...


class ReaderWatch(Protocol):
    """What is waited in, as devices.pcsc.monitor does it."""

    def wait(self, seconds: float) -> Seen:
        """The readers as soon as they differ from what was returned last, at most after so many seconds."""
        ...

    def cancel(self) -> None:
        """End the waiting for good; called while another thread waits."""
        ...

    def close(self) -> None:
        """Give back what the waiting held."""
        ...


class WatchedReaders(QObject):
    """Keeps the last look. Signal: `changed`, without arguments, when it is no longer the one before."""

    changed = Signal()

    def __init__(
        self, watch: ReaderWatch, runner: Runner, roles: RolesOf | None = None, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self.seen: Seen | None = None
        self._watch, self._runner, self._roles = watch, runner, roles
        self._ended = self._failed = False
        self._again = QTimer(self)
        self._again.setSingleShot(True)
        self._again.timeout.connect(self._ask)
        runner.when_closing(self._end)
        self._ask()

    def roles_of(self, reader: SeenReader) -> tuple[str, ...]:
        """What this reader is for, among those that are there now."""
        if self._roles is None or self.seen is None:
            return ()
        names = [one.name for one in self.seen.readers]
        return tuple(self._roles(names).get(reader.name, ()))

    def _ask(self) -> None:
        work = partial(self._watch.wait, WAIT_SECONDS)
        self._runner.run(Lane.READER, work, owner=self, done=self._told, failed=self._broke)

    def _told(self, seen: Seen) -> None:
        self._failed = False
        self._ask_again(BETWEEN_MS)
        if seen != self.seen:
            self.seen = seen
            self.changed.emit()

    def _broke(self, error: Exception) -> None:
        """A bug in the watch: told in the log once, and the readers become unknown."""
        if not self._failed:
            log.error("waiting for readers failed", exc_info=error)
        self._failed = True
        self._ask_again(AFTER_FAILURE_MS)
        if self.seen is not None:
            self.seen = None
            self.changed.emit()

    def _ask_again(self, milliseconds: int) -> None:
        if not self._ended:
            self._again.start(milliseconds)

    def _end(self) -> None:
        self._ended = True
        self._again.stop()
        self._watch.cancel()
        self._runner.run(Lane.READER, self._watch.close, owner=self)
