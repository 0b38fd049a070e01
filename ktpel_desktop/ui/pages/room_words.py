"""A result of the room check in words: for the list, the panel beside it, and the messages."""

from __future__ import annotations

from ktpel_desktop import resource_files
from ktpel_desktop.core.room import RoomCheck, RoomVerdict
from ktpel_desktop.core.room_items import ITEM, ItemId
from ktpel_desktop.core.room_limits import Status
from ktpel_desktop.ui import words


def name_of(item: ItemId) -> str:
    """What is looked at."""
    return words.word("room_item", item)


def value_of(check: RoomCheck) -> str:
    """The value itself with its unit, or what a person saw."""
    if check.value is not None:
        return f"{words.number(check.value)} {check.unit}"
    return check.text or "–"


def status_of(check: RoomCheck) -> str:
    """The state in a word; a waiver names who answers for it."""
    word = words.word("room_status", check.status)
    if check.status is Status.WAIVED:
        return f"{word} oleh {check.waived_by}"
    return f"{word} · wajib" if check.blocks else word


def limit_of(check: RoomCheck) -> str:
    """The limit of the standard with its unit."""
    return f"{check.limit} {ITEM[check.item].unit}".strip() or "–"


def source_of(check: RoomCheck) -> str:
    """Where it comes from and how it became known."""
    method = words.word("room_method", check.method)
    return f"{check.source} ({method})" if check.source else method


def advice_of(code: str) -> str:
    """What to do; for the failure of an instrument, what happened and its next step."""
    known = words.table_of("room_advice").get(code)
    if isinstance(known, str):
        return known
    entry = resource_files.texts("galat").get(code)
    step = entry.get("langkah") if isinstance(entry, dict) else None
    return f"{words.note(code)}. {step}" if step else f"{words.note(code)}."


def sentence_of(found: RoomVerdict) -> str:
    """The room in one sentence: the verdict, and what stands against it."""
    verdict = words.word("readiness", found.readiness)
    against = [name_of(check.item) for check in found.blocking]
    if against:
        return f"{verdict}: {', '.join(against)}."
    unsure = sum(check.status is Status.UNKNOWN for check in found.checks)
    notes = sum(check.status in (Status.WARNING, Status.CRITICAL, Status.WAIVED) for check in found.checks)
    told = [f"{notes} dengan catatan"] * bool(notes) + [f"{unsure} tidak diketahui"] * bool(unsure)
    good = sum(check.status is Status.OK for check in found.checks)
    return f"{verdict}. {good} butir baik{''.join(f', {one}' for one in told)}."
