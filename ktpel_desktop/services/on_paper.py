"""A paper on the office's printer and its event: what was printed is in the journal, and so is what may have been."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from ktpel_desktop.core.errors import DeviceError, Effect
from ktpel_desktop.core.roles import Actor
from ktpel_desktop.services.desk import Desk


def print_recorded(
    desk: Desk, actor: Actor, pdf: bytes, title: str, *, kind: str, subject: str, told: Mapping[str, object]
) -> None:
    """Print on the page printer and record as `recorded`. Raises DeviceError of the page printer."""
    recorded(
        desk,
        actor,
        lambda: desk.page_printer.print_pdf(pdf, title),
        kind=kind,
        subject=subject,
        told=told,
    )


def recorded(
    desk: Desk,
    actor: Actor,
    send: Callable[[], None],
    *,
    kind: str,
    subject: str,
    told: Mapping[str, object],
) -> None:
    """Send a paper to its printer, then record the event `kind` of `subject`.

    Where the printer's answer was lost it says "unknown" in it. Raises DeviceError of `send`.
    """
    try:
        send()
    except DeviceError as error:
        if error.effect is not Effect.NONE:
            _record(desk, actor, kind, subject, {**told, "outcome": "unknown"})
        raise
    _record(desk, actor, kind, subject, told)


def _record(desk: Desk, actor: Actor, kind: str, subject: str, told: Mapping[str, object]) -> None:
    with desk.unit(actor) as unit:
        unit.record(kind, subject, told)
