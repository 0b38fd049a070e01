"""Evolis card printers by their own ESC command language, directly over USB.

commands (bytes), packing and panels (pixels) are pure; conversation and failures give every lost answer its honest
effect; driver has the verbs; the line is devices.usb_printer_link.
"""

from ktpel_desktop.devices.card_printer.evolis.driver import EvolisPrinter, Identity
from ktpel_desktop.devices.card_printer.evolis.panels import Layout, Overlay
from ktpel_desktop.devices.card_printer.evolis.settings import EvolisSettings, Insertion, Patience
from ktpel_desktop.devices.card_printer.evolis.supplies import Supplies

__all__ = [
    "EvolisPrinter",
    "EvolisSettings",
    "Identity",
    "Insertion",
    "Layout",
    "Overlay",
    "Patience",
    "Supplies",
]
