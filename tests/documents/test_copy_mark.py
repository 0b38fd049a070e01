"""A kept PDF printed again carries its copy's number on every page, and is otherwise what it was."""

from __future__ import annotations

from io import BytesIO

import pypdfium2
import pytest
from PIL import ImageChops
from reportlab.lib.pagesizes import A4, A5, landscape
from reportlab.pdfgen.canvas import Canvas

from ktpel_desktop.documents.copy_mark import copy_mark, copy_of, marked
from ktpel_desktop.documents.period_report import period_report
from tests.documents import periods
from tests.documents.samples import RESOURCES


def pdf(pages: int, size: tuple[float, float] = A4) -> bytes:
    out = BytesIO()
    canvas = Canvas(out, pagesize=size, invariant=1)
    for number in range(pages):
        canvas.drawString(100, 200, f"isi halaman {number}")
        canvas.showPage()
    canvas.save()
    return out.getvalue()


def texts(paper: bytes) -> list[str]:
    with pypdfium2.PdfDocument(paper) as document:
        return [page.get_textpage().get_text_range() for page in document]


def test_the_words() -> None:
    assert (copy_mark(0), copy_mark(2)) == ("", "SALINAN ke-2")
    assert marked(0, "") == ""
    assert marked(3, "LATIHAN") == "SALINAN ke-3 · LATIHAN"
    assert marked(0, "LATIHAN") == "LATIHAN"


@pytest.mark.parametrize("size", [A4, A5, landscape(A4)])
def test_every_page_tells_its_number_and_keeps_its_words(size: tuple[float, float]) -> None:
    found = texts(copy_of(pdf(3, size), 12))
    assert len(found) == 3
    for number, text in enumerate(found):
        assert f"isi halaman {number}" in text
        assert "SALINAN ke-12, dari arsip" in text


def test_the_same_paper_and_number_give_the_same_bytes() -> None:
    paper = pdf(2)
    assert copy_of(paper, 1) == copy_of(paper, 1)
    assert copy_of(paper, 1) != copy_of(paper, 2)


def test_on_a_report_the_mark_stands_in_the_margin_and_covers_nothing() -> None:
    paper = period_report(periods.period(40), RESOURCES)
    before, after = (
        [page.render(scale=1).to_pil().convert("L") for page in pypdfium2.PdfDocument(one)]
        for one in (paper, copy_of(paper, 3))
    )
    assert len(before) == len(after) > 1
    for old, new in zip(before, after, strict=True):
        box = ImageChops.difference(old, new).getbbox()
        assert box is not None
        assert old.crop(box).getextrema() == (255, 255), "something stood there already"
