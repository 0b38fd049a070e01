"""A paper on the office's printer and its event: what was printed is in the journal, and so is what may have been.

Every print tells how often its paper was printed before (`copy`), and what left the program is kept in the archive
under the digest that its event tells. An archive that refuses stops no paper: the event then says so.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Mapping

from ktpel_desktop.core.audit import Event
from ktpel_desktop.core.errors import DeviceError, Effect, StoreError
from ktpel_desktop.core.ports import USUAL, Archive
from ktpel_desktop.core.roles import Actor
from ktpel_desktop.services.desk import Desk

COPY, EDITION, DIGEST, ARCHIVED = "copy", "edition", "digest", "archived"
KIND = "kind"
"""In an event of a paper that was not printed by it: the kind of the events that tell of its prints."""
SAVED = "paper.saved"
AGAIN = "archive.printed"
"""A kept paper was printed once more; the event's `of` is the number of the one that the paper was kept with."""


def print_recorded(
    desk: Desk,
    actor: Actor,
    pdf: bytes,
    title: str,
    *,
    kind: str,
    subject: str,
    told: Mapping[str, object],
    keep: bool,
) -> None:
    """Print where the desk says, keep the paper, and record as `recorded`. Raises DeviceError of the page printer.

    Not to `keep` is a paper with residents' full data, and one that lies in the archive already: every caller says it,
    for a paper that was kept by oversight could not be taken out again.
    """
    where = {} if desk.print_on == USUAL else {"queue": desk.print_on.queue, "tray": desk.print_on.tray}
    recorded(
        desk,
        actor,
        lambda: desk.page_printer.print_pdf(pdf, title, desk.print_on),
        kind=kind,
        subject=subject,
        told={**told, **where},
        keep=pdf if keep else None,
    )


def recorded(
    desk: Desk,
    actor: Actor,
    send: Callable[[], None],
    *,
    kind: str,
    subject: str,
    told: Mapping[str, object],
    keep: bytes | None = None,
) -> None:
    """Send a paper to its printer, keep its PDF where there is one, then record the event `kind` of `subject`.

    Where the printer's answer was lost it says "unknown" in it. Raises DeviceError of `send`.
    """
    try:
        send()
    except DeviceError as error:
        if error.effect is not Effect.NONE:
            _record(desk, actor, kind, subject, {**told, "outcome": "unknown"}, keep)
        raise
    _record(desk, actor, kind, subject, told, keep)


def next_copy(desk: Desk, actor: Actor, kind: str, subject: str, edition: str = "") -> int:
    """The number of the next print of the paper that events `kind` of `subject` tell of: 0 for the first one.

    A print of unknown outcome is one. `edition` tells papers of one subject apart, such as the minutes of two days.
    """
    with desk.unit(actor) as unit:
        return next_copy_in(unit.events.of(subject), kind, edition)


def next_copy_in(events: Iterable[Event], kind: str, edition: str = "") -> int:
    """`next_copy` by the events of the subject."""
    printed = [
        int(str(event.data[COPY]))
        for event in events
        if kind in (event.kind, event.data.get(KIND))
        and COPY in event.data
        and event.data.get(EDITION, "") == edition
    ]
    return max(printed, default=-1) + 1


def saved(desk: Desk, actor: Actor, paper: bytes, *, kind: str, subject: str) -> bytes:
    """The paper that a person takes away as a file: kept and journalled; `kind` is that of its prints."""
    told = {KIND: kind, **kept(desk, paper)}
    with desk.unit(actor) as unit:
        unit.record(SAVED, subject, told)
    return paper


class WatchedArchive:
    """An archive that remembers whether it `refused`: asked after a print, to say so at once."""

    def __init__(self, archive: Archive) -> None:
        self._archive, self.refused = archive, False

    def keep(self, paper: bytes, form: str, year: int) -> str:
        """As core.ports.Archive."""
        try:
            return self._archive.keep(paper, form, year)
        except StoreError:
            self.refused = True
            raise

    def read(self, digest: str) -> bytes:
        """As core.ports.Archive."""
        return self._archive.read(digest)


def kept(desk: Desk, paper: bytes, form: str = "pdf", *, name: str = DIGEST) -> dict[str, object]:
    """Keep the paper; what its event tells of that: the digest, under `name`, and whether the archive took it."""
    year = desk.clock.now().astimezone(desk.office.timezone).year
    try:
        return {name: desk.archive.keep(paper, form, year), ARCHIVED: True}
    except StoreError as error:
        return {name: hashlib.sha256(paper).hexdigest(), ARCHIVED: False, "refusal": error.code}


def _record(
    desk: Desk,
    actor: Actor,
    kind: str,
    subject: str,
    told: Mapping[str, object],
    keep: bytes | None,
) -> None:
    said = {**told, **({} if keep is None else kept(desk, keep))}
    with desk.unit(actor) as unit:
        unit.record(kind, subject, said)
