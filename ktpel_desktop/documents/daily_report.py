"""Step 9 of the instruction: the service report of one day as A4 PDF, from the figures alone.

Contents after room.md 6.4: what came in and went out, what waits and since when, spoiled cards by cause, the
balance of blanks with its proof, room checks, outages, and the head of the audit chain, which makes a cut-off
tail of the journal visible once this page is signed.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import tzinfo
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape

from reportlab.lib.units import mm
from reportlab.platypus import KeepTogether, Paragraph, Spacer, Table, TableStyle

from ktpel_desktop.core.papers import DailyReport
from ktpel_desktop.core.stock import BlankBalance
from ktpel_desktop.documents import report_page as page
from ktpel_desktop.documents.copy_mark import marked
from ktpel_desktop.documents.indonesian import clock, long_date, minutes, number, plain_date
from ktpel_desktop.documents.report_page import BOLD, SANS, WIDTH
from ktpel_desktop.documents.report_tables import (
    chain_told,
    report_head,
    room_table,
    signature_places,
    summed,
    tiles,
)
from ktpel_desktop.spoken import named, word

_SUPPLIES = (("ribbon_left", "pita"), ("film_left", "film"))


def daily_report(report: DailyReport, resources: Path, timezone: tzinfo) -> bytes:
    """The PDF: the same data always gives the same bytes."""
    page.register_fonts(resources)
    day = report.date.astimezone(timezone).date()
    story: list[Any] = [
        *_head(report, long_date(day)),
        tiles(
            (
                ("Permohonan masuk", report.requests_in),
                ("KTP-el terbit", report.issued),
                ("Dokumen dibuat", report.documents_made),
                ("Diserahkan", report.handed_over),
                ("Belum lengkap", report.incomplete),
                ("Ditolak", report.rejected),
            )
        ),
        Spacer(0, 5),
        Paragraph(_pace(report), page.TEXT),
        Paragraph("Menurut layanan", page.HEADING),
        summed(("Layanan", "Masuk", "Selesai"), report.services),
        Spacer(0, 9),
        _side_by_side(
            _counts("Menunggu", "Keadaan", named(report.waiting, "request_state")),
            _counts("Kartu rusak", "Sebab", named(report.spoiled, "spoil_reason")),
        ),
        *_withdrawn(named(report.withdrawn, "result_reason")),
        *_blanks(report.balance, report.counted, report.supplies),
        *room_table(report.room, timezone),
        chain_told(report.chain_count, report.chain_head, intact=report.chain_intact),
        _signatures(report, plain_date(day), timezone),
    ]
    frame = page.PageFrame(
        title=f"Laporan harian pelayanan, {plain_date(day)}",
        author=report.office,
        footer=f"Laporan harian pelayanan – {report.office} – {plain_date(day)} – rantai {report.chain_head[:16]}",
        training=report.training,
    )
    return page.build(story, frame)


def _head(report: DailyReport, day: str) -> list[Any]:
    told = f"{day} &nbsp;·&nbsp; Sif {number(report.shift_id)} &nbsp;·&nbsp; {escape(report.place)}"
    training = marked(report.copy, word("unofficial", "report") if report.training else "")
    return report_head(report.office, "Laporan Harian Pelayanan", told, training)


def _pace(report: DailyReport) -> str:
    median = "belum ada" if report.median_minutes is None else minutes(report.median_minutes)
    return (
        f"Median waktu layanan: <b>{median}</b> &nbsp;·&nbsp; "
        f"menunggu paling lama: <b>{number(report.oldest_waiting_days)} hari</b> &nbsp;·&nbsp; "
        f"gangguan jaringan dan SIAK: <b>{minutes(report.outage_minutes)}</b>"
    )


def _counts(title: str, what: str, counts: Sequence[tuple[str, int]]) -> list[Any]:
    """Half the page wide."""
    half = (WIDTH - 8 * mm) / 2
    table = summed((what, "Jumlah"), counts, width=half, narrow=22 * mm, total=_zero)
    return [Paragraph(title, page.HEADING), table]


def _withdrawn(counts: Sequence[tuple[str, int]]) -> list[Any]:
    """Issued cards that came back from the counter: no blanks of the books, but to be destroyed with minutes."""
    if not counts:
        return []
    told = "; ".join(f"{escape(name)} <b>{number(count)}</b>" for name, count in counts)
    total = number(sum(count for _, count in counts))
    line = f"Kartu terbit yang ditarik dari loket untuk dimusnahkan: <b>{total}</b> ({told})"
    return [Spacer(0, 4), Paragraph(line, page.TEXT)]


def _side_by_side(left: list[Any], right: list[Any]) -> Table:
    half = (WIDTH - 8 * mm) / 2
    style = [
        ("VALIGN", (0, 0), (-1, -1), "TOP"),
        *(
            (side, (0, 0), (-1, -1), 0)
            for side in ("LEFTPADDING", "RIGHTPADDING", "TOPPADDING", "BOTTOMPADDING")
        ),
    ]
    return Table([[left, "", right]], [half, 8 * mm, half], style=TableStyle(style))


def _blanks(balance: BlankBalance, counted: int | None, supplies: Mapping[str, int]) -> list[Any]:
    """The equation of core.stock with its figures, each side summed, and the count of the cabinet."""
    came = (("Saldo awal", balance.opening), ("Terima", balance.received), ("Koreksi", balance.corrected))
    went = (
        ("Terbit", balance.issued),
        ("Rusak", balance.spoiled),
        ("Retur", balance.returned),
        ("Dipegang", balance.open),
        ("Sisa", balance.left),
    )
    figures: list[str] = []
    names: list[str] = []
    for side in (came, went):
        for place, (name, value) in enumerate(side):
            figures += ["=" if place == 0 and side is went else "+" if place else "", number(value)]
            names += ["", name]
    narrow = 5 * mm
    wide = (WIDTH - 7 * narrow) / 8
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
    equation = Table([figures[1:], names[1:]], [wide, *[narrow, wide] * 7], style=TableStyle(style))
    total_came, total_went = sum(value for _, value in came), sum(value for _, value in went)
    verdict = "seimbang" if total_came == total_went else "TIDAK SEIMBANG"
    proof = f"Masuk {number(total_came)} = keluar dan sisa {number(total_went)}: <b>{verdict}</b>. "
    if counted is None:
        proof += "Isi lemari: <b>belum dihitung</b>."
    else:
        proof += (
            f"Hitung fisik lemari <b>{number(counted)}</b>, menurut buku <b>{number(balance.left)}</b>, "
            f"selisih <b>{_zero(counted - balance.left)}</b>."
        )
    left = [f"{name} <b>{supplies[code]} %</b>" for code, name in _SUPPLIES if code in supplies]
    if left:
        proof += f"<br/>Pita/film tersisa (menurut operator): {', '.join(left)}."
    return [
        KeepTogether(
            [Paragraph("Blangko KTP-el", page.HEADING), equation, Spacer(0, 4), Paragraph(proof, page.TEXT)]
        )
    ]


def _signatures(report: DailyReport, day: str, timezone: tzinfo) -> KeepTogether:
    """Places for ink; once the penyelia has signed in the program, the words that say so."""
    places = signature_places(
        f"{report.place}, {day}", ("Operator", report.closed_by), ("Penyelia", report.signed_by)
    )
    told: list[Any] = []
    if report.signed_at is not None:
        local = report.signed_at.astimezone(timezone)
        moment = f"{plain_date(local.date())} pukul {clock(report.signed_at, timezone)}"
        line = f"Ditandatangani secara elektronik oleh <b>{escape(report.signed_by)}</b> pada {moment}."
        if not report.signature_holds:
            line += ' <font color="#a3161f"><b>ANGKA TIDAK LAGI COCOK dengan yang ditandatangani.</b></font>'
        told = [Spacer(0, 6), Paragraph(line, page.TEXT)]
    return KeepTogether([Spacer(0, 10), places, *told])


def _zero(value: int) -> str:
    """A reckoned nought is written out, so that it can't be taken for a forgotten field (room.md 6.3)."""
    return "0 (nol)" if value == 0 else number(value)
