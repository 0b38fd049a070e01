"""Step 9 of the instruction: the service report of one day as A4 PDF, from the figures alone.

Contents after room.md 6.4: what came in and went out and when, what was promised and kept, what waits and why,
results between printer and owner, spoiled cards by cause, the balance of blanks with its proof, outages, room checks,
waivers and approvals, and the head of the audit chain, which makes a cut-off tail of the journal visible once this
page is signed.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import tzinfo
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape

from reportlab.lib.units import mm
from reportlab.platypus import KeepTogether, Paragraph, Spacer, Table, TableStyle

from ktpel_desktop.core.consumables import Consumption
from ktpel_desktop.core.daily import DailyReport
from ktpel_desktop.core.request import Ageing
from ktpel_desktop.documents import report_page as page
from ktpel_desktop.documents.copy_mark import marked
from ktpel_desktop.documents.hour_chart import HourChart
from ktpel_desktop.documents.indonesian import clock, long_date, minutes, number, plain_date, reckoned
from ktpel_desktop.documents.report_page import BOLD, WIDTH
from ktpel_desktop.documents.report_tables import (
    LISTED,
    chain_told,
    equation_of,
    report_head,
    room_table,
    signature_places,
    summed,
    tiles,
    told_counts,
    waiting_table,
    wrapping,
)
from ktpel_desktop.spoken import named, reason, word

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
        *_opened_from(report),
        KeepTogether(
            [
                Paragraph("Menurut jam", page.HEADING),
                HourChart(("Masuk", "Selesai"), report.accepted_by_hour, report.produced_by_hour),
            ]
        ),
        Paragraph("Menurut layanan", page.HEADING),
        summed(("Layanan", "Masuk", "Selesai"), report.services),
        Spacer(0, 9),
        _promises(report),
        Spacer(0, 9),
        _side_by_side(
            _counts("Menunggu", "Keadaan", named(report.waiting, "request_state")),
            _counts("Kartu rusak", "Sebab", named(report.spoiled, "spoil_reason")),
        ),
        *told_counts(
            "Ditolak atau dirujuk", [(reason(code), count) for code, count in report.refused.items()]
        ),
        *_at_siak(report),
        *waiting_table(report.waiting_reasons),
        *_results(report),
        *_blanks(report),
        *_consumables(report.consumables),
        *_invalid(report),
        *_outages(report, timezone),
        *room_table(report.room, timezone),
        *told_counts("Butir ruangan yang dikecualikan", named(report.waivers, "room_item")),
        *told_counts("Persetujuan orang kedua", named(report.approvals, "action")),
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


def _opened_from(report: DailyReport) -> list[Any]:
    """From which figures the day was opened, and whether they follow; nothing on the first day."""
    before = report.opened_from
    if before is None:
        return []
    begun = f"dibuka dengan <b>{number(report.carried)}</b> blangko"
    match before.agrees(report.carried):
        case None:
            told = f"Sif {number(before.shift_id)} <b>belum ditandatangani</b> waktu sif ini {begun} menurut buku."
        case True:
            told = (
                f"Sif ini {begun} ({number(before.left or 0)} di lemari, {number(before.in_work or 0)} dikerjakan), "
                f"seperti ditandatangani {escape(before.signed_by)} untuk sif {number(before.shift_id)}."
            )
        case _:
            signed = (before.left or 0) + (before.in_work or 0)
            told = (
                f'<font color="#a3161f"><b>TIDAK COCOK</b></font>: sif ini {begun}, padahal '
                f"{escape(before.signed_by)} menandatangani {number(signed)} untuk sif {number(before.shift_id)}."
            )
    return [Paragraph(told, page.TEXT)]


def _promises(report: DailyReport) -> KeepTogether:
    """Results and open requests by the service time they took, against target and limit."""
    rows = [(word("ageing", age), report.kept.get(age, 0), report.open_ages.get(age, 0)) for age in Ageing]
    note = "Waktu layanan berjalan selama berkas di kantor; batas 24 jam, menurut hukum paling lama 14 hari."
    return KeepTogether(
        [
            Paragraph("Waktu layanan terhadap batasnya", page.HEADING),
            Paragraph(note, page.SMALL),
            Spacer(0, 2),
            summed(("Keadaan", "Selesai hari ini", "Masih dikerjakan"), rows, narrow=32 * mm),
        ]
    )


def _at_siak(report: DailyReport) -> list[Any]:
    """The two that the Dinas asks for: sent for enrolment and not answered, and double records."""
    told = f"Tertahan di SIAK: SFE <b>{reckoned(report.stuck)}</b>, data ganda <b>{reckoned(report.duplicates)}</b>."
    return [Spacer(0, 4), Paragraph(told, page.TEXT)]


def _results(report: DailyReport) -> list[Any]:
    """Results between printer and owner: the equation, and how long the uncollected ones have been lying there."""
    found = report.results
    verdict = "seimbang" if found.balanced else '<font color="#a3161f">TIDAK SEIMBANG</font>'
    lying = named(report.uncollected, "uncollected")
    waits = "; ".join(f"{escape(name.lower())} <b>{number(count)}</b>" for name, count in lying)
    told = f"Hasil: <b>{verdict}</b>. Di loket, belum diambil: {waits or f'<b>{reckoned(0)}</b>'}."
    equation = equation_of(
        (("Siap kemarin", found.before), ("Dibuat", found.made)),
        (("Diserahkan", found.handed_over), ("Ditarik", found.taken_back), ("Siap diambil", found.ready)),
    )
    return [
        KeepTogether(
            [Paragraph("Hasil layanan", page.HEADING), equation, Spacer(0, 4), Paragraph(told, page.TEXT)]
        )
    ]


def _outages(report: DailyReport, timezone: tzinfo) -> list[Any]:
    """Each stretch without SIAK while the day was open; they stop the service clock."""
    if not report.outages:
        return []
    each = "; ".join(
        f"{one.start.astimezone(timezone):%H.%M}–{(one.end or one.start).astimezone(timezone):%H.%M}"
        for one in report.outages
    )
    return [
        Spacer(0, 4),
        Paragraph(f"Gangguan jaringan dan SIAK: <b>{minutes(report.outage_minutes)}</b> ({each})", page.TEXT),
    ]


def _counts(title: str, what: str, counts: Sequence[tuple[str, int]]) -> list[Any]:
    """Half the page wide."""
    half = (WIDTH - 8 * mm) / 2
    table = summed((what, "Jumlah"), counts, width=half, narrow=22 * mm, total=reckoned)
    return [Paragraph(title, page.HEADING), table]


def _consumables(found: Sequence[Consumption]) -> list[Any]:
    """What else the room used up; nothing where no item was ever booked."""
    if not found:
        return []
    narrow = 22 * mm
    rows: list[list[Any]] = [["Bahan habis pakai", "Satuan", "Awal", "Masuk", "Keluar", "Sisa"]]
    for one in found:
        figures = map(number, (one.opening, one.came, one.went, one.left))
        rows.append([wrapping(one.name, WIDTH - 5 * narrow), wrapping(one.unit, narrow), *figures])
    style = TableStyle([*LISTED, ("ALIGN", (2, 0), (-1, -1), "RIGHT")])
    return [Spacer(0, 8), Table(rows, [WIDTH - 5 * narrow, *[narrow] * 5], repeatRows=1, style=style)]


def _invalid(report: DailyReport) -> list[Any]:
    """Cards that are to be destroyed with minutes (room.md 6.3, equation 4); 0 held is the aim of every day."""
    found = report.invalid
    if found is None:
        return []
    equation = equation_of(
        (("Disimpan kemarin", found.before), ("Rusak", found.spoiled), ("Ditarik", found.withdrawn)),
        (("Dimusnahkan", found.destroyed), ("Masih disimpan", found.held)),
    )
    why = named(report.withdrawn, "result_reason")
    return [
        KeepTogether(
            [
                Paragraph("Kartu tidak sah", page.HEADING),
                equation,
                *told_counts("Kartu terbit yang ditarik dari loket", why),
            ]
        )
    ]


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


def _blanks(report: DailyReport) -> list[Any]:
    """The equation of core.stock with its figures, each side summed, what others say of it, and the count."""
    balance, counted, supplies = report.balance, report.counted, report.supplies
    came = (
        ("Saldo awal", balance.opening),
        ("Terima", balance.received),
        ("Koreksi", balance.corrected),
        ("Pinjaman", balance.loaned),
    )
    went = (
        ("Terbit", balance.issued),
        ("Rusak", balance.spoiled),
        ("Retur", balance.returned),
        ("Dipegang", balance.open),
        ("Sisa", balance.left),
    )
    equation = equation_of(came, went)
    in_vault = balance.left if counted is None else counted
    told = {
        None: ("sisa menurut buku", "lemari belum dihitung"),
        True: ("hitung fisik", "seimbang"),
        False: ("hitung fisik", '<font color="#a3161f">TIDAK SEIMBANG</font>'),
    }
    by, verdict = told[report.balanced]
    accounted = number(balance.issued + balance.spoiled + balance.returned + balance.open + in_vault)
    proof = f"Masuk {number(balance.came)} = keluar, dipegang dan {by} {accounted}: <b>{verdict}</b>."
    proof += _tied(report)
    left = [f"{name} <b>{supplies[code]} %</b>" for code, name in _SUPPLIES if code in supplies]
    if left:
        proof += f"<br/>Pita/film tersisa (menurut operator): {', '.join(left)}."
    return [
        KeepTogether(
            [
                Paragraph("Blangko KTP-el", page.HEADING),
                equation,
                Spacer(0, 4),
                Paragraph(proof, page.TEXT),
                Spacer(0, 4),
                _counted((("Blangko di lemari", balance.left, counted),)),
            ]
        )
    ]


def _tied(report: DailyReport) -> str:
    """The same cards as SIAK and the printer's own counter tell them (room.md 6.3, equation 6)."""
    told = ""
    if report.confirmed is not None:
        odd = report.confirmed != report.issued
        told = (
            f"<br/>Terbit <b>{number(report.issued)}</b>, dikonfirmasi SIAK <b>{number(report.confirmed)}</b>"
        )
        told += ': <font color="#a3161f"><b>TIDAK SAMA</b></font>.' if odd else ": sama."
    if (tally := report.tally) is not None:
        match tally.agrees:
            case None:
                told += " Penghitung pencetak mundur, tidak dapat dibandingkan."
            case same:
                rise, out = number(tally.last - tally.first), number(tally.came_out)
                told += f" Penghitung pencetak naik <b>{rise}</b>, kartu keluar menurut jurnal <b>{out}</b>"
                told += f" ({number(tally.unsure)} lagi diragukan)" if tally.unsure else ""
                told += ": sama." if same else ': <font color="#a3161f"><b>TIDAK SAMA</b></font>.'
    return told


def _counted(rows: Sequence[tuple[str, int, int | None]]) -> Table:
    """What the program says against what two persons counted; a difference stands out."""
    narrow = 30 * mm
    told = [["Barang", "Sistem", "Hitung fisik", "Selisih"]]
    style = [*LISTED, ("ALIGN", (1, 0), (-1, -1), "RIGHT"), ("FONT", (3, 1), (3, -1), BOLD, 9)]
    for line, (name, system, counted) in enumerate(rows, 1):
        if counted is None:
            told.append([name, number(system), "belum dihitung", "–"])
            continue
        told.append([name, number(system), number(counted), reckoned(counted - system)])
        if counted != system:
            style.append(("TEXTCOLOR", (3, line), (3, line), page.BAD))
    return Table(told, [WIDTH - 3 * narrow, *[narrow] * 3], style=TableStyle(style))


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
