"""The catalogue: what is shipped, and that a broken line is named."""

from __future__ import annotations

import copy
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from ktpel_desktop import resource_files
from ktpel_desktop.core.errors import PolicyError
from ktpel_desktop.core.services_catalogue import Confidence, Group, Holder, Product, ServiceCatalogue

SHIPPED = resource_files.load_catalogue()


def test_every_service_of_the_source_list_is_there() -> None:
    source = resource_files.rows("service_requirements")
    assert len(SHIPPED) == len(source) == 17
    confidence = {"high": Confidence.HIGH, "medium": Confidence.MEDIUM}
    for row, service in zip(source, SHIPPED, strict=True):
        assert service.form.startswith(row["form"].split()[0])
        assert service.confidence is confidence[row["confidence"]]
        assert bool(service.withdrawn) == (row["withdrawn_from_resident"] != "-")


def test_promise_and_legal_basis() -> None:
    for service in SHIPPED:
        assert (service.target, service.limit) == (timedelta(hours=24), timedelta(days=14))
        assert service.legal_basis
        assert service.requirements


def test_only_ktp_el_ends_in_a_card() -> None:
    for service in SHIPPED:
        assert (service.product is Product.CARD) == service.code.startswith("KTP-")
    assert len(SHIPPED.of_group(Group.KTP_EL)) == 8


def test_nobody_is_asked_for_a_letter_of_the_neighbourhood() -> None:
    for service in SHIPPED.of_group(Group.KTP_EL):
        assert not any("RT" in need.text.split() or "RT/RW" in need.text for need in service.requirements)


def test_holders() -> None:
    assert SHIPPED.get("KTP-MUDA").holder is Holder.EVER_MARRIED
    assert SHIPPED.get("KIA-BARU").holder is Holder.CHILD


def test_missing_requirements() -> None:
    lost = SHIPPED.get("KTP-HILANG")
    assert [need.code for need in lost.missing([])] == ["LAPOR-POLISI", "KK-SALINAN"]
    assert lost.missing(["LAPOR-POLISI", "KK-SALINAN"]) == ()


def test_one_of_several_is_enough() -> None:
    young = SHIPPED.get("KTP-MUDA")
    assert young.missing(["KK-SALINAN", "BUKTI-CERAI"]) == ()
    assert [need.code for need in young.missing(["KK-SALINAN"])] == ["BUKTI-KAWIN", "BUKTI-CERAI"]


def test_optional_documents_are_not_missed() -> None:
    change = SHIPPED.get("KTP-UBAH")
    assert change.missing(["KK-ASLI", "KTP-LAMA", "BUKTI-PERUBAHAN"]) == ()


def test_what_is_withdrawn() -> None:
    assert [item.code for item in SHIPPED.get("KTP-RUSAK").withdrawn_for([])] == ["KTP-RUSAK"]
    child = SHIPPED.get("KIA-GANTI")
    assert child.withdrawn_for(["LAPOR-POLISI"]) == ()
    assert [item.code for item in child.withdrawn_for(["KIA-RUSAK"])] == ["KIA-RUSAK"]


def test_an_unknown_service() -> None:
    with pytest.raises(PolicyError) as caught:
        SHIPPED.get("KTP-GRATIS")
    assert caught.value.code == "service.unknown"


GOOD: dict[str, Any] = {
    "waktu": {"target_jam": 24, "batas_hari": 14},
    "dokumen": {"KK": "Kartu Keluarga", "KTP": "KTP-el lama"},
    "layanan": [
        {
            "kode": "X",
            "nama": "Contoh",
            "kelompok": "ktp_el",
            "pemegang": "dewasa",
            "formulir": "F-1.02",
            "syarat": [{"dokumen": "KK"}],
            "ditarik": [{"dokumen": "KTP", "hanya_bila": "KK"}],
            "dasar_hukum": ["Perpres 96/2018"],
            "keyakinan": "tinggi",
        }
    ],
}


def test_a_service_may_have_its_own_promise() -> None:
    plain = copy.deepcopy(GOOD)
    plain["layanan"][0] |= {"target_jam": 1, "batas_hari": 2, "catatan": "cepat"}
    service = ServiceCatalogue.from_plain(plain).get("X")
    assert (service.target, service.limit, service.note) == (timedelta(hours=1), timedelta(days=2), "cepat")


def row(plain: dict[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = plain["layanan"][0]
    return found


@pytest.mark.parametrize(
    ("spoil", "code", "params"),
    [
        (lambda p: p.pop("dokumen"), "catalogue.field_missing", {"service": "", "field": "dokumen"}),
        (lambda p: p.update(dokumen=[]), "catalogue.field_type", {"service": "", "field": "dokumen"}),
        (
            lambda p: p.update(dokumen={"KK": 1}),
            "catalogue.field_type",
            {"service": "dokumen", "field": "KK"},
        ),
        (lambda p: p.update(layanan={}), "catalogue.field_type", {"service": "", "field": "layanan"}),
        (lambda p: p.update(layanan=["X"]), "catalogue.field_type", {"service": "", "field": "layanan"}),
        (lambda p: p.update(layann=1), "catalogue.field_unknown", {"service": "", "field": "layann"}),
        (lambda p: p["waktu"].update(x=1), "catalogue.field_unknown", {"service": "waktu", "field": "x"}),
        (lambda p: row(p).pop("kode"), "catalogue.field_missing", {"service": "?", "field": "kode"}),
        (lambda p: row(p).update(kode=7), "catalogue.field_type", {"service": "?", "field": "kode"}),
        (lambda p: row(p).pop("nama"), "catalogue.field_missing", {"service": "X", "field": "nama"}),
        (lambda p: row(p).update(nama=1), "catalogue.field_type", {"service": "X", "field": "nama"}),
        (lambda p: row(p).update(warna="x"), "catalogue.field_unknown", {"service": "X", "field": "warna"}),
        (
            lambda p: row(p).update(kelompok="sim"),
            "catalogue.value_unknown",
            {"service": "X", "field": "kelompok", "value": "sim"},
        ),
        (
            lambda p: row(p).update(target_jam=0),
            "catalogue.field_type",
            {"service": "X", "field": "target_jam"},
        ),
        (
            lambda p: row(p).update(target_jam=True),
            "catalogue.field_type",
            {"service": "X", "field": "target_jam"},
        ),
        (
            lambda p: row(p).update(dasar_hukum="UU"),
            "catalogue.field_type",
            {"service": "X", "field": "dasar_hukum"},
        ),
        (
            lambda p: row(p).update(dasar_hukum=[1]),
            "catalogue.field_type",
            {"service": "X", "field": "dasar_hukum"},
        ),
        (
            lambda p: row(p).update(syarat=[{"dokumen": "KK", "wajib": "ya"}]),
            "catalogue.field_type",
            {"service": "X", "field": "wajib"},
        ),
        (
            lambda p: row(p).update(syarat=[{"dokumen": "KK", "waib": True}]),
            "catalogue.field_unknown",
            {"service": "X", "field": "waib"},
        ),
        (
            lambda p: row(p).update(syarat=[{"dokumen": "SIM"}]),
            "catalogue.document_unknown",
            {"service": "X", "document": "SIM"},
        ),
        (
            lambda p: row(p).update(syarat=[{"dokumen": "KK"}, {"dokumen": "KK"}]),
            "catalogue.duplicate",
            {"service": "X/KK"},
        ),
        (
            lambda p: row(p).update(ditarik=[{"dokumen": "KTP", "hanya_bila": "KTP"}]),
            "catalogue.value_unknown",
            {"service": "X", "field": "hanya_bila", "value": "KTP"},
        ),
        (
            lambda p: row(p).update(ditarik=[{"dokumen": "KTP", "warna": "x"}]),
            "catalogue.field_unknown",
            {"service": "X", "field": "warna"},
        ),
        (lambda p: p["layanan"].append(row(p)), "catalogue.duplicate", {"service": "X"}),
    ],
)
def test_what_is_wrong_is_named(
    spoil: Callable[[dict[str, Any]], object], code: str, params: dict[str, object]
) -> None:
    plain = copy.deepcopy(GOOD)
    spoil(plain)
    with pytest.raises(PolicyError) as caught:
        ServiceCatalogue.from_plain(plain)
    assert (caught.value.code, caught.value.params) == (code, params)
