"""The devices of the room: how each says it is, and one harmless test of each, which is journalled."""

from __future__ import annotations

from dataclasses import dataclass

from ktpel_desktop.core import roles
from ktpel_desktop.core.issuance import ChipContent
from ktpel_desktop.core.papers import ReceiptData
from ktpel_desktop.core.ports import Health
from ktpel_desktop.core.roles import Action, Actor
from ktpel_desktop.services.desk import Desk

SUBJECT, TESTED = "perangkat", "device.tested"
CHIP, CARD_PRINTER, RECEIPT_PRINTER, PAGE_PRINTER = "chip", "card_printer", "receipt_printer", "page_printer"
NAMES = (CHIP, CARD_PRINTER, RECEIPT_PRINTER, PAGE_PRINTER)


@dataclass(frozen=True, slots=True)
class DeviceHealth:
    """A device of the desk, or the sensor of a room item, with its word about itself."""

    name: str
    health: Health
    sensor: bool = False


@dataclass(frozen=True, slots=True)
class ChipFound:
    """What lies on the reader: the end of its serial, enough to tell two cards apart, and what it holds."""

    serial_end: str
    content: ChipContent


def health(desk: Desk, actor: Actor) -> tuple[DeviceHealth, ...]:
    """Every device and sensor. Raises PolicyError "role.not_allowed"; never a DeviceError."""
    roles.require(actor, Action.TEST_DEVICES)
    devices = (desk.chip, desk.card_printer, desk.receipt_printer, desk.page_printer)
    return (
        *(DeviceHealth(name, device.health()) for name, device in zip(NAMES, devices, strict=True)),
        *(DeviceHealth(str(item), sensor.health(), sensor=True) for item, sensor in desk.sensors.items()),
    )


def read_chip(desk: Desk, actor: Actor) -> ChipFound:
    """Read the card on the reader; nothing is written. Raises PolicyError "role.not_allowed"; DeviceError."""
    roles.require(actor, Action.TEST_DEVICES)
    probe = desk.chip.probe()
    _tested(desk, actor, CHIP)
    return ChipFound(probe.serial[-4:], probe.content)


def try_receipt(desk: Desk, actor: Actor) -> None:
    """Print a receipt of nobody. Raises PolicyError "role.not_allowed"; DeviceError of the receipt printer."""
    roles.require(actor, Action.TEST_DEVICES)
    now = desk.clock.now()
    nobody = ReceiptData(
        office=desk.office.name,
        number="UJI",
        ticket="UJI-CETAK",
        service="Uji printer struk, bukan tanda terima",
        name_masked="–",
        nik_masked="–",
        accepted_at=now,
        promised_at=now,
        documents=(),
        missing=(),
        status_url=desk.office.status_url,
        complaints=desk.office.complaints,
        training=desk.office.training,
    )
    desk.receipt_printer.send(desk.papers.receipt(nobody))
    _tested(desk, actor, RECEIPT_PRINTER)


def try_page(desk: Desk, actor: Actor, pdf: bytes) -> None:
    """Print a page that says it is a test. Raises PolicyError "role.not_allowed"; DeviceError of the page printer."""
    roles.require(actor, Action.TEST_DEVICES)
    desk.page_printer.print_pdf(pdf, "Halaman uji", desk.print_on)
    _tested(desk, actor, PAGE_PRINTER)


def _tested(desk: Desk, actor: Actor, name: str) -> None:
    with desk.unit(actor) as unit:
        unit.record(TESTED, SUBJECT, {"device": name})
