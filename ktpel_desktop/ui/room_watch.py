"""The room while somebody works: the knock of each minute, instruments looked at again, and what the mains do.

All of it is in a lane of its own, for a look may wait long; nothing of it asks a person anything. What needs the
devices' lane is left to who walks through the room.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from enum import Enum, auto
from functools import partial

from PySide6.QtCore import QObject, QTimer

from ktpel_desktop.core.roles import Action
from ktpel_desktop.core.room import RoomCheck
from ktpel_desktop.core.room_items import ItemId, Turn
from ktpel_desktop.core.room_limits import Status
from ktpel_desktop.services import line_watch, preflight
from ktpel_desktop.ui.messages import Message
from ktpel_desktop.ui.runner import Lane
from ktpel_desktop.ui.theme import Tone
from ktpel_desktop.ui.workplace import Workplace

log = logging.getLogger(__name__)

TICK_MS, FIRST_MS = 15_000, 1_000
_SLACK = timedelta(milliseconds=TICK_MS / 2)
"""A timer that comes a little early must not put a look off by a whole round."""


class Power(Enum):
    """Where the power comes from, as far as it concerns the work."""

    MAINS = auto()
    BATTERY = auto()
    ENDING = auto()


WORDS = {
    Power.BATTERY: Message(
        "Listrik PLN padam",
        "UPS memakai baterai. Selesaikan kartu yang sedang dikerjakan; kartu baru tidak dapat dimulai.",
        "Tunggu listrik kembali. Penerimaan berkas dan serah terima tetap jalan.",
        "Operator",
        Tone.WARN,
    ),
    Power.ENDING: Message(
        "Baterai UPS hampir habis",
        "Listrik segera putus. Program menutup sendiri sesudah kartu di dalam perangkat selesai.",
        "Jangan memulai apa pun. Matikan komputer dengan benar sesudah program tertutup.",
        "Operator",
        Tone.BAD,
    ),
    Power.MAINS: Message(
        "Listrik PLN kembali", "Kartu baru dapat dimulai lagi.", who="Operator", tone=Tone.OK
    ),
}
_OF_ADVICE = {"ups.low_battery": Power.ENDING, "ups.on_battery": Power.BATTERY, "ups.off": Power.BATTERY}


def power_of(check: RoomCheck) -> Power | None:
    """What a look at the UPS says; None where it says nothing."""
    found = _OF_ADVICE.get(check.advice)
    return found or (None if check.status is Status.UNKNOWN else Power.MAINS)


class RoomWatch(QObject):
    """`close` closes the window in order, which waits for the devices."""

    def __init__(self, place: Workplace, close: Callable[[], object], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.place, self._close = place, close
        self.power: Power | None = None
        self._knocked: datetime | None = None
        self._seen: dict[ItemId, datetime] = {}
        self._timer = QTimer(self)
        self._timer.setInterval(TICK_MS)
        self._timer.timeout.connect(self.look)
        self._first = QTimer(self)
        self._first.setSingleShot(True)
        self._first.setInterval(FIRST_MS)
        self._first.timeout.connect(self.look)

    def begin(self) -> None:
        """Somebody is at work. The first look follows the page, long before a card can be begun."""
        self._timer.start()
        self._first.start()

    def end(self) -> None:
        """Nobody is; who comes next is told of the mains anew."""
        self._timer.stop()
        self._first.stop()
        self.power = None

    def look(self) -> None:
        """Knock, and look at what is due, unless the last looks are still on their way."""
        place = self.place
        if not place.may(Action.ROOM_CHECK) or place.runner.busy(Lane.ROOM):
            return
        now = place.desk.clock.now()
        if place.desk.line is not None and _is_due(self._knocked, now, line_watch.EVERY):
            self._knocked = now
            self._run(partial(line_watch.probe, place.desk, place.me))
        due = [
            item.id
            for item in preflight.watchable(place.desk)
            if item.turn is not Turn.DEVICE
            and item.every is not None
            and _is_due(self._seen.get(item.id), now, item.every)
        ]
        if due:
            self._seen.update(dict.fromkeys(due, now))
            self._run(partial(preflight.watch, place.desk, place.me, due), self._looked)

    def _run(self, work: Callable[[], object], done: Callable[..., object] | None = None) -> None:
        self.place.runner.run(Lane.ROOM, work, owner=self, done=done, failed=self._not_looked)

    def _not_looked(self, error: Exception) -> None:
        """The store failed, and says so wherever it is asked; what is due comes round again."""
        log.warning("a look at the room in the background failed", exc_info=error)

    def _looked(self, results: Iterable[RoomCheck]) -> None:
        ups = next((check for check in results if check.item is ItemId.UPS), None)
        power = power_of(ups) if ups is not None else None
        if power is None or self.place.actor is None:
            return
        before, self.power = self.power, power
        messages = self.place.messages
        if power is Power.ENDING:
            if messages.message != WORDS[power]:  # it stays until the end, whatever was said meanwhile
                messages.show_message(WORDS[power])
            if before is power:  # seen twice: the word was there to be read, and is no slip of the UPS
                self._close()
        elif power is not before and (power is Power.BATTERY or before is not None):
            messages.show_message(WORDS[power])


def _is_due(last: datetime | None, now: datetime, every: timedelta) -> bool:
    # A clock that was set back must not silence the watch.
    return last is None or now < last or now - last >= every - _SLACK
