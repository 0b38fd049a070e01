"""Opening and giving back: never beside a print queue, never a handle left over."""

from collections.abc import Callable
from typing import Any

import pytest
import usb.backend.libusb1
import usb.core

from ktpel_desktop.core.errors import Effect
from ktpel_desktop.core.ports import Answer
from ktpel_desktop.devices.card_printer.evolis import EvolisPrinter, EvolisSettings
from ktpel_desktop.devices.card_printer.evolis.settings import EVOLIS
from ktpel_desktop.devices.simulator.evolis import EvolisBackend, LinkLie
from ktpel_desktop.devices.usb_printer_link import LinkLost, Lost, UsbLink
from tests.devices.card_printer.evolis.rigs import Rig, face, failure


@pytest.fixture
def rig() -> Rig:
    return Rig()


def refusal(act: Callable[[], object]) -> str:
    code, effect = failure(act)
    assert effect is Effect.NONE
    return code


def off(backend: EvolisBackend) -> None:
    backend.present = False


def held_by_usblp(backend: EvolisBackend) -> None:
    backend.usblp = True


def held_by_cups(backend: EvolisBackend) -> None:
    backend.claimed_elsewhere = True


def forbidden(backend: EvolisBackend) -> None:
    backend.forbidden = True


def not_supported(*_: Any, **__: Any) -> Any:
    """What pyusb makes of LIBUSB_ERROR_NOT_SUPPORTED (usb.backend.libusb1._check)."""
    raise NotImplementedError("Operation not supported or unimplemented on this platform")


def has_the_makers_windows_driver(backend: EvolisBackend) -> None:
    """libusb sees the printer and cannot open it: only a device with WinUSB can be opened there."""
    backend.open_device = not_supported  # type: ignore[method-assign]


@pytest.mark.parametrize(
    ("happens", "code"),
    [
        (off, "printer.offline"),
        (held_by_usblp, "printer.held_by_spooler"),
        (held_by_cups, "printer.held_by_spooler"),
        (has_the_makers_windows_driver, "printer.held_by_spooler"),
        (forbidden, "printer.no_access"),
    ],
)
def test_a_printer_that_cannot_be_had_is_refused_before_anything_is_sent(
    rig: Rig, happens: Callable[[EvolisBackend], None], code: str
) -> None:
    serial = rig.feed()
    happens(rig.backend)
    assert refusal(lambda: rig.printer.print_card(face(), "T")) == code
    assert refusal(rig.printer.marker) == code
    assert (rig.printer.health().ready, rig.printer.health().notes) == (Answer.NO, (code,))
    assert rig.machine.heard == []
    assert rig.card(serial).prints == 0
    assert rig.given_back


def test_usblp_is_put_aside_only_where_the_office_allows_it_and_put_back() -> None:
    rig = Rig(EvolisSettings(detach_spooler=True))
    rig.backend.usblp = True
    assert rig.printer.marker() == 0
    assert rig.backend.usblp
    assert rig.given_back


def test_a_claim_by_cups_is_never_broken() -> None:
    rig = Rig(EvolisSettings(detach_spooler=True))
    rig.backend.usblp = rig.backend.claimed_elsewhere = True
    assert refusal(rig.printer.marker) == "printer.held_by_spooler"
    assert rig.backend.usblp
    assert rig.given_back


def test_everything_is_given_back_after_every_action(rig: Rig) -> None:
    rig.feed()
    rig.printer.print_card(face(), "T")
    for act in (rig.printer.health, rig.printer.identity, rig.printer.supplies):
        act()
        assert rig.given_back


def test_a_system_without_libusb_says_so(rig: Rig, monkeypatch: pytest.MonkeyPatch) -> None:
    def none(**_: object) -> None:
        raise usb.core.NoBackendError("No backend available")

    monkeypatch.setattr(usb.core, "find", none)
    assert refusal(rig.printer.marker) == "printer.no_usb_library"
    assert rig.printer.health().ready is Answer.UNKNOWN


@pytest.mark.real
@pytest.mark.skipif(usb.backend.libusb1.get_backend() is None, reason="libusb-1.0 is not installed")
def test_the_systems_own_libusb_finds_no_printer_here() -> None:
    assert EvolisPrinter().health().notes == ("printer.offline",)


def test_of_two_printers_none_is_taken(rig: Rig, monkeypatch: pytest.MonkeyPatch) -> None:
    one = rig.backend.enumerate_devices
    monkeypatch.setattr(rig.backend, "enumerate_devices", lambda: iter([*one(), *one()]))
    assert refusal(rig.printer.marker) == "printer.several_found"
    assert rig.given_back


def test_a_device_without_bulk_endpoints_is_no_printer(rig: Rig, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupt(dev: object, ep: int, intf: int, alt: int, config: int) -> object:
        found = vars(EvolisBackend.get_endpoint_descriptor(rig.backend, dev, ep, intf, alt, config))
        return type("Descriptor", (), {**found, "bmAttributes": 3})()

    monkeypatch.setattr(rig.backend, "get_endpoint_descriptor", interrupt)
    assert refusal(rig.printer.marker) == "printer.not_understood"
    assert rig.given_back


def test_windows_has_no_kernel_driver_to_ask_for(rig: Rig, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rig.backend, "is_kernel_driver_active", not_supported)
    assert rig.printer.marker() == 0
    assert rig.given_back


def test_answers_that_somebody_else_left_unread_are_thrown_away(rig: Rig) -> None:
    rig.backend.leave_unread(b"OK\x00OK\x0099\x00")
    assert rig.printer.marker() == 0


@pytest.mark.parametrize("lie", [LinkLie.STALLED_OUT, LinkLie.STALLED_IN])
def test_a_halted_endpoint_is_a_lost_line(rig: Rig, lie: LinkLie) -> None:
    rig.backend.lies.add(lie)
    with pytest.raises(LinkLost) as lost, UsbLink(EVOLIS, backend=rig.backend) as link:
        link.write(b"\x1bRtp\r", 10)
        link.read(10)
    assert lost.value.how is Lost.STALLED
    assert rig.given_back
