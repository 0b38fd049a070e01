"""The list of one hand-off as A4 PDF: what changed hands, from whom to whom, with places for both signatures."""

from __future__ import annotations

from datetime import tzinfo
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape

from reportlab.lib.units import mm
from reportlab.platypus import KeepTogether, Paragraph, Spacer, Table, TableStyle

from ktpel_desktop.core.papers import HandOffList
from ktpel_desktop.documents import report_page as page
from ktpel_desktop.documents.copy_mark import marked
from ktpel_desktop.documents.indonesian import clock, long_date, number, plain_date
from ktpel_desktop.documents.plain_table import PlainTable
from ktpel_desktop.documents.report_page import WIDTH
from ktpel_desktop.documents.report_tables import LISTED, report_head, signature_places, wrapping
from ktpel_desktop.spoken import word

TITLE_FILES, TITLE_RESULTS = "Daftar Serah Terima Berkas", "Daftar Serah Terima Hasil"


def hand_off_list(told: HandOffList, resources: Path, timezone: tzinfo) -> bytes:
    """The PDF: the same data always gives the same bytes."""
    page.register_fonts(resources)
    day = told.at.astimezone(timezone).date()
    moment = f"{long_date(day)} pukul {clock(told.at, timezone)}"
    title = TITLE_FILES if told.to_operator else TITLE_RESULTS
    what, whom = ("berkas", "operator") if told.to_operator else ("hasil", "petugas loket")
    story: list[Any] = [
        *report_head(
            told.office,
            title,
            f"Nomor {told.number} &nbsp;·&nbsp; {moment} &nbsp;·&nbsp; {escape(told.place)}",
            marked(told.copy, word("unofficial", "list") if told.training else ""),
        ),
        Paragraph(
            f"<b>{escape(told.giver)}</b> menyerahkan {number(len(told.files))} {what} kepada {whom} "
            f"<b>{escape(told.receiver)}</b>. Cocokkan setiap baris, beri tanda, lalu tanda tangani.",
            page.TEXT,
        ),
        Spacer(0, 6),
        _files(told),
        KeepTogether(
            [
                Spacer(0, 10),
                Paragraph(f"Jumlah: <b>{number(len(told.files))}</b> {what}.", page.TEXT),
                Spacer(0, 6),
                signature_places(
                    f"{told.place}, {plain_date(day)}",
                    ("Yang menyerahkan", told.giver),
                    ("Yang menerima", told.receiver),
                ),
            ]
        ),
    ]
    frame = page.PageFrame(
        title=f"{title} {told.number}",
        author=told.office,
        footer=f"{title} – {told.office} – nomor {told.number} – {moment}",
        training=told.training,
    )
    return page.build(story, frame)


def _files(told: HandOffList) -> Table:
    widths = [11 * mm, 20 * mm, WIDTH - 133 * mm, 40 * mm, 36 * mm, 14 * mm, 12 * mm]
    rows: list[list[Any]] = [["No.", "Nomor", "Layanan", "Nama", "NIK", "Berkas", "Ada"]]
    for line, one in enumerate(told.files, 1):
        texts = (number(line), one.number, one.service, one.name_masked, one.nik_masked, number(one.papers))
        rows.append([*(wrapping(text, width) for text, width in zip(texts, widths, strict=False)), ""])
    style = TableStyle(
        [
            *LISTED,
            ("ALIGN", (0, 0), (0, -1), "RIGHT"),
            ("ALIGN", (5, 0), (5, -1), "RIGHT"),
            ("BOX", (6, 1), (6, -1), 0.4, page.LINE),
        ]
    )
    return PlainTable(rows, widths, repeatRows=1, style=style)
