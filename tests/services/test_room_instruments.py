"""The settings choose the instruments, and what stands at their addresses never stops or greens the room check."""

import json
import socket
import time
from collections.abc import Mapping
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from ktpel_desktop.bootstrap.room_instruments import RoomInstruments, room_instruments
from ktpel_desktop.core.power_capacity import Connection
from ktpel_desktop.core.room import RoomCheck
from ktpel_desktop.core.room_items import ItemId
from ktpel_desktop.core.room_limits import Status
from ktpel_desktop.devices.sensors.temper.thermometer import TemperThermometer, UsbSticks
from ktpel_desktop.devices.sensors.ups import UpsState, state_of
from ktpel_desktop.devices.sensors.ups_look import UpsLook
from ktpel_desktop.devices.simulator.faults import Faults
from ktpel_desktop.resource_files import texts
from ktpel_desktop.services import issuing, power_declared, preflight
from ktpel_desktop.services.desk import Desk
from ktpel_desktop.settings import Settings
from tests.devices.sensors.nut_server import nut_server
from tests.devices.sensors.serial_devices import SerialDevice
from tests.devices.sensors.sticks import Library, Stick
from tests.devices.sensors.tcp_server import answering, tcp_server
from tests.devices.sensors.test_pzem import pzem, registers
from tests.services.office import BUDI, World, refused

WITH_PROBE = bytes.fromhex("80800b544e200000800108f04e200000")  # inside 29.00, outside 22.88
PROBE_AWAY = bytes.fromhex("808008f04e20000080014e204e200000")
NONE = Settings(thermometer_by="tanpa", power_by="sungguhan")
POWER = (ItemId.POWER_CONDITION, ItemId.POWER_LOAD)
SUPPLY = Connection(volt_amperes=4400, breaker_amperes=20, power_factor=0.9, document="rekening PLN")


def instruments(
    world: World, settings: Settings, folder: Path = Path(), faults: Faults | None = None
) -> RoomInstruments:
    return room_instruments(settings, folder, faults or Faults())


def desk_with(world: World, settings: Settings, faults: Faults | None = None) -> Desk:
    found = instruments(world, settings, faults=faults)
    return replace(
        world.desk,
        sensors={str(item): one for item, one in found.sensors.items()},
        looks=found.looks,
        load_meter=found.load_meter,
    )


def looked(desk: Desk, *items: ItemId) -> dict[ItemId, RoomCheck]:
    return {check.item: check for check in preflight.run(desk, BUDI, items=items)}


def assert_told(check: RoomCheck, advice: str) -> None:
    assert (check.status, check.advice, check.value) == (Status.UNKNOWN, advice, None)
    assert advice in texts("galat") or advice in dict(texts("layar")["room_advice"])  # type: ignore[call-overload]


def test_the_training_room_is_complete_and_loses_its_mains_when_told(world: World) -> None:
    faults = Faults()
    desk = desk_with(world, Settings(), faults)
    power_declared.declare(desk, BUDI, SUPPLY)
    wanted = (ItemId.TEMPERATURE, *POWER, ItemId.UPS, ItemId.DISK)
    assert {check.unit for check in looked(desk, *wanted).values()} == {"°C", "V", "%", "GB"}
    for fault, advice in (("ups_on_battery", "ups.on_battery"), ("ups_low_battery", "ups.low_battery")):
        faults.script(fault)
        assert looked(desk, ItemId.UPS)[ItemId.UPS].advice == advice
    assert looked(desk, ItemId.UPS)[ItemId.UPS].advice == "ups.ok"


def test_the_load_is_a_share_of_what_the_connection_carries(world: World) -> None:
    desk = desk_with(world, Settings())
    assert_told(looked(desk, ItemId.POWER_LOAD)[ItemId.POWER_LOAD], "power.not_declared")
    power_declared.declare(desk, BUDI, SUPPLY)
    check = looked(desk, ItemId.POWER_LOAD)[ItemId.POWER_LOAD]
    assert (check.value, check.unit) == (62.6, "%")  # 2480 W of 4400 VA × 0.9
    assert check.evidence[0] == "2480 W / 3960 W"


def test_a_ups_that_goes_on_boosting_warns() -> None:
    status, now = ["OL BOOST"], [0.0]

    class Boosting:
        def state(self) -> UpsState:
            return state_of("uji", {"ups.status": status[0]})

    look = UpsLook(Boosting(), lambda: now[0])
    assert look().verdict.advice == "ups.ok"
    now[0] += 120
    assert look().verdict.advice == "ups.regulating"
    status[0] = "OL"
    assert look().verdict.advice == "ups.ok"
    status[0] = "OL BOOST"
    assert look().verdict.advice == "ups.ok"


def test_a_pzem_measures_voltage_and_load(world: World) -> None:
    with SerialDevice(pzem(registers(volts=221.0, amperes=9.0, watts=1980.0, factor=0.99))) as line:
        desk = desk_with(world, replace(NONE, meter_by="pzem", meter_address=line.port))
        power_declared.declare(desk, BUDI, SUPPLY)
        checks = [looked(desk, item)[item] for item in POWER]
    assert [(check.value, check.status) for check in checks] == [(221.0, Status.OK), (50.0, Status.OK)]


def test_a_pzem_that_is_not_there(world: World) -> None:
    desk = desk_with(world, replace(NONE, meter_by="pzem", meter_address="/dev/tidak-ada"))
    assert_told(looked(desk, POWER[0])[POWER[0]], "sensor.missing")


@pytest.mark.parametrize(
    ("kind", "body", "advice"),
    [
        ("shelly-em", "<html>router</html>", "meter.not_json"),
        ("shelly-saklar", "{}", "meter.fields_missing"),
        (
            "tasmota",
            json.dumps({"WARNING": "Need user=<username>&password=<password>"}),
            "meter.access_denied",
        ),
        ("shelly-plug", json.dumps({"meters": [{"power": 12, "is_valid": True}]}), "meter.not_measured"),
    ],
)
def test_whatever_answers_at_the_meters_address(world: World, kind: str, body: str, advice: str) -> None:
    head = f"HTTP/1.1 200 OK\r\nContent-Length: {len(body)}\r\nConnection: close\r\n\r\n"
    with tcp_server(answering((head + body).encode())) as port:
        settings = replace(NONE, meter_by=kind, meter_address=f"http://127.0.0.1:{port}")
        assert_told(looked(desk_with(world, settings), POWER[0])[POWER[0]], advice)


DUMPS: Mapping[str, str] = {
    "baik": "ups.status: OL\nbattery.charge: 100\ninput.voltage: 221.4\nambient.temperature: 22.6\n",
    "gelap": "ups.status: OB DISCHRG LB\nbattery.charge: 8\ninput.voltage: 221.4\n",
    "rusak": "ups.status: OL\nambient.temperature: 200.00\ninput.voltage: 22l.4\nbattery.charge: 140\n",
}
NUT_ITEMS = (ItemId.TEMPERATURE, ItemId.POWER_CONDITION, ItemId.UPS)


@pytest.mark.real
@pytest.mark.xdist_group("nut")
def test_a_nut_server_with_a_good_a_dark_and_a_broken_ups(world: World) -> None:
    with nut_server(DUMPS) as server:

        def walk(name: str) -> dict[ItemId, RoomCheck]:
            ups = replace(NONE, thermometer_by="nut", ups=f"{name}@127.0.0.1:{server.port}")
            world.clock.advance(1)
            return looked(desk_with(world, ups), *NUT_ITEMS)

        good = walk("baik")
        assert [good[item].value for item in NUT_ITEMS] == [22.6, 221.4, 100]
        assert {check.status for check in good.values()} == {Status.OK}
        dark = walk("gelap")
        assert (dark[ItemId.UPS].status, dark[ItemId.UPS].advice) == (Status.CRITICAL, "ups.low_battery")
        assert dark[ItemId.UPS].text == "OB DISCHRG LB"
        assert_told(dark[ItemId.POWER_CONDITION], "ups.no_mains")
        with world.desk.unit(BUDI) as unit:
            assert preflight.on_battery(unit)
        broken = walk("rusak")
        assert_told(broken[ItemId.TEMPERATURE], "ups.nonsense")
        assert_told(broken[ItemId.POWER_CONDITION], "ups.nonsense")
        assert (broken[ItemId.UPS].value, broken[ItemId.UPS].status) == (None, Status.OK)
        with world.desk.unit(BUDI) as unit:
            assert not preflight.on_battery(unit)
        assert_told(walk("lain")[ItemId.UPS], "ups.unknown")
    assert_told(walk("baik")[ItemId.UPS], "ups.unreachable")


@pytest.mark.parametrize(
    ("stick", "status", "advice"),
    [
        (Stick(answers=[WITH_PROBE]), Status.OK, "temperature.ok"),
        (Stick(answers=[PROBE_AWAY]), Status.WARNING, "temperature.sensor_near_pc"),
        (
            Stick(answers=[bytes.fromhex("80804e204e20000080014e204e200000")]),
            Status.UNKNOWN,
            "temper.no_probe",
        ),
        (Stick(firmware=b"TEMPer9_V9.9\0\0\0\0"), Status.UNKNOWN, "temper.unknown_firmware"),
        (Stick(unplug_at_write=1), Status.UNKNOWN, "temper.unplugged"),
    ],
)
def test_a_stick_as_bought_is_judged_by_what_it_is(
    world: World, stick: Stick, status: Status, advice: str
) -> None:
    sticks = UsbSticks(Library(stick))
    desk = world.with_sensors()
    desk = replace(desk, sensors={"temperature": TemperThermometer(sticks, sleep=lambda _seconds: None)})
    check = looked(desk, ItemId.TEMPERATURE)[ItemId.TEMPERATURE]
    assert (check.status, check.advice) == (status, advice)


@pytest.mark.real
@pytest.mark.xdist_group("nut")
def test_a_ups_whose_driver_hangs_is_unknown_and_not_its_last_good_value(world: World) -> None:
    with nut_server(DUMPS, max_age_s=3) as server:
        desk = desk_with(world, replace(NONE, ups=f"baik@127.0.0.1:{server.port}"))
        assert looked(desk, ItemId.UPS)[ItemId.UPS].status is Status.OK
        server.stop_driver("baik")
        ends = time.monotonic() + 60  # for a machine in trouble; the server finds out after three seconds
        while (check := looked(desk, ItemId.UPS)[ItemId.UPS]).status is Status.OK:
            assert time.monotonic() < ends
            time.sleep(0.2)
        assert_told(check, "ups.stale")


def test_what_the_office_does_not_have_is_typed(world: World) -> None:
    assert_told(looked(desk_with(world, NONE), ItemId.TEMPERATURE)[ItemId.TEMPERATURE], "not_checked")


@pytest.mark.parametrize("meter", ["shelly-plug", "shelly-saklar", "shelly-em", "tasmota"])
def test_a_meter_that_is_not_there(world: World, meter: str) -> None:
    power_declared.declare(world.desk, BUDI, SUPPLY)
    with closing(socket.create_server(("127.0.0.1", 0))) as closed:
        address = f"http://127.0.0.1:{closed.getsockname()[1]}"
    desk = desk_with(world, replace(NONE, meter_by=meter, meter_address=address))
    for check in looked(desk, *POWER).values():
        assert_told(check, "meter.unreachable")


def test_a_ups_server_that_says_nothing(world: World) -> None:
    with closing(socket.create_server(("127.0.0.1", 0))) as silent:
        desk = desk_with(world, replace(NONE, ups=f"apc@127.0.0.1:{silent.getsockname()[1]}"))
        for check in looked(desk, ItemId.POWER_CONDITION, ItemId.UPS).values():
            assert_told(check, "ups.silent")


def test_a_data_folder_that_is_gone(world: World, tmp_path: Path) -> None:
    desk = replace(world.desk, looks=instruments(world, NONE, tmp_path / "hilang").looks)
    assert_told(looked(desk, ItemId.DISK)[ItemId.DISK], "disk.not_told")


def test_without_mains_no_card_is_begun_and_with_them_it_is(world: World) -> None:
    faults = Faults()
    desk = desk_with(world, Settings(), faults)
    request = world.verified()
    world.open_day()
    faults.script("ups_on_battery")
    looked(desk, ItemId.UPS)
    with refused("issuing.on_battery"):
        issuing.reserve(desk, BUDI, request.id)
    world.clock.advance(1)
    looked(desk, ItemId.UPS)
    assert issuing.reserve(desk, BUDI, request.id)[0].request_id == request.id
