"""The audit chain: events that can be added and never changed.

Each event's hash is SHA-256 over the previous hash and the canonical JSON of the event, so that altering,
removing or inserting one is seen when the chain is computed again from the events themselves. A cut tail is
seen only against a head noted elsewhere: the signed day report carries it.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime

from ktpel_desktop.core.subject import canonical_json

GENESIS = "0" * 64


@dataclass(frozen=True, slots=True)
class Event:
    """One fact of the journal. `data` holds codes and counts, never personal data; `at` is aware (UTC)."""

    seq: int
    at: datetime
    actor: str
    role: str
    pc: str
    kind: str
    subject: str
    data: Mapping[str, object] = field(default_factory=dict)
    approver: str | None = None
    previous: str = GENESIS
    hash: str = ""


def event_hash(event: Event) -> str:
    """SHA-256 (hex) of the previous hash and everything the event says; the same instant hashes alike."""
    body = canonical_json(
        {
            "actor": event.actor,
            "approver": event.approver,
            "at": event.at.astimezone(UTC).isoformat(timespec="microseconds"),
            "data": dict(event.data),
            "kind": event.kind,
            "pc": event.pc,
            "role": event.role,
            "seq": event.seq,
            "subject": event.subject,
        }
    )
    return hashlib.sha256(event.previous.encode("ascii") + body).hexdigest()


@dataclass(frozen=True, slots=True)
class ChainReport:
    """Result of walking the chain: how many events, the head's hash, and the first that does not fit."""

    count: int
    head: str
    first_bad: int | None

    @property
    def intact(self) -> bool:
        """Whether every event fits the one before it."""
        return self.first_bad is None


def check_chain(events: Iterable[Event]) -> ChainReport:
    """Walk the events in order of `seq` (which starts at 1 without gaps) and compute every hash again."""
    count, previous, first_bad = 0, GENESIS, None
    for event in events:
        count += 1
        fits = event.seq == count and event.previous == previous and event.hash == event_hash(event)
        if not fits and first_bad is None:
            first_bad = event.seq
        previous = event.hash
    return ChainReport(count, previous, first_bad)
