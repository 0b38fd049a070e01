"""What a reader and a card say to each other, whatever carries it: power, reset, ATR, APDUs, and no answer at all."""

from __future__ import annotations

from typing import Protocol


class CardPulled(Exception):
    """The card has left the reader; whatever it was asked gets no answer."""


class CardSilent(Exception):
    """The card is there and never answers this command; the reader waits for ever."""


class LinkedCard(Protocol):
    """A card as the contacts (or the field) see it."""

    @property
    def atr(self) -> bytes:
        """Answer to reset (ISO/IEC 7816-3); empty from a dead chip."""
        ...

    def power_on(self) -> None:
        """Cold reset."""
        ...

    def reset(self) -> None:
        """Warm reset: what is volatile is lost."""
        ...

    def power_off(self) -> None:
        """What is volatile is lost."""
        ...

    def process(self, command: bytes) -> bytes:
        """One command APDU; the answer, empty from a mute chip. Raises CardPulled or CardSilent."""
        ...
