"""An issuance with a real card printer's driver in the room, played once for every place where the power can go."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

from ktpel_desktop.core.issuance import Job
from ktpel_desktop.devices.simulator.cards import Place
from ktpel_desktop.services.desk import Desk
from tests.services.honest import HonestOperator
from tests.services.power import Fuse, PowerCut, fused_desk
from tests.services.printroom import REQUEST, CrashRoom


class OperatorAtTheMachine(HonestOperator):
    """Takes a card that stayed inside out of the printer before feeding it again, as the words on the screen say."""

    def _to_printer(self, job: Job) -> None:
        assert job.chip_serial is not None
        if self._bench.card(job.chip_serial).place is Place.PRINTER:
            self._bench.move(job.chip_serial, Place.HAND)
        super()._to_printer(job)


@dataclass(kw_only=True)
class DriverRoom(CrashRoom, ABC):
    """A crash room whose card printer is a driver, with a world behind it that does not stop with the computer."""

    @abstractmethod
    def restart(self) -> None:
        """The computer came back; the world had gone on by itself."""


Room = TypeVar("Room", bound=DriverRoom)


def at_ports(room: DriverRoom, fuse: Fuse) -> Desk:
    """The power goes off before and after each commit and each effect."""
    return fused_desk(room.desk, fuse)


def play_with_cuts(fresh: Callable[[], Room], wire: Callable[[Room, Fuse], Desk]) -> int:
    """Issue once for every boundary, with the power cut there; how many boundaries there were."""
    at = last = 0
    while at <= last:
        room = fresh()
        fuse = Fuse(at)
        try:
            OperatorAtTheMachine(room.bench).issue(wire(room, fuse), REQUEST)
        except PowerCut:
            room.restart()
            room.clock.advance(minutes=3)
            OperatorAtTheMachine(room.bench).issue(room.desk, REQUEST)
        try:
            assert fuse.gone == (at > 0)
            room.assert_accounted()
        except AssertionError as error:
            error.add_note(f"power cut {at}: {fuse.names[-1:]}")
            raise
        finally:
            room.store.close()
        if at == 0:
            last = fuse.passed
        at += 1
    return last
