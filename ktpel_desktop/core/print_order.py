"""Print orders: without one that SIAK signed, no card is printed (UU 24/2013 Ps. 96, 96A).

An order binds one job to one NIK and one content digest, for a limited time and one use. `verify` is the only
way to a `VerifiedOrder`, and a `VerifiedOrder` is the only thing a card face can be drawn from. Its single use
is held by the journal (one job per order id).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import NoReturn, Protocol, final

from ktpel_desktop.core.errors import PolicyError
from ktpel_desktop.core.nik import Nik
from ktpel_desktop.core.subject import Subject, canonical_json, content_digest


class SignatureCheck(Protocol):
    """The pinned authorities of SIAK."""

    def knows(self, authority: str) -> bool:
        """Whether an authority of this name is pinned."""
        ...

    def valid(self, authority: str, message: bytes, signature: bytes) -> bool:
        """Whether `signature` over `message` was made by that authority's key."""
        ...


@dataclass(frozen=True, slots=True, repr=False)
class PrintOrder:
    """An order as SIAK delivered it, not yet believed. Times are aware datetimes.

    `security_object` is what SIAK signs apart: the digests of the chip's files (core.security_object).
    """

    order_id: str
    job_id: str
    nik: Nik
    content: bytes
    digest: str
    issued_at: datetime
    expires_at: datetime
    authority: str
    signature: bytes
    security_object: bytes = b""

    def __repr__(self) -> str:
        return f"PrintOrder({self.order_id!r}, job={self.job_id!r})"

    def signed_bytes(self) -> bytes:
        """What the authority signs: all but the content, which the digest stands for, and the security object,
        which has a signature of its own over the same order and digest."""
        return canonical_json(
            {
                "authority": self.authority,
                "digest": self.digest,
                "expires_at": self.expires_at.isoformat(),
                "issued_at": self.issued_at.isoformat(),
                "job_id": self.job_id,
                "nik": self.nik.reveal(),
                "order_id": self.order_id,
            }
        )


_VERIFY = object()


@final
class VerifiedOrder:
    """An order that passed `verify`. It cannot be built in any other way, nor changed afterwards."""

    __slots__ = ("order", "subject")
    order: PrintOrder
    subject: Subject

    def __init__(self, order: PrintOrder, subject: Subject, proof: object) -> None:
        if proof is not _VERIFY:
            raise TypeError("a VerifiedOrder comes from print_order.verify only")
        object.__setattr__(self, "order", order)
        object.__setattr__(self, "subject", subject)

    def __repr__(self) -> str:
        return f"VerifiedOrder({self.order!r})"

    def __setattr__(self, name: str, value: object) -> NoReturn:
        raise AttributeError("a VerifiedOrder cannot be changed")

    def __delattr__(self, name: str) -> NoReturn:
        raise AttributeError("a VerifiedOrder cannot be changed")


def verify(
    order: PrintOrder, *, job_id: str, nik: Nik, now: datetime, check: SignatureCheck
) -> VerifiedOrder:
    """Believe the order for exactly this job and NIK, or refuse it.

    Raises PolicyError "order.unknown_authority", "order.signature_wrong", "order.other_job", "order.other_nik",
    "order.not_yet_valid", "order.expired", "order.digest_differs"; GatewayError "siak.content_malformed".
    """
    if not check.knows(order.authority):
        raise PolicyError("order.unknown_authority", authority=order.authority)
    if not check.valid(order.authority, order.signed_bytes(), order.signature):
        raise PolicyError("order.signature_wrong", order=order.order_id)
    if order.job_id != job_id:
        raise PolicyError("order.other_job", order=order.order_id)
    if order.nik != nik:
        raise PolicyError("order.other_nik", order=order.order_id)
    if now < order.issued_at:
        raise PolicyError("order.not_yet_valid", order=order.order_id)
    if now >= order.expires_at:
        raise PolicyError("order.expired", order=order.order_id)
    if content_digest(order.content) != order.digest:
        raise PolicyError("order.digest_differs", order=order.order_id)
    subject = Subject.from_content(order.content)
    if subject.nik != nik:
        raise PolicyError("order.other_nik", order=order.order_id)
    return VerifiedOrder(order, subject, _VERIFY)
