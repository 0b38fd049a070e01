"""Databases as years leave them, written in bulk: rows and hash chain are whole, no service was asked."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from ktpel_desktop.core import ticket
from ktpel_desktop.core.audit import GENESIS, Event, event_hash
from ktpel_desktop.core.request import RequestState
from ktpel_desktop.store.columns import json_text, moment_text
from ktpel_desktop.store.sql_store import SqlStore

START = datetime(2016, 1, 4, 1, 0, tzinfo=UTC)
A_DAY = 300
SERVICE = "KK-UBAH"
FIRST = ("AGUS", "BUDI", "CITRA", "DEWI", "EKO", "FITRI", "GUNAWAN", "HENDRA", "INDAH", "JOKO")
MIDDLE = ("ADI", "BAYU", "CAHYA", "DIAN", "ENDAH", "FAJAR", "GALIH", "HADI", "INTAN", "KURNIA")
LAST = ("SANTOSO", "RAHAYU", "WIJAYA", "LESTARI", "NUGROHO", "SARI", "PRATAMA", "HIDAYAT", "SIREGAR", "LUBIS")
OPEN_AT_END = 400
_S = RequestState
LIFE = (_S.ACCEPTED, _S.WITH_OPERATOR, _S.VERIFIED, _S.PRODUCED, _S.AT_COUNTER, _S.HANDED_OVER)


def ticket_of(number: int) -> str:
    """Spread over the alphabet as random ones are."""
    return ticket.from_number(number * 7_368_787 % 32**11)


def nik_of(number: int) -> str:
    """A possible NIK of nobody: sequences from 9001 on."""
    day, month, year = number % 28 + 1, number // 28 % 12 + 1, number // 336 % 100
    return f"3174{number // 33_600 % 10 + 1:02}{day:02}{month:02}{year:02}{9001 + number // 336_000 % 999:04}"


def name_of(number: int) -> str:
    """One of ten thousand names."""
    words = FIRST[number % 10], MIDDLE[number // 10 % 10], LAST[number // 100 % 10]
    return f"{' '.join(words)} {chr(ord('A') + number // 1000 % 10)}"


def number_of(number: int) -> str:
    """The counter number, begun again every day."""
    return f"A-{number % A_DAY + 1:03}"


def accepted(number: int) -> datetime:
    return START + timedelta(days=number // A_DAY, minutes=number % A_DAY)


def requests(path: Path, count: int) -> None:
    """A database with so many requests; all have ended but the newest."""
    with _bulk(path) as connection:
        connection.execute(
            "INSERT INTO event VALUES (1, ?, 'sari', 'loket', 'PC-1', 'note', 'bench', '{}', NULL, ?, ?)",
            (moment_text(START), GENESIS, "0" * 64),
        )
        connection.executemany(
            f"INSERT INTO request VALUES ({', '.join('?' * 17)})",
            (_row(number, _now(number, count)) for number in range(count)),
        )


def chain(path: Path, count: int) -> None:
    """A database whose chain tells the lives of so many requests for a document, in days opened and closed."""
    with _bulk(path) as connection:
        connection.executemany(
            "INSERT INTO event VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", _event_rows(_lives(count))
        )
        connection.execute(
            "INSERT INTO shift SELECT 1, at, actor, seq, NULL, NULL, NULL FROM event WHERE kind = 'shift.opened'"
        )


class _bulk:  # noqa: N801 - used as a verb
    """The new database without its rules and indexes until everything is in."""

    def __init__(self, path: Path) -> None:
        SqlStore.open(path, at=START, synchronous="OFF").close()
        self._connection = sqlite3.connect(path, isolation_level=None)

    def __enter__(self) -> sqlite3.Connection:
        connection = self._connection
        connection.execute("PRAGMA journal_mode=OFF")
        connection.execute("PRAGMA synchronous=OFF")
        self._left_out = connection.execute(
            "SELECT type, name, sql FROM sqlite_master WHERE type IN ('trigger', 'index') AND sql NOT NULL"
        ).fetchall()
        for kind, name, _ in self._left_out:
            connection.execute(f"DROP {kind} {name}")
        connection.execute("BEGIN")
        return connection

    def __exit__(self, *failure: object) -> None:
        with closing(self._connection) as connection:
            if failure[0] is None:
                for _, _, sql in self._left_out:
                    connection.execute(sql)
                connection.execute("COMMIT")
                connection.execute("PRAGMA journal_mode=WAL")


def _now(number: int, count: int) -> RequestState:
    """Where the request is today: of the newest, most lie with the operator."""
    if number < count - OPEN_AT_END:
        return _S.HANDED_OVER
    return (_S.WITH_OPERATOR, _S.WITH_OPERATOR, _S.VERIFIED, _S.AT_COUNTER)[number % 4]


def _row(number: int, state: RequestState) -> tuple[object, ...]:
    ids = ticket_of(number), number_of(number), SERVICE, nik_of(number), name_of(number)
    came = moment_text(accepted(number)), "sari", state.value, f"317405{number % 10**10:010}", ""
    return (*ids, *came, '["KK-LAMA","FORM-F1"]', "NORMAL", "[]", "", None, None, 1)


def _lives(count: int) -> Iterator[Event]:
    yield _event(START, "shift.opened", "shift-1")
    for first in range(0, count, A_DAY):
        day = range(first, min(first + A_DAY, count))
        for step, state in enumerate(LIFE):
            for number in day:
                said = _accepted(number) if step == 0 else {"from": LIFE[step - 1].value}
                at = accepted(number) + timedelta(minutes=step)
                yield _event(at, f"request.{state.value}", ticket_of(number), said)


def _accepted(number: int) -> Mapping[str, object]:
    return {"number": number_of(number), "service": SERVICE, "priority": "NORMAL"}


def _event(at: datetime, kind: str, subject: str, said: Mapping[str, object] | None = None) -> Event:
    return Event(0, at, "sari", "loket", "PC-1", kind, subject, said or {})


def _event_rows(events: Iterator[Event]) -> Iterator[tuple[object, ...]]:
    previous = GENESIS
    for seq, plain in enumerate(events, 1):
        event = replace(plain, seq=seq, previous=previous)
        previous = event_hash(event)
        who = event.seq, moment_text(event.at), event.actor, event.role, event.pc
        what = event.kind, event.subject, json_text(event.data), None
        yield *who, *what, event.previous, previous
