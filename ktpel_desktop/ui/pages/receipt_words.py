"""What the person at the counter is told about receipts: the applicant goes home with a number in any case."""

from __future__ import annotations

from dataclasses import replace

from ktpel_desktop.core import ticket
from ktpel_desktop.core.errors import DeviceError, Effect
from ktpel_desktop.core.request import Request
from ktpel_desktop.services.receipts import LateOutcome
from ktpel_desktop.ui.messages import Message, message_for
from ktpel_desktop.ui.theme import Tone


def not_printed(request: Request, failure: DeviceError) -> Message:
    """The request is in; what came out, and what to do by hand."""
    found = message_for(failure)
    cause, step = (found.title, found.step) if found else ("", "")
    by_hand = f"nomor {request.number} dan kode {ticket.in_fours(request.id)} pada kertas untuk pemohon"
    if failure.effect is Effect.UNKNOWN:
        title = f"Permohonan {request.number} diterima, struknya belum pasti tercetak"
        told = f"{cause}. Lihat printernya. Bila tidak ada struk yang utuh, tulis {by_hand}."
        return Message(title, told, "Cetak salinan dari halaman permohonan bila perlu.", tone=Tone.WARN)
    title = f"Permohonan {request.number} diterima, tanda terima belum tercetak"
    told = f"{cause}. Tulis {by_hand}. Struknya menunggu; cetak dari Loket dengan F7."
    return Message(title, told, step, tone=Tone.WARN)


def late(outcome: LateOutcome) -> Message | None:
    """What became of the receipts that waited."""
    printed = f"Tercetak: {', '.join(outcome.printed)}." if outcome.printed else "Tidak ada yang tercetak."
    if outcome.failure is None:
        title = "Struk tertunda sudah tercetak" if outcome.printed else "Tidak ada struk yang menunggu"
        return Message(title, printed if outcome.printed else "", tone=Tone.OK)
    found = message_for(outcome.failure)
    if found is None:
        return None
    unknown = outcome.failure.effect is Effect.UNKNOWN
    unsure = f" Struk {outcome.failed} belum pasti; lihat printernya." if unknown else ""
    return replace(found, text=f"{found.text} {printed}{unsure} Masih menunggu: {outcome.left}.")
