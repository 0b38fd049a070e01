"""Queues as devices: which printer, on which way, and of which kind."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ktpel_desktop.core.errors import DeviceError, Effect
from ktpel_desktop.core.placement import DeviceKind, FoundDevice
from ktpel_desktop.devices.found.print_queues import PrintQueues
from ktpel_desktop.devices.found.sighting import LONGEST_MAKE, LONGEST_PLACE, LONGEST_SERIAL, Sighting
from ktpel_desktop.devices.print_queue.jobs import InstalledQueue
from tests.devices.sensors.outcomes import code_of


class Queues:
    def __init__(self, *queues: InstalledQueue) -> None:
        self.queues = queues

    def installed(self) -> tuple[InstalledQueue, ...]:
        return self.queues


def seen(name: str, make: str, device: str, *, card: str = "", page: str = "") -> Sighting:
    (one,) = PrintQueues(Queues(InstalledQueue(name, make, device)), card, page)().seen
    return one


def test_a_printer_on_a_cable_tells_its_serial_in_its_address() -> None:
    device = "usb://Zebra%20Technologies/ZTC%20ZC300?serial=C4J190812345"
    assert seen("Zebra", "Local Raw Printer", device, card="Zebra").device == FoundDevice(
        "Zebra Technologies ZTC ZC300", DeviceKind.CARD_PRINTER, "C4J190812345", "antrean Zebra (USB)"
    )


@pytest.mark.parametrize(
    ("device", "address"),
    [
        ("ipp://10.20.1.9/ipp/print", "10.20.1.9"),
        ("socket://10.20.1.9:9100", "10.20.1.9"),
        ("ipp://[fe80::1]:631/ipp/print", "fe80::1"),
        ("dnssd://HP%20LaserJet._ipp._tcp.local/?uuid=1", ""),
    ],
)
def test_a_printer_in_the_network_has_its_address(device: str, address: str) -> None:
    one = seen("Laser", "HP LaserJet 400, driverless, 2.1.1", device, page="Laser")
    assert one.device == FoundDevice(
        "HP LaserJet 400", DeviceKind.LASER_PRINTER, "", "antrean Laser (jaringan)"
    )
    assert one.address == address


@pytest.mark.parametrize(
    ("make", "device", "told"),
    [
        ("Epson LX-310 Foomatic/epson", "parallel:/dev/lp0", "Epson LX-310"),
        ("Epson 9-Pin Series - CUPS+Gutenprint v5.3.4", "", "Epson 9-Pin Series"),
        ("EPSON LQ-310 ESC/P2", "USB001", "EPSON LQ-310 ESC/P2"),
    ],
)
def test_a_dot_matrix_printer_is_one_though_pages_go_to_it(make: str, device: str, told: str) -> None:
    one = seen("Cetak", make, device, page="Cetak")
    assert (one.device.make, one.device.kind) == (told, DeviceKind.DOT_MATRIX_PRINTER)


def test_windows_ports_tell_the_way() -> None:
    assert seen("HDP5000", "HDP5000 Card Printer", "USB001").device.where == "antrean HDP5000 (USB)"
    assert seen("Laser", "HP Universal", "IP_10.20.1.9").device.where == "antrean Laser"


def test_a_queue_that_nobody_described_is_called_by_its_name() -> None:
    assert seen("loket", "Local Raw Printer", "tangkap:/x").device == FoundDevice(
        "loket", None, "", "antrean loket"
    )


@pytest.mark.parametrize(
    "device",
    ["cups-pdf:/", "file:///dev/null", "PORTPROMPT:", "SHRFAX:", "nul:", "FILE:", "Microsoft.Office.OneNote"],
)
def test_paper_that_is_none_is_no_printer(device: str) -> None:
    assert PrintQueues(Queues(InstalledQueue("PDF", "Generic", device)))().seen == ()


def test_a_print_system_that_is_off_is_told() -> None:
    class Off:
        def installed(self) -> tuple[InstalledQueue, ...]:
            raise DeviceError("queue.system_off", Effect.NONE)

    assert code_of(PrintQueues(Off())) == "queue.system_off"


ADDRESS = st.one_of(
    st.text(max_size=200), st.text(max_size=80).map(lambda text: f"usb://{text}?serial={text}")
)


@given(st.text(min_size=1, max_size=300), st.text(max_size=300), ADDRESS)
def test_no_queue_crashes_the_search(name: str, make: str, device: str) -> None:
    for one in PrintQueues(Queues(InstalledQueue(name, make, device)), name)().seen:
        for text, longest in (
            (one.device.make, LONGEST_MAKE),
            (one.device.serial, LONGEST_SERIAL),
            (one.device.where, LONGEST_PLACE),
        ):
            assert text.isprintable()
            assert len(text) <= longest
        assert one.device.make
