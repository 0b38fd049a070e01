"""What an ESC/POS printer says of itself: the four answers to DLE EOT, bit by bit.

Source: Epson, "ESC/POS Command Reference", DLE EOT n (n = 1 printer, 2 off-line cause, 3 error cause, 4 roll paper
sensor). Every answer has bits 0 and 7 off, 1 and 4 on, which tells it from flow control (XON, XOFF) and from automatic
status back. The printer answers at once, also while it is off-line; one that has no near-end sensor says "adequate".
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

from ktpel_desktop.core.errors import DeviceError, Effect
from ktpel_desktop.core.ports import Answer, Health

QUESTIONS = (1, 2, 3, 4)
_FIXED, _FIXED_ON = 0x93, 0x12


class Trouble(StrEnum):
    """What is wrong; the first of several is told."""

    PAPER_END = "paper_end"
    COVER_OPEN = "cover_open"
    ERROR = "error"
    OFFLINE = "offline"


_BITS = {
    1: {0x08: Trouble.OFFLINE},
    2: {0x04: Trouble.COVER_OPEN, 0x20: Trouble.PAPER_END, 0x40: Trouble.ERROR},
    3: {0x04: Trouble.ERROR, 0x08: Trouble.ERROR, 0x20: Trouble.ERROR, 0x40: Trouble.ERROR},
    4: {0x60: Trouble.PAPER_END},
}
_PAPER_LOW = 0x0C


def question(number: int) -> bytes:
    """DLE EOT n."""
    return b"\x10\x04" + bytes([number])


def is_answer(byte: int) -> bool:
    """Whether a byte can be an answer to DLE EOT."""
    return byte & _FIXED == _FIXED_ON


def troubles(answers: Mapping[int, int]) -> tuple[Trouble, ...]:
    """Everything that the answers complain of, by the number of the question."""
    found = {word for number, byte in answers.items() for bit, word in _BITS[number].items() if byte & bit}
    return tuple(trouble for trouble in Trouble if trouble in found)


def refusal(trouble: Trouble) -> DeviceError:
    """The trouble as the error of a receipt that was not sent."""
    match trouble:
        case Trouble.PAPER_END:
            return DeviceError("receipt.no_paper", Effect.NONE)
        case Trouble.COVER_OPEN:
            return DeviceError("receipt.cover_open", Effect.NONE)
        case Trouble.ERROR | Trouble.OFFLINE:
            return DeviceError("receipt.needs_help", Effect.NONE)


def health(answers: Mapping[int, int]) -> Health:
    """Ready only where every question was answered and nothing is wrong; no answer at all is nobody's word."""
    found = tuple(dict.fromkeys(refusal(trouble).code for trouble in troubles(answers)))
    if found:
        return Health(Answer.NO, found)
    if set(answers) != set(QUESTIONS):
        return Health(Answer.UNKNOWN, ("receipt.silent",))
    return Health(Answer.YES, ("receipt.paper_low",) if answers[4] & _PAPER_LOW else ())
