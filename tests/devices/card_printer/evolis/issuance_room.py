"""The print room of the crash tests with the real Evolis driver in it, over the simulated USB printer."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path

from ktpel_desktop.core.ports import CardFace
from ktpel_desktop.core.print_order import VerifiedOrder
from ktpel_desktop.devices.simulator.evolis import SimulatedEvolisPrinter
from ktpel_desktop.services.desk import Desk
from tests.devices.card_printer import power_cuts
from tests.devices.card_printer.evolis.rigs import face, text_on
from tests.devices.card_printer.power_cuts import DriverRoom, OperatorAtTheMachine, at_ports
from tests.services import printroom
from tests.services.desks import PlainPapers
from tests.services.power import Fuse

__all__ = ["EvolisRoom", "OperatorAtTheMachine", "at_ports", "copy", "drawn_once", "play_with_cuts"]

drawn_once = lru_cache(maxsize=16)(face)


class DrawnPapers(PlainPapers):
    """Faces that say which job they are of, so that the card in the tray tells it by its ink alone."""

    def card_face(self, order: VerifiedOrder) -> CardFace:
        return drawn_once(order.order.job_id)


@dataclass(kw_only=True)
class EvolisRoom(DriverRoom):
    """The driver over the simulated USB printer."""

    printer: SimulatedEvolisPrinter

    def restart(self) -> None:
        """The computer came back: the bus was reset, the printer had gone on by itself."""
        self.printer.backend.on_transfer = lambda name: None
        self.printer.backend.plug_in()


def copy(source: Path, folder: Path) -> EvolisRoom:
    room = printroom.copy(source, folder)
    printer = SimulatedEvolisPrinter(room.bench, tag_of=text_on)
    desk = replace(room.desk, card_printer=printer, papers=DrawnPapers())
    return EvolisRoom(
        desk=desk,
        bench=room.bench,
        book=room.siak,
        clock=room.clock,
        store=room.store,
        siak=room.siak,
        printer=printer,
    )


Prepare = Callable[[EvolisRoom], None]
Wire = Callable[[EvolisRoom, Fuse], Desk]


def inside_the_print(room: EvolisRoom, fuse: Fuse) -> Desk:
    """The power goes off at the USB transfers of a print: every answer, and every 16th piece of a bitmap."""
    pieces = 0

    def burn(name: str) -> None:
        nonlocal pieces
        pieces += name == "write"
        if name == "read" or pieces % 16 == 0:
            fuse.burn(f"usb {name} after {room.printer.machine.heard[-1:]}")

    room.printer.backend.on_transfer = burn
    return room.desk


def play_with_cuts(morning: Path, folder: Path, prepare: Prepare, wire: Wire) -> int:
    """Issue once for every boundary, with the power cut there; how many boundaries there were."""

    def fresh() -> EvolisRoom:
        room = copy(morning, folder)
        prepare(room)
        return room

    return power_cuts.play_with_cuts(fresh, wire)
