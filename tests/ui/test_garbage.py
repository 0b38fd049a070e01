"""Widgets that only Python's collector finds end in the window's thread, whoever makes objects meanwhile."""

import gc
import threading
import weakref

import pytest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from ktpel_desktop.ui import garbage
from ktpel_desktop.ui.app import build_application


class _Page(QWidget):
    def __init__(self, ended: list[int]) -> None:
        super().__init__()
        self.myself = self  # as a page whose buttons call it: only the collector finds it
        weakref.finalize(self, lambda: ended.append(threading.get_ident()))


def test_a_busy_lane_does_not_end_a_page(application: QApplication, qtbot: QtBot) -> None:
    ended: list[int] = []
    kept: list[list[int]] = []
    gc.collect()
    _Page(ended)
    lane = threading.Thread(target=lambda: kept.extend([number] for number in range(200_000)))
    lane.start()
    lane.join()
    assert ended == []
    qtbot.waitUntil(lambda: bool(ended), timeout=10 * garbage.PERIOD_MS)
    assert ended == [threading.get_ident()]


def test_one_collector_however_often_the_application_is_built(application: QApplication) -> None:
    build_application()
    assert len(application.findChildren(garbage.WindowThreadCollector)) == 1


@pytest.mark.parametrize(
    ("counts", "collected"),
    [
        ((10, 0, 0), []),
        ((10, 0, 99), [2]),
        ((700, 10, 10), []),
        ((701, 0, 0), [0]),
        ((701, 11, 0), [1]),
        ((0, 11, 11), [2]),
    ],
)
def test_the_oldest_generation_over_its_threshold_is_collected(
    counts: tuple[int, int, int], collected: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[int] = []
    monkeypatch.setattr(gc, "get_count", lambda: counts)
    monkeypatch.setattr(gc, "get_threshold", lambda: (700, 10, 10))
    monkeypatch.setattr(gc, "collect", seen.append)
    garbage.collect_due()
    assert seen == collected
