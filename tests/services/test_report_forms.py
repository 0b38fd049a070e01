"""Whatever a period brings: report, plain SQL, workbook, CSV, JSON and the reports of its days tell the same."""

from __future__ import annotations

import csv
import io
import json
import sqlite3
from collections import Counter
from collections.abc import Mapping
from contextlib import closing, suppress
from datetime import date
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from ktpel_desktop.core.errors import PolicyError
from ktpel_desktop.core.period import DayFigures, PeriodReport
from ktpel_desktop.documents.period_csv import period_csv
from ktpel_desktop.documents.period_data import period_data
from ktpel_desktop.documents.period_lines import BLANKS, WORK
from ktpel_desktop.documents.period_xlsx import period_xlsx
from ktpel_desktop.services import handing_over, period_reports, reports
from tests.documents import workbooks
from tests.services.office import BUDI, SARI, World, nik
from tests.services.test_handing_over import HIMSELF
from tests.services.test_period_books import ACTS, act, opened

MORE = st.lists(st.sampled_from(["collect", "document"]), max_size=3)


def collect(world: World, turn: int) -> None:
    """A document made, taken to the counter and handed to its applicant."""
    request = world.at_counter("PINDAH", nik(turn))
    handing_over.hand_over(world.desk, SARI, request.id, HIMSELF)


@settings(max_examples=25, deadline=None)
@given(acts=ACTS, more=MORE)
def test_all_forms_tell_the_same_and_it_is_what_sql_counts(
    office_template: Path, acts: list[tuple[str, int]], more: list[str]
) -> None:
    with opened(office_template) as world:
        for turn, (name, number) in enumerate([*((name, 0) for name in more), *acts]):
            with suppress(PolicyError):
                if name == "collect":
                    collect(world, turn)
                else:
                    act(world, name, number, turn)
        report = period_reports.report(world.desk, BUDI, date(2026, 11, 1), date(2027, 11, 1))
        for day in report.days:
            assert figures(day) == counted(world.store.path, day.shift_id)
            its_own_report_agrees(world, day)
    workbook_agrees(report)
    csv_agrees(report)
    json_agrees(report)


def figures(day: DayFigures) -> dict[str, object]:
    return {
        "requests_in": day.requests_in,
        "incomplete": day.incomplete,
        "rejected": day.rejected,
        "cancelled": day.cancelled,
        "handed_over": day.handed_over,
        "documents_made": day.documents_made,
        "issued": day.issued,
        "spoiled": dict(day.spoiled),
        "approvals": day.approvals,
        "waivers": day.waivers,
        "counted": day.counted,
    }


def counted(path: Path, shift: int) -> dict[str, object]:
    """The same from the journal by SQL alone, between the closings before and of the day."""
    with closing(sqlite3.connect(path)) as database:
        closings = "SELECT max(seq) FROM event WHERE kind = 'shift.closed' AND subject = ?"
        begins = database.execute(closings, (f"shift-{shift - 1}",)).fetchone()[0] or 0
        ends = database.execute(closings, (f"shift-{shift}",)).fetchone()[0] or 1_000_000_000
        span = {"begins": begins, "ends": ends}

        def one(query: str) -> int:
            within = f"{query} AND seq > :begins AND seq <= :ends"
            return int(database.execute(within, span).fetchone()[0])

        def moved(state: str) -> int:
            return one(
                f"SELECT count(*) FROM event WHERE kind = 'request.{state}'"
                " AND json_extract(data, '$.from') IS NOT NULL"
            )

        spoiled = database.execute(
            "SELECT json_extract(data, '$.reason'), count(*) FROM event WHERE kind = 'job.SPOILED'"
            " AND seq > :begins AND seq <= :ends GROUP BY 1",
            span,
        )
        count = database.execute(
            "SELECT json_extract(data, '$.first') FROM event WHERE kind = 'shift.counted' AND seq > :begins"
            " AND seq <= :ends ORDER BY seq DESC LIMIT 1",
            span,
        ).fetchone()
        return {
            "requests_in": one(
                "SELECT count(*) FROM event WHERE kind = 'request.ACCEPTED' AND json_extract(data, '$.from') IS NULL"
            ),
            "incomplete": moved("INCOMPLETE"),
            "rejected": moved("REJECTED"),
            "cancelled": moved("CANCELLED"),
            "handed_over": moved("HANDED_OVER"),
            "documents_made": one(
                "SELECT count(*) FROM event JOIN request ON request.id = event.subject"
                " WHERE kind = 'request.PRODUCED' AND service NOT LIKE 'KTP%'"
            ),
            "issued": one("SELECT count(*) FROM event WHERE kind = 'job.ISSUED'"),
            "spoiled": dict(spoiled.fetchall()),
            "approvals": one("SELECT count(*) FROM event WHERE kind = 'approval.given'"),
            "waivers": one("SELECT count(*) FROM event WHERE kind = 'room.waived'"),
            "counted": None if count is None else int(count[0]),
        }


def its_own_report_agrees(world: World, day: DayFigures) -> None:
    """The daily report of the same shift, replayed on its own."""
    own = reports.daily(world.desk, BUDI, day.shift_id)
    assert (own.requests_in, own.issued, own.documents_made) == (
        day.requests_in,
        day.issued,
        day.documents_made,
    )
    assert (own.handed_over, own.incomplete, own.rejected) == (day.handed_over, day.incomplete, day.rejected)
    assert (own.balance, own.counted, own.spoiled) == (day.balance, day.counted, day.spoiled)
    assert (own.withdrawn, own.median_minutes) == (day.withdrawn, day.median_minutes)
    assert sum(came for _, came, _ in own.services) == day.requests_in


def workbook_agrees(report: PeriodReport) -> None:
    """Every column of every day, and the totals as their formulas come to them."""
    reckoned = workbooks.reckoned(period_xlsx(report))
    for sheet, columns in (("Pelayanan", WORK), ("Blangko", BLANKS)):
        for column in columns:
            *each, total = workbooks.column(reckoned[sheet], column.name)
            assert each == [column.of(day) for day in report.days], column.name
            if sheet == "Pelayanan":
                assert total == sum(column.of(day) or 0 for day in report.days), column.name
    services = reckoned["Layanan"]
    assert services[-1][1:] == [
        sum(one.came for one in report.services),
        sum(one.done for one in report.services),
    ]


def csv_agrees(report: PeriodReport) -> None:
    text = period_csv(report).decode("utf-8-sig")
    lines = list(csv.DictReader(io.StringIO(text, newline=""), delimiter=";"))
    for column in (*WORK, *BLANKS):
        told = {
            int(line["sif"]): int(line["nilai"])
            for line in lines
            if (line["bagian"], line["ukuran"]) == ("hari", column.key)
        }
        known = {day.shift_id: column.of(day) for day in report.days}
        assert told == {shift: value for shift, value in known.items() if value is not None}, column.key
    came = Counter[str]()
    for line in lines:
        if line["bagian"] == "layanan":
            came[line["ukuran"]] += int(line["nilai"])
    assert came["masuk"] == report.total("requests_in")


def json_agrees(report: PeriodReport) -> None:
    told = json.loads(period_data(report))
    assert [day["sif"] for day in told["hari"]] == [day.shift_id for day in report.days]
    for day, said in zip(report.days, told["hari"], strict=True):
        for column in (*WORK, *BLANKS):
            assert _of(said, column.key) == column.of(day), column.key
    for column in WORK:
        assert _of({"pelayanan": told["jumlah"]}, column.key) == sum(
            column.of(day) or 0 for day in report.days
        )
    assert sum(one["masuk"] for one in told["layanan"]) == report.total("requests_in")
    assert told["menunggu"] == dict(report.waiting)
    assert told["blangko"]["sisa"] == report.balance.left


def _of(said: Mapping[str, object], key: str) -> object:
    """A figure where the form has it; causes are summed."""
    for place in (said, said.get("pelayanan", {}), said.get("blangko", {})):
        assert isinstance(place, Mapping)
        if key in place:
            found = place[key]
            return sum(found.values()) if isinstance(found, Mapping) else found
    raise AssertionError(f"{key} is told nowhere")
