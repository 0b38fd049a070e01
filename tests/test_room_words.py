"""Where a result of the room check comes from, in words."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from ktpel_desktop import resource_files, room_words
from ktpel_desktop.core import room
from ktpel_desktop.core.room_items import ItemId
from ktpel_desktop.devices.sensors.temper.firmware import Channel

AT = datetime(2026, 11, 23, 1, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("source", "told"),
    [
        ("TEMPer2_V4.1/outer@1-2", "TEMPer2_V4.1, sensor luar, porta 1-2"),
        ("TEMPerX232/inner@/dev/ttyUSB0", "TEMPerX232, sensor dalam, porta /dev/ttyUSB0"),
        ("simulator:thermometer", "alat tiruan"),
        ("probe", "ketukan tiap menit"),
        ("NUT ups1", "NUT ups1"),
        ("termometer dinding A/B", "termometer dinding A/B"),
        ("", ""),
    ],
)
def test_the_source_of_a_reading(source: str, told: str) -> None:
    check = room.measured(ItemId.TEMPERATURE, 23.0, "°C", at=AT, source=source)
    assert room_words.source_name(check) == told


def test_every_place_of_a_sensor_has_its_word() -> None:
    assert set(resource_files.texts("layar")["sensor_place"]) == set(Channel)  # type: ignore[call-overload]
