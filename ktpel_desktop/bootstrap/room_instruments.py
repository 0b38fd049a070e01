"""Thermometer, UPS, power meter and disk of one PC, as the settings name them. What is not there is only typed."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from ktpel_desktop.core.ports import Sensor
from ktpel_desktop.core.room import Look
from ktpel_desktop.core.room_items import ItemId
from ktpel_desktop.settings import Settings

if TYPE_CHECKING:
    from ktpel_desktop.devices.sensors.power_meter import PowerMeter
    from ktpel_desktop.devices.sensors.ups import Ups
    from ktpel_desktop.devices.simulator.faults import Faults


@dataclass(frozen=True, slots=True)
class RoomInstruments:
    """What the desk is given. `load_meter` reads the room's watts."""

    sensors: Mapping[ItemId, Sensor] = field(default_factory=dict)
    looks: Mapping[ItemId, Callable[[], Look]] = field(default_factory=dict)
    load_meter: Sensor | None = None


def room_instruments(settings: Settings, folder: Path, faults: Faults) -> RoomInstruments:
    """Real or simulated, by the settings; the disk is always the real one.

    Raises StoreError of `keyring_secrets.get` where the meter asks for an account.
    """
    from ktpel_desktop.devices import disk_space

    power = _simulated_power(faults) if settings.power_by == "tiruan" else _real_power(settings)
    thermometer = _thermometer(settings, faults)
    sensors = {**power.sensors, **({} if thermometer is None else {ItemId.TEMPERATURE: thermometer})}
    looks: dict[ItemId, Callable[[], Look]] = {**power.looks, ItemId.DISK: partial(disk_space.look, folder)}
    return RoomInstruments(sensors, looks, power.load_meter)


def _thermometer(settings: Settings, faults: Faults) -> Sensor | None:
    if settings.thermometer_by == "tiruan":
        from ktpel_desktop.devices.simulator import sensors

        return sensors.thermometer(faults)
    if settings.thermometer_by == "nut":
        from ktpel_desktop.devices.sensors.ups import UpsQuantity, UpsSensor

        return UpsSensor(named_ups(settings), UpsQuantity.TEMPERATURE)
    if settings.thermometer_by == "tanpa":
        return None
    from ktpel_desktop.devices.sensors.temper.thermometer import SerialSticks, TemperThermometer, UsbSticks

    if settings.thermometer_by == "temper-serial":
        return TemperThermometer(SerialSticks(settings.thermometer_port))
    return TemperThermometer(UsbSticks(port=settings.thermometer_port))


def _simulated_power(faults: Faults) -> RoomInstruments:
    from ktpel_desktop.devices.sensors.ups_look import UpsLook
    from ktpel_desktop.devices.simulator import sensors
    from ktpel_desktop.devices.simulator.ups import SimulatedUps

    return RoomInstruments(
        {ItemId.POWER_CONDITION: sensors.mains_voltage(faults)},
        {ItemId.UPS: UpsLook(SimulatedUps(faults))},
        sensors.power_meter(faults),
    )


def _real_power(settings: Settings) -> RoomInstruments:
    """Mains voltage from the UPS where there is one, else from the meter; watts from the meter, else from the UPS."""
    from ktpel_desktop.devices.sensors.power_meter import MeterQuantity, PowerMeterSensor
    from ktpel_desktop.devices.sensors.ups import UpsQuantity, UpsSensor
    from ktpel_desktop.devices.sensors.ups_look import UpsLook

    volts: Sensor | None = None
    watts: Sensor | None = None
    looks: dict[ItemId, Callable[[], Look]] = {}
    if (meter := _meter(settings)) is not None:
        watts = PowerMeterSensor(meter, MeterQuantity.WATTS)
        volts = PowerMeterSensor(meter, MeterQuantity.VOLTAGE)
    if settings.ups:
        ups = named_ups(settings)
        volts = UpsSensor(ups, UpsQuantity.VOLTAGE)
        looks[ItemId.UPS] = UpsLook(ups)
    return RoomInstruments({} if volts is None else {ItemId.POWER_CONDITION: volts}, looks, watts)


def named_ups(settings: Settings) -> Ups:
    """The UPS of `settings.ups`, which must name one."""
    from ktpel_desktop.core.host_port import host_port
    from ktpel_desktop.devices.sensors.nut import PORT
    from ktpel_desktop.devices.sensors.ups import Ups

    name, _, place = settings.ups.rpartition("@")
    found = host_port(place)
    assert found is not None  # noqa: S101 - settings.load refuses what is no address
    return Ups(found.host, found.port or PORT, name)


def _meter(settings: Settings) -> PowerMeter | None:
    from ktpel_desktop.devices.sensors import http_meters, pzem

    if settings.meter_by == "tanpa":
        return None
    if settings.meter_by == "pzem":
        return pzem.PzemMeter(settings.meter_address)
    user = password = ""
    if settings.meter_login:
        from ktpel_desktop.bootstrap import keyring_secrets

        user, _, password = keyring_secrets.get(keyring_secrets.METER).partition(":")
    kinds: dict[str, type[http_meters.HttpMeter]] = {
        "shelly-plug": http_meters.ShellyGen1,
        "shelly-saklar": http_meters.ShellySwitch,
        "shelly-em": http_meters.ShellyEm1,
        "tasmota": http_meters.Tasmota,
    }
    access = http_meters.MeterAccess(settings.meter_address, settings.meter_channel, user, password)
    return kinds[settings.meter_by](access)
