"""A token bucket: how many bytes may move now so that a rate is not exceeded."""

from __future__ import annotations


class Pace:
    """At most `bytes_per_second`, with a burst of what `burst_s` seconds hold. Moments come from the caller."""

    def __init__(self, bytes_per_second: float, now: float, burst_s: float = 0.1) -> None:
        self._rate = bytes_per_second
        self._most = bytes_per_second * burst_s
        self._tokens = self._most
        self._at = now

    def allowed(self, now: float) -> int:
        """Bytes that may move now."""
        self._tokens = min(self._most, self._tokens + (now - self._at) * self._rate)
        self._at = now
        return max(0, int(self._tokens))

    def spend(self, count: int) -> None:
        """So many bytes moved."""
        self._tokens -= count
