"""The minutes of the room check: all values, sources, waivers and evidence stand in the PDF, whatever was said."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ktpel_desktop import room_words
from ktpel_desktop.core.papers import RoomMinutes
from ktpel_desktop.core.room import RoomCheck, attested, measured, overall, unknown, waive
from ktpel_desktop.core.room_items import ITEM, Group, ItemId
from ktpel_desktop.core.room_limits import Status
from ktpel_desktop.documents.report_page import BOTTOM, MARGIN
from ktpel_desktop.documents.room_minutes import NEVER_BLOCKED, TITLE, room_minutes
from ktpel_desktop.spoken import word
from tests.documents.samples import RESOURCES
from tests.documents.test_daily_report import WIB, pages, pypdfium2

AT = datetime(2026, 11, 26, 1, 5, tzinfo=UTC)
LONG = tuple(f"uji {number} dari 10.1.2.3 port 7816: 5,91 Mbps turun, 6,02 Mbps naik" for number in range(9))
BROKEN_LOCK = attested(ItemId.CABINET_LOCKED, False, seen="kunci patah", by="Budi Santoso", at=AT)
CHECKS: tuple[RoomCheck, ...] = (
    measured(
        ItemId.AREA, 19.25, "m²", at=AT, source="ukur pita 5,5 × 3,5 m", method="typed", by="Budi Santoso"
    ),
    attested(
        ItemId.SECURED, True, seen="pintu teralis, segel 00123 & satpam <jaga>", by="Budi Santoso", at=AT
    ),
    waive(
        BROKEN_LOCK, by="Ratna Wulandari", reason="blangko dijaga petugas sampai tukang kunci datang", at=AT
    ),
    measured(
        ItemId.TEMPERATURE,
        23.4,
        "°C",
        at=AT,
        source="TEMPer2 V4.1",
        evidence=("80 80 09 24 4e 20 00 00", "enam bacaan"),
    ),
    measured(
        ItemId.POWER_CAPACITY,
        2975,
        "W",
        at=AT - timedelta(days=60),
        source="rekening PLN",
        method="typed",
        by="Budi Santoso",
    ),
    attested(
        ItemId.POWER_DEDICATED,
        True,
        seen="MCB ruang 3",
        by="Budi Santoso",
        at=AT,
        document="BA 7/2026",
        valid_until=AT + timedelta(days=400),
    ),
    unknown(ItemId.POWER_CONDITION, at=AT, advice="check.timed_out", evidence=("waktu=5 s",)),
    RoomCheck(
        ItemId.UPS,
        Status.OK,
        "device.yes",
        AT,
        87.0,
        "%",
        "OL CHRG",
        "NUT ups@localhost",
        "asked",
        ("ups.load=23",),
    ),
    measured(ItemId.NETWORK_24_7, 97.1, "%", at=AT, source="probe", evidence=("putus=41 menit",)),
    RoomCheck(
        ItemId.BANDWIDTH_DEDICATED,
        Status.CRITICAL,
        "sharing.evidence_for",
        AT,
        text="gambar jaringan lantai 1, CCTV parkir ikut jalur ini menurut teknisi kelurahan",
        source="router_counters",
        method="asked",
        evidence=(
            "router_counters sharing.evidence_for foreign_bytes 2.4 Mbps",
            "declaration sharing.unknown no_document",
        ),
    ),
    measured(ItemId.BANDWIDTH, 5.91, "Mbps", at=AT, source="server uji Dinas", evidence=LONG),
)
MINUTES = RoomMinutes(
    office="Satpel Dukcapil Kelurahan Bangka",
    place="Bangka",
    at=AT + timedelta(minutes=4),
    verdict=overall(CHECKS, AT + timedelta(minutes=4)),
    by="Budi Santoso",
    training=False,
)


def made(minutes: RoomMinutes) -> bytes:
    return room_minutes(minutes, RESOURCES, WIB)


def text(minutes: RoomMinutes = MINUTES) -> str:
    """All pages as one text, without what stands around them."""
    return " ".join(pages(made(minutes)))


def changed(item: ItemId, **changes: Any) -> RoomMinutes:
    """The same minutes with one result told otherwise."""
    checks = tuple(replace(c, **changes) if c.item is item else c for c in MINUTES.verdict.checks)
    return replace(MINUTES, verdict=replace(MINUTES.verdict, checks=checks))


def squeezed(told: str) -> str:
    """Without white space, which line ends add and take away."""
    return "".join(told.split())


def test_who_what_where_when_and_by_which_law() -> None:
    found = text()
    for wanted in (
        TITLE,
        "Satpel Dukcapil Kelurahan Bangka",
        "Pada hari Kamis, 26 November 2026, pukul 08.09 WIB",
        "Ibukota Jakarta Nomor 78 Tahun 2016, KEDUA huruf a dan huruf c",
        "Cek ruangan hari ini dijalankan oleh Budi Santoso",
        room_words.sentence_of(MINUTES.verdict),
        "25 butir: 5 baik, 1 peringatan, 3 gagal, 15 tidak diketahui, 1 dikecualikan.",
        NEVER_BLOCKED,
        "Bangka, 26 November 2026 Operator yang memeriksa Penyelia",
    ):
        assert squeezed(wanted) in squeezed(found), wanted
    assert "LATIHAN" not in found


def test_every_item_stands_there_in_the_order_of_the_room() -> None:
    found = text()
    place = found.index("25 butir")
    for group in Group:
        place = found.index(word("room_group", group), place)
        for check in MINUTES.verdict.checks:
            if ITEM[check.item].group is group:
                place = found.index(room_words.name_of(check.item), place)
                place = found.index(word("room_status", check.status), place)


def test_everything_that_is_known_of_every_item_is_quoted() -> None:
    found = squeezed(text())
    for check in MINUTES.verdict.checks:
        wanted = [room_words.value_of(check), room_words.source_of(check), *room_words.evidence_of(check)]
        wanted += [f"batas {room_words.limit_of(check)}"] * bool(check.limit)
        wanted += [f"Dicatat oleh: {check.by}"] * bool(check.by and check.by != check.source)
        wanted += [f"Dokumen: {check.document}"] * bool(check.document)
        wanted += [f"Dasar: {ITEM[check.item].paragraph}"] * bool(ITEM[check.item].paragraph)
        if check.status is not Status.OK:
            who = word("room_who", check.who)
            wanted.append(f"Langkah: {room_words.advice_of(check.advice)} · Yang menindaklanjuti: {who}")
        for one in wanted:
            assert squeezed(one) in found, (check.item, one)


@pytest.mark.parametrize(
    "wanted",
    [
        "19,25 m²",
        "ukur pita 5,5 × 3,5 m (diketik)",
        "pintu teralis, segel 00123 & satpam <jaga>",
        "2.975 W",
        "27-09-2026 pukul 08.05 WIB",
        "Berlaku sampai: 31-12-2027",
        "87 %, listrik PLN ada, mengisi",
        "Penghitung router: ada petunjuk, ada data pihak lain 2.4 Mbps",
        "Bukti: uji 8 dari 10.1.2.3 port 7816: 5,91 Mbps turun, 6,02 Mbps naik",
        "dikecualikan · wajib",
        "Dikecualikan oleh: Ratna Wulandari · Alasan: blangko dijaga petugas sampai tukang kunci datang",
        "Waktu pengecualian: 26-11-2026 pukul 08.05 WIB · Sumber: Budi Santoso (dinyatakan)",
        "Alat pemadam api – tidak diketahui Waktu: belum pernah diperiksa",
    ],
)
def test_as_it_is_written(wanted: str) -> None:
    assert squeezed(wanted) in squeezed(text()), wanted


def test_a_day_without_a_walk_is_said_and_leaves_the_name_open() -> None:
    found = text(replace(MINUTES, by=""))
    assert "Hari ini belum ada petugas yang menjalankan cek ruangan." in found
    assert "dijalankan oleh" not in found


def test_pages_are_numbered_and_training_is_on_each() -> None:
    found = pages(made(replace(MINUTES, training=True)))
    assert len(found) > 1
    for number, one in enumerate(found, 1):
        assert f"Halaman {number} dari {len(found)}" in one
        assert "LATIHAN" in one
    assert "LATIHAN – bukan berita acara resmi" in found[0]


def test_signatures_never_stand_on_a_sheet_of_their_own() -> None:
    for lines in range(0, 60, 4):
        sheets = pages(made(changed(ItemId.AREA, evidence=tuple(f"baris {line}" for line in range(lines)))))
        assert "Operator yang memeriksa" in sheets[-1]
        assert room_words.name_of(ItemId.BANDWIDTH) in sheets[-1], lines


def test_the_same_data_gives_the_same_bytes() -> None:
    assert made(MINUTES) == made(replace(MINUTES))
    assert made(MINUTES) != made(changed(ItemId.AREA, value=19.5))


def off_the_paper(pdf: bytes) -> list[str]:
    """Signs that stand outside the margins of their page."""
    document = pypdfium2.PdfDocument(pdf)
    outside = []
    for page in document:
        reader = page.get_textpage()
        width, height = page.get_size()
        for place in range(reader.count_chars()):
            left, bottom, right, top = reader.get_charbox(place)
            within = (
                left >= MARGIN - 1 and right <= width - MARGIN + 1 and bottom >= BOTTOM / 3 and top <= height
            )
            if not within and reader.get_text_range(place, 1).strip():
                outside.append(reader.get_text_range(place, 1))
        reader.close()
        page.close()
    document.close()
    return outside


ENDLESS = "A1b2" * 1500
"""One word of six thousand signs, longer than a page."""


@pytest.mark.parametrize(
    "changes",
    [
        {"evidence": (ENDLESS,)},
        {"evidence": tuple(f"baris {number}" for number in range(300))},
        {"text": ENDLESS, "value": None},
        {"source": ENDLESS},
        {"document": ENDLESS},
        {"by": ENDLESS},
        {"waived_by": ENDLESS, "waived_reason": ENDLESS, "status": Status.WAIVED},
    ],
    ids="-".join,
)
def test_a_word_without_an_end_goes_on_and_stays_on_the_paper(changes: dict[str, Any]) -> None:
    pdf = made(changed(ItemId.TEMPERATURE, **changes))
    found = pages(pdf)
    assert off_the_paper(pdf) == []
    assert len(found) > 3
    if changes.get("evidence", ("",))[-1].startswith("baris"):
        assert all(f"Bukti: baris {number}" in " ".join(found) for number in range(300))
    else:
        # The footers stand between the pages; nothing of the word itself may be missing.
        assert sum(one.count("1b2") for one in map(squeezed, found)) >= 1450


@pytest.mark.parametrize("field", ["office", "place", "by"])
def test_names_without_an_end_stay_on_the_paper(field: str) -> None:
    endless: dict[str, Any] = {field: "Panjang" * 40}
    assert off_the_paper(made(replace(MINUTES, **endless))) == []


@settings(max_examples=30)
@given(st.text(max_size=200), st.text(max_size=80), st.text(min_size=1, max_size=80))
def test_whatever_was_said_can_be_printed(said: str, source: str, name: str) -> None:
    odd = changed(
        ItemId.CABINET_LOCKED,
        text=said,
        source=source,
        by=name,
        document=said,
        evidence=(said, source),
        waived_by=name,
        waived_reason=said,
    )
    pdf = made(replace(odd, by=name, place=name))
    assert pages(pdf)[0].count("Berita Acara Pemeriksaan Ruangan") == 1


@settings(max_examples=30)
@given(st.text("abcdefghij &<>/;0123456789,.%", min_size=1, max_size=300))
def test_plain_words_are_quoted_to_the_letter(said: str) -> None:
    found = squeezed(text(changed(ItemId.POWER_CONDITION, evidence=(said,))))
    assert squeezed(f"Bukti: {said}") in found
