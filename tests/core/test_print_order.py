"""No card without an order that SIAK signed for exactly this job, resident and content."""

import copy
import pickle
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

import pytest
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given
from hypothesis import strategies as st

from ktpel_desktop.core.errors import Effect, KtpelError, PolicyError
from ktpel_desktop.core.nik import Nik
from ktpel_desktop.core.print_order import PrintOrder, VerifiedOrder, verify
from ktpel_desktop.core.subject import Subject, content_digest
from tests.core.test_subject import CONTENT, niks, subjects
from tests.residents import BUDI

NIK = BUDI.nik.reveal()
KEY = Ed25519PrivateKey.from_private_bytes(b"k" * 32)
STRANGER = Ed25519PrivateKey.from_private_bytes(b"s" * 32)
ISSUED = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
EXPIRES = ISSUED + timedelta(hours=24)
NOW = ISSUED + timedelta(minutes=5)


@dataclass(frozen=True)
class Pinned:
    """One pinned authority, by a real signature."""

    name: str = "SIAK"

    def knows(self, authority: str) -> bool:
        return authority == self.name

    def valid(self, authority: str, message: bytes, signature: bytes) -> bool:
        try:
            KEY.public_key().verify(signature, message)
        except InvalidSignature:
            return False
        return True


def unsigned(subject: Subject = BUDI, job: str = "TICKET-1") -> PrintOrder:
    content = subject.to_content()
    return PrintOrder(
        order_id="ORDER-1",
        job_id=job,
        nik=subject.nik,
        content=content,
        digest=content_digest(content),
        issued_at=ISSUED,
        expires_at=EXPIRES,
        authority="SIAK",
        signature=b"",
    )


def signed(order: PrintOrder, key: Ed25519PrivateKey = KEY) -> PrintOrder:
    return replace(order, signature=key.sign(order.signed_bytes()))


ORDER = signed(unsigned())


def believed(order: PrintOrder = ORDER, now: datetime = NOW) -> VerifiedOrder:
    return verify(order, job_id="TICKET-1", nik=BUDI.nik, now=now, check=Pinned())


def refusal(order: PrintOrder, now: datetime = NOW) -> str:
    with pytest.raises(KtpelError) as caught:
        believed(order, now)
    assert caught.value.effect is Effect.NONE
    assert NIK not in str(caught.value)
    return caught.value.code


@given(subjects())
def test_an_order_that_is_right_in_everything_is_believed(subject: Subject) -> None:
    order = signed(unsigned(subject))
    found = verify(order, job_id="TICKET-1", nik=subject.nik, now=NOW, check=Pinned())
    assert found.order == order
    assert found.subject == subject


TAMPERED: dict[str, Callable[[PrintOrder], PrintOrder]] = {
    "order_id": lambda order: replace(order, order_id="ORDER-2"),
    "job_id": lambda order: replace(order, job_id="TICKET-2"),
    "nik": lambda order: replace(order, nik=Nik("3174050101900002")),
    "digest": lambda order: replace(order, digest="0" * 64),
    "issued_at": lambda order: replace(order, issued_at=ISSUED - timedelta(days=1)),
    "expires_at": lambda order: replace(order, expires_at=EXPIRES + timedelta(days=365)),
    "signature": lambda order: replace(order, signature=bytes(64)),
    "no signature": lambda order: replace(order, signature=b""),
}


@pytest.mark.parametrize("field", sorted(TAMPERED))
def test_a_signed_field_cannot_be_altered(field: str) -> None:
    assert refusal(TAMPERED[field](ORDER)) == "order.signature_wrong"


@given(st.integers(0, 63), st.integers(1, 255))
def test_no_byte_of_the_signature_can_be_altered(place: int, change: int) -> None:
    signature = bytearray(ORDER.signature)
    signature[place] ^= change
    assert refusal(replace(ORDER, signature=bytes(signature))) == "order.signature_wrong"


@given(st.data())
def test_no_byte_of_the_content_can_be_altered(data: st.DataObject) -> None:
    content = bytearray(CONTENT)
    content[data.draw(st.integers(0, len(content) - 1))] ^= data.draw(st.integers(1, 255))
    assert refusal(replace(ORDER, content=bytes(content))) == "order.digest_differs"


def test_another_residents_content_does_not_fit_under_a_signed_digest() -> None:
    other = replace(BUDI, nik=Nik("3174050101900002")).to_content()
    assert refusal(replace(ORDER, content=other)) == "order.digest_differs"


def test_an_authority_that_is_not_pinned_is_refused_by_its_name() -> None:
    assert refusal(signed(replace(unsigned(), authority="SIAK PALSU"))) == "order.unknown_authority"


def test_the_name_of_a_pinned_authority_cannot_be_borrowed() -> None:
    assert refusal(signed(unsigned(), STRANGER)) == "order.signature_wrong"


def test_the_authority_is_part_of_what_is_signed() -> None:
    check = Pinned("SIAK LAIN")
    renamed = replace(ORDER, authority="SIAK LAIN")
    with pytest.raises(PolicyError) as caught:
        verify(renamed, job_id="TICKET-1", nik=BUDI.nik, now=NOW, check=check)
    assert caught.value.code == "order.signature_wrong"


def test_an_order_for_another_job_is_refused() -> None:
    assert refusal(signed(unsigned(job="TICKET-2"))) == "order.other_job"


@given(niks.filter(lambda nik: nik != BUDI.nik))
def test_an_order_for_another_resident_is_refused(nik: Nik) -> None:
    assert refusal(signed(unsigned(replace(BUDI, nik=nik)))) == "order.other_nik"


def test_a_content_of_another_resident_than_the_orders_is_refused() -> None:
    content = replace(BUDI, nik=Nik("3174050101900002")).to_content()
    mixed = signed(replace(unsigned(), content=content, digest=content_digest(content)))
    assert refusal(mixed) == "order.other_nik"


def test_a_signed_content_that_cannot_be_read_is_refused() -> None:
    broken = signed(replace(unsigned(), content=b"{}", digest=content_digest(b"{}")))
    assert refusal(broken) == "siak.content_malformed"


@pytest.mark.parametrize(
    ("now", "code"),
    [
        (ISSUED - timedelta(microseconds=1), "order.not_yet_valid"),
        (EXPIRES, "order.expired"),
        (EXPIRES + timedelta(days=1), "order.expired"),
    ],
)
def test_an_order_outside_its_time_is_refused(now: datetime, code: str) -> None:
    assert refusal(ORDER, now) == code


@pytest.mark.parametrize("now", [ISSUED, EXPIRES - timedelta(microseconds=1)])
def test_an_order_counts_from_its_first_moment_to_before_its_last(now: datetime) -> None:
    assert believed(now=now).order is ORDER


def test_a_digest_in_capitals_is_another_digest() -> None:
    assert refusal(signed(replace(unsigned(), digest=ORDER.digest.upper()))) == "order.digest_differs"


@given(subjects(), subjects())
def test_orders_with_different_digests_sign_different_bytes(one: Subject, other: Subject) -> None:
    same = one == other
    assert (unsigned(one).signed_bytes() == unsigned(other).signed_bytes()) is same


def test_a_verified_order_is_made_by_verify_only() -> None:
    with pytest.raises(TypeError):
        VerifiedOrder(ORDER, BUDI, object())


@pytest.mark.parametrize("name", ["order", "subject", "more"])
def test_a_verified_order_cannot_be_changed(name: str) -> None:
    found = believed()
    with pytest.raises(AttributeError):
        setattr(found, name, replace(BUDI, name="ORANG LAIN"))


def test_nothing_can_be_taken_from_a_verified_order() -> None:
    with pytest.raises(AttributeError):
        del believed().subject


def test_a_verified_order_cannot_be_pickled() -> None:
    with pytest.raises(TypeError):
        pickle.dumps(believed())


def test_a_verified_order_cannot_be_copied_into_another() -> None:
    with pytest.raises((AttributeError, TypeError)):
        copy.copy(believed())


@pytest.mark.parametrize("text", [repr(ORDER), str(ORDER), repr(believed()), f"{believed()}"])
def test_an_order_shows_its_ids_and_nothing_of_its_resident(text: str) -> None:
    assert "ORDER-1" in text
    assert not any(secret in text for secret in (NIK, "BUDI", "photo", "signature"))
