"""A period as rows of a table: what each column is called, where its figure comes from, and codes in words.

Spreadsheet, CSV and PDF tell the same columns under the same names.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from ktpel_desktop.core.period import DayFigures, PeriodReport, WaitingReason
from ktpel_desktop.documents.indonesian import MONTHS, plain_date
from ktpel_desktop.spoken import reason, word


@dataclass(frozen=True, slots=True)
class DayColumn:
    """One figure of a day; `key` is its name in data files."""

    key: str
    name: str
    of: Callable[[DayFigures], int | None]


WORK: tuple[DayColumn, ...] = (
    DayColumn("permohonan_masuk", "Masuk", lambda day: day.requests_in),
    DayColumn("belum_lengkap", "Belum lengkap", lambda day: day.incomplete),
    DayColumn("ditolak", "Ditolak", lambda day: day.rejected),
    DayColumn("dibatalkan", "Dibatalkan", lambda day: day.cancelled),
    DayColumn("ktp_terbit", "KTP-el terbit", lambda day: day.issued),
    DayColumn("dokumen_dibuat", "Dokumen dibuat", lambda day: day.documents_made),
    DayColumn("diserahkan", "Diserahkan", lambda day: day.handed_over),
    DayColumn("kartu_rusak", "Kartu rusak", lambda day: sum(day.spoiled.values())),
    DayColumn("kartu_ditarik", "Kartu ditarik", lambda day: sum(day.withdrawn.values())),
    DayColumn("gangguan_menit", "Gangguan (menit)", lambda day: day.outage_minutes),
    DayColumn("pengecualian", "Pengecualian", lambda day: day.waivers),
    DayColumn("persetujuan", "Persetujuan", lambda day: day.approvals),
)
"""What can be summed over days."""

MEDIAN = DayColumn("median_menit", "Median (menit)", lambda day: day.median_minutes)

CAME: tuple[DayColumn, ...] = (
    DayColumn("bawaan", "Bawaan", lambda day: day.carried),
    DayColumn("saldo_awal", "Saldo awal", lambda day: day.opened_books),
    DayColumn("terima", "Terima", lambda day: day.balance.received),
    DayColumn("koreksi", "Koreksi", lambda day: day.balance.corrected),
    DayColumn("pinjaman", "Pinjaman", lambda day: day.balance.loaned),
)
WENT: tuple[DayColumn, ...] = (
    DayColumn("terbit", "Terbit", lambda day: day.balance.issued),
    DayColumn("rusak", "Rusak", lambda day: day.balance.spoiled),
    DayColumn("retur", "Retur", lambda day: day.balance.returned),
    DayColumn("dipegang", "Dipegang", lambda day: day.balance.open),
)
LEFT = DayColumn("sisa", "Sisa", lambda day: day.balance.left)
COUNTED = DayColumn("hitung_fisik", "Hitung fisik", lambda day: day.counted)
DIFFERENCE = DayColumn("selisih", "Selisih", lambda day: day.difference)
BLANKS: tuple[DayColumn, ...] = (*CAME, *WENT, LEFT, COUNTED, DIFFERENCE)
"""The equation of the blanks: CAME together is WENT together and LEFT."""


def name_of(report: PeriodReport) -> str:
    """ "Laporan Bulanan Pelayanan" for a month of the calendar, else "Laporan Periode Pelayanan"."""
    return f"Laporan {'Bulanan' if report.is_month else 'Periode'} Pelayanan"


def span_of(report: PeriodReport) -> str:
    """ "November 2026", "23 November 2026" or "1 November 2026 – 15 November 2026"."""
    if report.is_month:
        return f"{MONTHS[report.first.month - 1]} {report.first.year}"
    if report.first == report.last:
        return plain_date(report.first)
    return f"{plain_date(report.first)} – {plain_date(report.last)}"


def waiting_lines(reasons: Sequence[WaitingReason]) -> list[tuple[str, str, int]]:
    """State, reason and number, in words. The name of a missing document is its own word already."""
    return [
        (word("request_state", one.state), one.reason if one.is_paper else reason(one.reason), one.count)
        for one in reasons
    ]


def hours_of(report: PeriodReport) -> list[tuple[int, int, int]]:
    """Hour, accepted and produced, from the first hour with anything to the last."""
    seen = {*report.accepted_by_hour, *report.produced_by_hour}
    hours = range(min(seen), max(seen) + 1) if seen else range(0)
    return [
        (hour, report.accepted_by_hour.get(hour, 0), report.produced_by_hour.get(hour, 0)) for hour in hours
    ]


def hour_name(hour: int) -> str:
    """ "08.00–08.59"."""
    return f"{hour:02d}.00–{hour:02d}.59"
