"""Forty synthetic people, each for a rule of the card face: shortest, longest, every spelling. Nobody here exists.

NIKs end in 9001 to 9040, which SIAK has not reached for any day and place.
"""

import io
from datetime import date
from functools import cache
from typing import Any

from PIL import Image, ImageDraw

from ktpel_desktop.core.nik import Nik
from ktpel_desktop.core.subject import Subject
from tests.documents.samples import subject

RED, BLUE, ORANGE = (196, 32, 38), (28, 78, 170), (232, 128, 30)
_SKIN = ((241, 205, 172), (224, 178, 138), (198, 146, 104), (134, 92, 66))
_CLOTHES = ((250, 250, 250), (52, 58, 70), (92, 120, 92), (140, 92, 120), (210, 190, 150))
_ITAP = date(2029, 3, 1)

CASES: dict[str, dict[str, Any]] = {
    # how long a name may be
    "shortest": {"name": "A", "address": "A", "birth_place": "A", "kelurahan": "A", "kecamatan": "A"},
    "two_letters": {"name": "MU", "occupation": "PILOT"},
    "name_30": {"name": "MUHAMMAD RIZKY ADITYA PRATAMAA"},
    "name_31": {"name": "MUHAMMAD RIZKY ADITYA PRATAMAAN"},
    "name_60": {"name": "RADEN AJENG KUSUMANINGTYAS WIDYANINGRUM PRAMUDHAWARDHANI SOE"},
    "name_wide": {"name": "WAHYU MAWARWATI WULANDARI WIDAWMAWATI MUMUWAHWATI MAMAWATI"},
    "name_narrow": {"name": "ILI JIIL TITI LILI FIIL ILLIJI TITIK LILI"},
    "name_one_word": {"name": "SUKARNOPUTRIWARDHANINGSIH"},
    "name_titles": {"name": "DR. IR. H. CONTOHNO, S.T., M.T., PH.D."},
    "name_apostrophe": {"name": "NUR'AINI SYAFA’ATUL MA'RIFAH"},
    "name_accents": {"name": "ÉLODIE ÇELİK ŞAHIN ÅSTRÖM ŁUKASZ"},
    "name_small_letters": {"name": "  siti   contohwati "},
    # addresses
    "address_long": {
        "address": "JL. RAYA PONDOK KELAPA SELATAN BLOK C-17 NO. 118 KOMPLEK PERUMAHAN TAMAN MALAKA INDAH"
    },
    "address_two_lines": {"address": "JL. TEBET BARAT DALAM RAYA NO. 118 LT. 12 UNIT B"},
    "address_signs": {"address": "GG. H. SAMALI NO. 4/12A (BELAKANG)"},
    "rt_rw_zero": {"rt": 0, "rw": 0},
    "rt_rw_large": {"rt": 999, "rw": 999},
    "rt_rw_padded": {"rt": 3, "rw": 19},
    "kelurahan_longest": {"kelurahan": "KEBAYORAN LAMA SELATAN", "kecamatan": "KEBAYORAN LAMA"},
    "islands": {
        "kabupaten": "KABUPATEN ADMINISTRASI KEPULAUAN SERIBU",
        "kelurahan": "PULAU PANGGANG",
        "kecamatan": "KEPULAUAN SERIBU UTARA",
    },
    "centre": {"kabupaten": "KOTA ADM. JAKARTA PUSAT", "province": "PROVINSI DKI JAKARTA"},
    "birth_place_long": {"birth_place": "KABUPATEN ADMINISTRASI KEPULAUAN SERIBU"},
    # sex, blood, religion, status, occupation
    "man": {"sex": "LAKI-LAKI", "birth_date": date(1990, 1, 1), "blood_group": "AB"},
    "blood_unknown": {"blood_group": "TIDAK TAHU"},
    "blood_empty": {"blood_group": ""},
    "blood_ab_minus": {"blood_group": "AB-"},
    "belief": {"religion": "KEPERCAYAAN TERHADAP TUHAN YME"},
    "religion_dash": {"religion": "-"},
    "single": {"marital_status": "BELUM KAWIN", "occupation": "PELAJAR/MAHASISWA"},
    "widowed": {"marital_status": "CERAI MATI", "birth_date": date(1926, 2, 28)},
    "occupation_longest": {"occupation": "ANGGOTA MAHKAMAH KONSTITUSI"},
    "leap_day": {"birth_date": date(1996, 2, 29)},
    "dated": {"valid_until": date(2027, 12, 31)},
    # foreign permanent residents
    "foreign": {"nationality": "JERMAN", "name": "KLAUS BEISPIEL", "sex": "LAKI-LAKI", "valid_until": _ITAP},
    "foreign_woman": {"nationality": "PRANCIS", "name": "MARIE DE L'EXEMPLE", "valid_until": _ITAP},
    "foreign_long": {
        "nationality": "UNITED KINGDOM OF GREAT BRITAIN AND NORTHERN IRELAND",
        "name": "BARTHOLOMEW CHRISTOPHER FEATHERSTONEHAUGH EXAMPLETON",
        "marital_status": "CERAI HIDUP",
        "occupation": "PSIKIATER/PSIKOLOG",
        "valid_until": _ITAP,
    },
    "foreign_english_already": {
        "nationality": "AUSTRALIA",
        "sex": "MALE",
        "religion": "CHRISTIAN",
        "marital_status": "SINGLE",
        "occupation": "MARINE BIOLOGIST",
        "valid_until": _ITAP,
    },
    # much at once
    "all_long": {
        "name": "RADEN MAS KUSUMANINGTYAS WIDYANINGRUM PRAMUDHAWARDHANI",
        "address": "JL. RAYA PONDOK KELAPA SELATAN BLOK C-17 NO. 118 KOMPLEK TAMAN MALAKA INDAH",
        "birth_place": "KABUPATEN ADMINISTRASI KEPULAUAN SERIBU",
        "religion": "KEPERCAYAAN TERHADAP TUHAN YME",
        "occupation": "ANGGOTA KABINET/KEMENTERIAN",
        "blood_group": "AB+",
    },
    "photo_wide": {"name": "FOTO LEBAR", "birth_place": "MEDAN"},
    "plain": {},
}


@cache
def people() -> dict[str, Subject]:
    """Everybody by name of the case."""
    return {case: _person(place, case) for place, case in enumerate(CASES)}


def _person(place: int, case: str) -> Subject:
    changes = dict(CASES[case])
    born = changes.setdefault("birth_date", date(1950 + place, 1 + place % 12, 1 + place % 28))
    sex = changes.setdefault("sex", "PEREMPUAN")
    day = born.day + (40 if sex in ("PEREMPUAN", "FEMALE") else 0)
    number = f"3174{1 + place % 10:02d}{day:02d}{born:%m%y}{9001 + place}"
    foreign = changes.get("nationality", "WNI") != "WNI"
    ground = ORANGE if foreign else RED if born.year % 2 else BLUE
    size = (640, 480) if case == "photo_wide" else (480, 640)
    return subject(
        nik=Nik.parse(number), photo=portrait(ground, place, size), signature=scribble(place), **changes
    )


@cache
def portrait(
    ground: tuple[int, int, int], place: int = 0, size: tuple[int, int] = (480, 640), suffix: str = "PNG"
) -> bytes:
    """A drawn head and shoulders, nobody's likeness. PNG, so that no decoder changes a dot."""
    width, height = size
    picture = Image.new("RGB", size, ground)
    pen = ImageDraw.Draw(picture)
    skin, clothes = _SKIN[place % len(_SKIN)], _CLOTHES[place % len(_CLOTHES)]
    middle, eyes = width // 2, int(height * 0.4)
    pen.ellipse((middle - 118, eyes - 165, middle + 118, eyes + 60), fill=(34, 28, 26))
    pen.rectangle((middle - 45, eyes + 80, middle + 45, int(height * 0.8)), fill=skin)
    pen.ellipse((middle - 200, int(height * 0.7), middle + 200, int(height * 1.4)), fill=clothes)
    pen.ellipse((middle - 100, eyes - 135, middle + 100, eyes + 135), fill=skin)
    for side in (-40, 40):
        pen.ellipse((middle + side - 14, eyes - 10, middle + side + 14, eyes + 10), fill=(30, 26, 26))
    out = io.BytesIO()
    picture.save(out, suffix)
    return out.getvalue()


@cache
def scribble(place: int = 0) -> bytes:
    """A line in the place of a signature, 1-bit PNG as signature pads give it."""
    picture = Image.new("1", (220, 90), 1)
    points = [(12 + step * 18, 45 + ((place + 3) * (step + 2) * 37 % 60 - 30)) for step in range(12)]
    ImageDraw.Draw(picture).line(points, fill=0, width=3, joint="curve")
    out = io.BytesIO()
    picture.save(out, "PNG")
    return out.getvalue()
