"""What lies in which reader, waited for without a thread: whoever calls `wait` waits.

pyscard's two monitors end for good when the service restarts (cards.md B3). This one drops its context at any error
and opens the next one, for ever; on Windows the service stops with the last reader and starts with the first.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable
from dataclasses import dataclass
from threading import Event, Lock
from time import monotonic

from smartcard import scard

from ktpel_desktop.core.errors import DeviceError
from ktpel_desktop.core.ports import Answer
from ktpel_desktop.devices.pcsc.context import Context, Seen, opened

log = logging.getLogger(__name__)

PLUGGED = "\\\\?PnP?\\Notification"
"""The reader that is none: it changes when one is plugged in or out (SCardGetStatusChange of pcsc-lite, Microsoft)."""

_SLICE = 0.5
"""Seconds of one waiting. A cancel that comes between two of them is seen after this long at the latest."""
_BREATH = 0.02
"""Seconds between two looks at least: a driver that always says "changed" must not take a whole core."""


@dataclass(frozen=True, slots=True)
class ReaderState:
    """One reader. `events` counts cards put in and taken away: two cards swapped between two looks differ in it."""

    name: str
    present: bool
    mute: bool
    in_use: bool
    atr: bytes
    events: int


@dataclass(frozen=True, slots=True)
class Snapshot:
    """All readers at one moment; `note` is the code of why there are none or the service does not answer."""

    readers: tuple[ReaderState, ...] = ()
    service: Answer = Answer.UNKNOWN
    note: str = ""


class ReaderMonitor:
    """Keeps a context of its own between two waits. `wait` belongs to one thread; the others may be called from any."""

    def __init__(self) -> None:
        self._context: Context | None = None
        self._last = Snapshot()
        self._plugged: int | None = 0  # the state of PLUGGED, None where the service does not know it
        self._busy = Lock()
        self._ended = Event()

    def wait(self, seconds: float) -> Snapshot:
        """The readers as soon as they differ from what the last `wait` returned, at most after so many seconds.

        Never raises DeviceError: what went wrong is in the snapshot. Returns at once after `cancel`.
        """
        until = monotonic() + seconds
        with self._busy:
            while not self._ended.is_set():
                found, states = self._observe()
                left = until - monotonic()
                if found != self._last or left <= 0:
                    self._last = found
                    break
                self._pause(min(left, _SLICE), states)
            if self._ended.is_set():
                self._drop()
            return self._last

    def look(self) -> Snapshot:
        """The readers now, by a context of its own: it does not wait for the thread that waits."""
        try:
            with opened() as context:
                return _snapshot(_states(context))
        except DeviceError as error:
            return _failed(error)

    def cancel(self) -> None:
        """End the waiting for good: a `wait` in another thread returns within half a second, usually at once."""
        self._ended.set()
        context = self._context
        if context is not None:
            context.cancel()

    def close(self) -> None:
        """Cancel and give the context back; where a wait still holds it, the wait does so at its end."""
        self.cancel()
        if self._busy.acquire(timeout=2 * _SLICE):
            try:
                self._drop()
            finally:
                self._busy.release()

    def _observe(self) -> tuple[Snapshot, tuple[Seen, ...]]:
        try:
            if self._context is None:
                self._context = Context()
            states = _states(self._context)
        except DeviceError as error:
            self._drop()
            return _failed(error), ()
        return _snapshot(states), states

    def _pause(self, seconds: float, states: tuple[Seen, ...]) -> None:
        """Wait for a change of these readers, or of their number."""
        if self._context is None:
            self._ended.wait(seconds)
            return
        known = [(seen.name, seen.state & ~scard.SCARD_STATE_CHANGED) for seen in states]
        if self._plugged is not None:
            known.append((PLUGGED, self._plugged))
        began = monotonic()
        changed: tuple[Seen, ...] = ()
        try:
            changed = self._context.changes(known, int(seconds * 1000))
        except DeviceError as error:
            self._misunderstood(error, self._context)
        for seen in changed:
            if seen.name == PLUGGED:
                self._plugged = seen.state & ~scard.SCARD_STATE_CHANGED
        if monotonic() - began < _BREATH:
            self._ended.wait(_BREATH if changed else seconds)

    def _misunderstood(self, error: DeviceError, context: Context) -> None:
        """A reader was unplugged meanwhile, the service does not know PLUGGED, or it is gone: look again."""
        try:
            if error.code != "pcsc.reader_unknown":
                raise error
            context.changes([(PLUGGED, 0)], 0)
        except DeviceError as own:
            if own.code == "pcsc.reader_unknown":
                self._plugged = None
                return
            log.info("the service was lost while waiting: %s", own.code)
            self._drop()

    def _drop(self) -> None:
        context, self._context = self._context, None
        if context is not None:
            context.close()
            self._plugged = None if self._plugged is None else 0


def _states(context: Context) -> tuple[Seen, ...]:
    names = context.names()
    return context.changes([(name, scard.SCARD_STATE_UNAWARE) for name in names], 0)


def _snapshot(states: Iterable[Seen]) -> Snapshot:
    readers = tuple(_reader(seen) for seen in states if not seen.state & scard.SCARD_STATE_UNKNOWN)
    return Snapshot(readers, Answer.YES, "" if readers else "chip.reader_gone")


def _reader(seen: Seen) -> ReaderState:
    present = bool(seen.state & scard.SCARD_STATE_PRESENT)
    return ReaderState(
        name=seen.name,
        present=present,
        mute=bool(seen.state & scard.SCARD_STATE_MUTE),
        in_use=bool(seen.state & (scard.SCARD_STATE_INUSE | scard.SCARD_STATE_EXCLUSIVE)),
        atr=seen.atr if present else b"",
        events=seen.state >> 16 & 0xFFFF,
    )


def _failed(error: DeviceError) -> Snapshot:
    gone = error.code in ("pcsc.no_service", "pcsc.service_stopped", "pcsc.access_denied")
    return Snapshot((), Answer.NO if gone else Answer.UNKNOWN, error.code)
