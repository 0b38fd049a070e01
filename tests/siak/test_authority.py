"""Signatures: who is believed, what a changed field does, and that training stays in training."""

import os
import stat
from base64 import b64encode
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.rsa import generate_private_key

from ktpel_desktop.core.errors import GatewayError, PolicyError
from ktpel_desktop.core.nik import Nik
from ktpel_desktop.core.print_order import PrintOrder, verify
from ktpel_desktop.core.subject import content_digest
from ktpel_desktop.siak.authority import PinnedAuthorities, TrainingAuthority
from ktpel_desktop.siak.simulator import biometrics
from ktpel_desktop.siak.simulator.residents import City

NOW = datetime(2026, 3, 2, 5, tzinfo=UTC)


@pytest.fixture
def order(city: City, authority: TrainingAuthority) -> PrintOrder:
    person = next(iter(city.values()))
    content = biometrics.subject(person).to_content()
    plain = PrintOrder(
        order_id="PO-1",
        job_id="TIKET-1",
        nik=Nik.parse(person.nik),
        content=content,
        digest=content_digest(content),
        issued_at=NOW,
        expires_at=NOW + timedelta(hours=1),
        authority="",
        signature=b"",
    )
    return authority.sign(plain)


def code_of(order: PrintOrder, authority: TrainingAuthority, nik: Nik) -> str:
    try:
        verify(order, job_id="TIKET-1", nik=nik, now=NOW, check=authority.pinned())
    except (PolicyError, GatewayError) as error:
        return error.code
    return ""


def test_an_order_of_the_pinned_authority_is_believed(
    order: PrintOrder, authority: TrainingAuthority
) -> None:
    assert code_of(order, authority, order.nik) == ""


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"order_id": "PO-2"}, "order.signature_wrong"),
        ({"job_id": "TIKET-2"}, "order.signature_wrong"),
        ({"nik": Nik.parse("3171010101909999")}, "order.signature_wrong"),
        ({"digest": "0" * 64}, "order.signature_wrong"),
        ({"issued_at": NOW - timedelta(days=1)}, "order.signature_wrong"),
        ({"expires_at": NOW + timedelta(days=1)}, "order.signature_wrong"),
        ({"authority": "SIAK PUSAT"}, "order.unknown_authority"),
        ({"signature": b"\0" * 64}, "order.signature_wrong"),
        ({"signature": b""}, "order.signature_wrong"),
        ({"content": b"{}"}, "order.digest_differs"),
    ],
)
def test_a_change_of_any_field_is_found(
    order: PrintOrder, authority: TrainingAuthority, change: dict[str, object], code: str
) -> None:
    assert code_of(replace(order, **change), authority, order.nik) == code  # type: ignore[arg-type]


def test_a_flipped_bit_in_the_signature_is_found(order: PrintOrder, authority: TrainingAuthority) -> None:
    for place in range(len(order.signature)):
        flipped = bytearray(order.signature)
        flipped[place] ^= 1
        assert (
            code_of(replace(order, signature=bytes(flipped)), authority, order.nik) == "order.signature_wrong"
        )


def test_another_key_under_the_same_name_is_not_believed(order: PrintOrder) -> None:
    assert code_of(order, TrainingAuthority.from_seed("lain"), order.nik) == "order.signature_wrong"


def test_a_training_authority_can_not_be_pinned_outside_training(authority: TrainingAuthority) -> None:
    with pytest.raises(GatewayError) as caught:
        PinnedAuthorities({authority.name: authority.public_key})
    assert caught.value.code == "siak.authority_mixed"


def test_a_real_authority_can_not_be_pinned_in_training() -> None:
    key = Ed25519PrivateKey.generate().public_key().public_bytes_raw()
    with pytest.raises(GatewayError) as caught:
        PinnedAuthorities({"SIAK PUSAT": key}, training=True)
    assert caught.value.code == "siak.authority_mixed"


def test_a_training_authority_says_so_in_its_name() -> None:
    with pytest.raises(GatewayError) as caught:
        TrainingAuthority(Ed25519PrivateKey.generate(), "SIAK PUSAT")
    assert caught.value.code == "siak.authority_mixed"


def test_a_real_check_does_not_believe_training_orders(order: PrintOrder) -> None:
    key = Ed25519PrivateKey.generate().public_key().public_bytes_raw()
    check = PinnedAuthorities({"SIAK PUSAT": key})
    assert not check.knows(order.authority)
    assert not check.valid(order.authority, order.signed_bytes(), order.signature)


def test_keys_are_read_as_pem_base64_and_raw() -> None:
    private = Ed25519PrivateKey.generate()
    raw = private.public_key().public_bytes_raw()
    pem = private.public_key().public_bytes(
        serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
    )
    for key in (raw, pem, b64encode(raw) + b"\n"):
        assert PinnedAuthorities({"SIAK": key}).valid("SIAK", b"message", private.sign(b"message"))


@pytest.mark.parametrize("key", [b"", b"short", b"-----BEGIN PUBLIC KEY-----\nx\n-----END PUBLIC KEY-----\n"])
def test_a_broken_key_names_its_authority(key: bytes) -> None:
    with pytest.raises(GatewayError) as caught:
        PinnedAuthorities({"SIAK": key})
    assert caught.value.code == "siak.authority_key_malformed"
    assert caught.value.params == {"authority": "SIAK"}


def test_a_key_of_another_kind_is_refused() -> None:
    pem = generate_private_key(65537, 2048).public_key()
    text = pem.public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo)
    with pytest.raises(GatewayError) as caught:
        PinnedAuthorities({"SIAK": text})
    assert caught.value.code == "siak.authority_key_malformed"


def test_the_same_seed_gives_the_same_authority() -> None:
    assert TrainingAuthority.from_seed("1").public_key == TrainingAuthority.from_seed("1").public_key
    assert TrainingAuthority.from_seed("1").public_key != TrainingAuthority.from_seed("2").public_key


def test_the_key_is_made_once_and_kept_for_its_owner_only(tmp_path: Path) -> None:
    path = tmp_path / "latihan.key"
    first = TrainingAuthority.from_file(path)
    assert TrainingAuthority.from_file(path).public_key == first.public_key
    assert [file.name for file in tmp_path.iterdir()] == ["latihan.key"]
    if os.name == "posix":
        assert stat.S_IMODE(path.stat().st_mode) == 0o600


@pytest.mark.skipif(os.name != "posix", reason="Windows has no such mode")
def test_a_key_file_left_open_to_others_is_closed(tmp_path: Path) -> None:
    path = tmp_path / "latihan.key"
    TrainingAuthority.from_file(path)
    path.chmod(0o644)
    TrainingAuthority.from_file(path)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_a_broken_key_file_is_told(tmp_path: Path) -> None:
    path = tmp_path / "latihan.key"
    path.write_bytes(b"torn")
    with pytest.raises(GatewayError) as caught:
        TrainingAuthority.from_file(path)
    assert caught.value.code == "siak.authority_key_malformed"


def test_a_disk_that_refuses_is_told(tmp_path: Path) -> None:
    with pytest.raises(GatewayError) as caught:
        TrainingAuthority.from_file(tmp_path / "no folder" / "latihan.key")
    assert caught.value.code == "siak.authority_file"
