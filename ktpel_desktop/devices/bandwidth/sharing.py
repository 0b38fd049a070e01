"""Who else uses the line: the router's counters against the room's own network cards, over the same while."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from typing import Protocol

from ktpel_desktop.core.errors import DeviceError
from ktpel_desktop.core.line_sharing import (
    LEAST_WINDOW_S,
    Counters,
    Evidence,
    Finding,
    Rung,
    judge_counters,
)

WINDOW_S = 30.0


class WanCounters(Protocol):
    """A router that can be asked what it carried (UpnpRouter, SnmpRouter)."""

    def counters(self) -> Counters:
        """Bytes of the WAN side at a moment of time.monotonic(). Raises DeviceError."""
        ...


OwnCounters = Callable[[], Counters | None]
"""One machine's card (`own_traffic.Card.counters`), or what another machine of the room last told of its own."""


def counter_evidence(
    router: Callable[[], WanCounters],
    own: Sequence[OwnCounters],
    *,
    complete: bool,
    meanwhile: Callable[[], object] = lambda: time.sleep(WINDOW_S),
) -> Evidence:
    """Foreign bytes on the line while `meanwhile` runs: half a minute of nothing, or the line test itself.

    A `meanwhile` shorter than LEAST_WINDOW_S is waited out, for the counters would say nothing of it.
    `router` finds and gives the router. A router that cannot be asked is unknown, told by its code; what `meanwhile`
    raises is the caller's.
    """
    try:
        asked = router()
        wan_before = asked.counters()
    except DeviceError as error:
        return Evidence(Rung.ROUTER_COUNTERS, Finding.UNKNOWN, error.code)
    before = [read() for read in own]
    meanwhile()
    if (left := LEAST_WINDOW_S - (time.monotonic() - wan_before.at)) > 0:  # a fast line is tested sooner
        time.sleep(left)
    after = [read() for read in own]
    try:
        wan_after = asked.counters()
    except DeviceError as error:
        return Evidence(Rung.ROUTER_COUNTERS, Finding.UNKNOWN, error.code)
    pairs = [(one, other) for one, other in zip(before, after, strict=True) if one and other]
    if len(pairs) < len(own):  # a machine that cannot count is not counted: what it moved would look foreign
        complete = False
    return judge_counters((wan_before, wan_after), pairs, complete=complete)
