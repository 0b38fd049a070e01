"""The list of queues as CUPS and Windows give it. A real CUPS is asked in test_real_cups.py."""

from __future__ import annotations

import ctypes
from typing import Any
from unittest.mock import MagicMock

import pytest

from ktpel_desktop.core.errors import DeviceError, Effect
from ktpel_desktop.devices.print_queue import ipp, winspool
from ktpel_desktop.devices.print_queue.ipp import Enum, Group, Tag, Text
from ktpel_desktop.devices.print_queue.jobs import InstalledQueue
from ktpel_desktop.devices.print_queue.winspool import PrinterInfo, SpoolerError
from tests.devices.printing import test_cups_conversation as cups
from tests.devices.printing import test_windows as windows

LOKET = PrinterInfo("Loket", 0, 0, "EPSON LX-310", "USB001")


def entry(name: str, kind: ipp.Value, **more: ipp.Value) -> tuple[int, ipp.Attributes]:
    told = {word.replace("_", "-"): [value] for word, value in more.items()}
    return Group.PRINTER, {"printer-name": [ipp.name(name)], "printer-type": [kind], **told}


def test_cups_lists_its_queues_and_a_name_for_several_is_none() -> None:
    model, device = Text(Tag.TEXT, "EPSON LX-310"), ipp.uri("usb://E/L")
    handler = cups.answering(
        entry("loket", Enum(0x80), printer_make_and_model=model, device_uri=device),
        entry("kelas", Enum(0x81)),
        entry("", Enum(0)),
        entry("bisu", ipp.name("?")),
    )
    assert cups.system(handler).installed() == (
        InstalledQueue("loket", "EPSON LX-310", "usb://E/L"),
        InstalledQueue("bisu", "", ""),
    )


def test_a_cups_without_queues_has_none_and_a_refusal_is_no_empty_list() -> None:
    assert cups.system(cups.answering(status=0x0406)).installed() == ()
    with pytest.raises(DeviceError) as failed:
        cups.system(cups.answering(status=0x0401)).installed()
    assert (failed.value.code, failed.value.effect) == ("queue.refused", Effect.NONE)


def test_windows_lists_its_queues_with_driver_and_port() -> None:
    found = windows.system(windows.FakeWinspool(info=LOKET)).installed()
    assert found == (InstalledQueue("Loket", "EPSON LX-310", "USB001"),)
    with pytest.raises(DeviceError) as failed:
        windows.system(windows.FakeWinspool(broken=SpoolerError("EnumPrinters", 1722))).installed()
    assert (failed.value.code, failed.value.effect) == ("queue.system_off", Effect.NONE)


def test_windows_is_asked_for_the_size_of_its_list_first(monkeypatch: pytest.MonkeyPatch) -> None:
    alive: list[object] = []  # the texts belong to the entries

    def enumerate_printers(
        flags: int, _: None, level: int, room: Any, size: int, needed: Any, count: Any
    ) -> int:
        assert (flags, level) == (6, 2)
        needed._obj.value = ctypes.sizeof(winspool._Printer2)
        if size < needed._obj.value:
            return 0
        told = winspool._Printer2.from_buffer(room)
        told.name, told.port, told.driver, count._obj.value = LOKET.name, LOKET.port, LOKET.driver, 1
        alive.append(told)
        return 1

    dll = MagicMock()
    monkeypatch.setattr(ctypes, "CDLL", lambda *told, **options: dll)
    dll.EnumPrintersW.side_effect = enumerate_printers
    assert winspool.SystemWinspool().printers() == [LOKET]
    dll.EnumPrintersW.side_effect = [1]
    assert winspool.SystemWinspool().printers() == []
    dll.EnumPrintersW.side_effect = [0, 0]
    with pytest.raises(SpoolerError):
        winspool.SystemWinspool().printers()
