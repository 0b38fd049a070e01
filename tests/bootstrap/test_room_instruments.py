"""The room's instruments as the settings name them, through the room check, with the real servers and lines."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from ktpel_desktop.bootstrap import open_training
from ktpel_desktop.bootstrap.room_instruments import RoomInstruments, room_instruments
from ktpel_desktop.core.errors import PolicyError
from ktpel_desktop.core.power_capacity import Connection
from ktpel_desktop.core.room import RoomCheck
from ktpel_desktop.core.room_items import ItemId
from ktpel_desktop.core.room_limits import Status
from ktpel_desktop.devices.simulator.faults import Faults
from ktpel_desktop.services import issuing, power_declared, preflight
from ktpel_desktop.services.desk import Desk
from ktpel_desktop.settings import Settings
from tests.services import office
from tests.services.office import BUDI, World, refused

REAL = replace(Settings(), thermometer_by="tanpa", power_by="sungguhan")


@pytest.fixture
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    template = office.template(tmp_path_factory.mktemp("template"))
    found = office.copy(template, tmp_path_factory.mktemp("world"))
    yield found
    found.store.close()


def desk_with(world: World, found: RoomInstruments) -> Desk:
    sensors = {str(item): sensor for item, sensor in found.sensors.items()}
    return replace(world.desk, sensors=sensors, looks=found.looks, load_meter=found.load_meter)


def looked(desk: Desk, *items: ItemId) -> list[RoomCheck]:
    return list(preflight.run(desk, BUDI, items=items))


def real(tmp_path: Path, **chosen: object) -> RoomInstruments:
    return room_instruments(replace(REAL, **chosen), tmp_path, Faults())  # type: ignore[arg-type]


@pytest.fixture
def silent() -> Iterator[int]:
    """A port at which somebody listens and never says a word."""
    with closing(socket.create_server(("127.0.0.1", 0))) as listener:
        yield int(listener.getsockname()[1])


def closed_port() -> int:
    with closing(socket.create_server(("127.0.0.1", 0))) as listener:
        return int(listener.getsockname()[1])


# ---------------------------------------------------------------- what is chosen


def test_what_is_not_there_is_only_typed(world: World, tmp_path: Path) -> None:
    found = real(tmp_path)
    assert not found.sensors
    assert set(found.looks) == {ItemId.DISK}
    (check,) = looked(desk_with(world, found), ItemId.TEMPERATURE)
    assert (check.status, check.advice) == (Status.UNKNOWN, "not_checked")


@pytest.mark.parametrize(
    ("chosen", "sensors", "looks"),
    [
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
    found = real(tmp_path, **chosen)
    assert set(found.sensors) == sensors
    assert set(found.looks) == looks | {ItemId.DISK}
    assert (found.load_meter is not None) is ("meter_by" in chosen)


# ---------------------------------------------------------------- nonsense and silence


@pytest.mark.parametrize("meter", ["shelly-plug", "shelly-saklar", "shelly-em", "tasmota"])
def test_a_meter_that_is_not_there_is_unknown(world: World, tmp_path: Path, meter: str) -> None:
    found = real(tmp_path, meter_by=meter, meter_address=f"http://127.0.0.1:{closed_port()}")
    power_declared.declare(world.desk, BUDI, Connection(4400, document="rekening"))
    checks = looked(desk_with(world, found), ItemId.POWER_CONDITION, ItemId.POWER_LOAD)
    assert {(check.status, check.advice) for check in checks} == {(Status.UNKNOWN, "meter.unreachable")}


def test_a_ups_server_that_says_nothing_is_unknown(world: World, tmp_path: Path, silent: int) -> None:
    found = real(tmp_path, ups=f"apc@127.0.0.1:{silent}")
    checks = looked(desk_with(world, found), ItemId.POWER_CONDITION, ItemId.UPS)
    assert {(check.status, check.advice) for check in checks} == {(Status.UNKNOWN, "ups.silent")}


def test_a_port_without_a_meter_is_unknown(world: World, tmp_path: Path) -> None:
    found = real(tmp_path, meter_by="pzem", meter_address=str(tmp_path / "tidak-ada"))
    (check,) = looked(desk_with(world, found), ItemId.POWER_CONDITION)
    assert (check.status, check.advice) == (Status.UNKNOWN, "sensor.missing")


# ---------------------------------------------------------------- the mains


def test_on_battery_no_card_is_begun_until_the_mains_are_back(tmp_path: Path, world: World) -> None:
    faults = Faults()
    desk = desk_with(world, room_instruments(Settings(), tmp_path, faults))
    world.open_day()
    request = world.verified().id
    faults.script("ups_on_battery")
    (check,) = looked(desk, ItemId.UPS)
    assert (check.status, check.advice, check.value) == (Status.CRITICAL, "ups.on_battery", 62)
    with refused("issuing.on_battery"):
        issuing.reserve(desk, BUDI, request)
    (check,) = looked(desk, ItemId.UPS)
    assert check.status is Status.OK
    job, _ = issuing.reserve(desk, BUDI, request)
    assert job.request_id == request


# ---------------------------------------------------------------- the training office


def test_in_training_nothing_of_the_room_is_missing(tmp_path: Path) -> None:
    with open_training(tmp_path, pace=lambda _seconds: None) as training:
        every = {ItemId(item) for item in training.desk.sensors} | set(training.desk.looks)
        assert every >= {
            ItemId.TEMPERATURE,
            ItemId.POWER_CONDITION,
            ItemId.UPS,
            ItemId.DISK,
            ItemId.BANDWIDTH,
        }
        assert training.desk.load_meter is not None


def test_the_offices_must_items_are_the_desks(tmp_path: Path) -> None:
    chosen = replace(Settings(), room_must=("temperature",))
    with open_training(tmp_path, chosen, pace=lambda _seconds: None) as training:
        assert training.desk.room_must == {ItemId.TEMPERATURE}


def test_a_folder_that_is_gone_has_no_space_told(tmp_path: Path, world: World) -> None:
    found = room_instruments(REAL, tmp_path / "hilang", Faults())
    (check,) = looked(desk_with(world, found), ItemId.DISK)
    assert (check.status, check.advice) == (Status.UNKNOWN, "disk.not_told")


# ---------------------------------------------------------------- settings


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ('[suhu]\ncara = "temper-serial"', "suhu.port"),
        ('[suhu]\ncara = "nut"', "daya.ups"),
        ('[suhu]\ncara = "merkuri"', "suhu.cara"),
        ('[daya]\nups = "apc@"', "daya.ups"),
        ('[daya]\nups = "a b@10.0.0.2"', "daya.ups"),
        ('[daya]\nmeter = "pzem"', "daya.meter_alamat"),
        ('[daya]\nmeter_alamat = "COM3"', "daya.meter_alamat"),
        ('[daya]\nmeter = "tasmota"\nmeter_alamat = "10.0.0.9"', "daya.meter_alamat"),
        ("[daya]\nmeter_saluran = 8", "daya.meter_saluran"),
        ('[ruangan]\nwajib = ["suhu"]', "ruangan.wajib"),
        ("[ruangan]\nwajib = [1]", "ruangan.wajib"),
    ],
)
def test_a_slip_in_the_settings_is_told_by_its_key(tmp_path: Path, text: str, key: str) -> None:
    from ktpel_desktop import settings

    path = tmp_path / "kantor.toml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(PolicyError) as error:
        settings.load(path)
    assert (error.value.code, error.value.params["key"]) == ("settings.wrong_value", key)


def test_settings_of_a_whole_room_are_read(tmp_path: Path) -> None:
    from ktpel_desktop import settings

    path = tmp_path / "kantor.toml"
    path.write_text(
        '[ruangan]\nwajib = ["secured", "temperature"]\n[suhu]\ncara = "temper"\nport = "1-2"\n'
        '[daya]\ncara = "sungguhan"\nups = "apc@10.0.0.2:3493"\nmeter = "tasmota"\n'
        'meter_alamat = "http://10.0.0.9"\nmeter_saluran = 1\n',
        encoding="utf-8",
    )
    found = settings.load(path)
    assert found.room_must == ("secured", "temperature")
    assert (found.ups, found.meter_by, found.meter_channel) == ("apc@10.0.0.2:3493", "tasmota", 1)
