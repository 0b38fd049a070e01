"""The words that tell a copy from the first print, and a kept PDF marked with them."""

from __future__ import annotations

import ctypes
import hashlib
import re
from io import BytesIO


def copy_mark(copy: int) -> str:
    """ "SALINAN ke-2"; nothing for the first print."""
    return f"SALINAN ke-{copy}" if copy else ""


def marked(copy: int, training: str) -> str:
    """What stands at the right of a report's head: the copy's number, and that it is no official paper."""
    return " · ".join(mark for mark in (copy_mark(copy), training) if mark)


_SIZE = 10
_RIGHT, _TOP = 51.0, 27.0
"""Points from the paper's edges: in the margin, over the head and its own mark."""
_RED = (0xA3, 0x16, 0x1F, 0xFF)
_ID = re.compile(rb"/ID\s*\[\s*<[0-9A-F]*>\s*<([0-9A-F]{32})>")


def copy_of(pdf: bytes, copy: int) -> bytes:
    """The PDF with the mark at the top of every page: the same bytes and number always give the same bytes."""
    import pypdfium2 as pdfium  # noqa: PLC0415 - a start must not wait for it
    from pypdfium2 import raw  # noqa: PLC0415

    text = f"{copy_mark(copy)}, dari arsip"
    letters = (text + "\0").encode("utf-16-le")
    wide = ctypes.cast(ctypes.create_string_buffer(letters), raw.FPDF_WIDESTRING)
    with pdfium.PdfDocument(pdf) as document:
        font = raw.FPDFText_LoadStandardFont(document.raw, b"Helvetica-Bold")
        for page in document:
            width, height = page.get_size()
            mark = raw.FPDFPageObj_CreateTextObj(document.raw, font, _SIZE)
            raw.FPDFText_SetText(mark, wide)
            raw.FPDFPageObj_SetFillColor(mark, *_RED)
            sides = [ctypes.c_float() for _ in range(4)]
            raw.FPDFPageObj_GetBounds(mark, *map(ctypes.byref, sides))
            raw.FPDFPageObj_Transform(mark, 1, 0, 0, 1, width - _RIGHT - sides[2].value, height - _TOP)
            raw.FPDFPage_InsertObject(page.raw, mark)
            raw.FPDFPage_GenerateContent(page.raw)
        raw.FPDFFont_Close(font)
        out = BytesIO()
        document.save(out)
    return _without_chance(out.getvalue(), hashlib.sha256(pdf + letters).hexdigest()[:32].upper())


def _without_chance(pdf: bytes, number: str) -> bytes:
    """PDFium gives every file that it writes a random second number; the mark and what it stands on give it here."""
    found = _ID.search(pdf)
    if found is None:
        return pdf
    return pdf[: found.start(1)] + number.encode("ascii") + pdf[found.end(1) :]
