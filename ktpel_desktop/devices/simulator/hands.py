"""Automatic hands: they do at the workbench what the wizard asks of the operator.

With them a keyboard is enough to issue a card in training. Told what is wanted (`want`, `want_blank`), they
bring exactly that; otherwise they judge by what lies there: a card in work stays, a finished or ended one is
put away, and without a card in work the next blank is taken.
"""

from __future__ import annotations

from collections.abc import Callable

from ktpel_desktop.core.errors import DeviceError
from ktpel_desktop.devices.simulator.cards import Face, Place, SimulatedCard
from ktpel_desktop.devices.simulator.workbench import Workbench

_IN_WORK = (Place.OUT, Place.HAND, Place.PRINTER)
_GONE = frozenset({Place.LOST, Place.REJECT})


class AutoHands:
    """`fate(serial)` may tell where a card belongs whose work is over, from the journal: FILED once it was read
    back (REPORTING, ISSUED), REJECT when SPOILED, None while its job still needs it. Without it a finished card
    is filed by the look of it, and a spoiled one stays until `want` or `want_blank` says otherwise.
    """

    def __init__(self, bench: Workbench, fate: Callable[[str], Place | None] | None = None) -> None:
        self._bench = bench
        self.fate = fate
        self._wanted: str | None = None
        self._blank_wanted = False

    def want(self, serial: str) -> None:
        """From now on the card with this serial belongs on the reader or in the printer."""
        self._wanted, self._blank_wanted = serial, False

    def want_blank(self) -> None:
        """From now on an untouched blank belongs on the reader."""
        self._wanted, self._blank_wanted = None, True

    def discard(self, serial: str | None) -> None:
        """A card was booked as spoiled: into the box with it, or with the faulty blank that lies on the reader."""
        lying = self._bench.only_at(Place.READER)
        if serial is not None and self._bench.knows(serial):
            self._bench.reject(serial)
        elif serial is None and lying is not None and not lying.finished:
            self._bench.reject(lying)

    def judge(self) -> None:
        """From now on judge by what lies on the bench (how it begins)."""
        self._wanted, self._blank_wanted = None, False

    def serve_reader(self, expected: str | None = None) -> None:
        """See to it that the right card lies on the reader; `expected` is the serial that the driver checks."""
        wanted = expected or self._wanted
        if wanted is not None and (self._bench.knows(wanted) or expected is None):
            self._bring(wanted)
            return
        lying = self._bench.only_at(Place.READER)
        if lying is not None and (_in_use(lying) if self._blank_wanted else self._is_over(lying)):
            self._put_away(lying)
            lying = None
        if lying is None:
            self._bring_next()

    def serve_printer(self) -> None:
        """See to it that the card in work is in the printer."""
        inside = self._bench.only_at(Place.PRINTER)
        if self._wanted is not None:
            if self._bench.knows(self._wanted) and self._bench.card(self._wanted).place not in _GONE:
                self._bench.move_to_printer(self._wanted)
            return
        if inside is None or self._is_over(inside):
            if inside is not None:
                self._put_away(inside)
            card = self._bench.only_at(Place.READER) or self._in_work()
            if card is not None:
                self._bench.move_to_printer(card)

    def _bring(self, serial: str) -> None:
        lying = self._bench.only_at(Place.READER)
        if lying is not None and lying.serial != serial:
            self._put_away(lying)
        if self._bench.knows(serial) and self._bench.card(serial).place not in _GONE:
            self._bench.put_on_reader(serial)

    def _bring_next(self) -> None:
        card = None if self._blank_wanted else self._in_work()
        if card is None:
            try:
                card = self._bench.take_blank()
            except DeviceError:
                return  # an empty tray leaves the reader empty, as the driver will say
        self._bench.put_on_reader(card)

    def _in_work(self) -> SimulatedCard | None:
        lying = [card for place in _IN_WORK for card in self._bench.lying_at(place)]
        lying = [card for card in lying if not self._is_over(card)]
        return max(lying, key=lambda card: card.touched, default=None)

    def _is_over(self, card: SimulatedCard) -> bool:
        if self.fate is not None:
            return self.fate(card.serial) is not None
        return card.finished

    def _put_away(self, card: SimulatedCard) -> None:
        fate = None if self.fate is None else self.fate(card.serial)
        if fate is not None:
            self._bench.move(card.serial, fate)
        elif card.finished:
            self._bench.file(card)
        elif card.untouched:
            self._bench.put_back(card)
        else:
            self._bench.move(card.serial, Place.HAND)


def _in_use(card: SimulatedCard) -> bool:
    """What a person can see: a card they have begun. That a blank is dead or foreign, only the reader tells."""
    return card.face is not Face.NONE or (card.header is not None and not card.foreign)
