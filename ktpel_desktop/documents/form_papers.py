"""Papers on continuous two-part form: the applicant's receipt and the list of what changed hands.

Like the receipt on a roll they never show a whole name or NIK.
"""

from __future__ import annotations

import textwrap
from collections.abc import Callable, Sequence
from datetime import datetime, tzinfo

from ktpel_desktop.core import ticket
from ktpel_desktop.core.papers import HandOffList, ReceiptData
from ktpel_desktop.documents.copy_mark import copy_mark
from ktpel_desktop.documents.escp import Form, Line, Pitch, document
from ktpel_desktop.documents.indonesian import clock, long_date
from ktpel_desktop.documents.receipt_paper import plain

_COLUMNS = (("No", 4), ("Nomor", 8), ("Kode", 14), ("Nama", 34), ("NIK", 17), ("Layanan", 40), ("Ada", 3))
"""Heading and width; with a gap of one they fill a condensed line."""
_LABEL = 20


def receipt_form(data: ReceiptData, timezone: tzinfo, form: Form) -> bytes:
    """The receipt in ESC/P. A long one goes on on the next form under its number."""
    head = [
        _title(data.office),
        Line("TANDA TERIMA PERMOHONAN", centred=True),
        *_marks(data.copy, data.training),
    ]
    body = [
        *_pair("Nomor Anda", ""),
        Line(),
        Line(_cut(data.number, Pitch.LARGE.columns), Pitch.LARGE, bold=True, centred=True),
        Line(),
        *_pair("Layanan", data.service),
        *_pair("Diterima", _when(data.accepted_at, timezone)),
        *_pair("Perkiraan selesai", _when(data.promised_at, timezone)),
        *_pair("Nama", data.name_masked),
        *_pair("NIK", data.nik_masked),
        *_items("Berkas diterima:", "[x]", data.documents),
        *_items("Berkas kurang, mohon dilengkapi:", "[ ]", data.missing),
        *_pair("Biaya", "GRATIS - tidak dipungut biaya"),
        *_pair("Kode", ticket.in_fours(plain(data.ticket))),
        *_pair("Pantau di", plain(data.status_url).removeprefix("https://")),
        *_pair("Pengaduan", data.complaints),
    ]
    foot = [
        Line("Bawa tanda terima ini saat mengambil hasil. Bukan pengganti KTP-el.", bold=True),
        Line("Lembar 1 untuk pemohon, lembar 2 untuk berkas kantor."),
    ]

    def headed(page: int, pages: int) -> list[Line]:
        number = f"Nomor {plain(data.number)}, halaman {page} dari {pages}"
        return [*head, _rule() if pages == 1 else Line(_cut(number, Pitch.TEN.columns))]

    return document(form, _pages(form, headed, body, foot))


def hand_off_form(data: HandOffList, timezone: tzinfo, form: Form) -> bytes:
    """The list in ESC/P, condensed; every page has its heading and number, the last one count and signatures."""
    kind = "BERKAS DARI LOKET KE OPERATOR" if data.to_operator else "HASIL DARI OPERATOR KE LOKET"
    rows = [
        _row(
            str(place),
            row.number,
            ticket.in_fours(plain(row.ticket)),
            row.name_masked,
            row.nik_masked,
            row.service,
            "[ ]",
        )
        for place, row in enumerate(data.files, 1)
    ]

    def headed(page: int, pages: int) -> list[Line]:
        when = f"Diserahkan {_when(data.at, timezone)}"
        return [
            _title(data.office),
            Line(f"DAFTAR SERAH TERIMA {kind}", centred=True),
            *_marks(data.copy, data.training),
            *_pair("Yang menyerahkan", data.giver, 1),
            *_pair("Yang menerima", data.receiver, 1),
            Line(f"{when}   Halaman {page} dari {pages}"),
            _rule(),
            _row(*(name for name, _ in _COLUMNS)),
            _rule(),
        ]

    half = Pitch.TEN.columns // 2
    foot = [
        _rule(),
        Line(f"Jumlah: {len(data.files)} {'berkas' if data.to_operator else 'hasil'}", bold=True),
        Line("Yang menyerahkan,".ljust(half) + "Yang menerima,"),
        Line(),
        Line(),
        Line(f"({_cut(data.giver, half - 3)})".ljust(half) + f"({_cut(data.receiver, half - 2)})"),
    ]
    return document(form, _pages(form, headed, rows, foot))


def _pages(
    form: Form, headed: Callable[[int, int], Sequence[Line]], body: Sequence[Line], foot: Sequence[Line]
) -> list[list[Line]]:
    """Body under its heading on as many forms as it takes; the foot is not torn and never alone on a form."""
    room = form.room - len(headed(1, 1))
    parts = [list(body[start : start + room]) for start in range(0, len(body), room)] or [[]]
    if len(parts[-1]) + len(foot) > room:
        parts.append([parts[-1].pop()])
    parts[-1] += foot
    return [[*headed(page, len(parts)), *part] for page, part in enumerate(parts, 1)]


def _title(text: str) -> Line:
    return Line(_cut(text, Pitch.TEN.columns), bold=True, centred=True)


def _marks(copy: int, training: bool) -> list[Line]:
    marks = [copy_mark(copy)] if copy else []
    marks += ["LATIHAN"] if training else []
    return [Line(" - ".join(marks), bold=True, centred=True)] if marks else []


def _rule() -> Line:
    return Line("-" * Pitch.TEN.columns)


def _pair(label: str, text: str, most: int = 3) -> list[Line]:
    """Label and text, wrapped below itself over at most so many lines."""
    room = Pitch.TEN.columns - _LABEL
    lines = textwrap.wrap(plain(text), room) or [""]
    kept = [*lines[: most - 1], _cut(" ".join(lines[most - 1 :]), room)] if len(lines) > most else lines
    return [
        Line(f"{'' if place else label + ':':<{_LABEL}}{line}".rstrip()) for place, line in enumerate(kept)
    ]


def _items(heading: str, tick: str, items: Sequence[str]) -> list[Line]:
    lines = [Line(heading)] if items else []
    for item in items:
        lines += [
            Line(line, Pitch.TWELVE)
            for line in textwrap.wrap(f"{tick} {plain(item)}", Pitch.TWELVE.columns, subsequent_indent="    ")
        ]
    return lines


def _row(*cells: str) -> Line:
    fitted = (_cut(cell, width).ljust(width) for cell, (_, width) in zip(cells, _COLUMNS, strict=True))
    return Line(" ".join(fitted), Pitch.CONDENSED)


def _cut(text: str, width: int) -> str:
    clean = plain(text)
    return clean if len(clean) <= width else clean[: width - 3] + "..."


def _when(moment: datetime, timezone: tzinfo) -> str:
    return f"{long_date(moment.astimezone(timezone))}, {clock(moment, timezone)}"
