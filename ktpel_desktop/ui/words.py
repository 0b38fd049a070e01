"""Codes, moments and spans of time in words."""

from __future__ import annotations

import math
from datetime import datetime, timedelta

from ktpel_desktop import spoken
from ktpel_desktop.core.audit import Event
from ktpel_desktop.core.chip_load import Fault, Finding
from ktpel_desktop.core.forecast import Forecast
from ktpel_desktop.core.ports import Answer, Step
from ktpel_desktop.core.request import Ageing, Request, RequestState, StepStatus
from ktpel_desktop.core.room import Readiness
from ktpel_desktop.core.room_limits import Status
from ktpel_desktop.core.services_catalogue import ServiceCatalogue
from ktpel_desktop.core.stock import BLANK, Loan, MovementKind
from ktpel_desktop.services.handing_over import ChipCheck
from ktpel_desktop.ui.theme import Tone

_DAYS = ("Senin", "Selasa", "Rabu", "Kamis", "Jumat", "Sabtu", "Minggu")
_MONTHS = (
    "Januari Februari Maret April Mei Juni Juli Agustus September Oktober November Desember".split()  # noqa: SIM905
)

word, table_of, note, number, typed_day = (
    spoken.word,
    spoken.table_of,
    spoken.note,
    spoken.number,
    spoken.typed_day,
)
reason = spoken.reason
"""What papers and terminals say too, under the name that all pages know."""


def finding(code: str) -> str:
    """What is odd about a NIK, and what to look at."""
    advice = table_of("nik_finding_advice").get(code, "")
    return f"{word('nik_finding', code)}. {advice}".strip()


def thousands(number: int) -> str:
    """6.120."""
    return f"{number:,}".replace(",", ".")


def chip_step(step: Step) -> str:
    """What the encoder is doing: "Menulis foto, 2.304 dari 6.120 bita"."""
    told = word("chip_stage", step.stage)
    if step.part:
        told = f"{told} {word('chip_part', step.part)}"
    if step.total:
        told = f"{told}, {thousands(step.done)} dari {thousands(step.total)} bita"
    return f"{told}."


def chip_finding(found: Finding) -> str:
    """What is wrong with a chip, and in which part of it."""
    table = "siak_field" if found.fault is Fault.FIELD_DIFFERS else "chip_part"
    part = f"{word(table, found.part)}: " if found.part else ""
    return f"{part}{word('chip_fault', found.fault)}"


def chip_check(check: ChipCheck) -> tuple[str, str]:
    """Title and text of what the check reader found."""
    if check.answer is Answer.YES:
        return "Chip menjawab, isinya benar", "Tanda tangan SIAK sah dan isi sama dengan perintah cetak."
    if check.answer is Answer.UNKNOWN:
        return "Pembaca tidak tersedia", "Chip belum diperiksa. Uji dengan pembaca lain bila ada."
    if not check.findings:
        return (
            "Chip tidak menjawab",
            "Letakkan kartu rata di pembaca dan uji lagi. Bila tetap, kartu tidak diserahkan.",
        )
    faults = "; ".join(chip_finding(one) for one in check.findings)
    return "Isi chip salah", f"{faults[:1].upper()}{faults[1:]}. Kartu ini tidak diserahkan."


def day(moment: datetime) -> str:
    """Senin, 9 Maret 2026, in local time given by the caller."""
    return f"{_DAYS[moment.weekday()]}, {moment.day} {_MONTHS[moment.month - 1]} {moment.year}"


def month(number: int) -> str:
    """November 2026, of 202611."""
    return f"{_MONTHS[number % 100 - 1]} {number // 100}"


def forecast(found: Forecast) -> str:
    """Days that a stock lasts, with what the estimate rests on."""
    if found.days is None:
        return "belum diketahui"
    return f"± {number(found.days)} hari kerja (perkiraan, dari {found.basis} hari kerja)"


def loan(found: Loan) -> str:
    """What is out with one office."""
    told = "Dipinjamkan ke" if found.kind is MovementKind.LENT else "Dipinjam dari"
    return f"{told} {found.partner}: {number(found.owed)}"


def short_day(moment: datetime) -> str:
    """09/03/2026."""
    return moment.strftime("%d/%m/%Y")


def clock(moment: datetime) -> str:
    """14.05."""
    return moment.strftime("%H.%M")


def moment(at: datetime) -> str:
    """09/03/2026 14.05."""
    return f"{short_day(at)} {clock(at)}"


def day_and_clock(at: datetime) -> str:
    """09/03 14.05, where the year is plain."""
    return f"{at.strftime('%d/%m')} {clock(at)}"


def span(length: timedelta) -> str:
    """3 hari 4 jam, 2 jam 5 menit, 12 menit."""
    minutes = max(0, int(length.total_seconds() // 60))
    days, hours, rest = minutes // 1440, minutes // 60 % 24, minutes % 60
    if days:
        return f"{days} hari {hours} jam" if hours else f"{days} hari"
    if hours:
        return f"{hours} jam {rest} menit" if rest else f"{hours} jam"
    return f"{rest} menit"


def parse_number(text: str) -> float | None:
    """A typed number with comma or point; None where it is none ("nan" and "inf" are none)."""
    try:
        found = float(text.strip().replace(",", "."))
    except ValueError:
        return None
    return found if math.isfinite(found) else None


REQUEST_TONES = {
    RequestState.ACCEPTED: Tone.ACTIVE,
    RequestState.WITH_OPERATOR: Tone.ACTIVE,
    RequestState.INCOMPLETE: Tone.WARN,
    RequestState.WAITING_SIAK: Tone.WARN,
    RequestState.WAITING_BLANK: Tone.WARN,
    RequestState.VERIFIED: Tone.ACTIVE,
    RequestState.PRODUCED: Tone.OK,
    RequestState.AT_COUNTER: Tone.OK,
    RequestState.HANDED_OVER: Tone.OK,
    RequestState.REJECTED: Tone.BAD,
    RequestState.CANCELLED: Tone.UNKNOWN,
}

AGEING_TONES = {
    Ageing.IN_TIME: Tone.OK,
    Ageing.DUE_SOON: Tone.WARN,
    Ageing.LATE: Tone.BAD,
    Ageing.BEYOND_LAW: Tone.BAD,
}

READINESS_TONES = {
    Readiness.READY: Tone.OK,
    Readiness.READY_WITH_WARNINGS: Tone.WARN,
    Readiness.NOT_MEASURED: Tone.UNKNOWN,
    Readiness.NOT_READY: Tone.BAD,
}

ROOM_TONES = {
    Status.OK: Tone.OK,
    Status.WARNING: Tone.WARN,
    Status.CRITICAL: Tone.BAD,
    Status.UNKNOWN: Tone.UNKNOWN,
    Status.WAIVED: Tone.WARN,
}

STEP_TONES = {
    StepStatus.DONE: Tone.OK,
    StepStatus.NOW: Tone.ACTIVE,
    StepStatus.WAITING: Tone.WARN,
    StepStatus.STOPPED: Tone.BAD,
    StepStatus.NOT_YET: Tone.UNKNOWN,
    StepStatus.SKIPPED: Tone.UNKNOWN,
}


def state_of(request: Request) -> str:
    """The request's state in words."""
    return word("request_state", request.state)


def reasons_of(request: Request, catalogue: ServiceCatalogue) -> str:
    """Why it stands, in words: missing documents by their name, other reasons by their word."""
    documents = {need.code: need.text for need in catalogue.get(request.service).requirements}
    return "; ".join(documents.get(code) or reason(code) for code in request.reasons)


def event_of(event: Event) -> str:
    """What an event of the chain says, in words."""
    kind, _, rest = event.kind.partition(".")
    tables = {
        "request": ("request_state", "Permohonan"),
        "job": ("job_state", "Pekerjaan cetak"),
        "stock": ("movement", "Blangko" if event.subject == BLANK else "Bahan"),
    }
    if kind in tables and rest in table_of(tables[kind][0]):
        table, title = tables[kind]
        return f"{title}: {word(table, rest)}"
    return word("event", event.kind)
