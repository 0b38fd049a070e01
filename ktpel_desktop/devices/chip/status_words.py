"""Status words (ISO/IEC 7816-4, 5.1.3) and the errors they become."""

from __future__ import annotations

from enum import IntEnum

from ktpel_desktop.core.errors import DeviceError, Effect


class SW(IntEnum):
    """Status words that the program tells apart. Families (61xx, 63Cx, 6Cxx) have their functions below."""

    OK = 0x9000
    END_OF_FILE = 0x6282
    AUTHENTICATION_FAILED = 0x6300
    MEMORY_FAILURE = 0x6581
    NOT_AUTHENTICATED = 0x6982
    BLOCKED = 0x6983
    CONDITIONS = 0x6985
    NOT_FOUND = 0x6A82
    NO_SPACE = 0x6A84
    REFERENCE_NOT_FOUND = 0x6A88
    FILE_EXISTS = 0x6A89
    OFFSET_OUTSIDE = 0x6B00
    INS_UNKNOWN = 0x6D00
    CLA_UNKNOWN = 0x6E00


def more_waiting(sw: int) -> int | None:
    """How many bytes wait for GET RESPONSE after 61xx (256 and more are told as 256); None after another word."""
    return (sw & 0xFF or 0x100) if sw >> 8 == 0x61 else None


def right_le(sw: int) -> int | None:
    """The Le that 6Cxx asks for; None after another word."""
    return (sw & 0xFF or 0x100) if sw >> 8 == 0x6C else None


def tries_left(sw: int) -> int | None:
    """How many tries 63Cx leaves; None after another word."""
    return sw & 0x0F if sw & 0xFFF0 == 0x63C0 else None


def carries_data(sw: int) -> bool:
    """Whether this is success or a warning: other words come without data and without R-MAC (Amendment D, 6.2.5)."""
    return sw == SW.OK or sw >> 8 in {0x62, 0x63}


def effect_of(sw: int) -> Effect:
    """What a refused command did by its own word: only 62xx, 63xx and 65xx may have changed the memory.

    All others say "unchanged" (64xx) or that the command was not begun (67xx to 6Fxx, checking errors).
    """
    return Effect.UNKNOWN if sw >> 8 in {0x61, 0x62, 0x63, 0x65, 0x90} else Effect.NONE


def failure(sw: int, step: str, effect: Effect) -> DeviceError:
    """The error for a status word that `step` did not expect, to be raised. `step` is the command's ISO name."""
    word = f"{sw:04X}"
    if sw == SW.MEMORY_FAILURE:
        return DeviceError("chip.memory_failed", effect, sw=word, step=step)
    if sw == SW.NO_SPACE:
        return DeviceError("chip.no_space", effect, sw=word, step=step)
    if sw == SW.NOT_AUTHENTICATED:
        return DeviceError("chip.not_authenticated", effect, sw=word, step=step)
    if sw == SW.BLOCKED:
        return DeviceError("chip.blocked", effect, sw=word, step=step)
    if sw == SW.CONDITIONS:
        return DeviceError("chip.conditions", effect, sw=word, step=step)
    if sw in {SW.INS_UNKNOWN, SW.CLA_UNKNOWN}:
        return DeviceError("chip.command_unknown", effect, sw=word, step=step)
    return DeviceError("chip.refused", effect, sw=word, step=step)
