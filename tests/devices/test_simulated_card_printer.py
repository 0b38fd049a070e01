"""The simulated card printer: the contract, and that each fault's effect is what the world then shows."""

import pytest

from ktpel_desktop.core.errors import DeviceError, Effect
from ktpel_desktop.core.issuance import PrintAnswer
from ktpel_desktop.core.ports import Answer
from ktpel_desktop.devices.simulator import FAULTS, Face, Place, SimulatedCardPrinter, Workbench
from tests.devices.contract import FACE, PrinterContract


class SimulatedPrinterRig:
    def __init__(self) -> None:
        self.bench = Workbench(blanks=5)
        self.printer = SimulatedCardPrinter(self.bench)

    def feed(self) -> str:
        serial = self.bench.take_blank().serial
        self.bench.move_to_printer(serial)
        return serial

    def is_out(self, serial: str) -> bool:
        return self.bench.card(serial).place is Place.OUT


@pytest.fixture
def rig() -> SimulatedPrinterRig:
    return SimulatedPrinterRig()


class TestSimulatedCardPrinter(PrinterContract):
    pass


_NONE, _FULL = (Face.NONE, 0, PrintAnswer.NOT_PRINTED), (Face.FULL, 1, PrintAnswer.CARD_GOOD)
WORLD_AFTER = {
    "printer_offline": _NONE,
    "printer_door_open": _NONE,
    "ribbon_out": _NONE,
    "printer_no_card": _NONE,
    "accepted_not_printed": _NONE,
    "counted_not_printed": (Face.NONE, 1, PrintAnswer.NOT_PRINTED),
    "ribbon_out_mid_card": (Face.HALF, 0, PrintAnswer.CARD_SPOILED),
    "jam_mid_card": (Face.HALF, 0, PrintAnswer.CARD_SPOILED),
    "printed_card_stuck": _FULL,
    "printed_answer_lost": _FULL,
    "printed_not_counted": (Face.FULL, 0, PrintAnswer.CARD_GOOD),
    "printed_card_lost": (Face.FULL, 1, PrintAnswer.CARD_MISSING),
}


def test_every_fault_of_the_printer_has_its_row() -> None:
    faults = {name for name, kind in FAULTS.items() if "print_card" in kind.verbs and kind.effect is not None}
    assert faults == set(WORLD_AFTER)


@pytest.mark.parametrize("name", WORLD_AFTER)
def test_a_failed_print_tells_its_effect_honestly(rig: SimulatedPrinterRig, name: str) -> None:
    serial = rig.feed()
    rig.bench.faults.script(name, verb="print_card")
    before = rig.printer.marker()
    with pytest.raises(DeviceError) as failed:
        rig.printer.print_card(FACE, "TICKET-1")
    face, counted, answer = WORLD_AFTER[name]
    assert failed.value.effect is FAULTS[name].effect
    assert rig.bench.card(serial).face is face
    assert rig.printer.marker() - before == counted
    assert rig.bench.what_came_out(serial) is answer
    if failed.value.effect is Effect.NONE:
        assert (face, counted) == (Face.NONE, 0)
        rig.printer.print_card(FACE, "TICKET-1")
        assert rig.bench.card(serial).face is Face.FULL


def test_a_second_print_ruins_the_card(rig: SimulatedPrinterRig) -> None:
    serial = rig.feed()
    rig.printer.print_card(FACE, "TICKET-1")
    rig.bench.move_to_printer(serial)
    rig.printer.print_card(FACE, "TICKET-1")
    assert rig.bench.card(serial).face is Face.RUINED
    assert rig.bench.card(serial).prints == 2
    assert rig.bench.what_came_out(serial) is PrintAnswer.CARD_SPOILED


def test_the_card_tells_for_whom_it_was_printed(rig: SimulatedPrinterRig) -> None:
    serial = rig.feed()
    rig.printer.print_card(FACE, "TICKET-7")
    assert rig.bench.card(serial).tag == "TICKET-7"


def test_a_jammed_card_must_be_taken_out_by_hand(rig: SimulatedPrinterRig) -> None:
    serial = rig.feed()
    rig.bench.faults.script("jam_mid_card")
    with pytest.raises(DeviceError):
        rig.printer.print_card(FACE, "TICKET-1")
    assert rig.bench.card(serial).place is Place.PRINTER
    taken = rig.bench.take_out()
    assert taken is not None
    assert taken.serial == serial


@pytest.mark.parametrize(
    ("name", "note"),
    [
        ("printer_offline", "printer.offline"),
        ("printer_door_open", "printer.door_open"),
        ("ribbon_out", "printer.ribbon_out"),
    ],
)
def test_health_says_what_is_wrong_and_uses_nothing_up(
    rig: SimulatedPrinterRig, name: str, note: str
) -> None:
    rig.bench.faults.script(name)
    for _ in range(2):
        assert rig.printer.health().ready is Answer.NO
        assert rig.printer.health().notes == (note,)
    assert rig.bench.faults.waiting() == {name: 1}


def test_an_offline_printer_gives_no_marker(rig: SimulatedPrinterRig) -> None:
    rig.bench.faults.script("printer_offline")
    with pytest.raises(DeviceError) as failed:
        rig.printer.marker()
    assert (failed.value.code, failed.value.effect) == ("printer.offline", Effect.NONE)


def test_a_slow_printer_prints() -> None:
    waits: list[float] = []
    bench = Workbench(blanks=1, pace=waits.append)
    bench.faults.script("printer_slow")
    card = bench.move_to_printer(bench.take_blank())
    assert card is not None
    SimulatedCardPrinter(bench).print_card(FACE, "TICKET-1")
    assert bench.card(card.serial).face is Face.FULL
    assert sum(waits) > 10
