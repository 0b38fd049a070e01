"""A file or device node: bytes at its end, never a file that was not there, never a wait for ever."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from ktpel_desktop.core.errors import DeviceError, Effect
from ktpel_desktop.core.ports import Answer
from ktpel_desktop.devices.receipt_printer.driver import EscPosPrinter, Pace
from ktpel_desktop.devices.receipt_printer.file import FileLine

SLIP = b"\x1b@Tanda terima\n"


def refused(path: Path, data: bytes = SLIP) -> tuple[str, Effect]:
    with pytest.raises(DeviceError) as failed:
        EscPosPrinter(FileLine(path), Pace(writing=0.2)).send(data)
    return failed.value.code, failed.value.effect


def test_receipts_gather_at_the_end_of_the_file(tmp_path: Path) -> None:
    path = tmp_path / "struk.bin"
    path.write_bytes(b"before")
    printer = EscPosPrinter(FileLine(path))
    printer.send(SLIP)
    printer.send(SLIP)
    assert path.read_bytes() == b"before" + SLIP + SLIP


def test_a_file_never_says_it_is_ready(tmp_path: Path) -> None:
    path = tmp_path / "struk.bin"
    path.touch()
    told = EscPosPrinter(FileLine(path)).health()
    assert (told.ready, told.notes) == (Answer.UNKNOWN, ("receipt.silent",))
    assert path.read_bytes() == b""


def test_a_device_node_that_is_missing_is_a_printer_that_is_off(tmp_path: Path) -> None:
    path = tmp_path / "lp0"
    assert refused(path) == ("receipt.off", Effect.NONE)
    assert EscPosPrinter(FileLine(path)).health().ready is Answer.NO
    assert not path.exists()


def test_a_folder_is_no_printer(tmp_path: Path) -> None:
    assert refused(tmp_path) == ("receipt.off", Effect.NONE)


def test_a_node_that_may_not_be_written_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def denied(*_: object) -> int:
        raise PermissionError

    path = tmp_path / "lp0"
    path.touch()
    monkeypatch.setattr(os, "open", denied)
    assert refused(path) == ("receipt.no_access", Effect.NONE)


@pytest.mark.skipif(os.name != "posix", reason="Windows has no pipes among its files")
def test_a_printer_that_takes_no_more_is_not_waited_for_for_ever(tmp_path: Path) -> None:
    path = tmp_path / "lp0"
    os.mkfifo(path)
    assert refused(path) == ("receipt.off", Effect.NONE)  # nobody at the other end
    reader = os.open(path, os.O_RDONLY | os.O_NONBLOCK)
    try:
        assert refused(path, b"x" * 1_000_000) == ("receipt.torn", Effect.UNKNOWN)  # a part fits in
        assert refused(path) == ("receipt.off", Effect.NONE)  # it is full: nothing fits
    finally:
        os.close(reader)
