"""The router's own counters by UPnP (WANCommonInterfaceConfig:1, 2.4.12 and 2.4.13: ui4, so they go round at 4 GiB).

Only a router in the own network is believed: its description must lie at the address that answered, and nothing leads
to another host. Nothing is changed on the router.
"""

from __future__ import annotations

import ipaddress
import re
import time
from urllib.parse import urljoin, urlsplit

from ktpel_desktop.core.errors import DeviceError, Effect
from ktpel_desktop.core.line_sharing import Counters
from ktpel_desktop.devices.bandwidth.multicast import ask_all
from ktpel_desktop.devices.bandwidth.plain_http import fetch
from ktpel_desktop.devices.bandwidth.xml_fields import XmlRefused, fields, first, groups

DESTINATION = ("239.255.255.250", 1900)
WAIT_S = 2.0
_SERVICE = re.compile(r"urn:schemas-upnp-org:service:WANCommonInterfaceConfig:[0-9]")
_SEARCH = (
    b"M-SEARCH * HTTP/1.1\r\nHOST: 239.255.255.250:1900\r\n"
    b'MAN: "ssdp:discover"\r\nMX: 1\r\n'
    b"ST: urn:schemas-upnp-org:device:InternetGatewayDevice:1\r\n\r\n"
)
_CALL = (
    '<?xml version="1.0"?><s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/"'
    ' s:encodingStyle="http://schemas.xmlsoap.org/soap/encoding/"><s:Body>'
    '<u:{action} xmlns:u="{service}"/></s:Body></s:Envelope>'
)


class UpnpRouter:
    """A router found once; `counters` asks it. Use `find`."""

    def __init__(self, control: str, service: str) -> None:
        self._control = control
        self._service = service

    @classmethod
    def find(
        cls, *, interface: str = "", destination: tuple[str, int] = DESTINATION, seconds: float = WAIT_S
    ) -> UpnpRouter:
        """The first router of the segment that counts. Raises DeviceError "router.not_found", "router.nonsense"."""
        try:
            answers = list(ask_all(_SEARCH, destination, seconds=seconds, interface=interface))
        except OSError as error:
            raise DeviceError("router.not_found", Effect.NONE) from error
        failed: DeviceError | None = None
        for location in dict.fromkeys(
            place for sender, text in answers if (place := location_of(sender, text))
        ):
            try:
                return cls._described(location)
            except DeviceError as error:
                failed = failed or error
        raise failed or DeviceError("router.not_found", Effect.NONE)

    @classmethod
    def _described(cls, location: str) -> UpnpRouter:
        found = _read(fetch("GET", location))
        root = first(found, "URLBase") or location
        for service in groups(found, "service"):
            kind, control = service.get("serviceType", ""), _joined(root, service.get("controlURL", ""))
            if _SERVICE.fullmatch(kind) and _host(control) == _host(location):
                return cls(control, kind)
        raise DeviceError("router.nonsense", Effect.NONE)

    def counters(self) -> Counters:
        """Bytes of the WAN side. Raises DeviceError "router.silent", "router.refused", "router.nonsense"."""
        received = self._ask("GetTotalBytesReceived", "NewTotalBytesReceived")
        sent = self._ask("GetTotalBytesSent", "NewTotalBytesSent")
        return Counters(time.monotonic(), received, sent, bits=32)

    def _ask(self, action: str, answer: str) -> int:
        body = _CALL.format(action=action, service=self._service)
        headers = {"SOAPAction": f'"{self._service}#{action}"', "Content-Type": 'text/xml; charset="utf-8"'}
        text = first(_read(fetch("POST", self._control, body.encode(), headers)), answer)
        if text is None or not re.fullmatch("[0-9]{1,10}", text) or int(text) >= 1 << 32:
            raise DeviceError("router.nonsense", Effect.NONE)
        return int(text)


def location_of(sender: str, answer: bytes) -> str | None:
    """Where the description of a router lies, if the answer is one and the place is the sender's own."""
    lines = answer.decode("latin-1").split("\r\n")
    if not re.match(r"HTTP/1\.[01] 200", lines[0]):
        return None
    for line in lines[1:]:
        name, _, value = line.partition(":")
        if name.strip().lower() == "location":
            place = value.strip()
            return place if _host(place) == sender and _is_near(sender) else None
    return None


def _host(address: str) -> str | None:
    """The host of a plain HTTP address."""
    try:
        parts = urlsplit(address)
        return parts.hostname if parts.scheme == "http" and parts.port != 0 else None
    except ValueError:
        return None


def _joined(root: str, place: str) -> str:
    try:
        return urljoin(root, place)
    except ValueError:
        return ""


def _is_near(address: str) -> bool:
    try:
        return ipaddress.ip_address(address).is_private
    except ValueError:
        return False


def _read(data: bytes) -> list[tuple[tuple[str, ...], str]]:
    try:
        return fields(data)
    except XmlRefused as error:
        raise DeviceError("router.nonsense", Effect.NONE) from error
