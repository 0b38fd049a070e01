"""The penyelia's signature under a closed day, and what the next day takes over from it."""

from __future__ import annotations

from collections.abc import Mapping

from ktpel_desktop.core.audit import Event
from ktpel_desktop.core.daily import DailyReport, OpenedFrom
from ktpel_desktop.core.records import UnitOfWork
from ktpel_desktop.services.accounts import Names

SIGNED = "report.signed"


def signature(unit: UnitOfWork, shift_id: int) -> Event | None:
    """The event that signed the day, if it was signed."""
    return next((event for event in unit.events.of(f"shift-{shift_id}") if event.kind == SIGNED), None)


def put(unit: UnitOfWork, report: DailyReport, digest: str, paper: Mapping[str, object]) -> None:
    """Sign: the chain's head, the figures' digest, the blanks that the next day begins with, and the kept `paper`."""
    said = {
        "head": report.chain_head,
        "count": report.chain_count,
        "digest": digest,
        "left": report.balance.left,
        "in_work": report.balance.open,
    }
    unit.record(SIGNED, f"shift-{report.shift_id}", {**said, **paper})


def taken_over(unit: UnitOfWork) -> Mapping[str, object]:
    """What the opening of a day says of the newest one before it: nothing on the first day."""
    before = unit.shifts.latest()
    if before is None:
        return {}
    signed = signature(unit, before.id)
    if signed is None:
        return {"after": before.id}
    blanks = {name: signed.data[name] for name in ("left", "in_work")}
    return {"after": before.id, "signed_by": signed.actor, **blanks}


def opened_from(told: Mapping[str, object], names: Names) -> OpenedFrom | None:
    """What `taken_over` said, with the signer's name; None on the first day."""
    if "after" not in told:
        return None
    number = int(str(told["after"]))
    if "signed_by" not in told:
        return OpenedFrom(number)
    by = str(told["signed_by"])
    return OpenedFrom(number, int(str(told["left"])), int(str(told["in_work"])), names[by])
