"""The minutes of a destruction (Berita Acara Pemusnahan KTP-el) as A4 PDF, by SE 470.13/11176/SJ; room.md 6.2.

Every cause stands in the count, also where it had none, and every person who was there has a place to sign.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import tzinfo
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape

from reportlab.lib.units import mm
from reportlab.platypus import KeepTogether, Paragraph, Spacer, Table, TableStyle

from ktpel_desktop.core.destruction import Cause
from ktpel_desktop.core.papers import DestructionMinutes
from ktpel_desktop.documents import report_page as page
from ktpel_desktop.documents.indonesian import DAYS, MONTHS, clock, in_words, long_date, number, plain_date, told_twice
from ktpel_desktop.documents.report_page import WIDTH
from ktpel_desktop.documents.report_tables import CELL, LISTED, SUMMED, aligned, report_head, wrapping
from ktpel_desktop.spoken import word

TITLE = "Berita Acara Pemusnahan KTP-el"
BASIS = (
    "Surat Edaran Menteri Dalam Negeri Nomor 470.13/11176/SJ tanggal 13 Desember 2018 tentang penatausahaan "
    "KTP-el rusak atau invalid;",
    "Surat Edaran Nomor 400.8.1.2/6753/Dukcapil tentang pengamanan blangko dan pemusnahan KTP-el rusak atau invalid;",
    "Instruksi Gubernur Provinsi DKI Jakarta Nomor 78 Tahun 2016.",
)
_ACROSS = 2
"""Signature blocks beside each other: a name of sixty letters still takes two lines."""
_BODY = page.TEXT.clone("body", fontSize=9.5, leading=13.5, spaceAfter=5, alignment=4)


def destruction_minutes(told: DestructionMinutes, resources: Path, timezone: tzinfo) -> bytes:
    """The PDF: the same data always gives the same bytes."""
    page.register_fonts(resources)
    moment = f"{long_date(told.at.astimezone(timezone).date())} pukul {clock(told.at, timezone)}"
    marks = [f"SALINAN KE-{told.copy}"] * bool(told.copy) + [word("unofficial", "minutes")] * told.training
    story: list[Any] = [
        *report_head(
            told.office, TITLE, f"Nomor {told.title} &nbsp;·&nbsp; {moment}", " · ".join(marks)
        ),
        *_opening(told, timezone),
        Paragraph("Dasar", page.HEADING),
        *(Paragraph(f"{line}. {text}", _BODY) for line, text in enumerate(BASIS, 1)),
        Paragraph("Jumlah menurut sebab", page.HEADING),
        _counted(told),
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
        f"sebanyak <b>{told_twice(len(told.cards))} keping</b> dengan cara: <b>{escape(deed.way)}</b>."
    )
    executors = _joined(deed.executors)
    people = (
        f"Pemusnahan dilaksanakan oleh {executors} dan disaksikan oleh "
        f"{_joined([f'{one.name} ({one.office})' for one in deed.witnesses])}. "
        f"Dicatat oleh {escape(told.recorder)} dengan persetujuan penyelia {escape(told.approver)}."
    )
    return [Paragraph(day, _BODY), Paragraph(people, _BODY)]


def _joined(names: Sequence[str]) -> str:
    told = [escape(name) for name in names]
    return told[0] if len(told) == 1 else f"{', '.join(told[:-1])} dan {told[-1]}"


def _counted(told: DestructionMinutes) -> Table:
    counts = Counter(card.cause for card in told.cards)
    rows = [["Sebab", "Jumlah (keping)"]]
    rows += [[word("destruction_cause", cause), told_twice(counts[cause])] for cause in Cause]
    rows.append(["Jumlah", told_twice(len(told.cards))])
    style = TableStyle([*LISTED, *SUMMED, ("ALIGN", (1, 0), (1, -1), "RIGHT")])
    return Table(rows, [WIDTH * 0.55, WIDTH * 0.45], style=style)


def _listed(told: DestructionMinutes) -> Table:
    widths = [10 * mm, 16 * mm, 29 * mm, WIDTH - 163 * mm, 36 * mm, 32 * mm, 40 * mm]
    rows: list[list[Any]] = [["No.", "Nomor", "Tiket", "Nama", "NIK", "Seri chip", "Sebab"]]
    for line, card in enumerate(told.cards, 1):
        texts = (
            *(number(line), card.number, card.ticket, card.name_masked, card.nik_masked),
            *(card.chip_serial or "tidak terbaca", word("destruction_cause", card.cause)),
        )
        rows.append([wrapping(text, width) for text, width in zip(texts, widths, strict=True)])
    style = TableStyle([*LISTED, ("ALIGN", (0, 0), (0, -1), "RIGHT")])
    return Table(rows, widths, repeatRows=1, style=style)


def _signatures(told: DestructionMinutes, timezone: tzinfo) -> list[Any]:
    """The closing sentence with the first row of blocks, so that no page holds signatures of nothing."""
    deed, day = told.deed, told.at.astimezone(timezone).date()
    executors, witnesses = deed.executors, deed.witnesses
    blocks = [(_numbered("Pelaksana", line, len(executors)), name, "") for line, name in enumerate(executors, 1)]
    seen = [
        (_numbered("Saksi", line, len(witnesses)), one.name, one.office)
        for line, one in enumerate(witnesses, 1)
    ]
    known = [("Mengetahui, Penyelia", told.approver, told.office)]
    closing = (
        "Demikian berita acara ini dibuat dengan sebenarnya untuk dipergunakan sebagaimana mestinya. "
        "Kartu yang tersebut di atas tidak dapat dipakai lagi."
    )
    rows = [
        _blocks(group[start : start + _ACROSS])
        for group in (blocks, seen, known)
        for start in range(0, len(group), _ACROSS)
    ]
    place = Paragraph(escape(f"{told.kelurahan}, {plain_date(day)}"), aligned(page.TEXT, 2))
    return [KeepTogether([Paragraph(closing, _BODY), place, Spacer(0, 4), rows[0]]), *rows[1:]]


def _numbered(role: str, line: int, count: int) -> str:
    return role if count == 1 else f"{role} {line}"


def _blocks(people: Sequence[tuple[str, str, str]]) -> Table:
    """Blocks of role, room for ink, name and office beside each other; one alone stands in the middle."""
    centred, small = aligned(page.TEXT, 1), aligned(page.SMALL, 1)
    gap, width = WIDTH * 0.08, WIDTH * 0.46
    columns: list[list[Any]] = [
        [role, Spacer(0, 16 * mm), Paragraph(f"<b>{escape(name)}</b>", centred), Paragraph(escape(office), small)]
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
        ("TOPPADDING", (0, 3), (-1, 3), 0),
        ("NOSPLIT", (0, 0), (-1, -1)),
        *(("LINEBELOW", (at, 1), (at, 1), 0.6, page.INK) for at in range(0, len(widths), 2)),
    ]
    return Table(rows, widths, style=TableStyle(style))
