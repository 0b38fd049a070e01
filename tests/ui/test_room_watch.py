"""The room in the background: knocks, looks that are due, and what the UPS says of the mains."""

from __future__ import annotations

import threading
from collections.abc import Iterable
from dataclasses import replace
from datetime import timedelta

import pytest
from PySide6.QtWidgets import QApplication

from ktpel_desktop.core.availability import LineState
from ktpel_desktop.core.room import Look
from ktpel_desktop.core.room_items import ItemId
from ktpel_desktop.core.room_limits import Status, Verdict
from ktpel_desktop.services import preflight
from ktpel_desktop.ui.room_watch import FIRST_MS, WORDS, Power, RoomWatch
from ktpel_desktop.ui.runner import Lane
from tests.services.office import BUDI, JOKO, Gauge
from tests.services.test_line_watch import Line
from tests.ui.conftest import Hands

OK, LOW = Verdict(Status.OK, "ups.ok"), Verdict(Status.CRITICAL, "ups.low_battery")
ON_BATTERY, OFF = Verdict(Status.CRITICAL, "ups.on_battery"), Verdict(Status.CRITICAL, "ups.off")
SILENT = Verdict(Status.UNKNOWN, "ups.unclear")


class Room:
    """A window whose desk has a UPS, a line and a thermometer, all of which count how often they were asked."""

    def __init__(self, hands: Hands) -> None:
        self.hands, self.window = hands, hands.window
        self.ups, self.line, self.asked = OK, Line(), list[ItemId]()
        self.watch: RoomWatch = self.window.background.room
        place = self.window.place
        place.desk = replace(
            place.desk,
            line=self.line,
            looks={
                ItemId.UPS: lambda: self._said(ItemId.UPS, self.ups),
                ItemId.DISK: lambda: self._said(ItemId.DISK, Verdict(Status.OK, "disk.ok")),
                ItemId.CHIP_READER: lambda: self._said(ItemId.CHIP_READER, Verdict(Status.OK, "device.yes")),
            },
            sensors={ItemId.TEMPERATURE.value: Gauge(23.0, "°C")},
        )

    def _said(self, item: ItemId, verdict: Verdict) -> Look:
        self.asked.append(item)
        return Look(verdict)

    def tick(self, *verdicts: Verdict, seconds: float = 15) -> None:
        for verdict in verdicts or (self.ups,):
            self.ups = verdict
            self.watch.look()
            self.hands.idle()
            self.hands.world.clock.advance(seconds / 60)

    def moments(self) -> int:
        with self.window.place.desk.unit(BUDI) as unit:
            return len(unit.room.moments(unit.at - timedelta(hours=1)))


@pytest.fixture
def room(hands: Hands) -> Room:
    hands.login(BUDI)
    hands.window.place.messages.clear()
    hands.window.background.room._first.stop()  # these tests look when they want to
    return Room(hands)


def test_the_line_is_knocked_at_each_minute_and_the_ups_four_times(room: Room) -> None:
    for _ in range(8):
        room.tick()
    assert room.moments() == 2
    assert room.asked.count(ItemId.UPS) == 8


def test_who_sits_down_is_told_of_the_mains_before_the_first_round(room: Room) -> None:
    room.ups = ON_BATTERY
    room.watch.end()
    room.watch.begin()
    room.hands.qtbot.waitUntil(lambda: bool(room.hands.message()), timeout=FIRST_MS + 5000)
    assert room.hands.message() == WORDS[Power.BATTERY].title
    with room.window.place.desk.unit(BUDI) as unit:
        assert preflight.on_battery(unit)


def test_only_what_is_due_is_looked_at_and_what_is_the_devices_never(room: Room) -> None:
    for _ in range(21):
        room.tick(seconds=60)
    assert room.asked.count(ItemId.UPS) == 21
    assert room.asked.count(ItemId.DISK) == 3  # every ten minutes
    assert ItemId.CHIP_READER not in room.asked
    with room.window.place.desk.unit(BUDI) as unit:
        assert unit.room.history(ItemId.TEMPERATURE)[0].value == 23.0


def test_a_clock_that_was_set_back_does_not_silence_the_watch(room: Room) -> None:
    room.tick()
    room.hands.world.clock.advance(-600)
    room.tick()
    assert room.asked.count(ItemId.DISK) == 2


def test_who_may_not_check_the_room_looks_at_nothing(room: Room) -> None:
    room.window.log_out()
    room.hands.idle()
    room.tick()
    room.window.welcome(JOKO)
    room.tick()
    assert (room.moments(), room.asked) == (0, [])


def test_looks_that_are_still_on_their_way_are_not_given_again(room: Room) -> None:
    still = threading.Event()
    room.window.place.runner.run(Lane.ROOM, lambda: still.wait(10), owner=room.window)
    room.watch.look()
    still.set()
    room.hands.idle()
    assert (room.moments(), room.asked) == (0, [])


def test_a_store_that_fails_is_no_message_and_the_next_round_comes(
    room: Room, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = preflight.watch

    def broken(*_: object) -> None:
        raise OSError("penuh")

    monkeypatch.setattr(preflight, "watch", broken)
    room.tick()
    assert not room.hands.message()
    monkeypatch.setattr(preflight, "watch", whole)
    room.tick()
    assert room.asked == [ItemId.UPS]  # what is looked at seldom has its turn later


def shown(room: Room, ups: Iterable[Verdict]) -> list[str]:
    """What is said at each change of the UPS; each message is closed by hand."""
    told = []
    for verdict in ups:
        room.tick(verdict)
        told.append(room.hands.message())
        room.window.place.messages.clear()
    return told


def test_the_mains_are_told_once_at_each_change(room: Room) -> None:
    gone, back = WORDS[Power.BATTERY].title, WORDS[Power.MAINS].title
    assert shown(room, [OK, OK]) == ["", ""]
    assert shown(room, [ON_BATTERY, ON_BATTERY, OFF, SILENT, ON_BATTERY]) == [gone, "", "", "", ""]
    assert shown(room, [OK, OK, OFF, OK]) == [back, "", gone, back]


def test_who_comes_next_is_told_too(room: Room) -> None:
    assert shown(room, [ON_BATTERY]) == [WORDS[Power.BATTERY].title]
    room.window.log_out()
    room.hands.idle()
    room.window.welcome(BUDI)
    assert shown(room, [ON_BATTERY]) == [WORDS[Power.BATTERY].title]


def test_the_window_closes_itself_when_the_battery_ends(room: Room) -> None:
    room.tick(ON_BATTERY, LOW)
    assert room.hands.message() == WORDS[Power.ENDING].title
    assert room.window.isVisible()  # once is to be read, and may be a slip
    room.window.place.messages.say("Tersimpan")
    room.watch.look()
    room.hands.qtbot.waitUntil(lambda: not room.window.isVisible(), timeout=5000)
    assert room.hands.message() == WORDS[Power.ENDING].title
    assert not room.hands.world.bench.counter  # nothing was begun


def test_mains_that_come_back_in_time_keep_the_window_open(room: Room) -> None:
    room.tick(LOW, OK, LOW)
    assert room.window.isVisible()


def test_a_card_in_the_machine_is_finished_before_the_window_closes(room: Room) -> None:
    finished: list[str] = []
    free = threading.Event()

    def work() -> None:
        free.wait(10)
        finished.append("kartu")

    room.window.place.runner.run(Lane.DEVICE, work, owner=room.window)
    for _ in range(2):
        room.ups = LOW
        room.watch.look()
        room.hands.qtbot.waitUntil(lambda: not room.window.place.runner.busy(Lane.ROOM))
        room.hands.qtbot.wait(50)
        room.hands.world.clock.advance(1)
    assert room.window.isVisible()
    assert room.hands.message() == "Menunggu perangkat selesai"
    free.set()
    room.hands.qtbot.waitUntil(lambda: not room.window.isVisible(), timeout=5000)
    assert finished == ["kartu"]
    assert QApplication.activeModalWidget() is None


def test_a_line_that_is_down_is_kept_and_says_nothing(room: Room) -> None:
    room.line.state = LineState.LINE_DOWN
    room.tick()
    assert room.moments() == 1
    assert not room.hands.message()
