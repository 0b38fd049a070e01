"""queue.*: what an operator asks of a full database, against the bare SQL statement that gives the same rows."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path

from ktpel_desktop.bootstrap import DATABASE
from ktpel_desktop.core.records import RequestFilter
from ktpel_desktop.core.request import RequestState
from ktpel_desktop.services import queries
from ktpel_desktop.training.people import OPERATOR
from ktpel_desktop.ui.pages.queue import SHOWN
from tests.bench import history
from tests.bench import office as offices
from tests.bench.measure import Figure, Peer, compare, timed

REQUESTS = 1_000_000
RUNS = 30
TIMES = 20
TO_WORK_ON = frozenset({RequestState.WITH_OPERATOR, RequestState.VERIFIED})
ORDER = f"ORDER BY (priority = 'NORMAL'), accepted_at, id LIMIT {SHOWN}"
PEER = "the bare SQL statement by sqlite3, rows fetched and left as they are"


def measure(folder: Path, runs: int | None, count: int = REQUESTS) -> list[Figure]:
    """queue.first_page, .find_number, .find_nik, .find_name, each with .sqlite."""
    history.requests(folder / DATABASE, count)
    nik, name = history.nik_of(count // 2), history.name_of(count // 2)
    asked: tuple[tuple[str, RequestFilter, str, tuple[str, ...]], ...] = (
        (
            "first_page",
            RequestFilter(TO_WORK_ON, open_only=True),
            "state IN ('WITH_OPERATOR', 'VERIFIED') AND state NOT IN ('CANCELLED', 'HANDED_OVER', 'REJECTED')",
            (),
        ),
        ("find_number", RequestFilter(text="A-012"), "number = ?", ("A-012",)),
        ("find_nik", RequestFilter(text=nik), "nik = ?", (nik,)),
        ("find_name", RequestFilter(text=name), "lower(name) = lower(?)", (name,)),
    )
    with offices.opened(folder) as office, closing(sqlite3.connect(folder / DATABASE)) as bare:
        figures = []
        for short, wanted, where, values in asked:
            sql = f"SELECT {_COLUMNS} FROM request WHERE {where} {ORDER}"

            def ours(wanted: RequestFilter = wanted) -> Sequence[object]:
                return queries.queue(office.desk, OPERATOR, wanted, SHOWN)

            def peer(sql: str = sql, values: tuple[str, ...] = values) -> Sequence[object]:
                return bare.execute(sql, values).fetchall()

            rows = len(ours())
            if rows != len(peer()) or not rows:
                raise AssertionError(f"{short}: {rows} rows, and {len(peer())} by the bare statement")
            figures.append(
                compare(
                    f"queue.{short}.sqlite",
                    timed(ours, TIMES),
                    Peer(PEER, timed(peer, TIMES)),
                    runs=RUNS if runs is None else runs,
                    target=2.0,
                    note=f"{rows} rows of {count:,} requests, as the queue page asks for them: a unit, checked"
                    " numbers, Request objects.",
                    facts={"rows": rows, "requests": count},
                )
            )
        return figures


_COLUMNS = (
    "id, number, service, nik, name, accepted_at, accepted_by, state, kk, phone, documents, priority, reasons,"
    " result, claim_by, claim_until"
)
