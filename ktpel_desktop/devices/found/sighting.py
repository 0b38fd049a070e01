"""One device as one source saw it, in words that are fit to be shown and kept."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from ktpel_desktop.core.placement import DeviceKind, FoundDevice

LONGEST_MAKE, LONGEST_SERIAL, LONGEST_PLACE = 60, 40, 60
"""Letters that a line of the register has room for."""
_SAYS_NOTHING = frozenset({
    "to be filled by o.e.m.", "default string", "system manufacturer", "system product name", "system serial number",
    "not specified", "not applicable", "none", "unknown", "o.e.m.", "oem", "n/a", "invalid", "chassis serial number",
})  # fmt: skip
"""What makers leave in place of a name or number."""


@dataclass(frozen=True, slots=True)
class Sighting:
    """`address` is the network address of a device that has one: by it two sources may mean the same device."""

    device: FoundDevice
    address: str = ""


@dataclass(frozen=True, slots=True)
class Sightings:
    """What a source saw, and the codes of what it could not read."""

    seen: tuple[Sighting, ...] = ()
    notes: tuple[str, ...] = ()


Source = Callable[[], Sightings]
"""Raises DeviceError where the whole place cannot be looked at."""


def sighting(
    make: str, kind: DeviceKind | None = None, *, serial: str = "", where: str, address: str = ""
) -> Sighting:
    """A device with every text of it cleaned; one without a make is called by its place."""
    where = plain(where, LONGEST_PLACE)
    return Sighting(FoundDevice(plain(make, LONGEST_MAKE) or where, kind, serial_of(serial), where), address)


def plain(text: str, longest: int = LONGEST_MAKE) -> str:
    """A text without control characters and needless blanks, cut; empty where it is a maker's empty word."""
    words = "".join(letter if letter.isprintable() else " " for letter in text[: 8 * longest]).split()
    said = " ".join(words)
    return "" if said.casefold() in _SAYS_NOTHING else said[:longest].rstrip()


def serial_of(text: str) -> str:
    """A serial number; empty where it tells no device from another, such as zeros."""
    number = plain(text, LONGEST_SERIAL)
    return number if len({letter for letter in number if letter.isalnum()}) > 1 else ""


def make_of(maker: str, model: str) -> str:
    """Maker and model in one, the maker not said twice."""
    maker, model = plain(maker), plain(model)
    repeated = model.casefold().startswith(maker.casefold())
    return model if repeated else plain(f"{maker} {model}")


def same(known: Sighting, other: Sighting) -> bool:
    """Whether two sources mean one device: the serial; the network address; or the make, where one tells no serial."""
    one, two = known.device, other.device
    if one.serial and two.serial:
        return one.serial.casefold() == two.serial.casefold()
    if None not in (one.kind, two.kind) and one.kind is not two.kind:
        return False
    if known.address or other.address:  # one on a cable and one in the network may well be of the same make
        return known.address == other.address
    return bool(one.make) and one.make.casefold() == two.make.casefold()


def joined(known: Sighting, other: Sighting) -> Sighting:
    """Both sources' word of one device; the first seen counts, the other fills in."""
    one, two = known.device, other.device
    device = FoundDevice(
        one.make or two.make, one.kind or two.kind, one.serial or two.serial, one.where or two.where
    )
    return Sighting(device, known.address or other.address)


def told_apart(seen: Sequence[Sighting]) -> tuple[Sighting, ...]:
    """Of one source: each serial once. Without serials two of a make are two devices."""
    found: dict[object, Sighting] = {}
    for number, one in enumerate(seen):
        key = one.device.serial.casefold() or number
        found[key] = joined(found[key], one) if key in found else one
    return tuple(found.values())
