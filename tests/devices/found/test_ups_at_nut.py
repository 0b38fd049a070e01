"""The UPS of the settings as a device, by what NUT's names say."""

from __future__ import annotations

import pytest

from ktpel_desktop.core.placement import DeviceKind, FoundDevice
from ktpel_desktop.devices.found.ups_at_nut import ups_at_nut
from ktpel_desktop.devices.sensors.ups import Ups


class ToldUps(Ups):
    def __init__(self, **variables: str) -> None:
        super().__init__()
        self._told = {name.replace("_", "."): text for name, text in variables.items()}

    def variables(self, timeout_s: float | None = None) -> tuple[str, dict[str, str]]:
        return "ruang", self._told


@pytest.mark.parametrize(
    ("variables", "make", "serial"),
    [
        (
            {"device_mfr": "APC", "device_model": "Back-UPS 1100", "device_serial": "4B1"},
            "APC Back-UPS 1100",
            "4B1",
        ),
        ({"ups_mfr": "CPS", "ups_model": "CPS UT650", "ups_serial": "000000000000"}, "CPS UT650", ""),
        ({"device_mfr": "", "ups_mfr": "ICA"}, "ICA", ""),
        ({"ups_status": "OL"}, "NUT ruang", ""),
        (
            {"device_mfr": "A\x00PC", "device_model": "x" * 300, "device_serial": "\x1b9" * 90},
            f"A PC {'x' * 55}",
            "",
        ),
    ],
)
def test_a_ups_is_told_by_its_makers_words(variables: dict[str, str], make: str, serial: str) -> None:
    (one,) = ups_at_nut(ToldUps(**variables)).seen
    assert one.device == FoundDevice(make, DeviceKind.UPS, serial, "NUT ruang")
