"""Faces of anybody at all, on every head: whole or refused, tidy, and the same bytes each time."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, ImageChops, ImageDraw

from ktpel_desktop import resource_files
from ktpel_desktop.core.errors import PolicyError
from ktpel_desktop.core.ports import CardFace
from ktpel_desktop.core.subject import Subject
from ktpel_desktop.documents.card_face import FaceArtist
from ktpel_desktop.documents.face_fields import TEST_TEXTS, texts
from ktpel_desktop.documents.face_layout import Placed, font, layout
from ktpel_desktop.documents.face_template_file import FIELDS
from tests.documents.people import people
from tests.documents.samples import RESOURCES, SUBJECT, order, subject
from tests.documents.tidy import ISSUED, assert_tidy, opened, placed

ITAP = date(2029, 3, 1)
ARTISTS = {name: FaceArtist(RESOURCES, head=name) for name in ("id1_300", "id1_600", "evolis_300")}
TEMPLATES = [ARTISTS["id1_300"].template, ARTISTS["id1_600"].template]
SPOKEN = {
    "sex": "sex",
    "blood_group": "blood_group",
    "religion": "religion",
    "marital_status": "marital_status",
    "occupation": "occupation",
    "nationality": "nationality",
    "kelurahan": "kelurahan",
    "kecamatan": "kecamatan",
    "name": "name",
    "address": "address",
}
"""Fields of a subject that are one value of the card."""

_TABLES = resource_files.code_tables()
_LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZÉÜÅŞ'.,-/()0123456789"
_TEXT = st.lists(st.text(_LETTERS, min_size=1, max_size=16), min_size=1, max_size=12).map(" ".join)
_DATES = st.dates(date(1900, 1, 1), date(2099, 12, 31))


def _label(table: str) -> st.SearchStrategy[str]:
    return st.sampled_from(sorted(_TABLES[table].values()))


ANYBODY = st.fixed_dictionaries(
    {
        "name": _TEXT,
        "birth_place": st.text(_LETTERS, min_size=1, max_size=30).map(str.strip).filter(bool),
        "birth_date": _DATES,
        "sex": _label("jenis_kelamin"),
        "blood_group": st.one_of(_label("gol_darah"), st.sampled_from(["", "-"])),
        "address": _TEXT,
        "rt": st.integers(0, 999),
        "rw": st.integers(0, 999),
        "kelurahan": st.sampled_from(["BANGKA", "KEBAYORAN LAMA SELATAN", "PULAU UNTUNG JAWA"]),
        "kabupaten": st.sampled_from(["KOTA ADMINISTRASI JAKARTA UTARA", "KAB. ADM. KEPULAUAN SERIBU"]),
        "religion": _label("agama"),
        "marital_status": _label("status_kawin"),
        "occupation": _label("pekerjaan"),
    }
)
NATIONS = st.sampled_from(["WNI", "WNI", "JERMAN", "UNITED STATES OF AMERICA", "PAPUA NUGINI"])


def placed_or_refused(of: Subject, artist: FaceArtist) -> tuple[Placed, ...] | PolicyError:
    try:
        return placed(of, artist)
    except PolicyError as refused:
        return refused


def words(lines: tuple[Placed, ...], name: str) -> str:
    return " ".join(line.text for line in lines if line.name == name)


@settings(max_examples=60, deadline=None)
@given(ANYBODY, NATIONS)
def test_anybody_is_whole_and_tidy_or_refused_by_name(fields: dict[str, Any], nation: str) -> None:
    of = subject(**fields, nationality=nation, valid_until=None if nation == "WNI" else ITAP)
    for artist in (ARTISTS["id1_300"], ARTISTS["id1_600"]):
        template = artist.template
        lines = placed_or_refused(of, artist)
        if isinstance(lines, PolicyError):
            assert lines.code == "face.text_too_long"
            assert lines.params["field"] in template.names.values()
            continue
        said = texts(of, of.nik.reveal(), ISSUED, template)
        for name, field in SPOKEN.items():
            assert words(lines, name) == said[field]
        assert words(lines, "nik") == of.nik.reveal()
        assert words(lines, "rt_rw") == f"{of.rt:03d}/{of.rw:03d}"
        assert words(lines, "birth") == f"{said['birth_place']}, {said['birth_date']}"
        assert_tidy(lines, template)


@pytest.mark.parametrize("of", ["shortest", "all_long", "name_accents", "foreign_long"])
@pytest.mark.parametrize("name", ["id1_300", "id1_600"])
def test_the_ink_of_a_line_is_what_its_box_says(of: str, name: str) -> None:
    """The boxes above are worth nothing if a letter is drawn outside them."""
    artist = ARTISTS[name]
    for line in placed(people()[of], artist):
        alone = Image.new("1", artist.template.pixels, 255)
        drawn = font(artist.template.fonts[line.font], line.size)
        ImageDraw.Draw(alone).text((line.x, line.baseline), line.text, fill=0, font=drawn, anchor="ls")
        ink = ImageChops.invert(alone.convert("L")).getbbox()
        assert ink is not None
        assert line.box[0] <= ink[0]
        assert line.box[1] <= ink[1]
        assert ink[2] <= line.box[2]
        assert ink[3] <= line.box[3]


@pytest.mark.parametrize("name", ["id1_300", "id1_600"])
@pytest.mark.parametrize("city", ["KOTA ADM. JAKARTA SELATAN", "KAB. ADM. KEPULAUAN SERIBU", "SOLO"])
def test_a_centred_line_stands_in_the_middle(city: str, name: str) -> None:
    artist = ARTISTS[name]
    lines = {line.name: line for line in placed(subject(kabupaten=city), artist)}
    for one in artist.template.lines:
        if one.align == "center":
            left, _, right, _ = lines[one.name].box
            box = artist.template.pixel_box(one.box)
            assert abs((left + right) - (box[0] + box[2])) <= 6, one.name  # twice 3 dots: bearings differ


@settings(max_examples=8, deadline=None)
@given(ANYBODY, st.booleans())
def test_the_same_subject_gives_the_same_bytes(fields: dict[str, Any], training: bool) -> None:
    of = subject(**{**fields, "name": fields["name"][:25].strip() or "A", "address": "JL. A"})
    faces: list[CardFace | str] = []
    for artist in (ARTISTS["id1_300"], FaceArtist(RESOURCES)):
        try:
            faces.append(artist.render(order(of), issued_on=ISSUED, training=training))
        except PolicyError as refused:
            faces.append(refused.code)
    assert faces[0] == faces[1]


@pytest.mark.parametrize("training", [True, False])
@pytest.mark.parametrize("of", ["plain", "all_long"])
def test_a_larger_head_moves_the_face_by_whole_dots_and_adds_white(of: str, training: bool) -> None:
    subject_of = order(people()[of])
    exact, bleed = (
        ARTISTS[name].render(subject_of, issued_on=ISSUED, training=training)
        for name in ("id1_300", "evolis_300")
    )
    for small, large in ((exact.colour, bleed.colour), (exact.black, bleed.black)):
        one, two = opened(small), opened(large)
        assert two.size == (1016, 648)
        assert two.crop((2, 5, 2 + 1011, 5 + 638)).tobytes() == one.tobytes()
        for rim in ((0, 0, 1016, 5), (0, 643, 1016, 648), (0, 0, 2, 648), (1013, 0, 1016, 648)):
            assert two.crop(rim).convert("L").getextrema() == (255, 255)


def test_600_dpi_is_the_same_face_finer() -> None:
    face = ARTISTS["id1_600"].render(order(), issued_on=ISSUED, training=False)
    colour, black = opened(face.colour), opened(face.black)
    assert colour.size == black.size == (2022, 1275)
    assert (face.dpi, round(black.info["dpi"][0])) == (600, 600)
    small = {line.name: line for line in placed(SUBJECT, ARTISTS["id1_300"])}
    for line in placed(SUBJECT, ARTISTS["id1_600"]):
        near = small[line.name]
        assert line.text == near.text
        assert abs(line.baseline - 2 * near.baseline) <= 8
        assert abs(line.box[0] - 2 * near.box[0]) <= 20


def test_the_proof_is_of_the_same_head() -> None:
    assert opened(ARTISTS["evolis_300"].proof(SUBJECT, training=False)).size == (1016, 648)


# ------------------------------------------------------------------ spelling


@pytest.mark.parametrize("said", ["", "-", "TIDAK TAHU", "tidak tahu", "  "])
def test_an_unknown_blood_group_is_a_dash(said: str) -> None:
    assert words(placed(subject(blood_group=said), ARTISTS["id1_300"]), "blood_group") == "-"


@pytest.mark.parametrize("group", sorted(set(_TABLES["gol_darah"].values()) - {"TIDAK TAHU"}))
def test_every_blood_group_fits(group: str) -> None:
    assert words(placed(subject(blood_group=group), ARTISTS["id1_300"]), "blood_group") == group


def test_every_word_of_siak_fits_and_is_spelt_as_siak_spells_it() -> None:
    tables = {"religion": "agama", "marital_status": "status_kawin", "occupation": "pekerjaan"}
    for field, table in tables.items():
        for label in _TABLES[table].values():
            lines = placed(subject(**{field: label}), ARTISTS["id1_300"])
            assert words(lines, field) == label


def test_every_kelurahan_of_the_province_fits() -> None:
    for row in resource_files.rows("dki_wilayah"):
        places = {"kelurahan": row["kel_name"], "kecamatan": row["kec_name"], "kabupaten": row["kab_name"]}
        lines = placed(subject(**places), ARTISTS["id1_300"])
        assert words(lines, "kelurahan") == row["kel_name"].upper()
        assert words(lines, "kecamatan") == row["kec_name"].upper()
        assert words(lines, "issue_place") == words(lines, "kabupaten").removeprefix("KABUPATEN ")


def test_a_foreign_resident_stands_in_english() -> None:
    of = subject(
        nationality="JERMAN",
        valid_until=ITAP,
        sex="LAKI-LAKI",
        religion="KATHOLIK",
        marital_status="CERAI MATI",
        occupation="DOSEN",
    )
    lines = placed(of, ARTISTS["id1_300"])
    found = {name: words(lines, name) for name in ("sex", "religion", "marital_status", "occupation")}
    assert found == {
        "sex": "MALE",
        "religion": "CATHOLIC",
        "marital_status": "WIDOWED",
        "occupation": "LECTURER",
    }
    labels = [line.text for line in lines if line.name.endswith(".label")]
    assert labels == [
        *("Name", "Place/Date of Birth", "Sex", "Blood Type", "Address", "RT/RW", "Village", "District"),
        *("Religion", "Marital Status", "Occupation", "Nationality", "Valid Until"),
    ]
    assert words(lines, "nationality") == "JERMAN"
    assert words(lines, "valid_until") == "01-03-2029"


@pytest.mark.parametrize("word", ["MALE", "ANGGOTA DPD"])
def test_a_word_without_english_is_printed_as_siak_gives_it(word: str) -> None:
    of = subject(nationality="JERMAN", valid_until=ITAP, occupation=word)
    assert words(placed(of, ARTISTS["id1_300"]), "occupation") == word


@pytest.mark.parametrize(
    ("changes", "named"),
    [
        ({"name": "  "}, "Nama"),
        ({"religion": ""}, "Agama"),
        ({"address": ""}, "Alamat"),
        ({"birth_place": "\t"}, "Tempat Lahir"),
        ({"nationality": ""}, "Kewarganegaraan"),
        ({"nationality": "JERMAN", "valid_until": None}, "Berlaku Hingga"),
    ],
)
def test_an_element_of_the_law_is_never_printed_empty(changes: dict[str, Any], named: str) -> None:
    of = replace(SUBJECT, valid_until=ITAP) if "valid_until" not in changes else SUBJECT
    with pytest.raises(PolicyError) as refused:
        placed(replace(of, **changes), ARTISTS["id1_300"])
    assert (refused.value.code, refused.value.params) == ("face.text_missing", {"field": named})


def test_a_refusal_names_the_field_and_holds_no_data() -> None:
    for case in ({"name": "RAHASIA" * 20}, {"address": "RAHASIA 李"}, {"religion": ""}):
        with pytest.raises(PolicyError) as refused:
            ARTISTS["id1_300"].proof(subject(**case), training=True)
        assert "RAHASIA" not in str(refused.value)
        assert "RAHASIA" not in repr(refused.value.params)


def test_the_test_card_fills_every_field_with_nobody() -> None:
    assert set(TEST_TEXTS) == FIELDS
    for template in TEMPLATES:
        lines = layout(TEST_TEXTS, False, template)
        assert words(lines, "nik") == "0" * 16
