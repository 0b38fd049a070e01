"""The ATR of a card that speaks T=1 and says what it can do (ISO/IEC 7816-3, 8.2; ISO/IEC 7816-4, 12.1.1)."""

from __future__ import annotations

from functools import reduce
from operator import xor

_COMPACT_TLV = 0x80
_CAPABILITIES, _PRE_ISSUING = 0x70, 0x60
_BY_NAME_AND_SFI = 0x84  # selection by full DF name; short EF identifiers
_UNIT_IS_A_BYTE = 0x01
_CHAINING, _EXTENDED = 0x80, 0x40


def build_atr(name: bytes, *, extended: bool = False, chaining: bool = False) -> bytes:
    """`name` is at most 9 bytes of pre-issuing data. TD1 is 80 and TD2 01, as PC/SC gives them to contactless cards."""
    length = (_EXTENDED if extended else 0) | (_CHAINING if chaining else 0)
    historical = bytes((_COMPACT_TLV, _CAPABILITIES | 3, _BY_NAME_AND_SFI, _UNIT_IS_A_BYTE, length))
    historical += bytes((_PRE_ISSUING | len(name),)) + name
    if len(historical) > 15:
        raise ValueError("an ATR has at most 15 historical bytes")
    body = bytes((0x80 | len(historical), 0x80, 0x01)) + historical
    return b"\x3b" + body + bytes((reduce(xor, body),))
