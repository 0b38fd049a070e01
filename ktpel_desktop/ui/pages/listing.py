"""Columns that several lists of requests share."""

from __future__ import annotations

from ktpel_desktop.core.request import Priority, Request
from ktpel_desktop.ui import words
from ktpel_desktop.ui.theme import Tone
from ktpel_desktop.ui.widgets.tables import Column
from ktpel_desktop.ui.workplace import Workplace


def number() -> Column[Request]:
    """The counter number; a lawful priority says so."""
    return Column("Nomor", lambda request: request.number, width=6)


def applicant() -> Column[Request]:
    """The name, and a lawful priority in words."""

    def text(request: Request) -> str:
        if request.priority is Priority.NORMAL:
            return request.name
        return f"{request.name} ({words.word('priority', request.priority)})"

    return Column("Pemohon", text)


def nik() -> Column[Request]:
    """The NIK, masked."""
    return Column("NIK", lambda request: request.nik.masked, width=16)


def service(place: Workplace) -> Column[Request]:
    """The service's name."""
    return Column("Layanan", lambda request: place.desk.catalogue.get(request.service).name)


def state() -> Column[Request]:
    """State: shape and word."""
    return Column("Keadaan", words.state_of, lambda request: words.REQUEST_TONES[request.state], width=13)


def waiting(place: Workplace) -> Column[Request]:
    """How long ago it was taken in, with a shape when its target has gone by."""

    def tone(request: Request) -> Tone | None:
        if request.ended:
            return None
        target = place.desk.catalogue.get(request.service).target
        age = place.now() - request.accepted_at
        return Tone.BAD if age >= target else (Tone.WARN if age >= target * 3 / 4 else Tone.OK)

    def text(request: Request) -> str:
        age = place.now() - request.accepted_at
        target = place.desk.catalogue.get(request.service).target
        late = not request.ended and age >= target
        return f"{words.span(age)}{' · lewat' if late else ''}"

    return Column("Sejak diterima", text, tone, width=12)
