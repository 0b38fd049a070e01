"""Open requests of a replayed day: why they wait, how old they are, which results nobody collected."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from datetime import datetime, timedelta

from ktpel_desktop.core.daily import Uncollected, uncollected
from ktpel_desktop.core.period import WaitingReason
from ktpel_desktop.core.request import Ageing, RequestState, ageing
from ktpel_desktop.services.desk import Desk
from ktpel_desktop.services.replay import File, Replay

LAW = timedelta(hours=24), timedelta(days=14)
"""Target and limit of a service that the catalogue no longer knows (Permendagri 19/2018, Perpres 96/2018)."""


def waiting_reasons(desk: Desk, files: Iterable[File]) -> tuple[WaitingReason, ...]:
    """Why they wait, by state and reason."""
    papers = {
        (service.code, need.code): need.text for service in desk.catalogue for need in service.requirements
    }
    found = Counter[tuple[str, str, bool]]()
    for known in files:
        for code in known.reasons:
            paper = papers.get((known.service, code))
            found[known.state.value, paper or code, paper is not None] += 1
    return tuple(
        WaitingReason(state, reason, number, is_paper)
        for (state, reason, is_paper), number in sorted(found.items())
    )


def kept(desk: Desk, replay: Replay) -> dict[Ageing, int]:
    """Results of the running day by the service time they took, against target and limit of their services."""
    return _ages(
        desk, ((code, timedelta(minutes=one)) for code, used in replay.day.used.items() for one in used)
    )


def open_ages(desk: Desk, replay: Replay, now: datetime) -> dict[Ageing, int]:
    """Open requests by the service time used so far; results that only wait to be collected are not among them."""
    waiting = (known for known in replay.files.values() if known.state is not RequestState.AT_COUNTER)
    return _ages(desk, ((known.service, replay.used(known, now)) for known in waiting))


def left_at_counter(replay: Replay, now: datetime) -> dict[str, int]:
    """Results at the counter by how long they have been lying there."""
    found = Counter(
        uncollected((now - known.history[-1].at).days)
        for known in replay.files.values()
        if known.state is RequestState.AT_COUNTER
    )
    return {band.value: found[band] for band in Uncollected if found[band]}


def _ages(desk: Desk, used: Iterable[tuple[str, timedelta]]) -> dict[Ageing, int]:
    limits = {service.code: (service.target, service.limit) for service in desk.catalogue}
    found = Counter(ageing(time, *limits.get(code, LAW)) for code, time in used)
    return {one: found[one] for one in Ageing if found[one]}
