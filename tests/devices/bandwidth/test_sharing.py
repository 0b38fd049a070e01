import time

import pytest

from ktpel_desktop.core.errors import DeviceError, Effect
from ktpel_desktop.core.line_sharing import Counters, Evidence, Finding
from ktpel_desktop.devices.bandwidth.sharing import OwnCounters, WanCounters, counter_evidence


class Scripted:
    """Counters told one after another; an error is raised."""

    def __init__(self, *told: Counters | DeviceError | None) -> None:
        self._told = list(told)

    def counters(self) -> Counters:
        found = self.maybe()
        assert found is not None
        return found

    def maybe(self) -> Counters | None:
        found = self._told.pop(0)
        if isinstance(found, DeviceError):
            raise found
        return found


MB = 1_000_000
EARLY, LATE, HALF = Counters(0, 0, 0), Counters(30, 10 * MB, 0), Counters(30, 5 * MB, 0)
SILENT = DeviceError("router.silent", Effect.NONE)


def look(wan: WanCounters, *own: OwnCounters, complete: bool = True) -> Evidence:
    return counter_evidence(lambda: wan, own, complete=complete, meanwhile=lambda: None)


@pytest.mark.parametrize(
    ("wan", "own", "finding", "why"),
    [
        ((EARLY, LATE), [(EARLY, LATE)], Finding.NO_EVIDENCE, "no_foreign_bytes"),
        ((EARLY, LATE), [(EARLY, HALF)], Finding.EVIDENCE_FOR, "foreign_bytes"),
        ((EARLY, LATE), [(EARLY, HALF), (EARLY, HALF)], Finding.NO_EVIDENCE, "no_foreign_bytes"),
        ((EARLY, LATE), [(EARLY, HALF), (EARLY, None)], Finding.UNKNOWN, "machines_not_all_counted"),
        ((EARLY, LATE), [(None, None)], Finding.UNKNOWN, "counters_unusable"),
        ((SILENT,), [(EARLY, LATE)], Finding.UNKNOWN, "router.silent"),
        ((EARLY, SILENT), [(EARLY, LATE)], Finding.UNKNOWN, "router.silent"),
    ],
)
def test_the_router_against_the_rooms_cards(
    wan: tuple[Counters | DeviceError, ...],
    own: list[tuple[Counters | None, ...]],
    finding: Finding,
    why: str,
) -> None:
    found = look(Scripted(*wan), *(Scripted(*one).maybe for one in own))
    assert (found.finding, found.why) == (finding, why)


def test_a_router_that_is_not_found_is_unknown() -> None:
    def nobody() -> WanCounters:
        raise DeviceError("router.not_found", Effect.NONE)

    found = counter_evidence(nobody, [], complete=True, meanwhile=lambda: None)
    assert (found.finding, found.why) == (Finding.UNKNOWN, "router.not_found")


def test_without_other_work_it_waits_half_a_minute(monkeypatch: pytest.MonkeyPatch) -> None:
    waited: list[float] = []
    monkeypatch.setattr(time, "sleep", waited.append)
    counter_evidence(lambda: Scripted(EARLY, LATE), [Scripted(EARLY, LATE).maybe], complete=True)
    assert waited == [30.0]


@pytest.mark.parametrize(("took", "waits"), [(7.0, [1.0]), (8.0, []), (30.0, [])])
def test_a_test_that_is_done_sooner_than_counters_say_anything_is_waited_out(
    monkeypatch: pytest.MonkeyPatch, took: float, waits: list[float]
) -> None:
    """The test of a line that fills its cap takes seven seconds."""
    waited: list[float] = []
    monkeypatch.setattr(time, "sleep", waited.append)
    monkeypatch.setattr(time, "monotonic", lambda: took)
    look(Scripted(EARLY, LATE), Scripted(EARLY, LATE).maybe)
    assert waited == waits
