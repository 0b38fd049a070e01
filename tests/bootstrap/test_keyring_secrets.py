"""Secrets of this PC, read back from a keyring that others can write to."""

import pytest

from ktpel_desktop.bootstrap import keyring_secrets
from ktpel_desktop.core.errors import StoreError


@pytest.mark.parametrize(
    ("name", "kept"),
    [
        ("kunci-30", "BUKAN-KUNCI"),
        ("kunci-30", "AA" * 15),
        ("kunci-30", ""),
        ("pin-sam", "12345"),
        ("pin-sam", "12 456"),
        ("komunitas-snmp", ""),
        ("komunitas-snmp", "dua kata"),
    ],
)
def test_a_secret_that_was_spoiled_outside_of_the_program_is_told_and_not_repeated(
    monkeypatch: pytest.MonkeyPatch, name: str, kept: str
) -> None:
    monkeypatch.setattr("keyring.get_password", lambda service, asked: kept)
    with pytest.raises(StoreError) as refused:
        keyring_secrets.get(name)
    assert (refused.value.code, refused.value.params) == ("secret.malformed", {"name": name})


@pytest.mark.parametrize(
    ("name", "kept"), [("kunci-31", "0F" * 32), ("pin-sam", "123456"), ("komunitas-snmp", "baca")]
)
def test_a_whole_secret_is_given(monkeypatch: pytest.MonkeyPatch, name: str, kept: str) -> None:
    monkeypatch.setattr("keyring.get_password", lambda service, asked: kept if asked == name else None)
    assert keyring_secrets.get(name) == kept
