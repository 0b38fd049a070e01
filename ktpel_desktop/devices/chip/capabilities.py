"""How long an APDU may be, from what card, reader and office say. In doubt: short.

A card tells in the historical bytes of its ATR (ISO/IEC 7816-4, 12.1.1: card capabilities); for a contactless card
PC/SC makes an ATR with the historical bytes of its ATS (PC/SC part 3, 3.1.3.2.3). A reader tells by its property
dwMaxAPDUDataSize (PC/SC part 10), or says nothing.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from enum import StrEnum

from ktpel_desktop.devices.chip.apdu import MOST_ANSWER, MOST_DATA, MOST_SHORT_ANSWER, MOST_SHORT_DATA

_CAPABILITIES = 0x7
_CHAINING, _EXTENDED = 0x80, 0x40
_STATUS_AT_END, _COMPACT = 0x00, 0x80


class ApduLength(StrEnum):
    """The office's setting."""

    AUTOMATIC = "otomatis"
    SHORT = "pendek"
    EXTENDED = "panjang"


@dataclass(frozen=True, slots=True)
class Capabilities:
    """What may be sent in one APDU: most bytes of command data, and of an answer's data."""

    extended: bool = False
    chaining: bool = False
    most_data: int = MOST_SHORT_DATA
    most_answer: int = MOST_SHORT_ANSWER

    def within(self, most_data: int) -> Capabilities:
        """The same for an applet that takes at most so many bytes of command data (`FciOfApplet.max_data`)."""
        return replace(self, most_data=min(self.most_data, most_data))


SHORT = Capabilities()
"""What every card and every reader can do."""


def read_capabilities(
    atr: bytes, setting: str = ApduLength.AUTOMATIC, reader_most: Callable[[], int | None] = lambda: None
) -> Capabilities:
    """What may be sent to the card with this ATR. Never raises for any ATR.

    `reader_most` gives the reader's dwMaxAPDUDataSize, None where it does not tell; it is asked only where its answer
    matters. Automatically, extended APDUs need a card and a reader that both say so; the setting "panjang" speaks for
    those that say nothing or no, but not against a reader that takes short ones only. Raises ValueError for another
    setting.
    """
    wanted = ApduLength(setting)
    said = _card_capabilities(_historical_bytes(atr))
    short = Capabilities(chaining=bool(said & _CHAINING))
    if wanted is ApduLength.SHORT or (wanted is ApduLength.AUTOMATIC and not said & _EXTENDED):
        return short
    most = reader_most()
    if most is None and wanted is ApduLength.EXTENDED:
        most = MOST_ANSWER
    if most is None or most <= MOST_SHORT_ANSWER:
        return short
    return replace(short, extended=True, most_data=min(most, MOST_DATA), most_answer=min(most, MOST_ANSWER))


def _historical_bytes(atr: bytes) -> bytes:
    """Of an ATR whose every byte is where it belongs (ISO/IEC 7816-3, 8.2), else none."""
    if len(atr) < 2 or atr[0] not in {0x3B, 0x3F}:
        return b""
    at, following, checked = 2, atr[1] >> 4, False
    while following:
        at += (following & 0x7).bit_count()
        if not following & 0x8:
            break
        if at >= len(atr):
            return b""
        checked = checked or bool(atr[at] & 0x0F)
        following = atr[at] >> 4
        at += 1
    end = at + (atr[1] & 0x0F)
    if len(atr) != end + checked or (checked and _xor(atr[1:])):
        return b""
    return atr[at:end]


def _card_capabilities(historical: bytes) -> int:
    """The third byte of the card capabilities: chaining and length. 0 where they are not told."""
    if not historical or historical[0] not in {_STATUS_AT_END, _COMPACT}:
        return 0
    objects = historical[1:-3] if historical[0] == _STATUS_AT_END else historical[1:]
    found, at = 0, 0
    while at < len(objects):
        tag, length = objects[at] >> 4, objects[at] & 0x0F
        value = objects[at + 1 : at + 1 + length]
        if len(value) != length:
            return 0
        if tag == _CAPABILITIES and length >= 3:
            found = value[2]
        at += 1 + length
    return found


def _xor(data: bytes) -> int:
    total = 0
    for byte in data:
        total ^= byte
    return total
