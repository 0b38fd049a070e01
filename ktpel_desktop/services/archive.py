"""The archive of papers: what was printed, signed or exported, found by its event, read, and printed once more."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from ktpel_desktop.core import roles
from ktpel_desktop.core.audit import Event
from ktpel_desktop.core.errors import PolicyError, StoreError
from ktpel_desktop.core.roles import Action, Actor
from ktpel_desktop.services import on_paper
from ktpel_desktop.services.desk import Desk

SIGNED_PAPER = "paper"
"""Where the digest stands in an event whose "digest" is that of figures, not of a paper."""
PORTION = 5_000
"""Events read in one transaction, as for a period's report: during it nobody else can write."""


@dataclass(frozen=True, slots=True)
class KeptPaper:
    """A paper by the event that tells of it.

    `form` is the file's suffix; `kept` is False where the archive refused it.
    """

    number: int
    at: datetime
    actor: str
    kind: str
    subject: str
    digest: str
    form: str
    copy: int
    kept: bool


@dataclass(frozen=True, slots=True)
class ArchiveState:
    """What became of the papers that the journal tells of: each digest counted once.

    `refused` are those that the archive could not take when they left the program.
    """

    there: int = 0
    missing: int = 0
    altered: int = 0
    refused: int = 0


def papers(desk: Desk, actor: Actor, first: date, last: date) -> tuple[KeptPaper, ...]:
    """The papers that left the program from `first` to `last` (the office's days, both included), the newest first.

    Raises PolicyError "role.not_allowed".
    """
    roles.require(actor, Action.MAKE_REPORT)
    begins = datetime.combine(first, time(), desk.office.timezone)
    ends = datetime.combine(last + timedelta(days=1), time(), desk.office.timezone)
    found = [_paper(event) for event in _telling(desk, actor, begins) if begins <= event.at < ends]
    return tuple(reversed(found))


def opened(desk: Desk, actor: Actor, number: int) -> bytes:
    """The paper of the event `number` as it was kept.

    Raises PolicyError "role.not_allowed", "archive.unknown"; StoreError "archive.missing", "archive.altered".
    """
    roles.require(actor, Action.MAKE_REPORT)
    return desk.archive.read(_paper(_event(desk, actor, number)).digest)


def print_again(desk: Desk, actor: Actor, number: int) -> None:
    """The kept paper once more on paper, marked as the copy that it is.

    Raises as `opened`; PolicyError "archive.no_pdf"; DeviceError of the page printer.
    """
    roles.require(actor, Action.MAKE_REPORT)
    event = _event(desk, actor, number)
    paper = _paper(event)
    if paper.form != "pdf":
        raise PolicyError("archive.no_pdf", form=paper.form)
    kind, edition = str(event.data.get(on_paper.KIND, event.kind)), str(event.data.get(on_paper.EDITION, ""))
    copy = max(1, on_paper.next_copy(desk, actor, kind, event.subject, edition))
    pdf = desk.papers.copy_of(desk.archive.read(paper.digest), copy)
    told = {
        "of": event.seq,
        on_paper.KIND: kind,
        on_paper.COPY: copy,
        **({on_paper.EDITION: edition} if edition else {}),
    }
    title = f"Salinan arsip {number}"
    on_paper.print_recorded(
        desk, actor, pdf, title, kind=on_paper.AGAIN, subject=event.subject, told=told, keep=False
    )


def checked(desk: Desk, actor: Actor) -> ArchiveState:
    """Read every paper of the journal and compute its digest again. Raises PolicyError "role.not_allowed"."""
    roles.require(actor, Action.CHECK_AUDIT_CHAIN)
    there, missing, altered = 0, 0, 0
    kept = {paper.digest: paper.kept for paper in map(_paper, _telling(desk, actor, None))}
    for digest, was_kept in kept.items():
        if not was_kept:
            continue
        try:
            desk.archive.read(digest)
            there += 1
        except StoreError as error:
            altered += error.code == "archive.altered"
            missing += error.code != "archive.altered"
    return ArchiveState(there, missing, altered, sum(not was_kept for was_kept in kept.values()))


def _event(desk: Desk, actor: Actor, number: int) -> Event:
    """Raises PolicyError "archive.unknown"."""
    with desk.unit(actor) as unit:
        event = next(unit.events.all(after=number - 1, until=number), None)
    if event is None or on_paper.ARCHIVED not in event.data:
        raise PolicyError("archive.unknown", number=number)
    return event


def _telling(desk: Desk, actor: Actor, since: datetime | None) -> Iterator[Event]:
    """The events that tell of a paper, oldest first, from the newest day on that was opened before `since`."""
    with desk.unit(actor) as unit:
        head, shift = unit.events.head(), unit.shifts.latest()
        begins = 0
        for number in range(shift.id if shift is not None and since is not None else 0, 0, -1):
            first = next(iter(unit.events.of(f"shift-{number}")), None)
            if first is not None and since is not None and first.at < since:
                begins = first.seq
                break
    until = 0 if head is None else head.seq
    for after in range(begins, until, PORTION):
        with desk.unit(actor) as unit:
            portion = [
                event
                for event in unit.events.all(after=after, until=min(after + PORTION, until))
                if on_paper.ARCHIVED in event.data
            ]
        yield from portion


def _paper(event: Event) -> KeptPaper:
    said = event.data
    form = str(said.get("form", "pdf"))
    copy = said.get(on_paper.COPY, 0)
    return KeptPaper(
        number=event.seq,
        at=event.at,
        actor=event.actor,
        kind=event.kind,
        subject=event.subject,
        digest=str(said.get(SIGNED_PAPER, said.get(on_paper.DIGEST, ""))),
        form=form if form in ("xlsx", "csv", "json") else "pdf",
        copy=copy if isinstance(copy, int) else 0,
        kept=said[on_paper.ARCHIVED] is True,
    )
