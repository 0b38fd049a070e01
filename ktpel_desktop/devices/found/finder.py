"""core.ports.DeviceFinder: every source looked at by itself, what several of them saw told once."""

from __future__ import annotations

import logging
from collections.abc import Mapping

from ktpel_desktop.core.errors import DeviceError
from ktpel_desktop.core.placement import FoundDevices
from ktpel_desktop.devices.found.sighting import Sighting, Sightings, Source, joined, same, told_apart

log = logging.getLogger(__name__)


class Finder:
    """Looks at its sources in their order, one after the other; names are for the log.

    Nothing waits without end: each source has its own time-outs, told in its module. The order of what is found is
    that of the sources and of what each of them tells.
    """

    def __init__(self, sources: Mapping[str, Source]) -> None:
        self._sources = sources

    def find(self) -> FoundDevices:
        """What is there now. Never raises: what could not be looked at is a note, told once."""
        found: list[Sighting] = []
        notes: list[str] = []
        for name, source in self._sources.items():
            looked = _looked(name, source)
            notes += looked.notes
            _add(found, looked)
        return FoundDevices(tuple(one.device for one in found), tuple(dict.fromkeys(notes)))


def _looked(name: str, source: Source) -> Sightings:
    try:
        return source()
    except DeviceError as error:
        return Sightings(notes=(error.code,))
    except Exception:
        log.exception("looking for devices at %s failed unexpectedly", name)
        return Sightings(notes=("finder.bug",))


def _add(found: list[Sighting], looked: Sightings) -> None:
    """Put in what this source saw: with an older sighting of the same device, each of which is met once."""
    unmet = list(range(len(found)))
    for one in told_apart(looked.seen):
        at = next((place for place in unmet if same(found[place], one)), None)
        if at is None:
            found.append(one)
        else:
            unmet.remove(at)
            found[at] = joined(found[at], one)
