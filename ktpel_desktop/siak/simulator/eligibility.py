"""Which resident suits which service of resources/layanan.toml, and when SIAK lets a card be printed for it.

A first card needs PRINT_READY_RECORD; a replacement also starts from the printed states (domain.md 4).
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterable
from datetime import date

from ktpel_desktop.core.enrolment import judge
from ktpel_desktop.core.nik import ADULT_AGE, age
from ktpel_desktop.siak.simulator.residents import PRINTED, PRR, City, Resident, Standing

FIRST_CARDS = frozenset({"KTP-BARU", "KTP-MUDA"})


def printable(service: str, enrolment: str) -> bool:
    """Whether SIAK gives a print order for a record in this state."""
    return judge(enrolment, first=service in FIRST_CARDS).printable


def _holder(person: Resident, years: int) -> bool:
    return years >= ADULT_AGE and not person.foreign and person.in_dki and person.enrolment in PRINTED


_NOBODY_ELSE: dict[str, Callable[[Resident, int], bool]] = {
    "KTP-BARU": lambda who, years: (
        years >= ADULT_AGE and not who.foreign and who.in_dki and not who.moved and who.enrolment == PRR
    ),
    "KTP-MUDA": lambda who, years: years < ADULT_AGE and who.ever_married and who.enrolment == PRR,
    "KTP-PINDAH": lambda who, years: (
        years >= ADULT_AGE and who.moved and printable("KTP-PINDAH", who.enrolment)
    ),
    "KTP-UBAH": _holder,
    "KTP-RUSAK": _holder,
    "KTP-HILANG": _holder,
    "KTP-LUAR": lambda who, years: years >= ADULT_AGE and not who.in_dki and who.enrolment in PRINTED,
    "KTP-WNA": lambda who, years: years >= ADULT_AGE and who.foreign and printable("KTP-WNA", who.enrolment),
    "KIA-BARU": lambda who, years: years < ADULT_AGE and not who.ever_married,
    "KIA-GANTI": lambda who, years: 5 <= years < ADULT_AGE and not who.ever_married,
    "AKTA-LAHIR": lambda who, years: years < 5 and who.in_dki,
    "AKTA-MATI": lambda who, years: years >= 60 and who.in_dki,
}
"""Services that not every adult of the kelurahan can ask for; all others suit whoever holds a card."""


def suits(service: str, person: Resident, day: date) -> bool:
    """Whether a request of this resident for this service can end well on that day."""
    rule = _NOBODY_ELSE.get(service, _holder)
    return person.standing is Standing.ACTIVE and rule(person, age(person.birth_date, day))


def pick(city: City, service: str, n: int, rng: random.Random, day: date) -> list[Resident]:
    """`n` different residents whom the service suits, those of the office's own kelurahan first.

    Fewer where the city has no more.
    """
    return _some((person for person in city.values() if suits(service, person, day)), n, rng)


def pick_state(city: City, enrolment: str, n: int, rng: random.Random, day: date) -> list[Resident]:
    """`n` adult citizens whose biometric record stands in this state, for what goes wrong in a day."""
    fitting = (
        person
        for person in city.values()
        if person.enrolment == enrolment
        and person.standing is Standing.ACTIVE
        and not person.foreign
        and age(person.birth_date, day) >= ADULT_AGE
    )
    return _some(fitting, n, rng)


def pick_standing(city: City, standing: Standing, n: int, rng: random.Random) -> list[Resident]:
    """`n` residents whom the look-up refuses in this way."""
    return _some((person for person in city.values() if person.standing is standing), n, rng)


def _some(fitting: Iterable[Resident], n: int, rng: random.Random) -> list[Resident]:
    people = list(fitting)
    rng.shuffle(people)
    return sorted(people, key=lambda person: not person.home)[:n]
