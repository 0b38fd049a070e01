"""The knock of each minute: is the line up, and if not, which part of it (room.md 3.7)?

TCP, for a ping needs privileges and may be treated differently on the way. Any answer counts, a refusal too: whoever
refuses is there. The state comes from `core.availability.line_state`.
"""

from __future__ import annotations

import errno
import ipaddress
import selectors
import socket
import struct
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from ktpel_desktop.core.availability import LineState, Place, line_state
from ktpel_desktop.devices.bandwidth.sockets import Address, begin_connect, connect_failure, cut

WAIT_S = 3.0
_THERE = {0, errno.ECONNREFUSED, getattr(errno, "WSAECONNREFUSED", 0)}
Resolve = Callable[[str, int], Sequence[tuple[int, Address]]]


@dataclass(frozen=True, slots=True)
class ProbeTarget:
    """What to knock at. A NAME is only looked up; its port does not matter."""

    place: Place
    host: str
    port: int = 443


@dataclass(frozen=True, slots=True)
class Knock:
    """One target's answer, with the milliseconds it took; None for a host name that could not be looked up."""

    target: ProbeTarget
    answered: bool | None
    milliseconds: float | None = None


@dataclass(frozen=True, slots=True)
class ProbeResult:
    """All answers, and what they say together."""

    knocks: tuple[Knock, ...]
    state: LineState


def look_up(host: str, port: int) -> list[tuple[int, Address]]:
    """Family and addresses of a host; the system's own time limit (10 to 20 s at worst). Raises OSError."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return [(family, address) for family, _, _, _, address in found]


def probe(
    targets: Sequence[ProbeTarget], *, seconds: float = WAIT_S, resolve: Resolve = look_up
) -> ProbeResult:
    """Knock at all addresses at once, then look names up. Never raises for what a network does."""
    plain = [target for target in targets if target.place is not Place.NAME and _is_address(target.host)]
    named = [target for target in targets if target.place is not Place.NAME and target not in plain]
    knocks = _knock([(target, _known(target)) for target in plain], seconds)
    found: list[tuple[ProbeTarget, tuple[int, Address]]] = []
    for target in [one for one in targets if one.place is Place.NAME] + named:
        addresses = _resolved(target, resolve)
        if target.place is Place.NAME:
            knocks.append(Knock(target, bool(addresses)))
        elif addresses:
            found.append((target, addresses[0]))
        else:
            knocks.append(Knock(target, None))
    knocks += _knock(found, seconds)
    answers: dict[Place, bool] = {}
    for knock in knocks:
        if knock.answered is not None:
            answers[knock.target.place] = answers.get(knock.target.place, False) or knock.answered
    order = {target: number for number, target in enumerate(targets)}
    return ProbeResult(tuple(sorted(knocks, key=lambda one: order[one.target])), line_state(answers))


def default_gateway(routes: Path = Path("/proc/net/route")) -> str | None:
    """The router of this computer as Linux tells it; None elsewhere, where the settings name it."""
    try:
        lines = routes.read_text("ascii").splitlines()[1:]
        for line in lines:
            _, destination, gateway, flags, *_ = line.split()
            if destination == "00000000" and int(flags, 16) & 0x2:
                return socket.inet_ntoa(struct.pack("=L", int(gateway, 16)))
    except (OSError, ValueError, struct.error):
        return None
    return None


def _knock(doors: Sequence[tuple[ProbeTarget, tuple[int, Address]]], seconds: float) -> list[Knock]:
    began = time.monotonic()
    done: list[Knock] = []
    with selectors.DefaultSelector() as selector:
        for target, (family, address) in doors:
            try:
                selector.register(begin_connect(address, family), selectors.EVENT_WRITE, target)
            except OSError as error:
                done.append(Knock(target, error.errno in _THERE))
        while selector.get_map() and (left := began + seconds - time.monotonic()) > 0:
            for key, _ in selector.select(left):
                if isinstance(key.fileobj, socket.socket):
                    there = connect_failure(key.fileobj) in _THERE
                    done.append(Knock(key.data, there, 1000 * (time.monotonic() - began) if there else None))
                    selector.unregister(key.fileobj)
                    cut(key.fileobj)
        for key in list(selector.get_map().values()):
            done.append(Knock(key.data, False))
            if isinstance(key.fileobj, socket.socket):
                cut(key.fileobj)
    return done


def _resolved(target: ProbeTarget, resolve: Resolve) -> Sequence[tuple[int, Address]]:
    try:
        return resolve(target.host, target.port)
    except (OSError, ValueError):
        return []


def _is_address(host: str) -> bool:
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return False
    return True


def _known(target: ProbeTarget) -> tuple[int, Address]:
    family = socket.AF_INET6 if ":" in target.host else socket.AF_INET
    return family, (target.host, target.port)
