"""A period as spreadsheet, CSV and JSON: right types, right totals, nothing that acts as a formula, the same bytes."""

from __future__ import annotations

import csv
import io
import json
from dataclasses import replace
from pathlib import Path

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ktpel_desktop.core.period import Form, PeriodReport, ServiceFigures, Workload
from ktpel_desktop.documents.exchange_form import schema_of
from ktpel_desktop.documents.period_csv import HEADER, period_csv, safe
from ktpel_desktop.documents.period_data import LaporanPeriode, period_data
from ktpel_desktop.documents.period_xlsx import period_xlsx
from ktpel_desktop.documents.writer import PaperWriter
from tests.documents import workbooks
from tests.documents.periods import FIRST, period
from tests.documents.samples import RESOURCES
from tests.services.desks import OFFICE

COMMANDS_BEGIN = ("=", "+", "-", "@", "\t", "\r")
COMMANDS = ("=1+1", "+62812", "-5", "@SUM(A1)", "\tx", "\rx")


def lines(report: PeriodReport) -> list[dict[str, str]]:
    text = period_csv(report).decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text, newline=""), delimiter=";"))


# ---------------------------------------------------------------- workbook


@pytest.mark.parametrize("count", [1, 2, 30, 500])
def test_what_the_file_keeps_is_what_its_formulas_come_to(count: int) -> None:
    report = period(count)
    made = period_xlsx(report)
    assert workbooks.kept(made) == workbooks.reckoned(made)
    work, books = workbooks.kept(made)["Pelayanan"], workbooks.kept(made)["Blangko"]
    assert len(work) == len(books) == count + 2
    assert workbooks.column(work, "Masuk")[-1] == report.total("requests_in")
    assert workbooks.column(books, "Sisa")[-1] == report.balance.left
    assert workbooks.column(books, "Sisa")[-2] == report.days[-1].balance.left


def test_cells_have_their_types() -> None:
    kept = workbooks.kept(period_xlsx(period()))
    first = kept["Blangko"][1]
    assert str(first[0]) == "2026-11-01 00:00:00"
    assert first[1:4] == [1, "ditutup", 0]
    assert kept["Blangko"][30][2] == "masih dibuka"
    assert kept["Blangko"][30][-2:] == [None, None]
    assert {row[0]: row[1] for row in kept["Ringkasan"]}["Rantai audit"] == "utuh"


def test_every_sheet_has_a_frozen_header_and_is_ready_to_print() -> None:
    book = openpyxl.load_workbook(io.BytesIO(period_xlsx(period())))
    assert len(book.sheetnames) == 12
    for sheet in book:
        assert sheet.freeze_panes == "A2"
        assert sheet.print_title_rows == "$1:$1"
        assert (sheet.page_setup.paperSize, sheet.page_setup.fitToHeight) == (9, 0)
        assert "Halaman" in str(sheet.oddFooter.right.text)


def test_no_name_becomes_a_formula_or_an_address() -> None:
    odd = tuple(ServiceFigures(str(at), name, 1, 1) for at, name in enumerate(("=1+1", "https://contoh.id")))
    made = period_xlsx(period(2, services=odd))
    sheet = openpyxl.load_workbook(io.BytesIO(made))["Layanan"]
    assert (sheet["A2"].value, sheet["A2"].data_type) == ("=1+1", "s")
    assert sheet["A3"].hyperlink is None


def test_the_workbook_of_the_same_data_has_the_same_bytes() -> None:
    assert period_xlsx(period()) == period_xlsx(period())
    assert period_xlsx(period()) != period_xlsx(period(median_minutes=96))


# ---------------------------------------------------------------- CSV


def test_the_csv_is_for_spreadsheets_here() -> None:
    made = period_csv(period())
    assert made.startswith(b"\xef\xbb\xbf" + ";".join(HEADER).encode())
    assert made.count(b"\r\n") == made.count(b"\n") > 500
    assert made == period_csv(period())


def test_the_csv_adds_up_to_the_report() -> None:
    report = period()
    found = lines(report)

    def total(part: str, measure: str) -> int:
        return sum(
            int(line["nilai"]) for line in found if (line["bagian"], line["ukuran"]) == (part, measure)
        )

    assert total("hari", "ktp_terbit") == report.total("issued")
    assert total("hari", "terbit") == report.balance.issued
    assert total("kartu_rusak", "kartu") == total("hari", "kartu_rusak") == sum(report.spoiled.values())
    assert total("beban_kerja", "berkas") == sum(one.claims for one in report.workloads)
    last = FIRST.replace(day=30).isoformat()
    assert not [line for line in found if (line["tanggal"], line["ukuran"]) == (last, "hitung_fisik")]


@pytest.mark.parametrize("name", COMMANDS)
def test_a_name_in_the_csv_is_no_formula(name: str) -> None:
    found = lines(period(2, workloads=(Workload(name, 1, 2, 3),)))
    assert [line["butir"] for line in found if line["bagian"] == "beban_kerja"] == [f"'{name}"] * 3


@given(st.text())
def test_no_text_begins_as_a_formula(text: str) -> None:
    assert not safe(text).startswith(COMMANDS_BEGIN)
    assert safe(text).removeprefix("'") == text.removeprefix("'")


def test_a_negative_number_stays_a_number() -> None:
    corrected = [line["nilai"] for line in lines(period()) if line["ukuran"] == "koreksi"]
    assert "-1" in corrected


# ---------------------------------------------------------------- JSON


def test_the_schema_is_the_committed_one() -> None:
    assert (RESOURCES / "laporan" / "periode.schema.json").read_text("utf-8") == schema_of(LaporanPeriode)


def test_the_data_are_by_the_schema_and_add_up() -> None:
    report = period()
    made = period_data(report)
    read = LaporanPeriode.model_validate_json(made)
    assert read.jumlah.ktp_terbit == sum(day.pelayanan.ktp_terbit for day in read.hari)
    assert read.blangko.sisa == read.hari[-1].blangko.sisa == report.balance.left
    for books in (read.blangko, *(day.blangko for day in read.hari)):
        came = books.bawaan + books.saldo_awal + books.terima + books.koreksi
        assert came == books.terbit + books.rusak + books.retur + books.dipegang + books.sisa
    assert (read.seimbang, read.latihan, read.dari) == (True, False, FIRST)
    assert json.loads(made)["hari"][-1]["hitung_fisik"] is None
    assert made == period_data(period())


def test_broken_books_are_told() -> None:
    days = list(period().days)
    days[3] = replace(days[3], carried=days[3].carried + 5)
    assert json.loads(period_data(period(days=tuple(days))))["seimbang"] is False


# ---------------------------------------------------------------- the writer


@pytest.mark.parametrize(
    ("form", "begins"),
    [(Form.PDF, b"%PDF-"), (Form.XLSX, b"PK"), (Form.CSV, b"\xef\xbb\xbf"), (Form.JSON, b"{")],
)
def test_the_writer_makes_every_form(form: Form, begins: bytes) -> None:
    assert PaperWriter(Path(RESOURCES), OFFICE).period(period(3), form).startswith(begins)
