"""The card face: what stands on it, that nothing overlaps or is cut, and that CONTOH is there when it must be."""

import io
from dataclasses import fields
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image, ImageChops

from ktpel_desktop.core.errors import PolicyError
from ktpel_desktop.core.ports import CardFace
from ktpel_desktop.core.subject import Subject
from ktpel_desktop.documents.card_face import FaceArtist
from tests.documents.samples import RESOURCES, SUBJECT, order, subject
from tests.documents.tidy import ISSUED, assert_tidy, opened, placed

ARTIST = FaceArtist(RESOURCES)
NIK = "3174054411859001"
LONG_NAME = "RADEN AJENG KUSUMANINGTYAS WIDYANINGRUM PRAMUDHAWARDHANI SOE"


def words(of: Subject = SUBJECT) -> dict[str, str]:
    """Text by field; lines of one field joined by a space."""
    found: dict[str, str] = {}
    for item in placed(of, ARTIST):
        found[item.name] = f"{found[item.name]} {item.text}" if item.name in found else item.text
    return found


def words_or_refusal(of: Subject) -> dict[str, str] | str:
    try:
        return words(of)
    except PolicyError as refused:
        return refused.code


def test_the_size_is_id_1_at_300_dpi() -> None:
    face = ARTIST.render(order(), issued_on=ISSUED, training=False)
    colour, black = opened(face.colour), opened(face.black)
    assert colour.size == black.size == (1011, 638)
    assert (colour.mode, black.mode, face.dpi) == ("RGB", "1", 300)
    assert round(colour.info["dpi"][0]) == 300


def test_every_field_of_the_card_stands_there_as_the_law_spells_it() -> None:
    assert words() == {
        "province": "PROVINSI DKI JAKARTA",
        "kabupaten": "JAKARTA SELATAN",
        "nik_label": "NIK",
        "nik_colon": ":",
        "nik": "3174054411859001",
        "issue_place": "JAKARTA SELATAN",
        "issue_date": "23-11-2026",
        "name.label": "Nama",
        "name": "SITI CONTOHWATI",
        "birth.label": "Tempat/Tgl Lahir",
        "birth": "JAKARTA, 04-11-1985",
        "sex.label": "Jenis Kelamin",
        "sex": "PEREMPUAN",
        "blood_group.label": "Gol. Darah",
        "blood_group": "O",
        "address.label": "Alamat",
        "address": "JL. KEMANG UTARA IX NO. 12",
        "rt_rw.label": "RT/RW",
        "rt_rw": "003/019",
        "kelurahan.label": "Kel/Desa",
        "kelurahan": "BANGKA",
        "kecamatan.label": "Kecamatan",
        "kecamatan": "MAMPANG PRAPATAN",
        "religion.label": "Agama",
        "religion": "ISLAM",
        "marital_status.label": "Status Perkawinan",
        "marital_status": "KAWIN",
        "occupation.label": "Pekerjaan",
        "occupation": "KARYAWAN SWASTA",
        "nationality.label": "Kewarganegaraan",
        "nationality": "WNI",
        "valid_until.label": "Berlaku Hingga",
        "valid_until": "SEUMUR HIDUP",
        **{name: ":" for name in words() if name.endswith(".colon")},
    }
    assert sum(name.endswith(".colon") for name in words()) == 13


def test_a_foreign_resident_has_english_labels_and_a_date() -> None:
    found = words(subject(nationality="JERMAN", valid_until=date(2029, 3, 1), blood_group=""))
    assert found["name.label"] == "Name"
    assert found["birth.label"] == "Place/Date of Birth"
    assert found["valid_until"] == "01-03-2029"
    assert found["blood_group"] == "-"
    assert_tidy(placed(subject(nationality="JERMAN", valid_until=date(2029, 3, 1)), ARTIST), ARTIST.template)


@pytest.mark.parametrize(
    ("said", "shown"),
    [
        ("KOTA ADMINISTRASI JAKARTA PUSAT", "JAKARTA PUSAT"),
        ("Kota Adm. Jakarta Pusat", "JAKARTA PUSAT"),
        ("JAKARTA PUSAT", "JAKARTA PUSAT"),
        ("KABUPATEN ADMINISTRASI KEPULAUAN SERIBU", "KABUPATEN KEPULAUAN SERIBU"),
    ],
)
def test_the_header_names_the_city_as_cards_do(said: str, shown: str) -> None:
    assert words(subject(kabupaten=said))["kabupaten"] == shown


def test_capitals_and_single_spaces() -> None:
    assert words(subject(name="  Siti   contohwati "))["name"] == "SITI CONTOHWATI"


def test_a_tidy_card_is_tidy() -> None:
    assert_tidy(placed(SUBJECT, ARTIST), ARTIST.template)


def test_a_name_of_sixty_letters_stands_whole() -> None:
    assert len(LONG_NAME) == 60
    long = subject(
        name=LONG_NAME,
        address="JL. RAYA PONDOK KELAPA SELATAN BLOK C-17 NO. 118 KOMPLEK PERUMAHAN TAMAN MALAKA INDAH",
        occupation="ANGGOTA LEMBAGA TINGGI LAINNYA",
        religion="KEPERCAYAAN TERHADAP TUHAN YME",
    )
    assert words(long)["name"] == LONG_NAME
    assert_tidy(placed(long, ARTIST), ARTIST.template)


_WORDS = st.text("ABCDEFGHIJKLMNOPQRSTUVWXYZÉÜ'", min_size=1, max_size=14)


@given(
    name=st.lists(_WORDS, min_size=2, max_size=10).map(" ".join),
    address=st.lists(_WORDS, min_size=1, max_size=12).map(" ".join),
    birth_place=st.lists(_WORDS, min_size=1, max_size=3).map(" ".join),
)
def test_a_text_is_whole_and_tidy_or_refused(name: str, address: str, birth_place: str) -> None:
    of = subject(name=name, address=address, birth_place=birth_place)
    found = words_or_refusal(of)
    if isinstance(found, str):
        assert found == "face.text_too_long"
        assert len(name) > 30 or len(address) > 30 or len(birth_place) > 15
        return
    assert found["name"] == name
    assert found["address"] == address
    assert found["birth"] == f"{birth_place}, 04-11-1985"
    assert_tidy(placed(of, ARTIST), ARTIST.template)


@pytest.mark.parametrize(
    ("field", "named"),
    [
        ("name", "Nama"),
        ("address", "Alamat"),
        ("occupation", "Pekerjaan"),
        ("birth_place", "Tempat/Tgl Lahir"),
        ("kabupaten", "Kota/Kabupaten"),
        ("blood_group", "Gol. Darah"),
    ],
)
def test_what_does_not_fit_is_refused_by_its_name_and_never_cut(field: str, named: str) -> None:
    with pytest.raises(PolicyError) as refused:
        ARTIST.proof(subject(**{field: "PANJANG SEKALI " * 14}), training=True)
    assert refused.value.code == "face.text_too_long"
    assert refused.value.params["field"] == named


def test_many_long_fields_together_are_refused_too() -> None:
    long = {field.name: "PANJANG SEKALI NIAN" * 2 for field in fields(Subject) if field.name == "religion"}
    crowded = subject(
        name=LONG_NAME,
        address="JL. RAYA PONDOK KELAPA SELATAN BLOK C-17 NO. 118 KOMPLEK PERUMAHAN TAMAN MALAKA INDAH TAHAP",
        occupation="ANGGOTA LEMBAGA TINGGI LAINNYA DARI DAERAH",
        kelurahan="KELURAHAN YANG NAMANYA SANGAT PANJANG SEKALI",
        kecamatan="KECAMATAN YANG NAMANYA SANGAT PANJANG SEKALI",
        nationality="WARGA NEGARA YANG NAMANYA SANGAT PANJANG",
        valid_until=date(2029, 3, 1),
        **long,
    )
    with pytest.raises(PolicyError) as refused:
        placed(crowded, ARTIST)
    assert refused.value.code == "face.text_too_long"


@pytest.mark.parametrize("odd", ["李小龍", "SITI\u202eX", "СИТИ", "SITI 😀"])
def test_a_letter_that_the_fonts_lack_is_refused(odd: str) -> None:
    with pytest.raises(PolicyError) as refused:
        placed(subject(name=odd), ARTIST)
    assert (refused.value.code, refused.value.params["field"]) == ("face.character_unknown", "Nama")


@pytest.mark.parametrize("picture", [b"", b"no picture", b"\x89PNG\r\n\x1a\n" + b"\0" * 40])
def test_a_broken_picture_is_refused(picture: bytes) -> None:
    for field, named in (("photo", "Foto"), ("signature", "Tanda tangan")):
        with pytest.raises(PolicyError) as refused:
            ARTIST.proof(subject(**{field: picture}), training=True)
        assert (refused.value.code, refused.value.params["field"]) == ("face.picture_unreadable", named)


def test_pictures_of_any_shape_stay_in_their_boxes() -> None:
    for size in ((900, 100), (100, 900)):
        flat = Image.new("RGBA", size, (10, 10, 10, 255))
        out = io.BytesIO()
        flat.save(out, "PNG")
        face = ARTIST.render(
            order(subject(photo=out.getvalue(), signature=out.getvalue())), issued_on=ISSUED, training=False
        )
        inked = ImageChops.invert(opened(face.colour)).getbbox()
        assert inked is not None
        left, top, right, bottom = ARTIST.template.pixel_box(ARTIST.template.photo)
        assert left <= inked[0] < inked[2] <= right
        assert top <= inked[1] < inked[3] <= bottom


def test_the_colour_layer_holds_the_photo_only_and_the_black_one_text_and_signature() -> None:
    face = ARTIST.render(order(), issued_on=ISSUED, training=False)
    photo = ARTIST.template.pixel_box(ARTIST.template.photo)
    assert inside(ink(face)[0], photo)
    black = opened(face.black).convert("L")
    assert black.crop(photo).getextrema() == (255, 255)
    signature = black.crop(ARTIST.template.pixel_box(ARTIST.template.signature))
    assert signature.getextrema() == (0, 255)


def ink(face: CardFace) -> tuple[tuple[int, int, int, int], tuple[int, int, int, int]]:
    colour = ImageChops.invert(opened(face.colour)).getbbox()
    black = ImageChops.invert(opened(face.black).convert("L")).getbbox()
    assert colour is not None
    assert black is not None
    return colour, black


def inside(inner: tuple[int, int, int, int], outer: tuple[int, int, int, int]) -> bool:
    return outer[0] <= inner[0] and outer[1] <= inner[1] and inner[2] <= outer[2] and inner[3] <= outer[3]


def test_training_marks_both_layers_across_the_card() -> None:
    real = ARTIST.render(order(), issued_on=ISSUED, training=False)
    training = ARTIST.render(order(), issued_on=ISSUED, training=True)
    for before, after in ((real.colour, training.colour), (real.black, training.black)):
        mark = ImageChops.difference(opened(before).convert("L"), opened(after).convert("L")).getbbox()
        assert mark is not None
        assert mark[2] - mark[0] > 1011 * 0.8
        assert mark[3] - mark[1] > 638 * 0.5


@pytest.mark.parametrize("training", [True, False])
def test_a_proof_always_carries_contoh_over_the_portrait_and_the_text(training: bool) -> None:
    proof = opened(ARTIST.proof(SUBJECT, training=training))
    face = ARTIST.render(order(), issued_on=ISSUED, training=False)
    bare = opened(face.colour)
    bare.paste(0, (0, 0), ImageChops.invert(opened(face.black).convert("L")))
    mark = ImageChops.difference(proof, bare).convert("L").point(lambda grey: 255 if grey > 40 else 0)
    box = mark.getbbox()
    assert box is not None
    assert box[2] - box[0] > 1011 * (0.8 if training else 0.5)
    assert mark.histogram()[255] > 0.02 * 1011 * 638
    shown = mark.crop((0, 150, 600, 600)).getbbox()
    assert shown is not None


def test_the_same_order_gives_the_same_bytes() -> None:
    one = ARTIST.render(order(), issued_on=ISSUED, training=True)
    two = FaceArtist(RESOURCES).render(order(), issued_on=ISSUED, training=True)
    assert one == two


def test_all_fonts_and_words_of_the_template_are_shipped() -> None:
    template = ARTIST.template
    assert all(path.is_file() for path in template.fonts.values())
    named = {line.name for line in template.lines} | {row.name for row in template.rows}
    assert named <= set(template.names)
    size = sum(path.stat().st_size for path in (RESOURCES / "huruf").iterdir())
    assert size < 1_500_000
