"""The desk: every port that a use case may need, handed to it in one piece by `bootstrap`."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass, field

from ktpel_desktop.core.card_profile import CardProfile
from ktpel_desktop.core.consumables import Consumable
from ktpel_desktop.core.office import Office
from ktpel_desktop.core.papers import Papers
from ktpel_desktop.core.ports import (
    USUAL,
    Archive,
    CardFeeder,
    CardPrinter,
    ChipStation,
    Clock,
    DeviceFinder,
    DotMatrixPrinter,
    Ids,
    LineWatcher,
    PagePrinter,
    PrinterChoice,
    ReceiptPrinter,
    Sensor,
    Siak,
)
from ktpel_desktop.core.print_order import SignatureCheck
from ktpel_desktop.core.records import Store, UnitOfWork
from ktpel_desktop.core.regions import Regions
from ktpel_desktop.core.roles import Actor
from ktpel_desktop.core.room import Look
from ktpel_desktop.core.room_items import DEFAULT_MUST, ItemId
from ktpel_desktop.core.services_catalogue import ServiceCatalogue
from ktpel_desktop.core.supplies import MAKERS_FIGURES, SuppliesPolicy
from ktpel_desktop.services.asking import Asking


@dataclass(frozen=True, slots=True)
class Desk:
    """Ports and the office's facts. `sensors` are keyed by the room item they measure (core.room).

    `check_chip` reads finished cards at the counter; where there is one reader only, it is `chip`.
    `feeder` moves cards in a room with one machine, where `chip` is the reader inside the printer; None where the
    operator carries the card. `dot_matrix` prints lists of what changed hands, None where the office has none.
    `card_printer_name` is the printer (and tray) that a calibration belongs to.
    `archive` keeps what was printed, signed or exported; `print_on` is where pages come out.
    `looks` answer for room items that are asked for and give more than a value (each raises DeviceError); `line`
    watches the network, `load_meter` reads the watts of the room, `finder` sees what is plugged in. `room_must` are the
    items that keep the room from printing.
    """

    office: Office
    catalogue: ServiceCatalogue
    regions: Regions
    store: Store
    clock: Clock
    ids: Ids
    siak: Siak
    authority: SignatureCheck
    profile: CardProfile
    chip: ChipStation
    check_chip: ChipStation
    card_printer: CardPrinter
    receipt_printer: ReceiptPrinter
    page_printer: PagePrinter
    sensors: Mapping[str, Sensor]
    papers: Papers
    archive: Archive
    feeder: CardFeeder | None = None
    dot_matrix: DotMatrixPrinter | None = None
    card_printer_name: str = "pencetak"
    supplies: SuppliesPolicy = MAKERS_FIGURES
    consumables: tuple[Consumable, ...] = ()
    looks: Mapping[ItemId, Callable[[], Look]] = field(default_factory=dict)
    line: LineWatcher | None = None
    load_meter: Sensor | None = None
    finder: DeviceFinder | None = None
    room_must: frozenset[ItemId] = DEFAULT_MUST
    asking: Asking = field(default_factory=Asking)
    print_on: PrinterChoice = USUAL

    def unit(self, actor: Actor) -> AbstractContextManager[UnitOfWork]:
        """A transaction of `actor` at the present moment."""
        return self.store.unit(actor, self.clock.now())
