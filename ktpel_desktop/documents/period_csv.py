"""A period as CSV (RFC 4180), one figure a line: for databases and pivot tables; the spreadsheet is for reading.

Columns `bagian;tanggal;sif;butir;ukuran;nilai`. Choices: UTF-8 with a byte order mark, without which Excel takes the
file for the PC's old code page; semicolons, since a comma is the decimal sign where this is read; whole numbers without
separators; dates as ISO 8601; lines end in CR LF. A text that a spreadsheet would take for a formula (it begins with
= + - @, a tab or a carriage return) gets an apostrophe before it, as OWASP's "CSV Injection" advises. No totals
over days: a sum among its parts would be counted twice.
"""

from __future__ import annotations

import codecs
import csv
import io
from collections.abc import Iterator

from ktpel_desktop.core.period import PeriodReport
from ktpel_desktop.documents.period_lines import BLANKS, MEDIAN, WORK, hours_of, waiting_lines
from ktpel_desktop.spoken import named

HEADER = ("bagian", "tanggal", "sif", "butir", "ukuran", "nilai")
_FORMULA = ("=", "+", "-", "@", "\t", "\r")

Cell = str | int
Line = tuple[str, str, Cell, str, str, Cell]


def period_csv(report: PeriodReport) -> bytes:
    """The file: the same data always gives the same bytes."""
    out = io.StringIO(newline="")
    writer = csv.writer(out, delimiter=";", lineterminator="\r\n")
    writer.writerow(HEADER)
    for line in lines(report):
        writer.writerow([safe(cell) if isinstance(cell, str) else cell for cell in line])
    return codecs.BOM_UTF8 + out.getvalue().encode("utf-8")


def safe(text: str) -> str:
    """The text so that no spreadsheet takes it for a formula."""
    return f"'{text}" if text.startswith(_FORMULA) else text


def lines(report: PeriodReport) -> Iterator[Line]:
    """Every figure of the period; what is not known (an open day's count) has no line."""
    yield "laporan", "", "", "kantor", "nama", report.office
    yield "laporan", report.first.isoformat(), "", "periode", "pertama", report.first.isoformat()
    yield "laporan", report.last.isoformat(), "", "periode", "terakhir", report.last.isoformat()
    yield "laporan", "", "", "latihan", "ya_tidak", int(report.training)
    yield from _days(report)
    for service in report.services:
        yield "layanan", "", "", service.name, "masuk", service.came
        yield "layanan", "", "", service.name, "selesai", service.done
    for load in report.workloads:
        yield "beban_kerja", "", "", load.name, "berkas", load.claims
        yield "beban_kerja", "", "", load.name, "kartu", load.cards
        yield "beban_kerja", "", "", load.name, "dokumen", load.documents
    for hour, came, done in hours_of(report):
        yield "jam", "", "", f"{hour:02d}", "masuk", came
        yield "jam", "", "", f"{hour:02d}", "selesai", done
    for state, number in named(report.waiting, "request_state"):
        yield "menunggu", "", "", state, "permohonan", number
    for state, why, number in waiting_lines(report.waiting_reasons):
        yield "alasan_menunggu", "", "", f"{state}: {why}", "permohonan", number
    for item, number in named(report.waivers, "room_item"):
        yield "pengecualian", "", "", item, "kali", number
    for act, number in named(report.approvals, "action"):
        yield "persetujuan", "", "", act, "kali", number
    yield "rantai_audit", "", "", "kejadian", "banyaknya", report.chain_count
    yield "rantai_audit", "", "", "kejadian", "sidik_terakhir", report.chain_head
    yield "rantai_audit", "", "", "kejadian", "utuh", int(report.chain_intact)


def _days(report: PeriodReport) -> Iterator[Line]:
    for day in report.days:
        when, shift = day.day.isoformat(), day.shift_id
        for column in (*WORK, MEDIAN):
            if (value := column.of(day)) is not None:
                yield "hari", when, shift, "pelayanan", column.key, value
        for column in BLANKS:
            if (value := column.of(day)) is not None:
                yield "hari", when, shift, "blangko", column.key, value
        for cause, number in named(day.spoiled, "spoil_reason"):
            yield "kartu_rusak", when, shift, cause, "kartu", number
        for why, number in named(day.withdrawn, "result_reason"):
            yield "kartu_ditarik", when, shift, why, "kartu", number
