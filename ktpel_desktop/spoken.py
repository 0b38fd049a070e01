"""Codes and numbers in Indonesian, from resources/teks: for screens, papers and terminals alike."""

from __future__ import annotations

import re
from collections.abc import Mapping
from contextlib import suppress
from datetime import date, datetime

from ktpel_desktop import resource_files

_REASONS = (
    ("incomplete", "reasons"),
    ("reject", "reject_reason"),
    ("waiting", "waiting_reason"),
)
"""Steps of the verification wizard whose options are reasons that a request keeps."""


def table_of(table: str) -> Mapping[str, object]:
    """All words of one table."""
    found = resource_files.texts("layar").get(table)
    return found if isinstance(found, Mapping) else {}


def word(table: str, code: object) -> str:
    """The word for a code; the code itself, made readable, where there is none."""
    known = table_of(table).get(str(code))
    return known if isinstance(known, str) else str(code).replace("_", " ").replace(".", ": ")


def named(counts: Mapping[str, int], table: str) -> list[tuple[str, int]]:
    """Counts under the words of their codes."""
    return [(word(table, code), count) for code, count in counts.items()]


def note(code: str) -> str:
    """What a device says is wrong or odd: its own word, else the title of the failure of that name."""
    known = table_of("note").get(code)
    if isinstance(known, str):
        return known
    return title_of(code) or word("note", code)


def reason(code: str) -> str:
    """The reason for which a request stands, in words; an enrolment state may be one."""
    told = table_of("alur").get("verification")
    for step, field in _REASONS:
        found: object = told
        for part in (step, field, "pilihan", code):
            found = found.get(part) if isinstance(found, Mapping) else None
        if isinstance(found, str):
            return found
    for table in ("reason", "withdraw_reason", "result_reason", "enrolment_state"):
        if code in table_of(table):
            return word(table, code)
    return code.replace("_", " ").lower()


def destruction_cause(code: str) -> str:
    """Why a card is destroyed: a class of spoiled cards, or one of those that were not spoiled here."""
    table = "destruction_cause" if code in table_of("destruction_cause") else "spoil_class"
    return word(table, code)


def title_of(code: str) -> str:
    """The title of the failure of that name; empty where there is none."""
    return _of_failure(code, "judul")


def next_step(code: str) -> str:
    """What to do about the failure of that name; empty where there is no such failure."""
    return _of_failure(code, "langkah")


def number(value: float) -> str:
    """1.234,5 as written in Indonesia; whole numbers without decimals."""
    text = f"{value:,.2f}".rstrip("0").rstrip(".")
    return text.translate(str.maketrans(",.", ".,"))


def typed_day(text: str) -> date | None:
    """A day typed as 31/12/2026, 31-12-2026 or 2026-12-31; None where it is none."""
    for form in ("%d/%m/%Y", "%d-%m-%Y", "%Y-%m-%d"):
        with suppress(ValueError):
            return datetime.strptime(text.strip(), form).date()  # noqa: DTZ007 - a day has no time zone
    return None


def _of_failure(code: str, part: str) -> str:
    entry = resource_files.texts("galat").get(code)
    told = entry.get(part) if isinstance(entry, Mapping) else None
    # Who only knows the code cannot fill in what the failure was about.
    return re.sub(r"\{\w+\}", "–", str(told)) if told else ""
