"""A simulated Evolis printer at the level of the USB backend: it gets the bytes, draws the card, and may lie."""

from ktpel_desktop.devices.simulator.evolis.backend import EvolisBackend
from ktpel_desktop.devices.simulator.evolis.bench_world import BenchWorld
from ktpel_desktop.devices.simulator.evolis.drawing import Drawn
from ktpel_desktop.devices.simulator.evolis.lies import Lie, LinkLie
from ktpel_desktop.devices.simulator.evolis.machine import Machine
from ktpel_desktop.devices.simulator.evolis.printer import SimulatedEvolisPrinter

__all__ = [
    "BenchWorld",
    "Drawn",
    "EvolisBackend",
    "Lie",
    "LinkLie",
    "Machine",
    "SimulatedEvolisPrinter",
]
