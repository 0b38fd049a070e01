"""The one table of roles and actions."""

from __future__ import annotations

import pytest

from ktpel_desktop.core.errors import PolicyError
from ktpel_desktop.core.roles import (
    ALLOWED,
    SECOND_PERSON,
    Action,
    Actor,
    Role,
    may,
    require,
    require_approved,
)

SITI = Actor("siti", "Siti Contoh", Role.OPERATOR, "PC-1")
BUDI = Actor("budi", "Budi Contoh", Role.PENYELIA, "PC-1")
RINA = Actor("rina", "Rina Contoh", Role.LOKET, "PC-2")


def test_every_role_has_actions_and_every_action_a_role() -> None:
    assert set(ALLOWED) == set(Role)
    assert frozenset().union(*ALLOWED.values()) == frozenset(Action)


def test_the_penyelia_may_do_what_an_operator_does() -> None:
    assert ALLOWED[Role.OPERATOR] < ALLOWED[Role.PENYELIA]


@pytest.mark.parametrize("role", [Role.ADMIN, Role.PEMANTAU])
def test_who_sees_no_residents(role: Role) -> None:
    touching = {
        Action.SEE_RESIDENTS, Action.REVEAL_NIK, Action.INTAKE, Action.CLAIM, Action.VERIFY, Action.ISSUE,
        Action.HAND_OVER_RESULT, Action.READ_AUDIT,
    }  # fmt: skip
    assert not ALLOWED[role] & touching


def test_counter_and_print_room_are_kept_apart() -> None:
    assert not ALLOWED[Role.LOKET] & {Action.VERIFY, Action.ISSUE, Action.HAND_RESULTS_OVER}
    for role in (Role.OPERATOR, Role.PENYELIA):
        assert not ALLOWED[role] & {Action.INTAKE, Action.HAND_OVER_RESULT}


def test_only_the_penyelia_approves_and_signs() -> None:
    for action in (Action.APPROVE, Action.SIGN_REPORT):
        assert [role for role in Role if action in ALLOWED[role]] == [Role.PENYELIA]


def test_second_person_acts() -> None:
    assert {
        Action.REPRINT, Action.NOT_PRINTED, Action.DESTROY_SPOILED, Action.STOCK_CORRECTION,
        Action.PRINT_OUT_OF_HOURS, Action.WAIVE_ROOM, Action.RELEASE_CLAIM,
    } == SECOND_PERSON  # fmt: skip


def test_require() -> None:
    assert may(RINA, Action.INTAKE)
    require(RINA, Action.INTAKE)
    with pytest.raises(PolicyError) as caught:
        require(RINA, Action.ISSUE)
    assert caught.value.code == "role.not_allowed"


@pytest.mark.parametrize(
    ("actor", "approver", "code"),
    [
        (SITI, None, "role.second_person_missing"),
        (BUDI, BUDI, "role.second_person_same"),
        (SITI, RINA, "role.not_allowed"),
        (RINA, BUDI, "role.not_allowed"),
    ],
)
def test_approvals_that_are_none(actor: Actor, approver: Actor | None, code: str) -> None:
    with pytest.raises(PolicyError) as caught:
        require_approved(actor, approver, Action.REPRINT)
    assert caught.value.code == code


def test_an_approval() -> None:
    require_approved(SITI, BUDI, Action.REPRINT)
