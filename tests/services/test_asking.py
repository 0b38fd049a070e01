"""A walk through the room: what hangs costs itself only, late is no answer, the line comes last and one by one."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime
from functools import partial

import pytest

from ktpel_desktop.core import room
from ktpel_desktop.core.room import RoomCheck
from ktpel_desktop.core.room_items import ITEM, ItemId, Turn
from ktpel_desktop.core.room_limits import Status, Verdict
from ktpel_desktop.services.asking import STILL_WAITING, TIMED_OUT, Asking, Question

NOW = datetime(2026, 3, 9, 8, 0, tzinfo=UTC)
NEAR = (ItemId.TEMPERATURE, ItemId.UPS, ItemId.DISK)
FAR = (ItemId.SIAK, ItemId.NETWORK_24_7, ItemId.BANDWIDTH)


def good(item: ItemId) -> RoomCheck:
    return room.seen(item, room.Look(Verdict(Status.OK, "ok")), at=NOW)


def question(item: ItemId, look: Callable[[], object] = lambda: None, patience: float = 30.0) -> Question:
    def answer() -> RoomCheck:
        look()
        return good(item)

    return Question(
        replace(ITEM[item], patience=patience),
        answer,
        lambda advice: room.unknown(item, at=NOW, advice=advice),
    )


@pytest.fixture
def gate() -> Iterator[threading.Event]:
    """What hangs hangs here, and no longer than the test."""
    made = threading.Event()
    yield made
    made.set()


def walk(asking: Asking, *questions: Question) -> dict[ItemId, str]:
    told: list[RoomCheck] = []
    asking.ask(questions, told.append)
    assert len({check.item for check in told}) == len(told) == len(questions)
    return {check.item: check.advice for check in told}


def test_each_item_is_told_once_in_the_thread_that_asks() -> None:
    threads: list[int] = []
    Asking().ask(
        [question(item) for item in (*NEAR, *FAR)], lambda _check: threads.append(threading.get_ident())
    )
    assert threads == [threading.get_ident()] * 6


def test_near_things_are_asked_at_once() -> None:
    meeting = threading.Barrier(len(NEAR), timeout=10)  # passes only with all of them inside
    told = walk(Asking(), *(question(item, meeting.wait) for item in NEAR))
    assert set(told.values()) == {"ok"}


def test_the_line_is_used_last_and_by_one_at_a_time() -> None:
    order: list[ItemId] = []
    inside = threading.Lock()

    def alone(item: ItemId) -> None:
        assert inside.acquire(blocking=False)
        order.append(item)
        inside.release()

    quick = question(ItemId.DISK, lambda: order.append(ItemId.DISK), patience=1.0)
    told = walk(Asking(), *(question(item, partial(alone, item)) for item in FAR), quick)
    assert order == [ItemId.DISK, *FAR]
    assert set(told.values()) == {"ok"}


def test_a_slow_thermometer_does_not_keep_the_line_waiting(gate: threading.Event) -> None:
    slow = question(ItemId.TEMPERATURE, lambda: gate.wait(30))
    told = walk(Asking(), slow, question(ItemId.SIAK, gate.set))
    assert told == {ItemId.TEMPERATURE: "ok", ItemId.SIAK: "ok"}


@pytest.mark.parametrize("hanging", [ItemId.UPS, ItemId.SIAK, ItemId.BANDWIDTH])
def test_what_hangs_costs_itself_only(hanging: ItemId, gate: threading.Event) -> None:
    questions = [question(item) for item in (*NEAR, *FAR) if item is not hanging]
    told = walk(Asking(), question(hanging, gate.wait, patience=0.05), *questions)
    assert told.pop(hanging) == TIMED_OUT
    assert set(told.values()) == {"ok"}


def test_what_still_hangs_is_not_asked_again_until_it_has_answered(gate: threading.Event) -> None:
    asking, asked, ended = Asking(), list[int](), threading.Event()

    def hang() -> None:
        asked.append(1)
        gate.wait()
        ended.set()

    hung = question(ItemId.UPS, hang, patience=0.05)
    assert walk(asking, hung) == {ItemId.UPS: TIMED_OUT}
    assert walk(asking, hung, question(ItemId.DISK)) == {ItemId.UPS: STILL_WAITING, ItemId.DISK: "ok"}
    assert asked == [1]
    gate.set()
    assert ended.wait(10)
    while (again := walk(asking, hung))[ItemId.UPS] == STILL_WAITING:
        pass  # its thread has yet to say that it is through
    assert again == {ItemId.UPS: "ok"}


def test_turns_of_the_items_are_those_of_this_test() -> None:
    assert {ITEM[item].turn for item in FAR} == {Turn.NETWORK}
    assert Turn.NETWORK not in {ITEM[item].turn for item in NEAR}


def test_nothing_asked_is_nothing_told() -> None:
    assert walk(Asking()) == {}
