"""report.daily, report.period: PDFs with 300 rows. report.linear, report.memory: the figures of a long history."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Sequence
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta, timezone
from functools import partial
from io import BytesIO
from pathlib import Path

from reportlab import rl_config
from reportlab.lib.pagesizes import A4
from reportlab.platypus import SimpleDocTemplate, Table, TableStyle

from ktpel_desktop import resource_files
from ktpel_desktop.bootstrap import DATABASE
from ktpel_desktop.core.daily import DailyReport
from ktpel_desktop.core.period import PeriodReport
from ktpel_desktop.core.stock import BlankBalance
from ktpel_desktop.documents import report_page
from ktpel_desktop.documents.daily_report import daily_report
from ktpel_desktop.documents.period_lines import BLANKS, MEDIAN, WORK, DayColumn
from ktpel_desktop.documents.period_report import period_report
from ktpel_desktop.services import reports
from ktpel_desktop.training.people import PENYELIA
from tests.bench import history
from tests.bench import office as offices
from tests.bench.measure import Figure, Peer, compare, figure, timed
from tests.documents.periods import period

ROWS = 300
RUNS = 15
LINEAR_RUNS = 5
SHORT, LONG = 10_000, 100_000
_REPORT = """
import resource, sys
from pathlib import Path
from ktpel_desktop.services import reports
from ktpel_desktop.training.people import PENYELIA
from tests.bench import office
with office.opened(Path(sys.argv[1])) as made:
    reports.daily(made.desk, PENYELIA)
print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)
"""
WIB = timezone(timedelta(hours=7))
AT = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)


def measure_pdf(folder: Path, runs: int | None) -> list[Figure]:
    """report.daily."""
    report = _day()
    resources = resource_files.root()
    report_page.register_fonts(resources)
    return [
        compare(
            "report.daily",
            timed(lambda: daily_report(report, resources, WIB)),
            Peer(
                f"the table of {ROWS} rows alone in bare reportlab, same fonts and style",
                timed(lambda: _bare(report)),
            ),
            runs=RUNS if runs is None else runs,
            target=1.3,
            note="The whole report: head, figures, table, blanks, room, chain, signatures, page numbers.",
        )
    ]


def measure_period(folder: Path, runs: int | None) -> list[Figure]:
    """report.period."""
    report = period(ROWS)
    resources = resource_files.root()
    report_page.register_fonts(resources)
    return [
        compare(
            "report.period",
            timed(lambda: period_report(report, resources)),
            Peer(
                f"its two tables of {ROWS} days alone in bare reportlab, same fonts and style",
                timed(lambda: _bare_tables(*map(partial(_days, report), ((*WORK, MEDIAN), BLANKS)))),
            ),
            runs=RUNS if runs is None else runs,
            target=1.3,
            note="The whole report: head, charts, both tables of days, lists, chain, signatures, page numbers.",
        )
    ]


def measure_linear(folder: Path, runs: int | None, short: int = SHORT, long: int = LONG) -> list[Figure]:
    """report.linear: the ratio may not exceed that of the histories by more than a tenth. report.memory: flat."""
    for count in (short, long):
        (folder / str(count)).mkdir()
        history.chain(folder / str(count) / DATABASE, count)
    most = [[_peak(folder / str(count))] for count in (long, short)]
    with ExitStack() as stack:
        few, many = (stack.enter_context(offices.opened(folder / str(count))).desk for count in (short, long))
        if (requests := reports.daily(many, PENYELIA).requests_in) != long:
            raise AssertionError(f"the report counts {requests} of {long} requests")
        return [
            compare(
                "report.linear",
                timed(lambda: reports.daily(many, PENYELIA)),
                Peer(f"the same over {short:,} requests", timed(lambda: reports.daily(few, PENYELIA))),
                runs=LINEAR_RUNS if runs is None else runs,
                target=11.0 * long / short / 10,
                note=f"The figures of a day over {long:,} requests with {len(history.LIFE)} events each, the"
                " chain's hashes computed again.",
            ),
            figure(
                "report.memory",
                *most,
                unit="MB",
                peer=f"the same over {short:,} requests",
                target=1.1,
                note=f"The most that a process of its own ever held while it made the figures over {long:,} requests.",
            ),
        ]


def _peak(folder: Path) -> float:
    """Megabytes."""
    told = subprocess.run(
        [sys.executable, "-c", _REPORT, folder], check=True, capture_output=True, text=True, timeout=600
    )
    return int(told.stdout) / 1024


def _day() -> DailyReport:
    return DailyReport(
        office="Satpel Dukcapil Kelurahan Grogol Selatan",
        place="Grogol Selatan",
        date=AT,
        shift_id=41,
        requests_in=1187,
        issued=96,
        documents_made=54,
        handed_over=133,
        incomplete=12,
        rejected=3,
        waiting={"WITH_OPERATOR": 4, "WAITING_SIAK": 7},
        spoiled={"GAGAL_ENCODE": 1},
        services=[(f"Layanan nomor {row} di loket", row, row % 7) for row in range(ROWS)],
        balance=BlankBalance(1200, 500, -1, 96, 3, 0, 2),
        counted=1598,
        oldest_waiting_days=3,
        median_minutes=125,
        room=(),
        outage_minutes=45,
        chain_count=1834,
        chain_head="0123456789abcdef" * 4,
        chain_intact=True,
        closed_by="Dewi Lestari",
        signed_by="",
        training=False,
    )


def _days(report: PeriodReport, columns: Sequence[DayColumn]) -> tuple[list[list[str]], list[float]]:
    rows = [["Tanggal", *(column.name for column in columns)]]
    rows += [[f"{day.day:%d-%m-%Y}", *(str(column.of(day)) for column in columns)] for day in report.days]
    return rows, [60.0, *[(report_page.WIDTH - 60) / len(columns)] * len(columns)]


def _bare(report: DailyReport) -> bytes:
    rows = [
        ["Layanan", "Masuk", "Selesai"],
        *([name, str(came), str(done)] for name, came, done in report.services),
    ]
    return _bare_tables((rows, [report_page.WIDTH - 160, 80, 80]))


def _bare_tables(*tables: tuple[list[list[str]], list[float]]) -> bytes:
    style = [
        ("FONT", (0, 0), (-1, -1), report_page.SANS, 9),
        ("FONT", (0, 0), (-1, 0), report_page.BOLD, 8.5),
        ("TEXTCOLOR", (0, 0), (-1, -1), report_page.INK),
        ("BACKGROUND", (0, 0), (-1, 0), report_page.GROUND),
        ("LINEBELOW", (0, 0), (-1, -1), 0.4, report_page.LINE),
        ("ALIGN", (1, 0), (-1, -1), "RIGHT"),
    ]
    out = BytesIO()
    ours, rl_config.useA85 = rl_config.useA85, 1  # reportlab as it comes
    try:
        story = [Table(rows, widths, repeatRows=1, style=TableStyle(style)) for rows, widths in tables]
        SimpleDocTemplate(out, pagesize=A4).build(story)
    finally:
        rl_config.useA85 = ours
    return out.getvalue()
