"""A period as a workbook (XLSX): dates and whole numbers as such, totals as formulas with their values beside them.

Each sheet is one table from A1 on, its header frozen and repeated on every printed page. A program that does not reckon
(a viewer, a mail preview) shows the kept values; one that does comes to the same. No text is ever taken for a formula
or an address.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time
from io import BytesIO

from xlsxwriter import Workbook
from xlsxwriter.format import Format
from xlsxwriter.utility import xl_col_to_name, xl_rowcol_to_cell
from xlsxwriter.worksheet import Worksheet

from ktpel_desktop.core.period import PeriodReport
from ktpel_desktop.documents.indonesian import number
from ktpel_desktop.documents.period_lines import (
    BLANKS,
    CAME,
    LEFT,
    MEDIAN,
    WENT,
    WORK,
    hour_name,
    hours_of,
    name_of,
    span_of,
    waiting_lines,
)
from ktpel_desktop.spoken import named, word

_A4, _NARROWEST, _WIDEST = 9, 9, 60
WORK_SHEET, BLANKS_SHEET = "Pelayanan", "Blangko"
_LABELS = 3
"""Columns before the figures of a day: date, shift, state."""


@dataclass(frozen=True, slots=True)
class Reckoned:
    """A formula, and what it comes to."""

    formula: str
    value: int


Cell = str | int | date | Reckoned | None


@dataclass(frozen=True, slots=True)
class _Sheet:
    """A table to be written: `total` is its last row, empty where nothing can be summed."""

    name: str
    header: Sequence[str]
    rows: Sequence[Sequence[Cell]]
    total: Sequence[Cell] = field(default=())


def period_xlsx(report: PeriodReport) -> bytes:
    """The file: the same data always gives the same bytes."""
    out = BytesIO()
    plain = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with Workbook(out, plain) as book:
        book.set_properties(
            {
                "title": f"{name_of(report)}, {span_of(report)}",
                "author": report.office,
                "comments": f"rantai audit {report.chain_head}",
                "created": datetime.combine(report.last, time()),
            }
        )
        writer = _Writer(book, report)
        for sheet in _sheets(report):
            writer.write(sheet)
    return out.getvalue()


def _sheets(report: PeriodReport) -> Iterable[_Sheet]:
    work, blanks = _work(report), _blanks(report)
    yield _summary(report, work, blanks)
    yield work
    yield blanks
    yield _listed("Kartu rusak", ("Sebab", "Kartu"), named(report.spoiled, "spoil_reason"))
    yield _listed("Kartu ditarik", ("Sebab", "Kartu"), named(report.withdrawn, "result_reason"))
    yield _listed(
        "Layanan",
        ("Layanan", "Masuk", "Selesai"),
        [(one.name, one.came, one.done) for one in report.services],
    )
    yield _listed(
        "Beban kerja",
        ("Petugas (urut nama)", "Berkas diambil", "Kartu terbit", "Dokumen dibuat"),
        [(one.name, one.claims, one.cards, one.documents) for one in report.workloads],
    )
    hours = [(hour_name(hour), came, done) for hour, came, done in hours_of(report)]
    yield _listed("Per jam", ("Jam", "Masuk", "Selesai"), hours)
    yield _listed("Menunggu", ("Keadaan", "Permohonan"), named(report.waiting, "request_state"))
    # A request with two reasons stands in two rows: their sum would be nothing.
    yield _Sheet(
        "Alasan menunggu", ("Keadaan", "Alasan", "Permohonan"), waiting_lines(report.waiting_reasons)
    )
    yield _listed("Pengecualian", ("Butir ruangan", "Kali"), named(report.waivers, "room_item"))
    yield _listed("Persetujuan", ("Tindakan", "Kali"), named(report.approvals, "action"))


def _listed(name: str, header: Sequence[str], rows: Sequence[tuple[str, *tuple[int, ...]]]) -> _Sheet:
    """A table of words and whole numbers with its total."""
    columns = range(1, len(header))
    total = [_sum(len(rows), column, sum(int(row[column]) for row in rows)) for column in columns]
    return _Sheet(name, header, rows, ("Jumlah", *total))


def _work(report: PeriodReport) -> _Sheet:
    rows: list[list[Cell]] = [
        [day.day, day.shift_id, _state(closed=day.closed), *(column.of(day) for column in (*WORK, MEDIAN))]
        for day in report.days
    ]
    total: list[Cell] = ["Jumlah", None, None]
    for place, column in enumerate(WORK, _LABELS):
        total.append(_sum(len(rows), place, sum(column.of(day) or 0 for day in report.days)))
    total.append(None)  # a median is no sum; that of the period stands in the summary
    header = ("Tanggal", "Sif", "Hari", *(column.name for column in (*WORK, MEDIAN)))
    return _Sheet(WORK_SHEET, header, rows, total)


def _state(*, closed: bool) -> str:
    return "ditutup" if closed else "masih dibuka"


def _blanks(report: PeriodReport) -> _Sheet:
    """The equation in every row, and once more under all of them: what was found and moved is what is there."""
    rows: list[list[Cell]] = []
    last = len(report.days)
    for line, day in enumerate(report.days, 1):
        figures: list[Cell] = [column.of(day) for column in (*CAME, *WENT)]
        found: list[Cell] = [day.counted, None]
        if day.difference is not None:
            found[1] = Reckoned(f"={_at(line, 'Hitung fisik')}-{_at(line, 'Sisa')}", day.difference)
        rows.append(
            [
                day.day,
                day.shift_id,
                _state(closed=day.closed),
                *figures,
                _left(line, day.balance.left),
                *found,
            ]
        )
    total: list[Cell] = ["Jumlah", None, None]
    for place, column in enumerate((*CAME, *WENT), _LABELS):
        if column.name == "Bawaan":
            total.append(Reckoned(f"={_at(1, column.name)}", report.days[0].carried))
        elif column.name == "Dipegang":
            total.append(Reckoned(f"={_at(last, column.name)}", report.balance.open))
        else:
            total.append(_sum(last, place, sum(column.of(day) or 0 for day in report.days)))
    total += [_left(last + 1, report.balance.left), None, None]
    header = ("Tanggal", "Sif", "Hari", *(column.name for column in BLANKS))
    return _Sheet(BLANKS_SHEET, header, rows, total)


def _left(row: int, value: int) -> Reckoned:
    came = "+".join(_at(row, column.name) for column in CAME)
    went = "".join(f"-{_at(row, column.name)}" for column in WENT)
    return Reckoned(f"={came}{went}", value)


def _at(row: int, name: str) -> str:
    """The cell of a column of the blanks in a row counted from 0, the header."""
    place = next(place for place, column in enumerate(BLANKS, _LABELS) if column.name == name)
    return f"{xl_col_to_name(place)}{row + 1}"


def _sum(rows: int, column: int, value: int) -> Cell:
    """The total of a column, under its rows; without a row there is nothing to sum."""
    if rows == 0:
        return 0
    name = xl_col_to_name(column)
    return Reckoned(f"=SUM({name}2:{name}{rows + 1})", value)


def _summary(report: PeriodReport, work: _Sheet, blanks: _Sheet) -> _Sheet:
    rows: list[tuple[Cell, Cell]] = [
        ("Kantor", report.office),
        ("Kelurahan", report.place),
        ("Dari", report.first),
        ("Sampai", report.last),
        ("Hari kerja", len(report.days)),
    ]
    rows += [(column.name, _total_of(work, column.name)) for column in WORK]
    rows.append(("Median waktu layanan (menit)", report.median_minutes))
    rows += [
        (f"Blangko: {column.name.lower()}", _total_of(blanks, column.name)) for column in (*CAME, *WENT, LEFT)
    ]
    rows += [
        ("Saldo blangko", "seimbang" if report.balanced else "TIDAK SEIMBANG"),
        ("Hari dengan selisih hitung fisik", report.differences),
        ("Rantai audit", "utuh" if report.chain_intact else "RUSAK"),
        ("Kejadian dalam rantai", report.chain_count),
        ("Sidik kejadian terakhir", report.chain_head),
    ]
    if report.training:
        rows.append(("Mode", word("unofficial", "report")))
    return _Sheet("Ringkasan", (name_of(report), span_of(report)), rows)


def _total_of(sheet: _Sheet, name: str) -> Cell:
    place = list(sheet.header).index(name)
    value = sheet.total[place]
    kept = value.value if isinstance(value, Reckoned) else 0
    return Reckoned(f"='{sheet.name}'!{xl_rowcol_to_cell(len(sheet.rows) + 1, place)}", kept)


class _Writer:
    """Writes tables with the formats of one workbook."""

    def __init__(self, book: Workbook, report: PeriodReport) -> None:
        self._book, self._report = book, report
        line = {"bottom": 1, "bottom_color": "#C5CED4"}
        whole, day, text = (
            {"num_format": "#,##0"},
            {"num_format": "dd-mm-yyyy", "align": "left"},
            {"text_wrap": True},
        )
        self._head = book.add_format(
            {
                "bold": True,
                "bg_color": "#EEF3F4",
                "font_color": "#0B5563",
                "text_wrap": True,
                "valign": "top",
                **line,
            }
        )
        self._formats = {
            bold: tuple(
                book.add_format({"bold": bold, "valign": "top", **one, **({"top": 1} if bold else line)})
                for one in (whole, day, text)
            )
            for bold in (False, True)
        }

    def write(self, sheet: _Sheet) -> None:
        """One sheet, ready to be printed."""
        page = self._book.add_worksheet(sheet.name)
        self._set_up(page, sheet)
        for column, told in enumerate(sheet.header):
            page.write_string(0, column, told, self._head)
        for row, cells in enumerate(sheet.rows, 1):
            self._row(page, row, cells, self._formats[False])
        if sheet.total:
            self._row(page, len(sheet.rows) + 1, sheet.total, self._formats[True])

    def _row(self, page: Worksheet, row: int, cells: Sequence[Cell], formats: tuple[Format, ...]) -> None:
        whole, day, text = formats
        for column, cell in enumerate(cells):
            if isinstance(cell, Reckoned):
                page.write_formula(row, column, cell.formula, whole, cell.value)
            elif isinstance(cell, int):
                page.write_number(row, column, cell, whole)
            elif isinstance(cell, date):
                page.write_datetime(row, column, cell, day)
            elif cell is None:
                page.write_blank(row, column, None, whole)
            else:
                page.write_string(row, column, cell, text)

    def _set_up(self, page: Worksheet, sheet: _Sheet) -> None:
        page.freeze_panes(1, 0)
        page.repeat_rows(0)
        page.set_paper(_A4)
        if len(sheet.header) > 6:
            page.set_landscape()
        page.fit_to_pages(1, 0)
        office = self._report.office.replace("&", "&&")
        training = "  –  LATIHAN" if self._report.training else ""
        page.set_header(f"&L{office}{training}&R{name_of(self._report)}, {span_of(self._report)}")
        page.set_footer(f"&L{sheet.name}  –  rantai {self._report.chain_head[:16]}&RHalaman &P dari &N")
        for column, told in enumerate(sheet.header):
            cells = [row[column] for row in (*sheet.rows, *filter(None, (sheet.total,)))]
            widest = max((_width(cell) for cell in cells), default=0)
            page.set_column(
                column, column, min(max(widest, len(told.split(" ")[0]), _NARROWEST) + 2, _WIDEST)
            )


def _width(cell: Cell) -> int:
    """Characters that the cell shows."""
    if isinstance(cell, date):
        return 10
    value = cell.value if isinstance(cell, Reckoned) else cell
    return len(number(value)) if isinstance(value, int) else len(value or "")
