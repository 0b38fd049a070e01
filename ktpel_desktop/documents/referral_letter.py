"""The referral letter as A4 PDF: what SIAK answered, as SIAK's answer, and what the Suku Dinas is asked to do."""

from __future__ import annotations

from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape

from reportlab.lib.units import mm
from reportlab.platypus import KeepTogether, Paragraph, Spacer

from ktpel_desktop.core import ticket
from ktpel_desktop.core.letters import ReferralLetter
from ktpel_desktop.documents import report_page as page
from ktpel_desktop.documents.indonesian import clock, long_date
from ktpel_desktop.documents.letterhead import (
    BODY,
    NO_NUMBER,
    bullets,
    facts,
    letterhead,
    opening,
    opening_hours,
    place_and_day,
)
from ktpel_desktop.documents.report_page import A4_SHEET
from ktpel_desktop.documents.report_tables import signature_places
from ktpel_desktop.spoken import table_of, word

SUBJECT = "Rujukan penyelesaian data kependudukan"


def referral_letter(letter: ReferralLetter, resources: Path) -> bytes:
    """The PDF: the same data always gives the same bytes."""
    page.register_fonts(resources)
    office, code = letter.office, letter.referral
    day = place_and_day(office, letter.at)
    answered = letter.answered_at.astimezone(office.timezone)
    came = letter.accepted_at.astimezone(office.timezone)
    how = "pada pencarian menurut NIK" if letter.asked else "menurut catatan operator dari layar SIAK"
    request = f"nomor {letter.number} (kode {ticket.in_fours(letter.ticket)})"
    brought = table_of("referral_bring").get(code)
    story: list[Any] = [
        *letterhead(office, A4_SHEET, letter.copy),
        *opening(office, letter.letter, SUBJECT, day),
        Paragraph("Bersama surat ini kami rujuk pemohon berikut:", BODY),
        facts(
            [
                ("Nama", letter.name),
                ("NIK", letter.nik),
                ("Layanan", letter.service),
                ("Permohonan", f"{request}, diterima {long_date(came.date())}"),
            ],
            26 * mm,
            A4_SHEET.width,
        ),
        Spacer(0, 8),
        Paragraph(
            f"Pada {long_date(answered.date())} pukul {clock(letter.answered_at, office.timezone)}, {how}, "
            f"jawaban SIAK adalah: <b>“{escape(word('referral_answer', code))}”</b>.",
            BODY,
        ),
        Paragraph(
            f"{escape(word('referral_meaning', code))} Selama jawaban SIAK belum berubah, permohonan ini tidak dapat "
            "kami selesaikan, dan penyelesaiannya bukan kewenangan kelurahan.",
            BODY,
        ),
        Paragraph(
            f"Sehubungan dengan itu, mohon bantuan Bapak/Ibu untuk {escape(word('referral_request', code))}, "
            "serta memberitahukan hasilnya kepada pemohon dan kepada kami.",
            BODY,
        ),
        Paragraph("Atas perhatian dan bantuan Bapak/Ibu, kami ucapkan terima kasih.", BODY),
        Spacer(0, 8),
        KeepTogether(
            signature_places("", ("Operator", letter.by), ("Kepala Satuan Pelaksana", "")),
        ),
        Spacer(0, 12),
        KeepTogether(
            [
                Paragraph("Untuk pemohon", page.HEADING),
                Paragraph("Yang dibawa dan dilakukan di Suku Dinas:", BODY),
                *bullets([str(item) for item in brought] if isinstance(brought, list) else []),
                Spacer(0, 5),
                Paragraph(
                    f"Setelah selesai di Suku Dinas, datang lagi ke Loket PTSP Kelurahan {escape(office.kelurahan)}: "
                    f"{opening_hours(office)}. Layanan ini <b>gratis</b>. Pengaduan: {escape(office.complaints)}.",
                    BODY,
                ),
            ]
        ),
    ]
    frame = page.PageFrame(
        title=f"Surat Rujukan {letter.letter or NO_NUMBER}",
        author=office.name,
        footer=f"Surat Rujukan {letter.letter or NO_NUMBER} – {office.name}",
        training=office.training,
    )
    return page.build(story, frame)
