"""A simulated UPS for the training room, with the faults "ups_on_battery", "ups_low_battery" and "ups_missing"."""

from __future__ import annotations

from ktpel_desktop.core.errors import DeviceError
from ktpel_desktop.devices.sensors.ups import UpsState, state_of
from ktpel_desktop.devices.simulator.faults import Faults

NAME = "latihan"
_ON_LINE = {"ups.status": "OL", "battery.charge": "100", "input.voltage": "221.4", "ups.load": "41"}
_ON_BATTERY = {"ups.status": "OB DISCHRG", "battery.charge": "62", "ups.load": "44"}
_LOW_BATTERY = {"ups.status": "OB DISCHRG LB", "battery.charge": "9", "ups.load": "44"}


class SimulatedUps:
    """Tells what its faults say, else that the mains are there (devices.sensors.ups_look.UpsSource)."""

    def __init__(self, faults: Faults) -> None:
        self._faults = faults

    def state(self) -> UpsState:
        """Raises DeviceError "ups.unreachable"."""
        if self._faults.strikes("ups_missing", "state") is not None:
            raise DeviceError("ups.unreachable")
        if self._faults.strikes("ups_low_battery", "state") is not None:
            return state_of(NAME, _LOW_BATTERY)
        battery = self._faults.strikes("ups_on_battery", "state") is not None
        return state_of(NAME, _ON_BATTERY if battery else _ON_LINE)
