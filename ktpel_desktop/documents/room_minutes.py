"""The minutes of the room check as A4 PDF: every item with its value, limit, source, evidence and waiver.

The standard is Instruksi Gubernur DKI 78/2016, KEDUA letters a and c. Everything a person or an instrument said is a
paragraph of its own below the item's line, because only paragraphs wrap any word and break over pages at any line.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import datetime, tzinfo
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape

from reportlab.lib.units import mm
from reportlab.pdfbase.pdfmetrics import stringWidth
from reportlab.platypus import KeepTogether, Paragraph, Spacer, Table, TableStyle

from ktpel_desktop import room_words
from ktpel_desktop.core.papers import RoomMinutes
from ktpel_desktop.core.room import RoomCheck, RoomVerdict
from ktpel_desktop.core.room_items import ITEM, Group
from ktpel_desktop.core.room_limits import Status
from ktpel_desktop.documents import report_page as page
from ktpel_desktop.documents.copy_mark import marked
from ktpel_desktop.documents.indonesian import card_date, clock, long_date, plain_date
from ktpel_desktop.documents.report_page import BOLD, SANS, WIDTH
from ktpel_desktop.documents.report_tables import (
    CELL,
    READINESS_COLOURS,
    STATUS_COLOURS,
    report_head,
    signature_places,
)
from ktpel_desktop.spoken import word

TITLE = "Berita Acara Pemeriksaan Ruangan Pencetakan KTP-el"
STANDARD = (
    "Instruksi Gubernur Provinsi Daerah Khusus Ibukota Jakarta Nomor 78 Tahun 2016, KEDUA huruf a dan huruf c"
)
NEVER_BLOCKED = (
    "Butir wajib yang gagal atau tidak diketahui menahan pencetakan sampai penyelia mengecualikannya. Penerimaan "
    "berkas dan penyerahan hasil di loket tidak pernah tertahan oleh pemeriksaan ini."
)
_VALUE_WIDTH, _LIMIT_WIDTH, _STATE_WIDTH = 46 * mm, 32 * mm, 40 * mm
_FACT = page.SMALL.clone("fact", textColor=page.INK, leftIndent=4, rightIndent=4)
_EVIDENCE = _FACT.clone("evidence", leftIndent=12, firstLineIndent=-8)


def room_minutes(minutes: RoomMinutes, resources: Path, timezone: tzinfo) -> bytes:
    """The PDF: the same data always gives the same bytes."""
    page.register_fonts(resources)
    day = minutes.at.astimezone(timezone).date()
    moment = f"{plain_date(day)} pukul {clock(minutes.at, timezone)}"
    *blocks, last = _items(minutes.verdict.checks, timezone)
    story: list[Any] = [
        *_head(minutes, timezone),
        _verdict(minutes.verdict),
        Spacer(0, 2),
        *map(KeepTogether, blocks),
        # Signatures on a sheet of their own could be put under anything.
        KeepTogether([*last, *_end(minutes, plain_date(day))]),
    ]
    frame = page.PageFrame(
        title=f"{TITLE}, {moment}",
        author=_plain(minutes.office),
        footer=f"Berita acara pemeriksaan ruangan – {_plain(minutes.office)} – {moment}",
        training=minutes.training,
    )
    return page.build(story, frame)


def _head(minutes: RoomMinutes, timezone: tzinfo) -> list[Any]:
    day = long_date(minutes.at.astimezone(timezone).date())
    place, at = escape(_plain(minutes.place)), clock(minutes.at, timezone)
    training = marked(minutes.copy, word("unofficial", "minutes") if minutes.training else "")
    walked = (
        f"Cek ruangan hari ini dijalankan oleh <b>{escape(_plain(minutes.by))}</b>."
        if minutes.by
        else "<b>Hari ini belum ada petugas yang menjalankan cek ruangan.</b>"
    )
    told = (
        f"Pada hari {day}, pukul {at}, keadaan ruangan pencetakan KTP-el {escape(_plain(minutes.office))} di {place} "
        f"tercatat sebagaimana di bawah ini, menurut standar {STANDARD}. {walked}"
    )
    return [
        *report_head(
            _plain(minutes.office), TITLE, f"{day} &nbsp;·&nbsp; pukul {at} &nbsp;·&nbsp; {place}", training
        ),
        Paragraph(told, page.TEXT),
        Spacer(0, 6),
    ]


def _verdict(found: RoomVerdict) -> Table:
    """The room in one sentence, and how many items stand in which state."""
    colour = READINESS_COLOURS[found.readiness]
    style = page.TEXT.clone("verdict", fontName=BOLD, fontSize=10.5, leading=14, textColor=colour)
    count = Counter(check.status for check in found.checks)
    told = ", ".join(f"{count[status]} {word('room_status', status)}" for status in Status if count[status])
    cell = [
        Paragraph(escape(room_words.sentence_of(found)), style),
        Paragraph(f"{len(found.checks)} butir: {told}.", page.SMALL),
    ]
    lines = [
        ("BACKGROUND", (0, 0), (-1, -1), page.GROUND),
        ("LINEBEFORE", (0, 0), (0, -1), 3, colour),
        ("LEFTPADDING", (0, 0), (-1, -1), 9),
        ("TOPPADDING", (0, 0), (-1, -1), 5),
        ("BOTTOMPADDING", (0, 0), (-1, -1), 6),
    ]
    return Table([[cell]], [WIDTH], style=TableStyle(lines))


def _items(checks: Sequence[RoomCheck], timezone: tzinfo) -> Iterator[list[Any]]:
    """What stands together of each item, group by group, the first of a group under its heading."""
    for group in Group:
        for place, check in enumerate(one for one in checks if ITEM[one.item].group is group):
            heading = [] if place else [Paragraph(word("room_group", group), page.HEADING)]
            yield [*heading, _line(check), *_facts(check, timezone), Spacer(0, 4)]


def _end(minutes: RoomMinutes, day: str) -> list[Any]:
    return [
        Spacer(0, 6),
        Paragraph(NEVER_BLOCKED, page.TEXT),
        Spacer(0, 8),
        signature_places(
            f"{_plain(minutes.place)}, {day}",
            ("Operator yang memeriksa", _plain(minutes.by)),
            ("Penyelia", ""),
        ),
    ]


def _line(check: RoomCheck) -> Table:
    """The item's line: name, value, limit, state. Only words that fit stand here."""
    name = Paragraph(f"<b>{escape(room_words.name_of(check.item))}</b>", page.TEXT)
    value = _value(check) if _fits(check) else "lihat di bawah"
    state = f"<b>{word('room_status', check.status)}</b>"
    if check.blocking:
        state += '<font size="8" color="#5a6672"> · wajib</font>'
    coloured = page.TEXT.clone("state", textColor=STATUS_COLOURS[check.status])
    limit = f"batas {room_words.limit_of(check)}" if check.limit else ""
    style = [
        *CELL,
        ("FONT", (1, 0), (1, 0), BOLD if _fits(check) else SANS, 9),
        ("TEXTCOLOR", (2, 0), (2, 0), page.QUIET),
        ("VALIGN", (0, 0), (-1, -1), "TOP"),
        ("LINEABOVE", (0, 0), (-1, 0), 0.4, page.LINE),
    ]
    rest = WIDTH - _VALUE_WIDTH - _LIMIT_WIDTH - _STATE_WIDTH
    widths = [rest, _VALUE_WIDTH, _LIMIT_WIDTH, _STATE_WIDTH]
    return Table([[name, value, limit, Paragraph(state, coloured)]], widths, style=TableStyle(style))


def _value(check: RoomCheck) -> str:
    return _plain(room_words.value_of(check))


def _fits(check: RoomCheck) -> bool:
    room = _VALUE_WIDTH if check.limit else _VALUE_WIDTH + _LIMIT_WIDTH
    return bool(stringWidth(_value(check), BOLD, 9) <= room - 9)


def _facts(check: RoomCheck, timezone: tzinfo) -> Iterator[Any]:
    if not _fits(check):
        yield _fact(("Hasil", _value(check)))
    yield _fact(
        ("Waktu pengecualian" if check.status is Status.WAIVED else "Waktu", _moment(check, timezone)),
        ("Sumber", room_words.source_of(check)),
        ("Dicatat oleh", "" if check.by == check.source else check.by),
        ("Dasar", ITEM[check.item].paragraph),
    )
    if check.document or check.valid_until is not None:
        until = "" if check.valid_until is None else _day(check.valid_until, timezone)
        yield _fact(("Dokumen", check.document), ("Berlaku sampai", until))
    if check.status is Status.WAIVED:
        yield _fact(("Dikecualikan oleh", check.waived_by), ("Alasan", check.waived_reason))
    if check.status is not Status.OK:
        who = word("room_who", check.who)
        yield _fact(("Langkah", room_words.advice_of(check.advice)), ("Yang menindaklanjuti", who))
    for line in room_words.evidence_of(check):
        yield _fact(("Bukti", line), style=_EVIDENCE)


def _fact(*told: tuple[str, str], style: Any = _FACT) -> Any:
    parts = [
        f'<font color="#5a6672">{name.replace(" ", "&nbsp;")}:</font> {escape(_plain(text))}'
        for name, text in told
        if text
    ]
    return Paragraph(" &nbsp;·&nbsp; ".join(parts), style)


def _moment(check: RoomCheck, timezone: tzinfo) -> str:
    """When it was measured; a result that never was has only the moment at which that was noticed."""
    if check.advice == "not_checked" and check.method == "none":
        return "belum pernah diperiksa"
    return f"{_day(check.measured_at, timezone)} pukul {clock(check.measured_at, timezone)}"


def _day(moment: datetime, timezone: tzinfo) -> str:
    return card_date(moment.astimezone(timezone).date())


def _plain(text: str) -> str:
    """What instruments and people said, without the signs that no font draws (control, direction, line ends)."""
    return "".join(sign if sign.isprintable() else " " for sign in text)
