"""The one thread boundary: five lanes of one thread each, a locked queue of closures, one signal without arguments.

    runner.run(Lane.DEVICE, work, owner=page, done=page.printed, failed=page.not_printed)

`work` runs in the lane and touches no widget; `done` and `failed` run in the window's thread and touch nothing
slow. Work of one lane runs in the order it was given and never overlaps itself, so a device, the gateway and
the store each see one caller at a time. Results for a destroyed owner are dropped (the work itself is not).
"""

from __future__ import annotations

import logging
import threading
import time
from collections import deque
from collections.abc import Callable
from enum import StrEnum
from functools import partial
from itertools import count
from queue import SimpleQueue
from typing import Any, TypeVar, overload

import shiboken6
from PySide6.QtCore import QObject, Qt, Signal

log = logging.getLogger(__name__)

T = TypeVar("T")
Report = Callable[[Any], None]
"""Given to work that tells how far it is, in whatever its listener understands."""


class Lane(StrEnum):
    """What waits for what: a thread each for devices, SIAK, the store, the wait for readers, and looks at the room."""

    DEVICE = "perangkat"
    NETWORK = "jaringan"
    QUERY = "basis-data"
    READER = "pembaca"
    ROOM = "ruangan"


NETWORK_PATIENCE = 3.0
"""Seconds at the end of the program for an answer of SIAK, or a look at the room, that is on its way."""
READER_PATIENCE = 1.0
"""Seconds at the end of the program for a wait for readers that was told to end."""


class _LaneThread:
    """One daemon thread with its queue; `pending` counts what was given and has not ended yet."""

    def __init__(self, lane: Lane) -> None:
        self.pending = 0
        self.lock = threading.Lock()
        self.queue: SimpleQueue[tuple[Callable[[], None], Callable[[], None]] | None] = SimpleQueue()
        self.thread = threading.Thread(target=self._serve, name=f"ktpel-{lane}", daemon=True)
        self.thread.start()

    def put(self, act: Callable[[], None], let_go: Callable[[], None]) -> None:
        """Do `act`, then forget it and call `let_go`."""
        with self.lock:
            self.pending += 1
        self.queue.put((act, let_go))

    def _serve(self) -> None:
        while (given := self.queue.get()) is not None:
            act, let_go = given
            try:
                act()
            finally:
                with self.lock:
                    self.pending -= 1
            del given, act
            let_go()
            del let_go


class Runner(QObject):
    """Runs work in lanes and brings its result back to the thread that made the runner."""

    _woken = Signal()  # nothing travels through Qt's argument marshalling (design.md 9)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.on_failure: Callable[[Exception], object] | None = None
        """Takes a failure that no `failed` took: the window's message panel."""
        self._lanes = {lane: _LaneThread(lane) for lane in Lane}
        self._ending: list[Callable[[], object]] = []
        self._lock = threading.Lock()
        self._closures: deque[Callable[[], None]] = deque()
        self._given: dict[int, Callable[[], None]] = {}
        """What the lanes may still hold: a page's last reference is dropped in its own thread."""
        self._numbers = count()
        self._signalled = False
        self._closed = False
        self._woken.connect(self._drain, Qt.ConnectionType.QueuedConnection)

    @overload
    def run(
        self,
        lane: Lane,
        work: Callable[[], T],
        *,
        owner: QObject,
        done: Callable[[T], object] | None = None,
        failed: Callable[[Exception], object] | None = None,
    ) -> None: ...

    @overload
    def run(
        self,
        lane: Lane,
        work: Callable[[Report], T],
        *,
        owner: QObject,
        done: Callable[[T], object] | None = None,
        failed: Callable[[Exception], object] | None = None,
        progress: Callable[[Any], object],
    ) -> None: ...

    def run(
        self,
        lane: Lane,
        work: Callable[..., T],
        *,
        owner: QObject,
        done: Callable[[T], object] | None = None,
        failed: Callable[[Exception], object] | None = None,
        progress: Callable[[Any], object] | None = None,
    ) -> None:
        """Run `work` in the lane; with `progress`, work is given a function that reports how far it is."""
        if self._closed:
            log.warning("work given after closing was dropped")
            return
        arguments = () if progress is None else (self._reporter(owner, progress),)

        def act() -> None:
            try:
                result = work(*arguments)
            except Exception as error:  # noqa: BLE001 - whatever it was belongs to the window's thread
                self._post(owner, partial(self._fail, error, failed))
            else:
                self._post(owner, lambda: done(result) if done is not None else None)

        number = next(self._numbers)
        self._given[number] = act
        self._lanes[lane].put(act, partial(self._post, self, partial(self._given.pop, number)))

    def busy(self, lane: Lane) -> bool:
        """Whether work of the lane runs or waits."""
        return self._lanes[lane].pending > 0

    def quiet(self) -> bool:
        """Whether nothing runs that ends by itself. Who waits for readers waits as long as the program runs."""
        return not any(self.busy(lane) for lane in Lane if lane is not Lane.READER)

    def when_idle(self, lane: Lane, owner: QObject, then: Callable[[], object]) -> None:
        """Call `then` once all work given to the lane so far has ended and been delivered."""
        self.run(lane, lambda: None, owner=owner, done=lambda _nothing: then())

    def when_closing(self, act: Callable[[], object]) -> None:
        """Call `act` when the runner is about to close: it ends a wait that would not end by itself."""
        self._ending.append(act)

    def close(self, patience: float = 60.0) -> bool:
        """Take no more work and wait for the device and store lanes. Whether both came to their end in time.

        The network lane is given a moment only: everything in it may be lost at any moment and is made to be; so are
        the room's lane, whose looks come round again, and the reader lane, which brings nothing that is kept.
        A thread that still runs while the interpreter ends could take it down.
        """
        while self._ending:
            self._ending.pop()()
        self._closed = True
        for lane in self._lanes.values():
            lane.queue.put(None)
        ended = True
        for name in (Lane.DEVICE, Lane.QUERY):
            self._lanes[name].thread.join(patience)
            ended = ended and not self._lanes[name].thread.is_alive()
        moment = time.monotonic() + min(patience, NETWORK_PATIENCE)
        for name in (Lane.NETWORK, Lane.ROOM):
            self._lanes[name].thread.join(max(0.0, moment - time.monotonic()))
        self._lanes[Lane.READER].thread.join(min(patience, READER_PATIENCE))
        return ended

    def _reporter(self, owner: QObject, progress: Callable[[Any], object]) -> Report:
        """A report function of which only the newest value waits: a fast device must not flood the window."""
        lock = threading.Lock()
        newest: list[Any] = []

        def deliver() -> None:
            with lock:
                value = newest.pop()
            progress(value)

        def report(value: Any) -> None:
            with lock:
                waiting = bool(newest)
                newest[:] = [value]
            if not waiting:
                self._post(owner, deliver)

        return report

    def _post(self, owner: QObject, closure: Callable[[], object]) -> None:
        def guarded() -> None:
            if shiboken6.isValid(owner):
                closure()

        with self._lock:
            self._closures.append(guarded)
            wake = not self._signalled
            self._signalled = True
        if wake and shiboken6.isValid(self):
            self._woken.emit()

    def _drain(self) -> None:
        with self._lock:
            closures = list(self._closures)
            self._closures.clear()
            self._signalled = False
        for closure in closures:
            try:
                closure()
            except Exception as error:
                log.exception("a screen failed at a result")
                self._fail(error, None)

    def _fail(self, error: Exception, failed: Callable[[Exception], object] | None) -> None:
        taker = failed or self.on_failure
        if taker is None:
            log.error("a failure that nobody took", exc_info=error)
        else:
            taker(error)
