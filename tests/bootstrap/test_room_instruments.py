"""Which instruments the settings choose, and that a room in training has all of them."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from ktpel_desktop.bootstrap import open_training
from ktpel_desktop.bootstrap.room_instruments import room_instruments
from ktpel_desktop.core.room_items import ItemId
from ktpel_desktop.devices.simulator.faults import Faults
from ktpel_desktop.settings import Settings

NONE = replace(Settings(), thermometer_by="tanpa", power_by="sungguhan")


@pytest.mark.parametrize(
    ("chosen", "sensors", "looks"),
    [
        ({}, set(), set()),
        ({"thermometer_by": "temper"}, {ItemId.TEMPERATURE}, set()),
        ({"thermometer_by": "temper-serial", "thermometer_port": "COM3"}, {ItemId.TEMPERATURE}, set()),
        (
            {"thermometer_by": "nut", "ups": "apc@10.0.0.2"},
            {ItemId.TEMPERATURE, ItemId.POWER_CONDITION},
            {ItemId.UPS},
        ),
        ({"meter_by": "pzem", "meter_address": "COM4"}, {ItemId.POWER_CONDITION}, set()),
        ({"meter_by": "tasmota", "meter_address": "http://10.0.0.9"}, {ItemId.POWER_CONDITION}, set()),
    ],
)
def test_each_choice_has_its_items(
    tmp_path: Path, chosen: dict[str, object], sensors: set[ItemId], looks: set[ItemId]
) -> None:
    found = room_instruments(replace(NONE, **chosen), tmp_path, Faults())  # type: ignore[arg-type]
    assert set(found.sensors) == sensors
    assert set(found.looks) == looks | {ItemId.DISK}
    assert (found.load_meter is not None) is ("meter_by" in chosen)


def test_in_training_nothing_of_the_room_is_missing(tmp_path: Path) -> None:
    with open_training(tmp_path, pace=lambda _seconds: None) as training:
        every = {ItemId(item) for item in training.desk.sensors} | set(training.desk.looks)
        wanted = {ItemId.TEMPERATURE, ItemId.POWER_CONDITION, ItemId.UPS, ItemId.DISK, ItemId.BANDWIDTH}
        assert every >= wanted | {ItemId.CLOCK}
        assert training.desk.load_meter is not None


def test_the_offices_must_items_are_the_desks(tmp_path: Path) -> None:
    chosen = replace(Settings(), room_must=("temperature",))
    with open_training(tmp_path, chosen, pace=lambda _seconds: None) as training:
        assert training.desk.room_must == {ItemId.TEMPERATURE}
