"""Readers on the page of devices: live, and no screen ever waits for one."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import pytest
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from ktpel_desktop.core.ports import Answer
from ktpel_desktop.devices.pcsc.monitor import ReaderMonitor, ReaderState, Snapshot
from ktpel_desktop.devices.pcsc.readers import ReaderRoles, Role, assigned
from ktpel_desktop.ui import reader_watch, words
from ktpel_desktop.ui.app import build_window
from ktpel_desktop.ui.main_window import MainWindow
from ktpel_desktop.ui.pages.devices import DevicesPage
from ktpel_desktop.ui.reader_watch import ReaderWatch, WatchedReaders
from ktpel_desktop.ui.runner import Lane, Runner
from ktpel_desktop.ui.theme import Tone
from ktpel_desktop.ui.widgets.reader_list import ReaderList
from tests.services.office import BUDI, World
from tests.ui.conftest import Hands
from tests.ui.test_pages import yield_checks

ENCODER = ReaderState("KTP Encoder 00 00", present=False, mute=False, in_use=False, atr=b"", events=0)
SAM = ReaderState("SAM Reader 00 00", present=True, mute=False, in_use=False, atr=b"\x3b\x00", events=1)
CODES = {"chip.reader_gone", "pcsc.no_service"}


class Watch:
    """Returns what the test tells it, as soon as it is told."""

    def __init__(self) -> None:
        self.condition = threading.Condition()
        self.news: list[Snapshot | Exception] = []
        self.last = Snapshot()
        self.cancelled = self.closed = False
        self.asked = 0

    def tell(self, news: Snapshot | Exception) -> None:
        with self.condition:
            self.news.append(news)
            self.condition.notify_all()

    def wait(self, seconds: float) -> Snapshot:
        with self.condition:
            self.asked += 1
            self.condition.wait_for(lambda: self.news or self.cancelled, seconds)
            if self.news:
                found = self.news.pop(0)
                if isinstance(found, Exception):
                    raise found
                self.last = found
            return self.last

    def cancel(self) -> None:
        with self.condition:
            self.cancelled = True
            self.condition.notify_all()

    def close(self) -> None:
        self.closed = True


@dataclass
class Stuck:
    """A reader that hangs, and the service with it: nothing ends this wait."""

    inside: threading.Event
    gate: threading.Event

    def wait(self, seconds: float) -> Snapshot:
        self.inside.set()
        self.gate.wait(60)
        return Snapshot()

    def cancel(self) -> None:
        """It does not hear."""

    def close(self) -> None: ...


def roles(names: Sequence[str]) -> Mapping[str, Sequence[str]]:
    return assigned(ReaderRoles(encoder="encoder", sam="sam", check="encoder"), names)


Build = Callable[[ReaderWatch], Hands]


@pytest.fixture
def at_devices(application: QApplication, world: World, qtbot: QtBot) -> Iterator[Build]:
    made: list[MainWindow] = []

    def build(watch: ReaderWatch) -> Hands:
        window = build_window(
            replace(world.desk),
            reader_watch=watch,
            reader_roles=roles,
            network_period=3600,
            lock_after=3600,
        )
        window.resize(1280, 800)
        with qtbot.waitExposed(window):
            window.show()
        made.append(window)
        window.welcome(BUDI)
        window.go("devices")
        hands = Hands(window, qtbot, world)
        hands.idle()
        return hands

    yield build
    for window in made:
        window.place.runner.close(10)
        window.place.actor = None
        window.close()
        window.deleteLater()


def shown(hands: Hands) -> ReaderList:
    assert isinstance(hands.window.page, DevicesPage)
    return hands.window.page.readers


def cells(readers: ReaderList) -> list[list[str]]:
    return [[column.text(row) for column in readers.table.rows.columns] for row in readers.table.rows.rows]


def test_readers_are_shown_with_their_work_and_their_card_and_follow_the_hand(
    at_devices: Build, qtbot: QtBot
) -> None:
    watch = Watch()
    hands = at_devices(watch)
    readers = shown(hands)
    assert cells(readers) == []
    watch.tell(Snapshot((ENCODER, SAM), Answer.YES))
    qtbot.waitUntil(lambda: len(cells(readers)) == 2)
    assert cells(readers) == [
        ["KTP Encoder 00 00", "Enkoder, Pemeriksa di loket", "kosong"],
        ["SAM Reader 00 00", "Kartu SAM", "ada kartu"],
    ]
    assert readers.lamp.tone is Tone.OK
    watch.tell(Snapshot((replace(ENCODER, present=True, mute=True, in_use=True), SAM), Answer.YES))
    qtbot.waitUntil(lambda: cells(readers)[0][2] == "ada kartu, chip diam, sedang dipakai")
    yield_checks(readers)
    watch.tell(Snapshot((), Answer.NO, "pcsc.no_service"))
    qtbot.waitUntil(lambda: readers.lamp.tone is Tone.BAD)
    assert cells(readers) == []
    assert "Layanan pembaca kartu tidak berjalan" in readers.table.accessibleDescription()
    assert not hands.message()
    assert QApplication.activeModalWidget() is None


def test_the_page_can_be_left_and_comes_back_with_what_is_known(at_devices: Build, qtbot: QtBot) -> None:
    watch = Watch()
    hands = at_devices(watch)
    watch.tell(Snapshot((SAM,), Answer.YES))
    qtbot.waitUntil(lambda: len(cells(shown(hands))) == 1)
    hands.window.go("queue")
    hands.idle()
    watch.tell(Snapshot((SAM, ENCODER), Answer.YES))  # nobody is there to hear it
    readers = hands.window.place.readers
    assert readers is not None
    qtbot.waitUntil(lambda: readers.seen is not None and len(readers.seen.readers) == 2)
    hands.window.go("devices")
    assert len(cells(shown(hands))) == 2


def test_without_a_watch_the_page_says_nothing_of_readers(hands: Hands) -> None:
    hands.window.welcome(BUDI)
    hands.window.go("devices")
    hands.idle()
    assert hands.window.page is not None
    assert not hands.window.page.findChildren(ReaderList)


def test_no_screen_waits_for_a_reader_that_hangs_and_the_program_ends(
    at_devices: Build, qtbot: QtBot
) -> None:
    watch = Stuck(threading.Event(), threading.Event())
    hands = at_devices(watch)
    assert watch.inside.wait(5)
    beats: list[None] = []
    heart = QTimer()
    heart.setInterval(10)
    heart.timeout.connect(lambda: beats.append(None))
    heart.start()
    for name in ("queue", "devices", "room", "devices"):
        before = len(beats)
        hands.window.go(name)
        hands.idle()
        assert len(beats) > before, "the window stood still while the reader hung"
    heart.stop()
    assert hands.window.place.runner.busy(Lane.READER)
    assert hands.window.close()
    assert hands.window.place.runner.close()
    assert not watch.gate.is_set(), "nobody waited for the reader"
    watch.gate.set()


# ------------------------------------------------------------------ the watch itself


@pytest.fixture
def runner(qapp: object) -> Iterator[Runner]:
    made = Runner()
    yield made
    made.close(10)


def test_a_signal_comes_with_a_change_only(runner: Runner, qtbot: QtBot) -> None:
    watch, heard = Watch(), list[int]()
    readers = WatchedReaders(watch, runner)
    readers.changed.connect(lambda: heard.append(1))
    one = Snapshot((SAM,), Answer.YES)
    for news in (one, one, one, replace(one, readers=(replace(SAM, events=3),))):
        watch.tell(news)
    qtbot.waitUntil(lambda: not watch.news and watch.asked > 4)
    assert len(heard) == 2
    assert readers.roles_of(SAM) == ()


def test_a_watch_that_breaks_is_unknown_in_words_only_and_is_asked_again(
    runner: Runner, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(reader_watch, "AFTER_FAILURE_MS", 20)
    failures: list[Exception] = []
    runner.on_failure = failures.append
    watch = Watch()
    readers = WatchedReaders(watch, runner)
    watch.tell(Snapshot((SAM,), Answer.YES))
    qtbot.waitUntil(lambda: readers.seen is not None)
    for _ in range(3):
        watch.tell(RuntimeError("a bug"))
    qtbot.waitUntil(lambda: readers.seen is None and not watch.news)
    watch.tell(Snapshot((SAM,), Answer.YES))
    qtbot.waitUntil(lambda: readers.seen is not None)
    assert failures == []
    assert len([line for line in caplog.records if line.levelname == "ERROR"]) == 1


def test_the_end_cancels_the_wait_and_gives_back_what_it_held(runner: Runner, qtbot: QtBot) -> None:
    watch = Watch()
    readers = WatchedReaders(watch, runner)
    qtbot.waitUntil(lambda: watch.asked > 0)
    assert runner.close()
    assert watch.cancelled
    assert watch.closed
    asked = watch.asked
    qtbot.wait(100)
    assert watch.asked == asked, readers


def test_the_monitor_of_pcsc_is_such_a_watch() -> None:
    made: ReaderWatch = ReaderMonitor()
    made.cancel()
    assert made.wait(60).service is Answer.UNKNOWN
    made.close()


def test_every_role_and_state_has_its_word() -> None:
    assert set(words.table_of("reader_role")) == {role.value for role in Role}
    assert set(words.table_of("reader_card")) == {"empty", "present", "mute", "in_use"}
    assert all(words.note(code) != code for code in CODES)
