"""The list of a day's handovers as A4 PDF: each result, who took it, and a place for that person's signature."""

from __future__ import annotations

from datetime import tzinfo
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape

from reportlab.lib.units import mm
from reportlab.platypus import KeepTogether, Paragraph, Spacer, TableStyle

from ktpel_desktop.core.papers import HandedOver, HandoverList
from ktpel_desktop.documents import report_page as page
from ktpel_desktop.documents.copy_mark import marked
from ktpel_desktop.documents.indonesian import long_date, number, plain_date
from ktpel_desktop.documents.plain_table import PlainTable
from ktpel_desktop.documents.report_page import WIDTH
from ktpel_desktop.documents.report_tables import LISTED, report_head, signature_places, wrapping
from ktpel_desktop.spoken import word

TITLE = "Daftar Penyerahan Hasil"
_WIDTHS = [9 * mm, 13 * mm, 18 * mm, WIDTH - 122 * mm, 38 * mm, 18 * mm, 26 * mm]
_SIGNED_HEIGHT = 9 * mm
"""Room for a hand's signature."""


def handover_list(told: HandoverList, resources: Path, timezone: tzinfo) -> bytes:
    """The PDF: the same data always gives the same bytes."""
    page.register_fonts(resources)
    day = told.opened_at.astimezone(timezone).date()
    count = number(len(told.results))
    story: list[Any] = [
        *report_head(
            told.office,
            TITLE,
            f"{long_date(day)} &nbsp;·&nbsp; Sif {told.number} &nbsp;·&nbsp; {escape(told.place)}",
            marked(told.copy, word("unofficial", "list") if told.training else ""),
        ),
        _results(told, timezone),
        KeepTogether(
            [
                Spacer(0, 8),
                Paragraph(f"Jumlah: <b>{count}</b> hasil diserahkan kepada pemohon.", page.TEXT),
                Spacer(0, 6),
                signature_places(f"{told.place}, {plain_date(day)}", ("Petugas loket", ""), ("Penyelia", "")),
            ]
        ),
    ]
    frame = page.PageFrame(
        title=f"{TITLE}, {plain_date(day)}",
        author=told.office,
        footer=f"{TITLE} – {told.office} – {plain_date(day)} – sif {told.number}",
        training=told.training,
    )
    return page.build(story, frame)


def _results(told: HandoverList, timezone: tzinfo) -> PlainTable:
    rows: list[list[Any]] = [
        ["No.", "Pukul", "Nomor", "Layanan dan pemohon", "Penerima", "Ditarik", "Tanda tangan"]
    ]
    rows += [_row(place, one, timezone) for place, one in enumerate(told.results, 1)]
    heights = [None, *[_SIGNED_HEIGHT if _short(row) else None for row in rows[1:]]]
    style = TableStyle(
        [
            *LISTED,
            ("ALIGN", (0, 0), (0, -1), "RIGHT"),
            ("ALIGN", (5, 0), (5, -1), "RIGHT"),
            ("BOX", (6, 1), (6, -1), 0.4, page.LINE),
        ]
    )
    return PlainTable(rows, _WIDTHS, heights, repeatRows=1, style=style)


def _row(place: int, one: HandedOver, timezone: tzinfo) -> list[Any]:
    who = f"{one.service} – {one.name_masked}, {one.nik_masked}"
    by = f"{one.collector_masked} ({word('relation', one.relation)}), oleh {one.by}"
    return [
        number(place),
        f"{one.at.astimezone(timezone):%H.%M}",
        one.number,
        wrapping(who, _WIDTHS[3]),
        wrapping(by, _WIDTHS[4]),
        number(one.withdrawn),
        "",
    ]


def _short(row: list[Any]) -> bool:
    """Whether every cell is one line, so that the row would be too low to sign in."""
    return all(isinstance(cell, str) for cell in row)
