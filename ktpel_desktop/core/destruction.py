"""Cards that must be destroyed: why each is held, who must be there, and the equation of cards held.

Every destruction has its minutes, however few the cards, before at least two witnesses, and is done daily where
possible (SE Mendagri 470.13/11176/SJ; SE 400.8.1.2/6753/Dukcapil; room.md 6.2). A lost card is held by nobody.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime, tzinfo
from enum import StrEnum

from ktpel_desktop.core.errors import PolicyError
from ktpel_desktop.core.nik import mask_nik
from ktpel_desktop.core.spoiled import SpoilClass

DESTROYED = "cards.destroyed"
"""Kind of the event of one destruction; `cards` in its data are the ids of what was destroyed."""

USUAL_WAY = "Pembakaran"
"""SE 470.13/11176/SJ orders burning."""
LEAST_WITNESSES = 2
LONGEST = 120
"""Letters of a name, an office, a place or a way: what still fits a signature block."""


class Cause(StrEnum):
    """Why a card is invalid, in the order of the minutes: the classes of spoiled cards, then those of others."""

    ENCODE_FAILED = SpoilClass.ENCODE_FAILED.value
    PRINT_FAILED = SpoilClass.PRINT_FAILED.value
    DAMAGED = SpoilClass.DAMAGED.value
    FACTORY_FAULT = SpoilClass.FACTORY_FAULT.value
    ELEMENT_CHANGED = SpoilClass.ELEMENT_CHANGED.value
    MOVED = "PINDAH"
    DECEASED = "MENINGGAL"
    NOT_FETCHED = "TIDAK_DIAMBIL"


OF_RESULT = {
    "chip_mute": Cause.FACTORY_FAULT,
    "damaged": Cause.DAMAGED,
    "wrong_data": Cause.ELEMENT_CHANGED,
    "not_fetched": Cause.NOT_FETCHED,
}
"""Cause of an issued card taken back at the counter, by the reason it was taken back for."""

OF_OLD_CARD = {
    "KTP-LAMA": Cause.ELEMENT_CHANGED,
    "KTP-RUSAK": Cause.DAMAGED,
    "KTP-PEMOHON": Cause.MOVED,
    "KTP-ALMARHUM": Cause.DECEASED,
}
"""Cause of a card that a resident gave up, by its code in the catalogue. Papers and KIA are not among them."""


def old_card(request_id: str, code: str) -> str:
    """Id of a card given up with a request; a card made here has its job's id."""
    return f"{request_id}/{code}"


@dataclass(frozen=True, slots=True)
class HeldCard:
    """A card that must be destroyed. `chip_serial` is None where it never was read, as of every old card."""

    id: str
    request_id: str
    cause: Cause
    since: datetime
    chip_serial: str | None = None

    def overdue(self, now: datetime, zone: tzinfo) -> bool:
        """Whether it was kept over a night: destruction is daily."""
        return self.since.astimezone(zone).date() < now.astimezone(zone).date()


@dataclass(frozen=True, slots=True)
class HeldBalance:
    """Invalid cards of one span: H1 = H0 + X + W - D (room.md 6.3 no. 4).

    `withdrawn` are results taken back at the counter and old cards given up by residents.
    """

    before: int
    spoiled: int
    withdrawn: int
    destroyed: int

    @property
    def held(self) -> int:
        """H1, the cards that must lie in the locked place; 0 is the aim of every day."""
        return self.before + self.spoiled + self.withdrawn - self.destroyed


@dataclass(frozen=True, slots=True, repr=False)
class Witness:
    """Who saw it, and for which office (Satpol PP, inspectorate, police, kelurahan …)."""

    name: str
    office: str


@dataclass(frozen=True, slots=True, repr=False)
class Deed:
    """Where and how cards were destroyed, by whom, before whom."""

    place: str
    way: str
    executors: tuple[str, ...]
    witnesses: tuple[Witness, ...]


@dataclass(frozen=True, slots=True, repr=False)
class Destruction:
    """One destruction as it was written down. `id` is its event; `number` counts without gaps within `year`."""

    id: int
    year: int
    number: int
    at: datetime
    by: str
    approver: str
    deed: Deed
    cards: int

    @property
    def title(self) -> str:
        """Number of the minutes, e.g. "3/BA-MUSNAH/2026"."""
        return f"{self.number}/BA-MUSNAH/{self.year}"


def subject(year: int, number: int) -> str:
    """Subject of the events of a destruction."""
    return f"musnah-{year}-{number}"


def approval_subject(cards: Iterable[str]) -> str:
    """Subject of an approval of DESTROY_SPOILED: exactly these cards, so that none is slipped in afterwards."""
    return f"musnah-{hashlib.sha256(' '.join(sorted(cards)).encode()).hexdigest()[:16]}"


def tidied(deed: Deed) -> Deed:
    """With single blanks between words, no NIK in clear, and without people who have no name and no office."""
    witnesses = (Witness(_tidy(one.name), _tidy(one.office)) for one in deed.witnesses)
    return Deed(
        place=_tidy(deed.place),
        way=_tidy(deed.way),
        executors=tuple(name for name in map(_tidy, deed.executors) if name),
        witnesses=tuple(one for one in witnesses if one.name or one.office),
    )


def check_deed(deed: Deed, responsible: Collection[str]) -> None:
    """Refuse a tidied deed that is no evidence. `responsible` are the names of who asked and of who approved.

    A witness is nobody who had a hand in it. Raises PolicyError "destruction.place_missing",
    "destruction.way_missing", "destruction.executor_missing", "destruction.witnesses_missing",
    "destruction.witness_incomplete", "destruction.person_twice", "destruction.witness_involved",
    "destruction.too_long".
    """
    if not deed.place:
        raise PolicyError("destruction.place_missing")
    if not deed.way:
        raise PolicyError("destruction.way_missing")
    if not deed.executors:
        raise PolicyError("destruction.executor_missing")
    if len(deed.witnesses) < LEAST_WITNESSES:
        raise PolicyError("destruction.witnesses_missing", least=LEAST_WITNESSES)
    if not all(one.name and one.office for one in deed.witnesses):
        raise PolicyError("destruction.witness_incomplete")
    executors = [name.casefold() for name in deed.executors]
    witnesses = [one.name.casefold() for one in deed.witnesses]
    for names in (executors, witnesses):
        if len(set(names)) < len(names):
            raise PolicyError("destruction.person_twice")
    if set(witnesses) & {*executors, *(_tidy(name).casefold() for name in responsible)}:
        raise PolicyError("destruction.witness_involved")
    texts = (deed.place, deed.way, *deed.executors)
    texts += tuple(text for one in deed.witnesses for text in (one.name, one.office))
    if max(map(len, texts)) > LONGEST:
        raise PolicyError("destruction.too_long", longest=LONGEST)


def _tidy(text: str) -> str:
    return mask_nik(" ".join(text.split()))
