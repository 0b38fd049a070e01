"""The minutes of the room check: the room as it counts now, set in type to be read, kept, or printed and signed."""

from __future__ import annotations

from dataclasses import replace

from ktpel_desktop.core import roles, room
from ktpel_desktop.core.papers import RoomMinutes
from ktpel_desktop.core.roles import Action, Actor
from ktpel_desktop.services import accounts, on_paper, preflight
from ktpel_desktop.services.desk import Desk

PRINTED = "room.minutes_printed"


def minutes(desk: Desk, actor: Actor) -> RoomMinutes:
    """What stands in the minutes now: what is overdue by now is unknown, and people stand there by their names.

    Raises PolicyError "role.not_allowed".
    """
    roles.require(actor, Action.SEE_READINESS)
    with desk.unit(actor) as unit:
        walk = preflight.walk_of_today(desk, unit)
        names = accounts.names(unit)
        return RoomMinutes(
            office=desk.office.name,
            place=desk.office.kelurahan,
            at=unit.at,
            verdict=room.overall(unit.room.latest(), unit.at, desk.room_must),
            by="" if walk is None else names[walk.actor],
            training=desk.office.training,
        )


def pdf(desk: Desk, actor: Actor) -> bytes:
    """The minutes set in type, to be looked at or kept. Raises as `minutes`."""
    return desk.papers.room_minutes(minutes(desk, actor))


def print_out(desk: Desk, actor: Actor) -> bytes:
    """The minutes as they were printed; the journal keeps their digest, so that the signed sheet can be proven.

    Those of one day that follow on the first are numbered copies.

    Raises PolicyError "role.not_allowed"; DeviceError of the page printer.
    """
    roles.require(actor, Action.ROOM_CHECK)
    made = minutes(desk, actor)
    edition = made.at.astimezone(desk.office.timezone).date().isoformat()
    copy = on_paper.next_copy(desk, actor, PRINTED, preflight.SUBJECT, edition)
    printed = desk.papers.room_minutes(replace(made, copy=copy))
    told = {"readiness": made.verdict.readiness.value, on_paper.COPY: copy, on_paper.EDITION: edition}
    title = "Berita acara pemeriksaan ruangan"
    on_paper.print_recorded(
        desk, actor, printed, title, kind=PRINTED, subject=preflight.SUBJECT, told=told, keep=True
    )
    return printed
