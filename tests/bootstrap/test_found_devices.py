"""Where the office looks for devices, by its settings."""

from __future__ import annotations

from pathlib import Path

import pytest

from ktpel_desktop.bootstrap import found_devices, open_training
from ktpel_desktop.core.placement import DeviceKind, FoundDevice
from ktpel_desktop.devices.found.finder import Finder
from ktpel_desktop.devices.simulator.finder import SimulatedFinder
from ktpel_desktop.settings import Settings


def test_an_office_without_real_devices_finds_synthetic_ones(tmp_path: Path) -> None:
    with open_training(tmp_path) as office:
        assert office.desk.finder is not None
        found = office.desk.finder.find()
    assert FoundDevice("Pembaca Chip Latihan", DeviceKind.CHIP_READER, "9903", "simulator") in found.devices
    assert all(one.serial.startswith("99") and one.where == "simulator" for one in found.devices)
    assert len({one.serial for one in found.devices}) == len(found.devices)
    assert found.notes == ()


@pytest.mark.parametrize(
    "settings",
    [
        Settings(chip_by="pcsc"),
        Settings(card_printer_by="evolis"),
        Settings(page_queue="Laser"),
        Settings(thermometer_by="temper"),
        Settings(power_by="sungguhan"),
        Settings(line_by="sungguhan"),
    ],
)
def test_one_real_device_is_enough_to_look_for_real_ones(settings: Settings) -> None:
    assert isinstance(found_devices.device_finder(settings), Finder)
    assert isinstance(found_devices.device_finder(Settings(thermometer_by="tanpa")), SimulatedFinder)


def test_ups_and_network_are_asked_only_where_the_office_wants_it() -> None:
    always = {"pc", "usb", "queues", "readers"}
    assert set(found_devices.sources(Settings(chip_by="pcsc"))) == always
    assert set(found_devices.sources(Settings(chip_by="pcsc", ask_cameras=True))) == always
    assert set(found_devices.sources(Settings(line_by="sungguhan"))) == always
    assert set(found_devices.sources(Settings(line_by="sungguhan", ask_cameras=True))) == {*always, "network"}
    assert set(found_devices.sources(Settings(power_by="sungguhan", ups="ruang@10.1.2.3"))) == {
        *always,
        "ups",
    }
