"""This computer by what its firmware says, on Linux and on Windows."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import ModuleType

import pytest

from ktpel_desktop.core.placement import DeviceKind, FoundDevice
from ktpel_desktop.devices.found.this_pc import REGISTRY, this_pc

DELL = {"sys_vendor": "Dell Inc.\n", "product_name": "OptiPlex 3080\n", "product_serial": "4XK2P53\n"}
BOARD = {
    "sys_vendor": "System manufacturer",
    "product_name": "System Product Name",
    "product_serial": "System Serial Number",
    "board_vendor": "ASUSTeK COMPUTER INC.",
    "board_name": "PRIME H310M-E",
    "board_serial": "190143",
}


def told(folder: Path, **files: str) -> list[FoundDevice]:
    for name, text in files.items():
        (folder / name).write_text(text)
    return [one.device for one in this_pc(folder).seen]


def pc(make: str, serial: str = "") -> FoundDevice:
    return FoundDevice(make, DeviceKind.PC, serial, "PC ini")


def test_the_maker_of_the_whole_computer_is_told(tmp_path: Path) -> None:
    assert told(tmp_path, **DELL) == [pc("Dell Inc. OptiPlex 3080", "4XK2P53")]


def test_a_computer_from_parts_is_called_by_its_board(tmp_path: Path) -> None:
    assert told(tmp_path, **BOARD) == [pc("ASUSTeK COMPUTER INC. PRIME H310M-E", "190143")]


def test_a_serial_that_only_root_may_read_is_left_to_the_person(tmp_path: Path) -> None:
    (tmp_path / "product_serial").mkdir()  # as unreadable as a file without permission, for root too
    assert told(tmp_path, sys_vendor="Acer", product_name="Veriton") == [pc("Acer Veriton")]


def test_firmware_that_says_nothing_is_no_device(tmp_path: Path) -> None:
    assert told(tmp_path) == []
    assert told(tmp_path, sys_vendor="Acer", product_name="Default string") == []


def test_bytes_that_are_no_text_do_not_break_it(tmp_path: Path) -> None:
    (tmp_path / "product_name").write_bytes(b"\xff\xfe\x00Mini\x07PC" + b"x" * 5000)
    (one,) = told(tmp_path)
    assert one.make.isprintable()
    assert len(one.make) == 60


def test_windows_keeps_the_same_in_its_registry(monkeypatch: pytest.MonkeyPatch) -> None:
    values: dict[str, object] = {
        "SystemManufacturer": "LENOVO",
        "SystemProductName": "11ED",
        "BaseBoardProduct": 7,
    }
    registry = ModuleType("winreg")

    @contextmanager
    def open_key(root: str, path: str) -> Iterator[dict[str, object]]:
        if (root, path) != ("machine", REGISTRY) or not values:
            raise FileNotFoundError
        yield values

    def value(key: dict[str, object], name: str) -> tuple[object, int]:
        if name not in key:
            raise FileNotFoundError(name)
        return key[name], 1

    vars(registry).update(HKEY_LOCAL_MACHINE="machine", OpenKey=open_key, QueryValueEx=value)
    monkeypatch.setitem(sys.modules, "winreg", registry)
    monkeypatch.setattr(sys, "platform", "win32")
    assert [one.device for one in this_pc().seen] == [pc("LENOVO 11ED")]
    values.clear()
    assert this_pc().seen == ()
