"""The escalation letter as A4 PDF: the requests that SIAK keeps waiting, by state and one by one."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import Any

from reportlab.lib.units import mm
from reportlab.platypus import KeepTogether, Paragraph, Spacer, Table, TableStyle

from ktpel_desktop.core import ticket
from ktpel_desktop.core.letters import EscalationLetter
from ktpel_desktop.documents import report_page as page
from ktpel_desktop.documents.indonesian import card_date, clock, long_date, number
from ktpel_desktop.documents.letterhead import BODY, NO_NUMBER, letterhead, opening, place_and_day
from ktpel_desktop.documents.report_page import A4_SHEET, WIDTH
from ktpel_desktop.documents.report_tables import LISTED, signature_places, summed, wrapping
from ktpel_desktop.spoken import reason, table_of, word


def escalation_letter(letter: EscalationLetter, resources: Path) -> bytes:
    """The PDF: the same data always gives the same bytes."""
    page.register_fonts(resources)
    office = letter.office
    day = place_and_day(office, letter.at)
    moment = (
        f"{long_date(letter.at.astimezone(office.timezone).date())} pukul {clock(letter.at, office.timezone)}"
    )
    count, days = number(len(letter.stuck)), number(letter.limit_days)
    states = Counter(_answer(one.answer) for one in letter.stuck)
    again = any(one.earlier for one in letter.stuck)
    story: list[Any] = [
        *letterhead(office, A4_SHEET, letter.copy),
        *opening(office, letter.letter, f"Permohonan menunggu SIAK {days} hari atau lebih", day),
        Paragraph(
            f"Sampai {moment}, sebanyak <b>{count} permohonan</b> di kantor kami menunggu SIAK selama {days} hari "
            "atau lebih. Berkasnya ada pada kami, tetapi belum dapat diproses sebelum ada jawaban SIAK.",
            BODY,
        ),
        *_by_state(states),
        Paragraph(
            "Mohon bantuan Bapak/Ibu untuk menindaklanjutinya di pusat data, dan memberitahukan kepada kami hasilnya "
            "atau langkah yang perlu kami lakukan. NIK dalam surat ini disamarkan; NIK lengkap kami sampaikan melalui "
            "saluran dinas bila diminta."
            + (" Permohonan dengan nomor surat terdahulu pernah kami sampaikan." * again),
            BODY,
        ),
        Paragraph("Atas perhatian dan bantuan Bapak/Ibu, kami ucapkan terima kasih.", BODY),
        Spacer(0, 4),
        _requests(letter, again=again),
        Spacer(0, 12),
        KeepTogether([signature_places("", ("Operator", letter.by), ("Penyelia", ""))]),
    ]
    frame = page.PageFrame(
        title=f"Surat Eskalasi {letter.letter or NO_NUMBER}",
        author=office.name,
        footer=f"Surat Eskalasi {letter.letter or NO_NUMBER} – {office.name} – {moment}",
        training=office.training,
    )
    return page.build(story, frame)


def _by_state(states: Counter[str]) -> list[Any]:
    """Where there is more than one: the most frequent first."""
    if len(states) < 2:
        return []
    told = sorted(states.items(), key=lambda one: (-one[1], one[0]))
    return [summed(("Status terakhir di SIAK", "Permohonan"), told), Spacer(0, 8)]


def _requests(letter: EscalationLetter, *, again: bool) -> Table:
    timezone = letter.office.timezone
    narrow = [9 * mm, 46 * mm, 21 * mm, 23 * mm, *([25 * mm] * again)]
    widths = [*narrow[:2], WIDTH - sum(narrow), *narrow[2:]]
    head = ["No.", "Permohonan\nNIK", "Status terakhir di SIAK", "Sejak\nlamanya", "Ditanyakan\nterakhir"]
    rows: list[list[Any]] = [[*head, *(["Surat\nterdahulu"] * again)]]
    for line, one in enumerate(letter.stuck, 1):
        last = card_date(one.last_asked.astimezone(timezone).date()) if one.last_asked else "–"
        rows.append(
            [
                number(line),
                f"{one.number} (kode {ticket.in_fours(one.ticket)})\n{one.nik_masked}",
                wrapping(_answer(one.answer), widths[2]),
                f"{card_date(one.since.astimezone(timezone).date())}\n{number(one.days)} hari",
                f"{number(one.asked)} kali\n{last}",
                *([one.earlier or "–"] * again),
            ]
        )
    style = [
        *LISTED,
        ("ALIGN", (0, 0), (0, -1), "RIGHT"),
        ("VALIGN", (0, 1), (-1, -1), "TOP"),
        ("LEADING", (0, 0), (-1, -1), 11.5),
    ]
    return Table(rows, widths, repeatRows=1, style=TableStyle(style))


def _answer(code: str) -> str:
    """SIAK's word: a state of enrolment, a refusal, else the operator's reason to wait."""
    if code.startswith("siak."):
        return word("siak_refusal", code)
    return word("enrolment_state", code) if code in table_of("enrolment_state") else reason(code)
