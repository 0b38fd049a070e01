"""Printers in the same network segment, by one polite question (WS-Discovery, the type of Windows' print devices).

Asked only where the office allows such questions, as for cameras (bandwidth/onvif.py). Waits 2 s for answers.
"""

from __future__ import annotations

from collections.abc import Mapping
from urllib.parse import unquote, urlsplit

from ktpel_desktop.core.errors import DeviceError, Effect
from ktpel_desktop.devices.bandwidth.ws_discovery import DESTINATION, WAIT_S, DeviceType, ask
from ktpel_desktop.devices.found.printer_models import kind_of
from ktpel_desktop.devices.found.sighting import Sightings, plain, sighting

PRINTER = DeviceType("http://schemas.microsoft.com/windows/2006/08/wdp/print", "PrintDeviceType")
UNNAMED = "Printer jaringan"
_NAMES = ("FriendlyName", "ModelName")
_SCOPE_PARTS = ("name", "model", "hardware")


def network_printers(
    *, destination: tuple[str, int] = DESTINATION, seconds: float = WAIT_S, interface: str = ""
) -> Sightings:
    """A source. Raises DeviceError "finder.network_not_asked"."""
    try:
        answers = dict(ask(PRINTER, interface=interface, destination=destination, seconds=seconds))
    except OSError:
        raise DeviceError("finder.network_not_asked", Effect.NONE) from None
    return Sightings(
        tuple(
            sighting(make, kind_of(make), where=address, address=address)
            for address, told in sorted(answers.items())
            for make in [name_in(told) or UNNAMED]
        )
    )


def name_in(told: Mapping[str, str]) -> str:
    """The printer's name, where the answer gives one: an element of its own, or a scope like …/name/LaserJet%20400."""
    for element in _NAMES:
        if name := plain(told.get(element, "")):
            return name
    scopes = [_scope(scope) for scope in told.get("Scopes", "").split()]
    return next((name for part in _SCOPE_PARTS for at, name in scopes if at == part and name), "")


def _scope(scope: str) -> tuple[str, str]:
    """What a scope says, and its word."""
    try:
        before, _, word = urlsplit(scope).path.rpartition("/")
    except ValueError:
        return "", ""
    return before.rpartition("/")[2].casefold(), plain(unquote(word))
