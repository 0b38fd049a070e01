"""The register of blanks as pages: every line with its figures, long names, many pages, copies."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta, timezone

from ktpel_desktop.core.register import RegisterLine, StockRegister
from ktpel_desktop.core.serials import SerialRange
from ktpel_desktop.documents.stock_register import stock_register
from tests.documents.samples import RESOURCES
from tests.documents.test_daily_report import pages

WIB = timezone(timedelta(hours=7))
AT = datetime(2026, 11, 23, 1, 5, tzinfo=UTC)
LINES = (
    RegisterLine(
        AT, "TERIMA", "BAST/12/XI/2026", 500, 0, 1700, "Dewi Lestari", serials=SerialRange("AB0001", "AB0500")
    ),
    RegisterLine(AT, "PAKAI", "", 0, 96, 1604, "Budi Santoso"),
    RegisterLine(AT, "GAGAL_CETAK", "A-012", 0, 1, 1603, "Budi Santoso"),
    RegisterLine(AT, "PINJAM_KELUAR", "BAST/P/3", 0, 30, 1573, "Dewi Lestari", note="Kelurahan Senen"),
)
REGISTER = StockRegister("Satpel <Dukcapil> & Co", "Gambir", date(2026, 11, 1), 1200, LINES, 0, False)


def found(told: StockRegister) -> list[str]:
    return pages(stock_register(told, RESOURCES, WIB))


def test_lines_balance_and_equation() -> None:
    (page,) = found(REGISTER)
    for wanted in (
        "Buku Blangko KTP-el November 2026 · Gambir",
        "Saldo sebelumnya 1.200",
        "23-11-2026",
        "AB0001–AB0500 500 1.700",
        "96 1.604",
        "Rusak: gagal cetak A-012 1 1.603",
        "Kelurahan Senen",
        "1.200 + 500 − 127 = 1.573",
        "Halaman 1 dari 1",
    ):
        assert wanted in page, wanted
    assert "SALINAN" not in page
    assert "LATIHAN" not in page


def test_a_copy_in_training_says_both() -> None:
    (page,) = found(replace(REGISTER, copy=2, training=True))
    assert "SALINAN ke-2" in page
    assert "LATIHAN" in page


def test_many_lines_and_long_names_go_on_over_pages() -> None:
    long = replace(LINES[0], by="Raden Ajeng " * 8, document="BAST/" + "9" * 60, note="Kelurahan " * 12)
    told = found(replace(REGISTER, lines=(long, *LINES * 60)))
    assert len(told) > 5
    assert all("Jenis mutasi" in page for page in told[:-1])
    assert f"Halaman {len(told)} dari {len(told)}" in told[-1]


def test_the_same_lines_give_the_same_bytes() -> None:
    assert stock_register(REGISTER, RESOURCES, WIB) == stock_register(replace(REGISTER), RESOURCES, WIB)
