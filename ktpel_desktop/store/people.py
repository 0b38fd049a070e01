"""Accounts: Argon2id hashes, wrong passwords counted, five of them lock for five minutes.

Names are told apart without regard to case, so that nobody is their own second person.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from argon2 import PasswordHasher
from argon2.exceptions import VerifyMismatchError
from sqlalchemy import Connection, bindparam, func, select, update

from ktpel_desktop.core.errors import PolicyError
from ktpel_desktop.core.records import Person
from ktpel_desktop.core.roles import Role
from ktpel_desktop.store.chain import Chain
from ktpel_desktop.store.columns import optional_moment, optional_moment_text
from ktpel_desktop.store.schema import person as table
from ktpel_desktop.store.statements import Statement, insert_into

MOST_FAILURES = 5
LOCK = timedelta(minutes=5)
NOBODY = "?"
"""Subject of a failed login without an account: what was typed may be a password in the wrong field."""

_C = table.c
_READ = select(_C.username, _C.name, _C.role, _C.active)
_LIST = Statement(_READ.order_by(func.lower(_C.username)))
_ACCOUNT = Statement(
    select(*(_C.username, _C.name, _C.role, _C.active, _C.password, _C.failures, _C.locked_until)).where(
        func.lower(_C.username) == func.lower(bindparam("name"))
    )
)
_INSERT = insert_into(table)
_COUNTED = Statement(
    update(table)
    .where(_C.username == bindparam("account"))
    .values(failures=bindparam("count"), locked_until=bindparam("until"))
)
_REHASHED = Statement(
    update(table).where(_C.username == bindparam("account")).values(password=bindparam("hash"))
)


class People:
    """Implements core.records.People. `failed` are the accounts whose failed logins this unit has counted."""

    def __init__(self, connection: Connection, chain: Chain, hasher: PasswordHasher) -> None:
        self._connection = connection
        self._chain = chain
        self._hasher = hasher
        self.failed: list[str] = []

    def add(self, person: Person, password: str) -> None:
        """Raises PolicyError "person.exists"."""
        username = person.username.strip()
        if _ACCOUNT.run(self._connection, name=username).first() is not None:
            raise PolicyError("person.exists", username=username)
        self._chain.record("person.added", username, {"role": person.role.value})
        _INSERT.run(
            self._connection,
            username=username,
            name=person.name,
            role=person.role.value,
            active=int(person.active),
            password=self._hasher.hash(password),
            failures=0,
            locked_until=None,
        )

    def list(self) -> Sequence[Person]:
        """Every account, by name."""
        rows = _LIST.run(self._connection)
        return [Person(username, name, Role(role), bool(active)) for username, name, role, active in rows]

    def authenticate(self, username: str, password: str) -> Person:
        """Raises PolicyError "login.wrong", "login.locked", "login.inactive"."""
        row = _ACCOUNT.run(self._connection, name=username.strip()).first()
        if row is None:
            self._hasher.hash(
                password
            )  # costs what a check costs, so that time does not tell who has an account
            self._refuse(NOBODY)
            raise PolicyError("login.wrong")
        account, name, role, active, digest, _, locked_until = row
        until = optional_moment(locked_until)
        if until is not None and self._chain.at < until:
            raise PolicyError("login.locked", until=until)
        try:
            self._hasher.verify(digest, password)
        except VerifyMismatchError:
            if self._refuse(account):
                raise PolicyError("login.locked", until=self._chain.at + LOCK) from None
            raise PolicyError("login.wrong") from None
        if not active:  # told only to who knows the password
            raise PolicyError("login.inactive", username=account)
        self._forgive(account, digest, password)
        return Person(account, name, Role(role), active=True)

    def count_failure(self, account: str) -> bool:
        """Count one wrong password and tell the chain; whether the account is locked now."""
        self._chain.record("login.failed", account)
        row = _ACCOUNT.run(self._connection, name=account).first()
        if row is None:
            return False
        locks = bool(row.failures + 1 >= MOST_FAILURES)
        if locks:
            self._chain.record("login.locked", account)
        until = self._chain.at + LOCK if locks else None
        self._set_count(account, 0 if locks else row.failures + 1, optional_moment_text(until))
        return locks

    def _refuse(self, account: str) -> bool:
        self.failed.append(account)
        return self.count_failure(account)

    def _forgive(self, account: str, digest: str, password: str) -> None:
        self._set_count(account, 0, None)
        if self._hasher.check_needs_rehash(
            digest
        ):  # the cost was raised since: the password is at hand just now
            _REHASHED.run(self._connection, account=account, hash=self._hasher.hash(password))
        self._chain.record("login.ok", account)

    def _set_count(self, account: str, failures: int, until: str | None) -> None:
        _COUNTED.run(self._connection, account=account, count=failures, until=until)
