"""Pixels into the bits of a panel, as the Evolis bitmaps want them. Pure; bytes in, bytes out.

A line of a panel is 648 pixels across the card, and a panel has 1016 lines. Colour panels are packed without gaps,
most significant bit first, 8 pixels into 5, 6 or 7 bytes; k and o take 1 bit a pixel, 1 is ink (guide A5013, page 14;
the bit order is that of an open CUPS filter for these printers, its functions ReduceColor and ReduceBlack).
The guide's example counts (84 624 bytes) do not fit its own formula, 648 × 1016 × bits / 8 = 82 296; both drivers in
public use the formula.
"""

from __future__ import annotations

LINE_PIXELS, LINES = 648, 1016
LINE_BYTES = LINE_PIXELS // 8
PIXELS = LINE_PIXELS * LINES
BITS = {2: 1, 32: 5, 64: 6, 128: 7}
"""Bits a pixel for the number of levels in Db."""


def panel_bytes(levels: int) -> int:
    """Length of the data of one panel."""
    return PIXELS * BITS[levels] // 8


def pack(values: bytes, bits: int) -> bytes:
    """8-bit values (their upper `bits` count) packed without gaps. The number of values is a multiple of 8.

    Works on all pixels at once: neighbours are joined in fields of 16, 32 and 64 bits of one long number.
    """
    spare = 8 - bits
    whole = int.from_bytes(values.translate(bytes(value >> spare for value in range(256))))
    for width in (1, 2, 4):
        low = int.from_bytes((b"\x00" * width + b"\xff" * width) * (len(values) // (2 * width)))
        whole = ((whole & (low << (8 * width))) >> (spare * width)) | (whole & low)
    packed = bytearray(whole.to_bytes(len(values)))
    for left in range(8, bits, -1):
        del packed[0::left]
    return bytes(packed)


def squeeze(panel: bytes) -> bytes:
    """A k or o panel, compressed line by line (guide A5013, page 5).

    0 is a white line, 255 a black one; any other first byte is the number of bytes that follow, up to the last that
    is not white.
    """
    out = bytearray()
    for start in range(0, len(panel), LINE_BYTES):
        line = panel[start : start + LINE_BYTES]
        used = line.rstrip(b"\x00")
        if not used:
            out.append(0)
        elif used == b"\xff" * LINE_BYTES:
            out.append(255)
        else:
            out.append(len(used))
            out += used
    return bytes(out)
