"""Cameras in the same network segment, by one polite question (ONVIF Core, 7.3: WS-Discovery Probe).

Answers mean that cameras are there; silence proves nothing, for other segments are not reached and discovery is
often switched off (room.md 3.5). Nobody logs in to a camera, and the question is asked only where the office wants it.
"""

from __future__ import annotations

import uuid

from ktpel_desktop.core.errors import DeviceError, Effect
from ktpel_desktop.core.line_sharing import Evidence, judge_cameras
from ktpel_desktop.devices.bandwidth.multicast import ask_all
from ktpel_desktop.devices.bandwidth.xml_fields import XmlRefused, fields, first, groups

DESTINATION = ("239.255.255.250", 3702)
WAIT_S = 2.0
_PROBE = (
    '<?xml version="1.0" encoding="utf-8"?>'
    '<e:Envelope xmlns:e="http://www.w3.org/2003/05/soap-envelope"'
    ' xmlns:w="http://schemas.xmlsoap.org/ws/2004/08/addressing"'
    ' xmlns:d="http://schemas.xmlsoap.org/ws/2005/04/discovery"'
    ' xmlns:dn="http://www.onvif.org/ver10/network/wsdl">'
    "<e:Header><w:MessageID>{message}</w:MessageID>"
    "<w:To>urn:schemas-xmlsoap-org:ws:2005:04:discovery</w:To>"
    "<w:Action>http://schemas.xmlsoap.org/ws/2005/04/discovery/Probe</w:Action></e:Header>"
    "<e:Body><d:Probe><d:Types>dn:NetworkVideoTransmitter</d:Types></d:Probe></e:Body></e:Envelope>"
)


def find_cameras(
    *, interface: str = "", destination: tuple[str, int] = DESTINATION, seconds: float = WAIT_S
) -> frozenset[str]:
    """Addresses that answered as a network video transmitter. Raises DeviceError "cameras.not_asked"."""
    message = f"urn:uuid:{uuid.uuid4()}"
    question = _PROBE.format(message=message).encode()
    try:
        answers = list(ask_all(question, destination, seconds=seconds, interface=interface))
    except OSError as error:
        raise DeviceError("cameras.not_asked", Effect.NONE) from error
    return frozenset(sender for sender, content in answers if is_camera(content, message))


def is_camera(content: bytes, message: str) -> bool:
    """Whether an answer is a camera's, to this question."""
    try:
        found = fields(content)
    except XmlRefused:
        return False
    if first(found, "RelatesTo") != message:
        return False
    return any(
        kind.rpartition(":")[2] == "NetworkVideoTransmitter"
        for match in groups(found, "ProbeMatch")
        for kind in match.get("Types", "").split()
    )


def camera_evidence(
    *, interface: str = "", destination: tuple[str, int] = DESTINATION, seconds: float = WAIT_S
) -> Evidence:
    """The rung of cameras; unknown where nobody could be asked."""
    try:
        cameras = find_cameras(interface=interface, destination=destination, seconds=seconds)
    except DeviceError:
        return judge_cameras(None)
    return judge_cameras(len(cameras))
