"""What more than one report has: head, cells and lists, the room's items, words that wrap, places to sign."""

from __future__ import annotations

import textwrap
from collections.abc import Callable, Sequence
from datetime import tzinfo
from typing import Any
from xml.sax.saxutils import escape

from reportlab.lib.units import mm
from reportlab.pdfbase.pdfmetrics import stringWidth
from reportlab.platypus import KeepTogether, Paragraph, Spacer, Table, TableStyle

from ktpel_desktop import room_words
from ktpel_desktop.core.audit import Anchor
from ktpel_desktop.core.period import WaitingReason
from ktpel_desktop.core.room import Readiness, RoomCheck
from ktpel_desktop.core.room_limits import Status
from ktpel_desktop.documents import report_page as page
from ktpel_desktop.documents.chain_code import ChainCode
from ktpel_desktop.documents.indonesian import card_date, clock, number
from ktpel_desktop.documents.period_lines import waiting_lines
from ktpel_desktop.documents.plain_table import PlainTable
from ktpel_desktop.documents.report_page import BOLD, SANS, WIDTH

STATUS_COLOURS = {
    Status.OK: page.GOOD,
    Status.WARNING: page.ODD,
    Status.CRITICAL: page.BAD,
    Status.UNKNOWN: page.ODD,
    Status.WAIVED: page.ODD,
}
READINESS_COLOURS = {
    Readiness.READY: page.GOOD,
    Readiness.READY_WITH_WARNINGS: page.ODD,
    Readiness.NOT_MEASURED: page.ODD,
    Readiness.NOT_READY: page.BAD,
}
CELL = [
    ("FONT", (0, 0), (-1, -1), SANS, 9),
    ("TEXTCOLOR", (0, 0), (-1, -1), page.INK),
    ("VALIGN", (0, 0), (-1, -1), "MIDDLE"),
    ("TOPPADDING", (0, 0), (-1, -1), 2.2),
    ("BOTTOMPADDING", (0, 0), (-1, -1), 2.8),
    ("LEFTPADDING", (0, 0), (-1, -1), 4),
    ("RIGHTPADDING", (0, 0), (-1, -1), 4),
]
LISTED = [
    *CELL,
    ("FONT", (0, 0), (-1, 0), BOLD, 8.5),
    ("BACKGROUND", (0, 0), (-1, 0), page.GROUND),
    ("TEXTCOLOR", (0, 0), (-1, 0), page.ACCENT),
    ("LINEBELOW", (0, 0), (-1, -1), 0.4, page.LINE),
]
_TITLE = page.TEXT.clone("title", leading=20)
SUMMED = [("FONT", (0, -1), (-1, -1), BOLD, 9), ("LINEABOVE", (0, -1), (-1, -1), 0.8, page.INK)]
_WIDEST = 1.02
"""Width of "@" as a share of the em: no other ASCII character of Liberation Sans is wider."""


def report_head(office: str, title: str, told: str, training: str, *, width: float = WIDTH) -> list[Any]:
    """Office, title, and a line `told` (reportlab's markup); `training` stands at the right, where it is any."""
    mark = f'<font color="#a3161f"><b>{training}</b></font>' if training else ""
    rows = [
        [Paragraph(f"<b>{escape(office)}</b>", page.TEXT), Paragraph(mark, aligned(page.TEXT, 2))],
        [Paragraph(f'<font name="{BOLD}" size="17" color="#0b5563">{title}</font>', _TITLE), ""],
        [Paragraph(told, page.TEXT), ""],
    ]
    style = [
        ("SPAN", (0, 1), (1, 1)),
        ("SPAN", (0, 2), (1, 2)),
        ("LEFTPADDING", (0, 0), (-1, -1), 0),
        ("RIGHTPADDING", (0, 0), (-1, -1), 0),
        ("BOTTOMPADDING", (0, 1), (-1, 1), 7),
        ("BOTTOMPADDING", (0, 2), (-1, 2), 6),
        ("LINEBELOW", (0, 2), (-1, 2), 1.6, page.ACCENT),
    ]
    return [Table(rows, [width * 0.62, width * 0.38], style=TableStyle(style)), Spacer(0, 8)]


def signature_places(
    place_and_day: str,
    left: tuple[str, str],
    right: tuple[str, str],
    *,
    width: float = WIDTH,
    gap: float = 22 * mm,
) -> Table:
    """Room for ink over two names, each under its role; a name that is not known leaves dots.

    Place and day stand over the right one, unless the paper tells them elsewhere (empty).
    """
    centred = aligned(page.TEXT, 1)

    def name(of: str) -> Any:
        return Paragraph(f"<b>{escape(of)}</b>", centred) if of else "…"

    rows = [
        *([["", "", Paragraph(escape(place_and_day), centred)]] * bool(place_and_day)),
        [left[0], "", right[0]],
        [Spacer(0, gap), "", Spacer(0, gap)],
        [name(left[1]), "", name(right[1])],
    ]
    style = [
        *CELL,
        ("ALIGN", (0, 0), (-1, -1), "CENTER"),
        ("LINEBELOW", (0, -2), (0, -2), 0.6, page.INK),
        ("LINEBELOW", (2, -2), (2, -2), 0.6, page.INK),
        ("VALIGN", (0, -1), (-1, -1), "TOP"),
    ]
    return Table(rows, [width * 0.4, width * 0.2, width * 0.4], style=TableStyle(style))


def tiles(figures: Sequence[tuple[str, int]]) -> Table:
    """A few figures with their names, large, beside each other."""
    style = [
        ("ALIGN", (0, 0), (-1, -1), "CENTER"),
        ("FONT", (0, 0), (-1, 0), BOLD, 19),
        ("FONT", (0, 1), (-1, 1), SANS, 8),
        ("TEXTCOLOR", (0, 0), (-1, 0), page.INK),
        ("TEXTCOLOR", (0, 1), (-1, 1), page.QUIET),
        ("BACKGROUND", (0, 0), (-1, -1), page.GROUND),
        ("LINEAFTER", (0, 0), (-2, -1), 2, "white"),
        ("TOPPADDING", (0, 0), (-1, 0), 7),
        ("BOTTOMPADDING", (0, 0), (-1, 0), 9),
        ("TOPPADDING", (0, 1), (-1, 1), 0),
        ("BOTTOMPADDING", (0, 1), (-1, 1), 6),
    ]
    rows = [[number(value) for _, value in figures], [name for name, _ in figures]]
    return Table(rows, [WIDTH / len(figures)] * len(figures), style=TableStyle(style))


def summed(
    header: Sequence[str],
    rows: Sequence[tuple[str, *tuple[int, ...]]],
    *,
    width: float = WIDTH,
    narrow: float = 28 * mm,
    total: Callable[[int], str] = number,
) -> Table:
    """Words with whole numbers, and under them the sum of each column, written by `total`."""
    widths = [width - narrow * (len(header) - 1), *[narrow] * (len(header) - 1)]
    told: list[list[Any]] = [list(header)]
    told += [[wrapping(name, widths[0]), *map(number, figures)] for name, *figures in rows]
    told.append(["Jumlah", *(total(sum(int(row[at]) for row in rows)) for at in range(1, len(header)))])
    style = TableStyle([*LISTED, *SUMMED, ("ALIGN", (1, 0), (-1, -1), "RIGHT")])
    return PlainTable(told, widths, repeatRows=1, style=style)


def equation_of(came: Sequence[tuple[str, int]], went: Sequence[tuple[str, int]]) -> Table:
    """An equation across the page: every figure large over its name, the terms of both sides with their signs."""
    figures: list[str] = []
    names: list[str] = []
    for side in (came, went):
        for place, (name, value) in enumerate(side):
            figures += ["=" if place == 0 and side is went else "+" if place else "", number(value)]
            names += ["", name]
    narrow = 5 * mm
    terms = len(came) + len(went)
    wide = (WIDTH - (terms - 1) * narrow) / terms
    style = [
        ("ALIGN", (0, 0), (-1, -1), "CENTER"),
        ("FONT", (0, 0), (-1, 0), BOLD, 12),
        ("FONT", (0, 1), (-1, 1), SANS, 8),
        ("TEXTCOLOR", (0, 1), (-1, 1), page.QUIET),
        ("TEXTCOLOR", (0, 0), (-1, 0), page.INK),
        ("LEFTPADDING", (0, 0), (-1, -1), 0),
        ("RIGHTPADDING", (0, 0), (-1, -1), 0),
        ("TOPPADDING", (0, 0), (-1, 0), 6),
        ("TOPPADDING", (0, 1), (-1, 1), 0),
        ("BACKGROUND", (0, 0), (-1, -1), page.GROUND),
    ]
    widths = [wide, *[narrow, wide] * (terms - 1)]
    return Table([figures[1:], names[1:]], widths, style=TableStyle(style))


def chain_told(count: int, head: str, *, intact: bool) -> KeepTogether:
    """The state of the audit chain and its head, in groups that can be read aloud and as a code that can be scanned."""
    state = "utuh" if intact else "RUSAK – hubungi penyelia dan Dinas"
    verdict = f'<font color="{"#1c6b3a" if intact else "#a3161f"}"><b>{state}</b></font>'
    groups = textwrap.wrap(head, 8)
    half = len(groups) // 2
    told = [
        Paragraph("Rantai audit", page.HEADING),
        Paragraph(f"{number(count)} kejadian, {verdict}. Sidik kejadian terakhir:", page.TEXT),
        Paragraph(f"{' '.join(groups[:half])}<br/>{' '.join(groups[half:])}", page.TEXT),
        Spacer(0, 3),
        Paragraph("Kode ini dapat dibandingkan kelak: Jejak audit, Bandingkan dengan laporan.", page.SMALL),
    ]
    code = ChainCode(Anchor(count, head).code)
    style = [
        ("LEFTPADDING", (0, 0), (-1, -1), 0),
        ("RIGHTPADDING", (0, 0), (-1, -1), 0),
        ("VALIGN", (0, 0), (-1, -1), "TOP"),
        ("ALIGN", (1, 0), (1, 0), "RIGHT"),
    ]
    return KeepTogether(
        [Spacer(0, 6), Table([[told, code]], [WIDTH - code.width, code.width], style=TableStyle(style))]
    )


def told_counts(title: str, counts: Sequence[tuple[str, int]]) -> list[Any]:
    """One line of counts; nothing where there is none."""
    if not counts:
        return []
    each = "; ".join(f"{escape(name)} <b>{number(count)}</b>" for name, count in counts)
    total = number(sum(count for _, count in counts))
    return [Spacer(0, 4), Paragraph(f"{title}: <b>{total}</b> ({each})", page.TEXT)]


def waiting_table(reasons: Sequence[WaitingReason]) -> list[Any]:
    """Why requests wait. A request with two reasons stands twice, so that there is no sum."""
    if not reasons:
        return []
    widths = [42 * mm, WIDTH - 70 * mm, 28 * mm]
    rows: list[list[Any]] = [["Keadaan", "Alasan", "Permohonan"]]
    for state, why, count in waiting_lines(reasons):
        rows.append([wrapping(state, widths[0]), wrapping(why, widths[1]), number(count)])
    style = TableStyle([*LISTED, ("ALIGN", (2, 0), (2, -1), "RIGHT")])
    note = "Permohonan dengan beberapa alasan dihitung pada setiap alasannya."
    before = [Paragraph("Alasan menunggu", page.HEADING), Paragraph(note, page.SMALL), Spacer(0, 2)]
    return together(before, PlainTable(rows, widths, repeatRows=1, style=style), len(rows))


def together(before: list[Any], table: Table, rows: int) -> list[Any]:
    """A short table on one page with what stands over it; a long one may begin where it is."""
    return [KeepTogether([*before, table])] if rows <= 14 else [*before, table]


def room_table(checks: Sequence[RoomCheck], timezone: tzinfo) -> list[Any]:
    """Heading and items of the room: value, limit, state, and who looked when."""
    widths = [WIDTH - 130 * mm, 36 * mm, 22 * mm, 34 * mm, 38 * mm]
    rows: list[list[Any]] = [["Butir", "Hasil", "Batas", "Status", f"Diperiksa{_zone(checks, timezone)}"]]
    style: list[Any] = [*LISTED]
    for line, check in enumerate(checks, 1):
        local = check.measured_at.astimezone(timezone)
        looked = check.advice != "not_checked"
        when = f"{card_date(local.date())[:5]} {local:%H.%M}" if looked else "belum diperiksa"
        status = room_words.status_of(check)
        if check.status is Status.WAIVED:
            status = f"{status}: {check.waived_reason}"
        rows.append(
            [
                wrapping(room_words.name_of(check.item), widths[0]),
                wrapping(room_words.value_of(check), widths[1]),
                room_words.limit_of(check),
                wrapping(status, widths[3], STATUS_COLOURS[check.status]),
                wrapping(
                    f"{when}, {check.by or room_words.source_name(check)}".removesuffix(", "), widths[4]
                ),
            ]
        )
        style.append(("TEXTCOLOR", (3, line), (3, line), STATUS_COLOURS[check.status]))
    if not checks:
        rows.append(["Ruangan belum diperiksa hari ini.", "", "", "", ""])
    table = PlainTable(rows, widths, repeatRows=1, splitInRow=1, style=TableStyle(style))
    return [Paragraph("Cek ruangan", page.HEADING), table]


def _zone(checks: Sequence[RoomCheck], timezone: tzinfo) -> str:
    zone = clock(checks[0].measured_at, timezone).partition(" ")[2] if checks else ""
    return f" ({zone})" if zone else ""


def wrapping(text: str, width: float, colour: Any = None) -> Any:
    """Plain text where it fits one line (fast), else a paragraph."""
    fits = text.isascii() and len(text) * 9 * _WIDEST <= width - 9  # measuring costs as much as drawing
    if fits or stringWidth(text, SANS, 9) <= width - 9:
        return text
    style = page.TEXT if colour is None else page.TEXT.clone("coloured", textColor=colour)
    return Paragraph(escape(text), style)


def aligned(style: Any, alignment: int) -> Any:
    """A paragraph's style with another alignment (reportlab.lib.enums)."""
    return style.clone(f"aligned{alignment}", alignment=alignment)
