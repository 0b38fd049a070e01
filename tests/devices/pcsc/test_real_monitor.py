"""The monitor over a real pcscd: cards that come and go, a swap, a restart, a card that hangs."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator

import pytest

from ktpel_desktop.core.errors import DeviceError
from ktpel_desktop.core.ports import Answer
from ktpel_desktop.devices.pcsc.connection import connect
from ktpel_desktop.devices.pcsc.monitor import ReaderMonitor, ReaderState, Snapshot
from tests.devices.pcsc.cards import ATR, HANG, SELECT, Dead, Plain
from tests.devices.pcsc.room import PATIENCE, PcscRoom

pytestmark = [pytest.mark.real, pytest.mark.xdist_group("pcsc")]


@pytest.fixture
def watch(room: PcscRoom) -> Iterator[ReaderMonitor]:
    made = ReaderMonitor()
    yield made
    made.close()


def reader(room: PcscRoom, snapshot: Snapshot, role: str = "encoder") -> ReaderState:
    return next(one for one in snapshot.readers if one.name == room.readers[role])


def until(watch: ReaderMonitor, holds: Callable[[Snapshot], bool]) -> Snapshot:
    """Wait in the monitor, as the program does."""
    deadline = time.monotonic() + PATIENCE
    while not holds(snapshot := watch.wait(5)):
        assert time.monotonic() < deadline, snapshot
    return snapshot


def waiting(watch: ReaderMonitor, holds: Callable[[Snapshot], bool]) -> Callable[[], Snapshot]:
    """The same in another thread, begun now; call the result for the snapshot.

    Patience counts from that call on: the room may have to start its deaf driver anew before a card lies there.
    """
    found: list[Snapshot] = []
    told: list[Snapshot] = []
    given_up = threading.Event()

    def wait() -> None:
        while not given_up.is_set():
            told.append(watch.wait(5))
            if holds(told[-1]):
                found.append(told[-1])
                return

    thread = threading.Thread(target=wait)
    thread.start()

    def ended() -> Snapshot:
        thread.join(PATIENCE)
        given_up.set()
        thread.join()
        assert found, told
        return found[0]

    return ended


def test_a_card_is_seen_coming_and_going_while_it_is_waited_for(room: PcscRoom, watch: ReaderMonitor) -> None:
    empty = watch.wait(5)
    assert empty.service is Answer.YES
    assert not reader(room, empty).present
    coming = waiting(watch, lambda seen: reader(room, seen).present)
    lying = room.lay(Plain())
    there = reader(room, coming())
    assert (there.present, there.mute, there.atr) == (True, False, ATR)
    going = waiting(watch, lambda seen: not reader(room, seen).present)
    lying.take_away()
    assert reader(room, going()).atr == b""


def test_two_cards_with_the_same_atr_swapped_between_two_looks_are_told_apart(
    room: PcscRoom, watch: ReaderMonitor
) -> None:
    lying = room.lay(Plain())
    before = reader(room, watch.look())
    lying.take_away()
    room.lay(Plain(b"two"))
    after = reader(room, watch.look())
    assert (before.present, before.atr) == (after.present, after.atr)
    assert before.events != after.events


def test_a_dead_chip_is_there_and_mute(room: PcscRoom, watch: ReaderMonitor) -> None:
    room.lay(Dead())
    seen = until(watch, lambda seen: reader(room, seen).present)
    assert reader(room, seen).mute


def test_a_reader_at_work_is_in_use(room: PcscRoom, watch: ReaderMonitor) -> None:
    room.lay(Plain())
    with connect(room.readers["encoder"]):
        assert reader(room, watch.look()).in_use
    assert not reader(room, watch.look()).in_use


def test_the_monitor_goes_on_over_a_restart_of_the_service(room: PcscRoom, watch: ReaderMonitor) -> None:
    room.lay(Plain())
    names = dict(room.readers)
    until(watch, lambda seen: reader(room, seen).present)
    lost = waiting(watch, lambda seen: seen.service is Answer.NO)
    room.stop()
    assert lost().readers == ()
    assert watch.look().note == "pcsc.no_service"
    back = waiting(watch, lambda seen: any(one.present for one in seen.readers))
    room.start()
    assert next(one for one in back().readers if one.present).name == names["encoder"]
    with connect(room.readers["encoder"]) as connection:
        assert connection.transmit(SELECT) == b"one\x90\x00"


def test_cancel_ends_a_wait_in_the_real_service(room: PcscRoom, watch: ReaderMonitor) -> None:
    watch.wait(5)
    thread = threading.Thread(target=lambda: watch.wait(10 * PATIENCE), daemon=True)
    thread.start()
    time.sleep(0.2)  # most likely until it waits in the service; if it does not yet, its next look ends it
    watch.cancel()
    thread.join(PATIENCE)
    assert not thread.is_alive(), "it hangs"


def test_a_card_that_never_answers_does_not_blind_the_monitor(room: PcscRoom, watch: ReaderMonitor) -> None:
    silent = Plain()
    lying = room.lay(silent)

    def hang() -> None:
        with pytest.raises(DeviceError), connect(room.readers["encoder"]) as connection:
            connection.transmit(HANG)

    hanging = threading.Thread(target=hang)
    hanging.start()
    assert silent.hanging.wait(10)
    assert reader(room, watch.look()).in_use
    coming = waiting(watch, lambda seen: reader(room, seen, "sam").present)
    room.lay(Plain(b"sam"), "sam")
    assert reader(room, coming(), "sam").present
    assert hanging.is_alive(), "nothing waited for the card that never answers"
    lying.disconnect()
    hanging.join(20)
    assert not hanging.is_alive()
    lying.wait_gone()


def test_waits_and_looks_leave_no_context(room: PcscRoom) -> None:
    for _ in range(250):
        made = ReaderMonitor()
        assert made.wait(0).service is Answer.YES
        assert made.look().service is Answer.YES
        made.close()
