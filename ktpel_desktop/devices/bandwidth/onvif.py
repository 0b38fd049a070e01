"""Cameras in the same network segment, by one polite question (ONVIF Core, 7.3: WS-Discovery Probe).

Answers mean that cameras are there; silence proves nothing, for other segments are not reached and discovery is
often switched off (room.md 3.5). Nobody logs in to a camera, and the question is asked only where the office wants it.
"""

from __future__ import annotations

from ktpel_desktop.core.errors import DeviceError, Effect
from ktpel_desktop.core.line_sharing import Evidence, judge_cameras
from ktpel_desktop.devices.bandwidth.ws_discovery import DESTINATION, WAIT_S, DeviceType, ask

CAMERA = DeviceType("http://www.onvif.org/ver10/network/wsdl", "NetworkVideoTransmitter")


def find_cameras(
    *, interface: str = "", destination: tuple[str, int] = DESTINATION, seconds: float = WAIT_S
) -> frozenset[str]:
    """Addresses that answered as a network video transmitter. Raises DeviceError "cameras.not_asked"."""
    try:
        answers = ask(CAMERA, interface=interface, destination=destination, seconds=seconds)
        return frozenset(sender for sender, _ in answers)
    except OSError as error:
        raise DeviceError("cameras.not_asked", Effect.NONE) from error


def camera_evidence(
    *, interface: str = "", destination: tuple[str, int] = DESTINATION, seconds: float = WAIT_S
) -> Evidence:
    """The rung of cameras; unknown where nobody could be asked."""
    try:
        cameras = find_cameras(interface=interface, destination=destination, seconds=seconds)
    except DeviceError:
        return judge_cameras(None)
    return judge_cameras(len(cameras))
