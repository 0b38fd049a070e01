"""Step 4 as A5 PDF: what is missing or wrong, what to bring, where and when, and that the clock stands still."""

from __future__ import annotations

from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape

from reportlab.lib.units import mm
from reportlab.platypus import KeepTogether, Paragraph, Spacer, Table, TableStyle

from ktpel_desktop.core import ticket
from ktpel_desktop.core.letters import IncompleteNotice
from ktpel_desktop.documents import report_page as page
from ktpel_desktop.documents.indonesian import clock, long_date, number
from ktpel_desktop.documents.letterhead import NOTE, TITLE, facts, letterhead, opening_hours, place_and_day
from ktpel_desktop.documents.report_page import A5_SHEET
from ktpel_desktop.documents.report_tables import LISTED, aligned
from ktpel_desktop.spoken import word

NAME = "Pemberitahuan Berkas Belum Lengkap"


def incomplete_notice(notice: IncompleteNotice, resources: Path) -> bytes:
    """The PDF: the same data always gives the same bytes."""
    page.register_fonts(resources)
    office = notice.office
    came, back = (moment.astimezone(office.timezone) for moment in (notice.accepted_at, notice.since))
    since = f"{long_date(back.date())}, pukul {clock(notice.since, office.timezone)}"
    story: list[Any] = [
        *letterhead(office, A5_SHEET, notice.copy),
        Paragraph(NAME, TITLE),
        Spacer(0, 5),
        facts(
            [
                ("Nomor", f"{notice.number} (kode {ticket.in_fours(notice.ticket)})"),
                ("Layanan", notice.service),
                ("Pemohon", notice.name),
                ("NIK", notice.nik_masked),
            ],
            18 * mm,
            A5_SHEET.width,
            NOTE,
        ),
        Spacer(0, 6),
        Paragraph(
            f"Permohonan yang kami terima pada {long_date(came.date())} sudah diperiksa dan "
            "<b>belum dapat diproses</b>. Mohon dilengkapi sekaligus, agar cukup datang satu kali:",
            NOTE,
        ),
        _lacking(notice),
        Spacer(0, 7),
        Paragraph(
            f"Waktu layanan <b>berhenti dihitung</b> sejak {since}, dan berjalan lagi begitu berkas lengkap. "
            "Nomor permohonan tetap berlaku; tidak perlu mendaftar ulang.",
            NOTE,
        ),
        KeepTogether([*_where(notice), Spacer(0, 5), _signature(notice)]),
    ]
    frame = page.PageFrame(
        title=f"{NAME} {notice.number}",
        author=office.name,
        footer=f"{NAME} – nomor {notice.number} – {office.name}",
        training=office.training,
        sheet=A5_SHEET,
    )
    return page.build(story, frame)


def _lacking(notice: IncompleteNotice) -> Table:
    """What lacks and what to bring: documents by their names first, then what else is wrong."""
    widths = [8 * mm, A5_SHEET.width * 0.47 - 8 * mm, A5_SHEET.width * 0.53]
    told = [(text, "Belum ada; mohon dibawa.") for text in notice.lacking]
    told += [
        (word("notice_what", code), word("notice_bring", code))
        for code in notice.reasons
        if not (code == "document_missing" and notice.lacking)  # they are named already
    ]
    rows: list[list[Any]] = [["No.", "Yang kurang", "Yang dibawa atau dilakukan"]]
    tight = NOTE.clone("cell", spaceAfter=0)
    for line, texts in enumerate(told, 1):
        rows.append([number(line), *(Paragraph(escape(text), tight) for text in texts)])
    style = TableStyle([*LISTED, ("ALIGN", (0, 0), (0, -1), "RIGHT"), ("VALIGN", (0, 1), (-1, -1), "TOP")])
    return Table(rows, widths, repeatRows=1, style=style)


def _where(notice: IncompleteNotice) -> list[Any]:
    office = notice.office
    rows = [
        ("Tempat", f"Loket PTSP Kelurahan {office.kelurahan}"),
        ("Waktu", opening_hours(office)),
        ("Biaya", "GRATIS – tidak dipungut biaya"),
        ("Pengaduan", office.complaints),
    ]
    return [
        Spacer(0, 2),
        facts(rows, 22 * mm, A5_SHEET.width, NOTE),
        Spacer(0, 4),
        Paragraph("Bawa lembar ini dan tanda terima permohonan saat kembali ke loket.", NOTE),
    ]


def _signature(notice: IncompleteNotice) -> Table:
    """One place, for the officer who gives it."""
    centred = aligned(NOTE, 1)
    width = A5_SHEET.width
    rows = [
        ["", Paragraph(escape(place_and_day(notice.office, notice.since)), centred)],
        ["", Paragraph("Petugas", centred)],
        ["", Spacer(0, 9 * mm)],
        ["", Paragraph(f"<b>{escape(notice.by)}</b>", centred)],
    ]
    line = ("LINEBELOW", (1, 2), (1, 2), 0.6, page.INK)
    style = TableStyle([line, ("TOPPADDING", (0, 0), (-1, -1), 0), ("BOTTOMPADDING", (0, 0), (-1, -1), 0)])
    return Table(rows, [width * 0.36, width * 0.64], style=style)
