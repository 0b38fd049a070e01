"""The network part of the room check, as the settings name it: line test, watcher of the line, comparison of clocks."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING

from ktpel_desktop.core.availability import Place
from ktpel_desktop.core.errors import DeviceError, Effect, StoreError
from ktpel_desktop.core.host_port import HostPort, host_port
from ktpel_desktop.core.ports import Clock, LineWatcher, Sensor
from ktpel_desktop.core.room import Look
from ktpel_desktop.core.room_items import ItemId
from ktpel_desktop.settings import Settings, named_place

if TYPE_CHECKING:
    from ktpel_desktop.devices.bandwidth.client import Target
    from ktpel_desktop.devices.bandwidth.line_probe import ProbeTarget
    from ktpel_desktop.devices.bandwidth.sharing import WanCounters
    from ktpel_desktop.devices.simulator.faults import Faults


@dataclass(frozen=True, slots=True)
class RoomLine:
    """What the desk is given. An item that nothing can look at is not among them."""

    line: LineWatcher
    sensors: Mapping[ItemId, Sensor] = field(default_factory=dict)
    looks: Mapping[ItemId, Callable[[], Look]] = field(default_factory=dict)


def room_line(settings: Settings, clock: Clock, faults: Faults) -> RoomLine:
    """Real or simulated, by the settings."""
    return _real(settings, clock) if settings.line_by == "sungguhan" else _simulated(faults)


def targets(settings: Settings) -> tuple[Target, ...]:
    """The servers of the line test, in their order."""
    from ktpel_desktop.devices.bandwidth import protocol
    from ktpel_desktop.devices.bandwidth.client import Target

    places = [found for text in settings.line_servers if (found := named_place(text)) is not None]
    return tuple(
        Target(place.host, place.port or protocol.PORT, name, settings.line_scope) for name, place in places
    )


def _simulated(faults: Faults) -> RoomLine:
    from ktpel_desktop.devices.simulator import sensors
    from ktpel_desktop.devices.simulator.line import SimulatedLine, clock_look

    return RoomLine(
        SimulatedLine(faults),
        {ItemId.BANDWIDTH: sensors.line_test(faults)},
        {ItemId.CLOCK: partial(clock_look, faults)},
    )


def _real(settings: Settings, clock: Clock) -> RoomLine:
    from ktpel_desktop.devices import clock_compare
    from ktpel_desktop.devices.bandwidth.line_test import LineSensor
    from ktpel_desktop.devices.bandwidth.line_watcher import NetworkWatcher

    servers = targets(settings)
    watcher = NetworkWatcher(
        _knocked_at(settings),
        contract_mbps=settings.line_contract or None,
        router=_router(settings),
        complete=settings.only_machine,
        cameras=settings.ask_cameras,
        load=servers,
    )
    looks: dict[ItemId, Callable[[], Look]] = {}
    if (time_server := host_port(settings.time_server)) is not None:
        looks[ItemId.CLOCK] = partial(
            clock_compare.look, clock, time_server.host, time_server.port or clock_compare.PORT
        )
    return RoomLine(watcher, {ItemId.BANDWIDTH: LineSensor(servers)} if servers else {}, looks)


def _knocked_at(settings: Settings) -> list[ProbeTarget]:
    from ktpel_desktop.devices.bandwidth.line_probe import ProbeTarget

    named = (
        (Place.GATEWAY, settings.line_gateway),
        (Place.DATA_CENTRE, settings.line_data_centre),
        (Place.OUTSIDE, settings.line_outside),
        (Place.NAME, settings.line_name),
    )
    places = [(place, host_port(text)) for place, text in named]
    return [ProbeTarget(place, found.host, found.port or 443) for place, found in places if found is not None]


def _router(settings: Settings) -> Callable[[str], WanCounters] | None:
    if settings.router_by == "upnp":
        from ktpel_desktop.devices.bandwidth.upnp import UpnpRouter

        return lambda segment: UpnpRouter.find(interface=segment)
    place = host_port(settings.router_host)
    if settings.router_by != "snmp" or place is None:
        return None
    return partial(_by_snmp, place, settings.router_interface)


def _by_snmp(place: HostPort, interface: int, _segment: str) -> WanCounters:
    """Asks the keyring when the router is asked: what is missing there must not keep the office from opening.

    Raises DeviceError "router.no_community".
    """
    from ktpel_desktop.bootstrap import keyring_secrets
    from ktpel_desktop.devices.bandwidth.snmp import PORT, SnmpRouter

    try:
        community = keyring_secrets.get(keyring_secrets.COMMUNITY)
    except StoreError as error:
        raise DeviceError("router.no_community", Effect.NONE) from error
    return SnmpRouter(place.host, interface, community, port=place.port or PORT)
