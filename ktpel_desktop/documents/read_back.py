"""The read-back as A5 PDF: every text that will stand on the card, to be ticked and signed by its owner.

Texts only, with CONTOH across: no photo, signature, emblem or ground of a card, so that nobody takes it for one.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape

from reportlab.lib.units import mm
from reportlab.platypus import KeepTogether, Paragraph, Spacer, Table, TableStyle

from ktpel_desktop.core.letters import ReadBack
from ktpel_desktop.documents import report_page as page
from ktpel_desktop.documents.face_fields import texts
from ktpel_desktop.documents.face_template import FaceTemplate
from ktpel_desktop.documents.indonesian import clock, long_date
from ktpel_desktop.documents.letterhead import NOTE, TITLE, facts, letterhead, place_and_day
from ktpel_desktop.documents.report_page import A5_SHEET, BOLD, SANS
from ktpel_desktop.documents.report_tables import LISTED, aligned, signature_places
from ktpel_desktop.spoken import table_of

NAME = "Lembar Periksa Data"
ACROSS = "CONTOH"


def read_back(sheet: ReadBack, resources: Path, template: FaceTemplate) -> bytes:
    """The PDF: the same data always gives the same bytes.

    Raises PolicyError "face.character_unknown", "face.text_missing": what the card cannot show.
    """
    page.register_fonts(resources)
    office = sheet.office
    day = sheet.at.astimezone(office.timezone).date()
    moment = f"{long_date(day)} pukul {clock(sheet.at, office.timezone)}"
    story: list[Any] = [
        *letterhead(office, A5_SHEET, sheet.copy),
        Paragraph(NAME, TITLE),
        Spacer(0, 4),
        facts([("Permohonan", f"{sheet.number} – {sheet.service}")], 22 * mm, A5_SHEET.width, NOTE),
        Spacer(0, 3),
        Paragraph(
            "Data berikut akan tertulis pada KTP-el. Bacalah setiap baris dan beri tanda pada kotak bila benar. "
            "Bila ada yang salah, beri tahu petugas <b>sebelum kartu dicetak</b>.",
            NOTE,
        ),
        Spacer(0, 2),
        _lines(sheet, template),
        KeepTogether(
            [
                Spacer(0, 5),
                _verdict(),
                Spacer(0, 2),
                Paragraph(escape(place_and_day(office, sheet.at)), aligned(NOTE, 2)),
                signature_places(
                    "",
                    ("Pemohon atau pengambil data", ""),
                    ("Operator", sheet.by),
                    width=A5_SHEET.width,
                    gap=8 * mm,
                ),
                Paragraph(
                    "Bukan KTP-el dan bukan pengganti KTP-el. Disimpan di dalam berkas permohonan.",
                    page.SMALL,
                ),
            ]
        ),
    ]
    frame = page.PageFrame(
        title=f"{NAME} {sheet.number}",
        author=office.name,
        footer=f"{NAME} – nomor {sheet.number} – {moment}",
        training=office.training,
        sheet=A5_SHEET,
        across=ACROSS,
    )
    return page.build(story, frame)


def _lines(sheet: ReadBack, template: FaceTemplate) -> Table:
    """Label, text as the card will show it, and a box to tick."""
    shown = texts(sheet.subject, sheet.subject.nik.reveal(), None, template)
    shown["birth"] = f"{shown['birth_place']}, {shown['birth_date']}"
    value = NOTE.clone("value", fontName=BOLD, fontSize=8.5, leading=10.5, spaceAfter=0)
    rows: list[list[Any]] = [["Data", "Akan tertulis", "Benar"]]
    rows += [
        [str(label), Paragraph(escape(shown[field]), value), ""]
        for field, label in table_of("read_back_line").items()
    ]
    widths = [36 * mm, A5_SHEET.width - 48 * mm, 12 * mm]
    style = [
        *LISTED,
        ("FONT", (0, 1), (0, -1), SANS, 8.5),
        ("TOPPADDING", (0, 1), (-1, -1), 0.9),
        ("BOTTOMPADDING", (0, 1), (-1, -1), 2.1),
        ("VALIGN", (0, 1), (-1, -1), "TOP"),
        ("BOX", (2, 1), (2, -1), 0.6, page.INK),
        ("INNERGRID", (2, 1), (2, -1), 0.6, page.INK),
    ]
    return Table(rows, widths, repeatRows=1, style=TableStyle(style))


def _verdict() -> Table:
    """Two boxes: all right, or what is wrong."""
    tight = NOTE.clone("verdict", spaceAfter=0)
    told = (
        "<b>Semua data benar.</b> KTP-el boleh dicetak.",
        "<b>Ada yang salah</b>, pada baris: " + "…" * 20,
    )
    rows = [["", Paragraph(told[0], tight)], ["", ""], ["", Paragraph(told[1], tight)]]
    style = [
        *(("BOX", (0, row), (0, row), 0.8, page.INK) for row in (0, 2)),
        ("VALIGN", (0, 0), (-1, -1), "MIDDLE"),
        ("TOPPADDING", (0, 0), (-1, -1), 0),
        ("BOTTOMPADDING", (0, 0), (-1, -1), 2),
    ]
    side, gap = 4.5 * mm, 1.2 * mm
    return Table(rows, [side, A5_SHEET.width - side], [side, gap, side], style=TableStyle(style))
