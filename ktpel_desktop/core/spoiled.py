"""The office's classes of spoiled cards, as minutes and registers sum them, apart from the journal's reasons."""

from __future__ import annotations

from enum import StrEnum

from ktpel_desktop.core.issuance import SpoilReason


class SpoilClass(StrEnum):
    """Classes of SE 470.13/11176/SJ and room.md 6.3; words under "spoil_class" in resources/teks/layar."""

    ENCODE_FAILED = "GAGAL_ENCODE"
    PRINT_FAILED = "GAGAL_CETAK"
    DAMAGED = "RUSAK"
    FACTORY_FAULT = "CACAT_PABRIK"
    ELEMENT_CHANGED = "PERUBAHAN_ELEMEN"
    MISSING = "HILANG"


DESTROYABLE = frozenset(SpoilClass) - {SpoilClass.MISSING}
"""Classes whose cards lie in the box; a missing card is spent from the books but nobody can burn it."""

_CLASSES = {
    SpoilReason.ENCODE_FAILED: SpoilClass.ENCODE_FAILED,
    SpoilReason.PRINT_FAILED: SpoilClass.PRINT_FAILED,
    SpoilReason.DAMAGED: SpoilClass.DAMAGED,
    SpoilReason.FACTORY_FAULT: SpoilClass.FACTORY_FAULT,
    SpoilReason.DATA_CHANGED: SpoilClass.ELEMENT_CHANGED,
    SpoilReason.MISSING: SpoilClass.MISSING,
}


def spoil_class(reason: str) -> SpoilClass:
    """The office's class of a `SpoilReason`. Raises ValueError for a text that is no reason."""
    return _CLASSES[SpoilReason(reason)]
