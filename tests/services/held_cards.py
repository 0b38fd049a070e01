"""Offices with cards to be destroyed, and the people who see it done."""

from __future__ import annotations

from collections.abc import Collection

from ktpel_desktop.core.destruction import Deed, Destruction, Witness, approval_subject
from ktpel_desktop.core.issuance import SpoilReason
from ktpel_desktop.core.nik import Nik
from ktpel_desktop.core.ports import Answer
from ktpel_desktop.core.roles import Action, Actor
from ktpel_desktop.services import destruction, handing_over, issuing
from ktpel_desktop.services.handing_over import Collection as Collected
from tests.services.office import BUDI, RATNA, SARI, World, approved, nik

HALIM, WATI = Witness("Halim Perdana", "Satpol PP Gambir"), Witness("Wati Lestari", "Kelurahan Gambir")
DEED = Deed("Halaman kantor kelurahan", "Pembakaran", (BUDI.name,), (HALIM, WATI))


def spoiled(day: World, reason: SpoilReason = SpoilReason.DAMAGED, resident: Nik | None = None) -> str:
    """Id of a card that was spoiled after its chip was written."""
    job = day.encoded(resident or nik(1))
    leave = approved(Action.DESTROY_SPOILED, job.request_id) if reason is SpoilReason.MISSING else None
    return issuing.spoil(day.desk, BUDI, job.id, reason, leave).id


def taken_back(day: World, reason: str = "chip_mute", resident: Nik | None = None) -> str:
    """Id of an issued card that was taken back at the counter."""
    request = day.at_counter(resident=resident or nik(2))
    leave = approved(Action.DESTROY_SPOILED, request.id)
    handing_over.withdraw_result(day.desk, BUDI, request.id, reason, leave)
    return request.result


def given_up(
    day: World, service: str = "KTP-UBAH", resident: Nik | None = None, *, lost: bool = False
) -> str:
    """Request with which a resident gave up an old card, or said that it is lost."""
    day.siak.enrolment = "CARD_ISSUED"
    request = day.at_counter(service, resident or nik(3))
    due = day.desk.catalogue.get(service).withdrawn_for(request.documents)
    codes = ("LAPOR-POLISI",) if lost else tuple(item.code for item in due)
    taken = Collected("", "SENDIRI", "KK", codes, Answer.YES, receipt_signed=True)
    handing_over.hand_over(day.desk, SARI, request.id, taken)
    day.siak.enrolment = "PRINT_READY_RECORD"
    return request.id


def destroy(
    day: World,
    cards: Collection[str] | None = None,
    deed: Deed = DEED,
    actor: Actor = BUDI,
    by: Actor = RATNA,
) -> Destruction:
    """With leave for exactly these cards, or for all that are held."""
    ids = [line.card.id for line in destruction.held(day.desk, BUDI)] if cards is None else list(cards)
    leave = approved(Action.DESTROY_SPOILED, approval_subject(ids), actor, by)
    return destruction.destroy(day.desk, actor, deed, leave, cards)
