"""Whatever moves the blanks and however cards end: equations hold, and report, plain SQL and workbook agree."""

from __future__ import annotations

import sqlite3
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from datetime import date, timedelta
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from ktpel_desktop.core.errors import PolicyError
from ktpel_desktop.core.issuance import SpoilReason
from ktpel_desktop.core.period import PeriodReport
from ktpel_desktop.core.request import ENDED
from ktpel_desktop.core.roles import Action
from ktpel_desktop.documents.period_xlsx import period_xlsx
from ktpel_desktop.services import issuing, outbox, period_reports, stock, verifying
from tests.documents import workbooks
from tests.services import office
from tests.services.office import BUDI, World, approved, nik
from tests.services.test_reports import close

ACTS = st.lists(
    st.one_of(
        st.tuples(st.sampled_from(["receive", "give_back", "correct"]), st.integers(-9, 40)),
        st.tuples(st.just("spoil"), st.integers(0, 2)),
        st.tuples(
            st.sampled_from(
                ["issue", "leave_reporting", "deliver", "cancel", "document", "reject", "incomplete"]
            ),
            st.just(0),
        ),
        st.tuples(st.just("next_day"), st.just(0)),
    ),
    min_size=2,
    max_size=9,
)
SPOILED = (SpoilReason.FACTORY_FAULT, SpoilReason.DAMAGED, SpoilReason.MISSING)


@contextmanager
def opened(template: Path) -> Iterator[World]:
    with tempfile.TemporaryDirectory() as folder:
        world = office.copy(template, Path(folder))
        try:
            world.open_day()
            yield world
        finally:
            world.store.close()


def act(world: World, name: str, number: int, turn: int) -> None:
    """One thing that a day may bring; what the rules refuse does not happen."""
    resident = nik(turn)
    if name == "receive":
        stock.receive(world.desk, BUDI, number, f"BAST-{turn}")
    elif name == "give_back":
        stock.give_back(world.desk, BUDI, number, f"BAST-{turn}")
    elif name == "correct":
        leave = approved(Action.STOCK_CORRECTION, stock.SUBJECT)
        stock.correct(world.desk, BUDI, number, "hitung ulang", leave)
    elif name == "issue":
        world.reporting(resident)
        outbox.deliver(world.desk, BUDI)
    elif name == "leave_reporting":
        world.reporting(resident)
    elif name == "deliver":
        outbox.deliver(world.desk, BUDI)
    elif name == "cancel":
        issuing.cancel(world.desk, BUDI, world.reserved(resident).id)
    elif name == "spoil":
        job = world.reserved(resident)
        world.blank_on_reader()
        leave = approved(Action.DESTROY_SPOILED, job.request_id)
        issuing.spoil(world.desk, BUDI, job.id, SPOILED[number], leave)
    elif name == "document":
        world.produced("PINDAH", resident)
    elif name == "reject":
        verifying.decide_reject(world.desk, BUDI, world.claimed(resident=resident).id, ["not_entitled"])
    elif name == "incomplete":
        verifying.decide_incomplete(world.desk, BUDI, world.claimed(resident=resident).id, ["form_unsigned"])
    else:
        close(world)
        world.clock.moment += timedelta(days=1)
        world.open_day()


@settings(max_examples=25, deadline=None)
@given(acts=ACTS)
def test_the_books_hold_whatever_happens(office_template: Path, acts: list[tuple[str, int]]) -> None:
    with opened(office_template) as world:
        for turn, (name, number) in enumerate(acts):
            with suppress(PolicyError):
                act(world, name, number, turn)
        report = period_reports.report(world.desk, BUDI, date(2026, 11, 1), date(2027, 11, 1))
        equations_hold(report)
        plain_sql_agrees(report, world.store.path)
        workbook_agrees(report, period_xlsx(report))


def equations_hold(report: PeriodReport) -> None:
    for one in [*(day.balance for day in report.days), report.balance]:
        came = one.came
        assert came == one.issued + one.spoiled + one.returned + one.open + one.left
        assert one.left >= 0
    assert report.carried_over
    assert report.balanced
    for before, after in zip(report.days, report.days[1:], strict=False):
        assert after.balance.opening == before.balance.left + before.balance.open
        assert before.counted == before.balance.left
    came = report.total("requests_in")
    ended = report.total("handed_over") + report.total("rejected") + report.total("cancelled")
    assert came == ended + sum(report.waiting.values())


def plain_sql_agrees(report: PeriodReport, path: Path) -> None:
    """The tables, which the report never reads, and each day by the events between two closings."""
    with closing(sqlite3.connect(path)) as database:

        def one(query: str, *values: object) -> int:
            return int(database.execute(query, values).fetchone()[0] or 0)

        states = dict(database.execute("SELECT state, count(*) FROM request GROUP BY state").fetchall())
        assert report.total("requests_in") == sum(states.values())
        assert report.waiting == {state: count for state, count in states.items() if state not in ENDED}
        spoiled = database.execute(
            "SELECT spoil_reason, count(*) FROM job WHERE state = 'SPOILED' GROUP BY spoil_reason"
        )
        assert report.spoiled == dict(spoiled.fetchall())
        book = database.execute(
            "SELECT awal, terima, koreksi, pinjaman, terbit, rusak, retur, dipegang, akhir FROM v_blangko"
        ).fetchone()
        whole = report.balance
        assert book == (
            whole.opening,
            whole.received,
            whole.corrected,
            whole.loaned,
            whole.issued,
            whole.spoiled,
            whole.returned,
            whole.open,
            whole.left,
        )
        last = 0
        for day in report.days:
            begins, last = (
                last,
                one("SELECT last_event FROM shift WHERE id = ?", day.shift_id) or 1_000_000_000,
            )
            span = (begins, last)
            moved = "SELECT sum(quantity) FROM movement WHERE kind = ? AND event_seq > ? AND event_seq <= ?"
            happened = "SELECT count(*) FROM event WHERE kind = ? AND seq > ? AND seq <= ?"
            assert one(moved, "TERIMA", *span) == day.balance.received
            assert one(moved, "RETUR", *span) == day.balance.returned
            assert one(moved, "KOREKSI", *span) == day.balance.corrected
            assert one(happened, "job.ISSUED", *span) == day.issued
            assert one(happened, "request.REJECTED", *span) == day.rejected
            assert one(happened, "request.INCOMPLETE", *span) == day.incomplete
            left_at_end = (
                "SELECT (SELECT coalesce(sum(CASE kind WHEN 'RETUR' THEN -quantity ELSE quantity END), 0)"
                " FROM movement WHERE event_seq <= ?1)"
                " - (SELECT count(*) FROM event WHERE kind = 'job.RESERVED' AND seq <= ?1"
                "    AND json_extract(data, '$.from') IS NULL)"
                " + (SELECT count(*) FROM event WHERE kind = 'job.CANCELLED' AND seq <= ?1)"
            )
            assert one(left_at_end, last) == day.balance.left


def workbook_agrees(report: PeriodReport, xlsx: bytes) -> None:
    """What the file keeps is what its formulas come to, and both are what the report says."""
    kept, reckoned = workbooks.kept(xlsx), workbooks.reckoned(xlsx)
    assert kept == reckoned
    work, books = reckoned["Pelayanan"], reckoned["Blangko"]
    for name, figure in (
        ("Masuk", "requests_in"),
        ("KTP-el terbit", "issued"),
        ("Dokumen dibuat", "documents_made"),
        ("Ditolak", "rejected"),
        ("Belum lengkap", "incomplete"),
    ):
        assert workbooks.column(work, name)[-1] == report.total(figure)
    whole = report.balance
    for name, value in (
        ("Terima", whole.received),
        ("Koreksi", whole.corrected),
        ("Terbit", whole.issued),
        ("Rusak", whole.spoiled),
        ("Retur", whole.returned),
        ("Dipegang", whole.open),
        ("Sisa", whole.left),
    ):
        assert workbooks.column(books, name)[-1] == value
    assert workbooks.column(books, "Sisa")[:-1] == [day.balance.left for day in report.days]
    assert workbooks.column(books, "Selisih")[:-1] == [day.difference for day in report.days]
    causes = {row[0]: row[1] for row in reckoned["Kartu rusak"]}
    assert causes["Jumlah"] == sum(report.spoiled.values())
    summary = {row[0]: row[1] for row in reckoned["Ringkasan"]}
    assert summary["KTP-el terbit"] == report.total("issued")
    assert summary["Blangko: sisa"] == whole.left
