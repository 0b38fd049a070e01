"""The synthetic city: repeatable, quick, lawful, and with everybody in it that a print room meets."""

import io
import random
import time
import tomllib
from collections import Counter
from collections.abc import Callable
from datetime import date

import pytest
from PIL import Image

from ktpel_desktop.core.enrolment import Enrolment
from ktpel_desktop.core.nik import ADULT_AGE, FamilyCardNumber, Nik, Sex, age
from ktpel_desktop.core.regions import PrefixStanding, Regions
from ktpel_desktop.core.subject import Subject
from ktpel_desktop.siak.simulator import biometrics
from ktpel_desktop.siak.simulator.eligibility import pick, pick_standing, pick_state, printable, suits
from ktpel_desktop.siak.simulator.residents import City, Resident, Standing, short_name
from tests.siak.conftest import HOME, LISTS, ROOT, TODAY

SERVICES = [
    row["kode"] for row in tomllib.loads((ROOT / "resources/layanan.toml").read_text("utf-8"))["layanan"]
]
NEW_YEAR, LAST_DAY = date(2026, 1, 1), date(2026, 12, 31)


def test_the_same_seed_gives_the_same_city(regions: Regions, city: City) -> None:
    again = City(regions, LISTS, year=2026, home=HOME)
    assert list(again.items()) == list(city.items())


@pytest.mark.parametrize("change", [{"seed": "lain"}, {"year": 2027}, {"home": ""}])
def test_another_seed_year_or_home_gives_another_city(
    regions: Regions, city: City, change: dict[str, object]
) -> None:
    other = City(regions, LISTS, **({"year": 2026, "home": HOME} | change))  # type: ignore[arg-type]
    assert set(other) != set(city)


def test_a_city_is_there_at_once(regions: Regions) -> None:
    began = time.process_time()
    City(regions, LISTS, year=2026, home=HOME)
    assert time.process_time() - began < 0.6  # measured 0.07; the room is for a busy machine


def test_every_number_is_lawful_and_synthetic(city: City) -> None:
    for digits, who in city.items():
        nik = Nik.parse(digits)
        assert digits == who.nik
        assert nik.sequence >= 9900
        assert (nik.sex is Sex.FEMALE) == who.female
        assert nik.birth_date(TODAY, ever_married=True, biodata=who.birth_date) == who.birth_date
        assert FamilyCardNumber.parse(who.kk).reveal()[12:14] == "99"
        assert who.kk != who.nik


def test_the_city_has_everybody(city: City, regions: Regions) -> None:
    people = list(city.values())
    states = Counter(who.enrolment for who in people)
    assert set(states) == set(Enrolment)
    assert min(states.values()) >= 5
    assert len(people) == 3000
    assert sum(len(who.name) > 30 for who in people) >= 20
    assert any(len(who.name) == 60 for who in people)
    assert max(len(who.name) for who in people) == 60
    assert sum(" " not in who.name for who in people) >= 10
    assert sum(who.blood_group == "-" for who in people) >= 10
    assert sum(regions.standing(who.nik[:6]) is PrefixStanding.RETIRED for who in people) >= 10
    assert sum(who.nik[:2] != "31" for who in people) >= 100
    assert sum(age(who.birth_date, NEW_YEAR) >= 100 for who in people) >= 3
    assert sum(age(who.birth_date, NEW_YEAR) == 17 for who in people) >= 40
    assert sum(who.ever_married and age(who.birth_date, LAST_DAY) < ADULT_AGE for who in people) >= 10
    assert sum((who.birth_date.month, who.birth_date.day) == (2, 29) for who in people) >= 3
    assert {"KATHOLIK", "BUDHA", "KHONGHUCU"} <= {who.religion for who in people}
    assert {who.standing for who in people} == set(Standing)
    assert sum(who.home for who in people) > 1000


def test_a_name_of_one_word_is_old(city: City) -> None:
    assert all(who.birth_date.year < 1970 for who in city.values() if " " not in who.name)


def test_foreign_residents_have_an_end_of_validity(city: City) -> None:
    foreign = [who for who in city.values() if who.foreign]
    assert len(foreign) >= 20
    assert all(who.valid_until is not None and who.valid_until > LAST_DAY for who in foreign)
    assert all(who.valid_until is None for who in city.values() if not who.foreign)


@pytest.mark.parametrize("service", SERVICES)
def test_every_service_has_residents_whose_age_fits_all_year(city: City, service: str) -> None:
    chosen = pick(city, service, 10, random.Random(1), TODAY)
    assert len(chosen) == len({who.nik for who in chosen}) == 10
    assert all(suits(service, who, day) for who in chosen for day in (NEW_YEAR, LAST_DAY))
    if service.startswith("KTP"):
        assert all(printable(service, who.enrolment) for who in chosen)
    if service == "KTP-MUDA":
        assert all(age(who.birth_date, LAST_DAY) < ADULT_AGE and who.ever_married for who in chosen)
    elif service.startswith("KTP"):
        assert all(age(who.birth_date, NEW_YEAR) >= ADULT_AGE for who in chosen)
    if service == "KTP-WNA":
        assert all(who.foreign for who in chosen)
    if service == "KTP-LUAR":
        assert all(not who.in_dki for who in chosen)
    elif service != "KTP-WNA":
        assert all(who.home for who in chosen)


def test_the_same_chance_picks_the_same_people(city: City) -> None:
    assert pick(city, "KTP-RUSAK", 5, random.Random(7), TODAY) == pick(
        city, "KTP-RUSAK", 5, random.Random(7), TODAY
    )


@pytest.mark.parametrize("state", list(Enrolment))
def test_what_goes_wrong_has_its_people(city: City, state: str) -> None:
    chosen = pick_state(city, state, 3, random.Random(1), TODAY)
    assert len(chosen) == 3
    assert all(who.enrolment == state for who in chosen)


def test_the_refused_have_their_people(city: City) -> None:
    for standing in (Standing.DECEASED, Standing.DUPLICATE, Standing.INACTIVE):
        assert len(pick_standing(city, standing, 3, random.Random(1))) == 3


def dominant(picture: bytes) -> tuple[int, ...]:
    corner = Image.open(io.BytesIO(picture)).convert("RGB").getpixel((4, 4))
    assert isinstance(corner, tuple)
    return corner


@pytest.mark.parametrize(
    ("wanted", "colour"),
    [
        (lambda who: who.foreign, biometrics.ORANGE),
        (lambda who: not who.foreign and who.birth_date.year % 2 == 1, biometrics.RED),
        (lambda who: not who.foreign and who.birth_date.year % 2 == 0, biometrics.BLUE),
    ],
    ids=["orange", "red", "blue"],
)
def test_the_background_tells_the_kind_and_year(
    city: City, wanted: Callable[[Resident], bool], colour: tuple[int, int, int]
) -> None:
    who = next(one for one in city.values() if wanted(one))
    seen = dominant(biometrics.photo(who))
    assert all(abs(one - other) < 12 for one, other in zip(seen, colour, strict=True))


def some(city: City) -> list[Resident]:
    return random.Random(3).sample(list(city.values()), 40)


def test_pictures_and_templates_are_small_and_always_the_same(city: City) -> None:
    for who in some(city):
        photo = biometrics.photo(who)
        assert len(photo) <= biometrics.PHOTO_BYTES
        assert len(biometrics.signature(who)) < 1500
        picture = Image.open(io.BytesIO(photo))
        assert picture.format == "JPEG"
        assert picture.width * 4 == picture.height * 3
        assert photo == biometrics.photo(who)
        assert biometrics.fingers(who) == biometrics.fingers(who)
    assert Image.open(io.BytesIO(biometrics.signature(some(city)[0]))).format == "PNG"


def test_templates_are_two_fingers_of_ordered_minutiae(city: City) -> None:
    """The compact card format: x, y, and the kind above six bits of angle; ascending y, then x."""
    for who in some(city):
        right, left = biometrics.fingers(who)
        assert right != left
        for finger in (right, left):
            points = [tuple(finger[start : start + 3]) for start in range(0, len(finger), 3)]
            assert len(points) in biometrics.MINUTIAE
            assert {len(point) for point in points} == {3}
            assert [(y, x) for x, y, _ in points] == sorted((y, x) for x, y, _ in points)
            assert {kind >> 6 for _, _, kind in points} == {1, 2}


def test_a_content_fits_a_chip_and_reads_back(city: City) -> None:
    for who in some(city):
        subject = biometrics.subject(who)
        content = subject.to_content()
        assert len(content) < 8192
        assert Subject.from_content(content) == subject
        assert subject.foreign == who.foreign


@pytest.mark.parametrize(
    ("written", "short"),
    [
        ("KOTA ADMINISTRASI JAKARTA SELATAN", "JAKARTA SELATAN"),
        ("KABUPATEN ADMINISTRASI KEPULAUAN SERIBU", "KEPULAUAN SERIBU"),
        ("KOTA BEKASI", "BEKASI"),
        ("Kabupaten Bogor", "BOGOR"),
    ],
)
def test_the_header_has_the_short_name(written: str, short: str) -> None:
    assert short_name(written) == short
