"""Who works here: logging in and out, and the office's accounts."""

from __future__ import annotations

import re

from ktpel_desktop.core import roles
from ktpel_desktop.core.errors import PolicyError
from ktpel_desktop.core.records import Person, UnitOfWork
from ktpel_desktop.core.roles import Action, Actor, Role
from ktpel_desktop.services.desk import Desk

SHORTEST_PASSWORD = 10
"""Characters; length counts for more than kinds of characters (NIST SP 800-63B 5.1.1)."""

_USERNAME = re.compile(r"[a-z][a-z0-9._-]{1,30}")


def login(desk: Desk, username: str, password: str, pc: str) -> Actor:
    """The person who sits down at a PC. Refusals are counted and journalled by the store.

    Raises PolicyError "login.wrong", "login.locked", "login.inactive".
    """
    with desk.unit(Actor("-", "-", Role.PEMANTAU, pc)) as unit:
        person = unit.people.authenticate(username, password)
    actor = Actor(person.username, person.name, person.role, pc)
    with desk.unit(actor) as unit:
        unit.record("session.begun", actor.username)
    return actor


def logout(desk: Desk, actor: Actor) -> None:
    """The person leaves the PC. Everybody may."""
    with desk.unit(actor) as unit:
        unit.record("session.ended", actor.username)


def people(desk: Desk, actor: Actor) -> tuple[Person, ...]:
    """All accounts, for who manages them. Raises PolicyError "role.not_allowed"."""
    roles.require(actor, Action.MANAGE_PEOPLE)
    with desk.unit(actor) as unit:
        return tuple(unit.people.list())


class Names(dict[str, str]):
    """Names by username; one that the office does not know stands for itself."""

    def __missing__(self, username: str) -> str:
        return username


def names(unit: UnitOfWork) -> Names:
    """Everybody of the office, also who left: papers of long ago name them."""
    return Names((person.username, person.name) for person in unit.people.list())


def receivers(desk: Desk, actor: Actor, action: Action) -> tuple[Person, ...]:
    """Active people to whom something can be handed: RECEIVE_FILES (step 2) or RECEIVE_RESULTS (step 6).

    Raises PolicyError "role.not_allowed".
    """
    roles.require(actor, Action.SEE_RESIDENTS)
    with desk.unit(actor) as unit:
        return tuple(
            person for person in unit.people.list() if person.active and action in roles.ALLOWED[person.role]
        )


def add_person(desk: Desk, actor: Actor, person: Person, password: str) -> None:
    """A new account.

    Raises PolicyError "role.not_allowed", "person.username", "person.name_missing", "person.password_short",
    "person.exists" (whatever the case of its letters).
    """
    roles.require(actor, Action.MANAGE_PEOPLE)
    if not _USERNAME.fullmatch(person.username):
        raise PolicyError("person.username")
    if not person.name.strip():
        raise PolicyError("person.name_missing")
    if len(password) < SHORTEST_PASSWORD:
        raise PolicyError("person.password_short", shortest=SHORTEST_PASSWORD)
    with desk.unit(actor) as unit:
        unit.people.add(person, password)
