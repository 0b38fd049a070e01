"""What stands in each field of the card, letter for letter, before anybody asks where it fits."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from datetime import date

from ktpel_desktop.core.errors import PolicyError
from ktpel_desktop.core.subject import Subject
from ktpel_desktop.documents.face_template import FaceTemplate
from ktpel_desktop.documents.indonesian import card_date

LIFELONG = "SEUMUR HIDUP"
"""UU 24/2013 Ps. 101: also cards with a date count for life."""
NAME_ON_ONE_LINE = 30
"""The card's line holds about 30 letters (head of Dukcapil 2021; domain.md 2)."""
_LAST_LATIN = 0x17F
"""Latin, Latin-1 and Latin Extended-A: what names are written with and the shipped fonts hold."""
_PUNCTUATION = frozenset("–—’")
_NO_DATE_YET = "--"


def texts(subject: Subject, nik: str, issued_on: date | None, template: FaceTemplate) -> dict[str, str]:
    """Every field as it is printed: capitals, dates dd-mm-yyyy, RT/RW of three digits, "-" for no blood group.

    A foreign resident's sex, religion, marital status and occupation stand in English. `nik` is handed in, so that
    only the renderer reveals it; `issued_on` is None on a proof.
    Raises PolicyError "face.character_unknown", "face.text_missing", both naming the field.
    """
    plain = {
        "nik": nik,
        "name": subject.name,
        "birth_place": subject.birth_place,
        "birth_date": card_date(subject.birth_date),
        "sex": subject.sex,
        "blood_group": subject.blood_group,
        "address": subject.address,
        "rt_rw": f"{subject.rt:03d}/{subject.rw:03d}",
        "kelurahan": subject.kelurahan,
        "kecamatan": subject.kecamatan,
        "kabupaten": subject.kabupaten,
        "province": subject.province,
        "religion": subject.religion,
        "marital_status": subject.marital_status,
        "occupation": subject.occupation,
        "nationality": subject.nationality,
        "valid_until": _validity(subject),
        "issue_place": subject.kabupaten,
        "issue_date": _NO_DATE_YET if issued_on is None else card_date(issued_on),
    }
    shown = {name: _clean(name, text, template) for name, text in plain.items()}
    _spell(shown, template)
    if subject.foreign:
        for field, words in template.english.items():
            shown[field] = words.get(shown[field], shown[field])
    for name, text in shown.items():
        if not text:
            raise PolicyError("face.text_missing", field=template.names[name])
    return shown


def warnings(subject: Subject, template: FaceTemplate) -> tuple[str, ...]:
    """What the operator should compare on the proof: codes of resources/teks/galat. Never a refusal.

    Raises PolicyError "face.character_unknown".
    """
    found = []
    if len(_clean("name", subject.name, template)) > NAME_ON_ONE_LINE:
        found.append("face.name_long")
    if subject.foreign and any(
        (text := _clean(field, str(getattr(subject, field, "")), template)) not in words
        and text not in words.values()
        for field, words in template.english.items()
    ):
        found.append("face.word_untranslated")
    return tuple(found)


def _validity(subject: Subject) -> str:
    """A foreign resident's card ends with the ITAP (UU 24/2013 Ps. 64), so theirs is never for life."""
    if subject.valid_until is not None:
        return card_date(subject.valid_until)
    return "" if subject.foreign else LIFELONG


def _spell(shown: dict[str, str], template: FaceTemplate) -> None:
    for rule in template.spellings:
        text = shown[rule.field]
        if rule.prefix and text.startswith(rule.said):
            shown[rule.field] = rule.shown + text.removeprefix(rule.said)
        elif not rule.prefix and text == rule.said:
            shown[rule.field] = rule.shown


def _clean(name: str, text: str, template: FaceTemplate) -> str:
    text = " ".join(unicodedata.normalize("NFC", text).split()).upper()
    if text.isascii() and text.isprintable():
        return text
    for char in text:
        drawable = char.isprintable() and (ord(char) <= _LAST_LATIN or char in _PUNCTUATION)
        if not drawable:
            raise PolicyError(
                "face.character_unknown", field=template.names[name], character=f"U+{ord(char):04X}"
            )
    return text


TEST_TEXTS: Mapping[str, str] = {
    "nik": "0000000000000000",
    "name": "NAMA LENGKAP",
    "birth_place": "TEMPAT LAHIR",
    "birth_date": "00-00-0000",
    "sex": "JENIS KELAMIN",
    "blood_group": "-",
    "address": "ALAMAT RUMAH DAN NOMOR",
    "rt_rw": "000/000",
    "kelurahan": "KELURAHAN",
    "kecamatan": "KECAMATAN",
    "kabupaten": "KOTA/KABUPATEN",
    "province": "CONTOH",
    "religion": "AGAMA",
    "marital_status": "STATUS PERKAWINAN",
    "occupation": "PEKERJAAN",
    "nationality": "KEWARGANEGARAAN",
    "valid_until": "TIDAK BERLAKU",
    "issue_place": "TEMPAT TERBIT",
    "issue_date": "00-00-0000",
}
"""The test card's fields: nobody's, and none that could be taken for somebody's."""
