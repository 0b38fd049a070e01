"""pyusb's backend with one simulated Evolis printer behind it: descriptors, claims, and a line that can break.

Time does not pass here: where a real line would be silent until the time-out, this one times out at once.
"""

from __future__ import annotations

import errno
from collections import deque
from collections.abc import Callable, Iterator
from types import SimpleNamespace
from typing import Any

import usb.backend
import usb.core

from ktpel_desktop.devices.simulator.evolis.lies import LinkLie
from ktpel_desktop.devices.simulator.evolis.machine import Machine

OUT, IN = 0x01, 0x82
PACKET = 64


def _descriptor(kind: int, length: int, **fields: Any) -> Any:
    return SimpleNamespace(bLength=length, bDescriptorType=kind, extra_descriptors=[], **fields)


_DEVICE = _descriptor(
    *(1, 18),
    bcdUSB=0x200,
    bDeviceClass=0,
    bDeviceSubClass=0,
    bDeviceProtocol=0,
    bMaxPacketSize0=64,
    idVendor=0x0F49,
    idProduct=0x0A00,
    bcdDevice=0x100,
    iManufacturer=0,
    iProduct=0,
    iSerialNumber=0,
    bNumConfigurations=1,
    address=5,
    bus=1,
    port_number=1,
    port_numbers=(1,),
    speed=3,
)
_CONFIGURATION = _descriptor(
    *(2, 9),
    wTotalLength=32,
    bNumInterfaces=1,
    bConfigurationValue=1,
    iConfiguration=0,
    bmAttributes=0xC0,
    bMaxPower=1,
)
_INTERFACE = _descriptor(
    *(4, 9),
    bInterfaceNumber=0,
    bAlternateSetting=0,
    bNumEndpoints=2,
    bInterfaceClass=7,
    bInterfaceSubClass=1,
    bInterfaceProtocol=2,
    iInterface=0,
)
_ENDPOINTS = [
    _descriptor(
        *(5, 7),
        bEndpointAddress=end,
        bmAttributes=2,
        wMaxPacketSize=PACKET,
        bInterval=0,
        bRefresh=0,
        bSynchAddress=0,
    )
    for end in (OUT, IN)
]


class EvolisBackend(usb.backend.IBackend):  # type: ignore[misc] # pyusb carries no types
    """`answers_with`, when set, gives every answer instead of the machine. `on_transfer` is told each transfer first.

    `unplug_after` bytes written the cable comes out, until `plug_in`.
    """

    def __init__(self, machine: Machine) -> None:
        super().__init__()
        self.machine = machine
        self.present = True
        self.usblp = False
        self.claimed_elsewhere = False
        self.forbidden = False
        self.unplug_after: int | None = None
        self.lies: set[LinkLie] = set()
        self.on_transfer: Callable[[str], None] = _nobody
        self.answers_with: Callable[[], bytes] | None = None
        self.open_handles = 0
        self.claimed = 0
        self._inbox: deque[int] = deque()

    def plug_in(self) -> None:
        self.present, self.unplug_after = True, None
        self._inbox.clear()
        self.machine.bus_reset()

    def leave_unread(self, answer: bytes) -> None:
        """Somebody else asked and never read the answer."""
        self._inbox.extend(answer)

    # ------------------------------------------------------------ IBackend

    def enumerate_devices(self) -> Iterator[Any]:
        return iter([_DEVICE] if self.present else [])

    def get_parent(self, dev: Any) -> None:
        return None

    def get_device_descriptor(self, dev: Any) -> Any:
        return _DEVICE

    def get_configuration_descriptor(self, dev: Any, config: int) -> Any:
        return _only(_CONFIGURATION, config)

    def get_interface_descriptor(self, dev: Any, intf: int, alt: int, config: int) -> Any:
        return _only(_INTERFACE, intf, alt)

    def get_endpoint_descriptor(self, dev: Any, ep: int, intf: int, alt: int, config: int) -> Any:
        return _ENDPOINTS[ep]

    def open_device(self, dev: Any) -> Any:
        self._line()
        if self.forbidden:
            raise usb.core.USBError("Access denied", -3, errno.EACCES)
        self.open_handles += 1
        return object()

    def close_device(self, dev_handle: Any) -> None:
        self.open_handles -= 1

    def get_configuration(self, dev_handle: Any) -> int:
        self._line()
        return 1

    def set_configuration(self, dev_handle: Any, config_value: int) -> None:
        self._line()

    def claim_interface(self, dev_handle: Any, intf: int) -> None:
        self._line()
        if self.claimed_elsewhere or self.usblp:
            raise usb.core.USBError("Resource busy", -6, errno.EBUSY)
        self.claimed += 1

    def release_interface(self, dev_handle: Any, intf: int) -> None:
        self.claimed -= 1
        self._line()

    def is_kernel_driver_active(self, dev_handle: Any, intf: int) -> bool:
        self._line()
        return self.usblp

    def detach_kernel_driver(self, dev_handle: Any, intf: int) -> None:
        self.usblp = False

    def attach_kernel_driver(self, dev_handle: Any, intf: int) -> None:
        self._line()
        self.usblp = True

    def bulk_write(self, dev_handle: Any, ep: int, intf: int, data: Any, timeout: int) -> int:
        self.on_transfer("write")
        self._line()
        if LinkLie.STALLED_OUT in self.lies:
            raise usb.core.USBError("Pipe error", -9, errno.EPIPE)
        piece = bytes(data)
        if self.unplug_after is not None and len(piece) >= self.unplug_after:
            self._hear(piece[: self.unplug_after])
            self.present = False
            raise usb.core.USBError("No such device", -4, errno.ENODEV)
        if self.unplug_after is not None:
            self.unplug_after -= len(piece)
        self._hear(piece)
        return len(piece)

    def bulk_read(self, dev_handle: Any, ep: int, intf: int, buff: Any, timeout: int) -> int:
        self.on_transfer("read")
        self._line()
        if LinkLie.STALLED_IN in self.lies:
            raise usb.core.USBError("Pipe error", -9, errno.EPIPE)
        if LinkLie.EMPTY_READS in self.lies:
            return 0
        if not self._inbox:
            raise usb.core.USBTimeoutError("Operation timed out", -7, errno.ETIMEDOUT)
        size = min(len(buff), len(self._inbox), 1 if LinkLie.SHORT_READS in self.lies else PACKET)
        for at in range(size):
            buff[at] = self._inbox.popleft()
        return size

    # ------------------------------------------------------------ inside

    def _line(self) -> None:
        if not self.present:
            raise usb.core.USBError("No such device", -4, errno.ENODEV)

    def _hear(self, piece: bytes) -> None:
        for answer in self.machine.receive(piece):
            raw = answer.encode("ascii") + (b"" if LinkLie.NO_END in self.lies else b"\x00")
            if self.answers_with is not None:
                raw = self.answers_with()
            elif LinkLie.GARBAGE in self.lies:
                raw = b"\xff\xfe\x1b?\x00"
            self._inbox.extend(raw * (2 if LinkLie.TWO_ANSWERS in self.lies else 1))


def _nobody(_: str) -> None:
    """Nobody wants to know of transfers."""


def _only(descriptor: Any, *numbers: int) -> Any:
    """The descriptor for number 0; pyusb stops at the IndexError past the end."""
    if any(numbers):
        raise IndexError
    return descriptor
