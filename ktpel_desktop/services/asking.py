"""Questions of a walk through the room, each isolated: a thread and a time limit of its own, answers as they come.

What looks at near things is asked at once; what needs the line comes last and one after the other, for two tests
would disturb each other. An answer that comes too late is no answer (room.md 4.1), and while it is still outstanding
the same thing is not asked again: it may be a device that hangs.
"""

from __future__ import annotations

import threading
import time
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from queue import Empty, SimpleQueue

from ktpel_desktop.core.room import RoomCheck
from ktpel_desktop.core.room_items import ItemId, RoomItem, Turn

QUICK_S = 5.0
"""The line is not tested before those that answer within this have answered."""
TIMED_OUT, STILL_WAITING = "check.timed_out", "check.still_waiting"


@dataclass(frozen=True, slots=True)
class Question:
    """How an item is looked at (never raises), and what its result is if that brings nothing: by an advice."""

    item: RoomItem
    look: Callable[[], RoomCheck]
    nothing: Callable[[str], RoomCheck]


@dataclass(frozen=True, slots=True)
class _Began:
    item: ItemId


class Asking:
    """Belongs to a desk. Only one walk at a time asks the same item."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._outstanding: set[ItemId] = set()

    def ask(self, questions: Sequence[Question], told: Callable[[RoomCheck], None]) -> None:
        """Ask all; `told` hears each result once, in this thread, as it comes. Returns when every item has one."""
        free = []
        for question in questions:
            with self._lock:
                taken = question.item.id in self._outstanding
                if not taken:
                    self._outstanding.add(question.item.id)
            if taken:
                told(question.nothing(STILL_WAITING))
            else:
                free.append(question)
        _Walk(free, told, self._ended).go()

    def _ended(self, item: ItemId) -> None:
        with self._lock:
            self._outstanding.discard(item)


class _Walk:
    """One walk. The queue is its only meeting point with its threads."""

    def __init__(
        self,
        questions: Sequence[Question],
        told: Callable[[RoomCheck], None],
        ended: Callable[[ItemId], None],
    ) -> None:
        self._near = [question for question in questions if question.item.turn is not Turn.NETWORK]
        self._far = deque(question for question in questions if question.item.turn is Turn.NETWORK)
        self._pending = {question.item.id: question for question in questions}
        self._deadlines: dict[ItemId, float] = {}
        self._given_up: set[ItemId] = set()
        self._told, self._ended = told, ended
        self._news: SimpleQueue[_Began | RoomCheck] = SimpleQueue()

    def go(self) -> None:
        for question in self._near:
            self._start(deque([question]))
        far_started = False
        while self._pending:
            if not far_started and not self._quick_ones_left():
                far_started = True
                self._start(self._far)
            self._hear()

    def _quick_ones_left(self) -> bool:
        return any(
            question.item.id in self._pending and question.item.patience <= QUICK_S for question in self._near
        )

    def _start(self, line: deque[Question]) -> None:
        # A device that hangs must cost its own item only, with and without a window (keputusan 29).
        threading.Thread(  # noqa: TID251
            target=self._serve, args=(line,), name="ktpel-cek", daemon=True
        ).start()

    def _serve(self, line: deque[Question]) -> None:
        while line:
            question = line.popleft()
            self._news.put(_Began(question.item.id))
            result = question.look()
            self._ended(question.item.id)
            self._news.put(result)
            if question.item.id in self._given_up:  # another thread goes on with the rest
                return

    def _hear(self) -> None:
        limit = min(self._deadlines.values(), default=None)
        try:
            news = self._news.get(timeout=None if limit is None else max(0.0, limit - time.monotonic()))
        except Empty:
            self._give_up()
            return
        if isinstance(news, RoomCheck):
            self._settle(news)
        elif news.item in self._pending:
            self._deadlines[news.item] = time.monotonic() + self._pending[news.item].item.patience

    def _settle(self, result: RoomCheck) -> None:
        if self._pending.pop(result.item, None) is not None:
            self._deadlines.pop(result.item, None)
            self._told(result)

    def _give_up(self) -> None:
        now = time.monotonic()
        for item in [item for item, limit in self._deadlines.items() if limit <= now]:
            question = self._pending[item]
            self._given_up.add(item)
            self._settle(question.nothing(TIMED_OUT))
            if question.item.turn is Turn.NETWORK:
                self._start(self._far)
