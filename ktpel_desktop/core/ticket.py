"""Ticket codes: the opaque id of a request, printed on its receipt as text, Code 128 and QR.

Twelve characters of an alphabet without I, O, 0 and 1, the last a check character by Luhn mod N (ISO/IEC
7812-1 Annex B generalised to N = 32), which catches every single wrong character and most swaps of neighbours.
"""

from __future__ import annotations

from ktpel_desktop.core.errors import PolicyError

ALPHABET = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
LENGTH = 12
_N = len(ALPHABET)


def check_character(payload: str) -> str:
    """The check character for `payload`, which must consist of ALPHABET."""
    total = 0
    for place, char in enumerate(reversed(payload)):
        value = ALPHABET.index(char) * (2 if place % 2 == 0 else 1)
        total += value // _N + value % _N
    return ALPHABET[-total % _N]


def parse(text: str) -> str:
    """The ticket code in what was typed or scanned (spaces, hyphens and case do not matter).

    Raises PolicyError "ticket.malformed" or "ticket.check_character".
    """
    code = "".join(text.split()).replace("-", "").upper()
    if len(code) != LENGTH or any(char not in ALPHABET for char in code):
        raise PolicyError("ticket.malformed")
    if check_character(code[:-1]) != code[-1]:
        raise PolicyError("ticket.check_character")
    return code


def in_fours(code: str) -> str:
    """The code as people read it aloud and copy it by hand; `parse` takes it back."""
    return " ".join(code[at : at + 4] for at in range(0, len(code), 4))


def from_number(value: int) -> str:
    """The ticket code of a random number below 32**11."""
    payload = ""
    for _ in range(LENGTH - 1):
        value, digit = divmod(value, _N)
        payload += ALPHABET[digit]
    return payload + check_character(payload)
