"""What the settings of the network become."""

from __future__ import annotations

import pytest

from ktpel_desktop.bootstrap import SystemClock, keyring_secrets, room_line
from ktpel_desktop.core.availability import LineState
from ktpel_desktop.core.line_sharing import Finding, Rung
from ktpel_desktop.core.room_items import ItemId
from ktpel_desktop.core.room_limits import Status
from ktpel_desktop.devices.bandwidth.client import Target
from ktpel_desktop.devices.bandwidth.line_watcher import NetworkWatcher
from ktpel_desktop.devices.bandwidth.snmp import SnmpRouter
from ktpel_desktop.devices.simulator.faults import Faults
from ktpel_desktop.devices.simulator.line import SimulatedLine
from ktpel_desktop.settings import Settings


def test_training_has_a_whole_network_and_its_faults() -> None:
    faults = Faults()
    made = room_line.room_line(Settings(), SystemClock(), faults)
    assert isinstance(made.line, SimulatedLine)
    assert set(made.sensors) == {ItemId.BANDWIDTH}
    assert made.line.probe() is LineState.UP
    faults.script("line_down")
    assert [made.line.probe(), made.line.probe()] == [LineState.LINE_DOWN, LineState.UP]
    faults.script("cameras_seen")
    first, then = ({one.rung: one.finding for one in made.line.sharing()} for _ in range(2))
    assert (first[Rung.CAMERAS], then[Rung.CAMERAS]) == (Finding.EVIDENCE_FOR, Finding.NO_EVIDENCE)
    clock = made.looks[ItemId.CLOCK]
    faults.script("clock_off")
    assert [clock().verdict.status, clock().verdict.status] == [Status.CRITICAL, Status.OK]


def test_nothing_that_the_settings_do_not_name_is_looked_at() -> None:
    made = room_line.room_line(Settings(line_by="sungguhan"), SystemClock(), Faults())
    assert isinstance(made.line, NetworkWatcher)
    assert (made.line.contract_mbps, dict(made.sensors), dict(made.looks)) == (None, {}, {})
    assert list(made.line.sharing()) == []


def test_servers_and_clock_as_they_are_named() -> None:
    chosen = Settings(
        line_by="sungguhan",
        line_servers=("Dinas=uji.contoh:7000", "10.1.2.3"),
        line_scope="internet",
        line_contract=20.0,
        time_server="waktu.contoh",
    )
    assert room_line.targets(chosen) == (
        Target("uji.contoh", 7000, "Dinas", "internet"),
        Target("10.1.2.3", 7816, "", "internet"),
    )
    made = room_line.room_line(chosen, SystemClock(), Faults())
    assert made.line.contract_mbps == 20.0
    assert set(made.sensors) == {ItemId.BANDWIDTH}
    assert set(made.looks) == {ItemId.CLOCK}


BY_SNMP = Settings(line_by="sungguhan", router_by="snmp", router_host="192.0.2.1:1161", router_interface=2)


def test_a_community_that_is_missing_is_the_rungs_own_trouble(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("keyring.get_password", lambda service, name: None)
    (found,) = room_line.room_line(BY_SNMP, SystemClock(), Faults()).line.sharing()
    assert (found.rung, found.finding, found.why) == (
        Rung.ROUTER_COUNTERS,
        Finding.UNKNOWN,
        "router.no_community",
    )


def test_the_community_comes_from_the_keyring(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[tuple[object, ...]] = []

    class Router(SnmpRouter):
        def __init__(self, host: str, interface: int, community: str, *, port: int) -> None:
            asked.append((host, interface, community, port))
            super().__init__("127.0.0.1", interface, community, port=9, seconds=0.1)

    kept = {keyring_secrets.COMMUNITY: "baca-saja"}
    monkeypatch.setattr("keyring.get_password", lambda service, name: kept.get(name))
    monkeypatch.setattr("ktpel_desktop.devices.bandwidth.snmp.SnmpRouter", Router)
    (found,) = room_line.room_line(BY_SNMP, SystemClock(), Faults()).line.sharing()
    assert (found.finding, found.why) == (Finding.UNKNOWN, "router.silent")
    assert asked == [("192.0.2.1", 2, "baca-saja", 1161)]


@pytest.mark.parametrize("interface", [0, -1])
def test_an_interface_that_cannot_be_is_refused(interface: int) -> None:
    with pytest.raises(ValueError, match="ifIndex"):
        SnmpRouter("192.0.2.1", interface, "baca-saja")
