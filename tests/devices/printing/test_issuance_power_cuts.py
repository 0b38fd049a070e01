"""The issuance's crash tests with the spooler's driver: whatever fails and wherever the power goes, one good card.

The spooler here takes a job at once, prints it when it likes, says "completed" of whatever the printer did, and after a
power cut goes on by itself with what was waiting in it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from ktpel_desktop.core.errors import DeviceError, Effect
from ktpel_desktop.core.ports import CardFace
from ktpel_desktop.devices.card_printer import spooler
from ktpel_desktop.devices.card_printer.spooler import SpoolerCardPrinter
from ktpel_desktop.devices.print_queue.jobs import FINAL, Document, Format, Job, JobState, Queue
from ktpel_desktop.devices.simulator import SimulatedCardPrinter
from ktpel_desktop.devices.simulator.workbench import Workbench
from ktpel_desktop.services.desk import Desk
from tests.devices.card_printer import power_cuts
from tests.devices.card_printer.power_cuts import DriverRoom, at_ports
from tests.devices.printing.fake_system import CARD_QUEUE, Time
from tests.services import printroom
from tests.services.power import Fuse

FAULTS = (
    *("", "printer_door_open", "ribbon_out", "ribbon_out_mid_card", "jam_mid_card", "printed_card_stuck"),
    *("accepted_not_printed", "printed_not_counted", "counted_not_printed", "printed_card_lost"),
)
FACE = CardFace(b"", b"", 300)


class Spooler:
    """A print system whose printer is the one on the bench; `lazy` looks pass before a job begins."""

    exact = Format.PDF

    def __init__(self, bench: Workbench, lazy: int = 0, *, loses_answers: bool = False) -> None:
        self._printer = SimulatedCardPrinter(bench)
        self._lazy = lazy
        self._waited = 0
        self._loses = loses_answers
        self.known: list[Job] = []
        self.burn: Callable[[str], None] = lambda name: None

    def queue(self, name: str, seconds: float = 5.0) -> Queue:
        return CARD_QUEUE

    def jobs(self, queue: str) -> tuple[Job, ...]:
        return tuple(self.known)

    def submit(self, queue: str, document: Document) -> int:
        self.burn("before the document was handed over")
        number = len(self.known) + 1
        self.known.append(Job(number, document.title, JobState.PENDING, started=False, mine=True))
        self._waited = 0
        self.burn("after the document was handed over")
        if self._loses:
            raise DeviceError("queue.answer_lost", Effect.UNKNOWN)
        return number

    def job(self, queue: str, number: int) -> Job:
        self.burn("a look")
        self._waited += 1
        if self._waited > self._lazy:
            self.go_on()
        return self.known[number - 1]

    def cancel(self, queue: str, number: int) -> None:
        self.burn("before the job was cancelled")
        job = self.known[number - 1]
        if job.state not in FINAL:
            self.known[number - 1] = replace(job, state=JobState.CANCELLED)
        self.burn("after the job was cancelled")

    def settled(self, queue: str, number: int) -> None:
        """Nothing is kept."""

    def go_on(self) -> None:
        """Print what waits. A printer that refuses to begin leaves its job in work."""
        for at, job in enumerate(self.known):
            if job.state in FINAL:
                continue
            self.known[at] = replace(job, state=JobState.PROCESSING, started=True)
            try:
                self._printer.print_card(FACE, job.title)
            except DeviceError as error:
                if error.effect is Effect.NONE:
                    continue
            self.known[at] = replace(job, state=JobState.COMPLETED, started=True)


@dataclass(kw_only=True)
class SpoolerRoom(DriverRoom):
    """The card printer stands behind a spooler."""

    spooler: Spooler

    def restart(self) -> None:
        self.spooler.burn = lambda name: None
        self.spooler.go_on()


@pytest.fixture(scope="session")
def morning(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return printroom.template(tmp_path_factory.mktemp("spooler-morning"))


@pytest.fixture(autouse=True)
def _pages_are_not_drawn(monkeypatch: pytest.MonkeyPatch) -> None:
    """How a face becomes a page is tested in test_card_page.py; here it would only take time."""
    monkeypatch.setattr(spooler, "card_page", lambda *told: b"%PDF-")


def copy(source: Path, folder: Path, **habits: int) -> SpoolerRoom:
    room = printroom.copy(source, folder)
    system = Spooler(room.bench, habits.get("lazy", 0), loses_answers=bool(habits.get("loses_answers")))
    driver = SpoolerCardPrinter(system, "kartu", pace=Time().pace(patience=3))
    desk = replace(room.desk, card_printer=driver)
    return SpoolerRoom(desk, room.bench, room.siak, room.clock, room.store, siak=room.siak, spooler=system)


def inside_the_print(room: SpoolerRoom, fuse: Fuse) -> Desk:
    room.spooler.burn = fuse.burn
    return room.desk


def play_with_cuts(
    morning: Path, folder: Path, fault: str, wire: Callable[[SpoolerRoom, Fuse], Desk], **habits: int
) -> int:
    def fresh() -> SpoolerRoom:
        room = copy(morning, folder, **habits)
        if fault:
            room.bench.faults.script(fault, verb="print_card")
        return room

    return power_cuts.play_with_cuts(fresh, wire)


@pytest.mark.parametrize("fault", ["", "jam_mid_card"])
def test_wherever_the_power_goes_there_is_one_good_card(fault: str, morning: Path, tmp_path: Path) -> None:
    assert play_with_cuts(morning, tmp_path, fault, at_ports) > 20


@pytest.mark.parametrize("fault", FAULTS)
def test_inside_the_print_too(fault: str, morning: Path, tmp_path: Path) -> None:
    assert play_with_cuts(morning, tmp_path, fault, inside_the_print, lazy=1) > 2


@pytest.mark.parametrize("fault", ["", "accepted_not_printed", "printed_card_lost"])
def test_a_spooler_that_loses_its_answers(fault: str, morning: Path, tmp_path: Path) -> None:
    play_with_cuts(morning, tmp_path, fault, inside_the_print, loses_answers=1)


def test_a_spooler_that_never_begins_costs_no_card(morning: Path, tmp_path: Path) -> None:
    """Nobody switches the printer on: the job is taken back, nothing was printed, and the step may be repeated."""
    room = copy(morning, tmp_path, lazy=1000)
    with pytest.raises(DeviceError) as failed:
        room.desk.card_printer.print_card(FACE, "R-7-1")
    assert (failed.value.code, failed.value.effect) == ("printer.not_sent", Effect.NONE)
    room.spooler.go_on()
    assert all(card.prints == 0 for card in room.bench.cards)
    room.store.close()
