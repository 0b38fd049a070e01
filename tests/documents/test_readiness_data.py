"""The readiness report as JSON: by its schema, in the office's time, and never a number that JSON does not have."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from datetime import date, datetime, timedelta
from math import inf, nan
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from ktpel_desktop.core.errors import PolicyError
from ktpel_desktop.core.placement import checked
from ktpel_desktop.core.readiness import Application
from ktpel_desktop.core.room import attested, measured, unknown, waive
from ktpel_desktop.core.room_items import ItemId
from ktpel_desktop.documents.exchange_form import schema_of, written
from ktpel_desktop.documents.readiness_data import LaporanKesiapan, readiness_data
from tests.core.test_placement import DEVICES
from tests.documents.placements import (
    AT,
    DAY,
    FULL,
    OFFICE,
    ONE_OF_EACH_CONDITION,
    USED,
    WIB,
    report,
    room,
)
from tests.documents.samples import RESOURCES

BROKEN = attested(ItemId.CABINET_LOCKED, False, seen="kunci patah", by="Dewi", at=AT)
HOT = measured(ItemId.TEMPERATURE, 31.25, "°C", at=AT - timedelta(minutes=20), source="TEMPer")
WAIVED = waive(BROKEN, by="Ratna Wulandari", reason="dijaga petugas", at=AT)
PAPERED = attested(
    ItemId.NETWORK_24_7, True, seen="kontrak", by="Dewi", at=AT, document="PKS-1", valid_until=AT + timedelta(days=9)
)  # fmt: skip
ODD = report([*FULL, *ONE_OF_EACH_CONDITION], room(HOT, WAIVED, PAPERED, without=[ItemId.AREA]), supply=None)


def plain(content: bytes) -> dict[str, Any]:
    """Read as strictly as RFC 8259 has it: no NaN, no Infinity."""

    def refuse(constant: str) -> None:
        raise AssertionError(constant)

    told: dict[str, Any] = json.loads(content, parse_constant=refuse)
    return told


def point(told: dict[str, Any], code: str) -> dict[str, Any]:
    found: dict[str, Any] = next(one for one in told["diktum"] if one["kode"] == code)
    return found


def test_the_stored_schema_is_that_of_the_program() -> None:
    stored = (RESOURCES / "laporan" / "kesiapan.schema.json").read_text(encoding="utf-8")
    assert stored == schema_of(LaporanKesiapan)


@pytest.mark.parametrize("made", [report(), ODD, report([], [], supply=None)], ids=["full", "odd", "empty"])
def test_it_is_by_its_own_schema_and_the_same_every_time(made: Any) -> None:
    content = readiness_data(made)
    again = LaporanKesiapan.model_validate_json(content)
    assert written(again) == content == readiness_data(made)


def test_the_schema_knows_every_name_and_wants_it() -> None:
    known = json.loads(schema_of(LaporanKesiapan))
    told = plain(readiness_data(ODD))
    assert set(told) == set(known["properties"])
    assert set(known["required"]) == set(told)
    assert told["skema"] == known["properties"]["skema"]["const"] == "kesiapan/1"
    assert known["additionalProperties"] is False
    with pytest.raises(ValidationError):
        LaporanKesiapan.model_validate({**told, "nik": "3171"})


def test_who_where_and_when() -> None:
    told = plain(readiness_data(report()))
    assert told["kantor"] == {
        "nama": OFFICE.name,
        "kode_kelurahan": "3174031001",
        "kelurahan": "Bangka",
        "kecamatan": "Mampang Prapatan",
        "kabupaten_kota": "Kota Administrasi Jakarta Selatan",
        "provinsi": "DKI Jakarta",
    }
    assert (told["dibuat_oleh"], told["latihan"]) == ("Ratna Wulandari", False)
    assert told["aplikasi"] == {"versi": "1.2.3", "hari_pertama": "2026-03-02"}
    assert (told["kesimpulan"], told["tahap"]) == ("ready", "in_service")
    assert told["waktu"] == "2026-11-24T01:30:00+07:00"


def test_every_moment_is_in_the_offices_time() -> None:
    content = readiness_data(ODD).decode()
    moments = re.findall(r"\d{4}-\d\d-\d\dT[^\"]+", content)
    assert len(moments) > 8
    for moment in moments:
        assert datetime.fromisoformat(moment).utcoffset() == WIB.utcoffset(None)
    hot = point(plain(content.encode()), "a2")["pemeriksaan"][1]
    assert hot["waktu"] == "2026-11-24T01:10:00+07:00"


def test_the_items_of_a_point() -> None:
    told = plain(readiness_data(ODD))
    hot = point(told, "a2")["pemeriksaan"][1]
    assert (hot["butir"], hot["status"], hot["nilai"], hot["satuan"]) == (
        "temperature",
        "critical",
        31.25,
        "°C",
    )
    (cabinet,) = point(told, "a4")["pemeriksaan"]
    assert (cabinet["status"], cabinet["dikecualikan_oleh"], cabinet["alasan_pengecualian"]) == (
        "waived",
        "Ratna Wulandari",
        "dijaga petugas",
    )
    (line,) = point(told, "c2")["pemeriksaan"]
    assert (line["dokumen"], line["berlaku_sampai"]) == ("PKS-1", "2026-12-03T01:30:00+07:00")
    assert point(told, "a1")["pemeriksaan"][0]["status"] == "unknown"
    assert (told["kesimpulan"], told["tahap"]) == ("not_ready", "prepare_room")


def test_points_and_what_lacks() -> None:
    made = report([one for one in FULL if one.serial != "PC-B"], room(HOT))
    told = plain(readiness_data(made))
    assert [one["kode"] for one in told["diktum"]] == ["a1", "a2", "a3", "a4", "c1", "c2", "d1", "d2"]
    assert point(told, "d1") == {
        "kode": "d1",
        "dasar": "KEDUA huruf d angka 1",
        "penyedia": "dinas",
        "status": "critical",
        "pemeriksaan": [],
        "kekurangan": [
            {"jenis": "not_registered", "penyedia": "dinas", "butir": None, "perangkat": "pc", "jumlah": 1}
        ],
    }
    assert point(told, "a2")["kekurangan"] == [
        {"jenis": "item", "penyedia": "municipality", "butir": "temperature", "perangkat": None, "jumlah": 0}
    ]


def test_every_line_of_the_register() -> None:
    told = plain(readiness_data(ODD))["perangkat"]
    assert [(one["nomor_seri"], one["kondisi"]) for one in told] == [
        (one.serial, one.condition.value) for one in ODD.register
    ]
    assert told[3] == {
        "jenis": "card_printer",
        "merek_tipe": "Merek card_printer",
        "nomor_seri": "SN-card_printer",
        "jumlah": 1,
        "berita_acara": "BAST-7/2026",
        "tanggal": DAY.isoformat(),
        "kondisi": "good",
        "daya_watt": None,
        "daya_va": 120.0,
        "faktor_daya": 0.85,
        "di_ups": False,
    }


def test_the_power_budget() -> None:
    told = plain(readiness_data(report()))["daya"]
    groups = {one["kelompok"]: (one["watt"], one["watt_instruksi"]) for one in told["kelompok"]}
    assert groups["computers"] == (1150.0, 1500.0)
    assert told["jumlah_watt"] == pytest.approx(sum(watts for watts, _ in groups.values()))
    assert (told["pasokan_watt"], told["pasokan_va"], told["faktor_daya"]) == (3740.0, 4400.0, 0.85)
    assert (told["faktor_daya_anggapan"], told["kecukupan"]) == (True, "enough")
    before = plain(readiness_data(report([replace(FULL[0], watts=None)], supply=None)))["daya"]
    assert (before["pasokan_watt"], before["faktor_daya"], before["kecukupan"]) == (None, None, "unknown")
    assert before["label_belum_dibaca"] == ["Merek pc"]


def test_training_is_told() -> None:
    told = plain(readiness_data(report(application=Application("1.2.3", None, training=True))))
    assert (told["latihan"], told["aplikasi"]["hari_pertama"]) == (True, None)


@pytest.mark.parametrize("value", [nan, inf, -inf])
def test_a_reading_that_is_no_number_is_null(value: float) -> None:
    odd = measured(ItemId.TEMPERATURE, value, "°C", at=AT, source="TEMPer")
    told = plain(readiness_data(report(checks=room(odd))))
    assert point(told, "a2")["pemeriksaan"][1]["nilai"] is None


FIGURES = st.sampled_from([None, 60.0, nan, inf, -5.0, 0]) | st.floats() | st.integers(-10, 2_000_000)


@settings(max_examples=100)
@given(DEVICES, FIGURES, FIGURES, st.sampled_from([0.85, nan]) | st.floats())
def test_whatever_may_stand_in_the_register_can_be_reported(
    device: Any, watts: float | None, volt_amperes: float | None, factor: float
) -> None:
    today = date(2026, 11, 24)
    device = replace(device, make=f"x{device.make}", serial="x", count=1, document="BAST", placed_on=DAY)
    line = replace(device, watts=watts, volt_amperes=volt_amperes, power_factor=factor)
    register = []
    for one in (line, device):
        try:
            register.append(checked(one, today))
        except PolicyError:
            continue
    told = plain(readiness_data(report(register)))
    assert [one["merek_tipe"] for one in told["perangkat"]] == [one.make for one in register]


def test_nobody_looked_yet() -> None:
    told = plain(readiness_data(report(checks=[unknown(ItemId.AREA, at=AT)], application=USED)))
    assert {check["status"] for one in told["diktum"] for check in one["pemeriksaan"]} == {"unknown"}
