"""The thread boundary: order, no overlap, dropped owners, failures, progress, shutdown, thousands of calls."""

import gc
import sys
import threading
import time
import weakref
from collections.abc import Iterator
from functools import partial

import pytest
from PySide6.QtCore import QObject
from pytestqt.qtbot import QtBot

from ktpel_desktop.core.errors import DeviceError, Effect
from ktpel_desktop.ui.runner import Lane, Report, Runner


@pytest.fixture
def runner(qapp: object) -> Iterator[Runner]:
    made = Runner()
    yield made
    assert made.close(10)


def test_results_come_back_in_order_to_the_window_thread(runner: Runner, qtbot: QtBot) -> None:
    seen: list[tuple[int, bool]] = []
    here = threading.get_ident()
    for number in range(200):
        runner.run(
            Lane.QUERY,
            partial(lambda n: (n, threading.get_ident() != here), number),
            owner=runner,
            done=seen.append,
        )
    qtbot.waitUntil(lambda: len(seen) == 200, timeout=5000)
    assert seen == [(number, True) for number in range(200)]


def test_a_lane_never_overlaps_itself_and_lanes_run_beside_each_other(runner: Runner, qtbot: QtBot) -> None:
    inside = dict.fromkeys(Lane, 0)
    worst = dict.fromkeys(Lane, 0)
    meeting = threading.Barrier(len(Lane), timeout=5)  # passes only when all lanes are inside at once
    ended: list[Lane] = []

    def work(lane: Lane, meet: bool) -> Lane:
        inside[lane] += 1
        worst[lane] = max(worst[lane], inside[lane])
        if meet:
            meeting.wait()
        time.sleep(0.001)
        inside[lane] -= 1
        return lane

    for turn in range(20):
        for lane in Lane:
            runner.run(lane, partial(work, lane, turn == 0), owner=runner, done=ended.append)
    qtbot.waitUntil(lambda: len(ended) == 20 * len(Lane), timeout=5000)
    assert set(worst.values()) == {1}


def test_a_destroyed_owner_gets_nothing_but_its_work_is_done(runner: Runner, qtbot: QtBot) -> None:
    owner, gate, worked, seen = QObject(), threading.Event(), threading.Event(), list[str]()

    def work() -> str:
        gate.wait(5)
        worked.set()
        return "late"

    runner.run(Lane.DEVICE, work, owner=owner, done=seen.append, failed=lambda e: seen.append("failed"))
    with qtbot.waitSignal(owner.destroyed):
        owner.deleteLater()
    gate.set()
    idle: list[int] = []
    runner.when_idle(Lane.DEVICE, runner, lambda: idle.append(1))
    qtbot.waitUntil(lambda: bool(idle), timeout=5000)
    assert worked.is_set()
    assert seen == []


def test_failures_go_to_failed_else_to_the_window(runner: Runner, qtbot: QtBot) -> None:
    own: list[Exception] = []
    windows: list[Exception] = []
    runner.on_failure = windows.append

    def jam() -> None:
        raise DeviceError("printer.jam", Effect.UNKNOWN)

    runner.run(Lane.DEVICE, jam, owner=runner, failed=own.append)
    runner.run(Lane.DEVICE, jam, owner=runner)
    qtbot.waitUntil(lambda: len(own) == 1 and len(windows) == 1, timeout=5000)
    assert isinstance(own[0], DeviceError)
    assert own[0].effect is Effect.UNKNOWN


def test_a_screen_that_fails_at_a_result_does_not_swallow_the_next(runner: Runner, qtbot: QtBot) -> None:
    seen: list[object] = []
    runner.on_failure = seen.append

    def broken(result: int) -> None:
        raise ValueError(result)

    runner.run(Lane.QUERY, lambda: 1, owner=runner, done=broken)
    runner.run(Lane.QUERY, lambda: 2, owner=runner, done=seen.append)
    qtbot.waitUntil(lambda: len(seen) == 2, timeout=5000)
    assert isinstance(seen[0], ValueError)
    assert seen[1] == 2


def test_progress_arrives_before_the_result_and_ends_at_the_newest(runner: Runner, qtbot: QtBot) -> None:
    seen: list[object] = []

    def work(report: Report) -> str:
        for step in range(1, 5001):
            report(step / 5000)
        return "ready"

    runner.run(Lane.DEVICE, work, owner=runner, done=seen.append, progress=seen.append)
    qtbot.waitUntil(lambda: "ready" in seen, timeout=5000)
    assert seen[-1] == "ready"
    assert seen[-2] == 1.0
    assert seen[:-1] == sorted(seen[:-1], key=lambda share: float(str(share)))


def test_closing_waits_for_the_device_and_takes_no_more(qapp: object, qtbot: QtBot) -> None:
    runner = Runner()
    ended: list[str] = []

    def slow() -> None:
        time.sleep(0.2)
        ended.append("device")

    runner.run(Lane.DEVICE, slow, owner=runner)
    assert runner.busy(Lane.DEVICE)
    assert runner.close(5)
    assert ended == ["device"]
    runner.run(Lane.DEVICE, slow, owner=runner)
    assert ended == ["device"]


def test_closing_says_when_a_device_does_not_come_back(qapp: object) -> None:
    runner, gate = Runner(), threading.Event()
    runner.run(Lane.DEVICE, lambda: gate.wait(10), owner=runner)
    assert not runner.close(0.05)
    gate.set()


def test_a_wait_for_readers_is_told_to_end_and_holds_nothing_up(qapp: object) -> None:
    runner, told, ended = Runner(), threading.Event(), list[str]()
    runner.run(Lane.READER, lambda: told.wait(60), owner=runner)
    runner.when_closing(told.set)
    runner.when_closing(lambda: runner.run(Lane.READER, lambda: ended.append("given back"), owner=runner))
    assert runner.quiet()
    assert runner.close(60)
    assert ended == ["given back"]


@pytest.mark.timeout(60)  # who waited for the reader would wait for ten minutes
def test_a_wait_for_readers_that_does_not_end_holds_nothing_up(qapp: object) -> None:
    runner, gate = Runner(), threading.Event()
    runner.run(Lane.READER, lambda: gate.wait(600), owner=runner)
    assert runner.close(600)
    gate.set()


@pytest.mark.timeout(60)  # who waited for the room's instruments would wait for ten minutes
def test_a_look_at_the_room_is_given_a_moment_only(qapp: object) -> None:
    runner, gate = Runner(), threading.Event()
    runner.run(Lane.ROOM, lambda: gate.wait(600), owner=runner)
    assert not runner.quiet()
    assert runner.close(600)
    gate.set()


def test_a_page_ends_in_its_own_thread_though_a_lane_worked_for_it_last(runner: Runner, qtbot: QtBot) -> None:
    class Page(QObject):
        def ask(self) -> int:
            gate.wait(5)
            return 1

        def show_answer(self, _answer: int) -> None:
            delivered.append(1)

    gate, delivered, ended = threading.Event(), list[int](), list[int]()
    page = Page()
    weakref.finalize(page, lambda: ended.append(threading.get_ident()))
    runner.run(Lane.QUERY, page.ask, owner=page, done=page.show_answer)
    del page
    gate.set()
    qtbot.waitUntil(lambda: bool(ended), timeout=5000)
    assert delivered == [1]
    assert ended == [threading.get_ident()]


def test_ten_thousand_calls_lose_no_reference(runner: Runner, qtbot: QtBot) -> None:
    # PySide6 6.12.0 on Python < 3.12 loses a reference of None or True at each emission and aborts
    gc.collect()
    before = sys.getrefcount(True)
    count = [0]

    def one(_result: object) -> None:
        count[0] += 1

    for _ in range(10_000):
        runner.run(Lane.QUERY, lambda: True, owner=runner, done=one)
    qtbot.waitUntil(lambda: count[0] == 10_000, timeout=20000)
    assert sys.getrefcount(True) > before - 5_000
