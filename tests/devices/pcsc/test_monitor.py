"""The monitor over a scripted service: it never raises, never leaks, never spins, and always ends."""

import threading

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from smartcard import scard

from ktpel_desktop.core.ports import Answer
from ktpel_desktop.devices.pcsc import monitor
from ktpel_desktop.devices.pcsc.monitor import PLUGGED, ReaderMonitor, ReaderState, Snapshot
from tests.devices.pcsc.fake_scard import ATR, FakeScard, installed
from tests.devices.pcsc.test_failures import NUMBERS

READER = "Encoder 00 00"
PRESENT = scard.SCARD_STATE_PRESENT
HANGS = 20  # seconds


@pytest.fixture
def service(monkeypatch: pytest.MonkeyPatch) -> FakeScard:
    return installed(monkeypatch)


class Clock:
    """Time that passes by waiting, and a microsecond at each look, so that who never waits comes to an end too."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        self.now += 1e-6
        return self.now


class Awaited(threading.Event):
    """Waiting for it takes the clock's time only."""

    def __init__(self, clock: Clock) -> None:
        super().__init__()
        self._clock = clock

    def wait(self, timeout: float | None = None) -> bool:
        assert timeout is not None
        self._clock.now += timeout
        return self.is_set()


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    made = Clock()
    monkeypatch.setattr(monitor, "monotonic", made)
    monkeypatch.setattr(monitor, "Event", lambda: Awaited(made))
    return made


class Blocking:
    """The service's wait as it is: it ends by SCardCancel alone, and `begun` tells that somebody is in it."""

    def __init__(self, service: FakeScard, patch: pytest.MonkeyPatch) -> None:
        self.begun, self._cancelled = threading.Event(), threading.Event()
        self._real = service.SCardGetStatusChange
        patch.setattr(monitor, "_SLICE", 10 * HANGS)
        patch.setattr(service, "SCardGetStatusChange", self._wait)
        patch.setattr(service, "SCardCancel", lambda _handle: self._cancelled.set())

    def _wait(self, handle: int, milliseconds: int, known: list[tuple[str, int]]) -> object:
        if milliseconds:
            self.begun.set()
            self._cancelled.wait(milliseconds / 1000)
        return self._real(handle, 0, known)


def begun_waiting(watch: ReaderMonitor, blocking: Blocking) -> threading.Thread:
    thread = threading.Thread(target=lambda: watch.wait(10 * HANGS), daemon=True)
    thread.start()
    assert blocking.begun.wait(HANGS)
    return thread


def state(bits: int, events: int = 0) -> int:
    return bits | events << 16


@pytest.mark.parametrize(
    ("bits", "seen"),
    [
        (scard.SCARD_STATE_EMPTY, ReaderState(READER, False, False, False, b"", 7)),
        (PRESENT, ReaderState(READER, True, False, False, ATR, 7)),
        (PRESENT | scard.SCARD_STATE_MUTE, ReaderState(READER, True, True, False, ATR, 7)),
        (PRESENT | scard.SCARD_STATE_INUSE, ReaderState(READER, True, False, True, ATR, 7)),
        (PRESENT | scard.SCARD_STATE_EXCLUSIVE, ReaderState(READER, True, False, True, ATR, 7)),
    ],
)
def test_a_state_is_read_bit_by_bit(service: FakeScard, bits: int, seen: ReaderState) -> None:
    service.states[READER] = state(bits, 7)
    assert ReaderMonitor().look() == Snapshot((seen,), Answer.YES)
    assert service.balanced()


def test_two_cards_swapped_between_two_looks_differ(service: FakeScard) -> None:
    watch = ReaderMonitor()
    service.states[READER] = state(PRESENT, 3)
    before = watch.wait(5)
    service.states[READER] = state(PRESENT, 5)
    service.calls.clear()
    after = watch.wait(5)
    assert [milliseconds for milliseconds, _ in service.arguments("SCardGetStatusChange")] == [0]
    assert before != after
    assert before.readers[0].atr == after.readers[0].atr
    watch.close()
    assert service.balanced()


def test_without_a_change_it_waits_as_long_as_it_may(service: FakeScard, clock: Clock) -> None:
    watch = ReaderMonitor()
    first = watch.wait(5)
    assert clock.now == pytest.approx(0, abs=0.01)
    assert watch.wait(1.2) == first
    assert clock.now == pytest.approx(1.2, abs=0.01)
    assert watch.wait(0) == first
    assert clock.now == pytest.approx(1.2, abs=0.01)
    watch.close()


def test_the_last_reader_gone_and_the_service_gone_are_seen_and_survived(service: FakeScard) -> None:
    watch = ReaderMonitor()
    assert watch.wait(1).service is Answer.YES
    service.readers = []
    assert watch.wait(1) == Snapshot((), Answer.YES, "chip.reader_gone")
    service.will("SCardListReaders", scard.SCARD_E_SERVICE_STOPPED)
    assert watch.wait(1) == Snapshot((), Answer.NO, "pcsc.service_stopped")
    service.will("SCardEstablishContext", scard.SCARD_E_NO_SERVICE, scard.SCARD_E_NO_SERVICE)
    assert watch.wait(1) == Snapshot((), Answer.NO, "pcsc.no_service")
    service.readers = ["Another 00 00"]
    assert watch.wait(2).readers[0].name == "Another 00 00"
    watch.close()
    assert service.balanced()


def test_a_service_without_the_pseudo_reader_is_asked_without_it(service: FakeScard) -> None:
    watch = ReaderMonitor()
    watch.wait(1)
    service.will("SCardGetStatusChange", 0, scard.SCARD_E_UNKNOWN_READER, scard.SCARD_E_UNKNOWN_READER)
    watch.wait(0.1)
    service.calls.clear()
    watch.wait(0.1)
    asked = [name for call in service.arguments("SCardGetStatusChange") for name, _ in call[1]]
    assert READER in asked
    assert PLUGGED not in asked
    watch.close()
    assert service.balanced()


def test_a_reader_unplugged_between_list_and_wait_is_no_failure(service: FakeScard) -> None:
    watch = ReaderMonitor()
    watch.wait(1)
    service.will("SCardGetStatusChange", 0, scard.SCARD_E_UNKNOWN_READER)
    assert watch.wait(0.1).service is Answer.YES
    service.calls.clear()
    watch.wait(0.1)
    asked = [name for call in service.arguments("SCardGetStatusChange") for name, _ in call[1]]
    assert PLUGGED in asked
    watch.close()


def test_a_driver_that_always_says_changed_does_not_take_the_core(
    service: FakeScard, monkeypatch: pytest.MonkeyPatch, clock: Clock
) -> None:
    watch = ReaderMonitor()
    watch.wait(1)
    real = service.SCardGetStatusChange

    def nervous(handle: int, milliseconds: int, known: list[tuple[str, int]]) -> object:
        real(handle, milliseconds, known)
        return 0, [(name, before | scard.SCARD_STATE_CHANGED, []) for name, before in known]

    monkeypatch.setattr(service, "SCardGetStatusChange", nervous)
    watch.wait(0.1)  # the ATR that is not told any more is a change
    service.calls.clear()
    before = clock.now
    watch.wait(0.3)
    assert clock.now - before == pytest.approx(0.3, abs=0.03)
    assert service.names().count("SCardListReaders") <= 0.3 / monitor._BREATH + 2
    watch.close()


def test_cancel_from_another_thread_ends_the_wait_at_once_and_for_good(
    service: FakeScard, monkeypatch: pytest.MonkeyPatch
) -> None:
    watch = ReaderMonitor()
    watch.wait(1)
    blocking = Blocking(service, monkeypatch)
    waiting = begun_waiting(watch, blocking)
    watch.cancel()
    waiting.join(HANGS)
    assert not waiting.is_alive(), "it hangs"
    blocking.begun.clear()
    assert watch.wait(60) is not None
    assert not blocking.begun.is_set(), "it waits again"
    watch.close()
    assert service.balanced()


def test_close_while_another_thread_waits_loses_no_context(
    service: FakeScard, monkeypatch: pytest.MonkeyPatch
) -> None:
    watch = ReaderMonitor()
    watch.wait(1)
    waiting = begun_waiting(watch, Blocking(service, monkeypatch))
    watch.close()
    waiting.join(HANGS)
    assert not waiting.is_alive(), "it hangs"
    assert service.balanced()


numbers = st.lists(st.sampled_from([0, 0, *NUMBERS, scard.SCARD_E_TIMEOUT]), max_size=6)
CALLS = ("SCardEstablishContext", "SCardListReaders", "SCardGetStatusChange", "SCardReleaseContext")


@settings(max_examples=60)
@given(st.dictionaries(st.sampled_from(CALLS), numbers), st.integers(1, 6))
def test_after_any_misfortune_it_still_sees_and_nothing_is_lost(
    script: dict[str, list[int]], rounds: int
) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(monitor, "_SLICE", 0.005)
        patch.setattr(monitor, "_BREATH", 0.001)
        service = installed(patch)
        for call, answers in script.items():
            service.will(call, *answers)
        watch = ReaderMonitor()
        for _ in range(rounds):
            assert isinstance(watch.wait(0.01), Snapshot)
        service.script.clear()
        watch.wait(0.01)
        seen = watch.wait(0.01)
        assert [reader.name for reader in seen.readers] == service.readers
        assert seen.service is Answer.YES
        watch.close()
        assert service.balanced()
