"""A city's worth of synthetic residents, the same for the same seed and year.

NIK and No. KK end in 99xx, which SIAK has not reached for any day and place, so no number is a real person's.
Birth dates hang on 1 January of the year given, not on today, so that a training office finds the same people
the next morning; who is seventeen then stays so all year, and who is below it all year is born late enough.
"""

from __future__ import annotations

import random
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from pathlib import Path
from typing import Any

from ktpel_desktop.core.enrolment import Enrolment
from ktpel_desktop.core.nik import age
from ktpel_desktop.core.regions import Kelurahan, Regions
from ktpel_desktop.siak.simulator.names import Names

DEFAULT_SEED = "kelurahan"
DEFAULT_SIZE = 3000
SHARE_AT_HOME = 0.4

PRR = Enrolment.PRINT_READY_RECORD.value
PRINTED = frozenset({Enrolment.CARD_PRINTED.value, Enrolment.CARD_SHIPPED.value, Enrolment.CARD_ISSUED.value})


class Standing(StrEnum):
    """What the look-up says of a NIK beside its data (answer codes 11, 12, 14)."""

    ACTIVE = "active"
    DECEASED = "deceased"
    DUPLICATE = "duplicate"
    INACTIVE = "inactive"


@dataclass(frozen=True, slots=True)
class Resident:
    """One synthetic resident; `home` lives in the training office's kelurahan, `moved` has just come there."""

    nik: str
    kk: str
    name: str
    birth_place: str
    birth_date: date
    female: bool
    blood_group: str
    address: str
    rt: int
    rw: int
    kelurahan: str
    kecamatan: str
    kabupaten: str
    province: str
    area: str
    religion: str
    marital_status: str
    occupation: str
    nationality: str
    valid_until: date | None
    enrolment: str
    standing: Standing
    home: bool
    moved: bool

    @property
    def foreign(self) -> bool:
        """Whether they hold an ITAP."""
        return self.nationality != "WNI"

    @property
    def in_dki(self) -> bool:
        """Whether they live in Jakarta."""
        return self.area.startswith("31")

    @property
    def ever_married(self) -> bool:
        """Whether married, divorced or widowed."""
        return self.marital_status != "BELUM KAWIN"


@dataclass(frozen=True, slots=True)
class Wish:
    """What one resident is to be like; what it leaves open is drawn."""

    ages: tuple[int, int] = (23, 75)
    enrolment: str = ""
    name: str = "usual"
    foreign: bool = False
    married: bool | None = None
    origin: str = ""
    outside: bool = False
    moved: bool = False
    blood: str = ""
    standing: Standing = Standing.ACTIVE
    leap: bool = False


_SPECIAL: tuple[tuple[Wish, int], ...] = (
    *((Wish(enrolment=state.value), 8) for state in Enrolment),
    (Wish(ages=(17, 17), enrolment=PRR), 40),
    (Wish(ages=(17, 17), enrolment="SENT_FOR_ENROLLMENT"), 6),
    (Wish(ages=(17, 17), enrolment="UNREGISTERED"), 6),
    (Wish(ages=(18, 22), enrolment=PRR), 80),
    (Wish(ages=(15, 15), enrolment=PRR, married=True), 12),
    (Wish(ages=(100, 106), enrolment="CARD_ISSUED"), 4),
    (Wish(name="long"), 20),
    (Wish(name="longest"), 4),
    (Wish(ages=(60, 90), name="one word"), 20),
    (Wish(enrolment="CARD_ISSUED", blood="-"), 10),
    (Wish(enrolment="CARD_ISSUED", origin="retired"), 12),
    (Wish(enrolment=PRR, foreign=True), 15),
    (Wish(enrolment="CARD_ISSUED", foreign=True), 10),
    (Wish(enrolment="CARD_ISSUED", outside=True, origin="outside"), 40),
    (Wish(enrolment=PRR, moved=True, origin="outside"), 40),
    (Wish(ages=(0, 3), enrolment="UNREGISTERED"), 30),
    (Wish(ages=(5, 15), enrolment="UNREGISTERED"), 60),
    (Wish(ages=(60, 95), enrolment="CARD_ISSUED", standing=Standing.DECEASED), 6),
    (Wish(enrolment="CARD_ISSUED", standing=Standing.INACTIVE), 6),
    (Wish(enrolment="DUPLICATE_RECORD", standing=Standing.DUPLICATE), 6),
    (Wish(enrolment="CARD_ISSUED", leap=True), 3),
)
_USUAL = (
    (Wish(enrolment="CARD_ISSUED"), 70),
    (Wish(enrolment=PRR), 16),
    (Wish(ages=(5, 15), enrolment="UNREGISTERED"), 14),
)


class City(Mapping[str, Resident]):
    """All residents by NIK."""

    def __init__(
        self,
        regions: Regions,
        folder: Path,
        *,
        year: int,
        seed: str = DEFAULT_SEED,
        size: int = DEFAULT_SIZE,
        home: str = "",
    ) -> None:
        """`folder` holds nama.toml and kota.toml (resources/siak/latihan); `home` is a kelurahan code.

        Where `home` is given, the special people and a good part of the others live there.
        """
        self.seed, self.year = seed, year
        maker = _Maker(regions, folder, random.Random(f"{seed}/{year}/{home}"), year, home)
        self._people: dict[str, Resident] = {}
        for wish in _wishes(maker.rng, size):
            person = maker.make(wish, self._people)
            self._people[person.nik] = person

    def __getitem__(self, nik: str) -> Resident:
        return self._people[nik]

    def __iter__(self) -> Iterator[str]:
        return iter(self._people)

    def __len__(self) -> int:
        return len(self._people)


def _wishes(rng: random.Random, size: int) -> Iterator[Wish]:
    special = [wish for wish, number in _SPECIAL for _ in range(number)]
    yield from special[:size]
    kinds, weights = [wish for wish, _ in _USUAL], [weight for _, weight in _USUAL]
    yield from rng.choices(kinds, weights, k=max(0, size - len(special)))


class _Maker:
    """Draws one resident after another."""

    def __init__(self, regions: Regions, folder: Path, rng: random.Random, year: int, home: str) -> None:
        self.rng, self._regions, self._new_year = rng, regions, date(year, 1, 1)
        self._names = Names(tomllib.loads((folder / "nama.toml").read_text("utf-8")), rng)
        self._lists: dict[str, Any] = tomllib.loads((folder / "kota.toml").read_text("utf-8"))
        self._kelurahan = regions.all_kelurahan()
        self._home = regions.kelurahan(home) if home else None
        self._weighted = {
            name: ([row[0] for row in self._lists[name]], [row[1] for row in self._lists[name]])
            for name in ("pekerjaan", "agama", "golongan_darah")
        }

    def make(self, wish: Wish, taken: Mapping[str, Resident]) -> Resident:
        rng = self.rng
        born = self._born(wish)
        years = age(born, self._new_year)
        female = rng.random() < 0.5
        religion = self._draw("agama")
        married = self._marital(wish, years)
        nationality, place = rng.choice(self._lists["negara"]) if wish.foreign else ("WNI", "")
        prefix, origin = self._origin(wish)
        living = self._living(wish)
        return Resident(
            nik=self._number(prefix, born, 40 if female else 0, taken),
            kk=self._family(living[4]),
            name=self._names.draw(wish.name, female=female, islam=religion == "ISLAM", foreign=wish.foreign),
            birth_place=place or origin,
            birth_date=born,
            female=female,
            blood_group=wish.blood or self._draw("golongan_darah"),
            address=self._address(),
            rt=rng.randint(1, 18),
            rw=rng.randint(1, 12),
            kelurahan=living[0],
            kecamatan=living[1],
            kabupaten=living[2],
            province=living[3],
            area=living[4],
            religion=religion,
            marital_status=married,
            occupation=self._occupation(years, female),
            nationality=nationality,
            valid_until=self._itap() if wish.foreign else None,
            enrolment=wish.enrolment or rng.choice(("CARD_ISSUED", "CARD_ISSUED", PRR)),
            standing=wish.standing,
            home=self._home is not None and living[4] == self._home.code,
            moved=wish.moved,
        )

    def _born(self, wish: Wish) -> date:
        """A birth date with the wished age on 1 January and, below seventeen, on every day of the year."""
        if wish.leap:
            return date(self.rng.choice((1972, 1984, 1988, 1996)), 2, 29)
        year = self._new_year.year - self.rng.randint(*wish.ages)
        first = date(year - 1, 1, 2)
        return first + timedelta(days=self.rng.randrange((date(year, 1, 1) - first).days + 1))

    def _number(self, prefix: str, born: date, shift: int, taken: Mapping[str, Resident]) -> str:
        day = f"{prefix}{born.day + shift:02}{born.month:02}{born.year % 100:02}"
        sequence = self.rng.randint(9901, 9999)
        while f"{day}{sequence}" in taken:
            sequence = 9901 + (sequence - 9900) % 99
        return f"{day}{sequence}"

    def _family(self, area: str) -> str:
        rng = self.rng
        recorded = f"{rng.randint(1, 28):02}{rng.randint(1, 12):02}{rng.randint(10, 25)}"
        return f"{area[:6]}{recorded}{rng.randint(9901, 9999)}"

    def _address(self) -> str:
        form, street = self.rng.choice(self._lists["bentuk_jalan"]), self.rng.choice(self._lists["jalan"])
        return str(form).format(street, self.rng.randint(1, 150))

    def _origin(self, wish: Wish) -> tuple[str, str]:
        """Prefix of the kecamatan of first registration, and the place of birth that goes with it."""
        rng = self.rng
        kind = wish.origin or ("outside" if rng.random() < 0.4 else "dki")
        if kind == "dki":
            return rng.choice(self._kelurahan).kec_code, "JAKARTA"
        kab = rng.choice(self._lists["kab_pensiun" if kind == "retired" else "kab_luar"])
        name = self._regions.kab_name(kab) or self._regions.kab_name("6471") or "BALIKPAPAN"
        return f"{kab}{rng.randint(1, 9):02}", short_name(name)

    def _living(self, wish: Wish) -> tuple[str, str, str, str, str]:
        """Kelurahan, kecamatan, kab/kota, province, code."""
        rng = self.rng
        if wish.outside:
            kab = rng.choice(self._lists["kab_luar"][:8])
            name = short_name(self._regions.kab_name(kab) or "BOGOR")
            return (*self._elsewhere(), name, "JAWA BARAT" if kab < "33" else "JAWA TENGAH", f"{kab}012001")
        at_home = self._home is not None and (wish not in _USUAL_WISHES or rng.random() < SHARE_AT_HOME)
        place = self._home if at_home and self._home is not None else rng.choice(self._kelurahan)
        return (*_upper(place), short_name(place.kab_name), "DKI JAKARTA", place.code)

    def _elsewhere(self) -> tuple[str, str]:
        return self.rng.choice(self._lists["kelurahan_luar"]), self.rng.choice(self._lists["kecamatan_luar"])

    def _marital(self, wish: Wish, years: int) -> str:
        rng = self.rng
        married = wish.married
        if married is None:
            married = years >= 20 and rng.random() < min(0.9, (years - 18) / 20)
        if not married:
            return "BELUM KAWIN"
        drawn = rng.random()
        if years > 55 and drawn < 0.3:
            return "CERAI MATI"
        return "CERAI HIDUP" if drawn > 0.93 else "KAWIN"

    def _occupation(self, years: int, female: bool) -> str:
        if years < 5:
            return "BELUM/TIDAK BEKERJA"
        if years < 19:
            return "PELAJAR/MAHASISWA"
        if years > 65:
            return "PENSIUNAN"
        drawn = self._draw("pekerjaan")
        return "BURUH HARIAN LEPAS" if drawn == "MENGURUS RUMAH TANGGA" and not female else drawn

    def _itap(self) -> date:
        return self._new_year + timedelta(days=self.rng.randint(400, 1800))

    def _draw(self, name: str) -> str:
        values, weights = self._weighted[name]
        return str(self.rng.choices(values, weights)[0])


_USUAL_WISHES = frozenset(wish for wish, _ in _USUAL)


def short_name(kab_name: str) -> str:
    """The name as the card's header has it: "JAKARTA SELATAN" without "KOTA ADMINISTRASI" (domain.md 2)."""
    words = kab_name.upper().split()
    while words and words[0] in ("KOTA", "KABUPATEN", "ADMINISTRASI"):
        words.pop(0)
    return " ".join(words)


def _upper(place: Kelurahan) -> tuple[str, str]:
    return place.name.upper(), place.kec_name.upper()
