"""The period as PDF: every figure stands in it, long spans and names too, and the same data gives the same bytes."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from ktpel_desktop.core.period import PeriodReport
from ktpel_desktop.documents.period_report import period_report
from tests.documents.periods import LONG_NAME, LONG_SERVICE, period
from tests.documents.samples import RESOURCES
from tests.documents.test_daily_report import pages


def text(report: PeriodReport) -> str:
    return " ".join(pages(period_report(report, RESOURCES)))


def test_the_words_and_figures_of_a_month() -> None:
    found = text(period())
    for wanted in (
        "Laporan Bulanan Pelayanan",
        "November 2026 · 30 hari kerja (Sif 1–30) · Bangka",
        "Satpel Dukcapil Kelurahan Bangka & Sekitar <Satu>",
        "835 565 234 565 75 43",
        "Median waktu layanan: 1 jam 35 menit",
        "KTP-el terbit menurut hari",
        "02-11-2026 16 1 1 1 7 3 7 2 1 61",
        "Gagal cetak 30",
        "Hilang 15",
        "Urut nama. Angka beban kerja, bukan peringkat",
        "Budi Santoso 912 410 377",
        "08.00–08.59 310 0",
        "Belum lengkap 12",
        "Belum lengkap Surat keterangan hilang dari kepolisian 3",
        "Jumlah 0 500 1.500 −1 0 565 45 60 1 1.328",
        "1.999 = 1.999, seimbang",
        "menjadi bawaan hari berikutnya: cocok",
        "Hitung fisik: 29 dari 30 hari kerja, 1 hari berselisih",
        "48.211 kejadian, utuh",
        "01234567 89abcdef 01234567 89abcdef",
    ):
        assert wanted in found, wanted
    assert "LATIHAN" not in found
    assert LONG_NAME in found
    assert LONG_SERVICE.strip() in found


@pytest.mark.parametrize(
    ("last", "title"),
    [(date(2026, 11, 30), "Laporan Bulanan"), (date(2026, 11, 29), "Laporan Periode")],
)
def test_only_a_whole_month_is_called_one(last: date, title: str) -> None:
    assert title in text(replace(period(), last=last))


def test_five_hundred_days_on_numbered_pages() -> None:
    found = pages(period_report(period(500, training=True), RESOURCES))
    assert len(found) > 20
    for place, page in enumerate(found, 1):
        assert f"Halaman {place} dari {len(found)}" in page
        assert "LATIHAN" in page
    assert "14-03-2028" in " ".join(found)


def test_what_is_wrong_is_said() -> None:
    days = list(period().days)
    days[3] = replace(days[3], carried=days[3].carried + 5)
    found = text(period(days=tuple(days), chain_intact=False))
    assert "TIDAK COCOK" in found
    assert "TIDAK SEIMBANG" in found
    assert "RUSAK – hubungi penyelia" in found


def test_an_empty_day_is_a_page_too() -> None:
    nothing: dict[str, object] = {
        "services": (),
        "workloads": (),
        "accepted_by_hour": {},
        "produced_by_hour": {},
        "waiting": {},
        "waiting_reasons": (),
        "waivers": {},
        "approvals": {},
        "median_minutes": None,
    }
    found = text(period(1, **nothing))
    assert "Tidak ada." in found
    assert "belum ada" in found
    assert "(Sif 1)" in found


def test_the_same_data_gives_the_same_bytes() -> None:
    made = period_report(period(), RESOURCES)
    assert made == period_report(period(), RESOURCES)
    assert made != period_report(period(median_minutes=96), RESOURCES)
