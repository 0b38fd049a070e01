"""A paper on the office's printer and its event: what was printed is in the journal, and so is what may have been."""

from __future__ import annotations

from collections.abc import Mapping

from ktpel_desktop.core.errors import DeviceError, Effect
from ktpel_desktop.core.roles import Actor
from ktpel_desktop.services.desk import Desk


def print_recorded(
    desk: Desk, actor: Actor, pdf: bytes, title: str, *, kind: str, subject: str, told: Mapping[str, object]
) -> None:
    """Print, then record the event `kind` of `subject`; where the printer's answer was lost it says "unknown" in it.

    Raises DeviceError of the page printer.
    """
    try:
        desk.page_printer.print_pdf(pdf, title)
    except DeviceError as error:
        if error.effect is not Effect.NONE:
            _record(desk, actor, kind, subject, {**told, "outcome": "unknown"})
        raise
    _record(desk, actor, kind, subject, told)


def _record(desk: Desk, actor: Actor, kind: str, subject: str, told: Mapping[str, object]) -> None:
    with desk.unit(actor) as unit:
        unit.record(kind, subject, told)
