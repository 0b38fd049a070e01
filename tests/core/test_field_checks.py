"""Typed answers in their settled form."""

from __future__ import annotations

import pytest

from ktpel_desktop.core.errors import PolicyError
from ktpel_desktop.core.field_checks import CHECKS, Check, name, percent, phone


def refused(check: Check, text: str) -> str:
    with pytest.raises(PolicyError) as caught:
        CHECKS[check](text)
    return caught.value.code


def test_every_check_has_its_function() -> None:
    assert set(CHECKS) == set(Check)


def test_names() -> None:
    assert name("  siti   aminah ") == "SITI AMINAH"
    assert name("Ma'ruf, S.T.") == "MA'RUF, S.T."
    assert name("Slamet") == "SLAMET"  # one word: old names stay
    assert refused(Check.NAME, "R2D2") == "name.characters"
    assert refused(Check.NAME, "  ") == "name.characters"
    assert refused(Check.NAME, "A" * 101) == "name.length"


def test_phones() -> None:
    assert phone("+62 812-0000-9901") == "+6281200009901"
    assert refused(Check.PHONE, "12") == "phone.malformed"
    assert refused(Check.PHONE, "rumah") == "phone.malformed"


@pytest.mark.parametrize(("text", "value"), [("0", 0), (" 42 %", 42), ("100", 100)])
def test_percentages(text: str, value: int) -> None:
    assert percent(text) == value


@pytest.mark.parametrize("text", ["101", "-1", "4.5", "", "٤"])
def test_no_percentages(text: str) -> None:
    assert refused(Check.PERCENT, text) == "percent.malformed"
