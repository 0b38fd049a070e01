"""Cards held for destruction and the destructions themselves. Why a card is invalid is read where that was decided."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection, Text, bindparam, cast, exists, func, literal, null, select, text, union_all

from ktpel_desktop.core.destruction import (
    DESTROYED,
    OF_OLD_CARD,
    OF_RESULT,
    Cause,
    Deed,
    Destruction,
    HeldCard,
    Witness,
    subject,
)
from ktpel_desktop.core.errors import PolicyError
from ktpel_desktop.core.issuance import JobState, SpoilReason
from ktpel_desktop.core.request import RequestState
from ktpel_desktop.core.spoiled import spoil_class
from ktpel_desktop.core.subject import canonical_json
from ktpel_desktop.store.chain import Chain
from ktpel_desktop.store.columns import json_strings, json_text, moment, moment_text
from ktpel_desktop.store.schema import (
    SOMETHING_GIVEN_UP,
    destroyed,
    destruction,
    event,
    handover,
    job,
    request,
)
from ktpel_desktop.store.statements import Statement, insert_into

_J, _R, _H, _D = job.c, request.c, handover.c, destruction.c
_SPOILED, _TAKEN_BACK, _GIVEN_UP = "spoiled", "taken back", "given up"

_INVALID = union_all(
    select(
        *(_J.id.label("card"), _J.request_id, literal(_SPOILED).label("origin")),
        *(_J.spoil_reason.label("why"), event.c.at.label("since"), _J.chip_serial),
    )
    .join(event, event.c.seq == _J.event_seq)
    .where(_J.state == JobState.SPOILED.value, _J.spoil_reason != SpoilReason.MISSING.value),
    select(
        *(_J.id, _J.request_id, literal(_TAKEN_BACK), _R.reasons, event.c.at, _J.chip_serial),
    )
    .select_from(request)
    .join(job, _J.request_id == _R.id)
    .join(event, event.c.seq == _R.event_seq)
    # A request with an issued card is cancelled in one way only: its result was taken back at the counter.
    .where(_R.state == RequestState.CANCELLED.value, _J.state == JobState.ISSUED.value),
    *(
        select(
            *(_H.request_id + f"/{code}", _H.request_id, literal(_GIVEN_UP)),
            *(literal(code), _H.at, cast(null(), Text)),
        ).where(text(SOMETHING_GIVEN_UP), _H.withdrawn.like(f'%"{code}"%'))
        for code in OF_OLD_CARD
    ),
).subquery("invalid")
_I = _INVALID.c
_OLDEST_FIRST = (_I.since, _I.card)
_HELD = Statement(
    select(_INVALID).where(~exists().where(destroyed.c.card == _I.card)).order_by(*_OLDEST_FIRST)
)
_CARDS = Statement(
    select(_INVALID)
    .join(destroyed, destroyed.c.card == _I.card)
    .where(destroyed.c.event_seq == bindparam("destruction"))
    .order_by(*_OLDEST_FIRST)
)
_NEXT = Statement(select(func.coalesce(func.max(_D.number), 0) + 1).where(_D.year == bindparam("year")))
_COUNT = (
    select(func.count()).select_from(destroyed).where(destroyed.c.event_seq == _D.event_seq).scalar_subquery()
)
_READ = select(
    *(_D.event_seq, _D.year, _D.number, _D.at, _D.by, _D.approver),
    *(_D.place, _D.way, _D.executors, _D.witnesses, _COUNT),
)
_ALL = Statement(_READ.order_by(_D.event_seq.desc()))
_GET = Statement(_READ.where(_D.event_seq == bindparam("destruction")))
_INSERT, _INSERT_CARD = insert_into(destruction), insert_into(destroyed)


class Destructions:
    """Implements core.records.Destructions."""

    def __init__(self, connection: Connection, chain: Chain) -> None:
        self._connection = connection
        self._chain = chain

    def held(self) -> Sequence[HeldCard]:
        """Every card that must be destroyed and was not yet, the longest held first."""
        return [_held(row) for row in _HELD.rows(self._connection)]

    def next_number(self, year: int) -> int:
        """The number after the year's highest; race-free, because the unit holds the write lock."""
        return int(_NEXT.run(self._connection, year=year).scalar() or 1)

    def add(self, year: int, deed: Deed, cards: Sequence[HeldCard], approver: str) -> Destruction:
        """Event, destruction and cards in one. Raises PolicyError "destruction.not_held"."""
        if not {card.id for card in cards} <= {card.id for card in self.held()}:
            raise PolicyError("destruction.not_held")
        number, at = self.next_number(year), self._chain.at
        said = {"cards": [card.id for card in cards]}
        told = self._chain.record(DESTROYED, subject(year, number), said, approver)
        _INSERT.run(
            self._connection,
            event_seq=told.seq,
            year=year,
            number=number,
            at=moment_text(at),
            by=self._chain.actor.username,
            approver=approver,
            place=deed.place,
            way=deed.way,
            executors=json_text(deed.executors),
            witnesses=canonical_json([[one.name, one.office] for one in deed.witnesses]).decode(),
        )
        for card in cards:
            _INSERT_CARD.run(self._connection, card=card.id, request_id=card.request_id, event_seq=told.seq)
        return self.get(told.seq)

    def all(self) -> Sequence[Destruction]:
        """The newest first."""
        return [_destruction(row) for row in _ALL.rows(self._connection)]

    def get(self, destruction: int) -> Destruction:
        """Raises PolicyError "destruction.unknown"."""
        row = _GET.run(self._connection, destruction=destruction).first()
        if row is None:
            raise PolicyError("destruction.unknown")
        return _destruction(row)

    def cards(self, destruction: int) -> Sequence[HeldCard]:
        """What was destroyed then, the longest held first."""
        return [_held(row) for row in _CARDS.rows(self._connection, destruction=destruction)]


def _held(row: Sequence[Any]) -> HeldCard:
    card, request_id, origin, why, since, serial = row
    return HeldCard(card, request_id, _cause(origin, why), moment(since), serial)


def _cause(origin: str, why: str) -> Cause:
    if origin == _SPOILED:
        return Cause(spoil_class(why).value)
    return OF_RESULT[json_strings(why)[0]] if origin == _TAKEN_BACK else OF_OLD_CARD[why]


def _destruction(row: Sequence[Any]) -> Destruction:
    seq, year, number, at, by, approver, place, way, executors, witnesses, cards = row
    seen_by = tuple(Witness(*one) for one in json.loads(witnesses))
    deed = Deed(place, way, json_strings(executors), seen_by)
    return Destruction(seq, year, number, moment(at), by, approver, deed, cards)
