"""A period as A4 PDF: the days in a table, two charts, services, workload, waiting, and the blanks with their proof."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape

from reportlab.lib.units import mm
from reportlab.platypus import KeepTogether, Paragraph, Spacer, TableStyle

from ktpel_desktop.core.period import PeriodReport
from ktpel_desktop.documents import report_page as page
from ktpel_desktop.documents.copy_mark import marked
from ktpel_desktop.documents.indonesian import card_date, minutes, number, reckoned
from ktpel_desktop.documents.period_charts import issued_by_day, spoiled_by_cause
from ktpel_desktop.documents.period_lines import (
    BLANKS,
    MEDIAN,
    WORK,
    DayColumn,
    hour_name,
    hours_of,
    name_of,
    span_of,
)
from ktpel_desktop.documents.plain_table import PlainTable
from ktpel_desktop.documents.report_page import BOLD, SANS, WIDTH
from ktpel_desktop.documents.report_tables import (
    LISTED,
    SUMMED,
    aligned,
    chain_told,
    report_head,
    signature_places,
    summed,
    tiles,
    together,
    told_counts,
    waiting_table,
)
from ktpel_desktop.spoken import named, word

_SHOWN = frozenset({"kartu_ditarik", "pengecualian", "persetujuan"})
"""Figures that have lines of their own below, and no column in the table of days."""
_DAY_COLUMNS = (*(column for column in WORK if column.key not in _SHOWN), MEDIAN)
_SMALL_HEAD = page.SMALL.clone("small-head", fontName=BOLD, fontSize=7, leading=8.5, textColor=page.ACCENT)
_DATE = 20 * mm
_TILES = (
    ("requests_in", "Permohonan masuk"),
    ("issued", "KTP-el terbit"),
    ("documents_made", "Dokumen dibuat"),
    ("handed_over", "Diserahkan"),
    ("incomplete", "Belum lengkap"),
    ("rejected", "Ditolak"),
)


def period_report(report: PeriodReport, resources: Path) -> bytes:
    """The PDF: the same data always gives the same bytes."""
    page.register_fonts(resources)
    title, span = name_of(report), span_of(report)
    story: list[Any] = [
        *_head(report, title, span),
        tiles([(name, report.total(figure)) for figure, name in _TILES]),
        Spacer(0, 5),
        Paragraph(_pace(report), page.TEXT),
        *issued_by_day(report),
        *_days(report),
        *_services(report),
        *_listed("Kartu rusak menurut sebab", ("Sebab", "Kartu"), named(report.spoiled, "spoil_reason")),
        *spoiled_by_cause(report),
        *told_counts("Kartu terbit yang ditarik dari loket", named(report.withdrawn, "result_reason")),
        *_listed(
            "Beban kerja petugas",
            ("Petugas", "Berkas diambil", "Kartu terbit", "Dokumen dibuat"),
            [(one.name, one.claims, one.cards, one.documents) for one in report.workloads],
            "Urut nama. Angka beban kerja, bukan peringkat; kartu dihitung pada yang memulainya.",
        ),
        *_listed(
            "Menurut jam",
            ("Jam", "Masuk", "Selesai"),
            [(hour_name(hour), came, done) for hour, came, done in hours_of(report)],
        ),
        *_listed(
            "Menunggu pada akhir periode", ("Keadaan", "Permohonan"), named(report.waiting, "request_state")
        ),
        *waiting_table(report.waiting_reasons),
        *_blanks(report),
        *told_counts("Butir ruangan yang dikecualikan", named(report.waivers, "room_item")),
        *told_counts("Persetujuan orang kedua", named(report.approvals, "action")),
        chain_told(report.chain_count, report.chain_head, intact=report.chain_intact),
        KeepTogether(
            [Spacer(0, 10), signature_places(f"{report.place}, …", ("Operator", ""), ("Penyelia", ""))]
        ),
    ]
    frame = page.PageFrame(
        title=f"{title}, {span}",
        author=report.office,
        footer=f"{title} – {report.office} – {span} – rantai {report.chain_head[:16]}",
        training=report.training,
    )
    return page.build(story, frame)


def _head(report: PeriodReport, title: str, span: str) -> list[Any]:
    shifts = f"Sif {number(report.days[0].shift_id)}"
    if len(report.days) > 1:
        shifts += f"–{number(report.days[-1].shift_id)}"
    told = f"{span} &nbsp;·&nbsp; {number(len(report.days))} hari kerja ({shifts}) &nbsp;·&nbsp; {escape(report.place)}"
    training = word("unofficial", "report") if report.training else ""
    return report_head(report.office, title, told, marked(report.copy, training))


def _pace(report: PeriodReport) -> str:
    median = "belum ada" if report.median_minutes is None else minutes(report.median_minutes)
    return (
        f"Median waktu layanan: <b>{median}</b> &nbsp;·&nbsp; "
        f"gangguan jaringan dan SIAK: <b>{minutes(report.total('outage_minutes'))}</b> &nbsp;·&nbsp; "
        f"dibatalkan: <b>{number(report.total('cancelled'))}</b>"
    )


def _days(report: PeriodReport) -> list[Any]:
    total = [
        number(sum(column.of(day) or 0 for day in report.days))
        for column in _DAY_COLUMNS
        if column is not MEDIAN
    ]
    total.append("")  # a median is no sum; that of the period stands at the top
    return _by_day("Menurut hari", report, _DAY_COLUMNS, total)


def _blanks(report: PeriodReport) -> list[Any]:
    """The equation of core.stock for every day and for the period, and what was counted in the cabinet."""
    whole, first = report.balance, report.days[0].carried
    figures = (first, whole.opening - first, whole.received, whole.corrected, whole.loaned)
    went = (whole.issued, whole.spoiled, whole.returned, whole.open, whole.left)
    total = [*map(number, (*figures, *went)), "", ""]
    carried = "cocok" if report.carried_over else "<b>TIDAK COCOK</b>"
    verdict = "seimbang" if report.balanced else "TIDAK SEIMBANG"
    odd = report.differences
    counted = sum(day.counted is not None for day in report.days)
    told = (
        f"Bawaan + saldo awal + terima + koreksi + pinjaman = terbit + rusak + retur + dipegang + sisa: "
        f"{number(sum(figures))} = {number(sum(went))}, <b>{verdict}</b>. "
        f"Sisa dan dipegang setiap hari menjadi bawaan hari berikutnya: {carried}. "
        f"Hitung fisik: {number(counted)} dari {number(len(report.days))} hari kerja, "
        f"<b>{reckoned(odd)}</b> hari berselisih."
    )
    style = [
        ("TEXTCOLOR", (-1, line), (-1, line), page.BAD)
        for line, day in enumerate(report.days, 1)
        if day.difference
    ]
    table = _by_day("Blangko KTP-el", report, BLANKS, total, style)
    return [*table, KeepTogether([Spacer(0, 4), Paragraph(told, page.TEXT)])]


def _by_day(
    title: str,
    report: PeriodReport,
    columns: Sequence[DayColumn],
    total: list[str],
    more: Sequence[Any] = (),
) -> list[Any]:
    each = (WIDTH - _DATE) / len(columns)
    right = aligned(_SMALL_HEAD, 2)
    rows: list[list[Any]] = [
        [Paragraph("Tanggal", _SMALL_HEAD), *(Paragraph(column.name, right) for column in columns)]
    ]
    seen: set[Any] = set()
    for day in report.days:
        again = day.day in seen  # a day that was closed and opened again has two rows
        seen.add(day.day)
        told = f"{card_date(day.day)}{' *' if again or not day.closed else ''}"
        rows.append([told, *(_shown(column.of(day)) for column in columns)])
    rows.append(["Jumlah", *total])
    style = [
        *LISTED,
        ("FONT", (0, 1), (-1, -1), SANS, 8),
        ("LEFTPADDING", (0, 0), (-1, -1), 2),
        ("RIGHTPADDING", (0, 0), (-1, -1), 2),
        ("ALIGN", (1, 0), (-1, -1), "RIGHT"),
        ("VALIGN", (0, 0), (-1, 0), "BOTTOM"),
        *more,
        *SUMMED,
        ("FONT", (0, -1), (-1, -1), BOLD, 8),
    ]
    table = PlainTable(rows, [_DATE, *[each] * len(columns)], repeatRows=1, style=TableStyle(style))
    parts = [Paragraph(title, page.HEADING), table]
    if any("*" in str(row[0]) for row in rows[1:]):
        parts.append(Paragraph("* sif kedua pada tanggal itu, atau hari yang masih dibuka", page.SMALL))
    return parts


def _shown(value: int | None) -> str:
    return "–" if value is None else number(value)


def _services(report: PeriodReport) -> list[Any]:
    rows = [(one.name, one.came, one.done) for one in report.services]
    return _listed("Menurut layanan", ("Layanan", "Masuk", "Selesai"), rows)


def _listed(
    title: str, header: Sequence[str], rows: Sequence[tuple[str, *tuple[int, ...]]], note: str = ""
) -> list[Any]:
    """Words with whole numbers and their sum; nothing but a line where there is no row."""
    heading = Paragraph(title, page.HEADING)
    if not rows:
        return [KeepTogether([heading, Paragraph("Tidak ada.", page.TEXT)])]
    parts = [heading, *([Paragraph(note, page.SMALL), Spacer(0, 2)] if note else [])]
    return together(parts, summed(header, rows), len(rows))
