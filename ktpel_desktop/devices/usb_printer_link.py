"""The USB line to one printer, over pyusb: open, write whole, read what comes, give everything back.

Used in a `with` block per action. Opening fails as `NotOpened`, when nothing was sent yet; a line that breaks
afterwards raises `LinkLost`, whose effect only the driver can tell.

The print queue and a driver exclude each other: while the kernel's usblp or CUPS holds the interface, opening is
refused (HELD), unless the driver allows usblp to be put aside; then it is put back at the end.
On Windows the maker's driver, and with it the print queue, holds a printer that was not given to WinUSB: libusb cannot
open it and answers "not supported", for which pyusb raises NotImplementedError (usb/backend/libusb1.py, _check).
"""

from __future__ import annotations

import contextlib
import errno
from collections.abc import Callable
from enum import Enum
from types import TracebackType
from typing import Any, Self

import usb.core
import usb.util

_CHUNK = 16_384
_PRINTER_CLASS = 7
_GONE = frozenset({errno.ENODEV, errno.ENOENT, errno.EIO, errno.ESHUTDOWN})
_LATE = frozenset({errno.ETIMEDOUT})


class Lost(Enum):
    """How a line broke."""

    UNPLUGGED = "unplugged"
    TIMED_OUT = "timed_out"
    STALLED = "stalled"


class Shut(Enum):
    """Why a line could not be opened."""

    ABSENT = "absent"
    SEVERAL = "several"
    HELD = "held"
    FORBIDDEN = "forbidden"
    NO_LIBRARY = "no_library"
    NO_PRINTER = "no_printer"


class NotOpened(Exception):
    """The line was not opened and nothing sent; `count` printers were found. Never leaves the drivers."""

    def __init__(self, why: Shut, count: int = 0) -> None:
        super().__init__(why.value)
        self.why = why
        self.count = count


class LinkLost(Exception):
    """The line broke after it was opened. Never leaves the drivers."""

    def __init__(self, how: Lost) -> None:
        super().__init__(how.value)
        self.how = how


class UsbLink:
    """The two bulk endpoints of the one printer of `vendor` (and `product`, where models must be told apart).

    `backend` is pyusb's; None takes the system's libusb.
    """

    def __init__(
        self,
        vendor: int,
        product: int | None = None,
        *,
        detach_spooler: bool = False,
        backend: Any = None,
    ) -> None:
        self._wanted = {"idVendor": vendor} | ({} if product is None else {"idProduct": product})
        self._detach_spooler = detach_spooler
        self._backend = backend
        self._undo = contextlib.ExitStack()
        self._out: Any = None
        self._in: Any = None

    def __enter__(self) -> Self:
        with contextlib.ExitStack() as undo:
            device = self._found()
            undo.callback(_quietly, lambda: usb.util.dispose_resources(device))
            try:
                interface = _interface(device)
                self._take(device, interface.bInterfaceNumber, undo)
                self._out, self._in = _endpoints(interface)
            except (usb.core.USBError, NotImplementedError) as error:
                raise _not_opened(error) from None
            self._undo = undo.pop_all()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._undo.close()

    def write(self, data: bytes, timeout: int) -> None:
        """Send all of it. Raises LinkLost, after which nobody knows how much arrived."""
        done = 0
        while done < len(data):
            done += self._sent(data[done : done + _CHUNK], timeout)

    def read(self, timeout: int) -> bytes:
        """What comes next, possibly nothing or a part. Raises LinkLost when nothing comes in time."""
        return bytes(self._attempt(lambda: self._in.read(self._in.wMaxPacketSize, timeout)))

    def _sent(self, piece: bytes, timeout: int) -> int:
        sent = int(self._attempt(lambda: self._out.write(piece, timeout)))
        if sent <= 0:
            raise LinkLost(Lost.STALLED)
        return sent

    def _attempt(self, act: Callable[[], Any]) -> Any:
        try:
            return act()
        except usb.core.USBError as error:
            if isinstance(error, usb.core.USBTimeoutError) or error.errno in _LATE:
                raise LinkLost(Lost.TIMED_OUT) from None
            raise LinkLost(Lost.UNPLUGGED if error.errno in _GONE else Lost.STALLED) from None

    def _found(self) -> Any:
        try:
            devices = list(usb.core.find(find_all=True, backend=self._backend, **self._wanted))
        except usb.core.NoBackendError:
            raise NotOpened(Shut.NO_LIBRARY) from None
        except usb.core.USBError as error:
            raise _not_opened(error) from None
        if not devices:
            raise NotOpened(Shut.ABSENT)
        if len(devices) > 1:
            raise NotOpened(Shut.SEVERAL, len(devices))
        return devices[0]

    def _take(self, device: Any, number: int, undo: contextlib.ExitStack) -> None:
        if _kernel_holds(device, number):
            if not self._detach_spooler:
                raise NotOpened(Shut.HELD)
            device.detach_kernel_driver(number)
            undo.callback(_quietly, lambda: device.attach_kernel_driver(number))
        usb.util.claim_interface(device, number)
        undo.callback(_quietly, lambda: usb.util.release_interface(device, number))


def _interface(device: Any) -> Any:
    """The printer's interface: of the printer class, else the first with two bulk endpoints."""
    try:
        configuration = device.get_active_configuration()
    except usb.core.USBError:
        device.set_configuration()
        configuration = device.get_active_configuration()
    usable = [interface for interface in configuration if all(_endpoints(interface))]
    printers = [interface for interface in usable if interface.bInterfaceClass == _PRINTER_CLASS]
    if not usable:
        raise NotOpened(Shut.NO_PRINTER)
    return (printers or usable)[0]


def _endpoints(interface: Any) -> tuple[Any, Any]:
    """Bulk out and bulk in, by the descriptors: addresses differ by model."""

    def bulk(direction: int) -> Any:
        return usb.util.find_descriptor(
            interface,
            custom_match=lambda end: (
                usb.util.endpoint_direction(end.bEndpointAddress) == direction
                and usb.util.endpoint_type(end.bmAttributes) == usb.util.ENDPOINT_TYPE_BULK
            ),
        )

    return bulk(usb.util.ENDPOINT_OUT), bulk(usb.util.ENDPOINT_IN)


def _kernel_holds(device: Any, number: int) -> bool:
    try:
        return bool(device.is_kernel_driver_active(number))
    except NotImplementedError:  # Windows: what could be opened has WinUSB, and no kernel driver to ask for
        return False


def _not_opened(error: usb.core.USBError | NotImplementedError) -> NotOpened:
    if isinstance(error, NotImplementedError) or error.errno == errno.EBUSY:
        return NotOpened(Shut.HELD)
    if error.errno in {errno.EACCES, errno.EPERM}:
        return NotOpened(Shut.FORBIDDEN)
    return NotOpened(Shut.ABSENT)


def _quietly(act: Callable[[], Any]) -> None:
    """Give something back; a device that is gone has nothing to take."""
    with contextlib.suppress(usb.core.USBError):
        act()
