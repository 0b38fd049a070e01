"""What a workbook's cells come to: the values kept in the file, and the formulas reckoned again."""

from __future__ import annotations

import re
from io import BytesIO

import openpyxl
from openpyxl.worksheet.worksheet import Worksheet

Value = object


def kept(xlsx: bytes) -> dict[str, list[list[Value]]]:
    """The rows of every sheet, formulas by the values that the file keeps."""
    return _rows(openpyxl.load_workbook(BytesIO(xlsx), data_only=True))


def reckoned(xlsx: bytes) -> dict[str, list[list[Value]]]:
    """The rows of every sheet, formulas reckoned here; nothing that the file keeps of them is believed."""
    book = openpyxl.load_workbook(BytesIO(xlsx))

    def value(sheet: Worksheet, place: str) -> Value:
        found = sheet[place].value
        return reckon(sheet, found[1:]) if _is_formula(found) else found

    def number(sheet: Worksheet, place: str) -> int:
        found = value(sheet, place)
        assert found is None or isinstance(found, int), f"{sheet.title}!{place} is no number: {found!r}"
        return found or 0

    def reckon(sheet: Worksheet, formula: str) -> Value:
        if summed := re.fullmatch(r"SUM\(([A-Z]+)(\d+):\1(\d+)\)", formula):
            column, first, last = summed[1], int(summed[2]), int(summed[3])
            return sum(number(sheet, f"{column}{row}") for row in range(first, last + 1))
        if elsewhere := re.fullmatch(r"'([^']+)'!([A-Z]+\d+)", formula):
            return value(book[elsewhere[1]], elsewhere[2])
        assert re.fullmatch(r"[A-Z]+\d+([+-][A-Z]+\d+)*", formula), formula
        terms = re.findall(r"([+-]?)([A-Z]+\d+)", formula)
        return sum((-1 if sign == "-" else 1) * number(sheet, place) for sign, place in terms)

    return {
        sheet.title: [[value(sheet, cell.coordinate) for cell in row] for row in sheet.iter_rows()]
        for sheet in book
    }


def column(rows: list[list[Value]], name: str) -> list[Value]:
    """The cells under a header, the total last."""
    place = rows[0].index(name)
    return [row[place] for row in rows[1:]]


def _is_formula(value: Value) -> bool:
    return isinstance(value, str) and value.startswith("=")


def _rows(book: openpyxl.Workbook) -> dict[str, list[list[Value]]]:
    return {sheet.title: [[cell.value for cell in row] for row in sheet.iter_rows()] for sheet in book}
