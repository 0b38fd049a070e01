"""The handover list as pages: every line readable and high enough to sign in, long names, many pages."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone

from ktpel_desktop.core.papers import HandedOver, HandoverList
from ktpel_desktop.documents.handover_list import handover_list
from tests.documents.samples import RESOURCES
from tests.documents.test_daily_report import pages

WIB = timezone(timedelta(hours=7))
AT = datetime(2026, 11, 23, 3, 5, tzinfo=UTC)
LINE = HandedOver(
    *(
        "A-012",
        "KTP-el baru",
        "S••• A•••••",
        "3171••••••••0002",
        "B••• S••••••",
        "KELUARGA",
        1,
        AT,
        "Sari Dewi",
    )
)
LIST = HandoverList(
    "Satpel <Dukcapil>", "Gambir", 41, AT, (LINE, replace(LINE, relation="SENDIRI")), 0, False
)


def found(told: HandoverList) -> list[str]:
    return pages(handover_list(told, RESOURCES, WIB))


def test_the_words_of_the_list() -> None:
    (page,) = found(LIST)
    for wanted in (
        "Daftar Penyerahan Hasil Senin, 23 November 2026 · Sif 41 · Gambir",
        "10.05 A-012",
        "KTP-el baru – S••• A•••••, 3171••••••••0002",
        "B••• S•••••• (Keluarga), oleh Sari Dewi",
        "(Pemohon sendiri)",
        "Jumlah: 2 hasil diserahkan kepada pemohon",
        "Petugas loket Penyelia",
    ):
        assert wanted in page, wanted


def test_a_copy_in_training_says_both() -> None:
    (page,) = found(replace(LIST, copy=1, training=True))
    assert "SALINAN ke-1" in page
    assert "LATIHAN" in page


def test_a_long_day_goes_on_over_pages() -> None:
    long = replace(LINE, service="Kartu Keluarga karena perubahan " * 3, collector_masked="R•••• " * 14)
    told = found(replace(LIST, results=(LINE, long) * 60))
    assert len(told) > 4
    assert all("Tanda tangan" in page for page in told[:-1])


def test_the_same_list_gives_the_same_bytes() -> None:
    assert handover_list(LIST, RESOURCES, WIB) == handover_list(replace(LIST), RESOURCES, WIB)
