"""The knock of each minute: was the line up? What the room check's share of 24 hours is counted from."""

from __future__ import annotations

from ktpel_desktop.core import roles
from ktpel_desktop.core.availability import PROBE_EVERY, LineState, Moment
from ktpel_desktop.core.roles import Action, Actor
from ktpel_desktop.services.desk import Desk

EVERY = PROBE_EVERY


def probe(desk: Desk, actor: Actor) -> LineState | None:
    """Knock once and keep what it said; None in a room whose line nobody watches. A few seconds.

    Raises PolicyError "role.not_allowed", and StoreError: never for what a network does.
    """
    roles.require(actor, Action.ROOM_CHECK)
    if desk.line is None:
        return None
    state = desk.line.probe()
    with desk.unit(actor) as unit:
        unit.room.add_moment(Moment(unit.at, state))
    return state
