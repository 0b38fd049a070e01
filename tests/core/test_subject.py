"""Data cetak: one canonical byte form, and nothing but a refusal for anything else."""

import json
import pickle
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ktpel_desktop.core.errors import Effect, GatewayError
from ktpel_desktop.core.nik import Nik
from ktpel_desktop.core.subject import Subject, canonical_json, content_digest
from tests.residents import BUDI

CONTENT = BUDI.to_content()
TEXT_FIELDS = (
    "name",
    "birth_place",
    "sex",
    "blood_group",
    "address",
    "kelurahan",
    "kecamatan",
    "kabupaten",
    "province",
    "religion",
    "marital_status",
    "occupation",
    "nationality",
)
ALL_FIELDS = (
    *TEXT_FIELDS,
    "nik",
    "birth_date",
    "rt",
    "rw",
    "valid_until",
    "photo",
    "signature",
    "fingers",
)

niks = st.builds(
    "{}{:02}{:02}{:02}{:04}".format,
    st.sampled_from(["317405", "640401", "110101"]),
    st.integers(1, 28) | st.integers(41, 68),
    st.integers(1, 12),
    st.integers(0, 99),
    st.integers(1, 9999),
).map(Nik)


def subjects() -> st.SearchStrategy[Subject]:
    texts: dict[str, st.SearchStrategy[str]] = {name: st.text(max_size=20) for name in TEXT_FIELDS}
    small = st.integers(0, 999)
    return st.builds(
        Subject,
        nik=niks,
        birth_date=st.dates(),
        rt=small,
        rw=small,
        valid_until=st.none() | st.dates(),
        photo=st.binary(max_size=40),
        signature=st.binary(max_size=40),
        fingers=st.lists(st.binary(max_size=20), max_size=3).map(tuple),
        **texts,
    )


def refused_field(content: bytes) -> object:
    with pytest.raises(GatewayError) as caught:
        Subject.from_content(content)
    assert caught.value.code == "siak.content_malformed"
    return caught.value.params["field"]


def with_field(name: str, value: object) -> bytes:
    return canonical_json({**json.loads(CONTENT), name: value})


@given(subjects())
def test_a_subject_is_read_back_from_its_content(subject: Subject) -> None:
    assert Subject.from_content(subject.to_content()) == subject


@given(subjects(), subjects())
def test_two_subjects_have_the_same_content_only_when_they_are_the_same(one: Subject, two: Subject) -> None:
    assert (one.to_content() == two.to_content()) is (one == two)


@given(subjects(), st.data())
def test_mutated_content_is_refused_or_is_the_content_of_another_subject(
    subject: Subject, data: st.DataObject
) -> None:
    content = bytearray(subject.to_content())
    for _ in range(data.draw(st.integers(1, 4))):
        place = data.draw(st.integers(0, len(content) - 1))
        kind = data.draw(st.sampled_from(["change", "remove", "insert"]))
        if kind == "change":
            content[place] = data.draw(st.integers(0, 255))
        elif kind == "remove":
            del content[place]
        else:
            content.insert(place, data.draw(st.integers(0, 255)))
    assert is_canonical_or_refused(bytes(content))


@given(st.binary())
def test_any_bytes_are_canonical_content_or_refused(content: bytes) -> None:
    assert is_canonical_or_refused(content)


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=6,
)


@given(st.sampled_from(ALL_FIELDS), json_values)
def test_any_value_in_any_field_is_canonical_or_refused(name: str, value: object) -> None:
    assert is_canonical_or_refused(json.dumps({**json.loads(CONTENT), name: value}).encode())


def is_canonical_or_refused(content: bytes) -> bool:
    try:
        return Subject.from_content(content).to_content() == content
    except GatewayError as error:
        return error.code == "siak.content_malformed" and error.effect is Effect.NONE


@pytest.mark.parametrize("name", ALL_FIELDS)
def test_a_missing_field_is_named(name: str) -> None:
    plain = json.loads(CONTENT)
    del plain[name]
    assert refused_field(canonical_json(plain)) == name


@pytest.mark.parametrize("value", [None, 7, 1.5, True, [], {}])
@pytest.mark.parametrize("name", TEXT_FIELDS)
def test_a_text_field_takes_text_only(name: str, value: object) -> None:
    assert refused_field(with_field(name, value)) == name


@pytest.mark.parametrize("value", [None, "3", 3.0, True, [], -1, 1000])
@pytest.mark.parametrize("name", ["rt", "rw"])
def test_rt_and_rw_take_numbers_of_three_digits_only(name: str, value: object) -> None:
    assert refused_field(with_field(name, value)) == name


@pytest.mark.parametrize("value", [None, 5, "1990-13-01", "01-01-1990", "", "1990-01-01T00:00:00"])
def test_a_birth_date_is_a_date_of_the_calendar(value: object) -> None:
    assert refused_field(with_field("birth_date", value)) == "birth_date"


def test_a_date_in_another_iso_form_is_not_canonical() -> None:
    assert refused_field(with_field("birth_date", "19900101")) == "json"


@pytest.mark.parametrize("value", [0, "", "SEUMUR HIDUP"])
def test_a_validity_is_a_date_or_absent(value: object) -> None:
    assert refused_field(with_field("valid_until", value)) == "valid_until"


@pytest.mark.parametrize("value", [None, 5, "?", "abc", "a b="])
@pytest.mark.parametrize("name", ["photo", "signature"])
def test_a_picture_is_base64(name: str, value: object) -> None:
    assert refused_field(with_field(name, value)) == name


@pytest.mark.parametrize("value", [None, 5, ["?"], [None], "abcd"])
def test_fingers_are_a_list_of_base64(value: object) -> None:
    assert refused_field(with_field("fingers", value)) == "fingers"


@pytest.mark.parametrize("value", ["", {}])
def test_fingers_that_only_look_like_an_empty_list_are_refused(value: object) -> None:
    assert refused_field(with_field("fingers", value)) == "json"


@pytest.mark.parametrize("value", [None, 3174050101900001, "", "3174059901900001"])
def test_a_nik_must_keep_the_rules_of_a_nik(value: object) -> None:
    assert refused_field(with_field("nik", value)) == "nik"


def test_a_nik_with_separators_is_not_canonical() -> None:
    assert refused_field(with_field("nik", "3174.0501.0190.0001")) == "json"


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"null",
        b"{",
        b"\xff\xfe",
        b"[" * 100_000,
        b'{"nik":' * 100_000,
        CONTENT[:-1],
        CONTENT + b"\n",
        CONTENT.replace(b'":', b'": ', 1),
        CONTENT.replace(b'{"address"', b'{"address":"LAIN","address"', 1),
        CONTENT.replace(b'"rt":3', b'"rt":3,"ru":0'),
        b"\xef\xbb\xbf" + CONTENT,
        CONTENT.decode().encode("utf-16"),
        CONTENT.replace(b"BUDI", b"\\ud800"),
        CONTENT.replace(b"BUDI", b"\\u0042UDI"),
    ],
    ids=range(15),
)
def test_content_that_is_not_its_own_canonical_form_is_refused(content: bytes) -> None:
    assert refused_field(content) in {"json", "nik"}


def test_a_refusal_carries_nothing_of_what_was_read() -> None:
    with pytest.raises(GatewayError) as caught:
        Subject.from_content(CONTENT[:-1])
    assert caught.value.__context__ is None
    assert set(caught.value.params) == {"field"}


def test_the_content_is_sorted_and_without_white_space_between_its_parts() -> None:
    assert CONTENT.startswith(b'{"address":"JL. KEBAYORAN LAMA NO. 1","birth_date":"1990-01-01",')


def test_letters_beyond_ascii_travel_as_utf_8() -> None:
    assert '"name":"ANDRÉ"'.encode() in replace(BUDI, name="ANDRÉ").to_content()


def test_the_digest_is_sha_256_in_lower_case_hex() -> None:
    assert content_digest(b"") == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"


def test_a_resident_with_another_nationality_is_foreign() -> None:
    assert replace(BUDI, nationality="WNA JEPANG").foreign
    assert not BUDI.foreign


def test_a_subject_shows_its_masked_nik_and_nothing_else() -> None:
    assert repr(BUDI) == str(BUDI) == "Subject(Nik(3174••••••••0001))"


def test_a_subject_cannot_be_pickled() -> None:
    with pytest.raises(TypeError):
        pickle.dumps(BUDI)


@pytest.mark.parametrize("odd", [float("nan"), float("inf"), "\ud800"])
def test_what_json_cannot_tell_exactly_has_no_canonical_form(odd: Any) -> None:
    with pytest.raises(ValueError, match=r"JSON|surrogates"):
        canonical_json({"value": odd})
