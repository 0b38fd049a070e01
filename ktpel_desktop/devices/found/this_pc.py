"""This computer itself, by what its maker wrote into the firmware (SMBIOS). Reads a few small files, or the registry.

Linux: /sys/class/dmi/id (Documentation/ABI/testing/sysfs-firmware-dmi-tables, drivers/firmware/dmi-id.c; the serial is
for root alone). Windows: HKLM\\HARDWARE\\DESCRIPTION\\System\\BIOS, which has no serial.
"""

from __future__ import annotations

import sys
from contextlib import suppress
from pathlib import Path

from ktpel_desktop.core.placement import DeviceKind
from ktpel_desktop.devices.found.sighting import Sightings, make_of, serial_of, sighting

DMI = Path("/sys/class/dmi/id")
REGISTRY = r"HARDWARE\DESCRIPTION\System\BIOS"
_LONGEST = 1024
_MAKES = (
    ("sys_vendor", "product_name"),
    ("board_vendor", "board_name"),
)
"""The whole computer; of one that was put together from parts only the board has a name."""
_SERIALS = ("product_serial", "board_serial")
_IN_REGISTRY = {
    "sys_vendor": "SystemManufacturer",
    "product_name": "SystemProductName",
    "board_vendor": "BaseBoardManufacturer",
    "board_name": "BaseBoardProduct",
}


def this_pc(dmi: Path = DMI) -> Sightings:
    """A source, of one device; of none where the firmware tells nothing."""
    told = _from_registry() if sys.platform == "win32" else _from_files(dmi)
    make = next((made for vendor, name in _MAKES if (made := _made(told, vendor, name))), "")
    if not make:
        return Sightings()
    serial = next((number for name in _SERIALS if (number := serial_of(told.get(name, "")))), "")
    return Sightings((sighting(make, DeviceKind.PC, serial=serial, where="PC ini"),))


def _made(told: dict[str, str], vendor: str, name: str) -> str:
    """Maker and model, if the model is told: a maker alone names no computer."""
    model = make_of("", told.get(name, ""))
    return make_of(told.get(vendor, ""), model) if model else ""


def _from_files(dmi: Path) -> dict[str, str]:
    told: dict[str, str] = {}
    for name in (*_IN_REGISTRY, *_SERIALS):
        with suppress(OSError), (dmi / name).open("rb") as file:
            told[name] = file.read(_LONGEST).decode("utf-8", "replace")
    return told


def _from_registry() -> dict[str, str]:
    told: dict[str, str] = {}
    if sys.platform == "win32":
        import winreg  # noqa: PLC0415 - exists on Windows only

        with suppress(OSError), winreg.OpenKey(winreg.HKEY_LOCAL_MACHINE, REGISTRY) as key:
            for name, value in _IN_REGISTRY.items():
                with suppress(OSError):
                    told[name] = str(winreg.QueryValueEx(key, value)[0])
    return told
