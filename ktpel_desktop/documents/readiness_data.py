"""The readiness and placement report as JSON for Sudin and Dinas, in a form that resources/laporan declares.

Codes are those of core/readiness.py, core/placement.py and core/room_items.py; names are Indonesian, since other
offices read them.
"""

from __future__ import annotations

import sys
from datetime import date, datetime
from typing import Literal

from pydantic import AwareDatetime

from ktpel_desktop.core.papers import ReadinessReport
from ktpel_desktop.core.placement import Condition, DeviceKind, PlacedDevice, Provider
from ktpel_desktop.core.power_capacity import Fit, LoadGroup
from ktpel_desktop.core.readiness import Lack, LackKind, PointId, PointVerdict, Stage
from ktpel_desktop.core.room import Readiness, RoomCheck
from ktpel_desktop.core.room_items import ItemId
from ktpel_desktop.core.room_limits import Status
from ktpel_desktop.documents.exchange_form import Strict, schema_of, written


class Kantor(Strict):
    """The office."""

    nama: str
    kode_kelurahan: str
    kelurahan: str
    kecamatan: str
    kabupaten_kota: str
    provinsi: str


class Pemeriksaan(Strict):
    """One item of the room check as it counted when the report was made."""

    butir: ItemId
    status: Status
    nilai: float | None
    satuan: str
    keterangan: str
    batas: str
    waktu: AwareDatetime
    sumber: str
    cara: str
    dokumen: str
    berlaku_sampai: AwareDatetime | None
    dikecualikan_oleh: str
    alasan_pengecualian: str


class Perangkat(Strict):
    """One line of the register; `daya_watt` or `daya_va` as its label says, null where nobody read it."""

    jenis: DeviceKind
    merek_tipe: str
    nomor_seri: str
    jumlah: int
    berita_acara: str
    tanggal: date | None
    kondisi: Condition
    daya_watt: float | None
    daya_va: float | None
    faktor_daya: float
    di_ups: bool


class Kekurangan(Strict):
    """What is missing and who provides it."""

    jenis: LackKind
    penyedia: Provider
    butir: ItemId | None
    perangkat: DeviceKind | None
    jumlah: int


class Diktum(Strict):
    """One point of the instruction."""

    kode: PointId
    dasar: str
    penyedia: Provider
    status: Status
    pemeriksaan: tuple[Pemeriksaan, ...]
    kekurangan: tuple[Kekurangan, ...]


class Kelompok(Strict):
    """One of the instruction's groups of devices, beside its figure."""

    kelompok: LoadGroup
    watt: float
    va: float
    watt_instruksi: float


class Daya(Strict):
    """The power budget; `pasokan_watt` is null where nobody declared the supply."""

    kelompok: tuple[Kelompok, ...]
    jumlah_watt: float
    jumlah_va: float
    di_ups_watt: float
    label_belum_dibaca: tuple[str, ...]
    pasokan_watt: float | None
    pasokan_va: float | None
    faktor_daya: float | None
    faktor_daya_anggapan: bool
    kecukupan: Fit


class Aplikasi(Strict):
    """The program in this office."""

    versi: str
    hari_pertama: date | None


class LaporanKesiapan(Strict):
    """Laporan Kesiapan dan Penempatan Perangkat, Instruksi Gubernur DKI 78/2016."""

    skema: Literal["kesiapan/1"]
    kantor: Kantor
    waktu: AwareDatetime
    dibuat_oleh: str
    latihan: bool
    kesimpulan: Readiness
    tahap: Stage
    diktum: tuple[Diktum, ...]
    perangkat: tuple[Perangkat, ...]
    daya: Daya
    aplikasi: Aplikasi


def readiness_data(report: ReadinessReport) -> bytes:
    """The report as JSON, UTF-8, moments in the office's time: the same data always gives the same bytes."""
    found, office = report.found, report.office
    made = LaporanKesiapan(
        skema="kesiapan/1",
        kantor=Kantor(
            nama=office.name,
            kode_kelurahan=office.kelurahan_code,
            kelurahan=office.kelurahan,
            kecamatan=office.kecamatan,
            kabupaten_kota=office.kabupaten,
            provinsi=office.province,
        ),
        waktu=report.at.astimezone(office.timezone),
        dibuat_oleh=report.by,
        latihan=report.application.training,
        kesimpulan=found.readiness,
        tahap=found.stage,
        diktum=tuple(_point(report, point) for point in found.points),
        perangkat=tuple(map(_device, report.register)),
        daya=_power(report),
        aplikasi=Aplikasi(versi=report.application.version, hari_pertama=report.application.first_day),
    )
    return written(made)


def _point(report: ReadinessReport, found: PointVerdict) -> Diktum:
    return Diktum(
        kode=found.point.id,
        dasar=found.point.paragraph,
        penyedia=found.point.provider,
        status=found.status,
        pemeriksaan=tuple(_check(report, check) for check in found.checks),
        kekurangan=tuple(map(_lack, found.lacks)),
    )


def _check(report: ReadinessReport, check: RoomCheck) -> Pemeriksaan:
    def local(moment: datetime) -> datetime:
        return moment.astimezone(report.office.timezone)

    return Pemeriksaan(
        butir=check.item,
        status=check.status,
        nilai=check.value,
        satuan=check.unit,
        keterangan=check.text,
        batas=check.limit,
        waktu=local(check.measured_at),
        sumber=check.source,
        cara=check.method,
        dokumen=check.document,
        berlaku_sampai=None if check.valid_until is None else local(check.valid_until),
        dikecualikan_oleh=check.waived_by,
        alasan_pengecualian=check.waived_reason,
    )


def _device(device: PlacedDevice) -> Perangkat:
    return Perangkat(
        jenis=device.kind,
        merek_tipe=device.make,
        nomor_seri=device.serial,
        jumlah=device.count,
        berita_acara=device.document,
        tanggal=device.placed_on,
        kondisi=device.condition,
        daya_watt=device.watts,
        daya_va=device.volt_amperes,
        faktor_daya=device.power_factor,
        di_ups=device.on_ups,
    )


def _lack(lack: Lack) -> Kekurangan:
    return Kekurangan(
        jenis=lack.kind,
        penyedia=lack.provider,
        butir=None if lack.check is None else lack.check.item,
        perangkat=lack.device,
        jumlah=lack.count,
    )


def _power(report: ReadinessReport) -> Daya:
    needed, supply = report.needed, report.supply
    return Daya(
        kelompok=tuple(
            Kelompok(
                kelompok=one.group,
                watt=round(one.load.watts, 1),
                va=round(one.load.volt_amperes, 1),
                watt_instruksi=one.instructed_watts,
            )
            for one in needed.groups
        ),
        jumlah_watt=round(needed.total.watts, 1),
        jumlah_va=round(needed.total.volt_amperes, 1),
        di_ups_watt=round(needed.on_ups.watts, 1),
        label_belum_dibaca=needed.unread,
        pasokan_watt=None if supply is None else round(supply.watts, 1),
        pasokan_va=None if supply is None else round(supply.volt_amperes, 1),
        faktor_daya=None if supply is None else supply.power_factor,
        faktor_daya_anggapan=supply is not None and supply.assumed,
        kecukupan=report.fit,
    )


if __name__ == "__main__":
    sys.stdout.write(schema_of(LaporanKesiapan))
