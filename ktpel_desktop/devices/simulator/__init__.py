"""Simulated devices for training, tests and benches; faults scriptable.

bench = Workbench(blanks=50)            or Workbench.load(path) to survive a killed program
hands = AutoHands(bench)                optional: the operator's hands move by themselves
chip, printer = SimulatedChip(bench, hands), SimulatedCardPrinter(bench, hands)
bench.faults.script("printed_answer_lost")
"""

from ktpel_desktop.devices.simulator.card_printer import SimulatedCardPrinter
from ktpel_desktop.devices.simulator.cards import Face, Place, SimulatedCard
from ktpel_desktop.devices.simulator.chip import SimulatedChip
from ktpel_desktop.devices.simulator.dot_matrix_printer import SimulatedDotMatrixPrinter
from ktpel_desktop.devices.simulator.faults import FAULTS, FaultKind, Faults
from ktpel_desktop.devices.simulator.hands import AutoHands
from ktpel_desktop.devices.simulator.page_printer import SimulatedPagePrinter
from ktpel_desktop.devices.simulator.receipt_printer import SimulatedReceiptPrinter
from ktpel_desktop.devices.simulator.sensors import (
    SimulatedSensor,
    apparent_power_meter,
    line_test,
    power_meter,
    thermometer,
)
from ktpel_desktop.devices.simulator.workbench import Workbench

__all__ = [
    "FAULTS",
    "AutoHands",
    "Face",
    "FaultKind",
    "Faults",
    "Place",
    "SimulatedCard",
    "SimulatedCardPrinter",
    "SimulatedChip",
    "SimulatedDotMatrixPrinter",
    "SimulatedPagePrinter",
    "SimulatedReceiptPrinter",
    "SimulatedSensor",
    "Workbench",
    "apparent_power_meter",
    "line_test",
    "power_meter",
    "thermometer",
]
