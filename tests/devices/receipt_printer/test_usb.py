"""A receipt printer on a cable: pyusb over the simulated card printer's backend, with another machine behind it."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

import pytest
import usb.core

from ktpel_desktop.core.errors import DeviceError, Effect
from ktpel_desktop.core.ports import Answer, Health
from ktpel_desktop.devices.receipt_printer.driver import EscPosPrinter, Pace
from ktpel_desktop.devices.receipt_printer.usb import UsbLine
from ktpel_desktop.devices.simulator.evolis import EvolisBackend, LinkLie
from tests.devices.receipt_printer.escpos_machine import Machine

SLIP = b"\x1b@Tanda terima A-012\n" * 40
VENDOR, PRODUCT = 0x0F49, 0x0A00
"""What the backend's device bears."""
PACE = Pace(answer=0.05, look=0.05, printing=0.05, settling=0.05)


class Rig:
    """A printer, the line to it, and the driver."""

    def __init__(self, machine: Machine | None = None) -> None:
        self.machine = machine or Machine()
        self.backend = EvolisBackend(self)  # type: ignore[arg-type]
        self.backend.lies.add(LinkLie.NO_END)
        self.printer = EscPosPrinter(UsbLine(VENDOR, PRODUCT, self.backend), PACE)

    def receive(self, piece: bytes) -> list[str]:
        """What the backend asks of its machine."""
        return [self.machine.hear(piece).decode("ascii")]

    def bus_reset(self) -> None:
        """Nothing to forget."""

    @property
    def given_back(self) -> bool:
        return self.backend.open_handles == self.backend.claimed == 0


@pytest.fixture
def rig() -> Rig:
    return Rig()


def failure(act: Callable[..., Any], *given: Any) -> tuple[str, Effect]:
    with pytest.raises(DeviceError) as failed:
        act(*given)
    return failed.value.code, failed.value.effect


def test_a_receipt_arrives_whole(rig: Rig) -> None:
    assert rig.printer.health().ready is Answer.YES
    rig.printer.send(SLIP)
    assert rig.machine.printed == SLIP
    assert rig.given_back


def test_a_printer_that_never_answers_prints_and_is_never_called_ready() -> None:
    rig = Rig(Machine({}, done=None))
    rig.printer.send(SLIP)
    assert rig.machine.printed == SLIP
    assert (rig.printer.health().ready, rig.printer.health().notes) == (Answer.UNKNOWN, ("receipt.silent",))


def test_paper_that_is_out_is_told_with_nothing_sent(rig: Rig) -> None:
    rig.machine.answers[4] = 0x7E
    assert failure(rig.printer.send, SLIP) == ("receipt.no_paper", Effect.NONE)
    assert rig.machine.printed == b""


def test_usblp_is_put_aside_and_put_back(rig: Rig) -> None:
    rig.backend.usblp = True
    rig.printer.send(SLIP)
    assert rig.backend.usblp
    assert rig.given_back


def test_a_cable_that_comes_out_in_the_middle_leaves_it_unknown(rig: Rig) -> None:
    rig.backend.unplug_after = 200
    assert failure(rig.printer.send, SLIP) == ("receipt.torn", Effect.UNKNOWN)
    assert 0 < len(rig.machine.printed) < len(SLIP)
    assert rig.given_back


@pytest.mark.parametrize("lie", [LinkLie.STALLED_IN, LinkLie.STALLED_OUT])
def test_a_line_that_is_halted_before_the_receipt_sent_nothing(rig: Rig, lie: LinkLie) -> None:
    rig.backend.lies.add(lie)
    assert failure(rig.printer.send, SLIP) == ("receipt.off", Effect.NONE)
    assert rig.printer.health().ready is Answer.UNKNOWN
    assert rig.machine.printed == b""


def test_a_look_in_the_middle_of_a_receipt_does_not_take_the_printer(rig: Rig) -> None:
    looks: list[Health] = []

    def looked(_: str) -> None:
        rig.backend.on_transfer = lambda _: None
        looker = threading.Thread(target=lambda: looks.append(rig.printer.health()))
        looker.start()
        looker.join(20)

    rig.backend.on_transfer = looked
    rig.printer.send(SLIP)
    assert [look.ready for look in looks] == [Answer.UNKNOWN]
    assert rig.machine.printed == SLIP
    assert rig.given_back


def off(backend: EvolisBackend) -> None:
    backend.present = False


def held_by_cups(backend: EvolisBackend) -> None:
    backend.claimed_elsewhere = True


def forbidden(backend: EvolisBackend) -> None:
    backend.forbidden = True


def without_a_way_to_print(backend: EvolisBackend) -> None:
    backend.get_endpoint_descriptor = _none  # type: ignore[method-assign]


def twice(backend: EvolisBackend) -> None:
    one = backend.enumerate_devices
    backend.enumerate_devices = lambda: iter([*one(), *one()])  # type: ignore[method-assign]


def _none(dev: Any, ep: int, intf: int, alt: int, config: int) -> Any:
    found = vars(EvolisBackend.get_endpoint_descriptor(None, dev, ep, intf, alt, config))  # type: ignore[arg-type]
    return type("Descriptor", (), {**found, "bmAttributes": 3})()


@pytest.mark.parametrize(
    ("happens", "code"),
    [
        (off, "receipt.off"),
        (held_by_cups, "receipt.held_by_queue"),
        (forbidden, "receipt.no_access"),
        (without_a_way_to_print, "receipt.not_understood"),
        (twice, "receipt.several_found"),
    ],
)
def test_a_printer_that_cannot_be_had_got_nothing(
    rig: Rig, happens: Callable[[EvolisBackend], None], code: str
) -> None:
    happens(rig.backend)
    assert failure(rig.printer.send, SLIP) == (code, Effect.NONE)
    assert (rig.printer.health().ready, rig.printer.health().notes) == (Answer.NO, (code,))
    assert rig.machine.got == b""
    assert rig.given_back


def test_another_model_of_the_same_maker_is_not_taken(rig: Rig) -> None:
    printer = EscPosPrinter(UsbLine(VENDOR, PRODUCT + 1, rig.backend), PACE)
    assert failure(printer.send, SLIP) == ("receipt.off", Effect.NONE)


def test_a_system_without_libusb_says_so(rig: Rig, monkeypatch: pytest.MonkeyPatch) -> None:
    def none(**_: object) -> None:
        raise usb.core.NoBackendError("No backend available")

    monkeypatch.setattr(usb.core, "find", none)
    assert failure(rig.printer.send, SLIP) == ("receipt.no_usb_library", Effect.NONE)
