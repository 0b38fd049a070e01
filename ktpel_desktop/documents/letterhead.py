"""What every letter of the office shares: head (no emblem), marks of a copy, addressee, facts, hours."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from itertools import pairwise
from typing import Any
from xml.sax.saxutils import escape

from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.platypus import Paragraph, Spacer, Table, TableStyle

from ktpel_desktop.core.office import Office
from ktpel_desktop.documents import report_page as page
from ktpel_desktop.documents.copy_mark import copy_mark
from ktpel_desktop.documents.indonesian import DAYS, plain_date
from ktpel_desktop.documents.report_page import BOLD, Sheet
from ktpel_desktop.documents.report_tables import aligned
from ktpel_desktop.spoken import word

BODY = ParagraphStyle("body", parent=page.TEXT, fontSize=10, leading=14.5, spaceAfter=5)
"""A letter's text on A4."""
NOTE = ParagraphStyle("note", parent=page.TEXT, spaceAfter=3)
"""A notice's text on A5."""
TITLE = ParagraphStyle("letter-title", parent=page.TEXT, fontName=BOLD, fontSize=13, leading=16)
NO_NUMBER = "(diberi saat dicetak)"
"""In the place of a draft's number."""

_BARE = [
    ("LEFTPADDING", (0, 0), (-1, -1), 0),
    ("RIGHTPADDING", (0, 0), (-1, -1), 0),
    ("TOPPADDING", (0, 0), (-1, -1), 0),
    ("BOTTOMPADDING", (0, 0), (-1, -1), 1),
]


def letterhead(office: Office, sheet: Sheet, copy: int) -> list[Any]:
    """The office's name and place over a line; at the right that this is a copy, and training."""
    told = [copy_mark(copy)] * bool(copy) + [word("unofficial", "letter")] * office.training
    mark = f'<font color="#a3161f"><b>{"<br/>".join(told)}</b></font>'
    place = f"Kecamatan {office.kecamatan}, {place_name(office.kabupaten)}"
    size, share = (12, 0.66) if sheet is page.A4_SHEET else (9.5, 0.76)
    name = ParagraphStyle("office", parent=page.TEXT, fontName=BOLD, fontSize=size, leading=size + 2.5)
    rows = [
        [Paragraph(escape(office.name), name), Paragraph(mark, aligned(page.TEXT, 2))],
        [Paragraph(escape(place), page.SMALL), ""],
    ]
    style = [
        ("VALIGN", (0, 0), (-1, -1), "TOP"),
        ("SPAN", (1, 0), (1, 1)),
        ("LEFTPADDING", (0, 0), (-1, -1), 0),
        ("RIGHTPADDING", (0, 0), (-1, -1), 0),
        ("TOPPADDING", (0, 0), (-1, -1), 0),
        ("BOTTOMPADDING", (0, 0), (-1, 0), 1),
        ("BOTTOMPADDING", (0, 1), (-1, 1), 6),
        ("LINEBELOW", (0, 1), (-1, 1), 1.6, page.ACCENT),
    ]
    return [
        Table(rows, [sheet.width * share, sheet.width * (1 - share)], style=TableStyle(style)),
        Spacer(0, 8),
    ]


def opening(office: Office, number: str, subject: str, day_and_place: str) -> list[Any]:
    """Number, subject and date of a letter, and its addressee: always the Suku Dinas, which the Satpel belongs to."""
    width = page.A4_SHEET.width
    left = facts([("Nomor", number or NO_NUMBER), ("Perihal", subject)], 16 * mm, width * 0.55)
    head = Table(
        [[left, Paragraph(escape(day_and_place), aligned(BODY, 2))]],
        [width * 0.55, width * 0.45],
        style=TableStyle([*_BARE, ("VALIGN", (0, 0), (-1, -1), "TOP")]),
    )
    to = (
        f"Yth. Kepala Suku Dinas Kependudukan dan Pencatatan Sipil<br/>{escape(place_name(office.kabupaten))}"
    )
    return [head, Spacer(0, 10), Paragraph(to, BODY), Spacer(0, 4), Paragraph("Dengan hormat,", BODY)]


def facts(rows: Sequence[tuple[str, str]], label: float, width: float, style: Any = BODY) -> Table:
    """Names and values with a colon between; values wrap."""
    tight = style.clone("fact", spaceAfter=0)
    told = [
        [Paragraph(name, tight), Paragraph(":", tight), Paragraph(escape(value), tight)]
        for name, value in rows
    ]
    made = TableStyle([*_BARE, ("VALIGN", (0, 0), (-1, -1), "TOP")])
    return Table(told, [label, 3 * mm, width - label - 3 * mm], style=made, hAlign="LEFT")


def bullets(items: Sequence[str], style: Any = BODY) -> list[Any]:
    """One line for each, with a dash."""
    hung = style.clone("hung", leftIndent=10, bulletIndent=1, spaceAfter=1)
    return [Paragraph(escape(item), hung, bulletText="–") for item in items]


def place_name(name: str) -> str:
    """ "Kota Administrasi Jakarta Pusat" of what the region table writes in capitals."""
    return name.title() if name.isupper() else name


def place_and_day(office: Office, moment: datetime) -> str:
    """ "Gambir, 23 November 2026"."""
    return f"{office.kelurahan}, {plain_date(moment.astimezone(office.timezone).date())}"


def opening_hours(office: Office) -> str:
    """ "Senin sampai Jumat, pukul 07.30–16.00 WIB"; days that do not follow each other are named one by one."""
    days = sorted(office.working_days)
    if len(days) > 2 and all(after - before == 1 for before, after in pairwise(days)):
        told = f"{DAYS[days[0]]} sampai {DAYS[days[-1]]}"
    else:
        told = ", ".join(DAYS[day] for day in days)
    return f"{told}, pukul {office.opens:%H.%M}–{office.closes:%H.%M} WIB"
