"""The UPS as an item of the room check: what its words mean for the work, and how full its battery is."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import timedelta
from typing import Protocol

from ktpel_desktop.core.room import Look
from ktpel_desktop.core.ups_state import UpsFlag, judge_ups
from ktpel_desktop.devices.sensors.ups import UpsState

_REGULATING = frozenset({UpsFlag.BOOSTING, UpsFlag.TRIMMING})


class UpsSource(Protocol):
    """What can tell the state of a UPS (ups.Ups, the simulator)."""

    def state(self) -> UpsState:
        """Raises DeviceError."""
        ...


class UpsLook:
    """Called for each look. Remembers since when the UPS has raised or lowered the voltage without a pause."""

    def __init__(self, ups: UpsSource, clock: Callable[[], float] = time.monotonic) -> None:
        self._ups, self._clock = ups, clock
        self._regulating_since: float | None = None

    def __call__(self) -> Look:
        """One look; the battery in %. Raises DeviceError as the source does."""
        state = self._ups.state()
        if not state.flags & _REGULATING:
            self._regulating_since = None
        elif self._regulating_since is None:
            self._regulating_since = self._clock()
        since = self._regulating_since
        regulating = timedelta(seconds=0 if since is None else self._clock() - since)
        return Look(
            judge_ups(state.flags, regulating),
            state.battery_percent,
            "%" if state.battery_percent is not None else "",
            text=state.status,
            source=f"NUT {state.name}",
            evidence=(state.evidence,),
        )
