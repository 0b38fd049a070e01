"""How facts look in a column: moments as ISO 8601 UTC text of one width (it sorts), plain data as canonical JSON."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any

from ktpel_desktop.core.subject import canonical_json


def utc(at: datetime) -> datetime:
    """The same instant in UTC. A moment without a zone is a bug, not a guess."""
    if at.tzinfo is None:
        raise ValueError("a moment without a time zone")
    return at.astimezone(UTC)


def moment_text(at: datetime) -> str:
    """Text of an instant, e.g. 2026-01-05T01:00:00.000000+00:00."""
    return utc(at).isoformat(timespec="microseconds")


def moment(text: str) -> datetime:
    """The instant in a column."""
    return datetime.fromisoformat(text)


def optional_moment_text(at: datetime | None) -> str | None:
    """Text of an instant that may be missing."""
    return None if at is None else moment_text(at)


def optional_moment(text: str | None) -> datetime | None:
    """An instant that may be missing."""
    return None if text is None else moment(text)


def json_text(plain: Mapping[str, object] | Iterable[str]) -> str:
    """Canonical JSON of plain data; an iterable of strings becomes an array."""
    return canonical_json(dict(plain) if isinstance(plain, Mapping) else list(plain)).decode()


def json_object(text: str) -> dict[str, Any]:
    """The object in a column."""
    plain: dict[str, Any] = json.loads(text)
    return plain


@lru_cache(maxsize=1024)
def json_strings(text: str) -> tuple[str, ...]:
    """The array of strings in a column: codes, of which the same few sets come again and again."""
    return tuple(json.loads(text))
