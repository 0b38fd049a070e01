"""A token bucket: how many bytes may move now so that a rate is not exceeded in the mean."""

from __future__ import annotations


class Pace:
    """At most `bytes_per_second`, unused time being saved up for `saved_s` seconds. Moments come from the caller.

    What is saved lets the bytes that TCP held back behind a loss through at once; a tighter bucket would draw their
    refill out over the test, and they would look like speed.
    """

    def __init__(
        self, bytes_per_second: float, now: float, saved_s: float = 0.5, first_s: float = 0.02
    ) -> None:
        self._rate = bytes_per_second
        self._most = bytes_per_second * saved_s
        self._tokens = bytes_per_second * min(first_s, saved_s)
        self._at = now

    def allowed(self, now: float) -> int:
        """Bytes that may move now."""
        self._tokens = min(self._most, self._tokens + (now - self._at) * self._rate)
        self._at = now
        return max(0, int(self._tokens))

    def spend(self, count: int) -> None:
        """So many bytes moved."""
        self._tokens -= count
