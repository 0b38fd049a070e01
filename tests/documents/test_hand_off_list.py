"""The hand-off list read back from its PDF: every line, both names, copies, many pages."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone

import pypdfium2
import pytest

from ktpel_desktop import resource_files
from ktpel_desktop.core.papers import HandedFile, HandOffList
from ktpel_desktop.documents.hand_off_list import hand_off_list

WIB = timezone(timedelta(hours=7), "WIB")
FILE = HandedFile("A-007", "TIKET0000007", "KTP-el baru", "S••• A•••••", "317404••••••0001", 4)
LIST = HandOffList(
    "Satpel Dukcapil Gambir",
    "Gambir",
    4711,
    datetime(2026, 11, 23, 2, 5, tzinfo=UTC),
    "Sari Dewi",
    "Budi Santoso",
    True,
    (FILE,),
    0,
    False,
)


def pages(told: HandOffList) -> list[str]:
    document = pypdfium2.PdfDocument(hand_off_list(told, resource_files.root(), WIB))
    return [" ".join(page.get_textpage().get_text_range().split()) for page in document]


def test_all_that_was_handed_over_stands_there() -> None:
    (found,) = pages(LIST)
    for told in (
        "Daftar Serah Terima Berkas",
        "Nomor 4711",
        "Senin, 23 November 2026 pukul 09.05 WIB",
        "Sari Dewi menyerahkan 1 berkas kepada operator Budi Santoso",
        "A-007 KTP-el baru S••• A••••• 317404••••••0001 4",
        "Yang menyerahkan",
        "Yang menerima",
        "Halaman 1 dari 1",
    ):
        assert told in found
    assert "SALINAN" not in found
    assert "LATIHAN" not in found


def test_results_copies_and_training_are_told() -> None:
    (found,) = pages(replace(LIST, to_operator=False, copy=2, training=True))
    assert "Daftar Serah Terima Hasil" in found
    assert "kepada petugas loket" in found
    assert "SALINAN ke-2 · LATIHAN" in found


def test_500_files_take_many_pages_each_with_its_heading_and_number() -> None:
    many = tuple(replace(FILE, number=f"A-{line:03d}") for line in range(1, 501))
    found = pages(replace(LIST, files=many))
    assert len(found) > 5
    for number, page in enumerate(found, 1):
        assert f"Halaman {number} dari {len(found)}" in page
    assert all(" ".join(found).count(f"A-{line:03d} ") == 1 for line in range(1, 501))
    assert sum("No. Nomor Layanan" in page for page in found) >= len(found) - 1
    assert "Yang menerima" in found[-1]


@pytest.mark.parametrize("text", ["<b>&amp;", "X" * 300, "Ngurah " * 40])
def test_odd_and_long_words_are_shown_as_they_are(text: str) -> None:
    odd = replace(LIST, giver=text, files=(replace(FILE, service=text, name_masked=text),))
    found = "".join(" ".join(pages(odd)).split())
    assert found.count("".join(text.split())) >= 2


def test_the_same_data_gives_the_same_bytes() -> None:
    made = [hand_off_list(LIST, resource_files.root(), WIB) for _ in range(2)]
    assert made[0] == made[1]
