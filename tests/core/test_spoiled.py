"""Every reason of the journal has one class of the office."""

from __future__ import annotations

import pytest

from ktpel_desktop.core.issuance import SpoilReason
from ktpel_desktop.core.spoiled import DESTROYABLE, SpoilClass, spoil_class


def test_every_reason_has_a_class_and_every_class_a_reason() -> None:
    assert {spoil_class(reason) for reason in SpoilReason} == set(SpoilClass)


def test_a_changed_datum_and_a_broken_card_have_the_office_s_names() -> None:
    assert spoil_class("PERUBAHAN_DATA") is SpoilClass.ELEMENT_CHANGED
    assert spoil_class("RUSAK_FISIK") is SpoilClass.DAMAGED


def test_a_missing_card_cannot_be_destroyed() -> None:
    assert spoil_class("HILANG") not in DESTROYABLE
    assert len(DESTROYABLE) == len(SpoilClass) - 1


def test_a_text_that_is_no_reason_has_no_class() -> None:
    with pytest.raises(ValueError, match="BASAH"):
        spoil_class("BASAH")
