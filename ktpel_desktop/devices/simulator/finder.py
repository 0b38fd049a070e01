"""Devices that a simulated PC sees: synthetic, with serials 99… that no maker gave."""

from __future__ import annotations

from ktpel_desktop.core.placement import DeviceKind, FoundDevice, FoundDevices

WHERE = "simulator"
DEVICES = (
    FoundDevice("PC Latihan", DeviceKind.PC, "9901", WHERE),
    FoundDevice("Pencetak Kartu Latihan", DeviceKind.CARD_PRINTER, "9902", WHERE),
    FoundDevice("Pembaca Chip Latihan", DeviceKind.CHIP_READER, "9903", WHERE),
    FoundDevice("UPS Latihan", DeviceKind.UPS, "9904", WHERE),
    FoundDevice("Printer Latihan", None, "9905", WHERE),
)


class SimulatedFinder:
    """Sees the same devices every time (core.ports.DeviceFinder)."""

    def find(self) -> FoundDevices:
        return FoundDevices(DEVICES)
