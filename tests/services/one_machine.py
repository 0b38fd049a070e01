"""A room with one machine: a scripted printer with the chip's reader inside, and the operator who stands before it.

The station inside is the bench's place READER while the machine holds the card; the same place is the desk reader
when it does not. Reader inside and desk reader each see only their own card.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from ktpel_desktop.core.chip_load import ChipLoad, ChipReading
from ktpel_desktop.core.errors import DeviceError, Effect
from ktpel_desktop.core.issuance import ChipProbe, Job, JobState
from ktpel_desktop.core.ports import CardFace, Health, PrintStage, Progress, Spot, unheard
from ktpel_desktop.devices.simulator.card_printer import SimulatedCardPrinter
from ktpel_desktop.devices.simulator.cards import Place
from ktpel_desktop.devices.simulator.chip import SimulatedChip
from ktpel_desktop.devices.simulator.workbench import Workbench
from ktpel_desktop.services.desk import Desk
from tests.services.honest import HonestOperator


class OneMachine:
    """CardPrinter and CardFeeder over the bench. `script[verb]` are failures of the next calls of a verb:
    "refused" (nothing moved), "lost" (moved, answer lost), "jam" (moved half way).
    """

    def __init__(self, bench: Workbench) -> None:
        self.bench = bench
        self.script: dict[str, list[str]] = {}
        self.fed = 0
        self._printer = SimulatedCardPrinter(bench)
        self._serial: str | None = None

    @property
    def inside(self) -> str | None:
        """Serial of the card that the machine holds."""
        if self._serial is not None and self.bench.card(self._serial).place in {Place.READER, Place.PRINTER}:
            return self._serial
        return None

    def insert(self, serial: str) -> None:
        """A person puts a card into the station."""
        self.bench.move(serial, Place.READER)
        self._serial = serial

    def open_up(self) -> None:
        """A person takes the card out."""
        if self.inside is not None:
            self.bench.move(self.inside, Place.HAND)
        self._serial = None

    def health(self) -> Health:
        return self._printer.health()

    def marker(self) -> int:
        return self._printer.marker()

    def clear_queue(self) -> bool:
        return False

    def print_card(self, face: CardFace, tag: str, told: Callable[[PrintStage], None] = unheard) -> None:
        if self.inside is None:
            raise DeviceError("printer.no_card", Effect.NONE)
        serial, before = self.inside, self.bench.card(self.inside).place
        self.bench.move(serial, Place.PRINTER)
        try:
            self._printer.print_card(face, tag, told)
        except DeviceError as error:
            if error.effect is Effect.NONE:
                self.bench.move(serial, before)
            raise
        finally:
            self._serial = self.inside  # what is out is no more the machine's, wherever it is laid

    def spot(self) -> Spot:
        self._fails("spot", None, None)
        if self.inside is None:
            return Spot.NOWHERE
        return Spot.STATION if self.bench.card(self.inside).place is Place.READER else Spot.INSIDE

    def feed_to_station(self) -> None:
        assert self.inside is None, "a card was fed onto another"
        self.fed += 1
        if "refused" not in self.script.get("feed_to_station", [])[:1]:
            self.insert(self.bench.take_blank().serial)
        self._fails("feed_to_station", self.inside, Place.PRINTER)

    def eject(self) -> None:
        self._out("eject", Place.OUT)

    def reject(self) -> None:
        self._out("reject", Place.REJECT)

    def _out(self, verb: str, place: Place) -> None:
        card = self.inside
        if card is None:
            raise DeviceError("printer.no_card", Effect.NONE)
        if self.script.get(verb, [])[:1] in ([], ["lost"]):
            self.bench.move(card, place)
            self._serial = None
        self._fails(verb, card, Place.PRINTER)

    def _fails(self, verb: str, card: str | None, half_way: Place | None) -> None:
        waiting = self.script.get(verb)
        how = waiting.pop(0) if waiting else ""
        if how == "jam" and card is not None and half_way is not None:
            self.bench.move(card, half_way)
            raise DeviceError("printer.jam_in_transport", Effect.UNKNOWN)
        if how == "refused":
            raise DeviceError("printer.reject_full", Effect.NONE)
        if how:
            raise DeviceError("printer.move_unclear", Effect.UNKNOWN)


class Reader:
    """Reader inside the machine (`inside`), or the one on the desk."""

    def __init__(self, machine: OneMachine, *, inside: bool) -> None:
        self._machine, self._inside = machine, inside
        self._chip = SimulatedChip(machine.bench, chunks=3)

    def health(self) -> Health:
        return self._chip.health()

    def probe(self) -> ChipProbe:
        self._must_see()
        return self._chip.probe()

    def read(self) -> ChipReading:
        self._must_see()
        return self._chip.read()

    def write(self, serial: str, load: ChipLoad, progress: Progress) -> ChipProbe:
        self._must_see()
        return self._chip.write(serial, load, progress)

    def _must_see(self) -> None:
        lying, held = self._machine.bench.only_at(Place.READER), self._machine.inside
        mine = lying is not None and (lying.serial == held) is self._inside
        if not mine:
            raise DeviceError("chip.no_card", Effect.NONE)


def in_one_machine(desk: Desk, machine: OneMachine) -> Desk:
    """The same desk in a room with one machine and a reader on the desk."""
    return replace(
        desk,
        chip=Reader(machine, inside=True),
        check_chip=Reader(machine, inside=False),
        card_printer=machine,
        feeder=machine,
    )


class OperatorOfOneMachine(HonestOperator):
    """Leaves to the machine what it does itself; opens it only where the words on the screen say so."""

    def __init__(self, machine: OneMachine) -> None:
        super().__init__(machine.bench)
        self._machine = machine

    def _go_on(self, desk: Desk, job: Job) -> None:
        try:
            super()._go_on(desk, job)
        except DeviceError as error:
            if error.code == "printer.card_left_inside":
                self._machine.open_up()
            raise

    def _blank_on_reader(self) -> None:
        """The machine feeds it."""

    def _discard_reader(self) -> None:
        """The machine rejects it."""

    def _clear_booked_card(self, desk: Desk, request_id: str) -> None:
        """The program knows by itself what it owes to the box."""

    def _on_reader(self, job: Job) -> None:
        assert job.chip_serial is not None
        if job.state is not JobState.ENCODING:
            if self._machine.inside == job.chip_serial:
                self._machine.open_up()
            super()._on_reader(job)
        elif self._machine.inside != job.chip_serial:
            self._machine.insert(job.chip_serial)

    def _to_printer(self, job: Job) -> None:
        assert job.chip_serial is not None
        if self._machine.inside != job.chip_serial:
            self._machine.insert(job.chip_serial)
