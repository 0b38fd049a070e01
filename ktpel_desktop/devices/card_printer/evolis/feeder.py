"""The verbs of a printer with the chip's reader inside: what moves a card without printing it.

The order for one card in a room with one machine:

    feeder.feed_to_station()      the printer says "at the station"
    chip.probe(), chip.write()    the reader inside, a separate PC/SC device, says "present": both are needed
    printer.print_card()          prints the card at the station and puts it out
    feeder.reject()               instead, where anything about the card is in doubt

`CardFeeder` stands here until it moves to core/ports.py.
"""

from __future__ import annotations

from enum import StrEnum
from typing import Protocol


class Spot(StrEnum):
    """Where a card is, by the printer's own sensors."""

    NOWHERE = "nowhere"
    STATION = "station"
    INSIDE = "inside"
    UNKNOWN = "unknown"


class CardFeeder(Protocol):
    """Moves one card at a time. Every verb raises DeviceError; NONE means that no card was moved."""

    def spot(self) -> Spot:
        """Where a card is. Moves nothing."""
        ...

    def feed_to_station(self) -> None:
        """Take a card to the contactless station; returning means that the sensor there sees it."""
        ...

    def eject(self) -> None:
        """Put the card out unprinted; returning means that none is inside any more."""
        ...

    def reject(self) -> None:
        """Put the card into the box of rejected cards; returning means that none is inside any more."""
        ...
