"""The register of blanks for one month as A4 PDF, on its side: a column for each of domain.md 6."""

from __future__ import annotations

from datetime import tzinfo
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape

from reportlab.lib.units import mm
from reportlab.platypus import KeepTogether, Paragraph, Spacer, Table, TableStyle

from ktpel_desktop.core.register import RegisterLine, StockRegister
from ktpel_desktop.documents import report_page as page
from ktpel_desktop.documents.copy_mark import marked
from ktpel_desktop.documents.indonesian import MONTHS, card_date, number
from ktpel_desktop.documents.report_page import A4_SIDE_SHEET
from ktpel_desktop.documents.report_tables import LISTED, report_head, signature_places, wrapping
from ktpel_desktop.spoken import word

_WIDTHS = [w * mm for w in (9, 19, 37, 42, 33, 14, 14, 16, 33, 12, 32)]
_HEAD = (
    *("No.", "Tanggal", "Jenis mutasi", "BAST/permohonan", "Nomor seri", "Masuk", "Keluar", "Saldo"),
    *("Petugas", "Paraf", "Keterangan"),
)


def stock_register(told: StockRegister, resources: Path, timezone: tzinfo) -> bytes:
    """The PDF: the same data always gives the same bytes."""
    page.register_fonts(resources)
    month = f"{MONTHS[told.month.month - 1]} {told.month.year}"
    came, went = sum(line.came for line in told.lines), sum(line.went for line in told.lines)
    equation = f"{number(told.before)} + {number(came)} − {number(went)} = <b>{number(told.after)}</b>"
    story: list[Any] = [
        *report_head(
            told.office,
            "Buku Blangko KTP-el",
            f"{month} &nbsp;·&nbsp; {escape(told.place)}",
            marked(told.copy, word("unofficial", "report") if told.training else ""),
            width=A4_SIDE_SHEET.width,
        ),
        _table(told, timezone),
        KeepTogether(
            [
                Spacer(0, 6),
                Paragraph(
                    f"Saldo sebelumnya + masuk − keluar = saldo: {equation}. Saldo ialah isi lemari dan blangko "
                    "yang sedang dikerjakan. Kartu dibukukan keluar ketika pekerjaannya selesai.",
                    page.TEXT,
                ),
                Spacer(0, 8),
                signature_places(
                    f"{told.place}, …", ("Operator", ""), ("Penyelia", ""), width=A4_SIDE_SHEET.width
                ),
            ]
        ),
    ]
    frame = page.PageFrame(
        title=f"Buku Blangko KTP-el, {month}",
        author=told.office,
        footer=f"Buku Blangko KTP-el – {told.office} – {month}",
        training=told.training,
        sheet=A4_SIDE_SHEET,
    )
    return page.build(story, frame)


def _table(told: StockRegister, timezone: tzinfo) -> Table:
    rows: list[list[Any]] = [list(_HEAD)]
    rows.append(["", "", "Saldo sebelumnya", "", "", "", "", number(told.before), "", "", ""])
    rows += [_row(place, line, timezone) for place, line in enumerate(told.lines, 1)]
    style = TableStyle(
        [
            *LISTED,
            ("ALIGN", (0, 0), (0, -1), "RIGHT"),
            ("ALIGN", (5, 0), (7, -1), "RIGHT"),
            ("BOX", (9, 1), (9, -1), 0.4, page.LINE),
        ]
    )
    return Table(rows, _WIDTHS, repeatRows=1, style=style)


def _row(place: int, line: RegisterLine, timezone: tzinfo) -> list[Any]:
    serials = "" if line.serials is None else f"{line.serials.first}–{line.serials.last}"
    texts = {
        2: word("register_kind", line.kind),
        3: line.document,
        4: serials,
        8: line.by,
        10: line.note,
    }
    row: list[Any] = [
        number(place),
        card_date(line.at.astimezone(timezone).date()),
        *("", "", ""),
        number(line.came) if line.came else "",
        number(line.went) if line.went else "",
        number(line.balance),
        *("", "", ""),
    ]
    for column, text in texts.items():
        row[column] = wrapping(text, _WIDTHS[column])
    return row
