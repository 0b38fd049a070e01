"""Cards that must be destroyed, their destruction by two persons before witnesses, and its minutes (room.md 6.2)."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from ktpel_desktop.core import roles
from ktpel_desktop.core.destruction import (
    Deed,
    Destruction,
    HeldCard,
    approval_subject,
    check_deed,
    subject,
    tidied,
)
from ktpel_desktop.core.errors import PolicyError
from ktpel_desktop.core.papers import DestroyedCard, DestructionMinutes
from ktpel_desktop.core.records import UnitOfWork
from ktpel_desktop.core.roles import Action, Actor
from ktpel_desktop.services import accounts, on_paper
from ktpel_desktop.services.approvals import Approval, demand
from ktpel_desktop.services.desk import Desk
from ktpel_desktop.services.receipts import mask_name

PRINTED = "destruction.minutes_printed"


@dataclass(frozen=True, slots=True, repr=False)
class HeldLine:
    """A held card as lists show it; `overdue` where it was kept over a night."""

    card: HeldCard
    number: str
    name_masked: str
    nik_masked: str
    overdue: bool


def held(desk: Desk, actor: Actor) -> tuple[HeldLine, ...]:
    """What must be destroyed, the longest held first. Raises PolicyError "role.not_allowed"."""
    roles.require(actor, Action.DESTROY_SPOILED)
    with desk.unit(actor) as unit:
        return tuple(_line(desk, unit, card) for card in unit.destructions.held())


def count_held(desk: Desk, actor: Actor) -> int:
    """How many cards are held. Raises PolicyError "role.not_allowed"."""
    roles.require(actor, Action.SEE_STOCK)
    with desk.unit(actor) as unit:
        return len(unit.destructions.held())


def destroy(
    desk: Desk, actor: Actor, deed: Deed, approval: Approval | None, cards: Collection[str] | None = None
) -> Destruction:
    """Write down that held cards were destroyed: `cards` by their ids, or all of them.

    The approval of DESTROY_SPOILED is for exactly these cards (`core.destruction.approval_subject`). Raises PolicyError
    "role.not_allowed", "destruction.nothing", "destruction.not_held", "approval.missing", "approval.for_another"
    and as `core.destruction.check_deed` does.
    """
    roles.require(actor, Action.DESTROY_SPOILED)
    told = tidied(deed)
    with desk.unit(actor) as unit:
        chosen = _chosen(unit.destructions.held(), cards)
        about = approval_subject(card.id for card in chosen)
        approver = demand(approval, Action.DESTROY_SPOILED, about, actor)
        check_deed(told, (actor.name, accounts.names(unit)[approver]))
        year = unit.at.astimezone(desk.office.timezone).year
        return unit.destructions.add(year, told, chosen, approver)


def recorded(desk: Desk, actor: Actor) -> tuple[Destruction, ...]:
    """Every destruction, the newest first. Raises PolicyError "role.not_allowed"."""
    roles.require(actor, Action.DESTROY_SPOILED)
    with desk.unit(actor) as unit:
        return tuple(unit.destructions.all())


def sheet(desk: Desk, actor: Actor, destruction: int) -> DestructionMinutes:
    """What stands in the minutes. Raises PolicyError "role.not_allowed", "destruction.unknown"."""
    roles.require(actor, Action.DESTROY_SPOILED)
    with desk.unit(actor) as unit:
        found = unit.destructions.get(destruction)
        names = accounts.names(unit)
        events = unit.events.of(subject(found.year, found.number))
        return DestructionMinutes(
            office=desk.office.name,
            kelurahan=desk.office.kelurahan,
            title=found.title,
            at=found.at,
            deed=found.deed,
            recorder=names[found.by],
            approver=names[found.approver],
            cards=tuple(_destroyed(desk, unit, card) for card in unit.destructions.cards(found.id)),
            copy=on_paper.next_copy_in(events, PRINTED),
            training=desk.office.training,
        )


def pdf(desk: Desk, actor: Actor, destruction: int) -> bytes:
    """The minutes set in type, to be looked at or kept. Raises as `sheet`."""
    return desk.papers.destruction_minutes(sheet(desk, actor, destruction))


def print_out(desk: Desk, actor: Actor, destruction: int) -> bytes:
    """The minutes on paper; the journal keeps their digest. Every print after the first is a numbered copy.

    Raises as `sheet`; DeviceError of the page printer.
    """
    made = sheet(desk, actor, destruction)
    paper = desk.papers.destruction_minutes(made)
    with desk.unit(actor) as unit:
        found = unit.destructions.get(destruction)
    told = {on_paper.COPY: made.copy}
    about, title = subject(found.year, found.number), f"Berita acara pemusnahan {made.title}"
    on_paper.print_recorded(desk, actor, paper, title, kind=PRINTED, subject=about, told=told, keep=True)
    return paper


def _chosen(held_now: Sequence[HeldCard], wanted: Collection[str] | None) -> tuple[HeldCard, ...]:
    chosen = tuple(card for card in held_now if wanted is None or card.id in wanted)
    if wanted is not None and len(chosen) < len(set(wanted)):
        raise PolicyError("destruction.not_held")
    if not chosen:
        raise PolicyError("destruction.nothing")
    return chosen


def _line(desk: Desk, unit: UnitOfWork, card: HeldCard) -> HeldLine:
    request = unit.requests.get(card.request_id)
    overdue = card.overdue(unit.at, desk.office.timezone)
    return HeldLine(card, request.number, mask_name(request.name), request.nik.masked, overdue)


def _destroyed(desk: Desk, unit: UnitOfWork, card: HeldCard) -> DestroyedCard:
    line = _line(desk, unit, card)
    return DestroyedCard(
        number=line.number,
        ticket=card.request_id,
        name_masked=line.name_masked,
        nik_masked=line.nik_masked,
        chip_serial=card.chip_serial or "",
        cause=card.cause,
    )
