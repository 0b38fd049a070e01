"""A simulated line and time server for the training room, with the faults "line_down", "cameras_seen", "clock_off"."""

from __future__ import annotations

from collections.abc import Sequence

from ktpel_desktop.core.availability import LineState
from ktpel_desktop.core.line_sharing import Evidence, Finding, Rung, judge_cameras
from ktpel_desktop.core.room import Look
from ktpel_desktop.core.room_limits import judge_clock
from ktpel_desktop.devices.simulator.faults import Faults

TRAINING_CONTRACT_MBPS = 9.0
CLOCK_AHEAD_S, CLOCK_OFF_S = 0.042, 75.0
CAMERAS = 2


class SimulatedLine:
    """A line of its own, 9 Mbps by contract, with a router that counts (core.ports.LineWatcher)."""

    contract_mbps: float | None = TRAINING_CONTRACT_MBPS

    def __init__(self, faults: Faults) -> None:
        self._faults = faults

    def probe(self) -> LineState:
        down = self._faults.strikes("line_down", "knock") is not None
        return LineState.LINE_DOWN if down else LineState.UP

    def sharing(self) -> Sequence[Evidence]:
        seen = self._faults.strikes("cameras_seen", "sharing") is not None
        return (
            Evidence(Rung.ROUTER_COUNTERS, Finding.NO_EVIDENCE, "no_foreign_bytes", 0.0, "Mbps"),
            judge_cameras(CAMERAS if seen else 0),
        )


def clock_look(faults: Faults) -> Look:
    """This computer's clock against a simulated time server."""
    ahead = CLOCK_AHEAD_S if faults.strikes("clock_off", "compare") is None else CLOCK_OFF_S
    return Look(judge_clock(ahead), ahead, "s", source="simulator:ntp")
