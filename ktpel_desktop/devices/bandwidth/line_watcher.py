"""The room's line, watched for real (core.ports.LineWatcher): the knock of each minute, and who else uses it.

A name is looked up by the system, which may take 10 to 20 s where no DNS answers; whoever asks gives it a thread of its
own (services/asking, the window's room lane).
"""

from __future__ import annotations

import socket
from collections.abc import Callable, Sequence
from functools import partial

from ktpel_desktop.core.availability import LineState, Place
from ktpel_desktop.core.errors import DeviceError
from ktpel_desktop.core.line_sharing import Evidence
from ktpel_desktop.devices.bandwidth.client import Target
from ktpel_desktop.devices.bandwidth.line_probe import ProbeTarget, default_gateway, probe
from ktpel_desktop.devices.bandwidth.line_test import LineSensor
from ktpel_desktop.devices.bandwidth.onvif import camera_evidence
from ktpel_desktop.devices.bandwidth.own_traffic import card_of
from ktpel_desktop.devices.bandwidth.sharing import WanCounters, counter_evidence

_NOBODY = "192.0.2.1"
"""An address for documentation (RFC 5737): the way to it is the way out, and nothing is sent."""


class NetworkWatcher:
    """`targets` are knocked at, and the gateway too, which the system tells where no target names it.

    `router` finds the router whose counters are read, from this computer's address on its side (may be empty, told so
    that a computer with several cards asks on the right one); None where nobody asked for it. `complete` says that this
    computer is the only one on the line. `load` are servers to fill the line with while the counters are watched, for
    counters that stand still prove nothing.
    """

    def __init__(
        self,
        targets: Sequence[ProbeTarget],
        *,
        contract_mbps: float | None = None,
        router: Callable[[str], WanCounters] | None = None,
        complete: bool = False,
        cameras: bool = False,
        load: Sequence[Target] = (),
    ) -> None:
        self.contract_mbps = contract_mbps
        self._targets = tuple(targets)
        self._router, self._complete, self._cameras = router, complete, cameras
        self._load = tuple(load)

    def probe(self) -> LineState:
        targets = list(self._targets)
        if not any(one.place is Place.GATEWAY for one in targets) and (gateway := default_gateway()):
            targets.insert(0, ProbeTarget(Place.GATEWAY, gateway))
        return probe(targets).state

    def sharing(self) -> Sequence[Evidence]:
        found = []
        here = own_address(self._load[0].host if self._load else _NOBODY)
        segment = here if here and ":" not in here else ""  # the groups that are asked are IPv4's
        if self._router is not None:
            card = card_of(here) if here else None
            own = [card.counters] if card else []
            router = partial(self._router, segment)
            if self._load:
                found.append(counter_evidence(router, own, complete=self._complete, meanwhile=self._fill))
            else:
                found.append(counter_evidence(router, own, complete=self._complete))
        if self._cameras:
            found.append(camera_evidence(interface=segment))
        return found

    def _fill(self) -> None:
        try:
            LineSensor(self._load).run()
        except DeviceError:  # the line's rate is told elsewhere; here the counters are waited out
            return


def own_address(host: str) -> str:
    """This computer's address on the way to a host; empty where there is no way. Nothing is sent."""
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(host, 9, type=socket.SOCK_DGRAM)[0]
        with socket.socket(family, kind, protocol) as sock:
            sock.connect(address)
            return str(sock.getsockname()[0])
    except (OSError, UnicodeError):
        return ""
