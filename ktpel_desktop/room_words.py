"""A result of the room check in words: for the list, the panel beside it, the messages, and the terminal."""

from __future__ import annotations

import re

from ktpel_desktop.core.room import RoomCheck, RoomVerdict
from ktpel_desktop.core.room_items import ITEM, ItemId
from ktpel_desktop.core.room_limits import Status
from ktpel_desktop.spoken import next_step, note, number, table_of, title_of, word

_STICK = re.compile(r"(?P<model>[^/]+)/(?P<place>outer|inner|third)@(?P<port>.+)")
"""As the thermometer names itself (devices/sensors/temper): model, which of its sensors, USB port."""


def name_of(item: ItemId) -> str:
    """What is looked at."""
    return word("room_item", item)


def value_of(check: RoomCheck) -> str:
    """The value itself with its unit, or what a person saw."""
    told = [f"{number(check.value)} {check.unit}".strip()] if check.value is not None else []
    if check.item is ItemId.UPS:
        told += [_known("ups_flag", flag) for flag in check.text.split()]
    elif not told and check.text:
        told = [check.text]
    return ", ".join(told) or "–"


def status_of(check: RoomCheck) -> str:
    """The state in a word; a waiver names who answers for it."""
    told = word("room_status", check.status)
    if check.status is Status.WAIVED:
        return f"{told} oleh {check.waived_by}"
    return f"{told} · wajib" if check.blocks else told


def limit_of(check: RoomCheck) -> str:
    """The limit of the standard with its unit."""
    return f"{check.limit} {ITEM[check.item].unit}".strip() or "–"


def source_of(check: RoomCheck) -> str:
    """Where it comes from and how it became known."""
    method = word("room_method", check.method)
    return f"{source_name(check)} ({method})" if check.source else method


def source_name(check: RoomCheck) -> str:
    """The instrument, document or person; empty where the result has none."""
    source = check.source
    if source.startswith("simulator:"):
        return word("room_source", "simulator")
    stick = _STICK.fullmatch(source)
    if stick is not None:
        return f"{stick['model']}, {word('sensor_place', stick['place'])}, porta {stick['port']}"
    return _known("room_source", source)


def advice_of(code: str) -> str:
    """What to do; for the failure of an instrument, what happened and its next step."""
    known = table_of("room_advice").get(code)
    return known if isinstance(known, str) else f"{note(code)}. {next_step(code)}".strip()


def evidence_of(check: RoomCheck) -> list[str]:
    """What the result stands on: the words of a code where it is one, else what the instrument said, as it said it."""
    return [" ".join(map(_evidence, line.split(" "))) for line in check.evidence]


def _evidence(part: str) -> str:
    name, is_reading, value = part.partition("=")
    if is_reading and name in table_of("reading"):
        return f"{word('reading', name)}: {_known('reading_value', value)}"
    return _known("room_evidence", part) if part in table_of("room_evidence") else title_of(part) or part


def sentence_of(found: RoomVerdict) -> str:
    """The room in one sentence: the verdict, and what stands against it."""
    verdict = word("readiness", found.readiness)
    against = [name_of(check.item) for check in found.blocking]
    if against:
        return f"{verdict}: {', '.join(against)}."
    unsure = sum(check.status is Status.UNKNOWN for check in found.checks)
    notes = sum(check.status in (Status.WARNING, Status.CRITICAL, Status.WAIVED) for check in found.checks)
    told = [f"{notes} dengan catatan"] * bool(notes) + [f"{unsure} tidak diketahui"] * bool(unsure)
    good = sum(check.status is Status.OK for check in found.checks)
    return f"{verdict}. {good} butir baik{''.join(f', {one}' for one in told)}."


def _known(table: str, code: str) -> str:
    found = table_of(table).get(code)
    return found if isinstance(found, str) else code
