"""A synthetic resident as SIAK orders a card for one: the only one that tests begin with. Nobody here exists."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

from ktpel_desktop.core.nik import Nik
from ktpel_desktop.core.subject import Subject

BUDI = Subject(
    nik=Nik("3174050101900001"),
    name="BUDI SANTOSO",
    birth_place="JAKARTA",
    birth_date=date(1990, 1, 1),
    sex="LAKI-LAKI",
    blood_group="O",
    address="JL. KEBAYORAN LAMA NO. 1",
    rt=3,
    rw=19,
    kelurahan="GROGOL SELATAN",
    kecamatan="KEBAYORAN LAMA",
    kabupaten="JAKARTA SELATAN",
    province="PROVINSI DKI JAKARTA",
    religion="ISLAM",
    marital_status="BELUM KAWIN",
    occupation="KARYAWAN SWASTA",
    nationality="WNI",
    valid_until=None,
    photo=b"\xff\xd8photo" + bytes(250),
    signature=b"\x89PNGsignature",
    fingers=(b"right!" * 20, b"left.." * 20),
)


def subject(**changes: Any) -> Subject:
    """Budi, but for the changes."""
    return replace(BUDI, **changes)
