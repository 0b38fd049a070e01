"""The printers that are set up on this computer, by the queues of its print system. No printer is asked.

Takes as long as the print system's answer, at most 5 s with CUPS (print_queue/cups.py).
"""

from __future__ import annotations

from dataclasses import dataclass
from ipaddress import ip_address
from urllib.parse import SplitResult, parse_qs, unquote, urlsplit

from ktpel_desktop.core.placement import DeviceKind
from ktpel_desktop.devices.found.printer_models import kind_of
from ktpel_desktop.devices.found.sighting import Sighting, Sightings, make_of, sighting
from ktpel_desktop.devices.print_queue.jobs import InstalledQueue, QueueList

_NO_PRINTER = frozenset({"cups-pdf", "file"})
"""Schemes of CUPS whose bytes reach no printer."""
_NO_PORT = frozenset({"portprompt:", "shrfax:", "nul:", "file:", "xpsport:", "microsoft.office.onenote"})
"""Ports of Windows behind which there is none."""
_CABLE = ("usb", "hp:/usb", "hpfax:/usb", "dot4")
_NETWORK = frozenset({"ipp", "ipps", "http", "https", "socket", "lpd", "dnssd", "smb"})


@dataclass(frozen=True, slots=True)
class PrintQueues:
    """A source. The settings tell which queue is for cards and which for pages, "" where none is."""

    system: QueueList
    card_queue: str = ""
    page_queue: str = ""

    def __call__(self) -> Sightings:
        """Raises DeviceError "queue.system_off" and what else keeps the print system from answering."""
        return Sightings(tuple(self._seen(one) for one in self.system.installed() if _has_printer(one)))

    def _seen(self, queue: InstalledQueue) -> Sighting:
        address = _split(queue.device)
        make = make_of("", _without_driver(queue.make)) or _named_in(address) or make_of("", queue.name)
        return sighting(
            make,
            self._kind(queue.name, make),
            serial=next(iter(parse_qs(address.query).get("serial", ())), ""),
            where=f"antrean {queue.name}{_way(queue.device, address.scheme)}",
            address=_number(address),
        )

    def _kind(self, name: str, make: str) -> DeviceKind | None:
        if name == self.card_queue:
            return DeviceKind.CARD_PRINTER
        if (by_name := kind_of(make)) is not None:  # a page queue may well lead to a dot-matrix printer
            return by_name
        return DeviceKind.LASER_PRINTER if name == self.page_queue else None


def _has_printer(queue: InstalledQueue) -> bool:
    port = queue.device.casefold()
    return port not in _NO_PORT and port.partition(":")[0] not in _NO_PRINTER


def _split(device: str) -> SplitResult:
    try:
        return urlsplit(device)
    except ValueError:
        return SplitResult("", "", "", "", "")


def _without_driver(make: str) -> str:
    """Make and model without what CUPS's drivers add: ", driverless, 2.0.0", " Foomatic/…", " - CUPS+Gutenprint …"."""
    for added in (", ", " Foomatic", " - CUPS", " - IPP"):
        make = make.partition(added)[0]
    return "" if make.casefold() in ("local raw printer", "remote printer") else make


def _named_in(address: SplitResult) -> str:
    """Make and model in the address of a printer on a cable: usb://Maker/Model?serial=…"""
    if address.scheme != "usb":
        return ""
    return make_of(unquote(address.netloc), unquote(address.path).strip("/"))


def _way(device: str, scheme: str) -> str:
    if device.casefold().startswith(_CABLE):
        return " (USB)"
    return " (jaringan)" if scheme in _NETWORK else ""


def _number(address: SplitResult) -> str:
    """The printer's address where it is a number: a name would have to be looked up."""
    try:
        return str(ip_address(address.hostname or ""))
    except ValueError:
        return ""
