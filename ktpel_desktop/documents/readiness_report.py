"""Laporan Kesiapan dan Penempatan Perangkat: A4 PDF for Sudin and Dinas, point by point of the instruction."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape

from reportlab.lib.units import mm
from reportlab.platypus import KeepTogether, Paragraph, Spacer, Table, TableStyle

from ktpel_desktop import placement_words
from ktpel_desktop.core.papers import ReadinessReport
from ktpel_desktop.core.placement import Condition, PlacedDevice, Provider
from ktpel_desktop.core.readiness import PointVerdict
from ktpel_desktop.documents import report_page as page
from ktpel_desktop.documents.copy_mark import marked
from ktpel_desktop.documents.indonesian import card_date, clock, long_date, number, plain_date
from ktpel_desktop.documents.report_page import BOLD, WIDTH
from ktpel_desktop.documents.report_tables import (
    LISTED,
    READINESS_COLOURS,
    STATUS_COLOURS,
    report_head,
    room_table,
    signature_places,
    wrapping,
)
from ktpel_desktop.spoken import word

TITLE = "Laporan Kesiapan dan Penempatan Perangkat"
_CONDITION_COLOURS = {
    Condition.GOOD: page.INK,
    Condition.LIGHT_DAMAGE: page.ODD,
    Condition.HEAVY_DAMAGE: page.BAD,
    Condition.TAKEN_AWAY: page.QUIET,
}


def readiness_report(report: ReadinessReport, resources: Path) -> bytes:
    """The PDF: the same data always gives the same bytes."""
    page.register_fonts(resources)
    office = report.office
    local = report.at.astimezone(office.timezone)
    day = plain_date(local.date())
    place = ", ".join((office.kelurahan, office.kecamatan, office.kabupaten))
    moment = f"{long_date(local.date())} pukul {clock(report.at, office.timezone)}"
    story: list[Any] = [
        *report_head(
            office.name,
            TITLE,
            f"{escape(place)} &nbsp;·&nbsp; {moment}",
            marked(report.copy, word("unofficial", "report") if report.application.training else ""),
        ),
        *_verdict(report),
        *_points(report.found.points),
        *_lacks(report),
        *_register(report.register),
        *_power(report),
        *room_table([check for point in report.found.points for check in point.checks], office.timezone),
        *_application(report),
        KeepTogether(
            [
                Spacer(0, 10),
                signature_places(
                    f"{office.kelurahan}, {day}", ("Mengetahui, Lurah", ""), ("Kasatpel Dukcapil", "")
                ),
            ]
        ),
    ]
    frame = page.PageFrame(
        title=f"{TITLE}, {day}",
        author=office.name,
        footer=f"{TITLE} – {office.name} – {day}",
        training=report.application.training,
    )
    return page.build(story, frame)


def _verdict(report: ReadinessReport) -> list[Any]:
    found = report.found
    colour = READINESS_COLOURS[found.readiness]
    large = page.TEXT.clone("verdict", fontName=BOLD, fontSize=12.5, leading=16, textColor=colour)
    return [
        Paragraph(escape(word("office_readiness", found.readiness)), large),
        Paragraph(
            f"Tahap penempatan: <b>{escape(word('readiness_stage', found.stage))}</b>. "
            f"Disusun oleh {escape(report.by)} menurut Instruksi Gubernur Provinsi DKI Jakarta Nomor 78 Tahun 2016, "
            "diktum KESATU dan KEDUA.",
            page.TEXT,
        ),
    ]


def _points(points: Sequence[PointVerdict]) -> list[Any]:
    widths = [38 * mm, WIDTH - 112 * mm, 40 * mm, 34 * mm]
    rows: list[list[Any]] = [["Diktum", "Yang diminta", "Penyedia", "Keadaan"]]
    style: list[Any] = [*LISTED]
    for line, found in enumerate(points, 1):
        rows.append(
            [
                found.point.paragraph,
                wrapping(word("readiness_point", found.point.id), widths[1]),
                wrapping(word("provider", found.point.provider), widths[2]),
                wrapping(word("room_status", found.status), widths[3], STATUS_COLOURS[found.status]),
            ]
        )
        style.append(("TEXTCOLOR", (3, line), (3, line), STATUS_COLOURS[found.status]))
    return [
        Paragraph("Kesiapan menurut diktum", page.HEADING),
        Table(rows, widths, repeatRows=1, style=TableStyle(style)),
    ]


def _lacks(report: ReadinessReport) -> list[Any]:
    """What is missing, by who provides it; an office that lacks nothing says so."""
    lacks = report.found.lacks
    told: list[Any] = [Paragraph("Yang masih kurang, dan siapa yang menyediakan", page.HEADING)]
    if not lacks:
        return [*told, Paragraph("Tidak ada.", page.TEXT)]
    widths = [76 * mm, WIDTH - 76 * mm]
    rows: list[list[Any]] = [["Kekurangan", "Langkah"]]
    style: list[Any] = [*LISTED, ("VALIGN", (0, 1), (-1, -1), "TOP")]
    for provider in Provider:
        mine = [one for one in lacks if one.provider is provider]
        if mine:
            line = len(rows)
            rows.append([f"{word('provider', provider)} ({word('provider_gives', provider)})", ""])
            style += [("SPAN", (0, line), (-1, line)), ("FONT", (0, line), (-1, line), BOLD, 9)]
        for lack in mine:
            texts = (placement_words.lack_of(lack), placement_words.step_of(lack))
            rows.append([wrapping(text, width) for text, width in zip(texts, widths, strict=True)])
    return [*told, Table(rows, widths, repeatRows=1, style=TableStyle(style))]


def _register(register: Sequence[PlacedDevice]) -> list[Any]:
    widths = [31 * mm, WIDTH - 141 * mm, 26 * mm, 30 * mm, 20 * mm, 18 * mm, 16 * mm]
    rows: list[list[Any]] = [
        ["Jenis", "Merek dan tipe", "Nomor seri", "Berita acara", "Tanggal", "Kondisi", "Daya"]
    ]
    style: list[Any] = [*LISTED, ("ALIGN", (6, 0), (6, -1), "RIGHT")]
    for line, one in enumerate(register, 1):
        texts = (
            word("device_kind", one.kind),
            placement_words.pieces_of(one),
            one.serial or "–",
            one.document,
            "–" if one.placed_on is None else card_date(one.placed_on),
            word("device_condition", one.condition),
            placement_words.draw_of(one),
        )
        colour = _CONDITION_COLOURS[one.condition]
        rows.append([wrapping(text, width, colour) for text, width in zip(texts, widths, strict=True)])
        style.append(("TEXTCOLOR", (0, line), (-1, line), colour))
    if not register:
        rows.append(["Belum ada perangkat yang dicatat.", *[""] * 6])
        style.append(("SPAN", (0, 1), (-1, 1)))
    return [
        Paragraph("Daftar perangkat", page.HEADING),
        Table(rows, widths, repeatRows=1, style=TableStyle(style)),
    ]


def _power(report: ReadinessReport) -> list[Any]:
    widths = [WIDTH - 90 * mm, 30 * mm, 30 * mm, 30 * mm]
    needed, supply = report.needed, report.supply
    rows: list[list[Any]] = [["Kelompok", "Menurut label (W)", "VA", "Instruksi (W)"]]
    rows += [
        [
            word("load_group", one.group),
            number(one.load.watts),
            number(one.load.volt_amperes),
            number(one.instructed_watts) if one.instructed_watts else "–",
        ]
        for one in needed.groups
    ]
    rows.append(["Jumlah", number(needed.total.watts), number(needed.total.volt_amperes), number(3500)])
    style = [
        *LISTED,
        ("ALIGN", (1, 0), (-1, -1), "RIGHT"),
        ("FONT", (0, -1), (-1, -1), BOLD, 9),
        ("LINEABOVE", (0, -1), (-1, -1), 0.8, page.INK),
    ]
    told = [f"Kecukupan: <b>{escape(word('load_fit', report.fit))}</b>."]
    told.append(escape(placement_words.supply_of(supply)))
    if needed.unread:
        told.append(f"Label belum dibaca: {escape(', '.join(needed.unread))}. Jumlah di atas paling sedikit.")
    return [
        KeepTogether(
            [
                Paragraph("Anggaran daya listrik", page.HEADING),
                Table(rows, widths, style=TableStyle(style)),
                Spacer(0, 4),
                Paragraph(" ".join(told), page.TEXT),
            ]
        )
    ]


def _application(report: ReadinessReport) -> list[Any]:
    application = report.application
    first = "belum ada" if application.first_day is None else plain_date(application.first_day)
    line = f"ktpel-desktop versi <b>{escape(application.version)}</b>. Hari kerja pertama: <b>{first}</b>."
    return [KeepTogether([Paragraph("Aplikasi", page.HEADING), Paragraph(line, page.TEXT)])]
