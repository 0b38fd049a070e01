"""One CUPS server, its queues and one IPP card printer for all tests of a run that want them."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

import pytest

from ktpel_desktop.devices.print_queue.cups import CupsSystem
from ktpel_desktop.devices.print_queue.following import Pace, Watch
from ktpel_desktop.devices.print_queue.jobs import Job
from tests.devices.printing import cups_server
from tests.devices.printing.counting_printer import CountingPrinter, counting_printer
from tests.devices.printing.cups_server import CupsServer, IppPrinter

PACE = Pace(patience=30, look=0.05, silence=1.5, stuck=0.3, cancelling=5)
"""Quick looks; patience only as long as the slowest filter."""


class WatchedCups(CupsSystem):
    """CUPS with somebody beside it, who acts on what a look at a job has just shown."""

    def __init__(self, address: str, watch: Watch) -> None:
        super().__init__(address, user=cups_server.OPERATOR)
        self._watch = watch

    def job(self, queue: str, number: int) -> Job:
        job = super().job(queue, number)
        self._watch(job)
        return job


@dataclass
class PrintRoom:
    """The server with: `mentah`, a raw queue; `kartu`, driverless to an IPP card printer; `hdp`, a card driver with
    raster; `laser`, driverless to an IPP page printer that takes PDF; `hitung`, raw to a printer that counts."""

    server: CupsServer
    card: IppPrinter
    laser: IppPrinter
    raw: Path
    hdp: Path
    counting: CountingPrinter

    @property
    def system(self) -> CupsSystem:
        return CupsSystem(self.server.address, user=cups_server.OPERATOR)

    def watched(self, watch: Watch) -> CupsSystem:
        return WatchedCups(self.server.address, watch)


@pytest.fixture(scope="session")
def running_room() -> Iterator[PrintRoom]:
    if missing := cups_server.missing():
        pytest.skip(f"not on this machine: {', '.join(missing)}")
    here = cups_server.HERE
    with ExitStack() as cleaning:
        server = cleaning.enter_context(cups_server.running())
        card = cleaning.enter_context(cups_server.ipp_printer("Uji Kartu", here / "card.conf"))
        laser = cleaning.enter_context(cups_server.ipp_printer("Uji Laser"))
        counting = cleaning.enter_context(counting_printer())
        raw = server.add_capture("mentah")
        hdp = server.add_capture("hdp", ppd=here / "card_driver.ppd")
        server.add("kartu", card.uri, "everywhere")
        server.add("laser", laser.uri, "everywhere")
        server.add("hitung", counting.uri, "raw")
        yield PrintRoom(server, card, laser, raw, hdp, counting)


@pytest.fixture
def room(running_room: PrintRoom) -> Iterator[PrintRoom]:
    """The room, tidied up before and after."""
    running_room.server.clear()
    yield running_room
    running_room.server.clear()
    for printer in (running_room.card, running_room.laser):
        cups_server.mood(printer.mood_folder, "")
        for path in printer.printed():
            path.unlink(missing_ok=True)
    running_room.counting.reset()
