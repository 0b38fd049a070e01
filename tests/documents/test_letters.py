"""Letters and notices read back from their PDFs: what stands there, what must not, size of paper, copies, training."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pypdfium2
import pytest
from reportlab.lib.pagesizes import A4, A5

from ktpel_desktop import resource_files
from ktpel_desktop.core.errors import PolicyError
from ktpel_desktop.core.flows_room import INCOMPLETE_REASONS
from ktpel_desktop.core.letters import Referral
from ktpel_desktop.documents.letterhead import opening_hours
from ktpel_desktop.documents.writer import PaperWriter
from tests.documents.letters import ESCALATION, NAME_60, NOTICE, READ_BACK, REFERRAL, STUCK
from tests.documents.people import CASES, people
from tests.services.desks import OFFICE

WRITER = PaperWriter(resource_files.root(), OFFICE)
REAL = replace(
    OFFICE,
    name="Satpel Dukcapil Kelurahan Kebayoran Lama Selatan",
    kelurahan="Kebayoran Lama Selatan",
    kabupaten="KOTA ADMINISTRASI JAKARTA SELATAN",
    training=False,
)
PAPERS: dict[str, tuple[Callable[[Any], bytes], Any, tuple[float, float]]] = {
    "notice": (WRITER.incomplete_notice, NOTICE, A5),
    "referral": (WRITER.referral_letter, REFERRAL, A4),
    "escalation": (WRITER.escalation_letter, ESCALATION, A4),
    "read_back": (WRITER.read_back, READ_BACK, A5),
}


def pages(pdf: bytes) -> list[str]:
    document = pypdfium2.PdfDocument(pdf)
    return [" ".join(page.get_textpage().get_text_range().split()) for page in document]


def whole(pdf: bytes) -> str:
    return " ".join(pages(pdf))


@pytest.mark.parametrize("name", PAPERS)
def test_size_training_and_the_same_bytes(name: str) -> None:
    make, data, size = PAPERS[name]
    made = make(data)
    assert made == make(data)
    page = pypdfium2.PdfDocument(made)[0]
    assert page.get_size() == pytest.approx(size, abs=0.01)
    found = whole(made)
    assert "LATIHAN – bukan" in found
    assert "SALINAN" not in found
    real = whole(make(replace(data, office=REAL, copy=2)))
    assert "LATIHAN" not in real
    assert "SALINAN ke-2" in real
    assert REAL.name in real
    assert "Halaman 1 dari 1" in real


@pytest.mark.parametrize("name", PAPERS)
def test_what_is_typed_in_is_never_markup(name: str) -> None:
    make, data, _ = PAPERS[name]
    odd = "<b>&amp; <img src='x'/>"
    changes: dict[str, Any] = {"office": replace(REAL, name=odd, kelurahan=odd, complaints=odd), "by": odd}
    if hasattr(data, "name"):
        changes["name"] = odd
    if hasattr(data, "service"):
        changes["service"] = odd
    assert "".join(whole(make(replace(data, **changes))).split()).count("".join(odd.split())) >= 2


# ------------------------------------------------------------------ notice


def test_the_notice_says_what_lacks_where_when_and_that_the_clock_stands() -> None:
    (found,) = pages(WRITER.incomplete_notice(NOTICE))
    for told in (
        "Pemberitahuan Berkas Belum Lengkap",
        "A-007 (kode 0000 0000 00NH)",
        "KTP-el baru",
        "SITI CONTOHWATI",
        "3174••••••••9001",
        "fotokopi KK Belum ada; mohon dibawa.",
        "Formulir belum ditandatangani. Tanda tangani formulir di loket.",
        "Waktu layanan berhenti dihitung sejak Senin, 23 November 2026, pukul 09.05 WIB",
        "Loket PTSP Kelurahan Gambir",
        "Senin sampai Jumat, pukul 07.30–16.00 WIB",
        "GRATIS – tidak dipungut biaya",
        OFFICE.complaints,
        "Sari Dewi",
    ):
        assert told in found, told


def test_documents_that_are_named_are_not_told_a_second_time() -> None:
    reasons = ("document_missing",)
    assert "persyaratan belum lengkap" not in whole(
        WRITER.incomplete_notice(replace(NOTICE, reasons=reasons))
    )
    bare = replace(NOTICE, reasons=reasons, lacking=())
    assert "persyaratan belum lengkap" in whole(WRITER.incomplete_notice(bare))


def test_every_reason_at_once_and_the_longest_name_keep_the_signature() -> None:
    long = replace(
        NOTICE, office=REAL, name=NAME_60, reasons=INCOMPLETE_REASONS, lacking=("Dokumen " * 12,) * 5
    )
    found = pages(WRITER.incomplete_notice(long))
    assert len(found) == 2
    assert "Sari Dewi" in found[-1]
    assert "Pengaduan" in found[-1]
    assert NAME_60 in found[0]


@pytest.mark.parametrize(
    ("days", "told"),
    [
        ({0, 1, 2, 3, 4}, "Senin sampai Jumat"),
        ({0, 2, 5}, "Senin, Rabu, Sabtu"),
        ({0, 1}, "Senin, Selasa"),
        ({6}, "Minggu"),
    ],
)
def test_opening_hours_in_words(days: set[int], told: str) -> None:
    assert opening_hours(replace(OFFICE, working_days=frozenset(days))) == f"{told}, pukul 07.30–16.00 WIB"


# ------------------------------------------------------------------ referral


def test_the_referral_reports_siaks_answer_as_siaks_answer() -> None:
    (found,) = pages(WRITER.referral_letter(replace(REFERRAL, office=REAL)))
    for told in (
        "Nomor : 12/SR/2026",
        "Kebayoran Lama Selatan, 23 November 2026",
        "Yth. Kepala Suku Dinas Kependudukan dan Pencatatan Sipil Kota Administrasi Jakarta Selatan",
        "NIK : 3174054411859001",
        "Pada Senin, 23 November 2026 pukul 08.05 WIB, pada pencarian menurut NIK, jawaban SIAK adalah:",
        "“data ditemukan, berstatus data ganda”",
        "tidak menyatakan bahwa pemohon mempunyai lebih dari satu data",
        "Yang dibawa dan dilakukan di Suku Dinas: – surat ini – KK asli",
        "gratis",
        "Budi Santoso",
        "Kepala Satuan Pelaksana",
    ):
        assert told in found, told


@pytest.mark.parametrize("referral", Referral)
def test_every_referral_is_one_page_with_answer_meaning_and_request(referral: Referral) -> None:
    long = replace(REFERRAL, office=REAL, referral=referral, name=NAME_60, asked=False)
    (found,) = pages(WRITER.referral_letter(long))
    assert "menurut catatan operator dari layar SIAK, jawaban SIAK adalah" in found
    assert NAME_60 in found
    assert "referral" not in found
    assert "pemohon adalah" not in found.lower()


def test_a_draft_says_that_its_number_comes_with_the_print() -> None:
    assert "Nomor : (diberi saat dicetak)" in whole(WRITER.referral_letter(replace(REFERRAL, letter="")))


# ------------------------------------------------------------------ escalation


def test_one_stuck_request_and_no_table_of_states() -> None:
    (found,) = pages(WRITER.escalation_letter(ESCALATION))
    for told in (
        "Nomor : 3/ESK/2026",
        "sebanyak 1 permohonan",
        "A-007 (kode 0000 0000 00NH)",
        "3174••••••••9001",
        "Terkirim ke pusat, uji ketunggalan belum selesai (SFE)",
        "9 hari",
        "3 kali",
        "22-11-2026",
        "Operator",
        "Penyelia",
    ):
        assert told in found, told
    assert "Jumlah" not in found
    assert "terdahulu" not in found


def test_80_stuck_requests_each_once_with_states_summed() -> None:
    answers = ("SENT_FOR_ENROLLMENT", "siak.duplicate", "no_print_order", "RECEIVED_AT_CENTRAL")
    many = tuple(
        replace(
            STUCK,
            number=f"A-{place:03d}",
            answer=answers[place % 4],
            asked=place % 3,
            last_asked=STUCK.last_asked if place % 3 else None,
            earlier="2/ESK/2026" if place % 2 else "",
        )
        for place in range(1, 81)
    )
    found = pages(WRITER.escalation_letter(replace(ESCALATION, office=REAL, stuck=many)))
    together = " ".join(found)
    assert all(together.count(f"A-{place:03d} ") == 1 for place in range(1, 81))
    assert "Data ganda 20" in together
    assert "Jumlah 80" in together
    assert "Surat terdahulu" in found[0]
    assert all("Status terakhir di SIAK" in page for page in found)
    assert "Penyelia" in found[-1]
    for number, page in enumerate(found, 1):
        assert f"Halaman {number} dari {len(found)}" in page


# ------------------------------------------------------------------ read-back


def test_every_element_of_the_card_stands_there_as_the_card_will_spell_it() -> None:
    (found,) = pages(WRITER.read_back(READ_BACK))
    for told in (
        "CONTOH",
        "NIK 3174054411859001",
        "Nama SITI CONTOHWATI",
        "JAKARTA, 04-11-1985",
        "Jenis kelamin PEREMPUAN",
        "Alamat JL. KEMANG UTARA IX NO. 12",
        "RT/RW 003/019",
        "Kota/kabupaten JAKARTA SELATAN",
        "Berlaku hingga SEUMUR HIDUP",
        "Semua data benar.",
        "Ada yang salah",
        "Pemohon atau pengambil data",
        "Bukan KTP-el dan bukan pengganti KTP-el",
    ):
        assert told in found, told


@pytest.mark.parametrize("case", CASES)
def test_everybody_fits_one_page_with_contoh_and_without_pictures(case: str) -> None:
    made = WRITER.read_back(replace(READ_BACK, office=REAL, subject=people()[case], copy=1))
    document = pypdfium2.PdfDocument(made)
    assert len(document) == 1
    assert "CONTOH" in whole(made)
    assert not [one for one in document[0].get_objects() if one.type == pypdfium2.raw.FPDF_PAGEOBJ_IMAGE]


def test_what_the_card_cannot_show_is_refused_before_anybody_reads_it() -> None:
    odd = replace(READ_BACK, subject=replace(READ_BACK.subject, name="陳"))
    with pytest.raises(PolicyError, match=r"face\.character_unknown"):
        WRITER.read_back(odd)


def test_moments_are_told_in_the_offices_time() -> None:
    late = replace(READ_BACK, at=READ_BACK.at + timedelta(hours=16))  # 01.05 WIB of the next day
    assert "Selasa, 24 November 2026 pukul 01.05 WIB" in whole(WRITER.read_back(late))
