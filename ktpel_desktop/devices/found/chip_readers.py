"""The readers that the PC/SC service knows. No card is touched; the service answers at once or not at all."""

from __future__ import annotations

import re

from ktpel_desktop.core.placement import DeviceKind
from ktpel_desktop.devices.found.sighting import Sighting, Sightings, sighting
from ktpel_desktop.devices.pcsc.readers import list_readers

_INDEX = re.compile(r"(\s+[0-9A-Fa-f]{2}){2}$|\s+\d{1,2}$")
"""Numbers of reader and slot: pcsc-lite writes two of two digits, Windows one."""
_INTERFACE = re.compile(r"\[[^\]]*\]")
_SERIAL = re.compile(r"\(([^()]*)\)")
_SLOT = re.compile(r"\b(sam|picc|icc)\b")


def chip_readers() -> Sightings:
    """A source. What keeps the service from listing is a note; that no reader is plugged in is none."""
    listed = list_readers()
    if listed.reason and listed.reason != "chip.reader_gone":
        return Sightings(notes=(listed.reason,))
    return Sightings(tuple(map(_seen, bodies(listed.names))))


def bodies(names: tuple[str, ...]) -> list[str]:
    """The names of one slot per reader: a SAM slot, and a second slot of the same number, are no reader more."""
    plain = [name for name in names if "sam" not in _words(name)]
    known = {_body(name) for name in plain}
    sams = {_body(name): name for name in names if "sam" in _words(name) and _body(name) not in known}
    first: dict[str, str] = {}
    for name in (*plain, *sams.values()):
        first.setdefault(_reader_number(name), name)
    return list(first.values())


def _reader_number(name: str) -> str:
    """The name without the slot's number, which pcsc-lite writes last."""
    return re.sub(r"(\s[0-9A-Fa-f]{2})\s[0-9A-Fa-f]{2}$", r"\1", name)


def _seen(name: str) -> Sighting:
    serial = _SERIAL.search(name)
    return sighting(
        _named(name), DeviceKind.CHIP_READER, serial=serial[1] if serial else "", where=f"PC/SC {name}"
    )


def _named(name: str) -> str:
    """Maker and model: what stands before the brackets and the numbers."""
    return " ".join(_SERIAL.sub(" ", _INTERFACE.sub(" ", _INDEX.sub("", name))).split()) or name


def _body(name: str) -> str:
    return " ".join(_SLOT.sub(" ", _named(name).casefold()).split())


def _words(name: str) -> list[str]:
    return re.findall(r"\w+", name.casefold())
