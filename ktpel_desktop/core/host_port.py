"""A place in the network as a technician writes it: a name or address, with a port where one is given."""

from __future__ import annotations

import ipaddress
import re
from dataclasses import dataclass

_NAME = re.compile(r"(?!-)[A-Za-z0-9_-]{1,63}(\.[A-Za-z0-9_-]{1,63})*\.?")


@dataclass(frozen=True, slots=True)
class HostPort:
    """`port` is None where nobody wrote one."""

    host: str
    port: int | None = None


def host_port(text: str) -> HostPort | None:
    """A "host", "host:port", an IPv6 address, or "[IPv6]:port"; None where it is none of these."""
    if text.startswith("["):
        host, closed, port = text[1:].partition("]")
        if not closed or not _is_ipv6(host) or (port and not port.startswith(":")):
            return None
        return _with_port(host, port.removeprefix(":") if port else None)
    if text.count(":") > 1:
        return HostPort(text) if _is_ipv6(text) else None
    host, colon, port = text.partition(":")
    return _with_port(host, port if colon else None) if len(host) <= 253 and _NAME.fullmatch(host) else None


def _with_port(host: str, port: str | None) -> HostPort | None:
    if port is None:
        return HostPort(host)
    if not (port.isascii() and port.isdecimal() and len(port) <= 5 and 1 <= int(port) < 1 << 16):
        return None
    return HostPort(host, int(port))


def _is_ipv6(text: str) -> bool:
    try:
        return ipaddress.ip_address(text).version == 6
    except ValueError:
        return False
