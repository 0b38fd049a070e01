"""What a typed answer must look like, one function per kind of text.

Each takes the text, returns the value in its settled form, and raises PolicyError; none judges whether it is true.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from enum import StrEnum

from ktpel_desktop.core.errors import PolicyError
from ktpel_desktop.core.nik import FamilyCardNumber, Nik
from ktpel_desktop.core.ticket import parse as parse_ticket

NAME_LENGTH = 100
"""Names recorded since 21 April 2022 have at most 60 letters (Permendagri 73/2022); older ones stay as they are."""


class Check(StrEnum):
    """Codes of the checks, as the wizards' tables name them."""

    NIK = "nik"
    KK = "kk"
    NAME = "name"
    PHONE = "phone"
    TICKET = "ticket"
    PERCENT = "percent"


def name(text: str) -> str:
    """A person's name in capitals with single spaces; apostrophes, points and hyphens of old names are kept.

    Raises PolicyError "name.characters", "name.length" (over 100).
    """
    settled = " ".join(text.split()).upper()
    if not re.fullmatch(r"[A-Z][A-Z .,'’\-]*", settled):
        raise PolicyError("name.characters")
    if len(settled) > NAME_LENGTH:
        raise PolicyError("name.length", length=len(settled))
    return settled


def phone(text: str) -> str:
    """A telephone number as digits with an optional leading plus. Raises PolicyError "phone.malformed"."""
    settled = re.sub(r"[\s.()\-]+", "", text)
    if not re.fullmatch(r"\+?[0-9]{7,15}", settled):
        raise PolicyError("phone.malformed")
    return settled


def percent(text: str) -> int:
    """A whole percentage, 0 to 100. Raises PolicyError "percent.malformed"."""
    settled = text.strip().removesuffix("%").strip()
    if not re.fullmatch("[0-9]{1,3}", settled) or int(settled) > 100:
        raise PolicyError("percent.malformed")
    return int(settled)


CHECKS: Mapping[Check, Callable[[str], object]] = {
    Check.NIK: Nik.parse,
    Check.KK: FamilyCardNumber.parse,
    Check.NAME: name,
    Check.PHONE: phone,
    Check.TICKET: parse_ticket,
    Check.PERCENT: percent,
}
