"""The UPS that the settings name, as NUT tells it (nut-names.txt: device.mfr, device.model, device.serial).

Takes as long as its conversation may, 3 s (sensors/ups.py).
"""

from __future__ import annotations

from collections.abc import Mapping

from ktpel_desktop.core.placement import DeviceKind
from ktpel_desktop.devices.found.sighting import Sightings, make_of, sighting
from ktpel_desktop.devices.sensors.ups import Ups


def ups_at_nut(ups: Ups) -> Sightings:
    """A source, of one device. Raises DeviceError of Ups.variables."""
    name, told = ups.variables()
    make = make_of(_word(told, "mfr"), _word(told, "model"))
    where = f"NUT {name}"
    return Sightings((sighting(make or where, DeviceKind.UPS, serial=_word(told, "serial"), where=where),))


def _word(told: Mapping[str, str], what: str) -> str:
    """The newer name first; older drivers know the other only."""
    return told.get(f"device.{what}") or told.get(f"ups.{what}") or ""
