"""Deliveries: what must reach the outside, kept until it has. At least once; the receiver knows the id."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum


class DeliveryKind(StrEnum):
    """What is delivered."""

    PRINT_RESULT = "print_result"
    STATUS = "status"


class CardOutcome(StrEnum):
    """Result of a print order, as reported to SIAK."""

    ISSUED = "ISSUED"
    SPOILED = "SPOILED"


@dataclass(frozen=True, slots=True)
class Delivery:
    """One message. The id of a print result is the job's id; `payload` holds codes, never personal data."""

    id: str
    kind: DeliveryKind
    request_id: str
    created_at: datetime
    payload: Mapping[str, str] = field(default_factory=dict)
    attempts: int = 0
    next_at: datetime | None = None
    last_error: str = ""
    delivered_at: datetime | None = None


FIRST_WAIT = timedelta(seconds=30)
LONGEST_WAIT = timedelta(minutes=15)


def wait_after(attempts: int) -> timedelta:
    """Waiting time after the n-th failed attempt: doubled each time up to a quarter of an hour."""
    doublings = min(max(attempts - 1, 0), 10)
    return min(FIRST_WAIT * (1 << doublings), LONGEST_WAIT)


NO_LINE = frozenset({"siak.offline", "siak.tls"})
"""Failures before a byte of the message left: SIAK cannot be reached, an outage begins."""

NO_ENTRY = frozenset({"siak.quota_spent", "siak.login_refused", "siak.caller_not_listed"})
"""Refusals of the caller, not of the message: the next message would meet them too."""
