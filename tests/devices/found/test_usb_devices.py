"""What is offered of a USB bus, and that nothing is touched that has no business with the register."""

from __future__ import annotations

import errno
from pathlib import Path

import pytest
import usb.core
from hypothesis import given
from hypothesis import strategies as st

from ktpel_desktop.core.placement import DeviceKind, FoundDevice
from ktpel_desktop.devices.found.sighting import LONGEST_MAKE, LONGEST_SERIAL
from ktpel_desktop.devices.found.usb_devices import UsbDevices
from tests.devices.found.usb_bus import UsbBus, UsbThing, denied, gone
from tests.devices.sensors.outcomes import code_of

NOWHERE = Path("/nonexistent")
PRINTER = UsbThing()


def looked(*things: UsbThing, sysfs: Path = NOWHERE) -> tuple[list[FoundDevice], list[str]]:
    bus = UsbBus(*things)
    found = UsbDevices(bus, sysfs)()
    assert bus.open_handles == 0
    return [one.device for one in found.seen], list(found.notes)


def test_a_printer_is_offered_with_its_names_and_place() -> None:
    assert looked(PRINTER) == ([FoundDevice("EPSON L3110", None, "X7A0123", "USB 1-4")], [])


@pytest.mark.parametrize(
    ("thing", "kind"),
    [
        (UsbThing(0x0F49, 0x0A00, (7,), ("Evolis", "Primacy 2", "10000123")), DeviceKind.CARD_PRINTER),
        (UsbThing(0x072F, 0x2200, (0x0B,), ("ACS", "ACR1252", "R12")), DeviceKind.CHIP_READER),
        (UsbThing(0x072F, 0x2200, (0x0B, 3), ("ACS", "ACR1281", "R13")), DeviceKind.CHIP_READER),
        (UsbThing(0x051D, 0x0002, (3,), ("APC", "Back-UPS 1100", "4B1")), DeviceKind.UPS),
        (UsbThing(0x0665, 0x5161, (3,), ("INNO TECH", "USB to Serial", "")), DeviceKind.UPS),
        (UsbThing(strings=("EPSON", "LX-310", "Q12")), DeviceKind.DOT_MATRIX_PRINTER),
        (UsbThing(0x1162, 0x2000, (0xFF,), ("SecuGen", "Hamster", "H12")), None),
    ],
)
def test_what_belongs_in_the_register_is_offered_by_its_kind(
    thing: UsbThing, kind: DeviceKind | None
) -> None:
    (one,), notes = looked(thing)
    assert (one.kind, notes) == (kind, [])


@pytest.mark.parametrize(
    "thing",
    [
        UsbThing(0x1D6B, 0x0002, (9,), device_class=9),
        UsbThing(0x05E3, 0x0608, (9,)),
        UsbThing(0x046D, 0xC31C, (3, 3)),
        UsbThing(0x0F49, 0x0A00, (9,)),  # the hub inside a card printer
        UsbThing(0x0781, 0x5567, (8,)),
        UsbThing(0x046D, 0x0825, (0x0E, 0x0E, 1, 0xFF)),
        UsbThing(0x8087, 0x0026, (0xE0, 0xE0)),
        UsbThing(0x413D, 0x2107, (3, 3)),  # a thermometer
        UsbThing(0x051D, 0x9999, (3,)),
        UsbThing(classes=()),
    ],
)
def test_what_nobody_registers_is_neither_offered_nor_opened(thing: UsbThing) -> None:
    bus = UsbBus(thing)
    found = UsbDevices(bus, NOWHERE)()
    assert (found.seen, found.notes, bus.opened) == ((), (), [])


def test_linux_tells_the_names_itself_and_nothing_is_opened(tmp_path: Path) -> None:
    folder = tmp_path / "1-4.2"
    folder.mkdir()
    for name, text in {"manufacturer": "Zebra\n", "product": "ZC300\n", "serial": "C4J1\n"}.items():
        (folder / name).write_text(text)
    bus = UsbBus(UsbThing(ports=(4, 2), broken=denied()))
    (one,) = UsbDevices(bus, tmp_path)().seen
    assert one.device == FoundDevice("Zebra ZC300", None, "C4J1", "USB 1-4.2")
    assert bus.opened == []


def test_names_that_linux_does_not_have_are_empty(tmp_path: Path) -> None:
    (tmp_path / "1-4").mkdir()
    assert looked(PRINTER, sysfs=tmp_path)[0] == [FoundDevice("USB 04b8:0202", None, "", "USB 1-4")]


@pytest.mark.parametrize(
    "refusal",
    [
        denied(),
        usb.core.USBError("Input/Output Error", -1, errno.EIO),
        NotImplementedError("not supported"),
        usb.core.USBTimeoutError("late"),
    ],
)
def test_without_permission_the_numbers_stand_for_the_name(refusal: Exception) -> None:
    found, notes = looked(UsbThing(broken=refusal))
    assert found == [FoundDevice("USB 04b8:0202", None, "", "USB 1-4")]
    assert notes == ["finder.usb_no_names"]


@pytest.mark.parametrize(
    "refusal", [NotImplementedError("not supported"), usb.core.USBError("Pipe error", -9, errno.EPIPE)]
)
def test_one_string_that_is_refused_costs_neither_the_others_nor_the_next_device(refusal: Exception) -> None:
    found, notes = looked(UsbThing(refused={2: refusal}), UsbThing(ports=(5,)))
    assert [(one.make, one.serial) for one in found] == [("EPSON", "X7A0123"), ("EPSON L3110", "X7A0123")]
    assert notes == ["finder.usb_no_names"]


def test_a_device_that_vanishes_before_its_names_are_read_is_not_offered() -> None:
    other = UsbThing(strings=("HP", "LaserJet", "V12"), ports=(5,))
    found, notes = looked(UsbThing(broken=gone()), other)
    assert ([one.make for one in found], notes) == (["HP LaserJet"], [])


def test_a_device_whose_descriptors_are_nonsense_is_a_note_and_hides_no_other() -> None:
    bad = UsbThing(descriptors_broken=usb.core.USBError("Input/Output Error", -1, errno.EOVERFLOW))
    found, notes = looked(bad, UsbThing(ports=(5,)))
    assert ([one.where for one in found], notes) == (["USB 1-5"], ["finder.usb_unreadable"])


@pytest.mark.parametrize(
    "text", [b"\x06\x03\x00\xd8\x00\xd8", b"\x00\x03", b"\x02\x03", b"\xff\x03A\x00", b"\x03\x03A"]
)
def test_a_string_that_is_none_leaves_the_others(text: bytes) -> None:
    (one,), _ = looked(UsbThing(raw={2: text}))
    assert one.make.startswith("EPSON")
    assert one.serial == "X7A0123"


def test_a_device_without_languages_has_only_its_numbers() -> None:
    (one,), _ = looked(UsbThing(languages=()))
    assert one.make == "USB 04b8:0202"


def test_devices_come_in_the_order_of_their_sockets() -> None:
    found, _ = looked(
        UsbThing(bus=2, ports=(1,)), UsbThing(ports=(10,)), UsbThing(ports=(4, 2)), UsbThing(ports=())
    )
    assert [one.where for one in found] == ["USB 1-5", "USB 1-4.2", "USB 1-10", "USB 2-1"]


def test_a_system_without_libusb_or_without_a_list_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(error: Exception) -> str:
        def find(**_: object) -> None:
            raise error

        monkeypatch.setattr(usb.core, "find", find)
        return code_of(UsbDevices())

    assert fails(usb.core.NoBackendError()) == "finder.no_usb_library"
    assert fails(denied()) == "finder.usb_unreadable"


ANY_STRING = st.binary(max_size=60).map(lambda content: bytes([len(content) + 2, 3]) + content)


@given(*[ANY_STRING | st.binary(min_size=1, max_size=60)] * 4)
def test_no_string_descriptor_crashes_the_search(
    languages: bytes, maker: bytes, product: bytes, serial: bytes
) -> None:
    found, _ = looked(UsbThing(raw={0: languages, 1: maker, 2: product, 3: serial}))
    for one in found:
        assert one.make.isprintable()
        assert one.make
        assert len(one.make) <= LONGEST_MAKE
        assert one.serial.isprintable()
        assert len(one.serial) <= LONGEST_SERIAL


@given(
    st.lists(st.integers(0, 255), max_size=6),
    st.integers(0, 255),
    st.integers(0, 0xFFFF),
    st.integers(0, 0xFFFF),
)
def test_no_classes_and_numbers_crash_the_search(
    classes: list[int], own: int, vendor: int, product: int
) -> None:
    found, notes = looked(UsbThing(vendor, product, classes, device_class=own))
    assert len(found) <= 1
    assert notes == []
