"""The daily report: every figure of the data stands in the PDF, and the same data gives the same bytes."""

import importlib
import re
import subprocess
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ktpel_desktop.core.audit import Anchor, read_anchor
from ktpel_desktop.core.consumables import Consumption
from ktpel_desktop.core.daily import DailyReport, OpenedFrom, PrinterTally, Results, Uncollected
from ktpel_desktop.core.destruction import HeldBalance
from ktpel_desktop.core.issuance import SpoilReason
from ktpel_desktop.core.period import WaitingReason
from ktpel_desktop.core.request import Ageing, Interval, RequestState
from ktpel_desktop.core.room import RoomCheck, attested, measured, unknown, waive
from ktpel_desktop.core.room_items import ItemId
from ktpel_desktop.core.stock import BlankBalance
from ktpel_desktop.documents.daily_report import daily_report
from ktpel_desktop.documents.indonesian import number
from tests.documents.samples import RESOURCES

pypdfium2: Any = importlib.import_module("pypdfium2")  # it carries no types
WIB = timezone(timedelta(hours=7))
AT = datetime(2026, 11, 23, 1, 5, tzinfo=UTC)
BROKEN_LOCK = attested(ItemId.CABINET_LOCKED, False, seen="kunci patah", by="Dewi", at=AT)
ROOM: tuple[RoomCheck, ...] = (
    measured(ItemId.TEMPERATURE, 23.4, "°C", at=AT, source="TEMPer"),
    measured(ItemId.BANDWIDTH, 5.2, "Mbps", at=AT, source="uji jaringan"),
    attested(ItemId.SECURED, True, seen="segel 00123", by="Dewi", at=AT),
    unknown(ItemId.POWER_CONDITION, at=AT),
    waive(BROKEN_LOCK, by="Rahmat Hidayat", reason="dijaga petugas", at=AT),
)
REPORT = DailyReport(
    office="Kelurahan Bangka & Sekitar <Satu>",
    place="Jakarta Selatan",
    date=datetime(2026, 11, 23, 9, 0, tzinfo=UTC),
    shift_id=41,
    requests_in=1187,
    issued=96,
    documents_made=54,
    handed_over=133,
    incomplete=12,
    rejected=3,
    waiting={RequestState.WITH_OPERATOR: 4, RequestState.WAITING_SIAK: 7},
    spoiled={SpoilReason.ENCODE_FAILED: 1, SpoilReason.PRINT_FAILED: 2},
    services=[("KTP-el baru", 40, 38), ("Kartu Keluarga karena perubahan " + "data " * 20, 50, 34)],
    balance=BlankBalance(1200, 500, -1, 96, 3, 0, 2),
    counted=1598,
    oldest_waiting_days=3,
    median_minutes=125,
    room=ROOM,
    outage_minutes=45,
    chain_count=1834,
    chain_head="0123456789abcdef" * 4,
    chain_intact=True,
    closed_by="Dewi Lestari",
    signed_by="Rahmat Hidayat",
    training=False,
    withdrawn={"chip_mute": 2, "not_fetched": 1},
    supplies={"ribbon_left": 40, "film_left": 0},
    opened_from=OpenedFrom(40, 1198, 2, "Ratna"),
    carried=1200,
    accepted_by_hour={8: 120, 9: 240},
    produced_by_hour={9: 20},
    kept={Ageing.IN_TIME: 120, Ageing.BEYOND_LAW: 1},
    open_ages={Ageing.IN_TIME: 40},
    results=Results(40, 150, 133, 3, 54),
    uncollected={Uncollected.TODAY: 30, Uncollected.LONGER: 4},
    waiting_reasons=(
        WaitingReason("INCOMPLETE", "Kartu Keluarga (salinan)", 2, True),
        WaitingReason("WAITING_SIAK", "SENT_FOR_ENROLLMENT", 5),
        WaitingReason("WAITING_SIAK", "DUPLICATE_RECORD", 2),
    ),
    refused={"not_entitled": 2, "duplicate_record": 1},
    outages=(
        Interval(AT, AT + timedelta(minutes=20)),
        Interval(AT + timedelta(hours=3), AT + timedelta(hours=3, minutes=25)),
    ),
    waivers={"cabinet_locked": 1},
    approvals={"reprint": 2},
    confirmed=96,
    tally=PrinterTally(4000, 4097, 97),
    consumables=(Consumption("pita", "Pita pencetak kartu", "gulung", 3, 2, 1),),
    invalid=HeldBalance(before=4, spoiled=3, withdrawn=3, destroyed=8),
    signed_at=datetime(2026, 11, 23, 9, 30, tzinfo=UTC),
)


def made(report: DailyReport) -> bytes:
    return daily_report(report, RESOURCES, WIB)


def pages(pdf: bytes) -> list[str]:
    """The text of each page, white space as single spaces."""
    document = pypdfium2.PdfDocument(pdf)
    try:
        texts = []
        for page in document:
            reader = page.get_textpage()
            texts.append(" ".join(reader.get_text_range().replace("\ufffe", "").split()))
            reader.close()
            page.close()
        return texts
    finally:
        document.close()


def text(report: DailyReport) -> str:
    return " ".join(pages(made(report)))


def test_the_words_and_figures_of_the_day() -> None:
    found = text(REPORT)
    for wanted in (
        "Laporan Harian Pelayanan",
        "Kelurahan Bangka & Sekitar <Satu>",
        "Senin, 23 November 2026",
        "Sif 41",
        "1.187 96 54 133 12 3",
        "2 jam 5 menit",
        "3 hari",
        "45 menit",
        "KTP-el baru 40 38",
        "Jumlah 90 72",
        "Di operator 4",
        "Menunggu SIAK 7",
        "Gagal enkode 1",
        "Gagal cetak 2",
        "1.200 + 500 + −1 + 0 = 96 + 3 + 0 + 2 + 1.598",
        "Masuk 1.699 = keluar, dipegang dan hitung fisik 1.699: seimbang",
        "Sistem Hitung fisik Selisih Blangko di lemari 1.598 1.598 0 (nol)",
        "Menurut jam 120 08 240 20 09 10 11 12 13 14 15 Masuk Selesai",
        "dibuka dengan 1.200 blangko (1.198 di lemari, 2 dikerjakan), seperti ditandatangani Ratna untuk sif 40",
        "Tepat waktu 120 40",
        "Lewat batas hukum 1 0",
        "Tertahan di SIAK: SFE 5, data ganda 3.",
        "Ditolak atau dirujuk: 3 (Tidak berhak atas layanan ini 2; SIAK menjawab: data ganda; rujuk ke Sudin 1)",
        "Belum lengkap Kartu Keluarga (salinan) 2",
        "40 + 150 = 133 + 3 + 54",
        "Hasil: seimbang. Di loket, belum diambil: sejak hari ini 30; lebih dari 30 hari 4.",
        "45 menit (08.05–08.25; 11.05–11.30)",
        "Butir ruangan yang dikecualikan: 1 (Lemari blangko terkunci 1)",
        "Persetujuan orang kedua: 2 (cetak ulang 2)",
        "23,4 °C",
        "5,2 Mbps",
        "segel 00123",
        "23-11 08.05, Dewi",
        "Rahmat Hidayat: dijaga",
        "1.834 kejadian, utuh",
        "01234567 89abcdef 01234567 89abcdef",
        "Jakarta Selatan, 23 November 2026",
        "Operator Penyelia",
        "Dewi Lestari Rahmat Hidayat",
        "Disimpan kemarin Rusak Ditarik Dimusnahkan Masih disimpan",
        "Terbit 96, dikonfirmasi SIAK 96: sama. Penghitung pencetak naik 97, kartu keluar menurut jurnal 97: sama.",
        "4 + 3 + 3 = 8 + 2",
        "Kartu terbit yang ditarik dari loket: 3 (Chip tidak menjawab 2; Tidak diambil 1)",
        "Bahan habis pakai Satuan Awal Masuk Keluar Sisa Pita pencetak kartu gulung 3 2 1 4",
        "Pita/film tersisa (menurut operator): pita 40 %, film 0 %",
        "Ditandatangani secara elektronik oleh Rahmat Hidayat pada 23 November 2026 pukul 16.30",
    ):
        assert wanted in found, wanted
    assert "LATIHAN" not in found


def test_every_page_is_numbered_and_carries_the_heads_beginning() -> None:
    many = replace(REPORT, services=[(f"Layanan {place}", place, place) for place in range(120)])
    found = pages(made(many))
    assert len(found) >= 3
    for place, page in enumerate(found, 1):
        assert f"Halaman {place} dari {len(found)}" in page
        assert "rantai 0123456789abcdef" in page


def test_training_is_on_every_page() -> None:
    many = replace(REPORT, training=True, services=[(f"Layanan {place}", place, 0) for place in range(80)])
    assert all("LATIHAN" in page for page in pages(made(many)))


def test_what_is_wrong_is_said() -> None:
    found = text(replace(REPORT, counted=1590, chain_intact=False))
    assert "1.598 1.590 −8" in found
    assert "Masuk 1.699 = keluar, dipegang dan hitung fisik 1.691: TIDAK SEIMBANG" in found
    assert "RUSAK" in found
    assert "belum dihitung" in text(replace(REPORT, counted=None))


def test_a_signature_for_other_figures_is_said() -> None:
    assert "ANGKA TIDAK LAGI COCOK" in text(replace(REPORT, signature_holds=False))
    assert "ANGKA TIDAK LAGI COCOK" not in text(REPORT)


def test_what_is_not_there_is_not_spoken_of() -> None:
    bare = replace(
        REPORT,
        signed_by="",
        signed_at=None,
        withdrawn={},
        supplies={},
        opened_from=None,
        refused={},
        waiting_reasons=(),
        outages=(),
        waivers={},
        approvals={},
        consumables=(),
        confirmed=None,
        tally=None,
        invalid=None,
    )
    found = text(bare)
    for absent in (
        "Ditandatangani secara elektronik",
        "ditarik dari loket",
        "Pita/film",
        "dibuka dengan",
        "Ditolak atau dirujuk",
        "Alasan menunggu",
        "45 menit (",
        "dikecualikan:",
        "Persetujuan orang kedua",
        "Bahan habis pakai",
        "Kartu tidak sah",
        "dikonfirmasi SIAK",
        "Penghitung pencetak",
    ):
        assert absent not in found


def test_what_a_day_was_opened_from_is_said_whatever_it_was() -> None:
    assert (
        "TIDAK COCOK: sif ini dibuka dengan 1.201 blangko, padahal Ratna menandatangani 1.200 untuk sif 40"
        in text(replace(REPORT, carried=1201))
    )
    unsigned = text(replace(REPORT, opened_from=OpenedFrom(40)))
    assert "Sif 40 belum ditandatangani waktu sif ini dibuka dengan 1.200 blangko menurut buku" in unsigned


def test_what_siak_and_the_printer_say_otherwise_is_said() -> None:
    found = text(replace(REPORT, confirmed=95, tally=PrinterTally(4000, 4098, 97)))
    assert "dikonfirmasi SIAK 95: TIDAK SAMA" in found
    assert "naik 98, kartu keluar menurut jurnal 97: TIDAK SAMA" in found
    doubted = text(replace(REPORT, tally=PrinterTally(4000, 4098, 97, 1)))
    assert "naik 98, kartu keluar menurut jurnal 97 (1 lagi diragukan): sama" in doubted
    reset = text(replace(REPORT, tally=PrinterTally(4000, 3, 97)))
    assert "Penghitung pencetak mundur, tidak dapat dibandingkan" in reset


def test_results_that_do_not_add_up_are_said() -> None:
    assert "Hasil: TIDAK SEIMBANG" in text(replace(REPORT, results=Results(40, 150, 133, 3, 53)))


def test_the_code_on_the_page_holds_the_head_of_the_chain(tmp_path: Path) -> None:
    """Read by another's reader from the page as a picture, and back by the program's own."""
    (tmp_path / "day.pdf").write_bytes(made(REPORT))
    subprocess.run(["pdftoppm", "-r", "110", "-png", "day.pdf", "page"], cwd=tmp_path, check=True)
    pictures = sorted(str(picture) for picture in tmp_path.glob("page-*.png"))
    command = ["zbarimg", "--nodbus", "-q", "--raw", *pictures]
    done = subprocess.run(command, check=False, capture_output=True, text=True)  # 4: a page has none
    assert read_anchor(done.stdout) == Anchor(1834, "0123456789abcdef" * 4)


def test_an_empty_day_is_a_page_too() -> None:
    empty = replace(
        REPORT,
        requests_in=0,
        issued=0,
        documents_made=0,
        handed_over=0,
        incomplete=0,
        rejected=0,
        waiting={},
        spoiled={},
        services=[],
        balance=BlankBalance(0, 0, 0, 0, 0, 0, 0),
        counted=0,
        room=(),
        median_minutes=None,
        outage_minutes=0,
    )
    found = text(empty)
    assert "Jumlah 0 (nol)" in found
    assert "belum ada" in found
    assert "Ruangan belum diperiksa hari ini" in found


def test_the_same_data_gives_the_same_bytes() -> None:
    assert made(REPORT) == made(replace(REPORT))
    assert made(REPORT) != made(replace(REPORT, issued=97))


_COUNT = st.integers(0, 99_999)


@st.composite
def reports(draw: st.DrawFn) -> DailyReport:
    states, reasons = st.sampled_from(RequestState), st.sampled_from(SpoilReason)
    letters = st.text("abcdefghij", min_size=1, max_size=12)
    return replace(
        REPORT,
        requests_in=draw(_COUNT),
        issued=draw(_COUNT),
        documents_made=draw(_COUNT),
        handed_over=draw(_COUNT),
        incomplete=draw(_COUNT),
        rejected=draw(_COUNT),
        waiting=draw(st.dictionaries(states, _COUNT)),
        spoiled=draw(st.dictionaries(reasons, _COUNT)),
        services=draw(
            st.lists(st.tuples(letters, _COUNT, _COUNT), max_size=30, unique_by=lambda row: row[0])
        ),
        balance=BlankBalance(*[draw(_COUNT) for _ in range(7)]),
        counted=draw(st.none() | _COUNT),
        chain_count=draw(_COUNT),
        outage_minutes=draw(st.integers(0, 59)),
    )


@settings(max_examples=25)
@given(reports())
def test_the_figures_in_the_pdf_are_the_figures_of_the_data(report: DailyReport) -> None:
    found = text(report)
    tiles = (
        *(report.requests_in, report.issued, report.documents_made),
        *(report.handed_over, report.incomplete, report.rejected),
    )
    assert " ".join(number(value) for value in tiles) in found
    for name, came, done in report.services:
        assert re.search(rf"\b{name} {re.escape(number(came))} {re.escape(number(done))}\b", found)
    balance = report.balance
    came = balance.opening + balance.received + balance.corrected
    went = balance.issued + balance.spoiled + balance.returned + balance.open
    assert came == went + balance.left
    if report.counted is None:
        told = f"Masuk {number(came)} = keluar, dipegang dan sisa menurut buku {number(came)}: lemari belum dihitung"
    else:
        verdict = "seimbang" if report.counted == balance.left else "TIDAK SEIMBANG"
        told = f"Masuk {number(came)} = keluar, dipegang dan hitung fisik {number(went + report.counted)}: {verdict}"
    assert told in found
    for count in (*report.waiting.values(), *report.spoiled.values()):
        assert number(count) in found
    assert f"{number(report.chain_count)} kejadian" in found


@pytest.mark.parametrize("office", ["K", "Kelurahan " + "Panjang " * 30])
def test_any_office_name_fits_the_footer(office: str) -> None:
    assert "Halaman 1 dari" in text(replace(REPORT, office=office))
