"""The seam between what bytes mean and how they travel: one card, bytes in, bytes out."""

from __future__ import annotations

from typing import Protocol


class CardConnection(Protocol):
    """One card in a reader, ours alone as long as the connection is open."""

    @property
    def atr(self) -> bytes:
        """Answer to reset, or what PC/SC makes of a contactless card's ATS (PC/SC part 3, 3.1.3.2.3)."""
        ...

    def transmit(self, command: bytes) -> bytes:
        """One command APDU; the answer's data and its two status bytes (ISO/IEC 7816-4).

        Raises DeviceError. Its effect is UNKNOWN where the command may have reached the card, NONE where it
        certainly did not.
        """
        ...

    def reader_most(self) -> int | None:
        """Most bytes of data the reader takes in one APDU (PC/SC part 10, dwMaxAPDUDataSize); 0: short ones only.

        None where it does not tell. Never raises; nothing is sent to the card.
        """
        ...
