"""The thermometer is compared by a person, the journal keeps it, and the room check corrects by it."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from ktpel_desktop import room_words
from ktpel_desktop.core.errors import DeviceError, PolicyError
from ktpel_desktop.core.ports import Answer, Health, Reading
from ktpel_desktop.core.room import RoomCheck
from ktpel_desktop.core.room_items import ItemId
from ktpel_desktop.core.room_limits import Status
from ktpel_desktop.core.thermometer import AirSensor
from ktpel_desktop.services import preflight, thermometer
from ktpel_desktop.services.desk import Desk
from tests.services.office import BUDI, JOKO, World, broken


class Stick:
    def __init__(self, celsius: float, port: str = "1-2", air: AirSensor | None = None) -> None:
        self.celsius, self.port, self.air = celsius, port, air or AirSensor()
        self.error: DeviceError | None = None

    def health(self) -> Health:
        return Health(Answer.YES)

    def read(self) -> Reading:
        if self.error is not None:
            raise self.error
        return Reading(self.celsius, "°C", f"TEMPer2_V4.1/outer@{self.port}", "80800b54", self.air)


def desk_with(world: World, stick: Stick) -> Desk:
    return replace(world.desk, sensors={ItemId.TEMPERATURE: stick})


def looked(desk: Desk) -> RoomCheck:
    return preflight.run(desk, BUDI, items=[ItemId.TEMPERATURE])[0]


def test_a_comparison_corrects_from_then_on_and_tells_so(world: World) -> None:
    stick = Stick(24.6)
    desk = desk_with(world, stick)
    assert (looked(desk).value, looked(desk).status) == (24.6, Status.WARNING)
    made = thermometer.compare(desk, BUDI, 23.4, " Fluke 971, sertifikat 99-1 ")
    assert made.offset == -1.2
    check = looked(desk)
    assert (check.value, check.status, check.source) == (23.4, Status.OK, "TEMPer2_V4.1/outer@1-2")
    assert room_words.evidence_of(check)[:3] == [
        "Terbaca: 24,60 °C",
        "Koreksi: -1,20 °C",
        "Dibandingkan: 23-11-2026 Fluke 971, sertifikat 99-1 (Budi Santoso)",
    ]
    assert check.evidence[-1] == "80800b54"


def test_the_day_of_a_comparison_is_the_offices(world: World) -> None:
    world.clock.moment = datetime(2026, 11, 23, 23, 30, tzinfo=UTC)  # 06.30 WIB of the next day
    desk = desk_with(world, Stick(24.6))
    thermometer.compare(desk, BUDI, 23.4, "Fluke 971")
    assert "compared=24-11-2026 Fluke 971 (Budi Santoso)" in looked(desk).evidence


def test_it_belongs_to_the_port_and_the_newest_counts(world: World) -> None:
    stick = Stick(24.6)
    desk = desk_with(world, stick)
    thermometer.compare(desk, BUDI, 20.0, "rusak")
    thermometer.compare(desk, BUDI, 24.0, "Fluke 971")
    assert looked(desk).value == 24.0
    assert looked(desk_with(world, Stick(24.6, port="1-3"))).value == 24.6


def test_the_journal_keeps_both_values_who_and_when(world: World) -> None:
    desk = desk_with(world, Stick(24.6))
    thermometer.compare(desk, BUDI, 23.4, "Fluke 971")
    with desk.unit(BUDI) as unit:
        event = unit.events.of("termometer:TEMPer2_V4.1/outer@1-2")[-1]
    assert (event.kind, event.actor, event.at) == (thermometer.COMPARED, BUDI.username, world.clock.now())
    assert event.data == {"reading": 24.6, "reference": 23.4, "instrument": "Fluke 971"}


def test_an_uncertain_stick_counts_once_it_was_compared(world: World) -> None:
    desk = desk_with(world, Stick(22.5, air=AirSensor(uncertain=True)))
    check = looked(desk)
    assert (check.status, check.advice) == (Status.UNKNOWN, "thermometer.needs_comparison")
    thermometer.compare(desk, BUDI, 22.9, "Fluke 971")
    assert (looked(desk).value, looked(desk).status) == (22.9, Status.OK)


def test_nothing_is_kept_where_the_instrument_says_nothing(world: World) -> None:
    stick = Stick(24.6)
    desk = desk_with(world, stick)
    stick.error = broken("sensor.missing")
    with pytest.raises(DeviceError):
        thermometer.compare(desk, BUDI, 23.4, "Fluke 971")
    stick.error = None
    assert looked(desk).value == 24.6


def test_who_may_not_and_what_is_not_there(world: World) -> None:
    with pytest.raises(PolicyError) as refused:
        thermometer.compare(desk_with(world, Stick(24.6)), JOKO, 23.4, "Fluke 971")
    assert refused.value.code == "role.not_allowed"
    with pytest.raises(PolicyError) as refused:
        thermometer.compare(replace(world.desk, sensors={}), BUDI, 23.4, "Fluke 971")
    assert refused.value.code == "thermometer.none"
