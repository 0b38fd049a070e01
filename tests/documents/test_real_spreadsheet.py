"""A real spreadsheet program opens every workbook that the program writes, and comes to the report's totals."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import pytest

from ktpel_desktop.documents.period_xlsx import period_xlsx
from tests.documents import libreoffice, workbooks
from tests.documents.periods import period

pytestmark = [
    pytest.mark.real,
    pytest.mark.xdist_group("soffice"),
    pytest.mark.skipif(libreoffice.SOFFICE is None, reason="no LibreOffice (soffice) on this machine"),
]

WORKBOOKS: dict[str, Callable[[], bytes]] = {
    "a month": lambda: period_xlsx(period(30)),
    "500 days": lambda: period_xlsx(period(500)),
    "one day, nothing in the lists": lambda: period_xlsx(
        period(1, services=(), workloads=(), waiting={}, waiting_reasons=(), waivers={}, approvals={})
    ),
}


def shown(value: object) -> str:
    """A kept cell as LibreOffice writes it into a file of values."""
    if value is None:
        return ""
    return f"{value:%m/%d/%Y}" if isinstance(value, datetime) else str(value)


@pytest.mark.parametrize("make", WORKBOOKS.values(), ids=WORKBOOKS.keys())
def test_every_cell_comes_to_what_the_file_keeps(make: Callable[[], bytes], tmp_path: Path) -> None:
    """The kept values are the report's figures (test_period_files.py, test_period_books.py)."""
    made = make()
    found = libreoffice.opened(libreoffice.without_values(made), tmp_path)
    kept = workbooks.kept(made)
    assert set(found) == set(kept)
    for name, rows in kept.items():
        assert found[name] == [list(map(shown, row)) for row in rows], name


def test_the_totals_are_the_reports_figures(tmp_path: Path) -> None:
    report = period(60)
    found = libreoffice.opened(libreoffice.without_values(period_xlsx(report)), tmp_path)

    def total(sheet: str, column: str) -> int:
        header, *_, last = found[sheet]
        assert last[0] == "Jumlah"
        return int(last[header.index(column)])

    whole = report.balance
    expected = {
        ("Pelayanan", "Masuk"): report.total("requests_in"),
        ("Pelayanan", "KTP-el terbit"): report.total("issued"),
        ("Pelayanan", "Dokumen dibuat"): report.total("documents_made"),
        ("Pelayanan", "Ditolak"): report.total("rejected"),
        ("Blangko", "Terima"): whole.received,
        ("Blangko", "Koreksi"): whole.corrected,
        ("Blangko", "Terbit"): whole.issued,
        ("Blangko", "Rusak"): whole.spoiled,
        ("Blangko", "Retur"): whole.returned,
        ("Blangko", "Dipegang"): whole.open,
        ("Blangko", "Sisa"): whole.left,
        ("Kartu rusak", "Kartu"): sum(report.spoiled.values()),
        ("Layanan", "Masuk"): sum(one.came for one in report.services),
        ("Layanan", "Selesai"): sum(one.done for one in report.services),
        ("Beban kerja", "Berkas diambil"): sum(one.claims for one in report.workloads),
        ("Per jam", "Masuk"): sum(report.accepted_by_hour.values()),
        ("Menunggu", "Permohonan"): sum(report.waiting.values()),
        ("Pengecualian", "Kali"): sum(report.waivers.values()),
        ("Persetujuan", "Kali"): sum(report.approvals.values()),
    }
    assert {place: total(*place) for place in expected} == expected
    summary = {row[0]: row[1] for row in found["Ringkasan"]}
    assert int(summary["Masuk"]) == report.total("requests_in")
    assert int(summary["Blangko: sisa"]) == whole.left


def test_a_sum_that_leaves_a_row_out_is_seen(tmp_path: Path) -> None:
    """This test can fail: a workbook whose formula is wrong comes to something else here."""
    made = period_xlsx(period(3))
    wrong = libreoffice.edited(made, rb"SUM\(D2:D4\)", b"SUM(D2:D3)")
    assert wrong != made
    found = libreoffice.opened(libreoffice.without_values(wrong), tmp_path)
    assert found["Pelayanan"][-1][3] != shown(workbooks.kept(made)["Pelayanan"][-1][3])
