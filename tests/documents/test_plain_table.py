"""A table whose words are set together is the same page as reportlab's own, to the eye and to who reads it aloud."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pypdfium2
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import ImageChops
from reportlab.platypus import Paragraph, Table, TableStyle

from ktpel_desktop.documents import report_page as page
from ktpel_desktop.documents.plain_table import PlainTable
from ktpel_desktop.documents.report_tables import LISTED, SUMMED
from tests.documents.samples import RESOURCES

FRAME = page.PageFrame("judul", "kantor", "kaki", training=False)
STYLES = {
    "listed": [*LISTED, *SUMMED, ("ALIGN", (1, 0), (-1, -1), "RIGHT")],
    "coloured": [*LISTED, ("TEXTCOLOR", (1, 1), (1, -1), page.BAD), ("ALIGN", (2, 0), (2, -1), "CENTER")],
    "top": [*LISTED, ("VALIGN", (0, 0), (-1, -1), "TOP"), ("FONT", (2, 1), (2, 1), page.BOLD, 14)],
    "bottom": [*LISTED, ("VALIGN", (0, 0), (-1, -1), "BOTTOM")],
    "spanned": [*LISTED, ("SPAN", (0, 1), (1, 1))],
}


def made(kind: Any, rows: Sequence[Sequence[Any]], style: Sequence[Any]) -> pypdfium2.PdfDocument:
    page.register_fonts(RESOURCES)
    cells = [[Paragraph(cell, page.TEXT) if len(str(cell)) > 40 else cell for cell in row] for row in rows]
    table = kind(cells, [160, 90, 90], repeatRows=1, style=TableStyle(style))
    return pypdfium2.PdfDocument(page.build([table, Paragraph("sesudahnya", page.TEXT)], FRAME))


def same(rows: Sequence[Sequence[Any]], style: Sequence[Any]) -> int:
    """Whether both are the same; the number of pages."""
    theirs, ours = made(Table, rows, style), made(PlainTable, rows, style)
    assert len(theirs) == len(ours)
    for one, other in zip(theirs, ours, strict=True):
        pictures = [each.render(scale=2).to_pil().convert("RGB") for each in (one, other)]
        assert ImageChops.difference(*pictures).getbbox() is None
        assert one.get_textpage().get_text_range() == other.get_textpage().get_text_range()
    return len(ours)


@pytest.mark.parametrize("style", STYLES.values(), ids=STYLES.keys())
def test_the_page_is_the_same_over_many_pages_and_long_words(style: list[Any]) -> None:
    rows: list[list[Any]] = [["Layanan", "Masuk", "Selesai"]]
    for number in range(120):
        long = (
            "Kartu Keluarga karena perubahan data anggota keluarga yang pindah"
            if number % 7 == 0
            else "KTP-el"
        )
        rows.append(
            [f"{number}. {long}", f"{number:,}", "" if number % 5 == 0 else None if number % 5 == 1 else 7]
        )
    rows.append(["Jumlah", "dua\nbaris", "–"])
    assert same(rows, style) > 2


CELLS = st.one_of(
    st.text(st.characters(codec="latin-1", exclude_categories=["C", "Z"]), max_size=12),
    st.none(),
    st.integers(-9999, 9999),
    st.just("beberapa kata yang tidak muat pada satu baris di kolom ini"),
)


@settings(max_examples=20)
@given(st.lists(st.tuples(CELLS, CELLS, CELLS), min_size=2, max_size=12), st.sampled_from(sorted(STYLES)))
def test_whatever_stands_in_the_cells(rows: list[tuple[Any, ...]], style: str) -> None:
    plain = [["" if "<" in str(cell) or "&" in str(cell) else cell for cell in row] for row in rows]
    assert same(plain, STYLES[style]) == 1
