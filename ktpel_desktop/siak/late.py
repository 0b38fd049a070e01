"""SIAK and its pinned authorities, opened at the first question: httpx, pydantic and cryptography cost a start more
than the whole window, and nobody asks SIAK anything before somebody has logged in.
"""

from __future__ import annotations

from collections.abc import Callable

from ktpel_desktop.core.errors import GatewayError
from ktpel_desktop.core.nik import Nik
from ktpel_desktop.core.outbox import Delivery
from ktpel_desktop.core.ports import Answer, Health, Reception, Siak, SiakRecord
from ktpel_desktop.core.print_order import PrintOrder, SignatureCheck


class LateSiak:
    """Implements core.ports.Siak by what `opened` gives; `opened` is asked every time and opens once."""

    def __init__(self, opened: Callable[[], Siak]) -> None:
        self._opened = opened

    def health(self) -> Health:
        """A gateway that cannot be opened is not ready; a lamp asks again and again, and raises nothing."""
        try:
            return self._opened().health()
        except GatewayError as error:
            return Health(Answer.NO, (error.code,))

    def look_up(self, nik: Nik) -> SiakRecord:
        return self._opened().look_up(nik)

    def print_order(self, job_id: str, request_id: str, nik: Nik, service: str) -> PrintOrder:
        return self._opened().print_order(job_id, request_id, nik, service)

    def deliver(self, delivery: Delivery) -> Reception:
        return self._opened().deliver(delivery)


class LateCheck:
    """Implements core.print_order.SignatureCheck in the same way."""

    def __init__(self, opened: Callable[[], SignatureCheck]) -> None:
        self._opened = opened

    def knows(self, authority: str) -> bool:
        return self._opened().knows(authority)

    def valid(self, authority: str, message: bytes, signature: bytes) -> bool:
        return self._opened().valid(authority, message, signature)
