"""The queue's order and the search box, as statements that an index answers."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Select, bindparam, func, select, text, union_all

from ktpel_desktop.core import ticket
from ktpel_desktop.core.errors import PolicyError
from ktpel_desktop.core.nik import Nik
from ktpel_desktop.core.ports import RequestFilter
from ktpel_desktop.store.schema import LAWFUL_FIRST, REQUEST_IS_OPEN
from ktpel_desktop.store.schema import request as table

_C = table.c
READ = select(
    *(_C.id, _C.number, _C.service, _C.nik, _C.name, _C.accepted_at, _C.accepted_by, _C.state),
    *(_C.kk, _C.phone, _C.documents, _C.priority, _C.reasons, _C.result, _C.claim_by, _C.claim_until),
)
_AFTER_EVERY_NAME = "\U0010ffff"


def in_order(statement: Select[Any]) -> Select[Any]:
    """Lawful priorities first, then by time of acceptance; the id makes the order total."""
    return statement.order_by(text(LAWFUL_FIRST), _C.accepted_at, _C.id)


def still_open(statement: Select[Any]) -> Select[Any]:
    """Requests that have not ended, said as the partial index says it."""
    return statement.where(text(REQUEST_IS_OPEN))


def search(wanted: RequestFilter) -> tuple[Select[Any], dict[str, object]]:
    """The statement for a list and its parameters, less "limit" and "offset"."""
    statement, asked = READ, dict[str, object]()
    if wanted.states:
        states = sorted(state.value for state in wanted.states)
        if len(states) == 1:  # an equality lets the index give the order, too
            statement, asked["state"] = statement.where(_C.state == bindparam("state")), states[0]
        else:
            statement = statement.where(_C.state.in_(bindparam("states", expanding=True)))
            asked["states"] = states
    if wanted.open_only:
        statement = still_open(statement)
    if wanted.claimed_by:
        statement = statement.where(_C.claim_by == bindparam("claimed_by"))
        asked["claimed_by"] = wanted.claimed_by
    if wanted.service:
        statement = statement.where(_C.service == bindparam("service"))
        asked["service"] = wanted.service
    words = " ".join(wanted.text.split())
    if words:
        ids, more = _meant(words)
        statement = statement.where(_C.id.in_(ids))
        asked |= more
    return in_order(statement).limit(bindparam("limit")).offset(bindparam("offset")), asked


def _meant(words: str) -> tuple[Any, dict[str, object]]:
    """Ids of the requests that the words can mean, each way of meaning by its own index."""
    nik = _nik(words)
    if nik is not None:
        return select(_C.id).where(_C.nik == bindparam("nik")), {"nik": nik.reveal()}
    ways = [
        select(_C.id).where(_C.number == func.upper(bindparam("words"))),
        select(_C.id).where(
            func.lower(_C.name) >= func.lower(bindparam("words")),
            func.lower(_C.name) < func.lower(bindparam("words")).concat(_AFTER_EVERY_NAME),
        ),
    ]
    asked: dict[str, object] = {"words": words}
    code = _ticket(words)
    if code is not None:
        ways.append(select(_C.id).where(_C.id == bindparam("ticket")))
        asked["ticket"] = code
    return union_all(*ways), asked


def _nik(words: str) -> Nik | None:
    try:
        return Nik.parse(words)
    except PolicyError:
        return None


def _ticket(words: str) -> str | None:
    try:
        return ticket.parse(words)
    except PolicyError:
        return None
