"""pyusb's backend with a bus of our own: what each device claims to be, and how it fails. Anything that would touch a
device beyond opening it and asking for strings is no part of it, so that it fails a test that does.
"""

from __future__ import annotations

import errno
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import Any

import usb.backend
import usb.core

STRING, LANGUAGES = 3, (0x0409,)


@dataclass
class UsbThing:
    """`classes`: of its interfaces. `broken`: what opening it raises, `refused`: what asking for a string does. `raw`:
    string descriptors as they come.
    """

    vendor: int = 0x04B8
    product: int = 0x0202
    classes: Sequence[int] = (7,)
    strings: Sequence[str] = ("EPSON", "L3110", "X7A0123")
    ports: tuple[int, ...] = (4,)
    bus: int = 1
    device_class: int = 0
    broken: Exception | None = None
    descriptors_broken: Exception | None = None
    raw: dict[int, bytes] = field(default_factory=dict)
    refused: dict[int, Exception] = field(default_factory=dict)
    languages: Sequence[int] = LANGUAGES


def denied() -> OSError:
    error: OSError = usb.core.USBError("Access denied", -3, errno.EACCES)
    return error


def gone() -> OSError:
    error: OSError = usb.core.USBError("No such device", -4, errno.ENODEV)
    return error


class UsbBus(usb.backend.IBackend):  # type: ignore[misc] # pyusb carries no types
    def __init__(self, *things: UsbThing) -> None:
        super().__init__()
        self.things = things
        self.opened: list[UsbThing] = []
        self.open_handles = 0

    def enumerate_devices(self) -> Iterator[UsbThing]:
        return iter(self.things)

    def get_parent(self, dev: UsbThing) -> None:
        return None

    def get_device_descriptor(self, dev: UsbThing) -> Any:
        named = [index + 1 if text or index + 1 in dev.raw else 0 for index, text in enumerate(dev.strings)]
        return SimpleNamespace(
            bLength=18, bDescriptorType=1, bcdUSB=0x200, bDeviceClass=dev.device_class, bDeviceSubClass=0,
            bDeviceProtocol=0, bMaxPacketSize0=64, idVendor=dev.vendor, idProduct=dev.product, bcdDevice=0x100,
            iManufacturer=named[0], iProduct=named[1], iSerialNumber=named[2], bNumConfigurations=1, address=5,
            bus=dev.bus, port_number=dev.ports[-1] if dev.ports else 0, port_numbers=dev.ports or None, speed=3,
        )  # fmt: skip

    def get_configuration_descriptor(self, dev: UsbThing, config: int) -> Any:
        if dev.descriptors_broken:
            raise dev.descriptors_broken
        return SimpleNamespace(
            bLength=9, bDescriptorType=2, wTotalLength=32, bNumInterfaces=len(dev.classes), bConfigurationValue=1,
            iConfiguration=0, bmAttributes=0xC0, bMaxPower=1, extra_descriptors=[],
        )  # fmt: skip

    def get_interface_descriptor(self, dev: UsbThing, intf: int, alt: int, config: int) -> Any:
        if alt:
            raise IndexError
        return SimpleNamespace(
            bLength=9, bDescriptorType=4, bInterfaceNumber=intf, bAlternateSetting=0, bNumEndpoints=0,
            bInterfaceClass=dev.classes[intf], bInterfaceSubClass=0, bInterfaceProtocol=0, iInterface=0,
            extra_descriptors=[],
        )  # fmt: skip

    def open_device(self, dev: UsbThing) -> UsbThing:
        assert self.open_handles == 0, "the device before was left open"
        self.opened.append(dev)
        if dev.broken:
            raise dev.broken
        self.open_handles += 1
        return dev

    def close_device(self, dev_handle: UsbThing) -> None:
        self.open_handles -= 1

    def ctrl_transfer(
        self,
        dev_handle: UsbThing,
        request_type: int,
        request: int,
        value: int,
        place: int,
        data: Any,
        timeout: int,
    ) -> int:
        assert (request_type, request, value >> 8) == (0x80, 6, STRING), "only strings may be asked for"
        assert timeout <= 1000
        index = value & 0xFF
        if index in dev_handle.refused:
            raise dev_handle.refused[index]
        answer = dev_handle.raw.get(index) or self._string(dev_handle, index)
        size = min(len(answer), len(data))
        for at in range(size):
            data[at] = answer[at]
        return size

    def _string(self, thing: UsbThing, index: int) -> bytes:
        if index == 0:
            content = b"".join(language.to_bytes(2, "little") for language in thing.languages)
        else:
            content = thing.strings[index - 1].encode("utf-16-le")
        return bytes([len(content) + 2, STRING]) + content
