"""NIK and No. KK. Every number here is synthetic: sequence 99xx."""

from __future__ import annotations

import copy
import dataclasses
import json
import logging
import pickle
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ktpel_desktop.core.errors import PolicyError
from ktpel_desktop.core.nik import FamilyCardNumber, Nik, NikFinding, Sex, age, mask_nik
from ktpel_desktop.core.regions import Regions

TODAY = date(2026, 3, 9)
MAN = "3174100501909901"  # 5 January 1990
WOMAN = "3174104501909901"

REGIONS = Regions(
    kelurahan=[
        {
            "kel_code": "3174101001",
            "kel_name": "Petukangan Utara",
            "kec_code": "317410",
            "kec_name": "Pesanggrahan",
            "kab_code": "3174",
            "kab_name": "JAKARTA SELATAN",
        }
    ],
    kab=[
        {"kab_code": "3174", "kab_name": "JAKARTA SELATAN"},
        {"kab_code": "3273", "kab_name": "KOTA BANDUNG"},
    ],
    retired=[{"missing_prefix": "6404", "likely_successor_province": "65 (Kalimantan Utara)"}],
)


def refusal(text: str) -> str:
    with pytest.raises(PolicyError) as caught:
        Nik.parse(text)
    return caught.value.code


def nik(ddmmyy: str, prefix: str = "317410") -> Nik:
    return Nik.parse(f"{prefix}{ddmmyy}9901")


@pytest.mark.parametrize("text", [MAN, " 3174.1005-0190 9901\n", "3 1 7 4100501909901"])
def test_spaces_dots_and_hyphens_do_not_matter(text: str) -> None:
    assert Nik.parse(text).reveal() == MAN


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "nik.length"),
        ("0", "nik.length"),
        (MAN[:-1], "nik.length"),
        (MAN + "1", "nik.length"),
        ("317410050190990A", "nik.digits"),
        ("٣" + MAN[1:], "nik.digits"),  # Arabic-Indic three: str.isdigit would take it
        ("³" + MAN[1:], "nik.digits"),
        ("3174_100501909901", "nik.digits"),
        ("3174100001909901", "nik.day"),
        ("3174103201909901", "nik.day"),
        ("3174104001909901", "nik.day"),
        ("3174107201909901", "nik.day"),
        ("3174109901909901", "nik.day"),
        ("3174100500909901", "nik.month"),
        ("3174100513909901", "nik.month"),
        ("3174103102909901", "nik.date"),
        ("3174107104909901", "nik.date"),
        ("3174102902019901", "nik.date"),  # neither 1901 nor 2001 had a 29 February
        ("3174100501900000", "nik.sequence"),
    ],
)
def test_refusals(text: str, code: str) -> None:
    assert refusal(text) == code


@pytest.mark.parametrize("ddmmyy", ["290200", "690296", "310190", "710190", "010100", "411299"])
def test_odd_dates_that_exist(ddmmyy: str) -> None:
    assert nik(ddmmyy).prefix == "317410"


def test_length_is_told_without_the_number() -> None:
    with pytest.raises(PolicyError) as caught:
        Nik.parse(MAN[:-1])
    assert caught.value.params == {"length": 15}


def test_parts() -> None:
    woman = Nik.parse(WOMAN)
    assert (woman.prefix, woman.day, woman.month, woman.yy, woman.sequence) == ("317410", 5, 1, 90, 9901)
    assert woman.sex is Sex.FEMALE
    assert Nik.parse(MAN).sex is Sex.MALE


@dataclasses.dataclass(frozen=True)
class Holder:
    nik: Nik


def test_the_digits_do_not_leave_by_accident(caplog: pytest.LogCaptureFixture) -> None:
    for number in (Nik.parse(MAN), FamilyCardNumber.parse(MAN)):
        with caplog.at_level(logging.INFO):
            logging.getLogger("test").info("%s %r", number, number)
        holder = Holder(number)  # type: ignore[arg-type]
        ways = [
            str(number),
            repr(number),
            f"{number}",
            f"{number!r:>60}",
            f"{number:>30}",
            "%s" % number,  # noqa: UP031 - this way is the one under test
            caplog.text,
            json.dumps({"nik": number}, default=str, ensure_ascii=False),
            repr(dataclasses.asdict(holder)),
            repr(holder),
            repr(copy.deepcopy([number])),
            repr(copy.copy(number)),
            number.masked,
        ]
        for text in ways:
            assert "3174••••••••9901" in text
            assert "0501" not in text
        with pytest.raises(TypeError, match="must not be pickled"):
            pickle.dumps(number)
        assert not hasattr(number, "__dict__")


def test_it_cannot_be_changed() -> None:
    number = Nik.parse(MAN)
    with pytest.raises(AttributeError):
        number.prefix = "317401"  # type: ignore[misc]
    with pytest.raises(AttributeError):
        del number.prefix


def test_equality_and_hash_by_value_and_kind() -> None:
    assert Nik.parse(MAN) == Nik.parse(" " + MAN)
    assert hash(Nik.parse(MAN)) == hash(Nik.parse(MAN))
    assert Nik.parse(MAN) != Nik.parse(WOMAN)
    assert Nik.parse(MAN) != MAN
    different_kinds: list[object] = [Nik.parse(MAN), FamilyCardNumber.parse(MAN)]
    assert len(set(different_kinds)) == 2


@pytest.mark.parametrize(
    ("ddmmyy", "born"),
    [
        ("050190", date(1990, 1, 5)),  # 2090 is to come
        ("050105", date(2005, 1, 5)),  # 1905 would fit too; nobody is a hundred years older
        ("090309", date(2009, 3, 9)),  # seventeen today
        ("100309", date(1909, 3, 10)),  # sixteen: the century that makes an adult
        ("050124", date(1924, 1, 5)),  # a centenarian, not a baby
        ("290200", date(2000, 2, 29)),  # 1900 had no such day
    ],
)
def test_century(ddmmyy: str, born: date) -> None:
    assert nik(ddmmyy).birth_date(TODAY) == born


def test_century_of_one_who_was_married_young() -> None:
    assert nik("100309").birth_date(TODAY, ever_married=True) == date(2009, 3, 10)


def test_century_by_the_biodata() -> None:
    assert nik("050105").birth_date(TODAY, biodata=date(1905, 1, 5)) == date(1905, 1, 5)
    assert nik("100309").birth_date(TODAY, biodata=date(2009, 3, 10)) == date(2009, 3, 10)
    assert nik("050105").birth_date(TODAY, biodata=date(1950, 6, 6)) == date(2005, 1, 5)


def test_century_before_any_of_its_dates() -> None:
    assert nik("290200").birth_date(date(1999, 1, 1)) == date(2000, 2, 29)


def test_nothing_odd() -> None:
    assert nik("050190").findings(TODAY, REGIONS) == ()
    assert nik("050190", prefix="327301").findings(TODAY, REGIONS) == ()  # born in Bandung: say nothing
    agreeing = nik("450190").findings(
        TODAY, REGIONS, biodata_date=date(1990, 1, 5), biodata_sex=Sex.FEMALE, kk=FamilyCardNumber.parse(MAN)
    )
    assert agreeing == ()


def test_findings_warn_and_never_refuse() -> None:
    assert nik("050190", prefix="099999").findings(TODAY, REGIONS) == (NikFinding.PREFIX_UNKNOWN,)
    assert nik("050190", prefix="317499").findings(TODAY, REGIONS) == (NikFinding.PREFIX_UNKNOWN,)
    assert nik("050190", prefix="640401").findings(TODAY, REGIONS) == (NikFinding.PREFIX_RETIRED,)
    odd = nik("050190").findings(
        TODAY, REGIONS, biodata_date=date(1991, 1, 5), biodata_sex=Sex.FEMALE, kk=FamilyCardNumber.parse(MAN)
    )
    assert odd == (NikFinding.DATE_DIFFERS, NikFinding.SEX_DIFFERS, NikFinding.SAME_AS_KK)


def test_a_family_card_number_in_the_wrong_field() -> None:
    recorded_2012 = nik("120312")
    assert recorded_2012.findings(TODAY, REGIONS) == (NikFinding.LOOKS_LIKE_KK,)
    assert recorded_2012.findings(TODAY, REGIONS, child=True) == ()
    assert recorded_2012.findings(TODAY, REGIONS, ever_married=True) == ()
    assert recorded_2012.findings(TODAY, REGIONS, biodata_date=date(1912, 3, 12)) == ()
    assert nik("520312").findings(TODAY, REGIONS) == ()  # a female's day: no No. KK has that


def test_family_card_number() -> None:
    number = FamilyCardNumber.parse("3174 1005.0190-9901")
    assert number.reveal() == MAN
    assert str(number) == "3174••••••••9901"
    for text, code in (("12", "kk.length"), ("317410050190990x", "kk.digits")):
        with pytest.raises(PolicyError) as caught:
            FamilyCardNumber.parse(text)
        assert caught.value.code == code


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        (f"NIK {MAN}.", "NIK 3174••••••••9901."),
        ("3174 1005 0190 9901", "3174••••••••9901"),
        (f"{MAN}, {WOMAN}", "3174••••••••9901, 3174••••••••9901"),
        (MAN + "1", MAN + "1"),
        ("A-012 pukul 08.15", "A-012 pukul 08.15"),
    ],
)
def test_numbers_in_a_text_are_masked(text: str, masked: str) -> None:
    assert mask_nik(text) == masked


def test_age() -> None:
    assert age(date(2009, 3, 9), TODAY) == 17
    assert age(date(2009, 3, 10), TODAY) == 16
    assert age(date(2008, 2, 29), date(2025, 2, 28)) == 16
    assert age(date(2008, 2, 29), date(2025, 3, 1)) == 17


@given(
    prefix=st.from_regex(r"[0-9]{6}", fullmatch=True),
    born=st.dates(date(1900, 1, 1), date(2026, 3, 9)),
    female=st.booleans(),
    sequence=st.integers(9900, 9999),
)
def test_any_number_of_the_right_build_is_read(prefix: str, born: date, female: bool, sequence: int) -> None:
    digits = f"{prefix}{born.day + 40 * female:02}{born:%m%y}{sequence}"
    number = Nik.parse(f"{digits[:6]} {digits[6:12]}-{digits[12:]}")
    assert number.reveal() == digits
    assert (number.day, number.month, number.yy) == (born.day, born.month, born.year % 100)
    assert (number.sex is Sex.FEMALE) is female
    assert number.birth_date(TODAY, biodata=born) == born
    chosen = number.birth_date(TODAY)
    assert (chosen.day, chosen.month, chosen.year % 100) == (born.day, born.month, born.year % 100)
    assert NikFinding.DATE_DIFFERS not in number.findings(TODAY, REGIONS, biodata_date=born)
    assert number.reveal() not in f"{number} {number!r}"


@given(st.text() | st.text("0123456789 .-", max_size=24))
def test_anything_else_is_refused_with_a_code(text: str) -> None:
    try:
        digits = Nik.parse(text).reveal()
    except PolicyError as refused:
        code = refused.code
    else:
        code = "nik." if len(digits) == 16 and digits.isascii() and digits.isdigit() else digits
    assert code.startswith("nik.")
