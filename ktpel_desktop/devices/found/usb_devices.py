"""What is plugged into USB: printers, chip readers, UPSes, and what only its maker's driver understands.

Descriptors come from the system's own memory of them. Names and serials too, on Linux (Documentation/ABI/stable/
sysfs-bus-usb: manufacturer, product, serial); only where the system has none is the device opened and asked for its
strings on the control pipe, which claims no interface and detaches no driver. A device takes at most four questions of
`_QUESTION_MS`. What people know by themselves (keyboards, cameras, sticks, hubs) is not offered.
"""

from __future__ import annotations

import errno
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import usb.core
import usb.util

from ktpel_desktop.core.errors import DeviceError, Effect
from ktpel_desktop.core.placement import DeviceKind
from ktpel_desktop.devices.card_printer.evolis.settings import EVOLIS
from ktpel_desktop.devices.found.printer_models import kind_of
from ktpel_desktop.devices.found.sighting import Sighting, Sightings, make_of, sighting

SYSFS = Path("/sys/bus/usb/devices")
_QUESTION_MS = 300
_PRINTER, _SMART_CARD, _HUB, _VENDOR = 0x07, 0x0B, 0x09, 0xFF
"""Class codes of usb.org, "Defined Class Codes"."""
_REFUSED = (usb.core.USBError, NotImplementedError)
"""pyusb raises the second where libusb says "not supported" (usb/backend/libusb1.py, _check): mostly on Windows."""
_UNREADABLE = (*_REFUSED, ValueError, IndexError)
"""The others where a descriptor or a string is shorter, or another thing, than it says of itself."""
_GONE = frozenset({errno.ENODEV, errno.ENOENT})
_UPS: dict[int, frozenset[int]] = {
    0x0001: frozenset({0x0000}),  # cheap ones of many names
    0x0463: frozenset({0x0001, 0xFFFF}),  # Eaton, MGE
    0x051D: frozenset({0x0000, 0x0002, 0x0003}),  # APC
    0x0665: frozenset({0x5161}),  # the serial bridge inside many low-priced ones
    0x06DA: frozenset({0x0002, 0x0003, 0x0004, 0x0005, 0x0201, 0x0601, 0xFFFF}),  # Phoenixtec
    0x0764: frozenset({0x0005, 0x0501, 0x0601}),  # CyberPower
    0x10AF: frozenset({0x0001, 0x0004, 0x0008}),  # Liebert, Vertiv
}
"""Vendor and products that Network UPS Tools 2.8.0 knows as UPSes (nut-usbups.rules), of the makes sold here."""
_Strings = tuple[str, str, str]
"""Maker, product, serial."""


class _Gone(Exception):
    """The device is no longer there."""


class UsbDevices:
    """A source. `backend` is pyusb's; None takes the system's libusb."""

    def __init__(self, backend: Any = None, sysfs: Path = SYSFS) -> None:
        self._backend, self._sysfs = backend, sysfs

    def __call__(self) -> Sightings:
        """Raises DeviceError "finder.no_usb_library", "finder.usb_unreadable"."""
        try:
            devices = list(usb.core.find(find_all=True, backend=self._backend))
        except usb.core.NoBackendError:
            raise DeviceError("finder.no_usb_library", Effect.NONE) from None
        except _REFUSED:
            raise DeviceError("finder.usb_unreadable", Effect.NONE) from None
        seen: list[Sighting] = []
        notes: list[str] = []
        for device in sorted(devices, key=lambda one: (one.bus or 0, one.port_numbers or ())):
            try:
                seen += self._offered(device, notes)
            except _Gone:
                continue
            finally:
                usb.util.dispose_resources(device)
        return Sightings(tuple(seen), tuple(notes))

    def _offered(self, device: Any, notes: list[str]) -> Iterator[Sighting]:
        """The device, where it is one for the register. Raises _Gone."""
        try:
            classes = _classes(device)
        except _UNREADABLE as error:
            _unless_gone(error)
            notes.append("finder.usb_unreadable")
            return
        offered, kind = _kind(device.idVendor, device.idProduct, classes)
        if not offered:
            return
        maker, product, serial = self._strings(device, notes)
        make = make_of(maker, product) or f"USB {device.idVendor:04x}:{device.idProduct:04x}"
        if kind is None:
            kind = kind_of(make)
        yield sighting(make, kind, serial=serial, where=f"USB {_place(device)}")

    def _strings(self, device: Any, notes: list[str]) -> _Strings:
        folder = self._sysfs / _place(device)
        if folder.is_dir():
            return _read(folder / "manufacturer"), _read(folder / "product"), _read(folder / "serial")
        return _asked(device, notes)


def _classes(device: Any) -> frozenset[int]:
    """Classes of the device and of its interfaces. Descriptors only: nothing is opened."""
    interfaces = {interface.bInterfaceClass for configuration in device for interface in configuration}
    return frozenset(interfaces | ({device.bDeviceClass} - {0}))


def _kind(vendor: int, product: int, classes: frozenset[int]) -> tuple[bool, DeviceKind | None]:
    """Whether it is offered, and as what."""
    if _HUB in classes:
        return False, None
    if vendor == EVOLIS:
        return True, DeviceKind.CARD_PRINTER
    if product in _UPS.get(vendor, ()):
        return True, DeviceKind.UPS
    if _SMART_CARD in classes:
        return True, DeviceKind.CHIP_READER
    return _PRINTER in classes or classes == {_VENDOR}, None


def _place(device: Any) -> str:
    """Bus and ports as Linux names them: "1-4", "1-4.2"."""
    ports = device.port_numbers or (device.port_number or device.address,)
    return f"{device.bus}-{'.'.join(map(str, ports))}"


def _read(path: Path) -> str:
    try:
        with path.open("rb") as file:
            return file.read(1024).decode("utf-8", "replace")
    except OSError:
        return ""


def _asked(device: Any, notes: list[str]) -> _Strings:
    """The strings by opening the device; what cannot be read is empty and one note. Raises _Gone."""
    device.default_timeout = _QUESTION_MS
    try:
        languages = usb.util.get_langids(device)
    except _UNREADABLE as error:
        _unless_gone(error)
        notes.append("finder.usb_no_names")
        return "", "", ""
    if not languages:
        return "", "", ""

    def string(index: int) -> str:
        try:
            return usb.util.get_string(device, index, languages[0]) or ""
        except _UNREADABLE as error:
            _unless_gone(error)
            notes.append("finder.usb_no_names")
            return ""

    return string(device.iManufacturer), string(device.iProduct), string(device.iSerialNumber)


def _unless_gone(error: Exception) -> None:
    if isinstance(error, usb.core.USBError) and error.errno in _GONE:
        raise _Gone from error
