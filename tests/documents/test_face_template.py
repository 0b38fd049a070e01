"""The template of the card face and the print heads: what the office may change, and how mistakes are told."""

import shutil
import tomllib
from collections.abc import Callable
from pathlib import Path

import pytest

from ktpel_desktop import resource_files
from ktpel_desktop.core.errors import StoreError
from ktpel_desktop.documents import print_head
from ktpel_desktop.documents.card_face import FaceArtist
from ktpel_desktop.documents.face_template_file import FIELDS, load
from ktpel_desktop.documents.print_head import PrintHead
from tests.documents.samples import RESOURCES

SHIPPED = (RESOURCES / "kartu" / "muka" / "ktp_el.toml").read_text("utf-8")
Resources = Callable[[str], Path]


@pytest.fixture
def resources(tmp_path: Path) -> Resources:
    """A folder of resources with this template."""

    def made(text: str) -> Path:
        (tmp_path / "kartu" / "muka").mkdir(parents=True)
        shutil.copy(RESOURCES / "kartu" / "kepala.toml", tmp_path / "kartu")
        shutil.copytree(RESOURCES / "huruf", tmp_path / "huruf")
        (tmp_path / "kartu" / "muka" / "ktp_el.toml").write_text(text, "utf-8")
        return tmp_path

    return made


def test_the_shipped_template_is_whole() -> None:
    template = load(RESOURCES)
    assert (template.width, template.height) == (85.60, 53.98)
    assert {path.parent for path in template.fonts.values()} == {RESOURCES / "huruf"}
    assert set(template.names) >= FIELDS


MISTAKES = [
    ("[card]", "[card", "face.template_unreadable", ""),
    ("width = 85.60", 'width = "85.60"', "face.template_value", "card.width"),
    ("width = 85.60", "width = inf", "face.template_value", "card.width"),
    ("height = 53.98", "height = true", "face.template_value", "card.height"),
    ("height = 53.98", "", "face.template_missing", "card.height"),
    ("height = 53.98", "height = 53.98\ndepth = 1", "face.template_unknown", "card.depth"),
    ('nik = "OCRB.otf"', 'nik = "arial.ttf"', "face.template_font", "fonts.nik"),
    ('nik = "OCRB.otf"', 'nik = "../kartu/kepala.toml"', "face.template_font", "fonts.nik"),
    ('font = "nik"', 'font = "gothic"', "face.template_value", "line.nik.font"),
    ("size = 3.4\n", "size = 1.0\n", "face.template_value", "line.nik.size"),
    ("size_min = 3.2", "size_min = 3.5", "face.template_value", "line.nik.size_min"),
    ('align = "left"', 'align = "middle"', "face.template_value", "line.nik_label.align"),
    ("[24.0, 9.0, 42.0, 3.7]", "[24.0, 9.0, 42.0]", "face.template_value", "line.nik.box"),
    ("[24.0, 9.0, 42.0, 3.7]", "[24.0, 9.0, 42.0, -3.7]", "face.template_value", "line.nik.box"),
    ("[24.0, 9.0, 42.0, 3.7]", "[24.0, 9.0, 42.0, nan]", "face.template_value", "line.nik.box"),
    ("[24.0, 9.0, 42.0, 3.7]", "[24.0, 9.0, 62.0, 3.7]", "face.template_outside", "line.nik"),
    ("[24.0, 9.0, 42.0, 3.7]", "[24.0, 9.0, 42.0, 4.7]", "face.template_overlap", "line.nik"),
    ("[24.0, 9.0, 42.0, 3.7]", "[24.0, 9.0, 42.0, 5.1]", "face.template_overlap", "line.nik"),
    ("[63.2, 12.8, 19.2, 25.4]", "[60.0, 12.8, 19.2, 25.4]", "face.template_overlap", "rows"),
    ("[63.2, 44.2, 19.2, 8.2]", "[63.2, 44.2, 19.2, 9.9]", "face.template_outside", "signature"),
    ("[63.2, 44.2, 19.2, 8.2]", "[63.2, 43.0, 19.2, 8.2]", "face.template_overlap", "line.issue_date"),
    ("pitch_min = 2.15", "pitch_min = 1.9", "face.template_value", "rows.pitch_min"),
    ("right = 62.2\ntop", "right = 20.0\ntop", "face.template_value", "rows.right"),
    ('label = ["Agama", "Religion"]', 'label = ["Agama"]', "face.template_value", "row.religion.label"),
    ('label = ["Agama", "Religion"]', 'label = "Agama"', "face.template_value", "row.religion.label"),
    ('text = "{religion}"\nlines = 2', 'text = "{religion}"\nlines = 9', "face.template_value", "row.religion.lines"),
    ('text = "{religion}"', 'text = "{faith}"', "face.template_field", "row.religion.text"),
    ('text = "{religion}"', 'text = "{religion"', "face.template_field", "row.religion.text"),
    ('text = "{religion}"', 'text = "{}"', "face.template_field", "row.religion.text"),
    ('text = "{religion}"', 'text = "ISLAM"', "face.template_missing", "{religion}"),
    ("right = 45.0", "right = 50.0", "face.template_overlap", "row.sex.right"),
    ('religion = "Agama"\n', "", "face.template_missing", "names.religion"),
    ("[english.sex]", "[english.gender]", "face.template_field", "english.gender"),
    ('"LAKI-LAKI" = "MALE"', '"LAKI-LAKI" = 1', "face.template_value", "english.sex.LAKI-LAKI"),
    ('field = "province"', 'field = "country"', "face.template_value", "shorten.5.field"),
    ("[mark]", "[stamp]", "face.template_missing", "mark"),
    ("angle = 24.0", "angle = 0.0", "face.template_value", "mark.angle"),
    ("[[replace]]", "[replace]", "face.template_unreadable", ""),
]  # fmt: skip


@pytest.mark.parametrize(("was", "becomes", "code", "where"), MISTAKES)
def test_a_mistake_is_told_with_its_place(
    was: str, becomes: str, code: str, where: str, resources: Resources
) -> None:
    assert was in SHIPPED
    with pytest.raises(StoreError) as refused:
        load(resources(SHIPPED.replace(was, becomes, 1)))
    assert refused.value.code == code
    assert refused.value.params["file"] == "kartu/muka/ktp_el.toml"
    assert where in (refused.value.params.get("where", ""), refused.value.params.get("other", ""))


def test_every_element_of_the_law_must_stand_in_the_template(resources: Resources) -> None:
    """A row taken out would be a card without that element."""
    start = SHIPPED.index('[[row]]\nname = "nationality"')
    text = SHIPPED[:start] + SHIPPED[SHIPPED.index("[[row]]", start + 1) :]
    with pytest.raises(StoreError) as refused:
        load(resources(text))
    assert (refused.value.code, refused.value.params["where"]) == ("face.template_missing", "{nationality}")


def test_a_template_that_is_not_there_is_named() -> None:
    with pytest.raises(StoreError) as refused:
        load(RESOURCES, "sim_card")
    assert refused.value.params["file"] == "kartu/muka/sim_card.toml"


def test_english_words_are_said_for_words_of_siak_and_never_twice() -> None:
    tables = resource_files.code_tables()
    groups = {
        "sex": "jenis_kelamin",
        "religion": "agama",
        "marital_status": "status_kawin",
        "occupation": "pekerjaan",
    }
    for field, words in load(RESOURCES).english.items():
        known = set(tables[groups[field]].values())
        assert set(words) <= known
        changed = {shown for said, shown in words.items() if shown != said}
        assert not changed & set(words), "an English word must not be read as an Indonesian one"
    english = load(RESOURCES).english
    assert set(english["sex"]) == set(tables["jenis_kelamin"].values())
    assert set(english["marital_status"]) == set(tables["status_kawin"].values())


# ------------------------------------------------------------------ print heads


@pytest.mark.parametrize(
    ("name", "dpi", "pixels", "origin"),
    [
        ("id1_300", 300, (1011, 638), (0, 0)),
        ("id1_600", 600, (2022, 1275), (0, 0)),
        ("evolis_300", 300, (1016, 648), (2, 5)),
        ("fargo_hdp5000_300", 300, (1035, 661), (12, 11)),
    ],
)
def test_a_head_has_its_exact_dots_and_the_card_in_its_middle(
    name: str, dpi: int, pixels: tuple[int, int], origin: tuple[int, int]
) -> None:
    head = print_head.load(RESOURCES, name)
    card = load(RESOURCES, dpi=dpi).pixels
    assert (head.dpi, head.pixels, head.origin(card)) == (dpi, pixels, origin)
    left, top = (size - side - first for size, side, first in zip(pixels, card, origin, strict=True))
    assert abs(left - origin[0]) <= 1
    assert abs(top - origin[1]) <= 1


def test_every_head_that_is_shipped_holds_the_card() -> None:
    for name in print_head.heads(RESOURCES):
        assert FaceArtist(RESOURCES, head=name).head.name == name


def test_an_unknown_head_is_named() -> None:
    with pytest.raises(StoreError) as refused:
        FaceArtist(RESOURCES, head="zebra")
    assert (refused.value.code, refused.value.params["head"]) == ("face.head_unknown", "zebra")


def test_a_head_that_would_cut_the_face_is_refused() -> None:
    template = load(RESOURCES)
    PrintHead("a little smaller", 300, 1006, 630).check(template)
    for width, height in ((930, 638), (1011, 590)):
        with pytest.raises(StoreError) as refused:
            PrintHead("small", 300, width, height).check(template)
        assert (refused.value.code, refused.value.params["head"]) == ("face.head_too_small", "small")


def test_the_heads_are_plain_data() -> None:
    plain = tomllib.loads((RESOURCES / "kartu" / "kepala.toml").read_text("utf-8"))
    assert set(plain) == set(print_head.heads(RESOURCES))
