"""What happened to one request, in words: deliveries are told in one line elsewhere, people by their names."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from ktpel_desktop.core.audit import Event
from ktpel_desktop.core.outbox import Delivery
from ktpel_desktop.core.services_catalogue import ServiceCatalogue
from ktpel_desktop.ui import words
from ktpel_desktop.ui.workplace import Workplace

_NOISE = ("delivery.", "outbox.")
"""Each change of state is published; that it was is one fact, not ten."""


def told(events: Sequence[Event]) -> list[Event]:
    """The events worth reading, the newest first."""
    return [event for event in reversed(events) if not event.kind.startswith(_NOISE)]


def text_of(event: Event, place: Workplace) -> str:
    """What happened, with what a person wants to know of it."""
    said, data = words.event_of(event), event.data
    if event.kind == "handoff":
        return f"{said} ke {place.name_of(str(data.get('to', '')))}"
    if event.kind == "approval.given":
        return f"{said}: {words.word('action', data.get('action', ''))}"
    if event.kind == "job.SPOILED":
        return f"{said}: {words.word('spoil_reason', data.get('reason', ''))}"
    if "letter" in data:
        return f"{said}: {data['letter']}"
    if "answer" in data:
        return f"{said}: {words.word('print_answer', data['answer'])}"
    error = data.get("error")
    if isinstance(error, str):
        return f"{said}: {words.note(error)}"
    reasons = data.get("reasons")
    if isinstance(reasons, Collection) and not isinstance(reasons, str) and reasons:
        return f"{said}: {'; '.join(reason_of(str(code), place.desk.catalogue) for code in reasons)}"
    return said


def reason_of(code: str, catalogue: ServiceCatalogue) -> str:
    """A reason in words; a document's code by its name in whichever service asks for it."""
    for service in catalogue:
        for need in service.requirements:
            if need.code == code:
                return need.text
    return words.reason(code)


def deliveries(found: Sequence[Delivery]) -> str:
    """All deliveries of a request in one line."""
    if not found:
        return "belum ada"
    waiting = sum(one.delivered_at is None for one in found)
    return f"{len(found)}, {waiting} menunggu SIAK" if waiting else f"{len(found)}, semua diterima"
