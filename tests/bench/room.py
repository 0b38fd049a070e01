"""room.check: a whole walk through the room, its thermometer at its own pace, the line tested against a real server."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from time import monotonic

from ktpel_desktop.core.room_items import ItemId
from ktpel_desktop.core.room_limits import Status
from ktpel_desktop.devices.bandwidth.client import Target
from ktpel_desktop.devices.bandwidth.line_test import LineSensor
from ktpel_desktop.devices.sensors.temper.thermometer import TemperThermometer, UsbSticks
from ktpel_desktop.services import preflight
from ktpel_desktop.training.people import OPERATOR
from tests.bench import office as offices
from tests.bench.measure import Figure, worst
from tests.devices.bandwidth import programs
from tests.devices.sensors.sticks import Library, Stick

RUNS = 3
BUDGET_S = 20.0
HERE = "127.0.0.1"
COOL = bytes.fromhex("80800b544e200000800108f04e200000")
"""A stick with a probe: 29.00 °C inside it, 22.88 °C in the room."""


def measure(folder: Path, runs: int | None) -> list[Figure]:
    """Everything that the room of the training office has, but with the slow instruments as they really are."""
    took: list[float] = []
    server = subprocess.Popen(
        [sys.executable, str(Path(programs.__file__)), "server", HERE], stdout=subprocess.PIPE, text=True
    )
    try:
        assert server.stdout is not None
        port = int(server.stdout.readline())
        with offices.opened(folder) as office:
            offices.begin(office)
            sensors = {
                **office.desk.sensors,
                ItemId.TEMPERATURE: TemperThermometer(UsbSticks(Library(Stick(answers=[COOL])))),
                ItemId.BANDWIDTH: LineSensor([Target(HERE, port)]),
            }
            desk = replace(office.desk, sensors=sensors)
            for _ in range(RUNS if runs is None else runs):
                began = monotonic()
                checks = {check.item: check for check in preflight.run(desk, OPERATOR)}
                took.append(monotonic() - began)
                for item in (ItemId.TEMPERATURE, ItemId.BANDWIDTH):
                    assert checks[item].status is not Status.UNKNOWN, checks[item]
    finally:
        server.terminate()
        server.wait()
    seconds = worst(
        "room.check",
        took,
        BUDGET_S,
        unit="s",
        peer="the 20 s that a whole walk may take (room.md 4.1)",
        note="The longest of the walks: three reads of the thermometer five seconds apart beside everything else, the "
        "line test last.",
    )
    return [seconds]
