"""Logging in, logging out, and the office's accounts."""

from __future__ import annotations

from datetime import timedelta

import pytest

from ktpel_desktop.core.records import Person
from ktpel_desktop.core.roles import Action, Actor, Role
from ktpel_desktop.services import accounts
from tests.services.office import BUDI, GONE, JOKO, PASSWORD, PEOPLE, RATNA, SARI, TONO, World, refused

NEW = Person("wati", "Wati", Role.OPERATOR)
LONG = "sandi yang panjang sekali"


def test_who_logs_in_is_the_person_of_the_account_at_this_pc(world: World) -> None:
    assert accounts.login(world.desk, "budi", PASSWORD, "PC-1") == BUDI
    assert world.events("session.begun") == [("budi", {})]


def test_a_wrong_password_is_refused_and_counted(world: World) -> None:
    with refused("login.wrong"):
        accounts.login(world.desk, "budi", "salah", "PC-1")
    assert world.events("login.failed") == [("budi", {})]
    assert world.events("session.begun") == []


def test_what_was_typed_instead_of_a_name_is_never_journalled(world: World) -> None:
    with refused("login.wrong"):
        accounts.login(world.desk, "rahasia sekali", "budi", "PC-1")
    assert all("rahasia" not in subject for subject, _ in world.events("login.failed"))


def test_an_account_is_locked_after_wrong_passwords_and_opens_again(world: World) -> None:
    for _ in range(4):
        with refused("login.wrong"):
            accounts.login(world.desk, "budi", "salah", "PC-1")
    with refused("login.locked"):
        accounts.login(world.desk, "budi", "salah", "PC-1")
    with refused("login.locked"):
        accounts.login(world.desk, "budi", PASSWORD, "PC-1")
    world.clock.moment += timedelta(hours=1)
    assert accounts.login(world.desk, "budi", PASSWORD, "PC-1") == BUDI


def test_an_inactive_account_stays_outside(world: World) -> None:
    with refused("login.inactive"):
        accounts.login(world.desk, GONE, PASSWORD, "PC-2")


def test_logging_out_is_journalled(world: World) -> None:
    accounts.logout(world.desk, BUDI)
    assert world.events("session.ended") == [("budi", {})]


def test_who_manages_people_sees_them_all(world: World) -> None:
    assert {person.username for person in accounts.people(world.desk, TONO)} == {
        *(actor.username for actor in PEOPLE),
        GONE,
    }


@pytest.mark.parametrize("actor", [SARI, BUDI, JOKO])
def test_others_do_not_see_the_accounts(world: World, actor: Actor) -> None:
    with refused("role.not_allowed"):
        accounts.people(world.desk, actor)


def test_files_go_to_operators_and_results_to_the_counter(world: World) -> None:
    files = accounts.receivers(world.desk, SARI, Action.RECEIVE_FILES)
    results = accounts.receivers(world.desk, BUDI, Action.RECEIVE_RESULTS)
    assert {person.username for person in files} == {"budi", "agus", "ratna"}
    assert {person.username for person in results} == {"sari", "dian"}


def test_a_looker_on_receives_nothing(world: World) -> None:
    with refused("role.not_allowed"):
        accounts.receivers(world.desk, JOKO, Action.RECEIVE_FILES)


def test_a_new_person_can_log_in(world: World) -> None:
    accounts.add_person(world.desk, RATNA, NEW, LONG)
    assert accounts.login(world.desk, "wati", LONG, "PC-1") == Actor("wati", "Wati", Role.OPERATOR, "PC-1")


@pytest.mark.parametrize("username", ["", "w", "Wati", "1wati", "wa ti", "w" * 32])
def test_a_username_of_other_characters_is_refused(world: World, username: str) -> None:
    with refused("person.username"):
        accounts.add_person(world.desk, RATNA, Person(username, "Wati", Role.OPERATOR), LONG)


def test_a_person_without_a_name_is_refused(world: World) -> None:
    with refused("person.name_missing"):
        accounts.add_person(world.desk, RATNA, Person("wati", "  ", Role.OPERATOR), LONG)


def test_a_short_password_is_refused(world: World) -> None:
    with refused("person.password_short"):
        accounts.add_person(world.desk, RATNA, NEW, "pendek")


def test_an_account_cannot_be_made_twice(world: World) -> None:
    with refused("person.exists"):
        accounts.add_person(world.desk, RATNA, Person("budi", "Budi Lain", Role.OPERATOR), LONG)


def test_an_operator_makes_no_accounts(world: World) -> None:
    with refused("role.not_allowed"):
        accounts.add_person(world.desk, BUDI, NEW, LONG)


def test_a_name_stands_for_its_username_also_of_who_left_and_an_unknown_one_for_itself(world: World) -> None:
    with world.desk.unit(BUDI) as unit:
        names = accounts.names(unit)
    assert (names[GONE], names[BUDI.username], names["nobody"]) == ("Lina", BUDI.name, "nobody")
    assert "nobody" not in names
