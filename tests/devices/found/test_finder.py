"""Every source for itself, and each device once."""

from __future__ import annotations

import logging
from collections.abc import Sequence

import pytest

from ktpel_desktop.core.errors import DeviceError, Effect
from ktpel_desktop.core.placement import DeviceKind, FoundDevice
from ktpel_desktop.devices.found.finder import Finder
from ktpel_desktop.devices.found.sighting import Sighting, Sightings, Source, sighting
from ktpel_desktop.resource_files import texts

READER = DeviceKind.CHIP_READER


def seeing(*seen: Sighting, notes: Sequence[str] = ()) -> Source:
    return lambda: Sightings(seen, tuple(notes))


def failing(error: Exception) -> Source:
    def look() -> Sightings:
        raise error

    return look


ZEBRA = sighting("Zebra ZC300", serial="C4J1", where="USB 1-4")


def test_a_source_that_fails_hides_no_other(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.ERROR)
    found = Finder({
        "first": failing(DeviceError("queue.system_off", Effect.NONE)),
        "second": failing(ZeroDivisionError()),
        "third": seeing(ZEBRA, notes=["finder.usb_no_names", "queue.system_off"]),
    }).find()  # fmt: skip
    assert found.devices == (ZEBRA.device,)
    assert found.notes == ("queue.system_off", "finder.bug", "finder.usb_no_names")
    assert set(found.notes) <= set(texts("galat"))
    assert "second" in caplog.text
    assert "ZeroDivisionError" in caplog.text


def test_a_device_that_several_sources_see_is_told_once_in_the_place_of_the_first() -> None:
    pc = sighting("Dell OptiPlex", DeviceKind.PC, where="PC ini")
    queue = sighting("Zebra Card", DeviceKind.CARD_PRINTER, serial="c4j1", where="antrean Zebra")
    found = Finder({"pc": seeing(pc), "usb": seeing(ZEBRA), "queues": seeing(queue)}).find()
    assert found.devices == (
        pc.device,
        FoundDevice("Zebra ZC300", DeviceKind.CARD_PRINTER, "C4J1", "USB 1-4"),
    )


def test_two_readers_without_serials_stay_two() -> None:
    usb = [sighting("ACS ACR122U", READER, where=f"USB 1-{port}") for port in (1, 2)]
    service = [sighting("ACS ACR122U", READER, where=f"PC/SC {number}") for number in (0, 1, 2)]
    found = Finder({"usb": seeing(*usb), "readers": seeing(*service)}).find()
    assert [one.where for one in found.devices] == ["USB 1-1", "USB 1-2", "PC/SC 2"]


def test_nothing_is_found_where_nothing_is() -> None:
    found = Finder({"usb": seeing()}).find()
    assert (found.devices, found.notes) == ((), ())
