"""What this computer's own network card moves, so that its own traffic is not taken for a slow or a shared line.

The card is the one that owns the address from which the target is reached: virtual cards on Windows count nothing
(room.md 3.5). psutil reads /proc/net/dev on Linux and GetIfTable2 on Windows.
"""

from __future__ import annotations

import ipaddress
import time
from dataclasses import dataclass
from pathlib import Path

import psutil

from ktpel_desktop.core.line_sharing import Counters, moved


@dataclass(frozen=True, slots=True)
class Card:
    """A network card. `medium` is "wifi", "kabel", or empty where the system does not tell."""

    name: str
    medium: str = ""

    def counters(self) -> Counters | None:
        """Bytes of this card since it began to count; None where it does not."""
        try:
            found = psutil.net_io_counters(pernic=True, nowrap=True).get(self.name)
        except OSError:  # a system that does not count
            return None
        if found is None:
            return None
        return Counters(time.monotonic(), int(found.bytes_recv), int(found.bytes_sent))


def card_of(address: str) -> Card | None:
    """The card that owns an address of this computer; None for the loopback, which carries everything twice."""
    wanted = address.partition("%")[0]
    if ipaddress.ip_address(wanted).is_loopback:
        return None
    try:
        cards = psutil.net_if_addrs()
    except OSError:
        return None
    for name, owned in cards.items():
        if any(one.address.partition("%")[0] == wanted for one in owned):
            return Card(name, _medium(name))
    return None


def mbps(before: Counters | None, after: Counters | None) -> float | None:
    """Rate of a card between two readings, both directions together, in Mbps; None where that is not known."""
    if before is None or after is None or after.at <= before.at:
        return None
    total = moved(before, after)
    return None if total is None else total * 8 / (after.at - before.at) / 1e6


def _medium(name: str) -> str:
    place = Path("/sys/class/net") / name
    if (place / "wireless").exists():
        return "wifi"
    return "kabel" if (place / "device").exists() else ""
