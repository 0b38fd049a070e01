"""Secrets of this PC, in the system's keyring and nowhere else: SAM's PIN, training keys, the router's community,
the power meter's account."""

from __future__ import annotations

import re

from ktpel_desktop.core.errors import StoreError

SERVICE = "ktpel-desktop"
SAM_PIN, COMMUNITY, METER = "pin-sam", "komunitas-snmp", "akun-meter"
_KEY = re.compile(r"(?:[0-9A-F]{32}|[0-9A-F]{48}|[0-9A-F]{64})")
_PIN = re.compile(r"[\x21-\x7e]{6,16}")
_COMMUNITY = re.compile(r"[\x21-\x7e]{1,64}")
_ACCOUNT = re.compile(r"[!-9;-~]{1,64}:[\x20-\x7e]{1,64}")  # name, colon, password
_FORMS = {SAM_PIN: _PIN, COMMUNITY: _COMMUNITY, METER: _ACCOUNT}


def key_name(version: int) -> str:
    """Name of the training master key with this version: "kunci-30"."""
    return f"kunci-{version:02X}"


def get(name: str) -> str:
    """A secret of its form, whoever put it there.

    Raises StoreError "secret.missing", "secret.malformed", "secret.keyring_locked", "secret.no_keyring".
    """
    import keyring
    from keyring import errors

    try:
        found = keyring.get_password(SERVICE, name)
    except errors.NoKeyringError:
        raise StoreError("secret.no_keyring") from None
    except errors.KeyringError:
        raise StoreError("secret.keyring_locked") from None
    if found is None:
        raise StoreError("secret.missing", name=name)
    _check_form(name, found)
    return found


def put(name: str, value: str) -> None:
    """Keep a secret, and look whether it was kept: some back-ends forget without a word.

    Raises StoreError "secret.malformed" (which does not repeat it), "secret.not_kept", and as `get`.
    """
    import keyring
    from keyring import errors

    _check_form(name, value)
    try:
        keyring.set_password(SERVICE, name, value)
    except errors.NoKeyringError:
        raise StoreError("secret.no_keyring") from None
    except errors.KeyringError:
        raise StoreError("secret.keyring_locked") from None
    try:
        kept = get(name) == value
    except StoreError:
        kept = False
    if not kept:
        raise StoreError("secret.not_kept", name=name)


def _check_form(name: str, value: str) -> None:
    if not _FORMS.get(name, _KEY).fullmatch(value):
        raise StoreError("secret.malformed", name=name)
