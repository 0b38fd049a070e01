"""What every driver of a port must keep, simulator or real: one suite, run for each by a subclass with a rig.

A rig is a driver with a world in which the test can act as the operator and look at what is true.
"""

from dataclasses import dataclass, field
from typing import Protocol

import pytest

from ktpel_desktop.core import chip_load
from ktpel_desktop.core.chip_load import ChipLoad
from ktpel_desktop.core.errors import DeviceError, Effect, UserCancelled
from ktpel_desktop.core.issuance import ChipContent, ChipProbe
from ktpel_desktop.core.ports import Answer, CardFace, CardPrinter, ChipStation, Step
from ktpel_desktop.core.subject import Subject
from tests.residents import BUDI
from tests.residents import subject as person
from tests.services.siak_fake import PROFILE, TestAuthority, ordered

CHECK = TestAuthority()
FACE = CardFace(b"colour", b"black", 300)


class ChipRig(Protocol):
    """A chip station and the operator beside it."""

    @property
    def station(self) -> ChipStation: ...
    def lay_blank(self) -> str:
        """Lay a fresh blank on the reader and return its serial."""
        ...

    def lay(self, serial: str) -> None: ...
    def take_away(self) -> None: ...


class PrinterRig(Protocol):
    """A card printer and the operator beside it."""

    @property
    def printer(self) -> CardPrinter: ...
    def feed(self) -> str:
        """Feed one card; its serial."""
        ...

    def is_out(self, serial: str) -> bool: ...


def load_of(subject: Subject = BUDI, order_id: str = "ORDER-1") -> ChipLoad:
    """What the training SIAK would order to be written for this subject."""
    return chip_load.build(PROFILE, ordered(subject, order_id), CHECK)


LOAD, OTHER_LOAD = load_of(), load_of(person(name="SITI AMINAH"), "ORDER-2")


@dataclass
class Told:
    steps: list[Step] = field(default_factory=list)
    stop: bool = False

    def __call__(self, step: Step) -> None:
        self.steps.append(step)
        if self.stop and step.may_stop:
            raise UserCancelled

    @property
    def shares(self) -> list[float]:
        return [step.share for step in self.steps]


class ChipContract:
    """Contract of ChipStation (core/ports.py, design.md 7)."""

    def test_health_is_one_of_three_words_and_moves_nothing(self, rig: ChipRig) -> None:
        serial = rig.lay_blank()
        assert rig.station.health().ready in Answer
        assert rig.station.probe().serial == serial

    def test_a_blank_is_blank(self, rig: ChipRig) -> None:
        serial = rig.lay_blank()
        probe = rig.station.probe()
        assert (probe.serial, probe.content, probe.digest) == (serial, ChipContent.BLANK, None)

    def test_what_was_written_is_read_back(self, rig: ChipRig) -> None:
        serial = rig.lay_blank()
        written = rig.station.write(serial, LOAD, Told())
        assert written == rig.station.probe() == ChipProbe(serial, ChipContent.FULL, LOAD.digest)

    def test_a_whole_chip_is_read_and_judged(self, rig: ChipRig) -> None:
        serial = rig.lay_blank()
        assert rig.station.read().content is ChipContent.BLANK
        rig.station.write(serial, LOAD, Told())
        reading = rig.station.read()
        assert reading.good
        assert (reading.serial, reading.digest) == (serial, LOAD.digest)

    def test_who_stops_in_time_leaves_a_blank(self, rig: ChipRig) -> None:
        serial = rig.lay_blank()
        told = Told(stop=True)
        with pytest.raises(UserCancelled):
            rig.station.write(serial, LOAD, told)
        assert rig.station.probe().content is ChipContent.BLANK

    def test_once_something_was_written_nobody_may_stop(self, rig: ChipRig) -> None:
        told = Told()
        rig.station.write(rig.lay_blank(), LOAD, told)
        free = [step.may_stop for step in told.steps]
        assert free == sorted(free, reverse=True)
        assert all(step.done <= step.total for step in told.steps)

    def test_progress_goes_up_from_nothing_to_all(self, rig: ChipRig) -> None:
        told = Told()
        rig.station.write(rig.lay_blank(), LOAD, told)
        assert told.shares == sorted(told.shares)
        assert told.shares[-1] == 1.0
        assert told.shares[0] >= 0.0

    def test_nothing_is_written_to_another_card(self, rig: ChipRig) -> None:
        first = rig.lay_blank()
        rig.take_away()
        rig.lay_blank()
        with pytest.raises(DeviceError) as refused:
            rig.station.write(first, LOAD, Told())
        assert (refused.value.code, refused.value.effect) == ("chip.wrong_card", Effect.NONE)
        assert rig.station.probe().content is ChipContent.BLANK

    def test_without_a_card_nothing_happens(self, rig: ChipRig) -> None:
        serial = rig.lay_blank()
        rig.take_away()
        for act in (rig.station.probe, lambda: rig.station.write(serial, LOAD, Told())):
            with pytest.raises(DeviceError) as refused:
                act()
            assert (refused.value.code, refused.value.effect) == ("chip.no_card", Effect.NONE)
        rig.lay(serial)
        assert rig.station.probe().content is ChipContent.BLANK

    def test_a_locked_chip_is_not_written_again(self, rig: ChipRig) -> None:
        serial = rig.lay_blank()
        rig.station.write(serial, LOAD, Told())
        with pytest.raises(DeviceError) as refused:
            rig.station.write(serial, OTHER_LOAD, Told())
        assert (refused.value.code, refused.value.effect) == ("chip.locked", Effect.NONE)
        assert rig.station.probe().digest == LOAD.digest


class PrinterContract:
    """Contract of CardPrinter."""

    def test_health_is_one_of_three_words_and_moves_nothing(self, rig: PrinterRig) -> None:
        serial = rig.feed()
        before = rig.printer.marker()
        assert rig.printer.health().ready in Answer
        assert rig.printer.marker() == before
        assert not rig.is_out(serial)

    def test_returning_means_counted_and_out(self, rig: PrinterRig) -> None:
        serial, before = rig.feed(), rig.printer.marker()
        rig.printer.print_card(FACE, "TICKET-1")
        assert rig.printer.marker() == before + 1
        assert rig.is_out(serial)

    def test_without_a_card_nothing_is_printed(self, rig: PrinterRig) -> None:
        before = rig.printer.marker()
        with pytest.raises(DeviceError) as refused:
            rig.printer.print_card(FACE, "TICKET-1")
        assert (refused.value.code, refused.value.effect) == ("printer.no_card", Effect.NONE)
        assert rig.printer.marker() == before
