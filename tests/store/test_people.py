"""Accounts: what is kept of a password, and what five wrong ones do even though every try is rolled back."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta

import pytest
from argon2 import PasswordHasher
from sqlalchemy.exc import IntegrityError

from ktpel_desktop.core.audit import check_chain
from ktpel_desktop.core.errors import PolicyError
from ktpel_desktop.core.issuance import Job, JobState
from ktpel_desktop.core.records import Person
from ktpel_desktop.core.roles import Role
from ktpel_desktop.store.people import LOCK
from ktpel_desktop.store.sql_store import SqlStore
from tests.store.database import MORNING, OPERATOR, add_blanks, later
from tests.store.raw import again, attacker, refusal

SARI = Person("sari", "Sari Wulandari", Role.OPERATOR)
GONE = Person("lina", "Lina", Role.LOKET, active=False)


@pytest.fixture
def staffed(store: SqlStore) -> SqlStore:
    """Two accounts, one of them no longer active."""
    with store.unit(OPERATOR, MORNING) as unit:
        unit.people.add(SARI, "benar sekali")
        unit.people.add(GONE, "dulu benar")
    return store


def try_in(store: SqlStore, password: str, at: datetime = MORNING, username: str = "sari") -> str:
    """The answer to one login, each in a unit of its own that a refusal rolls back."""
    try:
        with store.unit(OPERATOR, at) as unit:
            unit.people.authenticate(username, password)
    except PolicyError as refused:
        return refused.code
    return "ok"


def test_a_start_learns_whether_anybody_can_log_in(store: SqlStore) -> None:
    assert not store.has_accounts()
    with store.unit(OPERATOR, MORNING) as unit:
        unit.people.add(SARI, "benar sekali")
    assert store.has_accounts()


def kinds(store: SqlStore) -> list[str]:
    with store.unit(OPERATOR, MORNING) as unit:
        assert check_chain(unit.events.all()).intact
        return [event.kind for event in unit.events.all() if event.kind.startswith("login.")]


@contextmanager
def kept(store: SqlStore) -> Iterator[tuple[object, ...]]:
    with attacker(store) as db:
        yield db.execute(
            "SELECT password, failures, locked_until FROM person WHERE username = 'sari'"
        ).fetchone()


def test_the_right_password_gives_the_person(staffed: SqlStore) -> None:
    with staffed.unit(OPERATOR, MORNING) as unit:
        assert unit.people.authenticate("sari", "benar sekali") == SARI
        assert unit.people.authenticate("  SARI ", "benar sekali") == SARI
        assert unit.people.list() == [GONE, SARI]
    assert kinds(staffed) == ["login.ok", "login.ok"]


def test_only_an_argon2id_hash_is_kept(staffed: SqlStore) -> None:
    with kept(staffed) as (password, *_):
        assert str(password).startswith("$argon2id$")
    with staffed.unit(OPERATOR, MORNING) as unit:
        told = " ".join(str(event) for event in unit.events.all())
    assert "benar" not in told
    assert "argon" not in told


def test_an_account_is_one_whatever_its_spelling(staffed: SqlStore) -> None:
    with staffed.unit(OPERATOR, MORNING) as unit, refusal("person.exists"):
        unit.people.add(Person("Sari", "Sari Dua", Role.PENYELIA), "x")


def test_wrong_tries_are_counted_though_their_units_are_rolled_back(staffed: SqlStore) -> None:
    assert [try_in(staffed, "salah") for _ in range(4)] == ["login.wrong"] * 4
    with kept(staffed) as (_, failures, _until):
        assert failures == 4
    assert try_in(staffed, "benar sekali") == "ok"
    with kept(staffed) as (_, failures, _until):
        assert failures == 0
    assert kinds(staffed) == ["login.failed"] * 4 + ["login.ok"]


def test_a_refusal_that_the_caller_catches_is_counted_once(staffed: SqlStore) -> None:
    with staffed.unit(OPERATOR, MORNING) as unit:
        with refusal("login.wrong"):
            unit.people.authenticate("sari", "salah")
        unit.record("test.more", "x")
    with kept(staffed) as (_, failures, _until):
        assert failures == 1
    assert kinds(staffed) == ["login.failed"]


def test_nothing_else_of_a_refused_unit_is_kept(staffed: SqlStore) -> None:
    with refusal("login.wrong"), staffed.unit(OPERATOR, MORNING) as unit:
        unit.record("test.before", "x")
        unit.people.authenticate("sari", "salah")
    with staffed.unit(OPERATOR, MORNING) as unit:
        assert "test.before" not in [event.kind for event in unit.events.all()]


def test_a_try_is_counted_though_the_commit_of_its_unit_was_refused(staffed: SqlStore) -> None:
    with pytest.raises(AssertionError), staffed.unit(OPERATOR, MORNING) as unit:
        with refusal("login.wrong"):
            unit.people.authenticate("sari", "salah")
        add_blanks(unit)
        with pytest.raises(IntegrityError):  # a bug of ours later in the same unit
            unit.jobs.open(Job("j", "nobody", JobState.ENCODED, "o", "d", MORNING, "sari"))
    with kept(staffed) as (_, failures, _until):
        assert failures == 1


def test_five_wrong_tries_lock_for_five_minutes(staffed: SqlStore) -> None:
    assert [try_in(staffed, "salah") for _ in range(5)] == ["login.wrong"] * 4 + ["login.locked"]
    assert try_in(staffed, "benar sekali", MORNING + LOCK - timedelta(seconds=1)) == "login.locked"
    assert kinds(staffed) == ["login.failed"] * 5 + ["login.locked"]
    assert try_in(staffed, "salah", MORNING + LOCK) == "login.wrong"
    with kept(staffed) as (_, failures, until):
        assert (failures, until) == (1, None)
    assert try_in(staffed, "benar sekali", MORNING + LOCK) == "ok"


def test_the_lock_holds_for_another_program_too(staffed: SqlStore) -> None:
    for _ in range(5):
        try_in(staffed, "salah")
    with again(staffed) as other:
        assert try_in(other, "benar sekali", later(1)) == "login.locked"


def test_an_inactive_account_is_told_to_its_holder_only(staffed: SqlStore) -> None:
    assert try_in(staffed, "dulu benar", username="lina") == "login.inactive"
    assert try_in(staffed, "salah", username="lina") == "login.wrong"


def test_an_unknown_name_costs_a_hash_and_is_not_written_down(
    staffed: SqlStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    hashed, costs = PasswordHasher.hash, []

    def costly(hasher: PasswordHasher, password: str) -> str:
        costs.append("hash")
        return hashed(hasher, password)

    monkeypatch.setattr(PasswordHasher, "hash", costly)
    assert try_in(staffed, "x", username="Rahasia123!") == "login.wrong"
    assert costs == ["hash"]
    with staffed.unit(OPERATOR, MORNING) as unit:
        failed = [event for event in unit.events.all() if event.kind == "login.failed"]
        assert [event.subject for event in failed] == ["?"]
        assert "Rahasia" not in str(failed)


def test_a_dearer_hash_replaces_a_cheap_one_at_the_next_login(staffed: SqlStore) -> None:
    with kept(staffed) as (before, *_):
        pass
    with again(staffed, PasswordHasher(time_cost=2, memory_cost=16, parallelism=1)) as dear:
        assert try_in(dear, "benar sekali") == "ok"
        with kept(dear) as (after, *_):
            assert after != before
            assert "m=16,t=2" in str(after)
        assert try_in(dear, "benar sekali") == "ok"
