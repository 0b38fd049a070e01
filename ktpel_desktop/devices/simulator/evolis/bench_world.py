"""The workbench as the world around a simulated Evolis printer: the same cards that the chip station and the hands use.

Two machines: a card that the operator put into the printer (Place.PRINTER) waits in its feeder until it is taken in.
One machine (`inline`): cards come from the tray, and the contactless station is the place Place.READER, because the
reader there is the one the chip station speaks to.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from ktpel_desktop.core.errors import DeviceError
from ktpel_desktop.devices.simulator.cards import Face, Place, SimulatedCard
from ktpel_desktop.devices.simulator.evolis.drawing import Drawn
from ktpel_desktop.devices.simulator.workbench import Workbench


def nameless(_: Drawn) -> str:
    """Nobody reads the ink: cards carry no tag."""
    return ""


class BenchWorld:
    """`tag_of` reads the job off a drawn card, as a person reads a name."""

    def __init__(
        self, bench: Workbench, *, inline: bool = False, tag_of: Callable[[Drawn], str] = nameless
    ) -> None:
        self.bench = bench
        self._inline = inline
        self._tag_of = tag_of
        self._inside: str | None = None
        self._left = 0
        """When this printer last moved the card inside; a hand that moves it leaves another mark."""

    @property
    def counter(self) -> int:
        """Cards printed in the printer's life."""
        return self.bench.counter

    @property
    def rejected(self) -> int:
        """Cards in the box of rejected ones."""
        return len(self.bench.lying_at(Place.REJECT))

    def waiting(self) -> bool:
        """Whether the feeder has a card."""
        if self._inline:
            return self.bench.tray > 0
        card = self.bench.only_at(Place.PRINTER)
        return card is not None and card.serial != self._inside

    def inside(self) -> bool:
        return self._card() is not None

    def at_station(self) -> bool:
        card = self._card()
        return card is not None and card.place is Place.READER

    def take_in(self, *, to_station: bool) -> None:
        """Take a card from the feeder, if none is inside; move it to the station where that is asked."""
        card = self._card()
        if card is None:
            try:
                card = self.bench.take_blank() if self._inline else self.bench.only_at(Place.PRINTER)
            except DeviceError:
                return
        if card is not None:
            self._inside = card.serial
            self._left = self.bench.move(card.serial, Place.READER if to_station else Place.PRINTER).touched

    def ink(self, drawn: Drawn | None, seen: Face, *, counted: int, place: Place | None) -> None:
        """Printing, counting and putting out, in one durable step; `place` None leaves the card inside."""
        card = self._card()
        if card is None:
            self.bench.count(counted)
            return
        changed = card if drawn is None else self._printed(card, drawn, seen)
        if place is not None:
            self._inside = None
        self._left = self.bench.change(
            replace(changed, place=place or Place.PRINTER), counted=counted
        ).touched

    def take_out_by_hand(self) -> None:
        """A person opens the printer and takes the card out."""
        card = self._card()
        if card is not None:
            self._inside = None
            self.bench.move(card.serial, Place.HAND)

    def _card(self) -> SimulatedCard | None:
        """The card inside. One that a person has taken elsewhere is inside no more."""
        if self._inside is None or not self.bench.knows(self._inside):
            return None
        card = self.bench.card(self._inside)
        if card.place is Place.PRINTER and card.touched == self._left:
            return card
        if self._inline and card.place is Place.READER:  # where the chip is written, which touches it
            return card
        self._inside = None
        return None

    def _printed(self, card: SimulatedCard, drawn: Drawn, seen: Face) -> SimulatedCard:
        return replace(
            card,
            face=seen if card.face is Face.NONE else Face.RUINED,
            tag=self._tag_of(drawn),
            artwork=drawn.fingerprint,
            prints=card.prints + 1,
            checked=False,
        )
