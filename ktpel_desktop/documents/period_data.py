"""A period as JSON for Sudin and Dinas, in a form that resources/laporan/periode.schema.json declares.

Codes are those of the program's journal and of resources/layanan.toml.
"""

from __future__ import annotations

import sys
from collections.abc import Mapping
from datetime import date
from typing import Annotated, Literal

from pydantic import Field

from ktpel_desktop.core.issuance import SpoilReason
from ktpel_desktop.core.period import DayFigures, PeriodReport
from ktpel_desktop.core.request import RequestState
from ktpel_desktop.core.stock import BlankBalance
from ktpel_desktop.documents.exchange_form import Strict, schema_of, written

Count = Annotated[int, Field(ge=0)]


class Blangko(Strict):
    """bawaan + saldo_awal + terima + koreksi + pinjaman = terbit + rusak + retur + dipegang + sisa, in cards.

    `bawaan` is what the day before left, in the cabinet and in work; `pinjaman` came by loans less what went by them.
    Broken books may hold any number, and are told.
    """

    bawaan: int
    saldo_awal: int
    terima: int
    koreksi: int
    pinjaman: int
    terbit: Count
    rusak: Count
    retur: int
    dipegang: int
    sisa: int


class Pelayanan(Strict):
    """What happened, in requests, cards and documents; the median in minutes, null without a result."""

    permohonan_masuk: Count
    belum_lengkap: Count
    ditolak: Count
    dibatalkan: Count
    ktp_terbit: Count
    dokumen_dibuat: Count
    diserahkan: Count
    median_menit: Count | None
    gangguan_menit: Count
    pengecualian: Count
    persetujuan: Count
    kartu_rusak: dict[SpoilReason, Count]
    kartu_ditarik: dict[str, Count]


class Hari(Strict):
    """One working day; count and difference are null while the cabinet was not counted."""

    tanggal: date
    sif: Annotated[int, Field(ge=1)]
    ditutup: bool
    pelayanan: Pelayanan
    blangko: Blangko
    hitung_fisik: Count | None
    selisih: int | None


class Layanan(Strict):
    """One service."""

    kode: str
    nama: str
    masuk: Count
    selesai: Count


class BebanKerja(Strict):
    """What passed one person's hands, in the order of names; no ranking."""

    nama: str
    berkas: Count
    kartu: Count
    dokumen: Count


class Jam(Strict):
    """One local hour of the day, over all days."""

    jam: Annotated[int, Field(ge=0, le=23)]
    masuk: Count
    selesai: Count


class AlasanMenunggu(Strict):
    """Open requests at the end that stand for this reason: the name of a missing document, else a code."""

    keadaan: RequestState
    alasan: str
    dokumen: bool
    jumlah: Count


class RantaiAudit(Strict):
    """The journal up to the last event told of: how many events, the hash of the last, whether all fit."""

    kejadian: Count
    sidik: Annotated[str, Field(pattern="^[0-9a-f]{64}$")]
    utuh: bool


class LaporanPeriode(Strict):
    """Laporan Pelayanan over a period, Instruksi Gubernur DKI 78/2016. No residents' data."""

    skema: Literal["periode/1"]
    kantor: str
    kelurahan: str
    latihan: bool
    dari: date
    sampai: date
    jumlah: Pelayanan
    blangko: Blangko
    seimbang: bool
    hari: Annotated[tuple[Hari, ...], Field(min_length=1)]
    layanan: tuple[Layanan, ...]
    beban_kerja: tuple[BebanKerja, ...]
    jam: tuple[Jam, ...]
    menunggu: dict[RequestState, Count]
    alasan_menunggu: tuple[AlasanMenunggu, ...]
    pengecualian_ruangan: dict[str, Count]
    persetujuan: dict[str, Count]
    rantai_audit: RantaiAudit


def period_data(report: PeriodReport) -> bytes:
    """The file: the same data always gives the same bytes."""
    return written(_told(report))


def _told(report: PeriodReport) -> LaporanPeriode:
    return LaporanPeriode(
        skema="periode/1",
        kantor=report.office,
        kelurahan=report.place,
        latihan=report.training,
        dari=report.first,
        sampai=report.last,
        jumlah=_totals(report),
        blangko=_blanks(report.balance, report.days[0].carried),
        seimbang=report.balanced,
        hari=tuple(map(_day, report.days)),
        layanan=tuple(
            Layanan(kode=one.code, nama=one.name, masuk=one.came, selesai=one.done) for one in report.services
        ),
        beban_kerja=tuple(
            BebanKerja(nama=one.name, berkas=one.claims, kartu=one.cards, dokumen=one.documents)
            for one in report.workloads
        ),
        jam=tuple(
            Jam(
                jam=hour,
                masuk=report.accepted_by_hour.get(hour, 0),
                selesai=report.produced_by_hour.get(hour, 0),
            )
            for hour in sorted({*report.accepted_by_hour, *report.produced_by_hour})
        ),
        menunggu={RequestState(state): number for state, number in report.waiting.items()},
        alasan_menunggu=tuple(
            AlasanMenunggu(
                keadaan=RequestState(one.state), alasan=one.reason, dokumen=one.is_paper, jumlah=one.count
            )
            for one in report.waiting_reasons
        ),
        pengecualian_ruangan=dict(report.waivers),
        persetujuan=dict(report.approvals),
        rantai_audit=RantaiAudit(
            kejadian=report.chain_count, sidik=report.chain_head, utuh=report.chain_intact
        ),
    )


def _day(day: DayFigures) -> Hari:
    return Hari(
        tanggal=day.day,
        sif=day.shift_id,
        ditutup=day.closed,
        pelayanan=Pelayanan(
            permohonan_masuk=day.requests_in,
            belum_lengkap=day.incomplete,
            ditolak=day.rejected,
            dibatalkan=day.cancelled,
            ktp_terbit=day.issued,
            dokumen_dibuat=day.documents_made,
            diserahkan=day.handed_over,
            median_menit=day.median_minutes,
            gangguan_menit=day.outage_minutes,
            pengecualian=day.waivers,
            persetujuan=day.approvals,
            kartu_rusak=_causes(day.spoiled),
            kartu_ditarik=dict(day.withdrawn),
        ),
        blangko=_blanks(day.balance, day.carried),
        hitung_fisik=day.counted,
        selisih=day.difference,
    )


def _totals(report: PeriodReport) -> Pelayanan:
    return Pelayanan(
        permohonan_masuk=report.total("requests_in"),
        belum_lengkap=report.total("incomplete"),
        ditolak=report.total("rejected"),
        dibatalkan=report.total("cancelled"),
        ktp_terbit=report.total("issued"),
        dokumen_dibuat=report.total("documents_made"),
        diserahkan=report.total("handed_over"),
        median_menit=report.median_minutes,
        gangguan_menit=report.total("outage_minutes"),
        pengecualian=report.total("waivers"),
        persetujuan=report.total("approvals"),
        kartu_rusak=_causes(report.spoiled),
        kartu_ditarik=dict(report.withdrawn),
    )


def _causes(spoiled: Mapping[str, int]) -> dict[SpoilReason, int]:
    return {SpoilReason(cause): number for cause, number in spoiled.items()}


def _blanks(balance: BlankBalance, carried: int) -> Blangko:
    return Blangko(
        bawaan=carried,
        saldo_awal=balance.opening - carried,
        terima=balance.received,
        koreksi=balance.corrected,
        pinjaman=balance.loaned,
        terbit=balance.issued,
        rusak=balance.spoiled,
        retur=balance.returned,
        dipegang=balance.open,
        sisa=balance.left,
    )


if __name__ == "__main__":
    sys.stdout.write(schema_of(LaporanPeriode))
