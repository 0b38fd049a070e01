"""The printers of one PC by its settings: card printer over USB or the print system, laser over the print system,
receipts over network, USB, the print system or a file.
"""

from __future__ import annotations

import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from ktpel_desktop.core.host_port import host_port
from ktpel_desktop.core.ports import (
    CardFeeder,
    CardPrinter,
    DotMatrixPrinter,
    PagePrinter,
    ReceiptPrinter,
)
from ktpel_desktop.documents.escp import Form, Pins
from ktpel_desktop.settings import Settings, usb_numbers

if TYPE_CHECKING:
    from ktpel_desktop.devices.print_queue.cups import CupsSystem
    from ktpel_desktop.devices.print_queue.windows import WindowsSystem
    from ktpel_desktop.devices.receipt_printer.driver import Line

ID1, EVOLIS = "id1_300", "evolis_300"
"""Print heads of resources/kartu/kepala.toml."""


@dataclass(frozen=True, slots=True)
class ChosenCardPrinter:
    """The card printer, what moves its cards where the chip's reader is inside, its name for the journal, its head."""

    printer: CardPrinter
    feeder: CardFeeder | None
    name: str
    head: str


def card_printer(settings: Settings, simulated: CardPrinter) -> ChosenCardPrinter:
    """The card printer that the settings name; the simulated one of the training office where they name none."""
    if settings.card_printer_by == "evolis":
        from ktpel_desktop.devices.card_printer.evolis import EvolisPrinter, EvolisSettings

        evolis = EvolisPrinter(
            EvolisSettings(detach_spooler=settings.detach_spooler, inline_encoder=settings.inline_encoder)
        )
        return ChosenCardPrinter(
            evolis, evolis if settings.inline_encoder else None, "evolis", settings.print_head or EVOLIS
        )
    if settings.card_printer_by == "antrean":
        from ktpel_desktop.devices.card_printer.spooler import SpoolerCardPrinter

        spooler = SpoolerCardPrinter(print_system(), settings.card_queue)
        return ChosenCardPrinter(spooler, None, settings.card_queue, settings.print_head or ID1)
    return ChosenCardPrinter(simulated, None, "tiruan", settings.print_head or ID1)


def page_printer(settings: Settings, simulated: PagePrinter) -> PagePrinter:
    """The laser printer that the settings name; the simulated one where they name none."""
    if not settings.page_queue:
        return simulated
    from ktpel_desktop.devices.page_printer import QueuePagePrinter

    others = frozenset({settings.card_queue, settings.receipt_queue, settings.dot_matrix_queue})
    return QueuePagePrinter(
        print_system(),
        settings.page_queue,
        tray=settings.page_tray,
        not_for_pages=others - {settings.page_queue},
    )


def receipt_printer(settings: Settings, simulated: ReceiptPrinter) -> ReceiptPrinter:
    """The receipt printer that the settings name; the simulated one where they name none."""
    if settings.receipt_by == "tiruan":
        return simulated
    if settings.receipt_by == "antrean":
        from ktpel_desktop.devices.receipt_printer.queue import QueueReceiptPrinter

        return QueueReceiptPrinter(print_system(), settings.receipt_queue)
    from ktpel_desktop.devices.receipt_printer.driver import EscPosPrinter

    return EscPosPrinter(_receipt_line(settings))


def _receipt_line(settings: Settings) -> Line:
    """The way to a printer that is driven without the print system."""
    if settings.receipt_by == "jaringan":
        from ktpel_desktop.devices.receipt_printer.network import PORT, NetworkLine

        place = host_port(settings.receipt_address)
        assert place is not None  # noqa: S101 - settings.load has looked
        return NetworkLine(place.host, place.port or PORT)
    if settings.receipt_by == "usb":
        from ktpel_desktop.devices.receipt_printer.usb import UsbLine

        return UsbLine(*usb_numbers(settings.receipt_usb))
    from ktpel_desktop.devices.receipt_printer.file import FileLine

    return FileLine(Path(settings.receipt_file))


def dot_matrix_printer(settings: Settings, simulated: DotMatrixPrinter) -> DotMatrixPrinter | None:
    """The dot-matrix printer that the settings name; None where the office has none."""
    if settings.dot_matrix_by == "tanpa":
        return None
    if settings.dot_matrix_by == "tiruan":
        return simulated
    from ktpel_desktop.devices.page_printer import QueuePagePrinter

    return QueuePagePrinter(print_system(), settings.dot_matrix_queue)


def form(settings: Settings) -> Form:
    """The form in the dot-matrix printer."""
    return Form(Pins(settings.dot_matrix_pins), round(settings.form_inches * 2))


def receipts(settings: Settings, roll: ReceiptPrinter, dot_matrix: DotMatrixPrinter | None) -> ReceiptPrinter:
    """Where receipts come out: on the roll, or on form by the dot-matrix printer."""
    if dot_matrix is None or not settings.receipt_on_form:
        return roll
    from ktpel_desktop.devices.form_receipts import FormReceipts

    return FormReceipts(dot_matrix)


def print_system() -> CupsSystem | WindowsSystem:
    """This computer's own."""
    if sys.platform == "win32":
        from ktpel_desktop.devices.print_queue.qt_pages import QtPages
        from ktpel_desktop.devices.print_queue.windows import WindowsSystem
        from ktpel_desktop.devices.print_queue.winspool import SystemWinspool

        return WindowsSystem(SystemWinspool(), QtPages())
    from ktpel_desktop.devices.print_queue.cups import CupsSystem

    return CupsSystem()
