"""The real Evolis driver over the simulated USB printer, with the workbench's faults and hands: a CardPrinter.

It stands where SimulatedCardPrinter stands (training, crash tests), but every byte goes through the driver. A scripted
fault of the workbench becomes what the printer or the cable does during one call; before the next print the people in
the room have followed the words on the screen (door shut, ribbon changed, jam cleared by power).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from ktpel_desktop.core.ports import CardFace, Health, PrintStage, unheard
from ktpel_desktop.devices.card_printer.evolis import EvolisPrinter, EvolisSettings
from ktpel_desktop.devices.simulator.evolis.backend import EvolisBackend
from ktpel_desktop.devices.simulator.evolis.bench_world import BenchWorld, nameless
from ktpel_desktop.devices.simulator.evolis.drawing import Drawn
from ktpel_desktop.devices.simulator.evolis.lies import Lie
from ktpel_desktop.devices.simulator.evolis.machine import Machine
from ktpel_desktop.devices.simulator.hands import AutoHands
from ktpel_desktop.devices.simulator.workbench import Workbench

_LIES = {
    "printer_no_card": Lie.FEEDER_MISSES,
    "ribbon_out_mid_card": Lie.RIBBON_ENDS,
    "jam_mid_card": Lie.JAM_PRINTING,
    "printed_card_stuck": Lie.STAYS_INSIDE,
    "printed_answer_lost": Lie.SILENT,
    "accepted_not_printed": Lie.NOTHING_DONE,
    "printed_not_counted": Lie.NOT_COUNTED,
    "counted_not_printed": Lie.COUNTED_INSIDE,
    "printed_card_lost": Lie.CARD_LOST,
}


class SimulatedEvolisPrinter:
    """`driver` is the real one and has the verbs that are not in the port; `machine` is the printer."""

    def __init__(
        self,
        bench: Workbench,
        hands: AutoHands | None = None,
        settings: EvolisSettings | None = None,
        tag_of: Callable[[Drawn], str] = nameless,
    ) -> None:
        settings = settings or EvolisSettings()
        self.world = BenchWorld(bench, inline=settings.inline_encoder, tag_of=tag_of)
        self.machine = Machine(self.world)
        self.backend = EvolisBackend(self.machine)
        self.driver = EvolisPrinter(settings, self.backend)
        self._faults = bench.faults
        self._hands = hands
        self._inline = settings.inline_encoder

    def health(self) -> Health:
        with self._while_it_lasts(self._faults.pending):
            return self.driver.health()

    def marker(self) -> int:
        with self._while_it_lasts(lambda name: self._faults.strikes(name, "marker") is not None):
            return self.driver.marker()

    def clear_queue(self) -> bool:
        return False  # what it is sent it prints or refuses; nothing waits

    def print_card(self, face: CardFace, tag: str, told: Callable[[PrintStage], None] = unheard) -> None:
        self._people_have_mended()
        self.machine.lies = [lie for name, lie in _LIES.items() if self._strikes(name)]
        try:
            with self._while_it_lasts(self._strikes):
                self.driver.print_card(face, tag, told)
        finally:
            self.machine.lies = []

    def _strikes(self, name: str) -> bool:
        return self._faults.strikes(name, "print_card") is not None

    @contextmanager
    def _while_it_lasts(self, happens: Callable[[str], bool]) -> Iterator[None]:
        """Faults that are a state of the room rather than a moment: off, door, ribbon."""
        machine, backend = self.machine, self.backend
        if happens("printer_offline"):
            backend.present = False
        door = happens("printer_door_open")
        ribbon = happens("ribbon_out")
        machine.door_open |= door
        machine.ribbon_ended |= ribbon
        try:
            yield
        finally:
            if not backend.present:
                backend.plug_in()
            machine.door_open &= not door
            machine.ribbon_ended &= not ribbon

    def _people_have_mended(self) -> None:
        """What the words of the last error told the operator to do. A card left inside is taken out by hand."""
        self.machine.door_open = False
        if self.machine.ribbon_ended:
            self.machine.change_ribbon()
        self.machine.power_cycle()
        if self._hands is not None and not self._inline:
            self.world.take_out_by_hand()
            self._hands.serve_printer()
