"""The audit chain: events that can be added and never changed.

Each event's hash is SHA-256 over the previous hash and the canonical JSON of the event, so that altering,
removing or inserting one is seen when the chain is computed again from the events themselves. A cut tail is
seen only against a head noted elsewhere: the signed day report carries it.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from enum import StrEnum

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
class Anchor:
    """A head that stands outside the program, on a signed report: there were `count` events, the last hashed `head`."""

    count: int
    head: str

    @property
    def code(self) -> str:
        """What the report's QR code holds: capitals, which a QR code packs tightly."""
        return f"RANTAI {self.count} {self.head.upper()}"


_CODE = re.compile(r"\s*RANTAI\s+([1-9][0-9]{0,11})\s+([0-9A-F\s]+)", re.ASCII | re.IGNORECASE)


def read_anchor(text: str) -> Anchor | None:
    """The anchor of a scanned or typed code, with spaces wherever the typist left them; None of anything else."""
    found = _CODE.fullmatch(text)
    head = "" if found is None else "".join(found[2].split()).lower()
    return Anchor(int(found[1]), head) if found is not None and len(head) == len(GENESIS) else None


class AnchorVerdict(StrEnum):
    """What the chain says of an anchor."""

    FITS = "fits"
    CUT = "cut"
    """The chain has fewer events: its tail is gone."""
    REWRITTEN = "rewritten"
    """Another event stands in that place."""


@dataclass(frozen=True, slots=True)
class ChainReport:
    """Result of walking the chain: how many events, the head's hash, and the first that does not fit.

    `anchor` is the verdict on the anchor it was held against, if on any.
    """

    count: int
    head: str
    first_bad: int | None
    anchor: AnchorVerdict | None = None

    @property
    def intact(self) -> bool:
        """Whether every event fits the one before it."""
        return self.first_bad is None


def check_chain(events: Iterable[Event], anchor: Anchor | None = None) -> ChainReport:
    """Walk the events in order of `seq` (which starts at 1 without gaps) and compute every hash again."""
    count, previous, first_bad = 0, GENESIS, None
    verdict = None if anchor is None else AnchorVerdict.CUT
    for event in events:
        count += 1
        fits = event.seq == count and event.previous == previous and event.hash == event_hash(event)
        if not fits and first_bad is None:
            first_bad = event.seq
        previous = event.hash
        if anchor is not None and count == anchor.count:
            verdict = AnchorVerdict.FITS if event.hash == anchor.head else AnchorVerdict.REWRITTEN
    return ChainReport(count, previous, first_bad, verdict)
