"""Card and reader without PC/SC: the same seam and the same errors, in the caller's own thread."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from ktpel_desktop.core.errors import DeviceError, Effect
from ktpel_desktop.devices.simulator.virtual_card.linked import CardPulled, CardSilent, LinkedCard


class InProcessConnection:
    """Implements devices.chip.connection.CardConnection. After a removal it fails for ever, as PC/SC's does."""

    def __init__(
        self,
        card: LinkedCard,
        removed: Callable[[LinkedCard], None] | None = None,
        most: int | None = None,
    ) -> None:
        self._card: LinkedCard | None = card
        self._atr = card.atr
        self._removed = removed
        self._most = most

    @property
    def atr(self) -> bytes:
        return self._atr

    def transmit(self, command: bytes) -> bytes:
        """Raises DeviceError: "chip.pulled" (NONE where the card had gone before), "chip.answer_lost"."""
        if self._card is None:
            raise DeviceError("chip.pulled", Effect.NONE)
        try:
            answer = self._card.process(command)
        except CardPulled:
            if self._removed is not None:
                self._removed(self._card)
            self._card = None
            raise DeviceError("chip.pulled", Effect.UNKNOWN) from None
        except CardSilent:
            raise DeviceError("chip.answer_lost", Effect.UNKNOWN) from None
        if len(answer) < 2:
            raise DeviceError("chip.answer_lost", Effect.UNKNOWN)
        return answer

    def reader_most(self) -> int | None:
        return self._most

    def cut(self) -> None:
        """The card is not under this connection any more."""
        self._card = None


class InProcessReader:
    """A reader with room for one card. `connect` gives the card to one at a time and resets it, like PC/SC.

    `most` is what it says of APDUs (PC/SC part 10, dwMaxAPDUDataSize); None is a reader that says nothing.
    """

    def __init__(self, card: LinkedCard | None = None, *, most: int | None = None) -> None:
        self._most = most
        self._card: LinkedCard | None = None
        self._connection: InProcessConnection | None = None
        if card is not None:
            self.lay(card)

    @property
    def card(self) -> LinkedCard | None:
        """What lies there; a card that pulled itself does not."""
        return self._card

    def lay(self, card: LinkedCard) -> None:
        """Lay a card on the reader; another one must have been taken away."""
        if self._card is not None:
            raise ValueError("a card lies there already")
        self._card = card
        card.power_on()

    def take_away(self) -> LinkedCard | None:
        """Take away what lies there, also in the middle of a connection."""
        card, self._card = self._card, None
        if self._connection is not None:
            self._connection.cut()
        if card is not None:
            card.power_off()
        return card

    @contextmanager
    def connect(self) -> Iterator[InProcessConnection]:
        """The card, ours alone. Raises DeviceError "chip.no_card", "chip.mute", "pcsc.reader_in_use"; all NONE."""
        card = self._card
        if card is None:
            raise DeviceError("chip.no_card", Effect.NONE)
        if self._connection is not None:
            raise DeviceError("pcsc.reader_in_use", Effect.NONE, reader="–")
        card.reset()
        if not card.atr:
            raise DeviceError("chip.mute", Effect.NONE)
        self._connection = InProcessConnection(card, self._removed, self._most)
        try:
            yield self._connection
        finally:
            self._connection.cut()
            self._connection = None
            if self._card is card:
                card.reset()

    def _removed(self, card: LinkedCard) -> None:
        if self._card is card:
            self._card = None
