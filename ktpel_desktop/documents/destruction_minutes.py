"""The minutes of a destruction (Berita Acara Pemusnahan KTP-el) as A4 PDF, by SE 470.13/11176/SJ; room.md 6.2.

Every cause stands in the count, also where it had none, and every person who was there has a place to sign.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import tzinfo
from itertools import count, zip_longest
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape

from reportlab.lib.units import mm
from reportlab.platypus import CondPageBreak, KeepTogether, Paragraph, Spacer, Table, TableStyle

from ktpel_desktop.core.destruction import Cause
from ktpel_desktop.core.papers import DestructionMinutes
from ktpel_desktop.documents import report_page as page
from ktpel_desktop.documents.copy_mark import marked
from ktpel_desktop.documents.indonesian import (
    DAYS,
    MONTHS,
    clock,
    in_words,
    long_date,
    number,
    plain_date,
    told_twice,
)
from ktpel_desktop.documents.report_page import BOLD, WIDTH
from ktpel_desktop.documents.report_tables import CELL, LISTED, SUMMED, aligned, report_head, wrapping
from ktpel_desktop.spoken import destruction_cause, word

TITLE = "Berita Acara Pemusnahan KTP-el"
BASIS = (
    "Surat Edaran Menteri Dalam Negeri Nomor 470.13/11176/SJ tanggal 13 Desember 2018",
    "Surat Edaran Nomor 400.8.1.2/6753/Dukcapil",
)
"""By their numbers: the texts themselves were not seen (room.md 6.2), so nothing is said of what they are called."""
_ACROSS = 2
"""Signature blocks beside each other: a name of sixty letters still takes two lines."""
_BODY = page.TEXT.clone("body", fontSize=9.5, leading=13.5, spaceAfter=5, alignment=4)


def destruction_minutes(told: DestructionMinutes, resources: Path, timezone: tzinfo) -> bytes:
    """The PDF: the same data always gives the same bytes."""
    page.register_fonts(resources)
    moment = f"{long_date(told.at.astimezone(timezone).date())} pukul {clock(told.at, timezone)}"
    story: list[Any] = [
        *report_head(
            told.office,
            TITLE,
            f"Nomor {told.title} &nbsp;·&nbsp; {moment}",
            marked(told.copy, word("unofficial", "minutes") if told.training else ""),
        ),
        *_opening(told, timezone),
        _people(told),
        Paragraph("Jumlah menurut sebab", page.HEADING),
        _counted(told),
        CondPageBreak(40 * mm),
        Paragraph("Daftar kartu", page.HEADING),
        _listed(told),
        Spacer(0, 8),
        *_signatures(told, timezone),
    ]
    frame = page.PageFrame(
        title=f"{TITLE} {told.title}",
        author=told.office,
        footer=f"{TITLE} – {told.office} – nomor {told.title} – {moment}",
        training=told.training,
    )
    return page.build(story, frame)


def _opening(told: DestructionMinutes, timezone: tzinfo) -> list[Paragraph]:
    local, deed = told.at.astimezone(timezone), told.deed
    day = (
        f"Pada hari ini <b>{DAYS[local.weekday()]}</b>, tanggal <b>{in_words(local.day)}</b> bulan "
        f"<b>{MONTHS[local.month - 1]}</b> tahun <b>{in_words(local.year)}</b> ({local:%d-%m-%Y}), pukul "
        f"{clock(told.at, timezone)}, bertempat di {escape(deed.place)}, telah dimusnahkan KTP-el rusak atau invalid "
        f"sebanyak <b>{told_twice(len(told.cards))} keping</b>."
    )
    return [
        Paragraph(day, _BODY),
        Paragraph(f"Dasar: {'; '.join(BASIS)}.", _BODY),
        Paragraph(f"Cara: <b>{escape(deed.way)}</b>.", _BODY),
        Paragraph(
            f"Dicatat oleh {escape(told.recorder)}, dengan persetujuan penyelia {escape(told.approver)}.",
            _BODY,
        ),
    ]


def _people(told: DestructionMinutes) -> Table:
    widths = [28 * mm, (WIDTH - 28 * mm) * 0.5, (WIDTH - 28 * mm) * 0.5]
    rows: list[list[Any]] = [["Selaku", "Nama", "Instansi"]]
    rows += [
        [role, wrapping(name, widths[1]), wrapping(office, widths[2])]
        for role, name, office in _present(told)
    ]
    return Table(rows, widths, repeatRows=1, style=TableStyle(LISTED))


def _present(told: DestructionMinutes) -> list[tuple[str, str, str]]:
    """Role, name and office of the executors, then of the witnesses."""
    deed = told.deed
    executors = [(name, told.office) for name in deed.executors]
    witnesses = [(one.name, one.office) for one in deed.witnesses]
    return [
        (role if len(people) == 1 else f"{role} {line}", *who)
        for role, people in (("Pelaksana", executors), ("Saksi", witnesses))
        for line, who in enumerate(people, 1)
    ]


def _counted(told: DestructionMinutes) -> Table:
    """Two causes in a row, so that the minutes of few cards stay on one page."""
    counts = Counter(card.cause for card in told.cards)
    told_causes = [[destruction_cause(cause), told_twice(counts[cause])] for cause in Cause]
    half = -(-len(told_causes) // 2)
    rows = [["Sebab", "Keping", "Sebab", "Keping"]]
    rows += [
        left + right
        for left, right in zip_longest(told_causes[:half], told_causes[half:], fillvalue=["", ""])
    ]
    rows.append(["Jumlah seluruhnya", "", "", told_twice(len(told.cards))])
    style = TableStyle(
        [*LISTED, *SUMMED, ("ALIGN", (1, 0), (1, -1), "RIGHT"), ("ALIGN", (3, 0), (3, -1), "RIGHT")]
    )
    return Table(rows, [WIDTH * 0.29, WIDTH * 0.19, WIDTH * 0.31, WIDTH * 0.21], style=style)


def _listed(told: DestructionMinutes) -> Table:
    """Every card under its cause, numbered through."""
    widths = [11 * mm, 46 * mm, WIDTH - 129 * mm, 37 * mm, 35 * mm]
    rows: list[list[Any]] = [["No.", "Permohonan", "Nama", "NIK", "Seri chip"]]
    style: list[Any] = [*LISTED, ("ALIGN", (0, 0), (0, -1), "RIGHT")]
    numbers = count(1)
    for cause in Cause:
        cards = [card for card in told.cards if card.cause is cause]
        if not cards:
            continue
        at = len(rows)
        style += [
            ("SPAN", (0, at), (-1, at)),
            ("FONT", (0, at), (-1, at), BOLD, 9),
            ("ALIGN", (0, at), (0, at), "LEFT"),
            ("NOSPLIT", (0, at), (-1, at + 1)),
        ]
        rows.append([f"{destruction_cause(cause)}: {told_twice(len(cards))} keping", *[""] * 4])
        for card in cards:
            texts = (
                *(number(next(numbers)), f"{card.number} · {card.ticket}"),
                *(card.name_masked, card.nik_masked, card.chip_serial or "tidak diketahui"),
            )
            rows.append([wrapping(text, width) for text, width in zip(texts, widths, strict=True)])
    return Table(rows, widths, repeatRows=1, style=TableStyle(style))


def _signatures(told: DestructionMinutes, timezone: tzinfo) -> list[Any]:
    """The closing sentence with the first row of blocks, so that no page holds signatures of nothing."""
    day = told.at.astimezone(timezone).date()
    present, executors = _present(told), len(told.deed.executors)
    acting = [*present[:executors], ("Mengetahui, Penyelia", told.approver, told.office)]
    closing = (
        "Kartu yang tersebut di atas tidak dapat dipakai lagi. Demikian berita acara ini dibuat dengan sebenarnya "
        "untuk dipergunakan sebagaimana mestinya."
    )
    rows = [
        _blocks(group[start : start + _ACROSS])
        for group in (acting, present[executors:])
        for start in range(0, len(group), _ACROSS)
    ]
    place = Paragraph(escape(f"{told.kelurahan}, {plain_date(day)}"), aligned(page.TEXT, 2))
    return [KeepTogether([Paragraph(closing, _BODY), place, Spacer(0, 4), rows[0]]), *rows[1:]]


def _blocks(people: Sequence[tuple[str, str, str]]) -> Table:
    """Blocks of role, room for ink, name and office beside each other; one alone stands in the middle."""
    centred, small = aligned(page.TEXT, 1), aligned(page.SMALL, 1)
    gap, width = WIDTH * 0.08, WIDTH * 0.46
    columns: list[list[Any]] = [
        [
            role,
            Spacer(0, 16 * mm),
            Paragraph(f"<b>{escape(name)}</b>", centred),
            Paragraph(escape(office), small),
        ]
        for role, name, office in people
    ]
    widths = [width]
    if len(columns) > 1:
        columns.insert(1, ["", "", "", ""])
        widths = [width, gap, width]
    rows = list(zip(*columns, strict=True))
    style = [
        *CELL,
        ("ALIGN", (0, 0), (-1, -1), "CENTER"),
        ("VALIGN", (0, 2), (-1, -1), "TOP"),
        ("BOTTOMPADDING", (0, 2), (-1, 2), 0),
        ("BOTTOMPADDING", (0, 3), (-1, 3), 9),
        ("TOPPADDING", (0, 3), (-1, 3), 0),
        ("NOSPLIT", (0, 0), (-1, -1)),
        *(("LINEBELOW", (at, 1), (at, 1), 0.6, page.INK) for at in range(0, len(widths), 2)),
    ]
    return Table(rows, widths, style=TableStyle(style))
