"""The queue's order and the search box, as statements that an index answers."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from typing import Any, TypeVar

from sqlalchemy import Select, and_, bindparam, func, select, text, union_all

from ktpel_desktop.core import ticket
from ktpel_desktop.core.errors import PolicyError
from ktpel_desktop.core.nik import Nik
from ktpel_desktop.core.records import RequestFilter
from ktpel_desktop.core.request import RequestState
from ktpel_desktop.store.schema import LAWFUL_FIRST, REQUEST_IS_OPEN, listed
from ktpel_desktop.store.schema import request as table
from ktpel_desktop.store.statements import Statement

Parsed = TypeVar("Parsed")

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


def search(wanted: RequestFilter) -> tuple[Statement, dict[str, object]]:
    """The statement for a list and its parameters, less "limit" and "offset"."""
    asked: dict[str, object] = {"claimed_by": wanted.claimed_by, "service": wanted.service}
    asked |= _meant(" ".join(wanted.text.split()))
    asked = {name: value for name, value in asked.items() if value}
    return _statement(wanted.states, wanted.open_only, frozenset(asked)), asked


@lru_cache(maxsize=256)
def _statement(states: frozenset[RequestState], open_only: bool, asked: frozenset[str]) -> Statement:
    """The statement that takes the parameters `asked`. Screens ask in few shapes, so each is compiled once."""
    found = READ
    if len(states) == 1:  # an equality lets the index give the order, too
        found = found.where(_C.state == next(iter(states)).value)
    elif states:
        found = found.where(text(f"state IN ({listed(states)})"))
    if open_only:
        found = still_open(found)
    if "claimed_by" in asked:
        found = found.where(_C.claim_by == bindparam("claimed_by"))
    if "service" in asked:
        found = found.where(_C.service == bindparam("service"))
    ways = [select(_C.id).where(condition) for name, condition in _WAYS.items() if name in asked]
    if ways:  # each way of meaning by its own index
        found = found.where(_C.id.in_(union_all(*ways)))
    return Statement(in_order(found).limit(bindparam("limit")).offset(bindparam("offset")))


_WAYS = {
    "nik": _C.nik == bindparam("nik"),
    "ticket": _C.id == bindparam("ticket"),
    "number": _C.number == bindparam("number"),
    "name": and_(
        func.lower(_C.name) >= func.lower(bindparam("name")),
        func.lower(_C.name) < func.lower(bindparam("name")).concat(bindparam("after_every_name")),
    ),
}


def _meant(words: str) -> dict[str, object]:
    """What the words of the search box can mean: a full NIK, or a name, number or ticket."""
    if not words:
        return {}
    nik = _parsed(Nik.parse, words)
    if nik is not None:
        return {"nik": nik.reveal()}
    return {
        "name": words,
        "after_every_name": _AFTER_EVERY_NAME,
        "number": words.upper(),
        "ticket": _parsed(ticket.parse, words),
    }


def _parsed(parse: Callable[[str], Parsed], words: str) -> Parsed | None:
    try:
        return parse(words)
    except PolicyError:
        return None
