"""Where the office looks for devices that are not in the register yet, as the settings say."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from ktpel_desktop.core.ports import DeviceFinder
from ktpel_desktop.settings import Settings

if TYPE_CHECKING:
    from ktpel_desktop.devices.found.sighting import Source


def device_finder(settings: Settings) -> DeviceFinder:
    """The real one as soon as the settings name any real device; the simulated one in an office that has none."""
    if is_simulated(settings):
        from ktpel_desktop.devices.simulator.finder import SimulatedFinder

        return SimulatedFinder()
    from ktpel_desktop.devices.found.finder import Finder

    return Finder(sources(settings))


def is_simulated(settings: Settings) -> bool:
    """Whether no device of this office is real."""
    chosen = {settings.chip_by, settings.card_printer_by, settings.power_by, settings.line_by}
    return chosen == {"tiruan"} and settings.thermometer_by in ("tiruan", "tanpa") and not settings.page_queue


def sources(settings: Settings) -> dict[str, Source]:
    """The places to look, in the order of trust: what a device says of itself before what was typed about it.

    A UPS only where the settings name one; printers of the network only where the office lets them be greeted.
    """
    from ktpel_desktop.bootstrap.printers import print_system
    from ktpel_desktop.bootstrap.room_instruments import named_ups
    from ktpel_desktop.devices.found.chip_readers import chip_readers
    from ktpel_desktop.devices.found.network_printers import network_printers
    from ktpel_desktop.devices.found.print_queues import PrintQueues
    from ktpel_desktop.devices.found.this_pc import this_pc
    from ktpel_desktop.devices.found.ups_at_nut import ups_at_nut
    from ktpel_desktop.devices.found.usb_devices import UsbDevices

    found: dict[str, Source] = {
        "pc": this_pc,
        "usb": UsbDevices(),
        "queues": PrintQueues(print_system(), settings.card_queue, settings.page_queue),
        "readers": chip_readers,
    }
    if settings.ups:
        found["ups"] = partial(ups_at_nut, named_ups(settings))
    if settings.line_by == "sungguhan" and settings.ask_cameras:
        found["network"] = network_printers
    return found
