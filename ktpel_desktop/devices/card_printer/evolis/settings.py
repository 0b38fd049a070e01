"""What an office says about its Evolis printer; every field with its default and meaning."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum

from ktpel_desktop.devices.card_printer.evolis.panels import Layout

EVOLIS = 0x0F49
"""USB vendor id (usb.ids). The product id differs by model (Zenius 0a00), so any is taken."""


class Insertion(StrEnum):
    """Where the printer takes cards from, as the letters of Pmi."""

    FEEDER = "F"
    BY_HAND = "M"
    BOTH = "B"


@dataclass(frozen=True, slots=True)
class Patience:
    """How long to wait, in milliseconds.

    A move is answered when it has ended: programs in use wait 40 s for Sic. `look` is for all questions of one
    `health` together; `drain` for answers that somebody else left unread.
    """

    read: int = 1_000
    transfer: int = 10_000
    move: int = 40_000
    print: int = 120_000
    look: int = 800
    drain: int = 20


@dataclass(frozen=True, slots=True)
class EvolisSettings:
    """One printer, the only Evolis on this computer.

    `detach_spooler` allows taking the interface away from the kernel's usblp; leave it off where a print queue exists
    for this printer, because both at once on one device mix two jobs into one card. `inline_encoder`: the chip is
    written inside the printer, so a card to be printed is fetched from the contactless station; otherwise it must come
    from outside, and a card found inside is refused.
    """

    detach_spooler: bool = False
    inline_encoder: bool = False
    insertion: Insertion = Insertion.FEEDER
    ribbon: str = "ymcko"
    layout: Layout = field(default_factory=Layout)
    patience: Patience = field(default_factory=Patience)
