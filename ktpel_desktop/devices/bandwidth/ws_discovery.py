"""One polite question for devices of a type in the same network segment (WS-Discovery 2005/04: Probe, ProbeMatches).

Silence proves nothing: other segments are not reached, and discovery is often switched off. Nobody logs in anywhere.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from ktpel_desktop.devices.bandwidth.multicast import ask_all
from ktpel_desktop.devices.bandwidth.xml_fields import XmlRefused, fields, first, groups

DESTINATION = ("239.255.255.250", 3702)
WAIT_S = 2.0
_PROBE = (
    '<?xml version="1.0" encoding="utf-8"?>'
    '<e:Envelope xmlns:e="http://www.w3.org/2003/05/soap-envelope"'
    ' xmlns:w="http://schemas.xmlsoap.org/ws/2004/08/addressing"'
    ' xmlns:d="http://schemas.xmlsoap.org/ws/2005/04/discovery"'
    ' xmlns:dn="{namespace}">'
    "<e:Header><w:MessageID>{message}</w:MessageID>"
    "<w:To>urn:schemas-xmlsoap-org:ws:2005:04:discovery</w:To>"
    "<w:Action>http://schemas.xmlsoap.org/ws/2005/04/discovery/Probe</w:Action></e:Header>"
    "<e:Body><d:Probe><d:Types>dn:{name}</d:Types></d:Probe></e:Body></e:Envelope>"
)


@dataclass(frozen=True, slots=True)
class DeviceType:
    """A type of devices by its qualified name."""

    namespace: str
    name: str


def ask(
    wanted: DeviceType,
    *,
    interface: str = "",
    destination: tuple[str, int] = DESTINATION,
    seconds: float = WAIT_S,
) -> Iterator[tuple[str, Mapping[str, str]]]:
    """Address and texts of each device that answered as being of the type. Raises OSError where nobody can be asked."""
    message = f"urn:uuid:{uuid.uuid4()}"
    question = _PROBE.format(message=message, namespace=wanted.namespace, name=wanted.name).encode()
    for sender, content in ask_all(question, destination, seconds=seconds, interface=interface):
        for match in matches(content, message, wanted):
            yield sender, match


def matches(content: bytes, message: str, wanted: DeviceType) -> list[Mapping[str, str]]:
    """The devices of the type in an answer to this question: the texts of each, by their elements' names."""
    try:
        found = fields(content)
    except XmlRefused:
        return []
    if first(found, "RelatesTo") != message:
        return []
    return [
        match
        for match in groups(found, "ProbeMatch")
        if any(kind.rpartition(":")[2] == wanted.name for kind in match.get("Types", "").split())
    ]
