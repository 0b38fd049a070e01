"""The destruction minutes read back from their PDF: every card, cause, person and place to sign."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone

import pypdfium2
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ktpel_desktop import resource_files
from ktpel_desktop.core.destruction import LONGEST, Cause, Deed, Witness
from ktpel_desktop.core.papers import DestroyedCard, DestructionMinutes
from ktpel_desktop.core.spoiled import DESTROYABLE
from ktpel_desktop.documents.destruction_minutes import destruction_minutes
from ktpel_desktop.documents.indonesian import in_words, told_twice
from ktpel_desktop.spoken import destruction_cause, table_of

WIB = timezone(timedelta(hours=7), "WIB")
CARD = DestroyedCard(
    "A-007", "TIKET0000007", "S••• A•••••", "317404••••••0001", "04A1B2C3D4E5F6", Cause.PRINT_FAILED
)
WITNESSES = (Witness("Halim Perdana", "Satpol PP Gambir"), Witness("Wati Lestari", "Kelurahan Gambir"))
MINUTES = DestructionMinutes(
    office="Satpel Dukcapil Gambir",
    kelurahan="Gambir",
    title="3/BA-MUSNAH/2026",
    at=datetime(2026, 11, 23, 9, 5, tzinfo=UTC),
    deed=Deed("Halaman kantor", "Pembakaran", ("Budi Santoso",), WITNESSES),
    recorder="Agus Salim",
    approver="Ratna Wulandari",
    cards=(CARD,),
    copy=0,
    training=False,
)


def pages(told: DestructionMinutes) -> list[str]:
    document = pypdfium2.PdfDocument(destruction_minutes(told, resource_files.root(), WIB))
    return [" ".join(page.get_textpage().get_text_range().split()) for page in document]


def test_all_that_the_circular_asks_for_stands_there() -> None:
    (found,) = pages(MINUTES)
    for told in (
        "Berita Acara Pemusnahan KTP-el",
        "Nomor 3/BA-MUSNAH/2026",
        "hari ini Senin, tanggal dua puluh tiga bulan November tahun dua ribu dua puluh enam",
        "pukul 16.05 WIB",
        "bertempat di Halaman kantor",
        "sebanyak 1 (satu) keping",
        "470.13/11176/SJ",
        "Cara: Pembakaran",
        "Dicatat oleh Agus Salim, dengan persetujuan penyelia Ratna Wulandari",
        "Gagal cetak 1 (satu)",
        "Gagal enkode 0 (nol)",
        "Jumlah seluruhnya 1 (satu)",
        "1 A-007 · TIKET0000007 S••• A••••• 317404••••••0001 04A1B2C3D4E5F6",
        "Gambir, 23 November 2026",
        "Halaman 1 dari 1",
    ):
        assert told in found
    assert all(destruction_cause(cause) in found for cause in Cause)
    assert "SALINAN" not in found
    assert "LATIHAN" not in found


def test_every_cause_has_its_word_and_every_word_its_cause() -> None:
    classes = {one.value for one in DESTROYABLE}
    assert set(Cause) == classes | set(table_of("destruction_cause"))
    assert classes <= set(table_of("spoil_class"))


def test_everybody_has_a_place_to_sign() -> None:
    more = (
        *WITNESSES,
        *(Witness(f"Saksi {name}", f"Kantor {name}") for name in ("Tiga", "Empat", "Lima", "Enam")),
    )
    told = replace(MINUTES, deed=replace(MINUTES.deed, executors=("Budi Santoso", "Dewi"), witnesses=more))
    found = " ".join(pages(told))
    for role in (
        "Pelaksana 1",
        "Pelaksana 2",
        "Mengetahui, Penyelia",
        *(f"Saksi {one}" for one in range(1, 7)),
    ):
        assert role in found
    for name in ("Budi Santoso", "Dewi", *(one.name for one in more)):
        assert found.count(name) == 2, name
    for one in more:
        assert found.count(one.office) == 2


def test_copies_and_training_are_told() -> None:
    (found,) = pages(replace(MINUTES, copy=2, training=True))
    assert "SALINAN ke-2" in found
    assert "LATIHAN – bukan berita acara resmi" in found


def test_a_chip_that_nobody_read_is_said_to_be_unknown() -> None:
    (found,) = pages(replace(MINUTES, cards=(replace(CARD, chip_serial=""),)))
    assert "317404••••••0001 tidak diketahui" in found


def test_120_cards_take_pages_each_with_its_heading_and_number() -> None:
    causes = list(Cause)
    many = tuple(
        replace(CARD, ticket=f"TIKET{line:07d}", cause=causes[line % len(causes)]) for line in range(1, 121)
    )
    found = pages(replace(MINUTES, cards=many))
    assert len(found) > 2
    for number, page in enumerate(found, 1):
        assert f"Halaman {number} dari {len(found)}" in page
    whole = " ".join(found)
    assert all(whole.count(f"TIKET{line:07d}") == 1 for line in range(1, 121))
    assert "sebanyak 120 (seratus dua puluh) keping" in whole
    assert "15 (lima belas) keping" in whole
    assert "Mengetahui, Penyelia" in found[-1]
    assert "tidak dapat dipakai lagi" in found[-1], "signatures stand under what they are for"


@settings(max_examples=15, deadline=None)
@given(st.lists(st.sampled_from(list(Cause)), min_size=1, max_size=40))
def test_the_count_is_that_of_the_list(causes: list[Cause]) -> None:
    found = " ".join(pages(replace(MINUTES, cards=tuple(replace(CARD, cause=cause) for cause in causes))))
    counts = Counter(causes)
    for cause in Cause:
        assert f"{destruction_cause(cause)} {told_twice(counts[cause])}" in found
    assert f"Jumlah seluruhnya {told_twice(len(causes))}" in found
    assert found.count("TIKET0000007") == len(causes)


@pytest.mark.parametrize("text", ["<b>&amp;", "X" * LONGEST, "Ngurah " * 17])
def test_odd_and_long_words_are_shown_as_they_are(text: str) -> None:
    people = tuple(Witness(f"{text}{line}"[-LONGEST:], text) for line in range(6))
    deed = Deed(text, text, (text,), people)
    odd = replace(MINUTES, deed=deed, recorder=text, approver=text, cards=(replace(CARD, name_masked=text),))
    found = "".join(" ".join(pages(odd)).split())
    assert found.count("".join(text.split())) >= 7


def test_the_same_data_gives_the_same_bytes() -> None:
    made = [destruction_minutes(MINUTES, resource_files.root(), WIB) for _ in range(2)]
    assert made[0] == made[1]


@pytest.mark.parametrize(
    ("count", "words"),
    [
        (0, "nol"),
        (1, "satu"),
        (10, "sepuluh"),
        (11, "sebelas"),
        (12, "dua belas"),
        (19, "sembilan belas"),
        (20, "dua puluh"),
        (31, "tiga puluh satu"),
        (100, "seratus"),
        (111, "seratus sebelas"),
        (215, "dua ratus lima belas"),
        (1000, "seribu"),
        (2026, "dua ribu dua puluh enam"),
        (11_900, "sebelas ribu sembilan ratus"),
        (100_001, "seratus ribu satu"),
    ],
)
def test_whole_numbers_in_words(count: int, words: str) -> None:
    assert in_words(count) == words


def test_figures_are_told_twice() -> None:
    assert (told_twice(0), told_twice(1200)) == ("0 (nol)", "1.200 (seribu dua ratus)")
