"""A receipt printer on a USB cable, without a print queue: the one with these vendor and product numbers."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from typing import Any

from ktpel_desktop.core.errors import DeviceError, Effect
from ktpel_desktop.devices.receipt_printer.driver import LineBroken, OpenLine
from ktpel_desktop.devices.usb_printer_link import LinkLost, Lost, NotOpened, Shut, UsbLink


class UsbLine:
    """`backend` is pyusb's. The kernel's usblp, which takes every printer, is put aside while a receipt is sent."""

    answers = True

    def __init__(self, vendor: int, product: int, backend: Any = None) -> None:
        self._link = UsbLink(vendor, product, detach_spooler=True, backend=backend)

    @contextmanager
    def opened(self, seconds: float) -> Iterator[OpenLine]:
        """libusb opens at once or not at all."""
        with ExitStack() as closing:
            try:
                link = closing.enter_context(self._link)
            except NotOpened as error:
                raise _refusal(error) from None
            yield _Cable(link)


class _Cable:
    def __init__(self, link: UsbLink) -> None:
        self._link = link

    def write(self, data: bytes, seconds: float) -> None:
        """How much of a broken write arrived nobody knows."""
        try:
            self._link.write(data, _milliseconds(seconds))
        except LinkLost:
            raise LineBroken(begun=True) from None

    def read(self, seconds: float) -> bytes:
        try:
            return self._link.read(_milliseconds(seconds))
        except LinkLost as error:
            if error.how is Lost.TIMED_OUT:
                return b""
            raise LineBroken(begun=True) from None


def _milliseconds(seconds: float) -> int:
    """Never 0, which means for ever."""
    return max(1, round(seconds * 1000))


def _refusal(error: NotOpened) -> DeviceError:
    match error.why:
        case Shut.ABSENT:
            return DeviceError("receipt.off", Effect.NONE)
        case Shut.SEVERAL:
            return DeviceError("receipt.several_found", Effect.NONE, count=error.count)
        case Shut.HELD:
            return DeviceError("receipt.held_by_queue", Effect.NONE)
        case Shut.FORBIDDEN:
            return DeviceError("receipt.no_access", Effect.NONE)
        case Shut.NO_LIBRARY:
            return DeviceError("receipt.no_usb_library", Effect.NONE)
        case Shut.NO_PRINTER:
            return DeviceError("receipt.not_understood", Effect.NONE)
