"""NUT's own server with its dummy driver and dumps of different devices: what it serves, and what goes wrong."""

import time
from collections.abc import Callable, Iterator

import pytest

from ktpel_desktop.core.placement import DeviceKind, FoundDevice
from ktpel_desktop.core.ports import Answer
from ktpel_desktop.core.room_limits import Status
from ktpel_desktop.core.ups_state import UpsOrder, judge_ups
from ktpel_desktop.devices.found.ups_at_nut import ups_at_nut
from ktpel_desktop.devices.sensors.nut import NutClient
from ktpel_desktop.devices.sensors.ups import Ups, UpsQuantity, UpsSensor
from tests.devices.sensors.nut_server import NutServer, nut_server
from tests.devices.sensors.outcomes import code_of, outcome

pytestmark = [pytest.mark.real, pytest.mark.xdist_group("nut")]

SMART = """
ups.mfr: APC
ups.model: Smart-UPS 1500
ups.serial: AS1234567890
ups.id: "ruang \\"cetak\\" 2"
ups.status: OL CHRG
ups.load: 023.4
ups.realpower: 312
ups.realpower.nominal: 980
ups.power.nominal: 1500
input.voltage: 221.4
input.frequency: 50.0
battery.charge: 100
battery.runtime: 2340
ambient.temperature: 23.6
ambient.humidity: 48.0
ups.temperature: 41.0
"""
CHEAP = """
ups.status: OL BOOST
ups.load: 40
ups.power.nominal: 650
input.voltage: 196.5
battery.charge: 97
"""
NOMINAL = """
ups.status: OL
ups.load: 40
ups.realpower.nominal: 400
"""
BROKEN = """
ups.status: OL
ups.load: kosong
input.voltage: 22l.4
ups.realpower: 1e3
ambient.temperature: 200.00
ambient.humidity: -1
"""
DARK = """
ups.status: OB DISCHRG LB
input.voltage: 221.4
battery.charge: 8
battery.runtime: 95
ups.load: 50
"""
DUMPS = {"smart": SMART, "cheap": CHEAP, "nominal": NOMINAL, "broken": BROKEN, "dark": DARK}


@pytest.fixture(scope="module")
def server() -> Iterator[NutServer]:
    with nut_server(DUMPS) as running:
        yield running


def ups(server: NutServer, name: str) -> Ups:
    return Ups("127.0.0.1", server.port, name)


def until(act: Callable[[], object], wanted: object) -> None:
    """Ask until it is so: the driver looks at its file now and then. The minute is for a machine in trouble."""
    ends = time.monotonic() + 60
    while (found := act()) != wanted:
        assert time.monotonic() < ends, f"{found} is not {wanted}"
        time.sleep(0.1)


def test_a_good_ups(server: NutServer) -> None:
    state = ups(server, "smart").state()
    assert (state.status, state.load_percent, state.watts, state.watts_from) == (
        "OL CHRG",
        23.4,
        312,
        "ups.realpower",
    )
    assert (state.input_volts, state.input_hertz, state.battery_percent, state.runtime_s) == (
        221.4,
        50,
        100,
        2340,
    )
    assert (state.ambient_celsius, state.ambient_humidity, state.nonsense) == (23.6, 48.0, ())
    assert judge_ups(state.flags).status is Status.OK
    assert state.order is UpsOrder.GO_ON
    assert "ups.status=OL CHRG" in state.evidence


@pytest.mark.parametrize(
    ("quantity", "value", "unit"),
    [
        (UpsQuantity.VOLTAGE, 221.4, "V"),
        (UpsQuantity.LOAD, 23.4, "%"),
        (UpsQuantity.WATTS, 312, "W"),
        (UpsQuantity.TEMPERATURE, 23.6, "°C"),
        (UpsQuantity.HUMIDITY, 48, "%"),
    ],
)
def test_each_quantity_is_a_sensor(server: NutServer, quantity: UpsQuantity, value: float, unit: str) -> None:
    sensor = UpsSensor(ups(server, "smart"), quantity)
    reading = sensor.read()
    assert (reading.value, reading.unit) == (value, unit)
    assert reading.source.startswith("NUT smart")
    assert sensor.health().ready is Answer.YES


def test_watts_of_units_that_do_not_measure_them(server: NutServer) -> None:
    cheap, nominal = ups(server, "cheap").state(), ups(server, "nominal").state()
    assert cheap.watts == pytest.approx(156)
    assert cheap.watts_from == "ups.load × ups.power.nominal × 0.6"
    assert (nominal.watts, nominal.watts_from) == (160, "ups.load × ups.realpower.nominal")


def test_what_a_ups_does_not_measure(server: NutServer) -> None:
    for quantity in (UpsQuantity.TEMPERATURE, UpsQuantity.HUMIDITY):
        sensor = UpsSensor(ups(server, "cheap"), quantity)
        assert code_of(sensor.read) == "ups.variable_missing"
        assert sensor.health().ready is Answer.NO


@pytest.mark.parametrize("quantity", UpsQuantity)
def test_nonsense_is_never_a_reading(server: NutServer, quantity: UpsQuantity) -> None:
    sensor = UpsSensor(ups(server, "broken"), quantity)
    assert code_of(sensor.read) == "ups.nonsense"
    assert (sensor.health().ready, sensor.health().notes) == (Answer.UNKNOWN, ("ups.nonsense",))


def test_on_battery_no_last_voltage_is_shown(server: NutServer) -> None:
    state = ups(server, "dark").state()
    assert (state.order, judge_ups(state.flags).advice) == (UpsOrder.STOP, "ups.low_battery")
    assert (state.battery_percent, state.runtime_s) == (8, 95)
    sensor = UpsSensor(ups(server, "dark"), UpsQuantity.VOLTAGE)
    assert code_of(sensor.read) == "ups.no_mains"
    assert (sensor.health().ready, sensor.health().notes) == (Answer.UNKNOWN, ("ups.no_mains",))


def test_several_are_not_guessed_between(server: NutServer) -> None:
    assert code_of(ups(server, "").state) == "ups.several"
    assert code_of(ups(server, "lain").state) == "ups.unknown"
    assert code_of(ups(server, "smart\nLIST UPS").state) == "ups.unknown"


def test_the_conversation_itself(server: NutServer) -> None:
    with NutClient("127.0.0.1", server.port) as client:
        assert set(client.list_ups()) == set(DUMPS)
        assert client.list_vars("smart")["ups.status"] == "OL CHRG"
        assert client.list_vars("smart")["ups.load"] == "023.4"
        assert client.list_vars("smart")["ups.id"] == 'ruang "cetak" 2'
        assert code_of(lambda: client.list_vars("no such name")) == "ups.unknown"


def test_an_edited_dump_is_a_new_value() -> None:
    with nut_server({"printroom": SMART}) as running:
        sensor = UpsSensor(Ups("127.0.0.1", running.port), UpsQuantity.VOLTAGE)
        assert sensor.read().value == 221.4
        running.write("printroom", SMART.replace("221.4", "187.2"))
        until(lambda: sensor.read().value, 187.2)
        running.write("printroom", SMART.replace("OL CHRG", "OB DISCHRG"))
        until(lambda: ups(running, "printroom").state().order, UpsOrder.FINISH_CARD)


def test_a_killed_driver_is_not_connected_and_a_hanging_one_is_stale() -> None:
    with nut_server({"killed": SMART, "hanging": SMART}, max_age_s=3) as running:
        killed, hanging = ups(running, "killed"), ups(running, "hanging")
        assert killed.state().input_volts == hanging.state().input_volts == 221.4
        running.kill_driver("killed")
        until(lambda: getattr(outcome(killed.state), "code", "fresh"), "ups.driver_gone")
        running.stop_driver("hanging")
        until(lambda: getattr(outcome(hanging.state), "code", "fresh"), "ups.stale")
        health = UpsSensor(hanging, UpsQuantity.VOLTAGE).health()
        assert (health.ready, health.notes) == (Answer.UNKNOWN, ("ups.stale",))


def test_a_ups_is_found_for_the_register(server: NutServer) -> None:
    (one,) = ups_at_nut(ups(server, "smart")).seen
    assert one.device == FoundDevice("APC Smart-UPS 1500", DeviceKind.UPS, "AS1234567890", "NUT smart")
    (one,) = ups_at_nut(ups(server, "cheap")).seen
    assert (one.device.serial, one.device.where) == ("", "NUT cheap")
    assert code_of(lambda: ups_at_nut(Ups("127.0.0.1", server.port))) == "ups.several"


def test_no_server() -> None:
    with nut_server({"printroom": SMART}) as running:
        port = running.port
    assert code_of(Ups("127.0.0.1", port).state) == "ups.unreachable"
